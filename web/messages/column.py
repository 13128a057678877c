"""Words about a column of a list."""

MESSAGES = {
    "column.kept_beside": "Kept beside it. Look before any of these spaces is shown.",
    "column.restricts": "This seems to say who may see a space, and we do not know what it says.",
}
