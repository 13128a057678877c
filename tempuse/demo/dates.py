"""Keeping the demo alive: its data are as of 23 November 2026, and every date in them moves with the calendar.

All dates move by the whole months that have passed since that day. So the first of a month stays a first and
the last a last, and nothing that the data tell as past comes to lie in the future.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

AS_OF = date(2026, 11, 23)
_TOLD = re.compile(r"\{(day|month|year):(\d{4}-\d\d-\d\d)\}")


def months_since(today: date) -> int:
    """The whole months between the day of the data and this day; negative before it."""
    months = (today.year - AS_OF.year) * 12 + today.month - AS_OF.month
    return months if today.day >= AS_OF.day else months - 1


def moved(day: date, months: int) -> date:
    """The same day so many months on; the last day of a month stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    if day.day == calendar.monthrange(day.year, day.month)[1]:
        return date(year, month, last)
    return date(year, month, min(day.day, last))


def dated(text: str, months: int) -> str:
    """A text of the data with its dates: ``{day:2026-11-03}``, ``{month:…}`` and ``{year:…}`` as English words."""

    def word(found: re.Match[str]) -> str:
        day = moved(date.fromisoformat(found[2]), months)
        if found[1] == "year":
            return str(day.year)
        month = _MONTHS[day.month - 1]
        return month if found[1] == "month" else f"{day.day} {month}"

    return _TOLD.sub(word, text)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
