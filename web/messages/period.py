"""Words about who was there before."""

MESSAGES = {
    "period.not_a_date": "Write a day, a month or a year, like 2024-05-12, 2024-05 or 2024.",
    "period.title": "Write who or what was there.",
}
