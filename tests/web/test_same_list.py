"""Import in the browser: sheets that are lists of their own, and the question whether a list is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client
from tests.registry.test_same_list import NORTH, SOUTH, book, both
from tests.web.test_office_import import (
    a_row,
    as_csv,
    begin,
    brought_in,
    checked,
    held,
    key_of,
    plain,
    press,
    send_columns,
)


@pytest.fixture
def client(app: Flask, con: Connection, now: object) -> FlaskClient:
    """A planner who has just signed in, in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, now)  # type: ignore[arg-type]
    return a_signed_in_client(app)


def another(i: int) -> list[object]:
    """A row that has the number of another space and nothing else of it."""
    return a_row(i, name=f"Depot {i}", address=f"{i} South Lane", lat=50.9)


def named(con: Connection) -> set[tuple[str | None, str | None]]:
    """Every space by its list and name."""
    found = {(space.source, space.name) for batch in spaces.walk(con) for _, space in batch}
    con.rollback()
    return found


@pytest.mark.both_engines
def test_a_list_that_looks_like_another_waits_for_an_answer(client: FlaskClient, con: Connection) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = checked(client, as_csv([another(1), another(2)]), again="vacant")
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "Is this the same list?" in words
    assert "2 of the 2 rows that have a number of the list “vacant”" in words
    unanswered = press(client, key, "merge")
    assert unanswered.status_code == 422
    assert "Say first whether this is the same list." in plain(unanswered.text)
    assert {space.name for space in held(con).values()} == {"Store 1", "Store 2"}
    assert press(client, key, "merge", same="same").status_code == 302
    assert {space.name for space in held(con).values()} == {"Depot 1", "Depot 2"}


def test_another_list_gets_a_name_of_its_own_and_is_compared_anew(client: FlaskClient, con: Connection) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = checked(client, as_csv([another(1), another(2)]), again="vacant")
    assert "Write a name" in plain(press(client, key, "merge", same="another", source=" ").text)
    assert "You have a list of this name." in plain(press(client, key, "merge", same="another", source="vacant").text)
    assert press(client, key, "merge", same="another", source="South").status_code == 302
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "Is this the same list?" not in words
    assert "Bring in 2 spaces" in words
    press(client, key, "merge")
    assert named(con) == {("vacant", "Store 1"), ("vacant", "Store 2"), ("South", "Depot 1"), ("South", "Depot 2")}


def test_a_list_as_it_was_is_not_asked_about(client: FlaskClient) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = checked(client, as_csv([a_row(1, name="The store"), a_row(2, lat=51.2)]), again="vacant")
    assert "Is this the same list?" not in plain(client.get(f"/office/import/{key}/check").text)


def test_each_sheet_that_is_chosen_is_a_list_of_its_own(client: FlaskClient, con: Connection, tmp_path: Path) -> None:
    content = book(tmp_path / "both.xlsx", **both()).read_bytes()
    brought_in(client, content, "both.xlsx")
    key = key_of(begin(client, content, "both.xlsx"))
    send_columns(client, key, "again", layer="South")
    assert send_columns(client, key, "check").status_code == 302
    press(client, key, "merge")
    assert named(con) == {
        *(("both, North", row[1]) for row in NORTH), *(("both, South", row[1]) for row in SOUTH),
    }  # fmt: skip


def test_the_same_file_again_is_known_by_its_name_with_its_columns(client: FlaskClient, con: Connection) -> None:
    content = as_csv([a_row(1), a_row(2)])
    key = key_of(begin(client, content))
    send_columns(client, key, "show", **{"field-1": "description"})
    send_columns(client, key, "check")
    press(client, key, "merge")
    assert all(space.name is None for space in held(con).values())
    key = key_of(begin(client, content))
    page = plain(client.get(f"/office/import/{key}/columns").text)
    assert "We know the list “vacant”: its columns are read as last time" in page
    send_columns(client, key, "check")
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "Everything in this list is in the register already" in words


def test_a_known_name_that_is_another_list_gets_a_name_of_its_own(client: FlaskClient, con: Connection) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = key_of(begin(client, as_csv([another(1), another(2)])))
    assert "Write a name for this list." in plain(send_columns(client, key, "rename", source="").text)
    assert "You have a list of this name." in plain(send_columns(client, key, "rename", source="vacant").text)
    assert send_columns(client, key, "rename", source="South").status_code == 302
    assert "We know the list" not in plain(client.get(f"/office/import/{key}/columns").text)
    send_columns(client, key, "check")
    press(client, key, "merge")
    assert {source for source, _ in named(con)} == {"vacant", "South"}
