"""Who sees what: the two tables of the rule, and that what is drawn coarsely cannot be found precisely."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tempuse.access import SYSTEM
from tempuse.areas import Area
from tempuse.publication import PUBLIC_WHEN, SHOWN_FROM, Publisher
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry import setup
from tempuse.registry.publishing import republish_due
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.settings import Settings
from tempuse.spaces import FIELDS, Period, Space
from tempuse.store import published
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Consent, LocationLevel, Ownership, SpaceStatus
from tests.builders import HERE, a_place, a_space, an_outline
from web.messages import MESSAGES

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DISTRICT = Area(ref="AR-0001", kind="district", name="Old Docks", geometry=shapely.box(3.70, 51.04, 3.74, 51.08))


def publisher(now: datetime = NOW, **settings: str) -> Publisher:
    return Publisher(Settings(**settings), [DISTRICT], now)


def shown(space: Space, rule: Publisher | None = None) -> dict[str, object] | None:
    row = (rule or publisher()).publish(space)
    return None if row is None else orjson.loads(row.feature)["properties"]


def test_both_tables_speak_of_every_status_and_field() -> None:
    assert set(PUBLIC_WHEN) == set(SpaceStatus)
    office_only = OFFICE_ONLY | {"geometry", "location_release_on", "retired_on", "retired_why"}
    made_here = {
        "area_band_m2", "district", "history", "in_use", "free_from", "free_until", "shared", "taken_hours",
        "also_free", "used_by_ref", "use_refs", "pictures", "plans",
    }  # fmt: skip
    assert set(SHOWN_FROM) - made_here == set(FIELDS) - office_only


@pytest.mark.parametrize("status", ["reported", "withheld"])
@pytest.mark.parametrize("ownership", list(Ownership))
def test_reported_and_withheld_spaces_are_never_public(status: str, ownership: str) -> None:
    for consent in Consent:
        space = a_space(status=status, ownership=ownership, consent=consent, consent_on=date(2020, 1, 1))
        assert shown(space, publisher(publish_from="verified", private_rule="objection")) is None


@pytest.mark.parametrize(("policy", "seen"), [("offered", False), ("verified", True)])
def test_verified_spaces_of_public_bodies_follow_the_citys_policy(policy: str, seen: bool) -> None:
    assert (shown(a_space(status="verified"), publisher(publish_from=policy)) is not None) is seen


@pytest.mark.parametrize("ownership", [each for each in Ownership if each not in PUBLIC_OWNERSHIP])
def test_other_owners_must_agree_first(ownership: str) -> None:
    space = a_space(ownership=ownership, consent="unasked")
    assert shown(space) is None
    space.consent = "given"
    assert shown(space) is not None


def test_where_the_law_says_so_a_month_of_silence_is_enough() -> None:
    space = a_space(ownership="company", consent="notified", consent_on=date(2026, 10, 24))
    assert shown(space) is None
    assert shown(space, publisher(private_rule="objection")) is not None
    space.consent_on = date(2026, 10, 25)
    assert shown(space, publisher(private_rule="objection")) is None


@pytest.mark.parametrize("ownership", list(Ownership))
@pytest.mark.parametrize("status", list(SpaceStatus))
def test_an_objection_hides_at_once_whoever_owns_it(status: str, ownership: str) -> None:
    space = a_space(status=status, ownership=ownership, consent="objected", retired_on=date(2026, 1, 1))
    assert shown(space, publisher(publish_from="verified", private_rule="objection")) is None


@pytest.mark.parametrize("status", list(SpaceStatus))
def test_every_decision_says_why_and_the_row_follows_it(status: str) -> None:
    for ownership, consent, rule, policy in itertools.product(
        ("municipality", "company"), Consent, ("consent", "objection"), ("offered", "verified")
    ):
        by = publisher(publish_from=policy, private_rule=rule)
        for day, level in ((None, None), (date(2026, 11, 20), "cell"), (date(2020, 1, 1), "exact")):
            space = a_space(status=status, ownership=ownership, consent=consent.value, consent_on=day,
                            location_level=level, location_release_on=date(2027, 1, 1))  # fmt: skip
            decision, row = by.decide(space), by.publish(space)
            assert decision.is_seen == (row is not None)
            assert set(re.findall(r"{(\w+)}", MESSAGES[decision.reason])) == set(decision.values)
            assert (decision.level is not None) == (decision.shown == "all")
            if row is not None and decision.level is not None:
                assert row.facts["level"] == decision.level
                assert (row.next_change_at is not None) == (decision.finer_on is not None) == (level == "cell" or (
                    level is None and ownership == "company"))  # fmt: skip


def test_a_retired_space_shows_only_that_and_when_it_ended() -> None:
    space = a_space(status="retired", retired_on=date(2026, 3, 1), description="secret", ref="SP-0007")
    assert shown(space) == {"ref": "SP-0007", "status": "retired", "retired_on": "2026-03-01"}
    row = publisher().publish(space)
    assert row is not None
    assert row.geometry is None
    assert row.lon is None


@pytest.mark.parametrize("level", [LocationLevel.CELL, LocationLevel.DISTRICT, LocationLevel.HIDDEN])
def test_below_exact_nothing_that_locates_is_shown(level: str) -> None:
    space = a_space(
        location_level=level, geometry=an_outline(), address="2 Auction Quay", building_year=1931, heritage="listed",
        previous_use="worship", parcel_refs=("007",), floor_area_m2=93.4, source="Docks list", source_ref="D-7",
        vacant_since=date(2024, 4, 12), district_ref="AR-0001", description="The church by the bridge", storey=2,
        within_ref="SP-0001", locality="Rivermouth", postcode="9000", rules="Mind the altar",
    )  # fmt: skip
    row = publisher().publish(space, [Period(title="Night market")])
    assert row is not None
    properties = orjson.loads(row.feature)["properties"]
    for name, lowest in SHOWN_FROM.items():
        if lowest is LocationLevel.EXACT:
            assert name not in properties, name
    assert properties["area_band_m2"] == "50-100"
    assert row.facts["area_m2"] == 50
    assert ("district" in properties) is (level != LocationLevel.HIDDEN)


def test_a_coarse_place_is_the_same_square_for_everything_in_it() -> None:
    one = publisher().publish(a_space(location_level="cell"))
    other = publisher().publish(a_space(location_level="cell", geometry=a_place(0.0002, -0.0002)))
    assert one is not None
    assert other is not None
    assert one.geometry == other.geometry
    assert (one.lon, one.lat) == (other.lon, other.lat)
    assert one.geometry.contains(a_place())


def test_the_district_named_with_a_square_comes_from_the_square() -> None:
    """A square on a district's border would else be cut in two by the district's name."""
    districts = [
        Area(ref=f"AR-{i:04d}", name=name, geometry=shapely.box(west, 51.0, west + 0.1, 51.1))
        for i, (name, west) in enumerate([("West", 3.6201), ("East", 3.7201)], 1)
    ]
    rule = Publisher(Settings(), districts, NOW)
    named = set()
    for east in (-0.0004, 0.0006):
        space = a_space(
            location_level="cell", geometry=a_place(east), district_ref="AR-0001" if east < 0 else "AR-0002"
        )
        row = rule.publish(space)
        assert row is not None
        named.add((row.facts["district_ref"], row.geometry.wkt))
    assert len(named) == 1


@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_square_holds_its_space_and_is_500_m_wide(east: float, north: float) -> None:
    row = publisher().publish(a_space(location_level="cell", geometry=a_place(east, north)))
    assert row is not None
    assert row.geometry.buffer(1e-7).contains(a_place(east, north))
    west, south, east_side, north_side = row.geometry.bounds
    assert 0.0069 < east_side - west < 0.0085
    assert 0.0044 < north_side - south < 0.0056


def test_a_release_date_lifts_the_level_on_its_day_and_not_before(con: Connection) -> None:
    setup.change_settings(con, SYSTEM, {"time_zone": "Europe/Brussels"}, NOW)
    space = a_space(location_level="cell", location_release_on=date(2026, 12, 1), address="2 Auction Quay")
    ref = add_space(con, SYSTEM, space, NOW)
    before_midnight = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert republish_due(con, SYSTEM, before_midnight) == 0
    assert "Auction" not in (published.feature(con, "spaces", ref) or "")
    con.rollback()
    assert republish_due(con, SYSTEM, before_midnight + timedelta(minutes=1)) == 1
    assert "Auction" in (published.feature(con, "spaces", ref) or "")
    con.rollback()
    assert republish_due(con, SYSTEM, before_midnight + timedelta(minutes=2)) == 0


def test_the_end_of_a_notice_makes_a_space_public_by_itself(con: Connection) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection"}, NOW)
    space = a_space(ownership="company", consent="notified", consent_on=date(2026, 11, 1))
    ref = add_space(con, SYSTEM, space, NOW)
    assert published.feature(con, "spaces", ref) is None
    con.rollback()
    assert republish_due(con, SYSTEM, datetime(2026, 11, 30, 22, 0, tzinfo=UTC)) == 0
    assert republish_due(con, SYSTEM, datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == 1
    assert published.feature(con, "spaces", ref) is not None
    con.rollback()
    edit_space(con, SYSTEM, ref, {"consent": "objected"}, NOW)
    assert published.feature(con, "spaces", ref) is None


def test_what_the_public_sees_is_written_with_the_space(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    assert published.feature(con, "spaces", ref) is not None
    con.rollback()
    move_space(con, SYSTEM, ref, "withhold", now)
    assert published.feature(con, "spaces", ref) is None
    assert published.gone(con, 0) == [ref]


def test_a_move_within_a_square_leaves_no_trace_in_public(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(location_level="cell"), now)
    seen = published.feature(con, "spaces", ref)
    changed_at = next(iter(published.index_rows(con)))
    con.rollback()
    edit_space(con, SYSTEM, ref, {"geometry": a_place(0.0001, 0.0001), "address": "elsewhere"}, now)
    assert published.feature(con, "spaces", ref) == seen
    assert list(published.index_rows(con, current_seq(con) - 1)) == []
    assert next(iter(published.index_rows(con))) == changed_at


def test_a_change_of_policy_decides_anew_for_every_space(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    assert published.feature(con, "spaces", ref) is None
    con.rollback()
    setup.change_settings(con, SYSTEM, {"publish_from": "verified"}, now)
    assert published.feature(con, "spaces", ref) is not None


def test_a_published_feature_is_plain_geojson(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(geometry=an_outline()), now)
    feature = orjson.loads(published.feature(con, "spaces", ref) or "")
    assert feature["type"] == "Feature"
    assert feature["id"] == ref
    assert feature["bbox"] == pytest.approx([HERE[0], HERE[1], HERE[0] + 0.0004, HERE[1] + 0.0004])
    ring = shapely.linearrings(feature["geometry"]["coordinates"][0])
    assert shapely.is_ccw(ring)
