"""Lists of uses and figures of a day, on pages of the office."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry.spaces import add_space
from tempuse.store import permits
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.office import a_signed_in_client, post, token_of
from web.office.imports import uses

LIST = (
    "id,space,use,group,from,until,afterwards\n"
    "1,SP-0001,Boat school,De Kiel,2019-01-01,2020-10-31,moved\n"
    "2,SP-9999,<b>Nowhere</b>,,2019-01-01,2020-10-31,\n"
)


@pytest.fixture
def planner(app: Flask, con: Connection, now: Any) -> FlaskClient:
    add_space(con, SYSTEM, a_space(), now)
    return a_signed_in_client(app)


def send(client: FlaskClient, text: str, **values: Any) -> Any:
    return post(client, "/office/import/uses", {"file": (io.BytesIO(text.encode()), "leases.csv"), **values})


@pytest.mark.both_engines
def test_a_list_is_sent_looked_at_and_brought_in(planner: FlaskClient, con: Connection) -> None:
    sent = send(planner, LIST, source="leases")
    assert sent.status_code == 302
    look = planner.get(sent.location)
    assert "Nothing is in the register yet." in look.text
    assert "The register has no such space." in look.text
    assert permits.count(con) == 0
    con.rollback()
    done = planner.post(sent.location, data={"csrf_token": token_of(look.text)}, headers={"Origin": "http://localhost"})
    assert done.status_code == 302
    report = planner.get(done.location)
    assert "leases.csv" in report.text
    assert "The register has no such space." in report.text
    assert "<b>Nowhere" not in report.text
    assert [each.permit.title for each in permits.ruled(con)] == ["Boat school"]
    con.rollback()
    assert "leases.csv" in planner.get("/office/imports").text
    assert planner.get(sent.location).status_code == 404


def test_what_cannot_be_read_is_said_beside_the_file(planner: FlaskClient) -> None:
    answer = send(planner, "colour,size\nred,2\n")
    assert answer.status_code == 422
    assert "No column says which space it was." in answer.text
    assert "Choose a file." in post(planner, "/office/import/uses", {}).text
    rows = "".join("SP-0001,2001\n" for _ in range(uses.MOST + 1))
    assert re.search(r"more than 2.?000 rows", send(planner, f"space,years\n{rows}").text)


def test_a_list_may_be_stopped(planner: FlaskClient) -> None:
    sent = send(planner, LIST, make_spaces="1")
    assert "There is nothing to bring in." not in planner.get(sent.location).text
    key = sent.location.partition("?")[0]
    assert post(planner, f"{key}/stop", {}, page=sent.location).status_code == 302
    assert planner.get(sent.location).status_code == 404


def test_the_figures_of_a_day_are_shown_and_sent_as_a_file(planner: FlaskClient) -> None:
    assert "Figures of a day" in planner.get("/office/waiting").text
    page = planner.get("/office/figures?day=2020-01-01")
    assert 'value="2020-01-01"' in page.text
    assert "The register knew no space then." in page.text
    file = planner.get("/office/figures.csv?day=2026-11-23")
    assert "spaces,offered,1,2026-11-23" in file.text
    assert "figures-2026-11-23.csv" in file.headers["Content-Disposition"]


@pytest.mark.parametrize("day", ["yesterday", "9999-12-31", "2020-02-30", "0001-01-01"])
def test_an_odd_day_breaks_nothing(planner: FlaskClient, day: str) -> None:
    page = planner.get(f"/office/figures?day={day}")
    assert page.status_code == 200
    assert ("is no day" in page.text) == (day in ("yesterday", "2020-02-30"))
