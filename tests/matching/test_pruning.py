"""What is left out on the way is nothing that would have been told: lists and near misses against those of all pairs.

Small crowds are judged by the functions themselves (``passing._FEW``) and all their near misses are looked at; here are
so many spaces that what surely fails or is surely met is told from few columns, whole blocks are passed over, and of
those that miss by one must the nearest alone are looked at.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse import matching
from tempuse.matching.functions import FULL
from tempuse.matching.nearest import closest
from tempuse.matching.pairs import Pairs
from tempuse.offers import BLOCK, Offers
from tempuse.wanted import KEYS, Wanted
from tests.matching.columns import TODAY, rows, spaces
from tests.matching.crowds import crowd, pressed
from tests.matching.questions import questions

CROWD = crowd(2500, 21, rare=0.05)
TOWN = crowd(BLOCK + 2000, 22, wide=1.5)
wanteds = st.integers(0, 10_000).map(pressed) | questions()


def loose(wanted: Wanted) -> Wanted:
    """The same with all that may be a wish as a wish: most spaces are listed."""
    return dataclasses.replace(wanted, musts=frozenset(), nices=frozenset(wanted.asked))


def by_all_pairs(offers: Offers, wanted: Wanted) -> tuple[list[int], dict[str, int], matching.Judged]:
    """The whole list in its order and what each must hides, of every pair by itself."""
    judged = matching.judge(offers, wanted, TODAY)
    order = judged.order()
    failed = (judged.hi < FULL) & judged.musts[:, None]
    alone = failed.sum(axis=0) == 1
    hides = {key: int((failed[at] & alone).sum()) for at, key in enumerate(judged.keys) if judged.musts[at]}
    return order[judged.tier[order] < matching.NEAR].tolist(), hides, judged


def check_list(offers: Offers, wanted: Wanted) -> None:
    every, hides, judged = by_all_pairs(offers, wanted)
    whole = matching.rank(offers, wanted, TODAY, count=len(offers))
    assert whole.rows.tolist() == every
    assert whole.tiers.tolist() == judged.tier[every].tolist()
    assert whole.hides == hides
    few = matching.rank(offers, wanted, TODAY, count=30, offset=10)
    assert few.rows.tolist() == every[10:40]
    assert few.near == matching.rank(offers, wanted, TODAY, most_near=len(offers)).near[:10]


@settings(max_examples=25, deadline=None)
@given(wanteds)
def test_a_list_is_that_of_all_pairs(wanted: Wanted) -> None:
    check_list(CROWD, wanted)
    check_list(CROWD, loose(wanted))


@pytest.mark.parametrize("seed", range(4))
def test_blocks_that_are_passed_over_hold_nothing_that_is_listed(seed: int) -> None:
    check_list(TOWN, pressed(seed, placed=True, wide=1.5))


few_or_many = st.lists(rows(), min_size=8, max_size=16).map(lambda told: spaces(*told)) | st.builds(
    crowd, st.just(600), st.integers(0, 10_000), wide=st.sampled_from([0.05, 0.2]), rare=st.just(0.1)
)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of six hundred spaces
@settings(max_examples=60, deadline=None)
@given(few_or_many, wanteds, st.integers(1, 6))
def test_the_nearest_are_among_those_that_are_looked_at(offers: Offers, wanted: Wanted, most: int) -> None:
    """The order is that of the thousandths that the functions answer, and of equals that of the day."""
    asked = matching.wants([wanted], TODAY)
    for place in asked.musts_of(0):
        hi = np.broadcast_to(Pairs(offers, slice(0, len(offers)), asked, 0).answer(place)[1], len(offers))
        missed = np.flatnonzero(hi < FULL)
        is_crisp = KEYS[place] == "kind" or KEYS[place].startswith("facility:")
        near = missed if is_crisp else missed[hi[missed] > 0]
        lost = np.zeros(len(near)) if is_crisp else -hi[near]
        first = near[np.lexsort((matching.turn(offers.number[near], TODAY), lost))][:most]
        assert set(first.tolist()) <= set(closest(offers, asked, place, missed, most).tolist()), KEYS[place]
