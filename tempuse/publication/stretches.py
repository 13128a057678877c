"""The days and hours on which a space is taken, as far as its public row tells of them.

Below exact a row tells less, so that equal days join no two rows: only of permits that were asked for this very space
(who has a building has its rooms, and a room that nobody may find would be found by its building's days), no day but
the first and the last of a month (a month of which a day is taken counts as taken), and of hours only that there are
some.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from tempuse import week
from tempuse.occurrences import day_of, minute_of
from tempuse.spaces import Space
from tempuse.terms import DAY

# So many uses are named in the row of a space, the latest; and so many stretches in which it is free, the next.
MOST_NAMED = 50
MOST_FREE = 12

_ONE = timedelta(days=1)


class Stretch(NamedTuple):
    """A stretch in which a permit has a space: in minutes of the city's clock, a day or longer.

    ``asked``: the permit was asked for this space, and not for one that it lies within.
    """

    permit_ref: str
    from_minute: int
    until_minute: int
    asked: bool


class Weekly(NamedTuple):
    """Hours in which a permit has a space, again and again: from a minute of the week (Monday 0:00 is 0), how long.

    ``until_minute``: where the last time ends, in minutes of the city's clock. ``asked`` as that of a stretch.
    """

    permit_ref: str
    week_minute: int
    minutes: int
    until_minute: int
    asked: bool

    @property
    def bits(self) -> int:
        """The hours of the week that are touched (``tempuse.week``)."""
        first, last = self.week_minute // 60, -(-(self.week_minute + self.minutes) // 60)
        return sum(1 << hour % week.HOURS for hour in range(first, last))


class Free(NamedTuple):
    """A stretch in which a space is free: its first and last day, None where nothing ends it."""

    first: date
    last: date | None

    def is_long(self, days: int) -> bool:
        """Whether it has so many days."""
        return self.last is None or (self.last - self.first).days + 1 >= days


@dataclass(frozen=True, slots=True)
class Available:
    """What a space itself says of when it is to be had."""

    first: date | None = None
    last: date | None = None
    shortest_days: int | None = None


ALWAYS = Available()


def available(space: Space) -> Available:
    """When a space is to be had."""
    return Available(space.available_from, space.available_until, space.shortest_term_days)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the row of a space says of it.

    Attributes:
        in_use: whether the whole of today is taken.
        free_from: the first day of the first stretch that is long enough, where that is later than it is available.
        free_until: the last day of that stretch, where it is earlier than it is available.
        further: the stretches after that one; none below exact.
        taken: bits of the hours of the week that others have; none below exact.
        is_shared: whether others have hours.
        shown: the fields of the row.
        changes_on: the day on which the calendar changes any of it, None where it does not.
    """

    in_use: bool = False
    free_from: date | None = None
    free_until: date | None = None
    further: tuple[Free, ...] = ()
    taken: int = 0
    is_shared: bool = False
    shown: dict[str, Any] = field(default_factory=dict)
    changes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What is known of the use of one space.

    Attributes:
        stretches: those of a day or longer that end after today, in order.
        weekly: the hours that others have after today.
        shown: its uses that everybody may read of exactly, the latest first.
        running: those of them that run.
    """

    stretches: tuple[Stretch, ...] = ()
    weekly: tuple[Weekly, ...] = ()
    shown: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()

    def at(self, *, exactly: bool, today: date, available: Available = ALWAYS) -> Taken:
        """What a row tells of it on a day.

        Args:
            exactly: whether the row shows the space's place.
            today: the day.
            available: when the space is to be had at all.
        """
        stretches = self.stretches if exactly else tuple(each for each in self.stretches if each.asked)
        weekly = self.weekly if exactly else tuple(each for each in self.weekly if each.asked)
        days = _whole_days(stretches)
        told = days if exactly else _joined((_first_of(first), _next_first(end)) for first, end in days)
        begin = max(today, available.first or today)
        free, *further = _free(told, begin, available)
        in_use = any(first <= today < end for first, end in days)
        bits = 0
        for each in weekly if exactly else ():
            bits |= each.bits
        changes = {day_of(edge) for each in stretches for edge in (each.from_minute, each.until_minute)}
        changes |= {day for pair in told for day in pair} | {_too_short_on(free, available.shortest_days)}
        changes |= {day_of(each.until_minute - 1) + _ONE for each in weekly}
        found = Taken(
            in_use, free.first if free.first > begin else None, free.last if free.last != available.last else None,
            tuple(further) if exactly else (), bits, bool(weekly),
            changes_on=min((day for day in changes if day > today), default=None),
        )  # fmt: skip
        found.shown.update(_told(found))
        if exactly and self.shown:
            found.shown["use_refs"] = list(self.shown[:MOST_NAMED])
            by = [each.permit_ref for each in stretches if _has_day(each, today) and each.permit_ref in self.running]
            if by:
                found.shown["used_by_ref"] = by[0]
        return found


NOT_USED = Used()


def _told(taken: Taken) -> dict[str, Any]:
    """The fields of a row, without those that say nothing."""
    fields = {
        "in_use": taken.in_use or None, "free_from": taken.free_from, "free_until": taken.free_until,
        "shared": taken.is_shared or None, "taken_hours": week.texts(taken.taken),
        "also_free": [f"{first}/{last or '..'}" for first, last in taken.further],
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _whole_days(stretches: Iterable[Stretch]) -> list[tuple[date, date]]:
    """The days that are taken from their first minute to their last: from, until (which is free again); in order."""
    minutes: list[list[int]] = []
    for each in sorted(stretches, key=lambda each: each.from_minute):
        if minutes and each.from_minute <= minutes[-1][1]:
            minutes[-1][1] = max(minutes[-1][1], each.until_minute)
        else:
            minutes.append([each.from_minute, each.until_minute])
    days = ((day_of(first + DAY - 1), day_of(end)) for first, end in minutes)
    return [(first, end) for first, end in days if first < end]


def _joined(pairs: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Stretches in order, those that touch as one."""
    found: list[tuple[date, date]] = []
    for first, end in pairs:
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((first, end))
    return found


def _free(days: list[tuple[date, date]], begin: date, available: Available) -> list[Free]:
    """The stretches that are free: the first that is long enough, and some that come after it and are, too.

    Where none is long enough the first, and where there is none at all what comes after the last day that is taken.
    """
    every = list(_gaps(days, begin, available.last))
    long = [each for each in every if each.is_long(available.shortest_days or 1)]
    after = max((end for _, end in days), default=begin)
    return (long or every[:1] or [Free(max(after, begin), available.last)])[: 1 + MOST_FREE]


def _gaps(days: list[tuple[date, date]], begin: date, last: date | None) -> Iterator[Free]:
    at = begin
    for first, end in days:
        if first > at and (last is None or at <= last):
            before = first - _ONE
            yield Free(at, before if last is None else min(before, last))
        at = max(at, end)
    if last is None or at <= last:
        yield Free(at, last)


def _too_short_on(free: Free, shortest_days: int | None) -> date:
    """The day on which what is left of a stretch is no longer long enough; long ago where there is no such day."""
    if free.last is None or shortest_days is None:
        return date.min
    return date.fromordinal(max(free.last.toordinal() - shortest_days + 2, 1))


def _has_day(stretch: Stretch, day: date) -> bool:
    return stretch.from_minute <= minute_of(day) and minute_of(day) + DAY <= stretch.until_minute


def _first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _next_first(day: date) -> date:
    """The first of a month that is not before this day."""
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
