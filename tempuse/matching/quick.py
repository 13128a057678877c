"""Which spaces fail a criterion, and which meet it for sure, fast: by comparisons with what was worked out once.

``fails`` is the same answer as ``hi < 1000`` of the criterion's function, ``meets`` never says yes where ``lo`` is less
than 1000 (it may say no where it is not). Each is made for ONE question and asked of any spaces. What has few values is
asked of its function once for all of them. That they agree with the functions is kept by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from tempuse.matching.functions import FULL, QUIET_DB, RELATED_TO
from tempuse.matching.pairs import Pairs
from tempuse.matching.quick_place import place_fails
from tempuse.matching.quick_test import Flags, Test, every, few_fail, few_meet, none, want
from tempuse.matching.table import PLACES
from tempuse.matching.wants import BITS, Wants
from tempuse.wanted import KEYS

# What is asked first: the cheapest, and what loses most.
_CHEAPEST = ("place", "start", "cost", *BITS, "kind", "noise", "start_money", "ceiling", "door", "floor_load",
             "persons", "size", "use", "soil", "terms", "term", "hours")  # fmt: skip
_RANK = {PLACES[key]: rank for rank, key in enumerate(_CHEAPEST)}


def cheapest_first(places: list[int]) -> list[int]:
    """Musts, by their places in KEYS, in the order in which to ask them."""
    return sorted(places, key=lambda place: _RANK.get(place, len(_RANK)))


def fails(place: int, asked: Wants, pick: int) -> Test:
    """Which spaces fail the criterion at a place in KEYS, asked by one question."""
    return _made(place, asked, pick, _FAILS) or (lambda pairs: np.asarray(pairs.answer(place)[1] < FULL))


def meets(place: int, asked: Wants, pick: int) -> Test:
    """Spaces that meet the criterion at a place in KEYS for sure; not all of them."""
    return _made(place, asked, pick, _MEETS) or none


def _made(place: int, asked: Wants, pick: int, by_key: dict[str, Callable[[Wants, int, str], Test]]) -> Test | None:
    key = KEYS[place]
    make = by_key.get(key.partition(":")[0])
    return make(asked, pick, key) if make else None


@lru_cache(maxsize=4096)
def _least(bound: int, scale: int = 1) -> np.float32:
    """The smallest number of a column of which the whole number, as ``Pairs`` makes it, is not below a bound."""
    value = np.float32((bound - 0.5) / scale)
    while np.rint(np.float64(value) * scale) >= bound:
        value = np.nextafter(value, np.float32(-np.inf))
    while np.rint(np.float64(value) * scale) < bound:
        value = np.nextafter(value, np.float32(np.inf))
    return value


# ---- numbers ------------------------------------------------------------------------------------------------------


def _size_fails(asked: Wants, pick: int, key: str) -> Test:
    least, most = want(asked, pick, "area_least"), want(asked, pick, "area_most")
    small, band, large = _least(max(least, 0), 100), _least(max(least, 0) + 1, 100), _least(max(most, 0) + 1, 100)

    def test(pairs: Pairs) -> Flags:
        low, high = pairs.offer("area_low"), pairs.offer("area_high")
        found = np.zeros(len(low), bool)
        if least > 0:  # the upper end of a band is no longer of it
            found = (high < band) & ((high < small) | (high > low))
        return np.asarray(found | (low >= large)) if most > 0 else found

    return test


def _size_meets(asked: Wants, pick: int, key: str) -> Test:
    least, most = want(asked, pick, "area_least"), want(asked, pick, "area_most")
    small, large = _least(max(least, 0), 100), _least(max(most, 0) + 1, 100)

    def test(pairs: Pairs) -> Flags:
        found = pairs.offer("area_low") >= small
        return np.asarray(found & (pairs.offer("area_high") < large)) if most > 0 else np.asarray(found)

    return test


def _start_fails(asked: Wants, pick: int, key: str) -> Test:
    by = want(asked, pick, "by")
    return (
        every if want(asked, pick, "today") > by else lambda pairs: np.asarray(pairs.offer("from_low") > np.int32(by))
    )


def _start_meets(asked: Wants, pick: int, key: str) -> Test:
    by = want(asked, pick, "by")
    return (
        none if want(asked, pick, "today") > by else lambda pairs: np.asarray(pairs.offer("from_high") <= np.int32(by))
    )


def _too_short(pairs: Pairs, begins: str, until: str, first: int, days: int) -> Flags:
    """Where the first stretch does not last so many days."""
    return np.asarray(pairs.offer(until) - np.int32(days - 1) < np.maximum(pairs.offer(begins), np.int32(first)))


def _term_fails(asked: Wants, pick: int, key: str) -> Test:
    days, first = want(asked, pick, "days"), want(asked, pick, "earliest")

    def test(pairs: Pairs) -> Flags:
        found = _too_short(pairs, "from_low", "until_high", first, days)
        again = pairs.among(pairs.offers.few.again)[1]
        if len(again := np.unique(again[found[again]])):
            found[again] = Pairs(pairs.offers, pairs.at(again), asked, pick).stay("from_low") < days
        return np.asarray(found | (pairs.offer("longest") < np.float32(days)))

    return test


def _term_meets(asked: Wants, pick: int, key: str) -> Test:
    days, first = want(asked, pick, "days"), want(asked, pick, "earliest")
    return lambda pairs: np.asarray(
        ~(_too_short(pairs, "from_high", "until", first, days) | (pairs.offer("longest") < np.float32(days))
          | (pairs.offer("shortest") > np.float32(days)))
    )  # fmt: skip


def _money(low: str, high: str, budget: str) -> tuple[Callable[[Wants, int, str], Test], ...]:
    def fail(asked: Wants, pick: int, key: str) -> Test:
        dear = _least(want(asked, pick, budget) + 1)
        return lambda pairs: np.asarray(pairs.offer(low) >= dear)

    def meet(asked: Wants, pick: int, key: str) -> Test:
        dear = _least(want(asked, pick, budget) + 1)
        return lambda pairs: np.asarray(pairs.offer(high) < dear)

    return fail, meet


def _enough_fails(asked: Wants, pick: int, key: str) -> Test:
    least = _least(want(asked, pick, key))
    return lambda pairs: np.asarray(pairs.offer(key) < least)


def _enough_meets(asked: Wants, pick: int, key: str) -> Test:
    least = _least(want(asked, pick, key))
    return lambda pairs: np.asarray(pairs.offer(key) >= least)


def _noise_fails(asked: Wants, pick: int, key: str) -> Test:
    return none if want(asked, pick, "noise") <= QUIET_DB else _enough_fails(asked, pick, key)


def _noise_meets(asked: Wants, pick: int, key: str) -> Test:
    return every if want(asked, pick, "noise") <= QUIET_DB else _enough_meets(asked, pick, key)


# ---- the others ---------------------------------------------------------------------------------------------------


def _facility_fails(asked: Wants, pick: int, key: str) -> Test:
    bit = np.uint16(BITS[key])
    return lambda pairs: np.asarray(pairs.offer("no") & bit != 0)


def _facility_meets(asked: Wants, pick: int, key: str) -> Test:
    bit = np.uint16(BITS[key])
    return lambda pairs: np.asarray(pairs.offer("yes") & bit != 0)


def _use_fails(asked: Wants, pick: int, key: str) -> Test:
    uses = want(asked, pick, "uses")
    related = np.uint16(uses | int(RELATED_TO[uses]))

    def test(pairs: Pairs) -> Flags:
        suitable, excluded = pairs.offer("uses"), pairs.offer("excluded")
        found: Flags = (suitable & related == 0) & (suitable != 0)
        some = np.flatnonzero(excluded & np.uint16(uses) != 0)
        welcome = uses & ~excluded[some].astype(np.int64)
        named, reach = suitable[some], welcome | RELATED_TO[welcome]
        found[some] = (welcome == 0) | ((named != 0) & (named & reach == 0))
        return found

    return test


def _use_meets(asked: Wants, pick: int, key: str) -> Test:
    uses = np.uint16(want(asked, pick, "uses"))
    return lambda pairs: np.asarray(pairs.offer("uses") & ~pairs.offer("excluded") & uses != 0)


def _hours_fail(asked: Wants, pick: int, key: str) -> Test:
    hours = asked.hours[pick]

    def test(pairs: Pairs) -> Flags:
        found = np.zeros(len(pairs), bool)
        shared = np.flatnonzero(pairs.offer("shared") == 1)
        at, places = pairs.narrow(shared).among(pairs.offers.few.rows)
        found[shared[places[(pairs.offers.few.taken[at] & hours).any(axis=-1)]]] = True
        return found

    return test


def _hours_meet(asked: Wants, pick: int, key: str) -> Test:
    return lambda pairs: np.asarray(pairs.offer("shared") == 0)


_COST, _START_MONEY = _money("cost_low", "cost_high", "budget_month"), _money("start_low", "start_high", "budget_start")
_FAILS: dict[str, Callable[[Wants, int, str], Test]] = {
    "use": _use_fails, "kind": few_fail, "size": _size_fails, "start": _start_fails, "term": _term_fails,
    "hours": _hours_fail, "place": place_fails, "cost": _COST[0], "start_money": _START_MONEY[0],
    "facility": _facility_fails, "ceiling": _enough_fails, "door": _enough_fails, "floor_load": _enough_fails,
    "persons": _enough_fails, "noise": _noise_fails, "quiet": few_fail, "condition": few_fail, "soil": few_fail,
    "terms": few_fail,
}  # fmt: skip
_MEETS: dict[str, Callable[[Wants, int, str], Test]] = {
    "use": _use_meets, "kind": few_meet, "size": _size_meets, "start": _start_meets, "term": _term_meets,
    "hours": _hours_meet, "cost": _COST[1], "start_money": _START_MONEY[1], "facility": _facility_meets,
    "ceiling": _enough_meets, "door": _enough_meets, "floor_load": _enough_meets, "persons": _enough_meets,
    "noise": _noise_meets, "quiet": few_meet, "condition": few_meet, "soil": few_meet, "terms": few_meet,
}  # fmt: skip
