"""Words of the tables for people: their headings beside those of fields, and their sheets."""

MESSAGES = {
    "listing.all_fields": "All fields",
    "listing.latitude": "Latitude",
    "listing.longitude": "Longitude",
    "listing.needs": "What groups look for",
    "listing.outline": "Outline",
    "listing.sheet": "Spaces",
    "listing.there": "What is there",
    "listing.today": "Today",
}
