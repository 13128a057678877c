"""The spaces for one question: which fit, which are to be asked about, in what order, and what each must keeps out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.judging import ASK, FITS, Tally, turn
from tempuse.matching.near import NearMiss, missing_together, near_misses
from tempuse.matching.passing import patterns, sift
from tempuse.matching.steps import steps_of
from tempuse.matching.table import USUAL, Scale, version
from tempuse.matching.wants import wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS, Wanted

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page of the spaces for a question, and what is to be said of all of them.

    Attributes:
        keys: the criteria that are looked at, in the order of KEYS.
        fits: how many fit in all; ``asks`` how many are to be asked about.
        rows: their places in the offers, those of this page: what fits before what is to be asked about.
        tiers: FITS or ASK, one a row.
        hides: by must, how many more would be listed if it were a wish only.
        steps: by must that is a number, the question at the next round values, and how many more each would list.
        near: what would have to change for single spaces, the smallest change first.
        lost: by must, how many spaces fail it at all; only where nothing fits.
        failing: the first of the smallest sets of musts that no space has together; only where nothing fits.
        version: of the criteria.
    """

    keys: tuple[str, ...]
    fits: int
    asks: int
    rows: Rows
    tiers: NDArray[np.uint8]
    hides: Mapping[str, int]
    steps: Mapping[str, list[tuple[Wanted, int]]]
    near: tuple[NearMiss, ...]
    lost: Mapping[str, int]
    failing: tuple[str, ...]
    version: str


def rank(
    offers: Offers, wanted: Wanted, today: date, scale: Scale = USUAL, *,
    count: int = 30, offset: int = 0, most_near: int = 10, never_offer: frozenset[str] = frozenset(),
) -> Ranking:  # fmt: skip
    """The spaces for one question.

    Args:
        offers: the spaces that may be asked for.
        wanted: the question.
        today: in the city's time zone.
        scale: how the city weighs.
        count: how many of them; ``offset`` after how many.
        most_near: how many near misses at most.
        never_offer: keys that nobody is told to do without, beside those of ``wanted.NEVER_OFFERED``.
    """
    asked = wants([wanted], today, scale)
    found = sift(offers, asked, 0)
    tier = found.tally.tier(int(asked.total[0]), scale.enough)
    numbers = offers.number[found.listed]
    best = ordered(found.tally, tier, int(asked.total[0]), turn(numbers, today), offset + count)[offset:]
    by_pattern = None if len(found.listed) else patterns(offers, asked, 0)
    musts = asked.musts_of(0)
    return Ranking(
        keys=tuple(KEYS[place] for place in asked.keys_of(0)),
        fits=int(np.count_nonzero(tier == FITS)),
        asks=int(np.count_nonzero(tier == ASK)),
        rows=found.listed[best],
        tiers=tier[best],
        hides={KEYS[place]: len(found.single[place]) for place in musts},
        steps=steps_of(offers, asked, wanted, {KEYS[place]: rows for place, rows in found.single.items()}),
        near=near_misses(offers, asked, wanted, found.single, by_pattern, never_offer, most_near),
        lost={} if by_pattern is None else _lost(by_pattern, musts),
        failing=() if by_pattern is None else missing_together(by_pattern, musts),
        version=version(scale),
    )


def ordered(tally: Tally, tier: NDArray[np.uint8], total: int, turns: Rows, most: int) -> Rows:
    """The places of the best, in order: all are looked at before any is left out."""
    lead, known = tally.lead(), tally.completeness(total)
    every = np.arange(len(lead))
    if most < len(lead):
        # Two numbers tell the order of any two: tier and lead, then completeness and turn.
        first = (tier.astype(np.int64) << 40) - lead
        bound = np.partition(first, most - 1)[most - 1] if most else first.min() - 1
        sure, even = every[first < bound], every[first == bound]
        second = (-known[even] << 32) + turns[even]
        left = most - len(sure)
        every = np.concatenate([sure, even[np.argpartition(second, left - 1)[:left]] if 0 < left < len(even) else even])
    return every[np.lexsort((turns[every], -known[every], -lead[every], tier[every]))][:most]


def _lost(by_pattern: NDArray[np.uint32], musts: list[int]) -> dict[str, int]:
    return {KEYS[place]: int(np.count_nonzero(by_pattern >> place & 1)) for place in musts}
