"""The office with many permits: what waits, a request written down for a group, the same act on several."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.permits.using import end_early
from tempuse.registry.spaces import add_space
from tempuse.store import letters, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.office import a_signed_in_client, post
from tests.permitting import a_request, approved, running, signed, terms
from web import create_app

SPRING = terms(date(2026, 12, 1), date(2027, 5, 31))
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def clock(now: datetime) -> list[datetime]:
    return [now]


@pytest.fixture
def app(register: Register, clock: list[datetime]) -> Flask:
    return create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: clock[0])


@pytest.fixture
def halls(con: Connection, now: datetime) -> list[str]:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return [add_space(con, SYSTEM, a_space(name=f"Hall {number}"), now) for number in range(3)]


@pytest.fixture
def ilse(app: Flask, halls: list[str]) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.mark.both_engines
def test_what_waits_is_in_its_queue(
    con: Connection, app: Flask, ilse: FlaskClient, halls: list[str], now: datetime, clock: list[datetime]
) -> None:
    a_request(con, now, halls[:1], SPRING, group="Choir")
    approved(con, now, halls[1:2], SPRING, group="Circus", email="bo@circus.example")
    running(con, now, halls[2:], terms(date(2026, 11, 1), date(2026, 12, 31)), on=date(2026, 11, 20), group="Cinema")
    page = ilse.get("/office/waiting").text
    assert "Requests to decide" in page
    assert "Ends soon" in page
    assert "Approved, and not signed in time" not in page
    clock[0] = now + timedelta(days=50)
    page = a_signed_in_client(app, "Bo Ray").get("/office/waiting").text
    assert "Approved, and not signed in time" in page
    assert "Over, and the keys are still out" in page
    assert "12 days over" in page
    assert "Begins soon, without keys" in page


def test_a_planner_writes_down_a_request_on_paper(con: Connection, ilse: FlaskClient, halls: list[str]) -> None:
    form = form_of(ilse.get(f"/office/permits/new?space={halls[0]}").text, "form_token")
    assert form["spaces"] == halls[0]
    form |= {"title": "Choir evenings", "group": "Choir", "name": "Ada", "starts_on": "2026-12-01"}
    form |= {"ends_on": "2027-05-31", "hours-0-weekdays": "2", "hours-0-from_clock": "19:00"}
    form |= {"hours-0-until_clock": "22:00"}
    answer = ilse.post("/office/permits/new", data=form, headers=HERE)
    assert answer.status_code == 422
    assert "Write an address, or tick that the group agreed on paper." in answer.text
    for _ in range(2):
        answer = ilse.post("/office/permits/new", data={**form, "on_paper": "y"}, headers=HERE)
        assert answer.status_code == 302
    (ref,) = [each.permit.ref for each in permits.of_spaces(con, halls)]
    assert permits.get(con, ref).status == "submitted"
    con.rollback()
    assert "On Tuesday from 19:00 to 22:00." in ilse.get(f"/office/permits/{ref}").text


def test_a_request_with_an_address_waits_for_the_groups_yes(
    con: Connection, ilse: FlaskClient, halls: list[str]
) -> None:
    form = form_of(ilse.get(f"/office/permits/new?space={halls[0]}").text, "form_token")
    form |= {"title": "Choir", "group": "Choir", "name": "Ada", "email": "ada@choir.example"}
    backwards = {**form, "starts_on": "2027-05-31", "ends_on": "2026-12-01"}
    answer = ilse.post("/office/permits/new", data=backwards, headers=HERE)
    assert answer.status_code == 422
    assert "The last day is before the first." in answer.text
    form |= {"starts_on": "2026-12-01", "ends_on": "2027-05-31"}
    assert ilse.post("/office/permits/new", data=form, headers=HERE).status_code == 302
    con.rollback()
    assert "permit_confirm" in {each.template for each in letters.find(con)}
    (each,) = permits.of_spaces(con, halls)
    assert each.permit.status == "draft"
    con.rollback()
    page = f"/office/permits/{each.permit.ref}"
    assert post(ilse, f"{page}/on-paper", {}, page=page).status_code == 302
    assert permits.get(con, each.permit.ref).status == "submitted"
    con.rollback()


def test_a_request_is_changed_on_the_telephone(
    con: Connection, ilse: FlaskClient, halls: list[str], now: datetime
) -> None:
    ref = a_request(con, now, halls[:1], SPRING)
    form = form_of(ilse.get(f"/office/permits/{ref}/edit").text, "revision")
    form |= {"ends_on": "2027-04-30", "spaces": halls[1]}
    assert ilse.post(f"/office/permits/{ref}/edit", data=form, headers=HERE).status_code == 302
    each = permits.one_ruled(con, ref)
    con.rollback()
    assert (each.terms.ends_on, each.permit.space_refs) == (date(2027, 4, 30), (halls[1],))


def choose(client: FlaskClient, act: str, *refs: str) -> str:
    """Tick permits of the list and look what an act would do: the page."""
    answer = post(client, "/office/permits/several", {"act": act, "ref": list(refs)}, page="/office/permits?show=all")
    assert answer.status_code == 200
    return str(answer.text)


def test_several_end_with_their_space(con: Connection, ilse: FlaskClient, halls: list[str], now: datetime) -> None:
    asked = a_request(con, now, halls[:1], SPRING, group="Choir")
    agreed = signed(con, now, halls[1:2], SPRING, group="Circus", email="bo@circus.example")
    used = running(con, now, halls[2:], terms(date(2026, 11, 1), date(2027, 1, 31)), on=date(2026, 11, 20))
    page = choose(ilse, "end", asked, agreed, used)
    for said in ("is refused", "is revoked", "ends early; the keys still come back", "Nothing is changed yet."):
        assert said in page
    form = form_of(page, "go")
    answer = ilse.post("/office/permits/several", data={**form, "because": ""}, headers=HERE)
    assert answer.status_code == 422
    form |= {"because": "The roof fell in.", "on": "2026-11-30"}
    assert ilse.post("/office/permits/several", data=form, headers=HERE).status_code == 302
    statuses = [permits.get(con, ref).status for ref in (asked, agreed, used)]
    assert statuses == ["refused", "revoked", "handed_over"]
    assert permits.get(con, used).ended_on == date(2026, 11, 30)
    con.rollback()
    assert ilse.post("/office/permits/several", data=form, headers=HERE).status_code == 409


def test_whoever_moved_one_meanwhile_is_not_passed_over(
    con: Connection, ilse: FlaskClient, halls: list[str], now: datetime
) -> None:
    used = running(con, now, halls[2:], terms(date(2026, 11, 1), date(2027, 1, 31)), on=date(2026, 11, 20))
    form = form_of(choose(ilse, "end", used), "go") | {"because": "The roof fell in.", "on": "2026-11-30"}
    end_early(con, SYSTEM, used, now, ended_on=date(2026, 12, 15), ended_how="agreed", because="Both wish it")
    answer = ilse.post("/office/permits/several", data=form, headers=HERE)
    assert answer.status_code == 409
    assert permits.get(con, used).ended_on == date(2026, 12, 15)
    con.rollback()


def test_groups_are_reminded_once_a_day(con: Connection, ilse: FlaskClient, halls: list[str], now: datetime) -> None:
    agreed = approved(con, now, halls[1:2], SPRING)
    asked = a_request(con, now, halls[:1], SPRING, group="Choir", email="bo@choir.example")
    page = choose(ilse, "remind", agreed, asked)
    assert "1 stays as it is" in page
    for _ in range(2):
        form = form_of(choose(ilse, "remind", agreed), "go")
        assert ilse.post("/office/permits/several", data=form, headers=HERE).status_code == 302
    con.rollback()
    assert [each.template for each in letters.find(con)].count("permit_reminder") == 1
    con.rollback()


def test_several_get_another_handler(con: Connection, ilse: FlaskClient, halls: list[str], now: datetime) -> None:
    one = a_request(con, now, halls[:1], SPRING)
    other = a_request(con, now, halls[1:2], SPRING, group="Choir", email="bo@choir.example")
    form = form_of(choose(ilse, "assign", one, other), "go")
    assert "Nobody gets a letter." in choose(ilse, "assign", one, other)
    assert ilse.post("/office/permits/several", data={**form, "handler": "PE-0001"}, headers=HERE).status_code == 302
    assert {permits.get(con, ref).handler_ref for ref in (one, other)} == {"PE-0001"}
    con.rollback()
    assert "Choir" in ilse.get("/office/permits?handler=PE-0001").text


def test_the_page_of_a_space_tells_of_its_permits(
    con: Connection, ilse: FlaskClient, halls: list[str], now: datetime
) -> None:
    ref = signed(con, now, halls[:1], SPRING, group="Choir")
    page = ilse.get(f"/office/spaces/{halls[0]}").text
    assert "Choir" in page
    assert "1 December 2026 to 31 May 2027" in page
    assert f"/office/permits/new?space={halls[0]}" in page
    refused = post(ilse, f"/office/spaces/{halls[0]}/move/withhold", {}, page=f"/office/spaces/{halls[0]}")
    assert refused.status_code == 409
    assert ref in refused.text
    found = ilse.get(f"/office/find?q={ref.lower()}")
    assert found.headers["Location"] == f"/office/permits/{ref}"
