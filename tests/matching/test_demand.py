"""What is looked for against what there is."""

from __future__ import annotations

from datetime import date

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


def test_without_questions_or_spaces_nothing_is_said() -> None:
    assert matching.demand_of(spaces(), [Wanted(area_least_m2=60)], TODAY).listed == [0]
    assert matching.demand_of(spaces({}), [], TODAY).unused == {}
