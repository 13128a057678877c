"""When a space is used under some terms, in minutes of the city's wall clock; and days counted in months.

A minute is a whole number: the day's proleptic ordinal times 1440, and the minute of that day. They are no instants, on
purpose: two uses of one city compare right whatever becomes of its time zone, and an hour that is missing or doubled
when the clocks change needs no rule.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from tempuse.errors import Issue
from tempuse.terms import DAY, Hours, Terms

MOST = 2_000


class Occurrence(NamedTuple):
    """One stretch of use: from a minute, until another (which is free again), on the day on which it begins."""

    from_minute: int
    until_minute: int
    on: date


def minute_of(day: date, minute: int = 0) -> int:
    """A minute of a day as a whole number; 1440 and more are of the days after."""
    return day.toordinal() * DAY + minute


def day_of(minute: int) -> date:
    """The day that a minute is of."""
    return date.fromordinal(minute // DAY)


def last_day(start: date, months: int) -> date:
    """The last day of so many months from a day: from 1 March one month to 31 March, from 31 January to 28 February."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    length = calendar.monthrange(year, month)[1]
    if start.day > length:
        return date(year, month, length)
    return date(year, month, start.day) - timedelta(days=1)


def occurrences(terms: Terms) -> list[Occurrence]:
    """Every stretch of use under these terms, in order, those that touch joined; at most MOST and one more.

    Without hours the whole days: one stretch for all, or one for each season; with hours one for each time.
    """
    if terms.starts_on is None or terms.ends_on is None or terms.ends_on < terms.starts_on:
        return []
    made: list[Occurrence] = []
    for each in sorted(_times(terms) if terms.hours else _whole_days(terms)):
        if made and each.from_minute <= made[-1].until_minute:
            before = made.pop()
            each = Occurrence(before.from_minute, max(before.until_minute, each.until_minute), before.on)
        made.append(each)
        if len(made) > MOST:
            break
    return made


def check_occurrences(terms: Terms) -> list[Issue]:
    """Why these terms say nothing that could be kept free: no time of use at all, or too many."""
    if terms.starts_on is None or terms.ends_on is None or terms.ends_on < terms.starts_on:
        return []
    found = occurrences(terms)
    if not found:
        return [Issue.of("hours" if terms.hours else "starts_on", "", "terms.never")]
    return [Issue.of("hours", "", "terms.too_often", most=MOST)] if len(found) > MOST else []


def seasons(terms: Terms) -> list[tuple[date, date]]:
    """The stretches of the days of these terms that lie in season, both ends included: all of it without a season."""
    start, end = terms.starts_on, terms.ends_on
    if start is None or end is None:
        return []
    if not (terms.season_from and terms.season_until):
        return [(start, end)]
    found = []
    for year in range(start.year - 1, end.year + 1):
        first, last = _in_year(terms.season_from, year), _in_year(terms.season_until, year)
        if terms.season_until < terms.season_from:
            last = _in_year(terms.season_until, year + 1)
        if max(first, start) <= min(last, end):
            found.append((max(first, start), min(last, end)))
    return found


def _in_year(month_day: str, year: int) -> date:
    month, day = map(int, month_day.split("-"))
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _whole_days(terms: Terms) -> Iterator[Occurrence]:
    without = sorted(set(terms.except_on))
    for first, last in seasons(terms):
        edges = [first - timedelta(days=1), *(day for day in without if first <= day <= last), last + timedelta(days=1)]
        for before, after in pairwise(edges):
            if (after - before).days > 1:
                start = before + timedelta(days=1)
                yield Occurrence(minute_of(start), minute_of(after), start)
    for day in terms.extra_on:
        yield Occurrence(minute_of(day), minute_of(day + timedelta(days=1)), day)


def _times(terms: Terms) -> Iterator[Occurrence]:
    without = set(terms.except_on)
    assert terms.starts_on is not None  # ``occurrences`` looked
    monday = terms.starts_on - timedelta(days=terms.starts_on.weekday())
    for first, last in seasons(terms):
        for day in _days(first, last):
            if day not in without:
                yield from (_on(day, each) for each in terms.hours if _falls_on(each, day, monday))
    for day in terms.extra_on:
        yield from (_on(day, each) for each in terms.hours)


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _on(day: date, hours: Hours) -> Occurrence:
    start = minute_of(day, hours.from_minute)
    return Occurrence(start, start + hours.minutes, day)


def _falls_on(hours: Hours, day: date, monday: date) -> bool:
    if not hours.weekdays >> day.weekday() & 1:
        return False
    if (day - monday).days // 7 % hours.every_weeks:
        return False
    if hours.nth_in_month is None:
        return True
    if hours.nth_in_month == -1:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == hours.nth_in_month
