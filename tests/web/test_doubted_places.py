"""A place outside the town, in water or set from far away is asked about before it is kept."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, PlacedBy
from tests.builders import HERE, a_district, a_space
from tests.forms import form_of, send
from tests.office import a_signed_in_client

pytestmark = pytest.mark.both_engines
INSIDE, ELSEWHERE = f"{HERE[1]}, {HERE[0]}", f"{HERE[1] + 0.5}, {HERE[0]}"


@pytest.fixture
def office(app: Flask, con: Connection, now: datetime) -> FlaskClient:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    town = a_district("Rivermouth")
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [town], now)
    dock = a_district("Dock")
    dock.geometry = shapely.box(HERE[0] - 0.0005, HERE[1] - 0.0005, HERE[0] + 0.0005, HERE[1] + 0.0005)
    load_areas(con, SYSTEM, AreaKind.WATER, [dock], now)
    spaces.add_space(con, SYSTEM, a_space(name="Shed", geometry=None), now)
    return a_signed_in_client(app)


def placed(con: Connection) -> Any:
    con.rollback()
    found = space_rows.get(con, "SP-0001")
    con.rollback()
    return found


def press(office: FlaskClient, page: str, **more: str) -> str:
    form = form_of(page, "place")
    return office.post("/office/places/SP-0001", data={**form, **more}, headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(
    ("place", "zoom", "said"),
    [
        (ELSEWHERE, "17", "It lies outside Rivermouth."),
        (INSIDE, "17", "It lies in water."),
        (f"{HERE[1] + 0.002}, {HERE[0]}", "14", "You set it from far away: one dot of the map is 6 m wide there."),
    ],
)
def test_a_doubted_place_waits_for_a_second_word(
    con: Connection, office: FlaskClient, place: str, zoom: str, said: str
) -> None:
    page = press(office, office.get("/office/places").text, place=place, zoom=zoom, do="place")
    assert f"{said} Is it there? Then say so once more." in html.unescape(page)
    assert 'data-proposal="' + place.replace(" ", "")[:6] in page
    assert placed(con).geometry is None
    other = f"{HERE[1] + 0.04}, {HERE[0]}"
    assert "It lies outside" in press(office, page, place=other, do="place"), "what was agreed to was another place"
    assert placed(con).geometry is None
    page = press(office, page, do="place")
    assert "Every space has its place" in page
    space = placed(con)
    assert (shapely.get_coordinates(space.geometry).tolist()[0][::-1], space.placed_by) == (
        [float(each) for each in place.split(", ")], PlacedBy.PLANNER,
    )  # fmt: skip


def test_how_it_was_found_is_told_of_the_place_that_was_asked_about_alone(
    con: Connection, office: FlaskClient
) -> None:  # fmt: skip
    """An address service proposed one outside: whoever keeps it was told by it, whoever writes another was not."""
    first = office.get("/office/places").text
    for typed, by in (("", PlacedBy.GEOCODER), (f"{HERE[1] + 0.003}, {HERE[0]}", PlacedBy.PLANNER)):
        page = press(office, first, do="take", by="geocoder", proposed=ELSEWHERE, zoom="17")
        assert 'name="by" value="geocoder"' in page
        page = press(office, page, do="place", **({"place": typed} if typed else {}))
        assert placed(con).placed_by == by
        first = office.post(
            "/office/places/SP-0001", headers={"HX-Request": "true"},
            data={**form_of(page, "last_revision"), "do": "undo"},
        ).text  # fmt: skip


def test_a_place_of_which_nothing_is_odd_is_not_asked_about(con: Connection, office: FlaskClient) -> None:
    fine = f"{HERE[1] + 0.002}, {HERE[0]}"
    assert "Every space has its place" in press(office, office.get("/office/places").text, place=fine, zoom="17")
    assert placed(con).geometry is not None


def test_the_form_asks_too(con: Connection, office: FlaskClient) -> None:
    path = "/office/spaces/SP-0001/edit"
    asked = send(office, path, "geometry", {"geometry": ELSEWHERE})
    assert asked.status_code == 422
    assert "It lies outside Rivermouth. Is it there?" in html.unescape(asked.text)
    assert placed(con).geometry is None
    form = form_of(asked.text, "sure")
    assert re.fullmatch(r"[\d., ]+", form["sure"])
    assert office.post(path, data=form, headers={"Origin": "http://localhost"}).status_code == 302
    assert placed(con).geometry is not None
    assert send(office, path, "geometry", {"name": "Barn"}).status_code == 302, "a place that stands is not asked about"
