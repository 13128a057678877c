"""What stands around a space: its building and units, how to ask where it cannot be had, what tells rows apart."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.registry import spaces
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, WIDE, Visit
from tests.builders import a_place, a_space
from tests.walks.test_map import settled
from web.presenters import labels
from web.presenters.cards import Card, told_apart


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now, crowd=0)


@pytest.fixture
def unit(con: Connection, now: datetime) -> str:
    """A room of the hall, without an address of its own."""
    room = a_space(name="Ice cellar", kind="unit", within_ref=town.HALL, address=None, floor_area_m2=42.0)
    return add_space(con, SYSTEM, room, now)


def words_of(answer: Any) -> str:
    body = re.sub(r"<(script|style|title|svg)\b.*?</\1>", " ", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.both_engines
def test_a_building_and_its_units_know_each_other(
    client: FlaskClient, con: Connection, now: datetime, unit: str
) -> None:
    page = client.get(f"/spaces/{unit}")
    assert f'<a href="/spaces/{town.HALL}">Fish auction hall</a>' in page.text
    assert "Part of Fish auction hall" in words_of(page)
    assert "Where 2 Auction Quay" in words_of(page)
    hall = client.get(f"/spaces/{town.HALL}")
    assert "In this building Ice cellar , 42 m²" in words_of(hall).replace("Ice cellar,", "Ice cellar ,")
    assert f'href="/spaces/{unit}"' in hall.text
    # Where only one of them may be seen, it tells nothing of the other, nor takes its address.
    spaces.move_space(con, SYSTEM, town.HALL, "withhold", now)
    alone = client.get(f"/spaces/{unit}")
    for told in ("Part of", "Auction Quay", town.HALL):
        assert told not in alone.text
    spaces.move_space(con, SYSTEM, town.HALL, "release", now)
    spaces.move_space(con, SYSTEM, town.HALL, "offer", now)
    spaces.edit_space(con, SYSTEM, unit, {"location_level": "district"}, now)
    assert "In this building" not in client.get(f"/spaces/{town.HALL}").text
    assert "Auction Quay" not in client.get(f"/spaces/{unit}").text


def test_where_it_cannot_be_had_nobody_is_promised_keys(client: FlaskClient, con: Connection, now: datetime) -> None:
    assert "before you get the keys" in words_of(client.get(f"/spaces/{town.HALL}"))
    over = {"available_from": None, "available_until": date(2026, 1, 31)}
    spaces.edit_space(con, SYSTEM, town.HALL, over, now)
    shut = words_of(client.get(f"/spaces/{town.HALL}"))
    assert "Ask about this hall" in shut
    assert "Ask about this space" in shut
    assert "before you get the keys" not in shut
    used = {"available_until": None, "occupancy": "temporary_use", "available_from": date(2027, 10, 1)}
    spaces.edit_space(con, SYSTEM, town.HALL, used, now)
    assert "From 1 October 2027 it is free again. Ask early." in words_of(client.get(f"/spaces/{town.HALL}"))
    spaces.edit_space(con, SYSTEM, town.HALL, {"available_from": None}, now)
    assert "Nobody has said yet from when it is free again." in words_of(client.get(f"/spaces/{town.HALL}"))


def test_only_an_exact_place_opens_in_a_map_app(client: FlaskClient) -> None:
    hall = client.get(f"/spaces/{town.HALL}").text
    assert re.search(r'href="geo:51\.05\d*,3\.72\d*\?q=51\.05\d*,3\.72\d*\(Fish%20', hall)
    for ref in (town.FORGE, town.STUDIO, town.HIDDEN):
        assert "geo:" not in client.get(f"/spaces/{ref}").text


def test_rows_of_one_name_say_their_street(client: FlaskClient, con: Connection, now: datetime) -> None:
    def row(ref: str, title: str, meta: str, address: str = "") -> Card:
        return Card(ref, "unit", "free", "", title, meta, "", "exact", None, None, address=address)

    rows = [
        row("SP-0001", "Kiosk", "Unit, 64 m²", "3 Quay"), row("SP-0002", "Kiosk", "Unit, 9 m²"),
        row("SP-0003", "Hall", "Unit", "5 Quay"),
    ]  # fmt: skip
    assert [each.meta for each in told_apart(rows)] == ["Unit, 64 m², 3 Quay", "Unit, 9 m², SP-0002", "Unit"]
    # Where no district is known, the street stands in its place.
    add_space(con, SYSTEM, a_space(name="Far kiosk", address="9 Long Lane", geometry=a_place(0.3, 0.0)), now)
    assert "9 Long Lane" in client.get("/find").text


def test_a_shared_link_begins_with_what_lies_there(client: FlaskClient, con: Connection, now: datetime) -> None:
    add_space(con, SYSTEM, a_space(name="Far kiosk", geometry=a_place(0.3, 0.0)), now)
    here, there = client.get("/?map=14/51.05/3.72").text, client.get("/?map=14/51.05/4.02").text
    assert "Fish auction hall" in here
    assert "Far kiosk" not in here
    assert "Far kiosk" in there
    assert 'data-key="title">1 space</h1>' in there
    for odd in ("0/85/180", "19/-85/-180", "22/0/0", "3/91/200"):
        assert client.get(f"/?map={odd}").status_code == 200


def test_what_has_no_end_fades(client: FlaskClient, con: Connection, now: datetime) -> None:
    assert "timeline-bar free open" not in client.get(f"/spaces/{town.HALL}").text
    spaces.edit_space(con, SYSTEM, town.HALL, {"available_until": None}, now)
    assert "timeline-bar free open" in client.get(f"/spaces/{town.HALL}").text


def test_the_office_says_where_there_are_steps(app: Flask) -> None:
    with app.test_request_context():
        assert labels.told("step_free_access", False) == "no, there are steps"
        assert labels.told("step_free_access", True) == "yes"
        assert labels.told("power", False) == "no"


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_second_press_on_a_marker_opens_it(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/?map=17/51.0502/3.7202", size=size)
    settled(page)
    mark = page.locator(".mark-button").first
    mark.click()
    settled(page)
    expect(page.locator(".mark.is-chosen")).to_have_count(1)
    page.locator(".mark.is-chosen .mark-button").click()
    page.wait_for_url("**/spaces/SP-*")
    page.go_back()
    settled(page)
    expect(page.locator(".mark.is-chosen")).to_have_count(1)
