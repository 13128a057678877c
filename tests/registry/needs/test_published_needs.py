"""What everybody reads of a need: nothing that finds its group, and nothing before the office has let them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tempuse.access import SYSTEM
from tempuse.publication.needs import NEED_SHOWN
from tempuse.registry import publishing
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking
from tempuse.registry.needs.changing import edit_need, move_need
from tempuse.registry.organisations import edit_organisation
from tempuse.store import needs, published
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.builders import a_district
from tests.needing import ASKED, a_need, looking, shown


def row(con: Connection, ref: str) -> dict[str, Any] | None:
    """What everybody reads of a need, None for nothing."""
    text = published.feature(con, "needs", ref)
    con.rollback()
    return None if text is None else json.loads(text)


def test_a_released_need_names_use_size_month_and_district_and_nothing_that_finds_the_group(
    con: Connection, now: datetime
) -> None:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district(), a_district("Quay", 3.75)], now)
    asked = replace(ASKED, districts=("AR-0002", "AR-0001"), hours=7, insured=True, group="informal")
    secret = {"private_text": "pst", "experience": "pst", "near_label": "pst", "purpose": "pst"}
    ref = shown(con, now, a_need(asked, audience="public", **secret))
    feature = row(con, ref)
    assert feature is not None
    assert feature["geometry"] is None
    assert feature["properties"] == {
        "ref": ref, "title": "A place for a repair café", "text": "A repair café looks for a workshop.",
        "use_categories": ["workshop"], "area_band_m2": "50-200", "starts_month": "2027-03", "months": 12,
        "facilities": ["power", "toilets"], "district_ref": "AR-0001", "district": "Old Docks",
        "districts": ["Old Docks", "Quay"], "opened_on": "2026-11-23", "location_level": "district",
    }  # fmt: skip
    assert set(feature["properties"]) <= set(NEED_SHOWN)
    text = json.dumps(feature)
    assert not [word for word in ("pst", "3.725", "51.054", "2000", "200.0", "Ada", "ada@") if word in text]


def test_its_groups_name_is_read_only_when_the_group_says_so(con: Connection, now: datetime) -> None:
    ref = shown(con, now)
    group = str(needs.get(con, ref).initiative_ref)
    con.rollback()
    edit_organisation(con, SYSTEM, group, {"name_public": True}, now)
    assert row(con, ref)["properties"]["organisation"] == "Repair café"  # type: ignore[index]
    edit_organisation(con, SYSTEM, group, {"name_public": False}, now)
    assert "organisation" not in row(con, ref)["properties"]  # type: ignore[index]


@pytest.mark.parametrize(
    "need",
    [
        a_need(),
        a_need(audience="partners"),
        a_need(audience="public", unlisted=True),
        a_need(replace(ASKED, uses=("workshop", "shelter")), audience="public"),
    ],
)
def test_whatever_is_not_for_everybody_has_no_row(con: Connection, now: datetime, need: Any) -> None:
    assert row(con, shown(con, now, need)) is None


def test_it_is_read_from_its_release_until_it_ends_or_lapses(con: Connection, now: datetime) -> None:
    ref = looking(con, now, a_need(audience="public"))
    assert row(con, ref) is None
    move_need(con, SYSTEM, ref, "release", now, released_text="We look.")
    assert row(con, ref) is not None
    before, after = now + timedelta(days=210), now + timedelta(days=211)
    assert publishing.republish_due(con, SYSTEM, before) == 0
    assert row(con, ref) is not None
    assert publishing.republish_due(con, SYSTEM, after) == 1
    assert row(con, ref) is None
    move_need(con, SYSTEM, ref, "confirm", after)
    assert row(con, ref) is not None
    assert checking.check_register(con, after) == []
    edit_need(con, SYSTEM, ref, {"audience": "private"}, after)
    assert row(con, ref) is None
    edit_need(con, SYSTEM, ref, {"audience": "public"}, after)
    move_need(con, SYSTEM, ref, "fulfil", after, met_how="here")
    assert row(con, ref) is None


def test_days_are_told_as_months_and_a_start_as_its_month(con: Connection, now: datetime) -> None:
    asked = replace(ASKED, term_months=None, term_days=100, starts_on=date(2027, 3, 31), area_most_m2=None)
    shown_of = row(con, shown(con, now, a_need(asked, audience="public")))
    assert shown_of is not None
    told = shown_of["properties"]
    assert (told["months"], told["starts_month"], told["area_band_m2"]) == (3, "2027-03", "50-")
