"""Words about spaces that look alike."""

MESSAGES = {
    "duplicate.list_not_joined": "Not joined. If it is a list that is here under another name, give it that name (--source, or “Name of the list”).",
    "duplicate.not_joined": "Not joined. Is it the same?",
    "duplicate.row": "Very near and much like row {line}, “{name}”.",
    "duplicate.space": "Very near and much like {other}, “{name}”, already here.",
    "duplicate.whole_list": "{count} of the {of} new rows are likely here already.",
}
