"""What is looked for against what there is: who finds nothing, which spaces nobody can use, what to ask first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL
from tempuse.matching.judging import ASK, NEAR, judge, judge_needs, turn
from tempuse.matching.passing import sift
from tempuse.matching.ranking import ordered, rank
from tempuse.matching.table import USUAL, Scale
from tempuse.matching.wants import Wants, wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS, Wanted

Rows = NDArray[np.int64]

# Whoever looks reads so many of a list; what was shown for so many days could have been among them.
FIRST, LONG = 10, 90
MOST_BEHIND = 20


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question that no space meets.

    Attributes:
        pick: its place among the questions.
        failing: the first of the smallest sets of musts that no space has together.
        alone: by must, how many spaces it alone keeps out.
    """

    pick: int
    failing: tuple[str, ...]
    alone: dict[str, int]


@dataclass(frozen=True, slots=True)
class Open:
    """A fact that is not known: in how many spaces it keeps questions waiting, and how many questions that are."""

    key: str
    spaces: int
    questions: int


@dataclass(frozen=True, slots=True)
class Demand:
    """All questions against all spaces.

    Attributes:
        listed: by question, how many spaces fit or are to be asked about.
        wanted_by: by space, how many questions list it.
        unmet: the questions that no space meets, those of the fewest failing musts first.
        unused: by the place of a space that no question lists, the musts that alone keep questions away, and how many.
        many_behind: how many spaces are listed, were shown for LONG days, and are among nobody's first FIRST.
        behind: by the place of such a space, what speaks most for others, and of how many questions; those that most
            questions list, MOST_BEHIND of them.
        open: what is not known and keeps questions waiting, what most wait for first.
    """

    listed: list[int]
    wanted_by: list[int]
    unmet: list[Unmet]
    unused: dict[int, dict[str, int]]
    many_behind: int
    behind: dict[int, dict[str, int]]
    open: list[Open]


def demand_of(offers: Offers, asked: Sequence[Wanted], today: date, scale: Scale = USUAL) -> Demand:
    """What is looked for against what there is.

    Args:
        offers: the spaces that may be asked for.
        asked: what groups look for.
        today: in the city's time zone.
        scale: how the city weighs.
    """
    if not asked or not len(offers):
        return Demand([0] * len(asked), [0] * len(offers), [], {}, 0, {}, [])
    columns, turns = wants(list(asked), today, scale), turn(offers.number, today)
    listed, unmet, waiting = [], [], []
    wanted_by, is_first = np.zeros(len(offers), np.int64), np.zeros(len(offers), bool)
    alone: dict[int, Rows] = {}
    for pick in range(len(asked)):
        found, total = sift(offers, columns, pick), int(columns.total[pick])
        tiers = found.tally.tier(total, scale.enough)
        listed.append(len(found.listed))
        wanted_by[found.listed] += 1
        is_first[found.listed[ordered(found.tally, tiers, total, turns[found.listed], FIRST)]] = True
        waiting.append(found.listed[tiers == ASK])
        for place, rows in found.single.items():
            alone.setdefault(place, np.zeros(len(offers), np.int64))[rows] += 1
        if not len(found.listed):
            ranked = rank(offers, asked[pick], today, scale, count=0, most_near=0)
            unmet.append(Unmet(pick, ranked.failing, _most_first(ranked.hides)))
    unused = {
        row: _most_first({KEYS[place]: int(counts[row]) for place, counts in sorted(alone.items())})
        for row in np.flatnonzero(wanted_by == 0).tolist()
    }
    behind = np.flatnonzero((wanted_by > 0) & ~is_first & (offers.shown_since <= today.toordinal() - LONG))
    some = behind[np.argsort(-wanted_by[behind], kind="stable")[:MOST_BEHIND]].tolist()
    return Demand(
        listed, wanted_by.tolist(), unmet, unused, len(behind), {row: _against(offers, columns, row) for row in some},
        _open(offers, asked, columns, waiting),
    )  # fmt: skip


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: count for key, count in sorted(counts.items(), key=lambda pair: -pair[1]) if count}


def _against(offers: Offers, columns: Wants, row: int) -> dict[str, int]:
    """Of the questions that list a space, how many lose most by which criterion."""
    judged = judge_needs(offers, columns, row=row)
    lost = judged.weights.astype(np.int64) * (2 * FULL - judged.lo - judged.hi) * judged.asked
    worst = lost.argmax(axis=0)[(judged.tier != NEAR) & (lost.max(axis=0) > 0)]
    counts = np.bincount(worst, minlength=len(KEYS)).tolist()
    return _most_first(dict(zip(KEYS, counts, strict=True)))


def _open(offers: Offers, asked: Sequence[Wanted], columns: Wants, waiting: Sequence[Rows]) -> list[Open]:
    """Which musts are open among pairs that are to be asked about."""
    spaces: dict[str, set[int]] = {}
    questions: Counter[str] = Counter()
    for pick, mine in enumerate(waiting):
        judged = judge(offers.take(mine), asked[pick], columns.today, columns.scale)
        for key, must, lo in zip(judged.keys, judged.musts, judged.lo, strict=True):
            found = mine[(lo < FULL)] if must else mine[:0]
            if len(found):
                spaces.setdefault(key, set()).update(found.tolist())
                questions[key] += 1
    return [Open(key, len(spaces[key]), count) for key, count in questions.most_common()]
