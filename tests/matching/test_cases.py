"""What goes wrong elsewhere, each as a case: unknown facts, edges of bands, squares, days, choirs, hidden costs."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import numpy as np

from tempuse import matching
from tempuse.matching import Concession, Ranking
from tempuse.offers import Offers
from tempuse.vocabulary import Facility
from tempuse.wanted import Wanted
from tests.matching.columns import HAS, HERE, KIND, TODAY, day, north_of_here, of, spaces
from tests.matching.crowds import crowd, pressed

TUESDAY = 0b111 << 43  # 19 to 22
WEDNESDAY = TUESDAY << 24
NINE = [each.value for each in Facility][:9]


def tiers(offers: Offers, wanted: Wanted) -> list[int]:
    return matching.judge(offers, wanted, TODAY).tier.tolist()


def ranked(offers: Offers, wanted: Wanted, **asked: Any) -> Ranking:
    return matching.rank(offers, wanted, TODAY, **asked)


def changes(ranking: Ranking) -> list[tuple[int, tuple[Concession, ...]]]:
    return [(miss.row, miss.changes) for miss in ranking.near]


def test_a_must_that_nobody_knows_is_asked_about() -> None:
    toilets = HAS["toilets"]
    ranking = ranked(spaces({"yes": toilets}, {}, {"no": toilets}), Wanted(facilities=("toilets",)))
    assert (ranking.rows.tolist(), ranking.tiers.tolist()) == ([0, 1], [matching.FITS, matching.ASK])
    assert changes(ranking) == [(2, (Concession("facility:toilets", None),))]
    assert ranking.hides["facility:toilets"] == 1
    assert tiers(spaces({"yes": toilets}, {"no": toilets}), Wanted(facilities=("toilets",))) == [0, 2]


def test_one_known_good_fact_is_no_match_of_a_hundred() -> None:
    """Ten things of one weight: who is known in one of them is below who has nine and a half."""
    wanted = Wanted(facilities=tuple(NINE), quiet=True, nices=frozenset(f"facility:{each}" for each in NINE))
    lively = {"yes": sum(HAS[each] for each in NINE), "surroundings": 1}
    weights = {**{f"facility:{each}": 1 for each in NINE}, "quiet": 1}
    offers = spaces({"yes": HAS[NINE[0]]}, lively)
    judged = matching.judge(offers, wanted, TODAY, matching.Scale(weights))
    assert judged.order().tolist() == [1, 0]
    assert judged.tier.tolist() == [matching.ASK, matching.FITS]
    assert judged.score[0] == 1000
    assert judged.score[1] > 880  # nine facilities weigh as much as four
    assert [reason.state for reason in matching.reasons(offers, 0, wanted, TODAY)].count("open") == 9
    several = Wanted(quiet=True, works="none", themes=("culture",), budget_start_cents=100)
    told = {"surroundings": 1, "condition": 0, "favoured": 1, "start_high": 0}
    judged = matching.judge(spaces(told), several, TODAY)
    assert judged.score.tolist() == [1000 * (3 * 1000 + 500) // 4000]


def test_the_upper_end_of_a_band_is_no_longer_of_it() -> None:
    offers = spaces(of(20, 50), of(50, 100))
    assert tiers(offers, Wanted(area_least_m2=50)) == [matching.NEAR, matching.FITS]
    assert tiers(offers, Wanted(area_least_m2=100)) == [matching.NEAR, matching.NEAR]
    assert changes(ranked(spaces(of(48)), Wanted(area_least_m2=60))) == [(0, (Concession("size", 48),))]
    assert changes(ranked(spaces(of(48.9)), Wanted(area_least_m2=60))) == [(0, (Concession("size", 48),))]
    assert changes(ranked(spaces(of(130.2)), Wanted(area_most_m2=120))) == [(0, (Concession("size", 131),))]


def test_ten_metres_farther_are_a_hundred_and_a_square_is_asked_about() -> None:
    wanted = Wanted(near=HERE, within_m=2000)
    ranking = ranked(spaces(north_of_here(2010), {**north_of_here(1900), "spread": 353.55}), wanted)
    assert (ranking.rows.tolist(), ranking.asks) == ([1], 1)
    assert changes(ranking) == [(0, (Concession("place", 2100),))]


def test_one_day_late_is_one_day_late() -> None:
    wanted = Wanted(starts_by=date(2027, 3, 1))
    late = {"from_low": day(2027, 3, 2), "from_high": day(2027, 3, 2)}
    assert changes(ranked(spaces(late), wanted)) == [(0, (Concession("start", date(2027, 3, 2)),))]
    may = {"from_low": day(2027, 5, 3), "from_high": day(2027, 5, 3)}
    assert changes(ranked(spaces(may), wanted)) == [(0, (Concession("start", date(2027, 5, 31)),))]
    year = Wanted(starts_on=date(2028, 2, 28), starts_by=date(2028, 2, 28), term_months=12)
    offers = spaces({"until": day(2029, 2, 27)}, {"until": day(2029, 2, 26)})
    assert tiers(offers, year) == [matching.FITS, matching.NEAR]
    assert changes(ranked(offers, year)) == [(1, (Concession("term", 365),))]
    nine = ranked(spaces({"until": day(2028, 11, 30)}), year).near[0]
    assert (nine.wanted.term_months, nine.wanted.is_must("term")) == (9, True)


def test_a_later_stretch_counts_when_it_begins_in_time() -> None:
    told = {"until": day(2027, 2, 10), "further": [(day(2027, 3, 15), day(2028, 6, 1))]}
    wanted = Wanted(starts_on=date(2027, 3, 1), starts_by=date(2027, 4, 1), term_months=12, musts=frozenset({"term"}))
    assert tiers(spaces(told), wanted) == [matching.FITS]
    assert tiers(spaces(told), dataclasses.replace(wanted, starts_by=date(2027, 3, 14))) == [matching.NEAR]


def test_a_choir_takes_its_evening_only() -> None:
    choir = spaces({"shared": 1, "taken": TUESDAY})
    for hours, tier in ((TUESDAY & TUESDAY << 1, matching.NEAR), (WEDNESDAY, matching.FITS), (0, matching.NEAR)):
        assert tiers(choir, Wanted(hours=hours)) == [tier]
        assert tiers(spaces({"shared": 2}), Wanted(hours=hours)) == [matching.ASK]
    both = ranked(choir, Wanted(hours=TUESDAY | WEDNESDAY))
    assert changes(both) == [(0, (Concession("hours", WEDNESDAY),))]
    said = {reason.key: reason for reason in matching.reasons(choir, 0, Wanted(), TODAY)}
    assert (said["hours"].state, said["hours"].lo, said["hours"].values["taken"]) == ("partly", 982, TUESDAY)
    assert [each.key for each in matching.reasons(spaces({}), 0, Wanted(), TODAY)] == []


def test_free_without_knowing_the_running_costs_is_not_free() -> None:
    nothing = Wanted(budget_month_cents=0)
    assert tiers(spaces({}, {"cost_high": 0}), nothing) == [matching.ASK, matching.FITS]
    year = {"cost_low": 15_000, "cost_high": 15_000}
    assert tiers(spaces(year), Wanted(budget_month_cents=15_000)) == [matching.FITS]
    near = ranked(spaces(year), Wanted(budget_month_cents=14_900))
    assert changes(near) == [(0, (Concession("cost", 15_000),))]


def test_what_nothing_can_meet_is_named_with_what_loses_most() -> None:
    phase, far = HAS["three_phase_power"], north_of_here(9000)
    told = [{"kind": KIND.index("plot"), "no": phase}] * 3 + [{"kind": KIND.index("plot"), "yes": phase, **far}]
    wanted = Wanted(kinds=("plot",), facilities=("three_phase_power",), near=HERE, within_m=500)
    ranking = ranked(spaces(*told), wanted)
    assert (ranking.fits, ranking.asks) == (0, 0)
    assert ranking.failing == ("place", "facility:three_phase_power")
    assert max(ranking.lost, key=lambda key: ranking.lost[key]) == "facility:three_phase_power"
    assert {key: count for key, count in ranking.hides.items() if count} == {
        "place": 1,
        "facility:three_phase_power": 3,
    }
    assert {each.key for miss in ranking.near for each in miss.changes} == {"facility:three_phase_power"}


def test_nobody_is_told_to_do_without_a_way_in() -> None:
    steps = {"no": HAS["step_free_access"], "yes": HAS["heating"]}
    wanted = Wanted(facilities=("step_free_access", "heating"))
    ranking = ranked(spaces(steps, {"no": HAS["step_free_access"] | HAS["heating"]}), wanted)
    assert (ranking.near, ranking.hides["facility:step_free_access"]) == ((), 1)
    assert ranking.failing == ("facility:step_free_access",)
    cold = spaces({"yes": HAS["step_free_access"], "no": HAS["heating"]})
    assert changes(ranked(cold, wanted)) == [(0, (Concession("facility:heating", None),))]
    assert ranked(cold, wanted, never_offer=frozenset({"facility:heating"})).near == ()


def test_two_things_are_suggested_only_where_one_does_not_help() -> None:
    both = {**north_of_here(2300), "from_low": day(2027, 4, 2), "from_high": day(2027, 4, 2)}
    wanted = Wanted(near=HERE, within_m=2000, starts_by=date(2027, 3, 20))
    near = ranked(spaces(both), wanted).near
    assert near[0].changes == (Concession("start", date(2027, 4, 2)), Concession("place", 2300))
    assert len(ranked(spaces(both, north_of_here(2300)), wanted).near) == 1


def test_a_newcomer_changes_no_order_and_equals_turn_by_the_day() -> None:
    offers = crowd(60, 3)
    alike = spaces(*[{}] * 60)
    first, second = (matching.rank(alike, Wanted(), TODAY, count=30, offset=at).rows.tolist() for at in (0, 30))
    assert sorted(first + second) == list(range(60))
    tomorrow = matching.rank(alike, Wanted(), date(2027, 1, 16), count=30).rows.tolist()
    assert len(set(tomorrow) & set(first)) < 25, "who was below yesterday may be above today"
    assert len(np.unique(matching.turn(np.arange(100_000), TODAY))) == 100_000
    wanted = pressed(5)
    small = offers.take(np.arange(59))
    before = ranked(small, wanted, count=100).rows.tolist()
    assert [row for row in ranked(offers, wanted, count=100).rows.tolist() if row != 59] == before


def test_both_sides_agree_on_two_hundred_needs_and_two_thousand_spaces() -> None:
    offers, questions = crowd(2000, 7), [pressed(seed) for seed in range(200)]
    asked = matching.wants(questions, TODAY)
    ours = [matching.judge(offers, each, TODAY) for each in questions]
    for row in range(0, 2000, 7):
        theirs = matching.judge_needs(offers, asked, row=row)
        assert theirs.tier.tolist() == [int(each.tier[row]) for each in ours]
        assert theirs.lead.tolist() == [int(each.lead[row]) for each in ours]
        for pick, each in enumerate(ours):
            assert theirs.lo[theirs.asked[:, pick], pick].tolist() == each.lo[:, row].tolist()
            assert theirs.hi[theirs.asked[:, pick], pick].tolist() == each.hi[:, row].tolist()


def test_a_citys_weights_count_and_nothing_weighs_more_for_being_asked_often() -> None:
    offers = spaces({"surroundings": 0}, {"start_high": 0, "start_low": 0})
    wanted = Wanted(quiet=True, budget_start_cents=0)
    assert matching.judge(offers, wanted, TODAY, matching.Scale({"quiet": 5})).order().tolist() == [0, 1]
    assert matching.judge(offers, wanted, TODAY, matching.Scale({"start_money": 5})).order().tolist() == [1, 0]
    assert matching.judge(offers, wanted, TODAY, matching.Scale({"quiet": 0})).keys == ("hours", "start_money", "terms")
    weighed = matching.weigh(Wanted(facilities=tuple(each.value for each in Facility)))
    assert sum(weight for key, weight in weighed.items() if key.startswith("facility:")) <= 4000
