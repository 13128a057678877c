"""Words about the terms of permits."""

MESSAGES = {
    "terms.clock": "Write a time like 19:00.",
    "terms.condition_empty": "A condition says nothing. Write it, or take it out.",
    "terms.day_outside": "{day} is not within the days of use.",
    "terms.end_before_start": "The last day is before the first.",
    "terms.hours": "Choose at least one weekday, and from when until when.",
    "terms.hours_overlap": "Two of these times meet on the same weekday. Join them.",
    "terms.never": "These times never occur between the first and the last day.",
    "terms.season": "Write a season as a month and a day, like 11-01, twice.",
    "terms.too_many": "At most {most} of these.",
    "terms.too_often": "These are more than {most} times. Ask for fewer, or take whole days.",
}
