"""The office's pages of a permit: from a request that came in to what became of the use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, permits
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.forms import form_of
from tests.office import a_signed_in_client, post
from tests.permitting import a_request, approved, running, signed, terms

SPRING = terms(date(2026, 12, 1), date(2027, 5, 31))


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return add_space(con, SYSTEM, a_space(), now)


@pytest.fixture
def ilse(app: Flask, hall: str) -> FlaskClient:
    return a_signed_in_client(app)


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    """Open the page of an act, fill in its form, send it."""
    form = form_of(client.get(address).text, "revision")
    return client.post(address, data={**form, **changes}, headers={"Origin": "http://localhost"})


def status_of(con: Connection, ref: str) -> str:
    con.rollback()
    found = permits.get(con, ref).status
    con.rollback()
    return found


@pytest.mark.both_engines
def test_a_request_becomes_a_use_and_ends(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    ref = a_request(con, now, [hall], SPRING)
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Its days are free, and nothing stands in the way." in page
    assert "From 1 December 2026 to 31 May 2027, both days included." in page
    assert send(ilse, f"/office/permits/{ref}/approve", note="Welcome.").status_code == 302
    assert send(ilse, f"/office/permits/{ref}/sign").status_code == 302
    assert status_of(con, ref) == "signed"
    over = {"keys-0-label": "front door", "keys-0-count": "2", "meters-0-kind": "power", "meters-0-reading": "1204"}
    assert send(ilse, f"/office/permits/{ref}/hand-over", **over).status_code == 302
    (handover,) = agreements.handovers_of(con, ref)
    assert handover.keys == ({"label": "front door", "count": 2},)
    assert handover.meters[0]["reading"] == "1204"
    con.rollback()
    assert send(ilse, f"/office/permits/{ref}/hand-back").status_code == 302
    assert send(ilse, f"/office/permits/{ref}/afterlife", outcome="became_permanent").status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Stayed for good" in page
    assert "front door: 2" in page
    assert "Ilse Maes approved it" in page


def test_the_list_shows_what_presses_first(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    later = a_request(con, now, [hall], SPRING, group="Choir")
    page = ilse.get("/office/permits").text
    assert "Choir" in page
    assert later in page
    assert "1 permit" in page
    assert "Nothing here." in ilse.get("/office/permits?show=running").text
    assert "Choir" in ilse.get("/office/permits?q=choir").text
    assert "Choir" in ilse.get("/office/permits?q=auction").text
    assert "Choir" not in ilse.get("/office/permits?q=nowhere").text


def test_who_else_asks_is_named_before_the_decision(
    con: Connection, ilse: FlaskClient, hall: str, now: datetime
) -> None:
    one = a_request(con, now, [hall], SPRING, group="Choir")
    other = a_request(con, now, [hall], SPRING, group="Repair café", email="bo@other.example")
    page = ilse.get(f"/office/permits/{one}/approve").text
    assert "1 other request asks for some of these days." in page
    assert other in page
    send(ilse, f"/office/permits/{one}/approve")
    refused = send(ilse, f"/office/permits/{other}/approve")
    assert refused.status_code == 409
    assert one in refused.text
    assert "These days are taken:" in refused.text
    assert status_of(con, other) == "submitted"
    form = form_of(ilse.get(f"/office/permits/{other}/refuse").text, "revision")
    assert form["reason"] == "taken"
    send(ilse, f"/office/permits/{other}/refuse", because="Ask us for the spring after.")
    assert status_of(con, other) == "refused"
    con.rollback()
    (decision,) = agreements.decisions_of(con, other)
    assert decision.because == "These days are taken in this space. Ask us for the spring after."


def test_a_no_needs_a_reason(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    ref = a_request(con, now, [hall], SPRING)
    answer = send(ilse, f"/office/permits/{ref}/refuse", reason="", because=" ")
    assert answer.status_code == 422
    assert status_of(con, ref) == "submitted"


def test_a_page_that_is_stale_is_told(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    ref = a_request(con, now, [hall], SPRING)
    form = form_of(ilse.get(f"/office/permits/{ref}/approve").text, "revision")
    post(ilse, f"/office/permits/{ref}/take-up", {}, page=f"/office/permits/{ref}")
    answer = ilse.post(f"/office/permits/{ref}/approve", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 409
    assert status_of(con, ref) == "under_review"


def test_a_private_owner_agrees_by_letter(con: Connection, ilse: FlaskClient, now: datetime) -> None:
    shop = add_space(con, SYSTEM, a_space(
        name="Shop", ownership="company", consent="given", owner_name="Ropery Ltd", owner_email="ann@ropery.example"
    ), now)  # fmt: skip
    ref = a_request(con, now, [shop], SPRING)
    page = ilse.get(f"/office/permits/{ref}").text
    assert "The owner has not agreed yet." in page
    assert send(ilse, f"/office/permits/{ref}/approve").status_code == 422
    assert send(ilse, f"/office/permits/{ref}/grantor").status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Ropery Ltd" in page
    assert post(ilse, f"/office/permits/{ref}/ask-owner", {}, page=f"/office/permits/{ref}").status_code == 302
    assert "Do you agree to these terms?" in ilse.get(f"/office/permits/{ref}").text
    assert send(ilse, f"/office/permits/{ref}/assent", says="no", because="").status_code == 422
    assert send(ilse, f"/office/permits/{ref}/assent", says="yes", by="Ann of the Ropery").status_code == 302
    assert "Ann of the Ropery said yes to version 1." in ilse.get(f"/office/permits/{ref}").text
    assert send(ilse, f"/office/permits/{ref}/approve").status_code == 302
    assert status_of(con, ref) == "approved"


def test_one_side_signs_after_the_other(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    ref = approved(con, now, [hall], SPRING)
    first = send(ilse, f"/office/permits/{ref}/sign", grantor_name="")
    assert first.status_code == 302
    assert status_of(con, ref) == "approved"
    page = ilse.get(f"/office/permits/{ref}/sign").text
    assert "Who signed for the group?" not in page
    assert send(ilse, f"/office/permits/{ref}/sign", do="city").status_code == 302
    assert status_of(con, ref) == "signed"


def test_other_terms_are_proposed_signed_and_adopted(
    con: Connection, ilse: FlaskClient, hall: str, now: datetime
) -> None:
    ref = signed(con, now, [hall], SPRING)
    form = form_of(ilse.get(f"/office/permits/{ref}/terms").text, "revision")
    form |= {"ends_on": "2027-06-30", "conditions-0-text": "Sweep the yard", "conditions-0-check_on": "2027-03-01"}
    form |= {"hours-0-weekdays": "2", "hours-0-from_clock": "19:00", "hours-0-until_clock": "22:00"}
    answer = ilse.post(f"/office/permits/{ref}/terms", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Other terms are proposed, version 2:" in page
    assert "On Tuesday from 19:00 to 22:00." in page
    assert "Sweep the yard." in page
    adopt = post(ilse, f"/office/permits/{ref}/adopt", {}, page=f"/office/permits/{ref}")
    assert adopt.status_code in (409, 422)
    assert send(ilse, f"/office/permits/{ref}/sign-again").status_code == 302
    assert post(ilse, f"/office/permits/{ref}/adopt", {}, page=f"/office/permits/{ref}").status_code == 302
    con.rollback()
    assert permits.get(con, ref).terms_version == 2
    con.rollback()


def test_terms_that_cannot_be_read_are_told_beside_their_field(
    con: Connection, ilse: FlaskClient, hall: str, now: datetime
) -> None:
    ref = a_request(con, now, [hall], SPRING)
    wrong = {"fee_cents": "a lot", "quiet_from": "late", "persons_most": "-1", "except_on": "Sunday"}
    answer = send(ilse, f"/office/permits/{ref}/terms", **wrong)
    assert answer.status_code == 422
    for said in ("Write a time like 19:00.", "“a lot” is not a whole number.", "Write the day like 2027-03-01."):
        assert said in answer.text
    assert "a lot" in answer.text
    assert permits.next_version(con, ref) == 2
    con.rollback()


def test_a_use_ends_early_with_a_reason(con: Connection, ilse: FlaskClient, hall: str, now: datetime) -> None:
    asked = terms(date(2026, 11, 1), date(2027, 5, 31))
    ref = running(con, now, [hall], asked, on=date(2026, 11, 20))
    values = {"ended_on": "2026-11-30", "ended_how": "space_gone", "because": "The roof fell in."}
    assert send(ilse, f"/office/permits/{ref}/end", **{**values, "ended_on": ""}).status_code == 422
    assert send(ilse, f"/office/permits/{ref}/end", **values).status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert "It ends early, on 30 November 2026." in page
    assert "The roof fell in." in page


def test_whether_a_condition_is_kept_is_written_down(
    con: Connection, ilse: FlaskClient, hall: str, now: datetime
) -> None:
    from_form = [{"text": "Sweep the yard", "check_on": "2026-11-20"}]
    asked = terms(date(2026, 11, 1), date(2027, 5, 31), conditions=tuple(from_form))
    ref = running(con, now, [hall], asked, on=date(2026, 11, 20))
    assert "Conditions to look after" in ilse.get("/office/waiting").text
    page = f"/office/permits/{ref}"
    assert (
        post(ilse, f"{page}/conditions", {"number": "0", "kept": "no", "note": "Leaves"}, page=page).status_code == 302
    )
    assert "Not kept, seen on 23 November 2026 by Ilse Maes." in ilse.get(page).text
    assert "Conditions to look after" not in ilse.get("/office/waiting").text
    assert post(ilse, f"{page}/conditions", {"number": "7", "kept": "no"}, page=page).status_code == 422


def test_an_auditor_reads_and_finds_no_button(con: Connection, app: Flask, hall: str, now: datetime) -> None:
    ref = a_request(con, now, [hall], SPRING)
    auditor = a_signed_in_client(app, "Odo Reys", "auditor")
    page = auditor.get(f"/office/permits/{ref}")
    assert page.status_code == 200
    assert "What you can do" not in page.text
    assert "/approve" not in page.text
    assert auditor.get("/office/permits").status_code == 200
    assert auditor.get(f"/office/permits/{ref}/approve").status_code == 403
