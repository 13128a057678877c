"""Words about calendars."""

MESSAGES = {
    "calendar.over": "This address opens nothing any more. Ask for a new one on your page.",
}
