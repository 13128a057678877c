"""The spaces that miss one must by least, told without judging all that miss it.

What its function makes worthless has lost 1; the loss grows with the way to what is asked, as the function's answer
falls, so that a few by their loss are a few by their answer, to the thousandth to which it is rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL, LATE_DAYS
from tempuse.matching.judging import turn
from tempuse.matching.pairs import Pairs
from tempuse.matching.quick_place import within_box
from tempuse.matching.wants import Wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS

Rows = NDArray[np.int64]
Losses = NDArray[np.float64]

# Two that differ by more than this differ in their answer.
_STEP = 0.0011


def closest(offers: Offers, asked: Wants, place: int, rows: Rows, most: int) -> Rows:
    """Those that miss a must by least: so many at least, and all that the order of equals may put before one of them.

    Args:
        offers: the spaces.
        asked: the question, one alone.
        place: of the must, in KEYS.
        rows: the spaces that miss it, ascending.
        most: how many.
    """
    if len(rows) <= most:
        return rows
    lost = _lost(Pairs(offers, rows, asked, 0), KEYS[place], place)
    bound = np.partition(lost, most - 1)[most - 1]
    if not bound < 1:
        return rows[lost < 1]
    even = np.flatnonzero(np.abs(lost - bound) <= _STEP)
    if len(even) > most and np.ptp(lost[even]) == 0:
        even = _first(offers, rows, even, asked.today, most)
    return rows[np.union1d(np.flatnonzero(lost < bound - _STEP), even)]


def _first(offers: Offers, rows: Rows, places: Rows, today: date, most: int) -> Rows:
    turns = turn(offers.number[rows[places]], today)
    return places[np.argpartition(turns, most - 1)[:most]]


def _lost(pairs: Pairs, key: str, place: int) -> Losses:
    """How much each has lost; 1 and more: it is worthless, and nothing helps."""
    lose = _BY_KEY.get(key.partition(":")[0])
    if lose is not None:
        return lose(pairs, key)
    return np.asarray(1 - np.broadcast_to(pairs.answer(place)[1], len(pairs)) / FULL)


def _crisp(pairs: Pairs, key: str) -> Losses:
    """It is there or not: one is as far off as the other."""
    return np.zeros(len(pairs))


def _use(pairs: Pairs, key: str) -> Losses:
    uses = pairs.want("uses")
    return np.where(pairs.offer("excluded") & np.uint16(uses) == uses, 1.0, 0.5)


def _size(pairs: Pairs, key: str) -> Losses:
    least, most = pairs.want("area_least"), pairs.want("area_most")
    low, high = (np.rint(pairs.offer(name) * np.float64(100)) for name in ("area_low", "area_high"))
    small = 2 - 2 * (high - ((high > low) & np.isfinite(high))) / least if least > 0 else np.zeros(len(low))
    return np.asarray(np.fmax(small, low / most - 1) if most > 0 else small)


def _start(pairs: Pairs, key: str) -> Losses:
    day = np.maximum(pairs.offer("from_low"), pairs.want("today"))
    return np.asarray((day.astype(np.float64) - pairs.want("by")) / LATE_DAYS)


def _place(pairs: Pairs, key: str) -> Losses:
    within, found = pairs.want("within"), np.ones(len(pairs))
    if within > 0:
        close = within_box(pairs, 2 * within)
        found[close] = pairs.narrow(close).metres()[0] / within - 1
    return found


def _money(low: str, budget: str) -> Callable[[Pairs, str], Losses]:
    def lose(pairs: Pairs, key: str) -> Losses:
        most = pairs.want(budget)
        return np.asarray(2 * (pairs.offer(low).astype(np.float64) - most) / most) if most > 0 else np.ones(len(pairs))

    return lose


def _enough(pairs: Pairs, key: str) -> Losses:
    return np.asarray(5 - 5 * pairs.offer(key).astype(np.float64) / pairs.want(key))


def _noise(pairs: Pairs, key: str) -> Losses:
    return np.asarray((pairs.want("noise") - pairs.offer("noise").astype(np.float64)) / 10)


_BY_KEY: dict[str, Callable[[Pairs, str], Losses]] = {
    "kind": _crisp, "facility": _crisp, "use": _use, "size": _size, "start": _start, "place": _place,
    "cost": _money("cost_low", "budget_month"), "start_money": _money("start_low", "budget_start"),
    "ceiling": _enough, "door": _enough, "floor_load": _enough, "persons": _enough, "noise": _noise,
}  # fmt: skip
