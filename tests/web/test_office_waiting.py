"""The office's first page: what waits, how it is counted, and where the register stands."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import adding, setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store import events
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space
from tests.office import a_signed_in_client


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.mark.both_engines
def test_what_waits_is_listed_and_counted(con: Connection, now: datetime, office: FlaskClient) -> None:
    add = lambda **values: spaces.add_space(con, SYSTEM, a_space(**values), now)  # noqa: E731
    add(name="Fresh", checked_on=date(2026, 6, 1))
    add(name="Stale", checked_on=date(2024, 5, 2))
    add(name="Lost", geometry=None, checked_on=date(2026, 6, 1))
    add(name="Told of", status="reported", checked_on=date(2026, 6, 1))
    add(name="Ready", status="verified", checked_on=date(2026, 6, 1))
    page = office.get("/office/waiting").text
    assert "Three things wait for you, Ilse" in page
    assert "Monday 23 November" in page
    assert "Last seen on 2 May 2024" in page
    assert page.count('class="button dense"') == 1, "one filled button a page"
    assert 'class="badge-count">3<' in page
    assert office.get("/office/").location == "/office/waiting"


def test_the_band_counts_no_further_than_it_has_room_for(
    con: Connection, now: datetime, office: FlaskClient
) -> None:  # fmt: skip
    told = [a_space(name=f"Told of {number}", status="reported", checked_on=now.date()) for number in range(1001)]
    for part in (told[:999], told[999:]):
        adding.add_spaces(con, SYSTEM, [part], now)
        page = office.get("/office/waiting").text
        assert f'class="badge-count">{"999" if len(part) == 999 else "999+"}<' in page
        assert f'<span class="count">{"999" if len(part) == 999 else "1,001"}</span>' in page
        con.rollback()


def test_an_owners_notice_that_ends_waits(con: Connection, now: datetime, office: FlaskClient) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection", "objection_days": "30"}, now)
    private = {"ownership": "private_person", "consent": "notified", "checked_on": date(2026, 6, 1)}
    soon = now.date() - timedelta(days=27)
    spaces.add_space(con, SYSTEM, a_space(name="Kiosk", consent_on=soon, **private), now)
    spaces.add_space(con, SYSTEM, a_space(name="Later", consent_on=now.date(), **private), now)
    page = office.get("/office/waiting").text
    assert "Kiosk" in page
    assert "Ends in 3 days" in page
    assert "Later" not in page


def test_nothing_waits_is_a_beginning(office: FlaskClient) -> None:
    page = office.get("/office/waiting").text
    assert "Nothing waits for you, Ilse" in page
    assert "Add a space" in page


@pytest.mark.both_engines
def test_places_outside_the_town_wait_until_a_hand_has_set_them(
    con: Connection, now: datetime, office: FlaskClient
) -> None:
    far = a_place(0.5)
    setup.change_settings(con, SYSTEM, {"publish_from": "verified"}, now)
    listed = spaces.add_space(con, SYSTEM, a_space(name="From a list", geometry=far, placed_by="file"), now)
    for name, values in {
        "By hand": {"placed_by": "planner"}, "Nowhere": {"geometry": None}, "Within": {"geometry": a_place()},
        "Gone": {"status": "retired"}, "In another town": {"status": "verified"},
    }.items():  # fmt: skip
        spaces.add_space(con, SYSTEM, a_space(**{"name": name, "geometry": far, "placed_by": "file", **values}), now)
    look = lambda: office.get("/office/waiting").text  # noqa: E731
    assert "Places outside the town" not in look(), "nothing is drawn"
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    page = look()
    assert re.findall(r"Places outside the town.*?</section>", page, re.DOTALL)[0].count("<li") == 1
    assert "From a list" in page
    whole = a_district("Rivermouth", side=0.6)
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [whole], now)
    assert "Places outside the town" not in look(), "between the districts is within the town"
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [], now)
    assert "Places outside the town" in look()
    spaces.edit_space(con, SYSTEM, listed, {"geometry": a_place(0.5001)}, now)
    assert "Places outside the town" not in look()


STEPS = ["Say who you are", "Give the map its ground", "Bring in your list", "Put the spaces on the map", "Offer them"]


def done_of(page: str) -> list[bool]:
    """Of each step that is listed, whether it is done."""
    listed = re.findall(r"<li( class=\"is-done\")?>.*?(" + "|".join(STEPS) + ")", page)
    assert [name for _, name in listed] == STEPS[-len(listed) :]
    return [bool(done) for done, _ in listed]


@pytest.mark.both_engines
def test_the_first_day_leads_to_a_public_map(con: Connection, now: datetime, app: Flask) -> None:
    office = a_signed_in_client(app, role="administrator")
    look = lambda: office.get("/office/waiting").text  # noqa: E731
    assert done_of(look()) == [False] * 5
    ref = spaces.add_space(con, SYSTEM, a_space(geometry=None, status="verified"), now)
    assert done_of(look()) == [False, False, True, False, False]
    assert done_of(a_signed_in_client(app, "Jo Planner").get("/office/waiting").text) == [True, False, False]
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    spaces.edit_space(con, SYSTEM, ref, {"geometry": a_place()}, now)
    spaces.move_space(con, SYSTEM, ref, "offer", now)
    assert done_of(look()) == [False, True, True, True, True], "nobody knows whom to ask"
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "a@town.example"}, now)
    assert "From an empty register" not in look()


@pytest.mark.both_engines
def test_where_it_stands_counts_as_a_passer_by_is_told(con: Connection, now: datetime, office: FlaskClient) -> None:
    for values in (
        {}, {"occupancy": "temporary_use"}, {"occupancy": "occupied"}, {"status": "verified"}, {"status": "withheld"},
        {"available_until": date(2026, 11, 1)}, {"available_until": date(2027, 1, 1)}, {"status": "reported"},
        {"vacant_since": date(2026, 4, 23)},
    ):  # fmt: skip
        spaces.add_space(con, SYSTEM, a_space(**values), now)
    page = office.get("/office/waiting").text
    assert "Of 8 spaces, 1 are in temporary use, 3 are free, 4 are not available." in page
    assert "for seven months, on average" in page


@pytest.mark.both_engines
def test_what_happened_since_is_told_by_noun(con: Connection, now: datetime) -> None:
    def last() -> int:
        found = events.last(con)
        con.rollback()
        return found

    first = last()
    ref = spaces.add_space(con, SYSTEM, a_space(), now)
    spaces.edit_space(con, SYSTEM, ref, {"name": "Barn"}, now)
    then = last()
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    assert events.only_of(con, "space", first, then), "no further than asked"
    assert events.only_of(con, "space", then, then)
    assert not events.only_of(con, "space", first, then, most=1)
    assert not events.only_of(con, "space", first, events.last(con))
