"""The office keeps a space free for some days, and writes down that it has another owner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import closures, organisations, owner_changes, permits, spaces
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.forms import form_of
from tests.office import a_signed_in_client, post
from tests.permitting import a_request, approved, running, terms

SPRING = terms(date(2026, 12, 1), date(2027, 5, 31))
DAYS = {"starts_on": "2027-07-01", "ends_on": "2027-07-14", "because": "The roof is mended."}


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return add_space(con, SYSTEM, a_space(
        name="The Fish Hall", ownership="company", consent="given", owner_name="Ropery Ltd"
    ), now)  # fmt: skip


@pytest.fixture
def city_hall(con: Connection, now: datetime, hall: str) -> str:
    return add_space(con, SYSTEM, a_space(name="The Net Loft"), now)


@pytest.fixture
def ilse(app: Flask, hall: str) -> FlaskClient:
    return a_signed_in_client(app)


def send(client: FlaskClient, address: str, holding: str, **changes: Any) -> Any:
    form = form_of(client.get(address).text, holding)
    return client.post(address, data={**form, **changes}, headers={"Origin": "http://localhost"})


@pytest.mark.both_engines
def test_days_are_kept_free_seen_and_given_back(
    con: Connection, ilse: FlaskClient, city_hall: str, now: datetime
) -> None:
    room = add_space(con, SYSTEM, a_space(name="Room 1", kind="unit", within_ref=city_hall), now)
    assert "Keep it free for some days" in ilse.get(f"/office/spaces/{city_hall}").text
    address = f"/office/spaces/{city_hall}/close"
    assert send(ilse, address, "because", **DAYS | {"because": " "}).status_code == 422
    assert send(ilse, address, "because", **DAYS | {"ends_on": "2027-06-01"}).status_code == 422
    assert send(ilse, address, "because", **DAYS).status_code == 302
    (closure,) = closures.in_force(con, date(2027, 1, 1))
    con.rollback()
    page = ilse.get(f"/office/spaces/{city_hall}").text
    assert "1 July 2027 to 14 July 2027: The roof is mended." in page
    assert f"/office/permits/{closure.ref}" not in page
    for question in ("?from=2027-01", "?from=2027-01&as=table"):
        drawn = ilse.get(f"/office/timeline{question}").text
        assert drawn.count("Not available, 1 July 2027 to 14 July 2027: The roof is mended.") >= 2, "the room's, too"
    ref = a_request(con, now, [room], terms(date(2027, 7, 10), date(2027, 8, 31)))
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Kept free" in page
    assert f"/office/permits/{closure.ref}" not in page
    back = f"/office/spaces/{city_hall}/closures/{closure.ref}/end"
    assert post(ilse, back.replace(city_hall, room), {}, page=f"/office/spaces/{city_hall}").status_code == 404
    assert post(ilse, back, {}, page=f"/office/spaces/{city_hall}").status_code == 302
    assert closures.in_force(con, date(2027, 1, 1)) == []
    assert "The roof is mended.</li>" not in ilse.get("/office/timeline?from=2027-01&as=table").text


def test_days_that_somebody_has_are_not_kept_free(
    con: Connection, ilse: FlaskClient, city_hall: str, now: datetime
) -> None:
    ref = approved(con, now, [city_hall], SPRING)
    answer = send(ilse, f"/office/spaces/{city_hall}/close", "because", **DAYS | {"starts_on": "2027-05-01"})
    assert (answer.status_code, ref in answer.text) == (409, True)


@pytest.mark.both_engines
def test_a_space_is_sold_and_what_runs_there_waits_for_the_office(
    con: Connection, ilse: FlaskClient, city_hall: str, now: datetime
) -> None:
    ref = running(con, now, [city_hall], SPRING, on=now.date())
    page = ilse.get(f"/office/spaces/{city_hall}/owner").text
    assert ref in page
    nobody = send(ilse, f"/office/spaces/{city_hall}/owner", "owner_name", ownership="company")
    assert nobody.status_code == 422
    sold = {"ownership": "company", "owner_name": "New Quay Ltd", "owner_email": "ann@quay.example"}
    assert send(ilse, f"/office/spaces/{city_hall}/owner", "owner_name", **sold).status_code == 302
    assert spaces.get(con, city_hall).owner_name == "New Quay Ltd"
    permit = permits.get(con, ref)
    assert permit.status == "handed_over"
    assert organisations.get(con, permit.grantor_ref or "").name == "New Quay Ltd"
    con.rollback()
    assert "Owners changed" in ilse.get("/office/waiting").text
    page = ilse.get(f"/office/permits/{ref}").text
    assert "It goes on as it is" in page
    assert "If the space is sold, it goes on under the new owner." in page
    settled = post(ilse, f"/office/permits/{ref}/owner-settled", {}, page=f"/office/permits/{ref}")
    assert settled.status_code == 302
    assert owner_changes.waiting(con) == []
    con.rollback()
    assert "It goes on as it is" not in ilse.get(f"/office/permits/{ref}").text.split("What happened")[0]
    assert "Owners changed" not in ilse.get("/office/waiting").text


def test_an_owner_whom_the_register_knows_is_chosen(
    con: Connection, ilse: FlaskClient, hall: str, city_hall: str, now: datetime
) -> None:
    sold = {"ownership": "company", "owner_name": "New Quay Ltd"}
    assert send(ilse, f"/office/spaces/{hall}/owner", "owner_name", **sold).status_code == 302
    (known,) = organisations.find(con, limit=9)
    con.rollback()
    page = ilse.get(f"/office/spaces/{city_hall}/owner").text
    assert "Nobody asks for it or uses it now." in page
    assert send(ilse, f"/office/spaces/{city_hall}/owner", "owner_name", **sold, grantor=known.ref).status_code == 302
    assert len(organisations.find(con, limit=9)) == 1
    assert send(ilse, f"/office/spaces/{city_hall}/owner", "owner_name", **sold, grantor="OR-9999").status_code == 422
