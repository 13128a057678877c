"""Words about address services."""

MESSAGES = {
    "geocoder.asked": "It has no coordinates.",
    "geocoder.no_answer": "The address service does not answer just now. Click the place on the map, or try again later.",
    "geocoder.not_set": "The city has named no address service in its settings.",
    "geocoder.placed": "The address service placed it at {address}.",
    "geocoder.unknown": "The address service knows no such address here.",
}
