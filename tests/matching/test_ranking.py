"""A list of spaces, its counts and its near misses, against the slow way: every pair by itself."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse import matching
from tempuse.matching.functions import FULL
from tempuse.offers import Offers
from tempuse.wanted import KEYS, NEVER_OFFERED, NEVER_SWITCHED, Wanted
from tests.matching.columns import TODAY
from tests.matching.crowds import crowd, pressed
from tests.matching.questions import questions

seeds = st.integers(0, 10_000)
wanteds = seeds.map(pressed) | questions()
few = settings(max_examples=40, deadline=None)
EVERY = 1000


def listed(offers: Offers, wanted: Wanted) -> set[int]:
    return set(np.flatnonzero(matching.judge(offers, wanted, TODAY).tier < matching.NEAR).tolist())


def failed_sets(offers: Offers, wanted: Wanted) -> list[frozenset[str]]:
    judged = matching.judge(offers, wanted, TODAY)
    fails = (judged.hi < FULL) & judged.musts[:, None]
    return [frozenset(np.array(judged.keys)[column]) for column in fails.T]


@few
@given(seeds, wanteds)
def test_a_list_is_the_order_of_all_and_pages_cut_it(seed: int, wanted: Wanted) -> None:
    offers = crowd(120, seed)
    judged = matching.judge(offers, wanted, TODAY)
    every = [row for row in judged.order().tolist() if judged.tier[row] < matching.NEAR]
    whole = matching.rank(offers, wanted, TODAY, count=EVERY)
    assert whole.rows.tolist() == every
    assert whole.tiers.tolist() == judged.tier[every].tolist() == sorted(whole.tiers.tolist())
    assert (whole.fits, whole.asks) == tuple(int((judged.tier == tier).sum()) for tier in (matching.FITS, matching.ASK))
    for size in (1, 7):
        pages = [matching.rank(offers, wanted, TODAY, count=size, offset=at) for at in range(0, len(every) + 1, size)]
        assert [row for page in pages for row in page.rows.tolist()] == every


@few
@given(seeds, wanteds)
def test_what_a_must_hides_is_what_would_come_without_it(seed: int, wanted: Wanted) -> None:
    offers = crowd(150, seed)
    ranking, before = matching.rank(offers, wanted, TODAY), listed(offers, wanted)
    alone = failed_sets(offers, wanted)
    assert set(ranking.hides) == set(wanted.must_keys)
    for key, hidden in ranking.hides.items():
        assert hidden == sum(failed == {key} for failed in alone)
        if key not in NEVER_SWITCHED:
            assert hidden == len(listed(offers, wanted.without(key)) - before), key


@few
@given(seeds, wanteds)
def test_a_step_loses_nothing_and_brings_what_it_says(seed: int, wanted: Wanted) -> None:
    offers = crowd(150, seed)
    before = listed(offers, wanted)
    for key, steps in matching.rank(offers, wanted, TODAY).steps.items():
        counts = []
        for changed, more in steps:
            after = listed(offers, changed)
            assert before <= after
            # A later start may let a later free stretch count, too: then there are more than were said.
            assert len(after - before) == more or (key == "start" and len(after - before) > more), key
            counts.append(more)
        if key != "size":
            assert counts == sorted(counts)


@few
@given(seeds, wanteds, st.frozensets(st.sampled_from(KEYS), max_size=4))
def test_a_near_miss_is_true_the_cheapest_and_never_what_must_not_be_offered(
    seed: int, wanted: Wanted, never: frozenset[str]
) -> None:
    offers = crowd(150, seed)
    before = listed(offers, wanted)
    near = matching.rank(offers, wanted, TODAY, never_offer=never, most_near=EVERY).near
    alone = failed_sets(offers, wanted)
    for miss in near:
        changed = {each.key for each in miss.changes}
        assert changed == alone[miss.row]
        assert not changed & (NEVER_OFFERED | never)
        assert {miss.row} | before <= listed(offers, miss.wanted)
        assert set(miss.wanted.must_keys) >= set(wanted.must_keys) - changed, "nothing else became a wish"
    assert [miss.cost for miss in near] == sorted(miss.cost for miss in near)
    assert len({len(miss.changes) for miss in near}) <= 1
    if not before and not near:
        return
    # Every single miss that a number or a facility away is told, and none is cheaper than the first.
    told = {miss.row for miss in near}
    judged = matching.judge(offers, wanted, TODAY)
    for row, failed in enumerate(alone):
        if len(failed) == 1 and not failed & (NEVER_OFFERED | never):
            (key,) = failed
            is_near = key == "kind" or key.startswith("facility:") or judged.hi[judged.keys.index(key), row] > 0
            assert (row in told) == is_near or key in ("hours", "size", "term"), key
    shorter = matching.rank(offers, wanted, TODAY, never_offer=never, most_near=3).near
    assert shorter == near[:3]


@few
@given(seeds, wanteds)
def test_the_failing_set_is_the_smallest_that_nothing_has(seed: int, wanted: Wanted) -> None:
    offers = crowd(25, seed)
    ranking, failed = matching.rank(offers, wanted, TODAY), failed_sets(offers, wanted)
    if ranking.fits + ranking.asks:
        assert (ranking.failing, ranking.lost) == ((), {})
        return

    def has_none(some: tuple[str, ...]) -> bool:
        return all(each & set(some) for each in failed)

    every = (some for count in range(9) for some in itertools.combinations(wanted.must_keys, count))
    assert ranking.failing == next(filter(has_none, every))
    assert ranking.lost == {key: sum(key in each for each in failed) for key in wanted.must_keys}


@few
@given(seeds, wanteds, st.randoms(use_true_random=False))
def test_a_list_depends_neither_on_the_order_of_the_spaces_nor_on_others(
    seed: int, wanted: Wanted, chance: Any
) -> None:
    offers = crowd(100, seed)
    shuffled = np.array(chance.sample(range(100), 100))
    ranked = matching.rank(offers, wanted, TODAY, count=EVERY)
    again = matching.rank(offers.take(shuffled), wanted, TODAY, count=EVERY)
    assert shuffled[again.rows].tolist() == ranked.rows.tolist()
    assert (again.hides, again.failing) == (ranked.hides, ranked.failing)
    some = np.sort(shuffled[:50])
    fewer = matching.rank(offers.take(some), wanted, TODAY, count=EVERY)
    assert some[fewer.rows].tolist() == [row for row in ranked.rows.tolist() if row in set(some.tolist())]


@few
@given(seeds, st.lists(wanteds, min_size=1, max_size=8), st.integers(1, 12))
def test_a_sweep_lists_what_each_list_has_in_either_direction(seed: int, wanted: list[Wanted], count: int) -> None:
    offers, asked = crowd(count, seed), matching.wants(wanted, TODAY)
    expected = {
        (row, pick): int(tier)
        for pick, each in enumerate(wanted)
        for row, tier in enumerate(matching.judge(offers, each, TODAY).tier.tolist())
        if tier < matching.NEAR
    }
    hits = matching.sweep(offers, asked)
    found = dict(zip(zip(hits.rows.tolist(), hits.picks.tolist(), strict=True), hits.tiers.tolist(), strict=True))
    assert found == expected
    assert list(found) == sorted(found)
