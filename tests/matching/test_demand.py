"""What is looked for against what there is."""

from __future__ import annotations

from datetime import date, timedelta

from tempuse import matching
from tempuse.vocabulary import Facility
from tempuse.wanted import Wanted
from tests.matching.columns import of, spaces

TODAY = date(2027, 1, 15)
POWER, TOILETS = Facility.POWER.flag, Facility.TOILETS.flag


def test_who_finds_nothing_what_nobody_can_use_and_what_is_to_be_asked_first() -> None:
    these = spaces(
        {"yes": POWER | TOILETS, **of(90)}, {"yes": POWER, **of(90)}, {"yes": TOILETS, "no": POWER, **of(30)},
    )  # fmt: skip
    small = Wanted(area_least_m2=60, facilities=("power", "toilets"))
    huge = Wanted(area_least_m2=5000)
    also = Wanted(area_least_m2=80, facilities=("toilets",))
    found = matching.demand_of(these, [small, huge, also], TODAY)
    assert found.listed == [2, 0, 2]
    assert found.wanted_by == [2, 2, 0]
    assert [(each.pick, each.failing) for each in found.unmet] == [(1, ("size",))]
    assert found.unused == {2: {"size": 2}}
    assert [(each.key, each.spaces, each.questions) for each in found.open] == [("facility:toilets", 1, 2)]


def test_what_stands_in_nobodys_first_ten_is_told_with_what_speaks_for_others() -> None:
    old = (TODAY - timedelta(90)).toordinal()
    better = [{**of(90), "surroundings": 0, "shown_since": old}] * 10
    loud, new = ({**of(90), "surroundings": 2, "shown_since": since} for since in (old, old + 1))
    none = {**of(20), "shown_since": old}
    asked = [Wanted(area_least_m2=60, quiet=True), Wanted(area_least_m2=80, quiet=True), Wanted(area_least_m2=500)]
    found = matching.demand_of(spaces(*better, loud, new, none), asked, TODAY)
    assert (found.many_behind, found.behind) == (1, {10: {"quiet": 2}})
    assert 12 in found.unused
    everybody = matching.demand_of(spaces(*better[1:], loud, new, none), asked, TODAY)
    assert (everybody.many_behind, everybody.behind) == (0, {})


def test_without_questions_or_spaces_nothing_is_said() -> None:
    assert matching.demand_of(spaces(), [Wanted(area_least_m2=60)], TODAY).listed == [0]
    assert matching.demand_of(spaces({}), [], TODAY).unused == {}
