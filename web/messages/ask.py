"""Words about questions to a group."""

MESSAGES = {
    "ask.not_found": "There is no such question about {ref}.",
    "ask.open": "A question waits for its answer until {day}: “{value}”.",
    "ask.over": "This question about {ref} is answered, or was taken back. Nothing was done.",
    "ask.past": "This day is past. Choose today or a later day.",
    "ask.too_long": "This is longer than {most} characters. Please shorten it.",
}
