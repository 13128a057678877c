"""Import in the browser: rows that are no spaces come back by one press; alike sheets are read as one list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client
from tests.registry.test_same_list import book, both
from tests.web.test_office_import import a_row, as_csv, begin, checked, held, key_of, plain, press, send_columns


@pytest.fixture
def client(app: Flask, con: Connection, now: object) -> FlaskClient:
    """A planner who has just signed in, in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, now)  # type: ignore[arg-type]
    return a_signed_in_client(app)


def test_what_is_no_space_is_left_behind_and_one_press_brings_it_back(client: FlaskClient, con: Connection) -> None:
    total = ["", "Total", *[""] * (len(a_row(1)) - 2)]
    key = checked(client, as_csv([a_row(1), a_row(2), total]))
    page = client.get(f"/office/import/{key}/check").text
    assert "1 row looks like a heading, a total or a note, and is left behind." in plain(page)
    assert "This looks like a sum, not like a space." in plain(page)
    assert re.search(r'<button [^>]*name="spaces" value="4">Bring it in, too<', page)
    assert "Bring in 2 spaces" in plain(page)
    assert press(client, key, "mend", every="yes").status_code == 302
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "Bring in 3 spaces" in words
    press(client, key, "mend", every="no")
    assert "Bring in 2 spaces" in plain(client.get(f"/office/import/{key}/check").text)
    press(client, key, "mend", every="yes")
    press(client, key, "merge")
    assert {space.name for space in held(con).values()} == {"Store 1", "Store 2", "Total"}


def test_sheets_that_are_alike_are_one_list_by_one_choice(client: FlaskClient, con: Connection, tmp_path: Path) -> None:
    content = book(tmp_path / "both.xlsx", **both()).read_bytes()
    key = key_of(begin(client, content, "both.xlsx"))
    page = client.get(f"/office/import/{key}/columns").text
    assert "All that are alike, as one list: North, South" in page
    assert "Others in this file have the same columns." in plain(page)
    send_columns(client, key, "again", layer="*")
    page = plain(client.get(f"/office/import/{key}/columns").text)
    assert "sheet “North, South”" in page
    assert send_columns(client, key, "check").status_code == 302
    press(client, key, "merge")
    found = held(con)
    assert {space.source for space in found.values()} == {"both"}
    assert set(found) == {"1", "2", "3", "1 (South)", "2 (South)"}
