"""The record of the keys on the pages of both sides and of the office, and on paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.agreements import Handover
from tempuse.registry import setup, spaces
from tempuse.registry.permits.using import hand_back, hand_over
from tempuse.store import agreements, attachments
from tempuse.store.engine import Connection, Register
from tests import pdfs
from tests.builders import a_space
from tests.mailing import Clock, an_app
from tests.office import a_signed_in_client, post
from tests.permitting import a_request, running, signed, terms
from tests.web.test_my_permits import an_owner, entered, of

YEAR = terms(date(2026, 11, 1), date(2027, 10, 31))


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(name="The Fish Hall"), clock.now)


@pytest.mark.both_engines
def test_a_group_agrees_on_its_page_and_the_office_and_the_paper_say_when(
    app: Flask, con: Connection, clock: Clock, hall: str
) -> None:
    ref = running(con, clock.now, [hall], YEAR, on=clock.now.date())
    ada = entered(app, of(con, "ada@group.example"))
    assert "Agree to the record of the hand-over" in ada.get("/my/").text, "it waits for the group"
    page = ada.get(f"/my/permits/{ref}/keys/1").text
    assert "front door: 2" in page
    assert "The group has not agreed yet" in page
    assert "The grantor agreed" in page
    nothing = post(ada, f"/my/permits/{ref}/keys/1", {"remark": "1", "remarks": " "})
    assert (nothing.status_code, "This is needed." in nothing.text) == (422, True)
    assert post(ada, f"/my/permits/{ref}/keys/1", {"remarks": "The tap drips.", "agree": "1"}).status_code == 302
    page = ada.get(f"/my/permits/{ref}").text
    assert "The tap drips." in page
    assert "The group has not agreed yet" not in page
    assert f"/my/permits/{ref}/keys/1" not in page, "all is said"
    assert ada.get(f"/my/permits/{ref}/keys/1").status_code == 302
    ilse = a_signed_in_client(app)
    page = ilse.get(f"/office/permits/{ref}").text
    assert "The group agreed, 23 November, 09:30" in page
    assert "The tap drips." in page
    assert "Ada agreed to the record of the keys" in page
    paper = pdfs.flat(ilse.get(f"/office/permits/{ref}/papers/handover-1.pdf").data)
    assert "Agreed by who holds it: 23 November 2026, 09:30" in paper
    assert "The tap drips." in paper


def test_the_owner_reads_the_record_and_a_stranger_does_not(
    app: Flask, register: Register, con: Connection, clock: Clock, hall: str
) -> None:
    ref = signed(con, clock.now, [hall], YEAR)
    jan = entered(app, an_owner(con, clock, ref))
    photo = attachments.put(register.home, b"\xff\xd8\xff a picture", "jpg")
    hand_over(con, SYSTEM, ref, clock.now, Handover(on=clock.now.date(), photos=(photo,), condition_text="Swept."))
    page = jan.get(f"/my/permits/{ref}").text
    assert "Swept." in page
    assert f"/my/permits/{ref}/files/{photo}" in page
    assert jan.get(f"/my/permits/{ref}/files/{photo}").data == b"\xff\xd8\xff a picture"
    assert "The grantor has not agreed yet" in page
    assert jan.get(f"/my/permits/{ref}/files/{'1' * 64}.jpg").status_code == 404
    for number in (0, 2, 10**30):
        assert jan.get(f"/my/permits/{ref}/keys/{number}").status_code == 302
    assert post(jan, f"/my/permits/{ref}/keys/1", {"agree": "1"}).status_code == 302
    (record,) = agreements.handovers_of(con, ref)
    con.rollback()
    assert (record.agreed_by_grantor_at, record.agreed_by_holder_at) == (clock.now, None)
    later = terms(date(2028, 1, 1), date(2028, 2, 1))
    a_request(con, clock.now, [hall], later, group="Choir", email="bo@choir.example", name="Bo")
    bo = entered(app, of(con, "bo@choir.example"))
    assert bo.get(f"/my/permits/{ref}/keys/1").status_code == 404
    assert bo.get(f"/my/permits/{ref}/files/{photo}").status_code == 404


def test_what_came_back_is_agreed_to_after_the_end(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = running(con, clock.now, [hall], YEAR, on=clock.now.date())
    hand_back(con, SYSTEM, ref, clock.now + timedelta(hours=1), Handover(on=clock.now.date()))
    ada = entered(app, of(con, "ada@group.example"))
    assert "Agree to the record of the return" in ada.get(f"/my/permits/{ref}").text
    assert post(ada, f"/my/permits/{ref}/keys/2", {"agree": "1"}).status_code == 302
    assert agreements.handovers_of(con, ref)[1].agreed_by_holder_at == clock.now


def test_what_does_not_go_now_is_said_and_leads_back(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = running(con, clock.now, [hall], YEAR, on=clock.now.date())
    ilse = a_signed_in_client(app)
    refused = ilse.get(f"/office/permits/{ref}/revoke")
    assert refused.status_code == 409
    assert f"That cannot be done now: {ref} stands at “handed over”. Nothing was done." in refused.text
    assert f'href="/office/permits/{ref}">Back' in refused.text
    lost = ilse.get("/office/permits/PM-9999/revoke")
    assert (lost.status_code, 'href="/office/">Back to what waits' in lost.text) == (404, True)
