"""Words about lists of columns."""

MESSAGES = {
    "crosswalk.column_missing": "The column “{column}” is missing.",
    "crosswalk.columns_missing": "The profile {profile} needs columns that this file does not have: {columns}.",
    "crosswalk.field": "We have no field “{field}”.",
    "crosswalk.header": "{name} is not a list of columns. Its first row must be: {columns}.",
    "crosswalk.invalid": "The list of columns {name} does not fit.",
    "crosswalk.missing": "There is no list of columns {name}.",
    "crosswalk.none_sent": "Choose a list of columns first.",
    "crosswalk.nothing_known": "None of the columns of {name} tells what or where a space is: {columns}. Say which is the name or the address.",
    "crosswalk.unknown": "There is no profile “{name}”. There are: {names}.",
    "crosswalk.what": "The first column must say about, column or value.",
}
