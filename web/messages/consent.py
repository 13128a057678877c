"""Words about the owner's word."""

MESSAGES = {
    "consent.day": "Write the day on which the owner said so.",
    "consent.future": "This day is still to come. Write the day on which the owner said so.",
}
