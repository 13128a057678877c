"""Words about what neighbours are told."""

MESSAGES = {
    "notice.ends_before_start": "The last day is before the first.",
    "notice.missing": "The neighbours were not told yet. They have {days} days for comments.",
    "notice.no_page": "There is no such page. The address may be incomplete.",
    "notice.not_found": "The neighbours were not told of {ref} in this way.",
    "notice.past": "The last day is past. Choose today or a later day.",
    "notice.runs": "The neighbours may comment until {day}.",
}
