"""A use goes on after its last day: asked by the group or the office, in time or late; taken over by another group."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import reports, setup
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import letters, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, an_app
from tests.office import a_signed_in_client
from tests.permitting import a_request, running, terms
from tests.web.test_my_permits import entered, of

YEAR = terms(date(2026, 12, 1), date(2027, 12, 31))
LATE = datetime(2027, 12, 1, 9, 0, tzinfo=UTC)
ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return add_space(con, SYSTEM, a_space(name="The Fish Hall"), clock.now)


@pytest.fixture
def use(con: Connection, clock: Clock, hall: str) -> str:
    return running(con, clock.now, [hall], YEAR, on=clock.now.date())


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    form = form_of(client.get(address).text, "form_token")
    return client.post(address, data={**form, **changes}, headers=ORIGIN)


@pytest.mark.both_engines
def test_a_group_asks_in_time_to_go_on_and_the_office_reads_it_beside_its_rivals(
    app: Flask, con: Connection, clock: Clock, hall: str, use: str
) -> None:
    rival = a_request(con, clock.now, [hall], terms(date(2028, 1, 1), date(2028, 6, 30)), group="Choir",
                      email="bo@choir.example", name="Bo")  # fmt: skip
    reports.send_report(con, PUBLIC, Report(kind="nuisance", use_ref=use, text="Drums at night."), clock.now)
    ada = entered(app, of(con, "ada@group.example"))
    assert "Go on after the end" in ada.get(f"/my/permits/{use}").text
    page = ada.get(f"/my/permits/{use}/renew").text
    assert "Who asks until 2 October 2027 goes before others" in page
    assert send(ada, f"/my/permits/{use}/renew", ends_on="").status_code == 422
    sent = send(ada, f"/my/permits/{use}/renew", ends_on="2028-12-31", private_text="We like it here.")
    assert sent.status_code == 302
    new = sent.location.rsplit("/", 1)[1]
    assert "It was asked in time (the last day was 2 October 2027)" in ada.get(sent.location).text
    found = permits.get(con, new)
    assert (found.status, found.continues_ref, found.private_text) == ("submitted", use, "We like it here.")
    con.rollback()
    assert "Go on after the end" not in ada.get(f"/my/permits/{use}").text, "it is asked once"
    ilse = a_signed_in_client(app)
    page = ilse.get(f"/office/permits/{new}").text
    assert "It was asked in time" in page
    assert rival in page
    assert "Drums at night." in page
    page = ilse.get(f"/office/permits/{rival}").text
    assert "Asked in time to go on, and wants some of these days:" in page
    assert "Drums at night." not in page


def test_who_asks_late_is_told_before_and_after(app: Flask, con: Connection, clock: Clock, use: str) -> None:
    clock.now = LATE
    ada = entered(app, of(con, "ada@group.example"))
    assert "The last day to ask in time was 2 October 2027." in ada.get(f"/my/permits/{use}/renew").text
    sent = send(ada, f"/my/permits/{use}/renew", ends_on="2028-12-31")
    assert "It was asked too late" in ada.get(sent.location).text
    assert "permit_renewal_late" in {each.template for each in letters.find(con)}


def test_the_office_writes_down_that_a_group_goes_on(app: Flask, con: Connection, clock: Clock, use: str) -> None:
    ilse = a_signed_in_client(app)
    assert f"/office/permits/{use}/renew" in ilse.get(f"/office/permits/{use}").text
    sent = send(ilse, f"/office/permits/{use}/renew", ends_on="2028-03-31")
    assert sent.status_code == 302
    assert "It was asked in time" in ilse.get(sent.location).text
    again = send(ilse, f"/office/permits/{use}/renew", ends_on="2028-03-31")
    assert again.status_code == 409
    assert f"/office/permits/{use}/renew" not in ilse.get(f"/office/permits/{use}").text


@pytest.mark.parametrize("side", ["my", "office"])
def test_another_group_takes_a_use_over(app: Flask, con: Connection, clock: Clock, use: str, side: str) -> None:
    who = entered(app, of(con, "ada@group.example")) if side == "my" else a_signed_in_client(app)
    given = {"group": "Weavers", "name": "Wim", "email": "wim@weavers.example", "starts_on": "2027-06-01"}
    assert send(who, f"/{side}/permits/{use}/transfer", **given | {"email": ""}).status_code == 422
    assert send(who, f"/{side}/permits/{use}/transfer", **given).status_code == 302
    (new,) = permits.going_on_from(con, use)
    assert (new.status, new.change, new.holder_name) == ("draft", "transfer", "Weavers")
    assert permits.terms_of(con, new.ref, 1).ends_on == date(2027, 12, 31)


def test_another_group_cannot_ask_for_it(app: Flask, con: Connection, clock: Clock, hall: str, use: str) -> None:
    a_request(con, clock.now, [hall], terms(date(2028, 1, 1), date(2028, 6, 30)), group="Choir",
              email="bo@choir.example", name="Bo")  # fmt: skip
    bo = entered(app, of(con, "bo@choir.example"))
    for page in ("renew", "transfer"):
        assert bo.get(f"/my/permits/{use}/{page}").status_code == 404
