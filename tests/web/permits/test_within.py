"""A mediator gives parts of what it holds to others, and a head that ends names what would end with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of, forms_of
from tests.mailing import Clock, an_app
from tests.office import a_signed_in_client, token_of
from tests.permitting import a_request, running, sign_on_paper, terms
from tests.web.test_my_permits import entered, of

LONG = terms(date(2026, 11, 1), date(2028, 12, 31), sublet="yes", notice_days_holder=0, notice_days_grantor=0)
ORIGIN = {"Origin": "http://localhost"}
OVER = {
    "keys-0-label": "room 1", "keys-0-count": "2", "meters-0-kind": "water", "meters-0-number": "W-1",
    "meters-0-reading": "88", "condition_text": "Swept.\r\nDry.", "present": "Mia and Wim",
}  # fmt: skip


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def house(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return add_space(con, SYSTEM, a_space(name="The Grain Store"), clock.now)


@pytest.fixture
def room(con: Connection, clock: Clock, house: str) -> str:
    return add_space(con, SYSTEM, a_space(name="Room 1", kind="unit", within_ref=house), clock.now)


@pytest.fixture
def head(con: Connection, clock: Clock, house: str, room: str) -> str:
    return running(con, clock.now, [house], LONG, on=clock.now.date(), group="Harbour rooms",
                   email="mia@rooms.example", name="Mia")  # fmt: skip


@pytest.fixture
def mia(app: Flask, con: Connection, head: str) -> FlaskClient:
    return entered(app, of(con, "mia@rooms.example"))


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    """Open a page, fill in the form that stands there, send it."""
    page = client.get(address).text
    form = next(values for tag, values in forms_of(page) if len(values) > 1 and "language" not in values)
    return client.post(address, data={**form, "csrf_token": token_of(page), **changes}, headers=ORIGIN)


def given(con: Connection, mia: FlaskClient, head: str, room: str, clock: Clock, **changes: Any) -> str:
    """The ref of a request within a head: the mediator writes it down, the group confirms it."""
    asked = {
        "spaces": room, "title": "Weavers", "use": "workshop", "group": "Weavers", "name": "Wim",
        "email": "wim@weavers.example", "starts_on": "2026-12-01", "ends_on": "2027-12-31", **changes,
    }  # fmt: skip
    assert send(mia, f"/my/permits/{head}/within", **asked).status_code == 302
    con.rollback()
    ref = permits.ruled(con, permits.rows.table.c.head_ref == head)[-1].permit.ref
    con.rollback()
    expect_secret(con, SYSTEM, ref, f"secret {ref}")
    assert confirm_request(con, SYSTEM, f"secret {ref}", clock.now) is not None
    return ref


def in_use(con: Connection, mia: FlaskClient, head: str, room: str, clock: Clock) -> str:
    """The ref of a use within a head, its keys out."""
    ref = given(con, mia, head, room, clock)
    assert send(mia, f"/my/permits/{ref}/approve").status_code == 302
    sign_on_paper(con, ref, clock.now)
    wrong = send(mia, f"/my/permits/{ref}/hand-over", **{**OVER, "keys-0-count": "two"})
    assert (wrong.status_code, "Write a whole number" in wrong.text) == (422, True)
    assert send(mia, f"/my/permits/{ref}/hand-over", **OVER).status_code == 302
    return ref


def found(con: Connection, ref: str) -> Any:
    con.rollback()
    permit = permits.get(con, ref)
    con.rollback()
    return permit


@pytest.mark.both_engines
def test_a_mediator_gives_a_room_and_takes_it_back(
    app: Flask, con: Connection, clock: Clock, mia: FlaskClient, head: str, room: str
) -> None:
    assert "Write down a use within it" in mia.get(f"/my/permits/{head}").text
    late = {"ends_on": "2029-12-31", "spaces": room, "title": "Weavers", "group": "Weavers", "name": "Wim",
            "email": "wim@weavers.example", "use": "workshop", "starts_on": "2026-12-01"}  # fmt: skip
    answer = send(mia, f"/my/permits/{head}/within", **late)
    assert (answer.status_code, f"{head} is there until" in answer.text) == (422, True)
    ref = in_use(con, mia, head, room, clock)
    (over,) = agreements.handovers_of(con, ref)
    assert over.keys == ({"label": "room 1", "count": 2},)
    assert over.meters == ({"kind": "water", "number": "W-1", "reading": "88", "unit": "m³"},)
    assert (over.condition_text, over.present) == ("Swept.\nDry.", "Mia and Wim")
    assert (over.agreed_by_grantor_at, over.agreed_by_holder_at) == (clock.now, None), "who writes it agrees"
    permit = found(con, ref)
    assert (permit.status, permit.head_ref, permit.grantor_ref) == ("handed_over", head, found(con, head).holder_ref)
    assert ref in mia.get(f"/my/permits/{head}").text
    page = a_signed_in_client(app).get(f"/office/permits/{head}").text
    assert "Given within it" in page
    assert ref in page
    assert send(mia, f"/my/permits/{ref}/hand-back", condition_text="Swept.").status_code == 302
    assert found(con, ref).status == "handed_back"


def test_a_mediator_says_no_with_a_reason_and_its_group_cannot_decide(
    app: Flask, con: Connection, clock: Clock, mia: FlaskClient, head: str, room: str
) -> None:
    ref = given(con, mia, head, room, clock)
    wim = entered(app, of(con, "wim@weavers.example"))
    assert f"/my/permits/{ref}/approve" not in wim.get(f"/my/permits/{ref}").text
    for page in ("approve", "refuse", "hand-over", "hand-back", "revoke", "within"):
        assert wim.get(f"/my/permits/{ref}/{page}").status_code == 302
    assert wim.get(f"/my/permits/{head}/within").status_code == 404
    assert "Say yes or no" not in mia.get(f"/my/permits/{ref}").text, "a decision is their word"
    assert send(mia, f"/my/permits/{ref}/refuse", because=" ").status_code == 422
    assert send(mia, f"/my/permits/{ref}/refuse", because="The loom is too heavy.").status_code == 302
    assert found(con, ref).status == "refused"


def test_the_office_gives_a_request_to_whoever_holds_the_space(
    app: Flask, con: Connection, clock: Clock, mia: FlaskClient, head: str, room: str
) -> None:
    ref = a_request(con, clock.now, [room], terms(date(2027, 1, 1), date(2027, 3, 31)), group="Choir",
                    email="bo@choir.example", name="Bo")  # fmt: skip
    ilse = a_signed_in_client(app)
    assert "Give it to whoever holds the space" in ilse.get(f"/office/permits/{ref}").text
    assert send(ilse, f"/office/permits/{ref}/give-to-holder").status_code == 302
    assert found(con, ref).head_ref == head
    assert "Give it to whoever holds the space" not in ilse.get(f"/office/permits/{ref}").text
    assert send(mia, f"/my/permits/{ref}/approve").status_code == 302
    assert found(con, ref).status == "approved"
    assert send(mia, f"/my/permits/{ref}/revoke", because="The roof leaks.").status_code == 302
    assert found(con, ref).status == "revoked"


def test_what_nobody_holds_is_given_to_nobody(app: Flask, con: Connection, clock: Clock, head: str) -> None:
    other = add_space(con, SYSTEM, a_space(name="Elsewhere"), clock.now)
    ref = a_request(con, clock.now, [other], terms(date(2027, 1, 1), date(2027, 3, 31)), group="Choir",
                    email="bo@choir.example", name="Bo")  # fmt: skip
    ilse = a_signed_in_client(app)
    assert "Give it to whoever holds the space" not in ilse.get(f"/office/permits/{ref}").text
    assert send(ilse, f"/office/permits/{ref}/give-to-holder", head=head).status_code == 422


@pytest.mark.both_engines
@pytest.mark.parametrize("side", ["my", "office"])
def test_a_head_ends_with_what_is_within_it_once_somebody_read_what_that_is(
    app: Flask, con: Connection, clock: Clock, mia: FlaskClient, head: str, room: str, side: str
) -> None:
    ref = in_use(con, mia, head, room, clock)
    who = mia if side == "my" else a_signed_in_client(app)
    how = {"ended_how": "notice_by_grantor"} if side == "office" else {}
    end = {"ended_on": "2027-06-30", "because": "We move.", **how}
    assert "End these too" not in who.get(f"/{side}/permits/{head}/end").text
    refused = send(who, f"/{side}/permits/{head}/end", **end)
    assert refused.status_code == 409
    assert ref in refused.text
    assert "End these too, for the same reason" in refused.text
    assert found(con, head).ended_on is None
    form = form_of(refused.text, "because")
    assert (
        who.post(f"/{side}/permits/{head}/end", data={**form, "with_subuses": "yes"}, headers=ORIGIN).status_code == 302
    )
    assert {found(con, each).ended_on for each in (head, ref)} == {date(2027, 6, 30)}


def test_the_keys_of_a_head_come_back_with_those_within(
    app: Flask, con: Connection, clock: Clock, mia: FlaskClient, head: str, room: str
) -> None:
    ref = in_use(con, mia, head, room, clock)
    ilse = a_signed_in_client(app)
    refused = send(ilse, f"/office/permits/{head}/hand-back")
    assert (refused.status_code, ref in refused.text) == (409, True)
    form = {**form_of(refused.text, "because_subuses"), "with_subuses": "yes"}
    silent = ilse.post(f"/office/permits/{head}/hand-back", data=form, headers=ORIGIN)
    assert (silent.status_code, ref in silent.text) == (422, True)
    form["because_subuses"] = "The head is over."
    assert ilse.post(f"/office/permits/{head}/hand-back", data=form, headers=ORIGIN).status_code == 302
    assert {found(con, each).status for each in (head, ref)} == {"handed_back"}
