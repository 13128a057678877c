"""Which spaces fail a must, fast: the same answer as ``hi < 1000`` of its function, by comparisons alone.

Each takes the pairs of some spaces with ONE question and gives a bool a space. A must that has no test here is asked
by its function. That both always agree is kept by a test.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL, QUIET_DB, RELATED_TO
from tempuse.matching.pairs import Pairs
from tempuse.matching.table import PLACES
from tempuse.matching.wants import BITS
from tempuse.wanted import KEYS

Flags = NDArray[np.bool_]

# Metres of one degree on the sphere of ``geometry.distance_m``.
_DEGREE_M = 12_742_000 * math.pi / 360
# A place that may lie farther off than this from where it is shown is measured, wherever it is.
_SPREAD_M = 1000.0
# What is asked first: the cheapest, and what loses most.
_CHEAPEST = ("place", *BITS, "kind", "use", "noise", "start", "cost", "size", "start_money", "ceiling", "door",
             "floor_load", "persons", "hours", "term")  # fmt: skip
_RANK = {PLACES[key]: rank for rank, key in enumerate(_CHEAPEST)}


def cheapest_first(places: list[int]) -> list[int]:
    """Musts, by their places in KEYS, in the order in which to ask them."""
    return sorted(places, key=lambda place: _RANK.get(place, len(_RANK)))


def failing(place: int, pairs: Pairs) -> Flags:
    """Which spaces fail the must at a place in KEYS."""
    key = KEYS[place]
    if key.startswith("facility:"):
        return _facility(pairs, BITS[key])
    by_key = _TESTS.get(key)
    return by_key(pairs) if by_key else np.asarray(pairs.answer(place)[1] < FULL)


def _facility(pairs: Pairs, bit: int) -> Flags:
    return np.asarray(pairs.offer("no") & bit != 0)


def _use(pairs: Pairs) -> Flags:
    suitable = pairs.offer("uses")
    welcome = pairs.want("uses") & ~pairs.offer("excluded")
    reach = welcome | RELATED_TO[welcome]
    return np.asarray((welcome == 0) | ((suitable != 0) & (suitable & reach == 0)))


def _kind(pairs: Pairs) -> Flags:
    return np.asarray(pairs.want("kinds") >> pairs.offer("kind") & 1 == 0)


def _size(pairs: Pairs) -> Flags:
    low, high = (np.rint(pairs.offer(name) * np.float64(100)) for name in ("area_low", "area_high"))
    too_small = high - (high > low) < pairs.want("area_least")
    most = pairs.want("area_most")
    return np.asarray(too_small | (low > most)) if most > 0 else np.asarray(too_small)


def _start(pairs: Pairs) -> Flags:
    by = pairs.want("by")
    return np.asarray((pairs.offer("from_low") > by) | (pairs.want("today") > by))


def _term(pairs: Pairs) -> Flags:
    days = pairs.want("days")
    return np.asarray((pairs.stay("from_low") < days) | (pairs.offer("longest") < days))


def _hours(pairs: Pairs) -> Flags:
    return np.asarray((pairs.offer("shared") == 1) & (pairs.taken() > 0))


def _cost(low: str, budget: str) -> Callable[[Pairs], Flags]:
    return lambda pairs: np.asarray(np.rint(pairs.offer(low)) > np.float64(pairs.want(budget)))


def _enough(name: str) -> Callable[[Pairs], Flags]:
    return lambda pairs: np.asarray(pairs.offer(name) < np.float64(pairs.want(name)))


def _noise(pairs: Pairs) -> Flags:
    made = pairs.want("noise")
    return np.asarray((pairs.offer("noise") < made) & (made > QUIET_DB))


def _place(pairs: Pairs) -> Flags:
    """Only what could be near enough is measured: what lies outside a box around the circle is not."""
    within = pairs.want("within")
    district = pairs.district() if (pairs.wants.districts[pairs.picks] > 0).any() else None
    if within <= 0:
        return np.asarray(district == 0)
    lon, lat, spread = pairs.offer("lon"), pairs.offer("lat"), pairs.offer("spread")
    here = float(pairs.wants.lon[pairs.picks]), float(pairs.wants.lat[pairs.picks])
    far: Flags = np.asarray(_outside(lon, lat, here, within + _SPREAD_M + 1) & (spread <= _SPREAD_M))
    close = np.flatnonzero(~far)
    rows = pairs.rows
    at = close + rows.start if isinstance(rows, slice) else np.asarray(rows)[close]
    far[close] = Pairs(pairs.offers, at, pairs.wants, pairs.picks).metres()[0] > within
    return far if district is None else np.asarray(far & (district == 0))


def _outside(lon: Any, lat: Any, here: tuple[float, float], metres: float) -> Flags:
    """What lies outside a box that holds the circle around a place; nothing where the box meets a pole."""
    high = metres / _DEGREE_M
    if abs(here[1]) + high >= 90:
        return np.zeros(len(lat), bool)
    wide = math.degrees(math.asin(min(math.sin(math.radians(high)) / math.cos(math.radians(here[1])), 1.0)))
    apart = np.abs(lon - here[0])
    return np.asarray((np.abs(lat - here[1]) > high) | ((apart > wide) & (apart < 360 - wide)))


_TESTS: dict[str, Callable[[Pairs], Flags]] = {
    "use": _use, "kind": _kind, "size": _size, "start": _start, "term": _term, "hours": _hours, "place": _place,
    "cost": _cost("cost_low", "budget_month"), "start_money": _cost("start_low", "budget_start"),
    "ceiling": _enough("ceiling"), "door": _enough("door"), "floor_load": _enough("floor_load"),
    "persons": _enough("persons"), "noise": _noise,
}  # fmt: skip
