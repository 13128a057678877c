"""A request that began with a search shows how the space fitted, to the group and to the office, in their languages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.matches import Match
from tempuse.registry import setup
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import matches, people
from tempuse.store.engine import Connection, Register
from tests.builders import a_place, a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import a_signed_in_client, post
from tests.web.test_my_permits import entered
from tests.web.test_public_pages import text
from tests.web.test_requests import GOOD, link_in

ASKED = "use=workshop&kind=unit&m2=60-120&near=51.05,3.73&within=1000&has=toilets&cost=100&group=informal"
REASONS = re.compile(r'<li class="reason">.*?</li>', re.DOTALL)


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def loft(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    space = a_space(
        name="Net loft", kind="unit", suitable_uses=("workshop",), floor_area_m2=48.0, geometry=a_place(),
        cost_model="market", cost_cents=12_000, cost_period="month", registered_only=True,
    )  # fmt: skip
    return add_space(con, SYSTEM, space, clock.now)


def way_to_ask(client: FlaskClient, ref: str, asked: str = ASKED) -> str:
    """The link that a seeker presses."""
    body = client.get(f"/match/{ref}?{asked}").get_data(as_text=True)
    found = re.search(r'href="(/request\?[^"]+)"', body)
    assert found, body
    return html.unescape(found[1])


def send(client: FlaskClient, clock: Clock, address: str, **changes: Any) -> Any:
    form = form_of(client.get(address).text, "form_token")
    clock.forward(minutes=1)
    return client.post("/request", data={**form, **GOOD, **changes}, headers={"Origin": "http://localhost"})


def kept(con: Connection) -> list[Match]:
    con.rollback()
    found = matches.rows.find(con)
    con.rollback()
    return found


def reasons_in(body: str) -> list[str]:
    return sorted(REASONS.findall(body))


@pytest.mark.both_engines
def test_from_the_list_to_the_offices_page_and_the_groups_own(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, loft: str
) -> None:
    then = client.get(f"/match/{loft}?{ASKED}").get_data(as_text=True)
    assert send(client, clock, way_to_ask(client, loft)).status_code == 302
    (match,) = kept(con)
    assert (match.tier, match.permit_ref, match.wanted.kinds) == ("near", "PM-0001", ("unit",))
    edit_space(con, SYSTEM, loft, {"floor_area_m2": 200.0, "toilets": True, "cost_cents": 0}, clock.now)
    deliver(app)
    mine = post(client, link_in(server), {}).location
    page = client.get(mine).get_data(as_text=True)
    assert "How it fitted what you looked for" in page
    assert reasons_in(page) == reasons_in(then) != []
    said = text(client.get(mine))
    assert "As everybody saw it on 23 November 2026, by the criteria" in said
    assert f"{match.version}; kept as MT-0001." in said
    assert "48 m², 12 m² less than you asked for." in said
    assert "near" not in match.question
    with client.session_transaction() as session:
        session["language"] = "nl"
    in_dutch = text(client.get(mine))
    assert "Hoe het paste bij wat u zocht" in in_dutch
    assert "48 m², 12 m² minder" in in_dutch
    body = a_signed_in_client(app).get("/office/permits/PM-0001").get_data(as_text=True)
    assert "How it fitted what they looked for" in body
    assert reasons_in(body) == reasons_in(then)


def test_what_somebody_wrote_into_the_form_by_themselves_is_not_kept(
    con: Connection, client: FlaskClient, clock: Clock, loft: str
) -> None:
    address = way_to_ask(client, loft)
    sealed = str(form_of(client.get(address).text, "form_token")["match"])
    forged = [
        "use=workshop", sealed[:-2], sealed.upper(), "x" * 10_000, sealed + "x" * 10_000,
        str(form_of(client.get(address).text, "form_token")["form_token"]),
    ]  # fmt: skip
    for each in forged:
        assert send(client, clock, address, match=each).status_code == 302, each[:40]
    assert kept(con) == []
    assert send(client, clock, address, match=sealed).status_code == 302
    assert len(kept(con)) == 1


def test_a_question_that_is_not_understood_whole_fills_in_the_form_and_is_not_kept(
    con: Connection, client: FlaskClient, clock: Clock, loft: str
) -> None:
    address = f"/request?space={loft}&match=use%3Dworkshop%26has%3Dgold"
    form = form_of(client.get(address).text, "form_token")
    assert (form["use"], "match" in form) == ("workshop", False)
    assert send(client, clock, address).status_code == 302
    assert send(client, clock, f"/request?space={loft}&match=" + "use%3Dshop%26" * 900).status_code == 302
    assert kept(con) == []


def test_a_form_that_is_sent_back_keeps_the_question(
    con: Connection, client: FlaskClient, clock: Clock, loft: str
) -> None:
    answer = send(client, clock, way_to_ask(client, loft), title="")
    assert answer.status_code == 422
    again = {**form_of(answer.text, "form_token"), "title": "Repair café"}
    assert client.post("/request", data=again, headers={"Origin": "http://localhost"}).status_code == 302
    assert [each.tier for each in kept(con)] == ["near"]


def test_a_contact_who_is_signed_in_brings_the_question_along(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, loft: str
) -> None:
    assert send(client, clock, f"/request?space={loft}").status_code == 302
    deliver(app)
    post(client, link_in(server), {})
    person = people.by_email(con, GOOD["email"])
    con.rollback()
    assert person is not None
    contact = entered(app, person)
    leads = contact.get(way_to_ask(contact, loft, "use=event&for=2m&from=2027-03-01"))
    assert (leads.status_code, leads.location.partition("?")[0]) == (302, "/my/request")
    form = form_of(contact.get(leads.location).text, "form_token")
    assert (form["use"], form["starts_on"], form["ends_on"]) == ("event", "2027-03-01", "2027-04-30")
    done = contact.post("/my/request", data={**form, "title": "A feast"}, headers={"Origin": "http://localhost"})
    assert done.status_code == 302, text(done)
    assert [each.wanted.uses for each in kept(con)] == [("event",)]


def test_where_a_city_gives_several_kinds_the_question_goes_along(
    con: Connection, client: FlaskClient, clock: Clock, loft: str
) -> None:
    two = '[{"name": "use", "title": {"en": "Use"}}, {"name": "feast", "title": {"en": "Feast"}}]'
    setup.change_settings(con, SYSTEM, {"permit_kinds": two}, clock.now)
    chosen = client.get(way_to_ask(client, loft)).get_data(as_text=True)
    address = re.search(r'href="(/request\?kind=feast[^"]+)"', chosen)
    assert address
    assert send(client, clock, html.unescape(address[1])).status_code == 302
    assert [each.wanted.kinds for each in kept(con)] == [("unit",)]
