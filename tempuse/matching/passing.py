"""One pass over all spaces: which fail no must, which fail exactly one, and which fail more and are let go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL
from tempuse.matching.judging import Tally
from tempuse.matching.pairs import Pairs
from tempuse.matching.quick import cheapest_first, fails, meets
from tempuse.matching.quick_test import Test
from tempuse.matching.wants import Wants
from tempuse.offers import BLOCK, Offers

Rows = NDArray[np.int64]
# Rows are gathered anew once such a part of a block is to be let go.
_LEAVE = 0.5
# Of fewer than so many the functions are asked at once.
_FEW = 1024


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass found.

    Attributes:
        listed: rows that fail no must, ascending.
        tally: theirs, where it was asked for.
        single: by the place of a must in KEYS, the rows that fail it alone, ascending.
    """

    listed: Rows
    tally: Tally
    single: dict[int, Rows]


class _Asked(NamedTuple):
    """One criterion that a question looks at, made ready: what it weighs, whether it is a must, who meets it."""

    place: int
    weight: int
    must: bool
    meets: Test


def sift(offers: Offers, asked: Wants, pick: int) -> Passed:
    """The rows that one question keeps, what speaks for them, and those that a single must keeps out."""
    musts = cheapest_first(asked.musts_of(pick))
    tests = [fails(place, asked, pick) for place in musts]
    looked_at = [
        _Asked(place, int(asked.weights[place, pick]), bool(asked.musts[place, pick]), meets(place, asked, pick))
        for place in asked.keys_of(pick)
    ]
    kept = [np.zeros(0, np.int64)]
    single: list[list[Rows]] = [[np.zeros(0, np.int64)] for _ in musts]
    for start in range(0, len(offers), BLOCK):
        pairs, failed = _sift_block(Pairs(offers, slice(start, min(start + BLOCK, len(offers))), asked, pick), tests)
        order = np.argsort(failed, kind="stable")
        ends = np.cumsum(np.bincount(failed, minlength=len(musts) + 1)).tolist()
        kept.append(pairs.at(order[: ends[0]]))
        rows = pairs.at(order[ends[0] :])
        for number, (begin, end) in enumerate(pairwise(ends)):
            if end > begin:
                single[number].append(rows[begin - ends[0] : end - ends[0]])
    listed, most = np.concatenate(kept), int(asked.total[pick]) * FULL
    parts = [listed[at : at + BLOCK] for at in range(0, len(listed), BLOCK)] or [listed]
    return Passed(
        listed, Tally.joined([_tally(Pairs(offers, part, asked, pick), looked_at, most) for part in parts]),
        {place: np.concatenate(rows) for place, rows in zip(musts, single, strict=True)},
    )  # fmt: skip


def _sift_block(pairs: Pairs, tests: list[Test]) -> tuple[Pairs, NDArray[np.uint8]]:
    """Of one block the spaces that fail one must at most, and which of ``tests``, counted from 1; 0 for none."""
    # How many musts a row fails, and the sum of their numbers: of a row that fails one, its number.
    count, failed = np.zeros(len(pairs), np.uint8), np.zeros(len(pairs), np.uint8)
    for number, test in enumerate(tests, 1):
        bad = test(pairs).view(np.uint8)
        count += bad
        failed += bad * np.uint8(number)
        leaving = int(np.count_nonzero(count > 1))
        if leaving > _LEAVE * len(count) or (leaving and number == len(tests)):
            stay = np.flatnonzero(count < 2)
            pairs, count, failed = pairs.narrow(stay), count[stay], failed[stay]
    return pairs, failed


def _tally(pairs: Pairs, looked_at: list[_Asked], most: int) -> Tally:
    """What speaks for spaces that fail no must, and against; of what they meet for sure the function is not asked."""
    if len(pairs) < _FEW:
        tally = Tally.of(len(pairs))
        for each in looked_at:
            tally.add(slice(None), *pairs.answer(each.place), each.weight, each.must)
        return tally
    tally = Tally.of(len(pairs), most)
    for each in looked_at:
        left = np.flatnonzero(~each.meets(pairs))
        if len(left):
            lo, hi = pairs.narrow(left).answer(each.place)
            tally.good[left] -= each.weight * (FULL - lo)
            if each.must:  # of these none fails
                tally.opens[left] |= lo < FULL
            else:
                tally.bad[left] += each.weight * (FULL - hi)
    return tally


def fails_own(offers: Offers, rows: Rows, asked: Wants) -> NDArray[np.bool_]:
    """Of spaces that have a question each, in the same order, which fail a must of it."""
    found = np.zeros(len(rows), bool)
    for place, picks in enumerate(asked.asking):
        own = picks[asked.musts[place, picks]]
        if len(own):
            found[own] |= Pairs(offers, rows[own], asked, own).answer(place)[1] < FULL
    return found


def patterns(offers: Offers, asked: Wants, pick: int) -> NDArray[np.uint32]:
    """Of each space which musts it fails, as bits by their places in KEYS."""
    found = np.zeros(len(offers), np.uint32)
    tests = {place: fails(place, asked, pick) for place in asked.musts_of(pick)}
    for start in range(0, len(offers), BLOCK):
        block = slice(start, min(start + BLOCK, len(offers)))
        pairs = Pairs(offers, block, asked, pick)
        for place, test in tests.items():
            found[block] |= test(pairs).astype(np.uint32) << place
    return found
