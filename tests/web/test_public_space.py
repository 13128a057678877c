"""A space's page, on both engines."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from urllib.parse import parse_qs

import orjson
import pytest
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.spaces import Period
from tempuse.store.engine import Connection
from tests import town
from tests.builders import a_place, a_space


@pytest.fixture
def people(con: Connection, client: FlaskClient, now: datetime) -> FlaskClient:
    """A visitor of the town."""
    town.build(con, now, crowd=0)
    con.rollback()
    return client


def text(answer) -> str:
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_page_answers_in_the_order_people_ask(people: FlaskClient) -> None:
    said = text(people.get(f"/spaces/{town.HALL}"))
    order = [
        "Free from 1 March 2027", "Fish auction hall", "You can use this hall from 1 March to 31 August 2027.",
        "The hall", "640 m², 7.5 m high", "1931", "Good. Usable as it is.", "2 Auction Quay, Tannery",
        "What you may do here", "Workshop and exhibition or event.", "200 people",
        "What it costs", "About €310 a month", "There is no rent.", "In winter reckon with €450 a month.",
        "deposit of €500",
        "What is there", "Power", "No heating", "Internet: not known",
        "What you must respect", "Quiet from 22:00.", "People live across the yard.", "It is listed.",
        "Who was here before", "May to September 2024", "Night market", "Twelve Fridays.",
        "Where these facts come from", "The city owns it.", "12 June 2026", "“Building file”",
        "Is something wrong? Tell us", "Ask for this hall", "012 34 56",
        "You agree in writing before you get the keys.",
    ]  # fmt: skip
    at = 0
    for part in order:
        found = said.find(part, at)
        assert found >= 0, f"{part!r} does not follow in {said[at : at + 300]!r}"
        at = found


def test_nobody_is_sent_to_a_button_that_does_nothing(people: FlaskClient) -> None:
    body = people.get(f"/spaces/{town.HALL}").get_data(as_text=True)
    letter = re.search(r'href="mailto:spaces@rivermouth\.example\?([^"]*)"', body)
    asked = {name: values[0] for name, values in parse_qs(html.unescape(letter[1])).items()}
    assert asked["subject"] == "SP-0001 Fish auction hall"
    # The three things that the city asks for.
    assert " ".join(asked["body"].split()) == ("SP-0001 Fish auction hall Who we are: What we plan: From when to when:")
    assert body.count(f'href="/request?space={town.HALL}"') == 2, "beside the facts, and at the foot of a phone"
    assert 'id="ask"' in body
    assert "number 4 in the list" not in body


def test_a_city_without_contact_says_so(con: Connection, people: FlaskClient, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"contact_email": "", "contact_phone": ""}, now)
    body = people.get(f"/spaces/{town.HALL}").get_data(as_text=True)
    assert f'href="/request?space={town.HALL}"' in body
    assert "mailto:" not in body
    over = {"available_from": None, "available_until": date(2026, 1, 31)}
    spaces.edit_space(con, SYSTEM, town.HALL, over, now)
    body = people.get(f"/spaces/{town.HALL}").get_data(as_text=True)
    assert "The city has not yet said on this site how to ask." in body
    assert "/request?" not in body
    assert 'href="#ask"' in body


def test_a_square_says_why_and_nothing_that_locates(people: FlaskClient) -> None:
    answer = people.get(f"/spaces/{town.FORGE}")
    said, body = text(answer), answer.get_data(as_text=True)
    assert "A workshop in Tannery" in said
    assert "Somewhere in this square. The owner shows only the area." in said
    assert "50 to 100 m²" in said
    for secret in (*town.SECRETS, "70 m²", "1931", "private person"):
        assert secret not in body


def test_a_hidden_place_has_no_map(people: FlaskClient) -> None:
    body = people.get(f"/spaces/{town.HIDDEN}").get_data(as_text=True)
    assert "folium-map" not in body
    assert "The owner does not show where it is." in body
    assert "Show on the map" not in body


def test_a_retired_space_says_only_that_it_ended_and_when(people: FlaskClient) -> None:
    answer = people.get(f"/spaces/{town.RETIRED}")
    said = text(answer)
    assert answer.status_code == 200
    assert "SP-0008 is no longer offered" in said
    assert "It left the register on 1 October 2026." in said
    assert "Sold shop" not in answer.get_data(as_text=True)


@pytest.mark.both_engines
def test_a_space_that_nobody_may_see_is_as_unknown_as_one_that_is_not_there(people: FlaskClient) -> None:
    for ref in (town.WITHHELD, "SP-9999", "nonsense", "SP-0001%00", "<b>"):
        answer = people.get(f"/spaces/{ref}")
        assert answer.status_code == 404, ref
        assert "Foxglove" not in answer.get_data(as_text=True)
        assert people.get(f"/spaces/{ref}.geojson").status_code == 404, ref
    assert "There is no space SP-0009 in this register." in text(people.get(f"/spaces/{town.WITHHELD}"))


def test_a_ref_in_small_letters_leads_to_the_page(people: FlaskClient) -> None:
    answer = people.get("/spaces/sp-0001")
    assert answer.status_code == 301
    assert answer.location == "/spaces/SP-0001"


@pytest.mark.both_engines
def test_the_same_facts_as_geojson_are_those_that_are_published(people: FlaskClient) -> None:
    answer = people.get(f"/spaces/{town.FORGE}.geojson")
    feature = orjson.loads(answer.data)
    assert answer.mimetype == "application/geo+json"
    assert feature["id"] == town.FORGE
    assert feature["geometry"]["type"] == "Polygon"
    assert "name" not in feature["properties"]
    again = people.get(f"/spaces/{town.FORGE}.geojson", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_way_back_leads_to_where_the_reader_was(people: FlaskClient) -> None:
    def back(came: str) -> str:
        body = people.get(f"/spaces/{town.HALL}", headers={"Referer": came}).get_data(as_text=True)
        return re.search(r'class="back" href="([^"]*)"', body)[1].replace("&amp;", "&")

    assert back("http://localhost/?has=water&map=14/51/3") == "/?has=water&map=14/51/3"
    assert back("http://localhost/find?kind=plot") == "/find?kind=plot"
    assert back("http://elsewhere.example/?has=water") == "/"
    assert back("http://localhost/office/spaces") == "/"


@pytest.mark.both_engines
def test_words_from_the_register_are_never_code(con: Connection, client: FlaskClient, now: datetime) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}</script><b>"
    ref = spaces.add_space(
        con, SYSTEM, a_space(name=evil, description=evil, rules=evil + ". " + evil, source=evil, address=evil), now,
        past=[Period(title=evil, what_came=evil, starts_on=date(2025, 1, 1), source=evil)],
    )  # fmt: skip
    for path in (f"/spaces/{ref}", "/", "/list", "/find"):
        body = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in body
        assert "</script><b>" not in body
        assert "7*7" in body
    assert "alert(1)" in orjson.loads(client.get("/map/view?box=3,51,4,52&zoom=15").data)["spaces"][0]["name"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "plot"}, "You can use this plot from today."),
        ({"kind": "unit", "suitable_uses": ("shop",)}, "You can use this shop from today."),
        ({"name": "Mill", "available_from": date(2026, 12, 24), "available_until": date(2027, 2, 1)},
         "You can use this building from 24 December 2026 to 1 February 2027."),
        ({"name": "Mill", "available_until": date(2027, 2, 1)},
         "You can use this building from today to 1 February 2027."),
        ({"name": "Mill", "available_from": date(2027, 2, 1)}, "You can use this building from 1 February 2027."),
        ({"name": "Mill", "occupancy": "temporary_use", "available_from": date(2027, 7, 1)},
         "A group uses this building just now. It is free again from 1 July 2027."),
        ({"name": "Mill", "occupancy": "occupied"}, "You cannot use this building just now."),
        ({"name": "Mill", "shortest_term_days": 28, "longest_term_days": 365}, "For 4 weeks at least, 1 year at most."),
        ({"name": "Mill", "longest_term_days": 183}, "For 6 months at most."),
        ({"name": "Mill", "cost_model": "reduced", "cost_cents": 12000, "cost_period": "month"}, "€120 a month rent"),
        ({"name": "Mill", "cost_model": "free"}, "Free of charge"),
        ({"name": "Mill"}, "Not known yet. Ask the city."),
        ({"name": "Mill", "storey": 0, "kind": "unit"}, "Unit, ground floor"),
        ({"name": "Mill", "contamination": "suspected"}, "Do not dig. There may be harmful substances."),
        ({"name": "Mill", "floor_load_kg_m2": 500}, "The floor carries 500 kg per m²."),
        ({"name": "Mill", "placed_by": "estimate"}, "The place on the map is approximate."),
        ({"name": "Mill", "certainty": "uncertain"}, "They are not certain"),
        ({"name": "Mill", "highest_step_cm": 0}, "Highest step on the way in none"),
    ],
)  # fmt: skip
def test_each_fact_has_its_sentence(
    con: Connection, client: FlaskClient, now: datetime, values: dict, said: str
) -> None:  # fmt: skip
    ref = spaces.add_space(con, SYSTEM, a_space(**{"geometry": a_place(), **values}), now)
    assert said in text(client.get(f"/spaces/{ref}"))
