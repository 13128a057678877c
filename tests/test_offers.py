"""What a space offers: made of what is seen of it, packed, and unpacked as columns."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tempuse import matching, week
from tempuse.areas import Area
from tempuse.facts import SOILS, TRAITS, Facts, pack, unpack
from tempuse.geometry import distance_m
from tempuse.occurrences import minute_of
from tempuse.offers import EARLY, LATE
from tempuse.publication import Published, Publisher
from tempuse.publication.offer import offer_of
from tempuse.publication.stretches import NOT_USED, Available, Stretch, Used, Weekly
from tempuse.settings import Settings
from tempuse.spaces import Space
from tempuse.terms import DAY
from tempuse.vocabulary import Facility, LocationLevel, Theme, UseCategory
from tempuse.wanted import Wanted
from tests.builders import a_place, a_space

TODAY = date(2027, 1, 15)
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
DISTRICT = Area(ref="AR-0001", kind="district", name="Old Docks", geometry=shapely.box(3.70, 51.04, 3.74, 51.08))
COARSE = (LocationLevel.CELL, LocationLevel.DISTRICT, LocationLevel.HIDDEN)


def published(space: Space, used: Used = NOT_USED, now: datetime = NOW) -> Published:
    row = Publisher(Settings(), [DISTRICT], now).publish(space, used=used)
    assert row is not None
    return row


def offered(**about: Any) -> dict[str, Any]:
    """What is packed of a space, as a record."""
    rows, _ = unpack([published(a_space(**about)).facts["facts"]])
    return {name: rows[name][0].item() for name in rows.dtype.names or ()}


def taken(first: date, last: date, *, asked: bool = True) -> Stretch:
    return Stretch("PM-0001", minute_of(first), minute_of(last + timedelta(days=1)), asked)


def evening(weekday: int, until: date, *, asked: bool = True) -> Weekly:
    return Weekly("PM-0002", weekday * DAY + 19 * 60, 180, minute_of(until, 22 * 60), asked)


INF = math.inf


@pytest.mark.parametrize(("about", "month", "start"), [
    ({}, (0, INF), (0, INF)),
    ({"cost_model": "free"}, (0, 0), (0, INF)),
    ({"cost_model": "free", "deposit_cents": 0}, (0, 0), (0, 0)),
    ({"cost_model": "free", "running_cost_month_cents": 4000}, (4000, 4000), (0, INF)),
    ({"cost_model": "running_costs"}, (0, INF), (0, INF)),
    ({"cost_model": "running_costs", "running_cost_month_cents": 0}, (0, 0), (0, INF)),
    ({"cost_model": "running_costs", "running_cost_month_cents": 3000, "running_cost_winter_cents": 9000},
     (9000, 9000), (0, INF)),
    ({"cost_model": "reduced"}, (0, INF), (0, INF)),
    ({"cost_model": "reduced", "cost_cents": 12000, "cost_period": "month"}, (12000, INF), (0, INF)),
    ({"cost_cents": 180000, "cost_period": "year", "running_cost_month_cents": 0}, (15000, 15000), (0, INF)),
    ({"cost_cents": 2000, "cost_period": "day", "running_cost_month_cents": 0}, (60875, 60875), (0, INF)),
    ({"cost_cents": 50000, "cost_period": "once", "running_cost_month_cents": 0, "deposit_cents": 10000}, (0, 0),
     (60000, 60000)),
    ({"cost_cents": 50000, "running_cost_month_cents": 0, "deposit_cents": 10000}, (0, INF), (10000, 60000)),
])  # fmt: skip
def test_costs_are_what_is_paid_a_month_and_once(
    about: dict[str, Any], month: tuple[float, float], start: tuple[float, float]
) -> None:
    """Case 10, and the table of the design: a part that is not known leaves the top open."""
    found = offered(**about)
    assert (found["cost_low"], found["cost_high"]) == month
    assert (found["start_low"], found["start_high"]) == start


def test_below_exact_nothing_is_packed_that_the_feature_does_not_say() -> None:
    space = a_space(
        floor_area_m2=93.4, contamination="confirmed", excluded_uses=("food",), favoured_themes=("culture", "sport"),
        registered_only=True, insurance_required=False, highest_step_cm=17, surroundings="loud", power=False,
        noise_limit_db=70, fire_capacity_persons=40, condition="fair", district_ref="AR-0001",
    )  # fmt: skip
    used = Used((taken(date(2027, 3, 10), date(2027, 5, 12)),), (evening(1, date(2027, 2, 23)),))
    for level in LocationLevel:
        space.location_level = level.value
        row = published(space, used)
        shown = orjson.loads(row.feature)["properties"]
        facts, more = unpack([row.facts["facts"]])
        one = facts[0]
        exact = level is LocationLevel.EXACT
        assert one["area_high"] == pytest.approx(shown.get("floor_area_m2", 100))
        soil = SOILS[TRAITS["soil"].of(one["traits"])]
        assert soil == shown.get("contamination", "unknown") == ("confirmed" if exact else "unknown")
        assert one["excluded"] == sum(UseCategory(each).flag for each in shown["excluded_uses"])
        assert one["favoured"] == sum(Theme(each).flag for each in shown["favoured_themes"])
        assert one["no"] == sum(each.flag for each in Facility if shown.get(each.value) is False)
        assert (one["step"], one["noise"], one["persons"]) == (
            shown["highest_step_cm"], shown["noise_limit_db"], shown["fire_capacity_persons"],
        )  # fmt: skip
        assert (
            date.fromordinal(int(one["shown_since"]) + date(2000, 1, 1).toordinal()).isoformat()
            == (shown["shown_since"])
        )
        assert shown["shared"] is True
        assert TRAITS["shared"].of(one["traits"]) == (1 if exact else 2)
        assert week.texts(more[0].taken) == shown["taken_hours"] if exact else not more
        assert ("taken_hours" in shown, "also_free" in shown) == (exact, exact)
        assert shown["free_until"] == ("2027-03-09" if exact else "2027-02-28")
        assert row.facts["free_until"] == date.fromisoformat(shown["free_until"]).toordinal()


@pytest.mark.parametrize("level", COARSE)
def test_twins_within_a_square_offer_the_same_bytes(level: str) -> None:
    """What nobody may know changes no byte: where it is, how large, its soil, the days within their months, hours."""
    rows = []
    for twin in range(2):
        space = a_space(
            location_level=level, geometry=a_place(0.0003 * twin, -0.0002 * twin), floor_area_m2=60.0 + 20 * twin,
            contamination=["none", "suspected"][twin], address=f"{twin} Quay", district_ref="AR-0001",
            shortest_term_days=20,
        )  # fmt: skip
        used = Used(
            (taken(date(2027, 2, 1), date(2027, 2, 10 + twin), asked=False),
             taken(date(2027, 3, 4 + twin), date(2027, 6, 11 + twin)),
             taken(date(2027, 6, 20), date(2027, 7, 2 + twin))),
            (evening(1 + twin, date(2027, 2, 23)),),
        )  # fmt: skip
        rows.append(published(space, used))
    assert rows[0].feature == rows[1].feature
    assert rows[0].facts == rows[1].facts


def test_how_far_the_true_place_may_be_is_the_squares_or_the_districts() -> None:
    for level in LocationLevel:
        space = a_space(location_level=level.value, district_ref="AR-0001")
        row = published(space)
        spread = unpack([row.facts["facts"]])[0]["spread"][0]
        if level is LocationLevel.EXACT:
            assert spread == 0
        elif level is LocationLevel.HIDDEN:
            assert spread == INF
        else:
            shape = row.geometry if level is LocationLevel.CELL else DISTRICT.geometry
            corners = shapely.get_coordinates(shape)
            assert row.lon is not None
            assert row.lat is not None
            far = distance_m(corners[:, 0], corners[:, 1], (row.lon, row.lat)).max()
            assert far <= spread < far + 1
            assert level is not LocationLevel.CELL or 350 <= spread <= 360


# ---- stretches ------------------------------------------------------------------------------------------------

SPRING = taken(date(2027, 3, 10), date(2027, 5, 12))


@pytest.mark.parametrize(("about", "exact", "coarse"), [
    ({}, (None, date(2027, 3, 9)), (None, date(2027, 2, 28))),
    ({"shortest_days": 54}, (None, date(2027, 3, 9)), (date(2027, 6, 1), None)),
    ({"shortest_days": 55}, (date(2027, 5, 13), None), (date(2027, 6, 1), None)),
    ({"first": date(2027, 4, 1)}, (date(2027, 5, 13), None), (date(2027, 6, 1), None)),
    ({"last": date(2027, 3, 31)}, (None, date(2027, 3, 9)), (None, date(2027, 2, 28))),
    ({"last": date(2027, 3, 1)}, (None, None), (None, date(2027, 2, 28))),
    ({"last": date(2027, 6, 30), "shortest_days": 90}, (None, date(2027, 3, 9)), (None, date(2027, 2, 28))),
])  # fmt: skip
def test_the_first_stretch_that_is_long_enough_counts(about: dict[str, Any], exact: Any, coarse: Any) -> None:
    for exactly, wanted in ((True, exact), (False, coarse)):
        found = Used((SPRING,)).at(exactly=exactly, today=TODAY, available=Available(**about))
        assert (found.free_from, found.free_until) == wanted


def test_the_stretches_after_it_are_told_where_the_place_is() -> None:
    used = Used((SPRING, taken(date(2027, 8, 1), date(2027, 8, 31))))
    found = used.at(exactly=True, today=TODAY)
    assert found.shown["also_free"] == ["2027-05-13/2027-07-31", "2027-09-01/.."]
    assert "also_free" not in used.at(exactly=False, today=TODAY).shown


def test_what_was_asked_for_another_space_says_nothing_below_exact() -> None:
    used = Used((taken(date(2027, 1, 1), date(2027, 5, 12), asked=False),), (evening(1, TODAY, asked=False),))
    assert used.at(exactly=False, today=TODAY).shown == {}
    assert used.at(exactly=True, today=TODAY).shown["taken_hours"] == ["tu19-22"]


DAYS = st.integers(-20, 200).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def uses(draw: st.DrawFn) -> Used:
    edges = sorted(draw(st.lists(DAYS, max_size=8, unique=True)))
    stretches = tuple(
        taken(first, last, asked=draw(st.booleans())) for first, last in zip(edges[::2], edges[1::2], strict=False)
        if last >= TODAY
    )  # fmt: skip
    ends = draw(st.lists(st.integers(0, 60), max_size=3))
    return Used(stretches, tuple(
        evening((TODAY + timedelta(days=each)).weekday(), TODAY + timedelta(days=each), asked=draw(st.booleans()))
        for each in ends
    ))  # fmt: skip


@given(uses(), st.booleans(), st.none() | DAYS, st.none() | DAYS, st.none() | st.integers(1, 90), st.integers(1, 150))
def test_nothing_changes_before_the_day_that_is_named(
    used: Used, exactly: bool, first: date | None, last: date | None, shortest: int | None, later: int
) -> None:
    """A row is made anew on that day; until then what it says is what would be said."""
    available = Available(first, last, shortest)
    now = used.at(exactly=exactly, today=TODAY, available=available)
    day = TODAY + timedelta(days=later)
    if last is not None and day > last:
        return  # over: the index knows
    if now.changes_on is None or day < now.changes_on:
        left = Used(
            tuple(each for each in used.stretches if each.until_minute > minute_of(day)),
            tuple(each for each in used.weekly if each.until_minute > minute_of(day)),
        )
        then = left.at(exactly=exactly, today=day, available=available)
        assert then.shown == now.shown


@given(uses(), st.none() | DAYS, st.none() | st.integers(1, 90))
def test_below_exact_no_day_is_told_on_which_it_is_taken(used: Used, first: date | None, shortest: int | None) -> None:
    asked = Used(tuple(each for each in used.stretches if each.asked))
    found = used.at(exactly=False, today=TODAY, available=Available(first, None, shortest))
    begin = found.free_from or max(TODAY, first or TODAY)
    if found.free_from:
        assert found.free_from.day == 1
    if found.free_until:
        assert (found.free_until + timedelta(days=1)).day == 1
    for each in asked.stretches:
        until = found.free_until or date(2030, 1, 1)
        assert each.until_minute <= minute_of(begin) or each.from_minute > minute_of(until)


# ---- as columns -----------------------------------------------------------------------------------------------


def test_a_record_offers_what_only_the_office_knows() -> None:
    space = a_space(
        ref="SP-0117", location_level="district", floor_area_m2=93.4, contamination="none", district_ref="AR-0003",
        occupancy="temporary_use", available_until=date(2027, 12, 31), noise_limit_db=70, power=True, water=False,
    )  # fmt: skip
    offers = offer_of(space, Used((), (evening(1, date(2027, 2, 23)),)), TODAY)
    one = {name: getattr(offers, name)[0] for name in ("number", "district", "spread", "area_high", "noise", "shared")}
    assert {name: float(value) for name, value in one.items()} == pytest.approx(
        {"number": 117, "district": 3, "spread": 0, "area_high": 93.4, "noise": 70, "shared": 1}
    )
    assert (offers.from_low[0], offers.from_high[0]) == (EARLY, LATE), "nobody said until when it is used"
    assert offers.until[0] == offers.until_high[0] == date(2027, 12, 31).toordinal()
    assert (offers.yes[0], offers.no[0]) == (Facility.POWER.flag, Facility.WATER.flag)
    assert np.isnan(offers.persons[0])
    assert week.texts(offers.more[0].taken) == ["tu19-22"]


@pytest.mark.parametrize(("days", "months", "fits"), [
    (365, 12, True), (364, 12, False), (366, 12, True), (730, 24, True), (365, 13, False), (1825, 60, True),
    (180, 6, True), (183, 6, True), (181, 6, False), (180, 7, False), (90, 3, True), (548, 18, True),
])  # fmt: skip
def test_who_gives_a_space_for_months_or_a_year_gives_it_for_those_of_the_calendar(
    days: int, months: int, fits: bool
) -> None:
    """Twelve months from March 2027 have 366 days, and six 184: no space for so long is missed by some of them."""
    offers = offer_of(a_space(ref="SP-0001", longest_term_days=days), NOT_USED, TODAY)
    wanted = Wanted(starts_on=date(2027, 3, 1), starts_by=date(2027, 3, 1), term_months=months)
    judged = matching.judge(offers, wanted, TODAY)
    assert (judged.tier[0] == matching.FITS) == fits
    assert len(matching.rank(offers, wanted, TODAY).rows) == fits


def test_six_months_are_no_shorter_than_six_months() -> None:
    offers = offer_of(a_space(ref="SP-0001", shortest_term_days=183), NOT_USED, TODAY)
    wanted = Wanted(starts_on=date(2027, 2, 1), starts_by=date(2027, 2, 1), term_months=6)
    assert matching.judge(offers, wanted, TODAY).tier[0] == matching.FITS


@given(st.binary(max_size=90))
def test_bytes_of_another_layout_tell_nothing(packed: bytes) -> None:
    nothing = unpack([pack(Facts())])[0].tobytes()
    if packed[:1] != b"\x01" or len(packed) < len(nothing):
        assert unpack([packed])[0].tobytes() == nothing
