"""The days on which a space is taken, as far as its public row tells of them.

Below exact a row tells less, so that equal days join no two rows: only of permits that were asked for this very space
(who has a building has its rooms, and a room that nobody may find would be found by its building's days), and no day
but the first of a month, never too early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tempuse.occurrences import day_of, minute_of
from tempuse.terms import DAY

# So many uses are named in the row of a space, the latest.
MOST_NAMED = 50


class Stretch(NamedTuple):
    """A stretch in which a permit has a space: in minutes of the city's clock, a day or longer.

    ``asked``: the permit was asked for this space, and not for one that it lies within.
    """

    permit_ref: str
    from_minute: int
    until_minute: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What the row of a space says of it.

    Attributes:
        in_use: whether the whole of today is taken.
        free_from: the first day that is not taken, where that is later than it is available.
        shown: the fields of the row.
        changes_on: the day on which the calendar changes any of it, None where it does not.
    """

    in_use: bool
    free_from: date | None
    shown: dict[str, Any]
    changes_on: date | None


@dataclass(frozen=True, slots=True)
class Used:
    """What is known of the use of one space.

    Attributes:
        stretches: those that end after today, in order.
        shown: its uses that everybody may read of exactly, the latest first.
        running: those of them that run.
    """

    stretches: tuple[Stretch, ...] = ()
    shown: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()

    def at(self, *, exactly: bool, today: date, available_from: date | None) -> Taken:
        """What a row tells of it on a day.

        Args:
            exactly: whether the row shows the space's place.
            today: the day.
            available_from: from when the space is to be had at all.
        """
        stretches = self.stretches if exactly else tuple(each for each in self.stretches if each.asked)
        begin = max(today, available_from or today)
        in_use = first_free(stretches, today) > today
        free = first_free(stretches, begin)
        free_from = None if free == begin else free if exactly else _first_of_month(free)
        shown: dict[str, Any] = {"in_use": True} if in_use else {}
        if free_from:
            shown["free_from"] = free_from
        if exactly and self.shown:
            shown["use_refs"] = list(self.shown[:MOST_NAMED])
            by = [each.permit_ref for each in stretches if _has_day(each, today) and each.permit_ref in self.running]
            if by:
                shown["used_by_ref"] = by[0]
        return Taken(in_use, free_from, shown, _changes_on(stretches, today))


NOT_USED = Used()


def first_free(stretches: tuple[Stretch, ...], day: date) -> date:
    """The first day, from one on, that is not taken from its first minute to its last."""
    minute = minute_of(day)
    for each in stretches:
        if each.from_minute <= minute < each.until_minute:
            minute = each.until_minute
    return max(day, day_of(minute))


def _has_day(stretch: Stretch, day: date) -> bool:
    return stretch.from_minute <= minute_of(day) and minute_of(day) + DAY <= stretch.until_minute


def _first_of_month(day: date) -> date:
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _changes_on(stretches: tuple[Stretch, ...], today: date) -> date | None:
    edges = (edge for each in stretches for edge in (day_of(each.from_minute), day_of(each.until_minute)))
    return min((day for day in edges if day > today), default=None)
