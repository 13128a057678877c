"""Privacy is a rule of the register: every public door is searched, byte by byte, for what must not be there."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.people import Person
from tempuse.publication import COLLECTIONS
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry import people, publishing, reports
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store.engine import Connection, Register, writing
from tempuse.vocabulary import AreaKind, LocationLevel
from tests.builders import a_district, a_place, a_space
from tests.web import whispers
from tests.web.doors import a_secretive_space, content, doors, is_in, leaks, marked, secret, takes_questions
from web import create_app

pytestmark = pytest.mark.both_engines

_LEVELS = [level for level in COLLECTIONS["spaces"].levels if level is not LocationLevel.EXACT]


@pytest.mark.parametrize("level", _LEVELS)
def test_no_public_door_gives_away_what_a_level_withholds(
    app: Flask, register: Register, now: datetime, level: str
) -> None:
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        building = add_space(con, SYSTEM, a_space(status="withheld"), now)
        space, past, hidden = a_secretive_space(level, within_ref=building)
        ref = add_space(con, SYSTEM, space, now, past=past)
    assert leaks(app.test_client(), doors(app, [ref]), hidden) == []


def a_secretive_register(con: Connection, now: datetime) -> set[str]:
    """Something of every noun, each text of it a marked secret that no public door may give; with those secrets.

    What is marked is read from the tables: the texts of a noun that is added here are searched for as well.
    """
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    for level in _LEVELS:
        space, past, _ = a_secretive_space(level)
        ref = add_space(con, SYSTEM, space, now, past=past, note=secret("note", level))
    withheld, _, _ = a_secretive_space("exact", status="withheld")
    add_space(con, SYSTEM, withheld, now)
    told = Report(kind="wrong", space_ref=ref, address=secret("where", "report"), since=secret("since", "report"),
                  text=secret("told", "report"), contact=f"{secret('sender', 'report')}@example.org",
                  contact_consent=True)  # fmt: skip
    sent = reports.send_report(con, PUBLIC, told, now)
    reports.judge_report(con, SYSTEM, sent.report.ref, "answer", now, answer=secret("answer", "report"))
    person = Person(name=secret("name", "person"), email=f"{secret('email', 'person')}@example.org")
    people.add_person(con, SYSTEM, person, now)
    found = marked(con)
    assert set(found) >= {"spaces", "periods", "reports", "people", "events"}
    return set().union(*found.values())


def test_no_public_door_gives_away_what_any_table_hides(app: Flask, register: Register, now: datetime) -> None:
    with register.connect() as con:
        hidden = a_secretive_register(con, now)
    assert len(hidden) > 50
    assert leaks(app.test_client(), doors(app, ["SP-0001"]), hidden) == []


def test_a_leak_in_a_new_collection_is_found(
    register: Register, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody told the test of the collection: it has a door, and a text of a table stands in its rows."""
    whispers.put_in(monkeypatch)
    with register.connect() as con:
        hidden = a_secretive_register(con, now)
        with writing(con):
            publishing.decide_all(con, now)
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: now)
    whispers.open_door(app)
    found = leaks(app.test_client(), doors(app, ["SP-0001"]), hidden)
    assert f"{secret('told', 'report')} at /whispers.geojson" in found
    assert {each.partition(" at ")[2].partition("?")[0] for each in found} == {"/whispers.geojson"}


def test_the_doors_are_found_and_so_are_those_that_take_questions(
    app: Flask, register: Register, now: datetime
) -> None:
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        ref = add_space(con, SYSTEM, a_space(), now)
        for number in range(30):
            add_space(con, SYSTEM, a_space(kind="plot", geometry=a_place(0.001 * number)), now)
    client = app.test_client()
    found = doors(app, [ref])
    assert {"/", "/find", "/areas.geojson", "/spaces.gpkg", "/spaces.kml", f"/spaces/{ref}.geojson"} < set(found)
    asked = {address for address in found if takes_questions(client, address)}
    files = {address for address in found if address.startswith("/spaces.")}
    assert {"/spaces.gpkg", "/spaces.fgb", "/spaces.kml"} < files
    assert asked >= {"/", "/list", "/find", "/map/view", "/areas.geojson", *files}
    assert not asked & {"/health", "/robots.txt", f"/spaces/{ref}.geojson"}


@pytest.mark.parametrize(
    "hide", [{"status": "reported"}, {"status": "withheld"}, {"consent": "objected"}, {"ownership": "company"}]
)
def test_a_space_that_is_not_public_is_behind_no_door(
    app: Flask, register: Register, now: datetime, hide: dict[str, str]
) -> None:
    space, past, hidden = a_secretive_space("exact", **hide)
    with register.connect() as con:
        ref = add_space(con, SYSTEM, space, now, past=past)
        unit = add_space(con, SYSTEM, a_space(kind="unit", within_ref=ref, geometry=a_place(0.01)), now)
    client = app.test_client()
    assert client.get(f"/spaces/{ref}").status_code == 404
    for address in doors(app, [ref, unit]):
        body = content(client, address)
        if ref in address:
            continue  # the page says which address it was asked for
        for word in [*hidden, ref]:
            assert not is_in(word, body), f"{word} at {address}"


def test_owners_and_notes_of_an_exact_space_are_behind_no_door(app: Flask, register: Register, now: datetime) -> None:
    with register.connect() as con:
        building = add_space(con, SYSTEM, a_space(location_level="hidden"), now)
        space, past, _ = a_secretive_space("exact", within_ref=building)
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    private = [secret(name, "exact") for name in OFFICE_ONLY] + [secret("owneremail", "exact"), secret("kept", "exact")]
    for address in doors(app, [ref]):
        body = content(client, address)
        for word in private:
            assert word.encode() not in body, f"{word} at {address}"
        assert b'within_ref":' not in body
    assert secret("name", "exact").encode() in content(client, f"/spaces/{ref}")
