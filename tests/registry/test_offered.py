"""What spaces offer, from the record to the map index: on both engines, and in the file as GDAL reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pyogrio
import pytest
from sqlalchemy import select, update

from tempuse.access import SYSTEM
from tempuse.errors import Invalid
from tempuse.facts import unpack
from tempuse.mapindex import MapIndex, empty_index
from tempuse.offers import COLUMNS, EARLY
from tempuse.publication import Publisher
from tempuse.publication.offer import offer_of
from tempuse.registry.adding import add_spaces
from tempuse.registry.care import checking
from tempuse.registry.care.mending import mend_register
from tempuse.registry.publishing import publisher, republish_due
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import published, spaces, uses
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection, Register, writing
from tempuse.store.tables import published as rows
from tempuse.terms import Hours
from tests.builders import a_place, a_space
from tests.permitting import approved, running, terms

THEN = datetime(2027, 5, 3, 8, 30, tzinfo=UTC)
EVENINGS = (Hours(weekdays=0b1010, from_minute=1140, until_minute=1320),)


def told(con: Connection, ref: str) -> dict[str, Any]:
    """What the public reads of a space."""
    text = published.feature(con, "spaces", ref)
    con.rollback()
    return dict(orjson.loads(text or "{}").get("properties", {}))


def index_of(con: Connection, now: datetime) -> MapIndex:
    index = empty_index(now.date()).changed(published.index_rows(con), published.gone(con, -1), current_seq(con))
    con.rollback()
    return index


def is_sound(con: Connection, now: datetime) -> bool:
    found = checking.check_register(con, now)
    con.rollback()
    return found == []


def test_since_when_everybody_sees_a_space_is_kept(con: Connection, now: datetime) -> None:
    later, much_later = now + timedelta(days=10), now + timedelta(days=40)
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    assert "shown_since" not in told(con, ref)
    move_space(con, SYSTEM, ref, "offer", later)
    first = later.date().isoformat()
    assert told(con, ref)["shown_since"] == first
    for level in ("cell", "hidden", "exact"):
        edit_space(con, SYSTEM, ref, {"location_level": level}, much_later)
        assert told(con, ref)["shown_since"] == first
    move_space(con, SYSTEM, ref, "withhold", much_later)
    move_space(con, SYSTEM, ref, "release", much_later)
    move_space(con, SYSTEM, ref, "offer", much_later)
    assert told(con, ref)["shown_since"] == first
    before = con.scalar(select(rows.c.facts))
    con.rollback()
    assert unpack([before])[0]["shown_since"][0] == later.date().toordinal() - date(2000, 1, 1).toordinal()
    assert is_sound(con, much_later)


def test_spaces_of_a_list_know_it_from_the_first_row_on(con: Connection, now: datetime) -> None:
    refs = add_spaces(con, SYSTEM, [[a_space(), a_space(status="reported")]], now)
    kept = {ref: spaces.get(con, ref).shown_since for ref in refs}
    con.rollback()
    assert kept == {refs[0]: now.date(), refs[1]: None}
    assert is_sound(con, now + timedelta(days=3))


def test_a_check_compares_the_bytes_and_mending_makes_them_right(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(noise_limit_db=70), now)
    with writing(con):
        con.execute(update(rows).values(facts=b"\x01 something else"))
    assert [each.values["ref"] for each in checking.check_register(con, now)] == [ref]
    con.rollback()
    mend_register(con, SYSTEM, now)
    assert is_sound(con, now)
    assert index_of(con, now).offers.noise[0] == 70


def test_a_use_cannot_be_suitable_and_unwanted(con: Connection, now: datetime) -> None:
    both = {"suitable_uses": ("workshop", "food"), "excluded_uses": ("food",)}
    with pytest.raises(Invalid) as told_so:
        add_space(con, SYSTEM, a_space(**both), now)
    assert [(each.field, each.value, each.message) for each in told_so.value.issues] == [
        ("excluded_uses", "food", "space.use_wanted_and_not")
    ]
    with pytest.raises(Invalid):
        add_spaces(con, SYSTEM, [[a_space(**both)]], now)
    ref = add_space(con, SYSTEM, a_space(suitable_uses=("food",)), now)
    with pytest.raises(Invalid):
        edit_space(con, SYSTEM, ref, {"excluded_uses": ("food",)}, now)


def test_hours_that_others_have_are_told_where_the_place_is(con: Connection) -> None:
    """Case 9: a choir on Tuesdays and Thursdays."""
    ref = add_space(con, SYSTEM, a_space(), THEN)
    coarse = add_space(con, SYSTEM, a_space(location_level="cell", geometry=a_place(0.002)), THEN)
    for each in (ref, coarse):
        running(con, THEN, [each], terms(date(2027, 5, 1), date(2027, 5, 31), hours=EVENINGS), on=THEN.date())
    assert told(con, ref)["taken_hours"] == ["tu19-22", "th19-22"]
    assert told(con, coarse)["shared"] is True
    assert "taken_hours" not in told(con, coarse)
    offers = index_of(con, THEN).offers
    assert offers.shared.tolist() == [1, 2] or offers.shared.tolist() == [2, 1]
    assert len(offers.more) == 1
    assert len(offers.few.rows) == 1
    assert is_sound(con, THEN)
    after = datetime(2027, 5, 28, 0, 30, tzinfo=UTC)  # the last Thursday is over
    assert republish_due(con, SYSTEM, after) == 2
    assert not {"shared", "taken_hours"} & {*told(con, ref), *told(con, coarse)}
    assert is_sound(con, after)


def test_a_record_and_its_exact_row_offer_the_same(con: Connection) -> None:
    ref = add_space(con, SYSTEM, a_space(
        floor_area_m2=93.4, excluded_uses=("food",), may_share=True, highest_step_cm=6, surroundings="quiet",
        shortest_term_days=30, available_until=date(2029, 1, 1), cost_model="free",
    ), THEN)  # fmt: skip
    for first, last in ((date(2027, 6, 1), date(2027, 6, 30)), (date(2027, 9, 1), date(2027, 9, 30))):
        approved(con, THEN, [ref], terms(first, last))
    running(con, THEN, [ref], terms(date(2027, 5, 1), date(2027, 5, 31), hours=EVENINGS), on=THEN.date())
    index = index_of(con, THEN)
    ((row, space),) = spaces.numbered(con, [ref])
    rule: Publisher = publisher(con, THEN)
    own = offer_of(space, uses.used_of(con, rule, [(row, space)])[ref], THEN.date())
    con.rollback()
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(own, name), getattr(index.offers, name), name)
    assert own.more[0].taken == index.offers.more[0].taken
    assert own.more[0].further.tolist() == index.offers.more[0].further.tolist()
    assert date.fromordinal(int(own.from_low[0])) == date(2027, 7, 1), "in May it is free for too short"
    assert date.fromordinal(int(own.until[0])) == date(2027, 8, 31)


def test_only_what_may_be_asked_for_is_an_offer(con: Connection, now: datetime) -> None:
    yes = [
        add_space(con, SYSTEM, a_space(**each), now)
        for each in ({}, {"occupancy": "temporary_use"}, {"available_until": now.date()}, {"location_level": "hidden"})
    ]
    for each in (
        {"status": "verified"}, {"occupancy": "occupied"}, {"available_until": now.date() - timedelta(days=1)},
        {"status": "withheld"},
    ):  # fmt: skip
        add_space(con, SYSTEM, a_space(**each), now)
    index = index_of(con, now)
    assert set(index.refs(index.offer_rows)) == set(yes)
    assert sorted(f"SP-{number:04d}" for number in index.offers.number.tolist()) == sorted(yes)
    assert index.offers is index.offers
    tomorrow = index.on(now.date() + timedelta(days=1))
    assert len(tomorrow.offer_rows) == 3
    assert set(tomorrow.offers.from_low.tolist()) == {EARLY}


def test_the_file_is_read_by_gdal_and_no_download_carries_the_bytes(
    con: Connection, register: Register, now: datetime
) -> None:
    add_space(con, SYSTEM, a_space(), now)
    if not register.is_file:
        pytest.skip("a schema of PostgreSQL is no file")
    held = pyogrio.read_dataframe(register.address, layer="published", columns=["ref", "facts"])
    assert [bytes(each)[0] for each in held["facts"]] == [1]
