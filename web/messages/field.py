"""Words about fields of any noun."""

MESSAGES = {
    "field.needed": "This is needed.",
    "field.unknown": "There is no such field: {names}.",
}
