"""What is looked for against what there is: who finds nothing, which spaces nobody can use, what to ask first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.functions import FULL
from tempuse.matching.judging import ASK, judge, judge_needs
from tempuse.matching.ranking import rank
from tempuse.matching.sweeping import sweep
from tempuse.matching.table import USUAL, Scale
from tempuse.matching.wants import Wants, wants
from tempuse.offers import Offers
from tempuse.wanted import KEYS, Wanted

Rows = NDArray[np.int64]


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
        open: what is not known and keeps questions waiting, what most wait for first.
    """

    listed: list[int]
    wanted_by: list[int]
    unmet: list[Unmet]
    unused: dict[int, dict[str, int]]
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
        return Demand([0] * len(asked), [0] * len(offers), [], {}, [])
    columns = wants(list(asked), today, scale)
    rows, picks, tiers = sweep(offers, columns)
    listed = np.bincount(picks, minlength=len(asked)).tolist()
    wanted_by = np.bincount(rows, minlength=len(offers)).tolist()
    unmet = []
    for pick in (place for place, count in enumerate(listed) if not count):
        found = rank(offers, asked[pick], today, scale, count=0, most_near=0)
        alone = {key: count for key, count in found.hides.items() if count}
        unmet.append(Unmet(pick, found.failing, dict(sorted(alone.items(), key=lambda pair: -pair[1]))))
    unused = {}
    for row in (place for place, count in enumerate(wanted_by) if not count):
        judged = judge_needs(offers, columns, row=row)
        fails = judged.asked & judged.musts & (judged.hi < FULL)
        single = fails[:, fails.sum(0) == 1].sum(1)
        unused[row] = {KEYS[key]: int(single[key]) for key in np.argsort(-single, kind="stable") if single[key]}
    waiting = tiers == ASK
    return Demand(listed, wanted_by, unmet, unused, _open(offers, asked, columns, rows[waiting], picks[waiting]))


def _open(offers: Offers, asked: Sequence[Wanted], columns: Wants, rows: Rows, picks: Rows) -> list[Open]:
    """Which musts are open among pairs that are to be asked about."""
    spaces: dict[str, set[int]] = {}
    questions: Counter[str] = Counter()
    for pick in np.unique(picks).tolist():
        mine = rows[picks == pick]
        judged = judge(offers.take(mine), asked[pick], columns.today, columns.scale)
        for key, must, lo in zip(judged.keys, judged.musts, judged.lo, strict=True):
            found = mine[(lo < FULL)] if must else mine[:0]
            if len(found):
                spaces.setdefault(key, set()).update(found.tolist())
                questions[key] += 1
    return [Open(key, len(spaces[key]), count) for key, count in questions.most_common()]
