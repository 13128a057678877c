"""Mandates on the office's pages, and what a mediator does with them on its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC, SYSTEM
from tempuse.organisations import Organisation
from tempuse.registry import organisations, setup
from tempuse.registry.mandates import end_mandate
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.spaces import add_space
from tempuse.store import mandates, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.mandating import a_mediator, give
from tests.office import a_signed_in_client, post
from tests.web.test_my_permits import entered, of


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Pages are drawn from what the store gave, alike on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def house(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return add_space(con, SYSTEM, a_space(name="The Grain Store"), clock.now)


@pytest.fixture
def room(con: Connection, clock: Clock, house: str) -> str:
    return add_space(con, SYSTEM, a_space(name="Room 1", kind="unit", within_ref=house), clock.now)


def sees(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.text)


def test_without_a_mediator_nobody_reads_of_mandates(app: Flask, con: Connection, clock: Clock, house: str) -> None:
    choir = organisations.add_organisation(con, SYSTEM, Organisation(name="Choir", kinds=("initiative",)), clock.now)
    client = a_signed_in_client(app)
    for page in (f"/office/organisations/{choir}", f"/office/spaces/{house}", "/my/"):
        page = sees(client, page).casefold()
        assert "mandate" not in page
        assert "who may mediate it" not in page


def test_the_office_gives_a_mandate_changes_it_and_takes_it_back(
    app: Flask, con: Connection, clock: Clock, house: str, room: str
) -> None:
    mediator = a_mediator(con, clock.now)
    client, page = a_signed_in_client(app), f"/office/organisations/{mediator}"
    assert "It has no mandate" in sees(client, page)
    told = {"space_refs": "sp-1, SP-9999", "may_propose": "y", "from_on": "2026-11-01", "until_on": "2027-12-31"}
    answer = post(client, f"{page}/mandates/new", told)
    assert (answer.status_code, "SP-9999" in answer.text) == (422, True)
    assert post(client, f"{page}/mandates/new", {**told, "space_refs": "1"}).status_code == 302
    shown = sees(client, page)
    for each in ("MD-0001", "Fills in requests for groups", "The Grain Store", "gave a mandate"):
        assert each in shown, each
    for ref in (house, room):
        assert f'{page}#mandates">Pro Leerstand</a>. 1 November 2026 to 31 December 2027.' in sees(
            client, f"/office/spaces/{ref}"
        )
    form = sees(client, f"{page}/mandates/MD-0001")
    assert 'value="2027-12-31"' in form
    changed = {**told, "space_refs": f"{house} {room}", "until_on": "", "may_head": "y"}
    assert post(client, f"{page}/mandates/MD-0001", {**changed, "revision": "1"}).status_code == 302
    assert post(client, f"{page}/mandates/MD-0001", {**changed, "until_on": "", "revision": "1"}).status_code == 409
    held = mandates.get(con, "MD-0001")
    con.rollback()
    assert (held.space_refs, held.until_on, held.may_propose, held.may_head) == ((house, room), None, True, True)
    assert client.get(f"/office/organisations/OR-9999/mandates/{held.ref}").status_code == 404
    assert client.get(f"{page}/mandates/{held.ref}/paper").status_code == 404
    assert post(client, f"{page}/mandates/MD-0001/end", {}).status_code == 302
    shown = sees(client, page)
    assert "Mandates that are over" in shown
    assert "took the mandate back" in shown
    assert "Pro Leerstand" not in sees(client, f"/office/spaces/{house}")


WEAVERS = {
    "title": "Weavers", "use": "workshop", "group": "Weavers", "name": "Wim", "email": "wim@weavers.example",
    "starts_on": "2026-12-01", "ends_on": "2027-03-31",
}  # fmt: skip


def test_a_mediator_fills_in_a_request_on_its_own_page_and_the_group_confirms_it(
    app: Flask, con: Connection, clock: Clock, server: Server, house: str, room: str
) -> None:
    mediator = a_mediator(con, clock.now)
    give(con, clock.now, mediator, [house], clock.now.date(), may_propose=True)
    mia = entered(app, of(con, "mia@mediator.example"))
    assert "Spaces that you may mediate" in sees(mia, "/my/")
    page = sees(mia, "/my/mandates/md-0001")
    assert "The Grain Store" in page
    assert "/my/mandates/MD-0001/hold" not in page
    assert mia.get("/my/mandates/MD-0001/hold").status_code == 403
    answer = post(mia, "/my/mandates/MD-0001/request", WEAVERS)
    assert (answer.status_code, "Choose at least one space." in answer.text) == (422, True)
    told = {**WEAVERS, "spaces": room}
    for _ in range(2):
        assert post(mia, "/my/mandates/MD-0001/request", {**told, "form_token": "once"}).status_code == 302
    assert permits.rows.count(con) == 1
    asked = permits.ruled(con)[0].permit
    con.rollback()
    assert (asked.status, asked.space_refs, asked.title) == ("draft", (room,), "Weavers")
    assert "The group has not confirmed it." in sees(mia, "/my/mandates/MD-0001")
    deliver(app)
    assert "Mia wrote down a request for your group" in server.letters[-1].get_content()
    expect_secret(con, SYSTEM, asked.ref, "a secret")
    assert confirm_request(con, PUBLIC, "a secret", clock.now) is not None
    assert "The group confirmed it; the city has it." in sees(mia, "/my/mandates/MD-0001")
    assert mia.get(f"/my/permits/{asked.ref}").status_code == 404


def test_a_mediator_asks_to_hold_a_house_itself_with_leave_to(
    app: Flask, con: Connection, clock: Clock, house: str
) -> None:
    mediator = a_mediator(con, clock.now)
    give(con, clock.now, mediator, [house], clock.now.date(), may_head=True)
    mia = entered(app, of(con, "mia@mediator.example"))
    assert mia.get("/my/mandates/MD-0001/request").status_code == 403
    told = {name: WEAVERS[name] for name in ("title", "use", "starts_on", "ends_on")}
    answer = post(mia, "/my/mandates/MD-0001/hold", {**told, "spaces": house})
    assert (answer.status_code, answer.location) == (302, "/my/permits/PM-0001")
    held = permits.one_ruled(con, "PM-0001")
    con.rollback()
    assert (held.permit.status, held.permit.holder_ref, held.terms.sublet) == ("submitted", mediator, "yes")


def test_whoever_is_no_contact_of_a_mediator_with_a_running_mandate_finds_none(
    app: Flask, con: Connection, clock: Clock, house: str
) -> None:
    mediator = a_mediator(con, clock.now)
    a_mediator(con, clock.now, "Others", "bo@mediator.example")
    ref = give(con, clock.now, mediator, [house], clock.now.date(), may_propose=True)
    bo, mia = (entered(app, of(con, f"{name}@mediator.example")) for name in ("bo", "mia"))
    pages = [f"/my/mandates/{ref}{door}" for door in ("", "/request", "/hold")]
    assert [bo.get(page).status_code for page in pages] == [404] * 3
    assert "Spaces that you may mediate" not in sees(bo, "/my/")
    end_mandate(con, SYSTEM, ref, clock.now)
    assert [mia.get(page).status_code for page in pages] == [404] * 3
