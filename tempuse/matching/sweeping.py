"""Which of some spaces are listed for which of many questions: tiers alone, for watches that wait and for counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL
from tempuse.matching.judging import Tally
from tempuse.matching.pairs import Pairs
from tempuse.matching.passing import sift
from tempuse.matching.wants import Wants
from tempuse.offers import Offers


class Hits(NamedTuple):
    """Pairs that are listed, by place in the offers and then by place in the questions.

    Attributes:
        rows: places in the offers; ``picks`` in the questions.
        tiers: FITS or ASK.
    """

    rows: NDArray[np.int64]
    picks: NDArray[np.int64]
    tiers: NDArray[np.uint8]


def sweep(offers: Offers, asked: Wants) -> Hits:
    """Every pair of a space and a question in which no must fails, in whichever direction is less work.

    Args:
        offers: the spaces, such as those that changed.
        asked: the questions, as of their day.
    """
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]] = []
    if len(offers) <= len(asked):
        for row in range(len(offers)):
            picks, tiers = _of_space(offers, row, asked)
            parts.append((np.full(len(picks), row, np.int64), picks, tiers))
    else:
        for pick in range(len(asked)):
            found = sift(offers, asked, pick)
            tiers = found.tally.tier(int(asked.total[pick]), asked.scale.enough)
            parts.append((found.listed, np.full(len(tiers), pick, np.int64), tiers))
    if not parts:
        return Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8))
    rows, picks, tiers = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((picks, rows))
    return Hits(rows[order], picks[order], tiers[order])


def _of_space(offers: Offers, row: int, asked: Wants) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The questions that list one space, and how; what speaks for it is asked of those alone that it does not fail."""
    stays = np.ones(len(asked), bool)
    for place, bound in enumerate(asked.bound):
        picks = bound[stays[bound]]
        if len(picks):
            hi = Pairs(offers, row, asked, picks).answer(place)[1]
            stays[picks[np.broadcast_to(hi, len(picks)) < FULL]] = False
    listed = np.flatnonzero(stays)
    tally = Tally.of(len(listed))
    for place in range(len(asked.asked)):
        at = np.flatnonzero(asked.asked[place, listed])
        if len(at):
            picks = listed[at]
            lo, hi = Pairs(offers, row, asked, picks).answer(place)
            tally.add(at, lo, hi, asked.weights[place, picks], asked.musts[place, picks])
    return listed, tally.tier(asked.total[listed], asked.scale.enough)
