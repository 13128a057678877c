"""Near misses: single spaces that a small change of the question would list, each change proven before it is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.concessions import Value, conceded
from tempuse.matching.functions import FULL
from tempuse.matching.judging import turn
from tempuse.matching.nearest import closest
from tempuse.matching.pairs import Pairs
from tempuse.matching.passing import fails_own
from tempuse.matching.table import BY_PLACE, PLACES
from tempuse.matching.wants import Wants, wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS, NEVER_OFFERED, Wanted

Rows = NDArray[np.int64]

# So many musts at most are changed for one space.
_MOST_CHANGES = 3
# What is there or not: it may be done without. All else is near only where a part of it is met.
_CRISP = frozenset({PLACES["kind"], *(place for key, place in PLACES.items() if key.startswith("facility:"))})


@dataclass(frozen=True, slots=True)
class Concession:
    """One change of a question.

    Attributes:
        key: the must.
        value: its new value: ``size`` m2 (the least, or the most where that is the change), ``start`` the last day
            on which it may begin, ``term`` days, ``hours`` bits of the week, ``place`` metres, ``cost`` and
            ``start_money`` cents, ``ceiling`` and ``door`` cm, ``floor_load`` kg/m2, ``persons``, ``noise`` dB; None:
            it is no must.
    """

    key: str
    value: Value


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One space, and what would have to change for it.

    Attributes:
        row: its place in the offers.
        changes: one to three, in the order of KEYS.
        wanted: the changed question, which the space fits or for which it is to be asked about.
        cost: of the concessions, for the order: price times thousandths.
    """

    row: int
    changes: tuple[Concession, ...]
    wanted: Wanted
    cost: int


def near_misses(
    offers: Offers, asked: Wants, wanted: Wanted, single: Mapping[int, Rows],
    by_pattern: NDArray[np.uint32] | None, never_offer: frozenset[str], most: int,
) -> tuple[NearMiss, ...]:  # fmt: skip
    """The spaces that miss by one must, the smallest change first; by two where there are none, by three after that.

    Args:
        offers: the spaces.
        asked: the question as columns, one alone; ``wanted`` the same.
        single: by the place of a must, the rows that fail it alone.
        by_pattern: of each space the musts that it fails; None: nothing but single ones is looked for.
        never_offer: keys that nobody is told to do without.
        most: how many at most.
    """
    never = NEVER_OFFERED | never_offer
    open_to = {place: rows for place, rows in single.items() if KEYS[place] not in never and len(rows)}

    def singles(count: int) -> tuple[Rows, NDArray[np.uint32]]:
        few = {place: closest(offers, asked, place, rows, count) for place, rows in open_to.items()}
        bits = [np.full(len(rows), 1 << place, np.uint32) for place, rows in few.items()]
        return np.concatenate(list(few.values())), np.concatenate(bits)

    found = _proven(offers, asked, wanted, singles, most) if open_to else ()
    if found or by_pattern is None:
        return found
    shut = np.uint32(sum(1 << PLACES[key] for key in never))
    fails = _bits_in(by_pattern)
    for number in range(2, _MOST_CHANGES + 1):
        at = np.flatnonzero((fails == number) & (by_pattern & shut == 0))
        if found := _proven(offers, asked, wanted, lambda count, at=at: (at, by_pattern[at]), most):  # type: ignore[misc]
            return found
    return ()


def _proven(
    offers: Offers, asked: Wants, wanted: Wanted, candidates: Callable[[int], tuple[Rows, NDArray[np.uint32]]],
    most: int,
) -> tuple[NearMiss, ...]:  # fmt: skip
    """The cheapest rows whose change holds; ``candidates`` gives at least as many of the cheapest as it is asked for,
    and the musts that each fails.
    """
    found: list[NearMiss] = []
    looked, upto = 0, most + 2
    while len(found) < most:
        rows, bits = candidates(upto)
        cost, possible = _costs(offers, asked, rows, bits)
        rows, bits, cost = rows[possible], bits[possible], cost[possible]
        next_ones = _cheapest(cost, turn(offers.number[rows], asked.today), upto)[looked:].tolist()
        if not next_ones:
            break
        made = [
            miss for at in next_ones
            if (miss := _changed(offers, asked, wanted, int(rows[at]), int(bits[at]), int(cost[at])))
        ]  # fmt: skip
        own = np.array([miss.row for miss in made], np.int64)
        fails = fails_own(offers, own, wants([miss.wanted for miss in made], asked.today, asked.scale))
        found += [miss for miss, does_fail in zip(made, fails.tolist(), strict=True) if not does_fail]
        looked, upto = upto, 4 * upto
    return tuple(found[:most])


def _costs(offers: Offers, asked: Wants, rows: Rows, bits: NDArray[np.uint32]) -> tuple[Rows, NDArray[np.bool_]]:
    """What the concessions of each row cost, and whether it is near at all."""
    cost, possible = np.zeros(len(rows), np.int64), np.ones(len(rows), bool)
    for place in asked.musts_of(0):
        at = np.flatnonzero(bits >> place & 1)
        price = BY_PLACE[place].price
        if not len(at) or price is None:
            continue
        if place in _CRISP:
            cost[at] += price * FULL
            continue
        hi = Pairs(offers, rows[at], asked, 0).answer(place)[1]
        cost[at] += price * (FULL - hi)
        possible[at] &= hi > 0
    return cost, possible


def _cheapest(cost: Rows, turns: Rows, most: int) -> Rows:
    """The places of the cheapest, in order."""
    if most < len(cost):
        rank = (cost << 32) + turns
        near = np.argpartition(rank, most)[:most]
        return near[np.argsort(rank[near])]
    return np.lexsort((turns, cost))


def _changed(offers: Offers, asked: Wants, wanted: Wanted, row: int, bits: int, cost: int) -> NearMiss | None:
    """What would have to change for one space, not yet proven; None where nothing helps."""
    changes: list[Concession] = []
    changed, columns = wanted, asked
    for place in asked.musts_of(0):
        if not bits >> place & 1:
            continue
        made = conceded(KEYS[place], Pairs(offers, row, columns, 0), changed, asked.today)
        if made is None:
            return None
        changed = made[0]
        changes.append(Concession(KEYS[place], made[1]))
        if bits >> place > 1:  # another change is made of what is asked now
            columns = wants([changed], asked.today, asked.scale)
    return NearMiss(row, tuple(changes), changed, cost)


def missing_together(by_pattern: NDArray[np.uint32], musts: list[int]) -> tuple[str, ...]:
    """The first of the smallest sets of musts that no space has together: each space fails one of them.

    Args:
        by_pattern: of each space which musts it fails, as bits by their places in KEYS; each fails one at least.
        musts: the places of the musts, in the order of KEYS.
    """
    left = _smallest(np.unique(by_pattern))
    for count in range(len(musts) + 1):
        for some in itertools.combinations(musts, count):
            if bool((left & np.uint32(sum(1 << place for place in some)) != 0).all()):
                return tuple(KEYS[place] for place in some)
    return ()


def _smallest(unique: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The patterns that hold no other: a set that hits these hits all."""
    kept: list[int] = []
    for bits in sorted(unique.tolist(), key=int.bit_count):
        if not any(bits & each == each for each in kept):
            kept.append(bits)
    return np.array(kept, np.uint32)


def _bits_in(bits: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many bits are set in each."""
    found = np.zeros(len(bits), np.int64)
    for place in range(len(KEYS)):
        found += bits >> place & 1
    return found
