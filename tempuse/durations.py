"""Lengths of time between days and years: one month for the whole house."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

_YEAR = 365
DAYS_A_MONTH = 365.25 / 12

# By so many months people and lists mean now 30 days each, now what the calendar has.
_NEAR = 1.2


_FIRST_DAYS = np.array([date(2000 + month // 12, month % 12 + 1, 1).toordinal() for month in range(660)])
# By the number of months, up to fifty years: the days that they have at most, and at least, whenever they begin.
_SPANS = [_FIRST_DAYS[months : months + 48] - _FIRST_DAYS[:48] for months in range(601)]
_MOST, _LEAST = (np.array([int(choose(span)) for span in _SPANS]) for choose in (np.max, np.min))


def as_meant(days: int) -> tuple[int, str]:
    """A length of time as it was most likely meant: a count and its unit, ``year``, ``month``, ``week`` or ``day``."""
    months = int(_months(np.array([days]))[0])
    if months:
        return (months // 12, "year") if months % 12 == 0 else (months, "month")
    return (days // 7, "week") if days and days % 7 == 0 else (days, "day")


def _months(days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The months that lengths were meant as; 0 where it was days, or nothing."""
    known = np.nan_to_num(days).astype(np.int64)
    by_thirty = known % 30 == 0
    months = np.where(by_thirty, known // 30, np.round(known / DAYS_A_MONTH).astype(np.int64))
    months = np.where(by_thirty | (np.abs(known - months * DAYS_A_MONTH) <= _NEAR), months, 0)
    return np.where(known % _YEAR == 0, known // _YEAR * 12, months)


def most_days(days: Any) -> Any:
    """The most days that a longest stay may have: whoever named months or years has so many of the calendar's, whenever
    they begin. Six months are 184 days, though they were written as 180.

    Args:
        days: one number, or an array of them; NaN stays what it is.
    """
    return _in_calendar(days, _MOST, np.maximum)


def least_days(days: Any) -> Any:
    """The same of a shortest stay: the least days that it may have."""
    return _in_calendar(days, _LEAST, np.minimum)


def _in_calendar(days: Any, spans: np.ndarray[Any, Any], choose: Any) -> Any:
    held = np.atleast_1d(np.asarray(days))
    months = _months(held)
    found = choose(
        held, np.where((months > 0) & (months < len(spans)), spans[np.minimum(months, len(spans) - 1)], held)
    )
    return int(found[0]) if np.ndim(days) == 0 else found.astype(held.dtype)
