"""Lengths of time between days and years: one month for the whole house."""

from __future__ import annotations

from typing import Any

_YEAR = 365
DAYS_A_MONTH = 365.25 / 12

# By so many months people and lists mean now 30 days each, now what the calendar has.
_NEAR = 1.2


def as_meant(days: int) -> tuple[int, str]:
    """A length of time as it was most likely meant: a count and its unit, ``year``, ``month``, ``week`` or ``day``."""
    if days and days % _YEAR == 0:
        return days // _YEAR, "year"
    months = days // 30 if days % 30 == 0 else round(days / DAYS_A_MONTH)
    if months and (days % 30 == 0 or abs(days - months * DAYS_A_MONTH) <= _NEAR):
        return (months // 12, "year") if months % 12 == 0 else (months, "month")
    return (days // 7, "week") if days and days % 7 == 0 else (days, "day")


def with_leap_days(days: Any) -> Any:
    """The most days that a longest stay may have: whoever named whole years has so many of the calendar's, whether
    29 February is among their days or not.

    Args:
        days: one number, or an array of them; NaN stays what it is.
    """
    years, rest = divmod(days, _YEAR)
    return days + (years + 3) // 4 * (rest == 0)
