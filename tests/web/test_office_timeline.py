"""The timeline of the office: one bar a permit, with filters, as a table and as a file."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry.areas import load_areas
from tempuse.registry.closing import close_space
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_space
from tests.office import add_person, sign_in
from tests.permitting import a_request, approved, running, terms

pytestmark = pytest.mark.both_engines


@pytest.fixture
def town(con: Connection, now: datetime) -> dict[str, str]:
    """Three spaces in a district and one without a place: one in use and late, one agreed, one asked for twice."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    names = ("Fish auction hall", "Net loft", "Customs house")
    refs = {name: add_space(con, SYSTEM, a_space(name=name), now) for name in names}
    refs["Arch"] = add_space(con, SYSTEM, a_space(name="Arch", geometry=None), now)
    early = datetime.fromisoformat("2026-06-01T08:00:00+00:00")
    late = terms(date(2026, 7, 1), date(2026, 11, 3))
    running(con, early, [refs["Net loft"]], late, on=date(2026, 6, 1), group="Ice cream collective")
    approved(con, now, [refs["Customs house"]], terms(date(2027, 1, 1), date(2027, 6, 30)), group="Print room")
    for group in ("Ropewalk Circus", "Film club"):
        a_request(con, now, [refs["Fish auction hall"]], terms(date(2027, 3, 1), date(2027, 8, 31)), group=group)
    return refs


def page(app: Flask, question: str = "") -> str:
    client = app.test_client()
    sign_in(client, add_person(app))
    answer = client.get(f"/office/timeline{question}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_each_permit_is_a_bar_that_says_what_it_is(app: Flask, town: dict[str, str]) -> None:
    drawn = page(app)
    assert "Old Docks" in drawn
    assert "Ropewalk Circus and 1 more ask" in drawn
    assert "1 July 2026 to 3 November 2026, not handed back" in drawn
    assert "Ice cream collective: not handed back" in drawn
    assert "1 January 2027 to 30 June 2027, agreed" in drawn
    assert drawn.index("Customs house") < drawn.index("No district") < drawn.index("Arch")


@pytest.mark.parametrize(
    ("state", "shown"),
    [("used", set()), ("asked", {"Fish auction hall"}), ("ending", {"Net loft"}),
     ("empty", {"Fish auction hall", "Net loft", "Customs house", "Arch"})],
)  # fmt: skip
def test_a_state_of_today_narrows_it(app: Flask, town: dict[str, str], state: str, shown: set[str]) -> None:
    drawn = page(app, f"?state={state}")
    assert {name for name in town if f">{name}</a>" in drawn} == shown


def test_one_space_has_a_timeline_of_its_own_and_one_that_is_not_there_has_none(
    app: Flask, town: dict[str, str]
) -> None:
    drawn = page(app, f"?space={town['Customs house']}")
    assert "Print room" in drawn
    assert "Net loft" not in drawn
    client = app.test_client()
    sign_in(client, add_person(app, "Bo Bell"))
    assert client.get("/office/timeline?space=SP-9999").status_code == 404


def test_it_is_a_table_too_and_a_file(app: Flask, con: Connection, now: datetime, town: dict[str, str]) -> None:
    close_space(con, SYSTEM, town["Arch"], date(2027, 2, 1), date(2027, 2, 20), "Roof works", now)
    assert "Ropewalk Circus</a>, 1 March 2027 to 31 August 2027, asked for" in page(app, "?as=table")
    client = app.test_client()
    sign_in(client, add_person(app, "Bo Bell"))
    rows = list(csv.DictReader(io.StringIO(client.get("/office/timeline.csv").get_data(as_text=True))))
    assert {(row["name"], row["title"], row["state"]) for row in rows} == {
        ("Net loft", "Ice cream collective", "overdue"), ("Customs house", "Print room", "upcoming"),
        ("Fish auction hall", "Ropewalk Circus", "open"), ("Fish auction hall", "Film club", "open"),
        ("Arch", "Roof works", "shut"),
    }  # fmt: skip
    (shut,) = [row for row in rows if row["state"] == "shut"]
    assert (shut["starts_on"], shut["ends_on"], shut["permit_ref"]) == ("2027-02-01", "2027-02-20", "")


@pytest.mark.parametrize("question", ["?from=9999-99", "?from=0001-01", "?page=99999999999", "?district=AR-1&kind=x"])
def test_what_makes_no_sense_counts_as_not_said(app: Flask, town: dict[str, str], question: str) -> None:
    assert "<h1>Who is where, and when</h1>" in page(app, question)


def test_nobody_else_sees_it(client: FlaskClient) -> None:
    assert client.get("/office/timeline").status_code == 302
