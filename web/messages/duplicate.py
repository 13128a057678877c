"""Words about spaces that look alike."""

MESSAGES = {
    "duplicate.not_joined": "Not joined. Is it the same?",
    "duplicate.row": "Very near and much like row {line}, “{name}”.",
    "duplicate.space": "Very near and much like {other}, “{name}”, already here.",
}
