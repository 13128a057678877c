"""One pass over all spaces: which fail no must, which fail exactly one, and which fail more and are let go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.failing import cheapest_first, failing
from tempuse.matching.functions import FULL
from tempuse.matching.judging import Tally
from tempuse.matching.pairs import Pairs
from tempuse.matching.wants import Wants
from tempuse.offers import Offers

Rows = NDArray[np.int64]
# What a processor keeps beside it while it asks a few musts.
BLOCK = 32_768
# Rows are gathered anew once such a part of a block is to be let go.
_LEAVE = 0.5


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


def sift(offers: Offers, asked: Wants, pick: int) -> Passed:
    """The rows that one question keeps, what speaks for them, and those that a single must keeps out."""
    musts = cheapest_first(asked.musts_of(pick))
    kept: list[Rows] = []
    single: dict[int, list[Rows]] = {place: [] for place in musts}
    for start in range(0, len(offers), BLOCK):
        rows, failed = _sift_block(offers, asked, pick, slice(start, min(start + BLOCK, len(offers))), musts)
        kept.append(rows[failed == 0])
        for number, place in enumerate(musts, 1):
            if len(found := rows[failed == number]):
                single[place].append(found)
    listed = _joined(kept)
    tallies = [tally_of(offers, listed[at : at + BLOCK], asked, pick) for at in range(0, len(listed), BLOCK)]
    return Passed(listed, _summed(tallies), {place: _joined(rows) for place, rows in single.items()})


def _sift_block(
    offers: Offers, asked: Wants, pick: int, block: slice, musts: list[int]
) -> tuple[Rows, NDArray[np.uint8]]:
    """Of one block the rows that fail one must at most, and which of ``musts``, counted from 1; 0 for none."""
    rows = np.arange(block.start, block.stop)
    pairs = Pairs(offers, block, asked, pick)
    # How many musts a row fails, and the sum of their numbers: of a row that fails one, its number.
    count, failed = np.zeros(len(rows), np.uint8), np.zeros(len(rows), np.uint8)
    for number, place in enumerate(musts, 1):
        bad = failing(place, pairs).view(np.uint8)
        count += bad
        failed += bad * np.uint8(number)
        leaving = int(np.count_nonzero(count > 1))
        if leaving > _LEAVE * len(rows) or (leaving and number == len(musts)):
            stay = np.flatnonzero(count < 2)
            rows, count, failed = rows[stay], count[stay], failed[stay]
            pairs = Pairs(offers, rows, asked, pick)
    return rows, failed


def tally_of(offers: Offers, rows: Rows, asked: Wants, pick: int) -> Tally:
    """What speaks for some rows and against them, by all that one question looks at."""
    tally, pairs = Tally.of(len(rows)), Pairs(offers, rows, asked, pick)
    for place in asked.keys_of(pick):
        lo, hi = pairs.answer(place)
        tally.add(slice(None), lo, hi, int(asked.weights[place, pick]), bool(asked.musts[place, pick]))
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
    for start in range(0, len(offers), BLOCK):
        block = slice(start, min(start + BLOCK, len(offers)))
        pairs = Pairs(offers, block, asked, pick)
        for place in asked.musts_of(pick):
            found[block] |= failing(place, pairs).astype(np.uint32) << place
    return found


def _joined(parts: list[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _summed(parts: list[Tally]) -> Tally:
    if not parts:
        return Tally.of(0)
    return Tally(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("good", "bad", "fails", "opens"))
    )
