"""A list of groups that wait, on pages of the office: sent, looked at, brought in; and nothing of it outside."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.store import needs
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client, post, token_of
from tests.web.doors import content, doors
from web.office.imports.listed import MOST

LIST = (
    "group,contact,e-mail,what for,size,must have,remarks\n"
    "Repair café,Ada Zqmol,zqada@group.example,repair café,60-120,power and a <b>view</b>,Zqsecret\n"
    "Ice artists,,,ice,,,\n"
)


@pytest.fixture
def planner(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


def send(client: FlaskClient, text: str, **values: Any) -> Any:
    return post(client, "/office/import/needs", {"file": (io.BytesIO(text.encode()), "waiting.csv"), **values})


@pytest.mark.both_engines
def test_a_list_is_sent_looked_at_and_brought_in(app: Flask, planner: FlaskClient, con: Connection) -> None:
    assert 'href="/office/import/needs"' in planner.get("/office/import").text
    sent = send(planner, LIST, source="our list")
    assert sent.status_code == 302
    look = planner.get(sent.location)
    assert "Nothing is in the register yet." in look.text
    assert "Bring in 2 searches" in look.text
    assert "<dt>must have</dt><dd>what must be there</dd>" in look.text
    assert "We do not understand" in look.text
    assert "<b>view" not in look.text
    assert needs.count(con) == 0
    con.rollback()
    done = planner.post(sent.location, data={"csrf_token": token_of(look.text)}, headers={"Origin": "http://localhost"})
    assert done.status_code == 302
    report = planner.get(done.location)
    assert "of them drafts: what for is not understood" in report.text
    assert "zqada" not in report.text
    assert [(each.ref, each.status, each.source) for each in needs.find(con)] == [
        ("ND-0001", "open", "our list"), ("ND-0002", "draft", "our list"),
    ]  # fmt: skip
    con.rollback()
    assert "waiting.csv" in planner.get("/office/imports").text
    page = planner.get("/office/needs/ND-0001").text
    assert "brought it in with a list" in page
    assert "zqada@group.example" in page
    assert "Repair café" in planner.get("/office/needs").text
    stranger, hidden = app.test_client(), (b"zqmol", b"zqada", b"zqsecret")
    told = {each: content(stranger, each).lower() for each in doors(app, ["ND-0001"])}
    assert [each for each, body in told.items() if any(word in body for word in hidden)] == []


def test_what_cannot_be_read_is_said_beside_the_file(planner: FlaskClient) -> None:
    answer = send(planner, "colour,size\nred,2\n")
    assert answer.status_code == 422
    assert "No column says which group it is." in answer.text
    assert "Choose a file." in post(planner, "/office/import/needs", {}).text
    rows = "".join("Choir,office\n" for _ in range(MOST + 1))
    assert re.search(r"more than 2.?000 rows", send(planner, f"group,what for\n{rows}").text)


def test_a_list_may_be_stopped(planner: FlaskClient, con: Connection) -> None:
    sent = send(planner, LIST)
    key = sent.location.partition("?")[0]
    assert post(planner, f"{key}/stop", {}, page=sent.location).status_code == 302
    assert planner.get(sent.location).status_code == 404
    assert needs.count(con) == 0
