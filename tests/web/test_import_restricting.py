"""In the browser as well: a column that says who may see a space is explained before anything is brought in."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client
from tests.web.test_office_import import begin, key_of, press, send_columns

HEAD = "Ref,Name,Address,Lat,Lon,Ownership"
HOUSE = "A{0},House {0},{0} Quay,51.05,3.7{0},municipality"


@pytest.fixture
def client(app: Flask, con: Connection, now: datetime) -> FlaskClient:
    """A planner who has just signed in, in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, now)
    return a_signed_in_client(app)


def a_list(heading: str, *cells: str) -> bytes:
    rows = [HEAD + f",{heading}", *(HOUSE.format(i) + f",{cell}" for i, cell in enumerate(cells, 1))]
    return "\n".join(rows).encode()


def statuses(con: Connection) -> list[str]:
    found = sorted((space.name, space.status) for batch in spaces.walk(con) for _, space in batch)
    con.rollback()
    return [status for _, status in found]


def test_a_column_that_restricts_must_be_answered_before_going_on(client: FlaskClient, con: Connection) -> None:
    key = key_of(begin(client, a_list("Embargo", "2030-01-01", ""), status="offered"))
    page = client.get(f"/office/import/{key}/columns").text
    assert "It seems to say who may see a space." in page
    send_columns(client, key, "check")
    page = client.get(f"/office/import/{key}/columns").text
    assert "we do not know what they say: “Embargo”" in page
    assert client.get(f"/office/import/{key}").location.endswith("/columns")
    assert statuses(con) == []
    # Said that it is nothing of the kind, the list goes on, and the register remembers it for the next one.
    assert send_columns(client, key, "check", **{"field-6": "ignore"}).status_code == 302
    assert client.get(f"/office/import/{key}").location.endswith("/check")
    assert press(client, key, "merge").status_code == 302
    assert statuses(con) == ["offered", "offered"]


def test_a_column_that_restricts_may_be_explained(client: FlaskClient, con: Connection) -> None:
    key = key_of(begin(client, a_list("Bezwaar", "ja", "nee"), status="offered"))
    send_columns(client, key, "check", **{"field-6": "withhold"})
    assert client.get(f"/office/import/{key}").location.endswith("/check")
    press(client, key, "merge")
    assert statuses(con) == ["withheld", "offered"]


def test_a_word_that_nobody_understands_must_be_explained(client: FlaskClient, con: Connection) -> None:
    key = key_of(begin(client, a_list("Vertraulich", "ja", "vielleicht"), status="offered"))
    page = client.get(f"/office/import/{key}/columns").text
    assert 'value="withhold" selected' in page
    assert "“vielleicht”" in page
    send_columns(client, key, "check")
    assert client.get(f"/office/import/{key}").location.endswith("/columns")
    send_columns(client, key, "show", **{"word-0": "yes"})
    send_columns(client, key, "check")
    assert client.get(f"/office/import/{key}").location.endswith("/check")
    press(client, key, "merge")
    assert statuses(con) == ["withheld", "withheld"]


def test_what_is_reported_may_come_in_and_the_check_says_what_to_look_at(client: FlaskClient, con: Connection) -> None:
    key = key_of(begin(client, a_list("Embargo", "2030-01-01", ""), status="reported"))
    send_columns(client, key, "check")
    page = client.get(f"/office/import/{key}/check").text
    assert "This seems to say who may see a space" in page
    press(client, key, "merge")
    assert statuses(con) == ["reported", "reported"]
