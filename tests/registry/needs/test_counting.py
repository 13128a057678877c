"""How many groups look for such a space: by use, kind, size and district alone, in steps, once a night."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tempuse import questions
from tempuse.access import SYSTEM
from tempuse.needs import Need
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking
from tempuse.registry.needs.changing import edit_need, move_need
from tempuse.registry.needs.counting import count_sought
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import published, spaces
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tempuse.wanted import Wanted
from tests.builders import a_district, a_place, a_space
from tests.needing import a_need, looking

WORKSHOP = Wanted(uses=("workshop",))


def told(con: Connection, ref: str) -> Any:
    """What everybody reads of a space's count."""
    text = published.feature(con, "spaces", ref)
    con.rollback()
    return json.loads(text or "{}").get("properties", {}).get("sought_by")


def groups(con: Connection, now: datetime, count: int, wanted: Wanted = WORKSHOP, start: int = 0) -> list[str]:
    """So many groups that look for the same."""
    numbers = range(start, start + count)
    return [
        looking(con, now, a_need(wanted), group=f"Group {each}", email=f"g{each}@example.org") for each in numbers
    ]  # fmt: skip


def a_loft(con: Connection, now: datetime, **values: Any) -> str:
    return add_space(con, SYSTEM, a_space(**{"kind": "unit", "suitable_uses": ("workshop",), **values}), now)


def test_it_is_told_in_steps_from_three_on(con: Connection, now: datetime) -> None:
    ref = a_loft(con, now)
    said = []
    for number in range(12):
        groups(con, now, 1, start=number)
        assert told(con, ref) == (said[-1] if said else None), "not before the night"
        count_sought(con, SYSTEM, now)
        said.append(told(con, ref))
    assert said == [None, None, 3, 3, 5, 5, 5, 5, 5, 10, 10, 10]
    assert checking.check_register(con, now) == []


@pytest.mark.parametrize(
    ("space", "wanted", "counts"),
    [
        ({}, {}, True), ({"suitable_uses": ("office",)}, {}, False), ({"suitable_uses": ()}, {}, False),
        ({}, {"kinds": ("plot", "unit")}, True), ({}, {"kinds": ("plot",)}, False),
        ({"floor_area_m2": 99.0}, {"area_least_m2": 60}, True), ({"floor_area_m2": 51.0}, {"area_least_m2": 99}, True),
        ({"floor_area_m2": 49.0}, {"area_least_m2": 60}, False), ({}, {"area_least_m2": 60}, False),
        ({"floor_area_m2": 400.0}, {"area_most_m2": 120}, False),
        ({"floor_area_m2": 190.0}, {"area_most_m2": 120}, True),
        ({}, {"districts": ("AR-0002", "AR-0001")}, True), ({}, {"districts": ("AR-0002",)}, False),
        ({"location_level": "hidden"}, {"districts": ("AR-0001",)}, False), ({"location_level": "hidden"}, {}, True),
        ({}, {"near": (10.0, 50.0), "within_m": 50, "budget_month_cents": 0, "facilities": ("power",)}, True),
    ],
)  # fmt: skip
def test_what_counts_is_use_kind_band_and_district(
    con: Connection, now: datetime, space: dict[str, Any], wanted: dict[str, Any], counts: bool
) -> None:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district(), a_district("Quay", 3.75)], now)
    ref = a_loft(con, now, **space)
    groups(con, now, 3, replace(WORKSHOP, **wanted))
    count_sought(con, SYSTEM, now)
    assert told(con, ref) == (3 if counts else None)


def test_a_group_counts_once_while_it_looks_and_wants_to_be_known(con: Connection, now: datetime) -> None:
    ref = a_loft(con, now)
    first, second, third = groups(con, now, 3)
    assert count_sought(con, SYSTEM, now) == 1
    assert count_sought(con, SYSTEM, now) == 0
    changes: list[tuple[Any, Any]] = [
        (lambda: move_need(con, SYSTEM, first, "withdraw", now), lambda: move_need(con, SYSTEM, first, "reopen", now)),
        (lambda: edit_need(con, SYSTEM, second, {"unlisted": True}, now),
         lambda: edit_need(con, SYSTEM, second, {"unlisted": False}, now)),
        (lambda: edit_need(con, SYSTEM, third, {"question": "use=shelter,workshop"}, now),
         lambda: edit_need(con, SYSTEM, third, {"question": questions.text_of(WORKSHOP)}, now)),
    ]  # fmt: skip
    for gone, back in changes:
        gone()
        assert (count_sought(con, SYSTEM, now), told(con, ref)) == (1, None)
        back()
        assert (count_sought(con, SYSTEM, now), told(con, ref)) == (1, 3)
    assert (count_sought(con, SYSTEM, now + timedelta(days=400)), told(con, ref)) == (1, None), "nobody is heard of"
    twice: Need = a_need(WORKSHOP)
    looking(con, now, twice, group="Group 0", email="g0@example.org")
    assert count_sought(con, SYSTEM, now) == 1


def test_a_city_may_tell_nothing_and_what_nobody_sees_says_nothing(con: Connection, now: datetime) -> None:
    ref, other = a_loft(con, now), a_loft(con, now, name="Barn", geometry=a_place(0.01))
    groups(con, now, 3)
    assert count_sought(con, SYSTEM, now) == 2
    before = spaces.get(con, ref)
    con.rollback()
    assert (before.revision, before.updated_at) == (1, now)
    setup.change_settings(con, SYSTEM, {"public_need_counts": "never"}, now)
    assert (told(con, ref), told(con, other)) == (None, None)
    setup.change_settings(con, SYSTEM, {"public_need_counts": "nightly"}, now)
    assert told(con, ref) == 3
    move_space(con, SYSTEM, other, "withhold", now)
    assert count_sought(con, SYSTEM, now) == 1
    edit_space(con, SYSTEM, ref, {"suitable_uses": ("office",)}, now)
    assert told(con, ref) == 3, "until the next night"
    setup.change_settings(con, SYSTEM, {"public_need_counts": "never"}, now)
    assert count_sought(con, SYSTEM, now) == 1
    assert checking.check_register(con, now) == []
