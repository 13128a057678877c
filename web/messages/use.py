"""Words about lists of uses that come in."""

MESSAGES = {
    "use.both_kept": "Both are kept.",
    "use.days_taken": "It was taken as {first} to {last}.",
    "use.end_before_start": "The last day, {last}, is before the first, {first}.",
    "use.hours": "The list tells of hours.",
    "use.known_then": "The list only says that it was there then.",
    "use.left_out": "The row was left out.",
    "use.no_day_column": "No column says from when to when. These are there: {columns}.",
    "use.no_days": "The row says nothing of when it was.",
    "use.no_end": "The list says no last day.",
    "use.no_point": "This is no longitude and latitude.",
    "use.no_space_column": "No column says which space it was. These are there: {columns}.",
    "use.no_stretch": "This does not say from when to when. Write days, months or years, like 2014-05-01, May 2014.",
    "use.no_such_space": "The register has no such space.",
    "use.one_time": "Only one month or year is told.",
    "use.open_until": "It was taken to run until {day}: look at that day.",
    "use.overlaps": "{refs} has {space} on {day}.",
    "use.overlaps_past": "{refs} was in {space} in the same days.",
    "use.several_spaces": "Several spaces are called so: {refs}.",
    "use.space_gone": "This space is not there any more, so nobody can be in it.",
    "use.space_made": "It was registered. Look at it.",
    "use.space_new": "The register had no such space.",
    "use.start_unknown": "The list says no first day.",
    "use.too_many": "This list has more than {most} rows. Bring it in in parts.",
    "use.whole_days": "Whole days were taken. Write the hours into its terms.",
"""Words about temporary uses that everybody reads of."""

MESSAGES = {
    "use.not_found": "There is no use {ref} here.",
}
