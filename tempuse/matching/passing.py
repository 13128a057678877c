"""One pass over all spaces: which fail no must, which fail exactly one, and which fail more and are let go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.failing import cheapest_first, failing
from tempuse.matching.judging import Tally
from tempuse.matching.pairs import Pairs
from tempuse.matching.wants import Wants
from tempuse.offers import Offers

Rows = NDArray[np.int64]
# What a processor keeps beside it while it asks a few musts.
BLOCK = 32_768
_NONE = 255
# Rows are gathered anew once so many of a block are let go.
_KEPT = 0.75


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
    tallies: list[Tally] = []
    single: dict[int, list[Rows]] = {place: [] for place in musts}
    for start in range(0, len(offers), BLOCK):
        block = slice(start, min(start + BLOCK, len(offers)))
        rows, failed = _sift_block(offers, asked, pick, block, musts)
        fits = failed == _NONE
        for number, place in enumerate(musts):
            if len(found := rows[failed == number]):
                single[place].append(found)
        if fits.any():
            kept.append(rows[fits])
            tallies.append(tally_of(offers, kept[-1], asked, pick))
    return Passed(_joined(kept), _summed(tallies), {place: _joined(rows) for place, rows in single.items()})


def _sift_block(
    offers: Offers, asked: Wants, pick: int, block: slice, musts: list[int]
) -> tuple[Rows, NDArray[np.uint8]]:
    """Of one block the rows that fail one must at most, and the number of that must among ``musts``, or _NONE."""
    rows = np.arange(block.start, block.stop)
    failed = np.full(len(rows), _NONE, np.uint8)
    gone = np.zeros(len(rows), bool)
    whole, leaving = True, 0
    for number, place in enumerate(musts):
        bad = failing(place, Pairs(offers, block if whole else rows, asked, pick))
        gone |= bad & (failed != _NONE)
        failed[bad] = number
        leaving = int(np.count_nonzero(gone))
        if leaving > (1 - _KEPT) * len(rows) or (leaving and number == len(musts) - 1):
            stay = np.flatnonzero(~gone)
            rows, failed, whole = rows[stay], failed[stay], False
            gone = np.zeros(len(rows), bool)
    return rows, failed


def tally_of(offers: Offers, rows: Rows, asked: Wants, pick: int) -> Tally:
    """What speaks for some rows and against them, by all that one question looks at."""
    tally, pairs = Tally.of(len(rows)), Pairs(offers, rows, asked, pick)
    for place in asked.keys_of(pick):
        lo, hi = pairs.answer(place)
        tally.add(slice(None), lo, hi, int(asked.weights[place, pick]), bool(asked.musts[place, pick]))
    return tally


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
