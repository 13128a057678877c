"""Control characters from strangers and from files: stripped at the edge, never an error, never in the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tempuse.access import SYSTEM
from tempuse.registry.importing import merging, opening, prepare
from tempuse.store import reports, spaces
from tempuse.store.engine import Connection
from tempuse.texts import without_controls
from tests.forms import form_of
from tests.office import a_signed_in_client, post

pytestmark = pytest.mark.both_engines

NUL = "%00"


@given(st.text())
def test_what_is_left_is_text_that_every_engine_takes(text: str) -> None:
    left = without_controls(text)
    left.encode()
    assert not any((ord(letter) < 32 and letter not in "\t\n") or ord(letter) == 127 for letter in left)
    assert without_controls(left) == left


def test_lines_and_tabs_stay() -> None:
    assert without_controls("one\r\ntwo\rthree\n\tfour") == "one\ntwo\nthree\n\tfour"
    assert without_controls("a\x00b\r\nc\x1b") == "ab\nc"


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["REPORT_LEAST_SECONDS"] = 0
    return app


def test_a_citizens_report_is_kept_without_them(
    app: Flask, client: FlaskClient, con: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    values = form_of(client.get("/report").text, "form_token")
    values |= {"kind": "vacant", "address": "Mill\x00 Lane 1", "text": "It is\x00 emp\x08ty.\r\nTruly."}
    values |= {"contact": "jo\x00@rivermouth.example", "contact_consent": "1"}
    answer = client.post("/report", data=values, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302, answer.text
    (report,) = reports.find(con)
    assert (report.address, report.text) == ("Mill Lane 1", "It is empty.\nTruly.")
    assert report.contact == "jo@rivermouth.example"
    assert "Mill" not in caplog.text


def test_no_address_with_one_is_an_error_of_ours(client: FlaskClient) -> None:
    for address in (
        f"/spaces/SP-{NUL}", f"/spaces/SP-{NUL}.geojson", f"/report?space=SP-{NUL}", f"/find?kind={NUL}",
        f"/list?has={NUL}&district={NUL}", f"/map/view?q={NUL}", f"/spaces.csv?crs={NUL}", f"/report/confirm/a{NUL}b",
        f"/my/password/{NUL}", f"/areas.geojson?kind={NUL}", f"/static/{NUL}", f"/{NUL}",
    ):  # fmt: skip
        assert client.get(address).status_code < 500, address


def test_sign_in_and_office_take_them_as_nothing(app: Flask, client: FlaskClient, con: Connection) -> None:
    assert post(client, "/my/sign-in", {"email": "a\x00@b.example", "password": "x\x00"}).status_code == 422
    planner = a_signed_in_client(app)
    for address in (f"/office/spaces?q={NUL}", f"/office/spaces/SP-{NUL}", f"/office/reports?page={NUL}"):
        assert planner.get(address).status_code < 500
    made = post(planner, "/office/spaces/new", {"kind": "plot", "name": "Old\x00 yard", "description": "a\x07b"})
    assert made.status_code == 302, made.text
    assert spaces.get(con, "SP-0001").name == "Old yard"


def test_a_list_with_them_is_imported_without_them(con: Connection, now: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = "".join(f"Shop {number} of the long street,High Street {number},dry\n" for number in range(20))
    path.write_bytes(b"name,address,Xyzzy\nMill\x01 hall,Quay\x0b 1,ch\x1barred\n" + rows.encode())
    request = opening.ImportRequest(path, source="list")
    opened = opening.open_import(con, request, tmp_path / "scratch")
    prepared = prepare.prepare_import(con, SYSTEM, opened, now, tmp_path / "staged")
    merging.merge_import(con, SYSTEM, prepared, now)
    prepared.close()
    space = next(each for each in spaces.find(con, spaces.SpaceFilter()) if each.name == "Mill hall")
    assert space.address == "Quay 1"
    assert space.source_fields == {"Xyzzy": "charred"}
