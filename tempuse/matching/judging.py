"""Spaces judged by a question, and questions by a space: score, how complete it is, the tier, and the order.

What speaks for a pair is kept apart from what speaks against it, and both from what is not known. *Lead* orders:
what speaks for it less what speaks against it; a score of little knowledge stands above nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL
from tempuse.matching.pairs import Pairs
from tempuse.matching.table import USUAL, Scale
from tempuse.matching.wants import Wants, wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS, Wanted
from tempuse.weights import ENOUGH

FITS, ASK, NEAR = 0, 1, 2
# Odd, as every step of the mixing below can be undone: no two refs of a day have the same turn.
_DAY_STEP, _MIX = 2_654_435_761, (0x85EBCA6B, 0xC2B2AE35)

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """What speaks for pairs and against them, in thousandths of thousandths, and whether a must fails or is open."""

    good: Longs
    bad: Longs
    fails: NDArray[np.bool_]
    opens: NDArray[np.bool_]

    @classmethod
    def of(cls, count: int, good: int = 0) -> Tally:
        """Of so many pairs nothing yet; or all of ``good``, which is to be taken away."""
        return cls(
            np.full(count, good, np.int64), np.zeros(count, np.int64), np.zeros(count, bool), np.zeros(count, bool)
        )

    @classmethod
    def joined(cls, parts: Sequence[Tally]) -> Tally:
        """Several one after the other."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def add(self, at: Any, lo: Longs, hi: Longs, weight: Any, must: Any) -> None:
        """Take in what a criterion answers for the pairs at some places."""
        self.good[at] += weight * lo
        self.bad[at] += weight * (FULL - hi)
        self.fails[at] |= must & (hi < FULL)
        self.opens[at] |= must & (lo < FULL)

    def lead(self) -> Longs:
        """What orders."""
        return self.good - self.bad

    def score(self) -> Longs:
        """What speaks for it among what is known, in thousandths; -1 where nothing is."""
        known = self.good + self.bad
        return np.where(known > 0, FULL * self.good // np.maximum(known, 1), -1)

    def completeness(self, total: Any) -> Longs:
        """How much of what is asked is known, in thousandths; all of it where nothing is asked."""
        return np.where(total > 0, (self.good + self.bad) // np.maximum(total, 1), FULL)

    def tier(self, total: Any, enough: int = ENOUGH) -> NDArray[np.uint8]:
        """FITS, ASK or, where a must fails, NEAR."""
        asks = self.opens | (self.completeness(total) < enough)
        return np.where(self.fails, NEAR, np.where(asks, ASK, FITS)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every space judged by one question; n spaces, k criteria.

    Attributes:
        keys: the criteria that are looked at, in the order of KEYS.
        musts: bool, which are musts, shape (k,); ``weights`` thousandths.
        lo: int16, thousandths that are certain, shape (k, n); ``hi`` those that may still turn out.
        tier: uint8, FITS, ASK or NEAR, shape (n,).
        lead: int64, what orders.
        score: int64, thousandths, -1 where nothing is known; ``completeness`` likewise.
        turn: int64, where it stands among equals today.
    """

    keys: tuple[str, ...]
    musts: NDArray[np.bool_]
    weights: NDArray[np.int32]
    lo: NDArray[np.int16]
    hi: NDArray[np.int16]
    tier: NDArray[np.uint8]
    lead: Longs
    score: Longs
    completeness: Longs
    turn: Longs

    def order(self) -> Longs:
        """The places of all spaces, best first."""
        return np.lexsort((self.turn, -self.completeness, -self.lead, self.tier))


@dataclass(frozen=True, slots=True)
class JudgedNeeds:
    """Every question judged by one space; m questions. As Judged, but for all of KEYS: each question asks its own.

    Attributes:
        asked: bool, which criteria a question looks at, shape (len(KEYS), m); ``lo`` and ``hi`` are -1 elsewhere.
    """

    asked: NDArray[np.bool_]
    musts: NDArray[np.bool_]
    weights: NDArray[np.int32]
    lo: NDArray[np.int16]
    hi: NDArray[np.int16]
    tier: NDArray[np.uint8]
    lead: Longs
    score: Longs
    completeness: Longs


def turn(number: NDArray[np.integer[Any]], today: date) -> Longs:
    """Where refs of these numbers stand among equals: for everybody the same today, tomorrow quite another.

    Args:
        number: shape (n,), below 2**32.
        today: in the city's time zone.
    """
    mixed = number.astype(np.uint32) ^ np.uint32(today.toordinal() * _DAY_STEP % 2**32)
    for factor, shift in zip(_MIX, (16, 13), strict=True):
        mixed = (mixed ^ mixed >> np.uint32(shift)) * np.uint32(factor)
    return (mixed ^ mixed >> np.uint32(16)).astype(np.int64)


def judge(offers: Offers, wanted: Wanted, today: date, scale: Scale = USUAL) -> Judged:
    """Every space against one question, nothing left out.

    Args:
        offers: the spaces.
        wanted: the question.
        today: in the city's time zone.
        scale: how the city weighs.
    """
    asked, count = wants([wanted], today, scale), len(offers)
    places = asked.keys_of(0)
    lo, hi = np.empty((len(places), count), np.int16), np.empty((len(places), count), np.int16)
    tally, pairs = Tally.of(count), Pairs(offers, slice(0, count), asked, 0)
    for row, place in enumerate(places):
        lo[row], hi[row] = least, most = pairs.answer(place)
        tally.add(slice(None), least, most, int(asked.weights[place, 0]), asked.musts[place, 0])
    total = int(asked.total[0])
    return Judged(
        tuple(KEYS[place] for place in places), asked.musts[places, 0], asked.weights[places, 0], lo, hi,
        tally.tier(total, scale.enough), tally.lead(), tally.score(), tally.completeness(total),
        turn(offers.number, today),
    )  # fmt: skip


def judge_needs(offers: Offers, asked: Wants, *, row: int = 0) -> JudgedNeeds:
    """Every question against one space, by the same functions.

    Args:
        offers: one space, or several.
        asked: the questions, as of their day.
        row: which of the spaces.
    """
    lo, hi = np.full(asked.asked.shape, -1, np.int16), np.full(asked.asked.shape, -1, np.int16)
    tally = Tally.of(len(asked))
    for place, picks in enumerate(asked.asking):
        if len(picks):
            least, most = Pairs(offers, row, asked, picks).answer(place)
            lo[place, picks], hi[place, picks] = least, most
            tally.add(picks, least, most, asked.weights[place, picks], asked.musts[place, picks])
    return JudgedNeeds(
        asked.asked, asked.musts, asked.weights, lo, hi,
        tally.tier(asked.total, asked.scale.enough), tally.lead(), tally.score(), tally.completeness(asked.total),
    )  # fmt: skip
