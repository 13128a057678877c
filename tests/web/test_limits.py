"""How often strangers may send a form: what they sent is counted, and not what they are still mending."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.store import permits, reports
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock
from web import create_app

ASKED = {
    "title": "Repair café", "use": "workshop", "name": "Ada Mol", "group": "Repair café", "starts_on": "2027-03-01",
    "ends_on": "2027-05-31",
}  # fmt: skip
TOLD = {"address": "9 Quay Lane", "space_kind": "unit", "text": "The baker left."}
OFTEN = "That was often in a short time"


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return create_app(register, {"TESTING": True}, clock=clock)


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(available_from=date(2027, 1, 1)), clock.now)


def fill(client: FlaskClient, clock: Clock, page: str, values: dict[str, Any]) -> Any:
    """Open a form, take a minute over it, send it."""
    form = form_of(client.get(page).text, "form_token")
    clock.forward(minutes=1)
    return client.post(page.partition("?")[0], data={**form, **values}, headers={"Origin": "http://localhost"})


@pytest.mark.both_engines
def test_a_request_that_is_still_mended_is_not_counted(
    con: Connection, client: FlaskClient, clock: Clock, hall: str
) -> None:
    page = f"/request?space={hall}"
    for _ in range(9):
        wrong = fill(client, clock, page, {**ASKED, "email": "ada"})
        assert (wrong.status_code, OFTEN in wrong.text) == (422, False)
    for number in range(6):
        assert fill(client, clock, page, {**ASKED, "email": f"ada{number}@group.example"}).status_code == 302
    last = fill(client, clock, page, {**ASKED, "email": "ada7@group.example"})
    assert OFTEN in last.text
    assert form_of(last.text, "form_token")["title"] == ASKED["title"], "the words stay"
    assert permits.rows.count(con) == 6


@pytest.mark.both_engines
def test_a_report_that_is_still_mended_is_not_counted(
    con: Connection, client: FlaskClient, clock: Clock, hall: str
) -> None:
    for _ in range(9):
        wrong = fill(client, clock, "/report", {**TOLD, "address": ""})
        assert (wrong.status_code, OFTEN in wrong.text) == (422, False)
    for _ in range(6):
        assert fill(client, clock, "/report", TOLD).status_code == 302
    assert OFTEN in fill(client, clock, "/report", TOLD).text
    assert len(reports.find(con)) == 6
