"""How many more spaces a question would list at the next round values of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.concessions import eased
from tempuse.matching.pairs import Pairs
from tempuse.matching.quick import fails
from tempuse.matching.table import PLACES
from tempuse.matching.wants import Wants, wants
from tempuse.occurrences import last_day
from tempuse.offers import Offers
from tempuse.wanted import BOUNDS, Wanted

Rows = NDArray[np.int64]
_TWO = 2


def steps_of(
    offers: Offers, asked: Wants, wanted: Wanted, single: Mapping[str, Rows]
) -> dict[str, list[tuple[Wanted, int]]]:
    """By must that is a number, the question at its next two round values and how many more spaces each lists.

    Args:
        offers: the spaces.
        asked: the question as columns, one alone; ``wanted`` the same.
        single: by must, the rows that fail it alone.
    """
    changed = [
        (key, each) for key, rows in single.items() if key in _STEPS and len(rows) for each in _STEPS[key](wanted)
    ]
    columns = wants([each for _, each in changed], asked.today, asked.scale)
    found: dict[str, list[tuple[Wanted, int]]] = {}
    near = {key: Pairs(offers, single[key], asked, 0) for key, _ in changed}
    for pick, (key, each) in enumerate(changed):
        failed = fails(PLACES[key], columns, pick)(near[key].asked_by(columns, pick))
        found.setdefault(key, []).append((each, int(np.count_nonzero(~failed))))
    return found


def round_step(value: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not larger; 1 at least."""
    step = 1
    while step * 10 <= value:
        step *= 10
    return next((step * each for each in (5, 2) if step * each <= value), step)


def _towards(value: float, step: int, up: bool) -> Iterator[int]:
    """The next two multiples of a step."""
    first = int(value // step + 1) * step if up else int(-(-value // step) - 1) * step
    yield from (first, first + step if up else first - step)


def _by(field: str, part: int, *, up: bool = False, unit: int = 1) -> Callable[[Wanted], Iterator[Wanted]]:
    """Steps of about a ``part``-th of a number, in whole units."""

    def steps(wanted: Wanted) -> Iterator[Wanted]:
        value = getattr(wanted, field)
        least, most = BOUNDS[field]
        if value is not None:
            step = round_step(max(value, unit) / unit / part) * unit
            yield from (eased(wanted, **{field: each}) for each in _towards(value, step, up) if least <= each <= most)

    return steps


def _size(wanted: Wanted) -> Iterator[Wanted]:
    yield from _by("area_least_m2", 4)(wanted)
    yield from _by("area_most_m2", 4, up=True)(wanted)


def _start(wanted: Wanted) -> Iterator[Wanted]:
    """The same day of the next two months."""
    if (day := wanted.last_start) is not None and day.year < date.max.year:
        for months in range(1, _TWO + 1):
            yield eased(wanted, starts_by=last_day(day, months) + timedelta(days=1))


def _term(wanted: Wanted) -> Iterator[Wanted]:
    yield from _by("term_months", 4)(wanted)
    yield from _by("term_days", 4)(wanted)


_STEPS: dict[str, Callable[[Wanted], Iterator[Wanted]]] = {
    "size": _size, "start": _start, "term": _term,
    "place": _by("within_m", 4, up=True),
    "cost": _by("budget_month_cents", 4, up=True, unit=100),
    "start_money": _by("budget_start_cents", 4, up=True, unit=100),
    "ceiling": _by("ceiling_cm", 10), "door": _by("door_cm", 10), "floor_load": _by("floor_load_kg_m2", 10),
    "persons": _by("persons", 4), "noise": _by("noise_db", 12),
}  # fmt: skip
