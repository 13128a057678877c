"""The pages of what groups look for: a stranger's way by link, one's own page, the office, the public list and feed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.needs import Need, wanted_of
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import needs
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.needing import a_need, looking, shown
from tests.office import a_signed_in_client, post

GOOD = {
    "title": "A workshop for a repair café", "uses": ["workshop"], "area_least_m2": "60", "term": "1",
    "term_unit": "year", "facilities": ["toilets"], "budget_month": "200", "audience": "public", "name": "Ada Mol",
    "email": "ada@group.example", "group": "Repair café", "purpose": "We mend radios.",
}  # fmt: skip
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture(autouse=True)
def town(con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"contact_email": "spaces@rivermouth.example"}, now)


def fill(client: FlaskClient, clock: Clock, question: str = "", **changes: Any) -> Any:
    """Open the form, take a minute over it, send it."""
    form = form_of(client.get(f"/needs/new{question}").text, "form_token")
    clock.forward(minutes=1)
    return client.post(f"/needs/new{question}", data={**form, **GOOD, **changes}, headers=HERE)


def kept(con: Connection) -> list[Need]:
    con.rollback()
    found = needs.find(con)
    con.rollback()
    return found


def link_in(server: Server) -> str:
    found = re.search(r"https://spaces\.example(/\S+)", server.letters[-1].get_content())
    assert found
    return found[1]


def confirmed(app: Flask, client: FlaskClient, clock: Clock, server: Server) -> None:
    """Fill in the form, and press the link in the letter."""
    fill(client, clock)
    deliver(app)
    link = link_in(server)
    client.post(link, data=form_of(client.get(link).text, "csrf_token"), headers=HERE)


def test_a_stranger_says_what_they_look_for_and_comes_to_their_page_by_the_link(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server
) -> None:
    sent = fill(client, clock, "?near=51.054,3.725&within=2000&hours=tu19-22&m2=-300")
    assert sent.status_code == 302, sent.text
    assert "only then does the search begin" in client.get(sent.location).text
    (draft,) = kept(con)
    assert draft.question == (
        "use=workshop&m2=60-300&for=12m&hours=tu19-22&near=51.054,3.725&within=2000&has=toilets&cost=200"
    )
    deliver(app)
    assert [str(letter["Subject"]) for letter in server.letters] == ["Do you look for a space?"]
    link = link_in(server)
    for look in (client.get, client.head, client.get):
        assert look(link).status_code == 200
    assert kept(con)[0].status == "draft"
    pressed = client.post(link, data=form_of(client.get(link).text, "csrf_token"), headers=HERE)
    assert (pressed.status_code, pressed.location) == (302, f"/my/needs/{draft.ref}")
    assert kept(con)[0].status == "open"
    page = client.get(pressed.location).text
    for said in (GOOD["title"], "60 to 300 m²", "Toilets", "We still look", "the city looks at it first"):
        assert str(said) in page
    assert str(GOOD["title"]) in client.get("/my/").text
    assert client.get("/needs/confirm/no-such-secret").status_code == 200
    wrong = client.post(
        "/needs/confirm/no-such-secret", data=form_of(client.get(link).text, "csrf_token"), headers=HERE
    )
    assert wrong.status_code == 410


def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(
    con: Connection, client: FlaskClient, clock: Clock
) -> None:
    sent = fill(client, clock, area_most_m2="20", persons="many", uses=["workshop", "garden", "shop", "sport"])
    assert sent.status_code == 422
    assert "Write a whole number, like 12." in sent.text
    again = fill(client, clock, area_most_m2="20", uses=["workshop", "garden", "shop", "sport"])
    assert again.status_code == 422
    for said in ("The most is less than the least", "Choose 3 uses at most", "We mend radios."):
        assert said in again.text
    assert kept(con) == []


def test_on_ones_own_page_it_is_changed_found_and_looked_for_again(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server
) -> None:
    confirmed(app, client, clock, server)
    (need,) = kept(con)
    page = f"/my/needs/{need.ref}"
    changed = {**form_of(client.get(f"{page}/edit").text, "form_token"), "area_least_m2": "40", "uses": ["garden"]}
    assert client.post(f"{page}/edit", data=changed, headers=HERE).status_code == 302
    wanted = wanted_of(kept(con)[0])[0]
    assert (wanted.area_least_m2, wanted.uses, wanted.term_months) == (40, ("garden",), 12)
    for move, status in (("confirm", "open"), ("fulfil", "met"), ("reopen", "open"), ("withdraw", "withdrawn")):
        form = {**form_of(client.get(page).text, "csrf_token"), "met_how": "elsewhere"}
        assert client.post(f"{page}/move/{move}", data=form, headers=HERE).status_code == 302, move
        assert kept(con)[0].status == status
    form = form_of(client.get(page).text, "csrf_token")
    assert client.post(f"{page}/move/release", data=form, headers=HERE).status_code == 404


def test_of_another_groups_search_nobody_learns_that_it_is_there(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, now: datetime
) -> None:
    other = looking(con, now, email="bea@other.example", name="Bea", group="Choir")
    confirmed(app, client, clock, server)
    assert client.get(f"/my/needs/{other}").status_code == 404
    assert client.get(f"/my/needs/{other}/edit").status_code == 404
    assert other not in client.get("/my/needs").text


def test_the_public_list_and_its_feed_name_what_was_released_and_nothing_else(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    shown(con, now, a_need(audience="public", private_text="pst", title="Radios & <more>"))
    looking(con, now, a_need(title="A hidden search"))
    for address in ("/needs", "/needs.atom", "/needs.geojson"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "A repair café looks for a workshop." in answer.text
        assert not [word for word in ("pst", "A hidden", "3.725", "51.054", "ada@") if word in answer.text], address
    feed = ElementTree.fromstring(client.get("/needs.atom").text)
    assert feed.findtext("{*}entry/{*}title") == "Radios & <more>"
    assert "1 group looks for a space" in client.get("/needs?use=workshop").text
    assert "0 groups look for a space" in client.get("/needs?use=garden").text


def test_the_office_releases_suggests_and_sets_aside(
    app: Flask, con: Connection, clock: Clock, server: Server, now: datetime
) -> None:
    ref = looking(con, now, a_need(audience="public"))
    space = add_space(con, SYSTEM, a_space(internal_note="pst"), now)
    planner = a_signed_in_client(app)
    assert "A place for a repair café" in planner.get("/office/waiting").text
    for show in ("waiting", "release"):
        assert ref in planner.get(f"/office/needs?show={show}").text
    page = f"/office/needs/{ref}"
    assert "ada@group.example" in planner.get(page).text
    assert post(planner, f"{page}/move/release", {"released_text": " "}, page).status_code == 422
    assert post(planner, f"{page}/move/release", {"released_text": "We look."}, page).status_code == 302
    assert "We look." in planner.get("/needs").text
    assert post(planner, f"{page}/propose", {"space": "SP-0404"}, page).status_code == 404
    assert post(planner, f"{page}/propose", {"space": space.lower()}, page).status_code == 302
    assert post(planner, f"{page}/move/set_aside", {}, page).status_code == 422
    assert post(planner, f"{page}/move/set_aside", {"because": "Not for here."}, page).status_code == 302
    deliver(app)
    said = {str(letter["Subject"]): letter.get_content() for letter in server.letters}
    assert "Not for here." in said[f"Your search was set aside: {ref}"]
    assert planner.get("/needs").text.count("We look.") == 0
    assert "set it aside" in planner.get(page).text


def test_the_office_writes_one_down_for_a_group_without_an_address(app: Flask, con: Connection) -> None:
    planner = a_signed_in_client(app)
    asked = {**GOOD, "email": "", "name": "Ada", "group": "Choir"}
    assert post(planner, "/office/needs/new", asked).status_code == 302
    (need,) = kept(con)
    page = f"/office/needs/{need.ref}"
    assert post(planner, f"{page}/move/open", {}, page).status_code == 302
    assert (kept(con)[0].status, "Choir" in planner.get(page).text) == ("open", True)
    assert planner.get("/office/needs?show=draft").status_code == 200
