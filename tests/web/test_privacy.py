"""Privacy is a rule of the register: every public door is searched, byte by byte, for what must not be there."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Register
from tempuse.vocabulary import AreaKind, LocationLevel
from tests.builders import a_district, a_place, a_space
from tests.web.doors import a_secretive_space, content, doors, is_in, questions, secret, takes_questions

_LEVELS = [LocationLevel.CELL, LocationLevel.DISTRICT, LocationLevel.HIDDEN]


@pytest.mark.parametrize("level", _LEVELS)
def test_no_public_door_gives_away_what_a_level_withholds(
    app: Flask, register: Register, now: datetime, level: str
) -> None:
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        building = add_space(con, SYSTEM, a_space(status="withheld"), now)
        space, past, hidden = a_secretive_space(level, within_ref=building)
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    for address in doors(app, [ref]):
        for asked in questions(client, address):
            body = content(client, asked)
            for word in hidden:
                assert not is_in(word, body), f"{word} at {asked}"
                assert word.encode("utf-16-le") not in body


def test_the_doors_are_found_and_so_are_those_that_take_questions(
    app: Flask, register: Register, now: datetime
) -> None:
    with register.connect() as con:
        ref = add_space(con, SYSTEM, a_space(), now)
        for number in range(30):
            add_space(con, SYSTEM, a_space(kind="plot", geometry=a_place(0.001 * number)), now)
    client = app.test_client()
    found = doors(app, [ref])
    assert {"/", "/find", "/areas.geojson", "/spaces.gpkg", "/spaces.kml", f"/spaces/{ref}.geojson"} < set(found)
    asked = {address for address in found if takes_questions(client, address)}
    files = {address for address in found if address.startswith("/spaces.")}
    assert asked >= {"/", "/list", "/find", "/map/view", *files}
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
