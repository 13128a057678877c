"""A person is erased from a space's history when that person asks; that something happened stays."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from tempuse.access import PUBLIC, SYSTEM, Actor, Membership
from tempuse.cli.main import main
from tempuse.errors import NotAllowed, NotFound
from tempuse.registry.care.checking import check_register
from tempuse.registry.erasing import ERASED, PERSONAL, erase_personal
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import spaces
from tempuse.store.engine import Connection, Register
from tempuse.store.events import of as events_of
from tempuse.store.tables import events
from tests.builders import a_space
from tests.io import lists
from tests.office import a_signed_in_client, post
from tests.registry.test_imports import bring

SECRETS = ("Zqowner", "zqmail@example.org", "Zqphone", "Zqnote", "Zqreason")


@pytest.fixture
def owned(con: Connection, now: datetime) -> str:
    """A space whose owner was written down, changed and taken out again."""
    ref = add_space(con, SYSTEM, a_space(owner_name=SECRETS[0], owner_email=SECRETS[1]), now)
    edit_space(con, SYSTEM, ref, {"owner_phone": SECRETS[2], "internal_note": SECRETS[3]}, now, note=SECRETS[4])
    nothing = {"owner_name": None, "owner_email": None, "owner_phone": None, "internal_note": None}
    edit_space(con, SYSTEM, ref, {**nothing, "floor_area_m2": 640.0}, now)
    return ref


def told(con: Connection) -> str:
    """Everything that the events hold."""
    found = " ".join(str(tuple(row)) for row in con.execute(select(events)))
    con.rollback()
    return found


def test_the_history_forgets_the_person_and_nothing_else(con: Connection, now: datetime, owned: str) -> None:
    assert all(secret in told(con) for secret in SECRETS)
    assert erase_personal(con, SYSTEM, owned, now, notes=True) == 2
    after = told(con)
    assert not any(secret in after for secret in SECRETS)
    erased, last, first, _ = events_of(con, owned)
    con.rollback()
    assert (erased.what, erased.status) == ("erase", "offered")
    assert last.changes["owner_name"] == [ERASED, None]
    assert last.changes["floor_area_m2"] == [None, 640.0]
    assert first.changes["internal_note"] == [None, ERASED]
    assert first.note == ERASED
    assert erase_personal(con, SYSTEM, owned, now, notes=True) == 0
    assert check_register(con, now) == []


def test_reasons_stay_unless_they_are_asked_for(con: Connection, now: datetime, owned: str) -> None:
    erase_personal(con, SYSTEM, owned, now)
    assert SECRETS[4] in told(con)
    assert SECRETS[0] not in told(con)


def test_what_a_list_had_beside_may_go_too(con: Connection, tmp_path: Path, now: datetime) -> None:
    head = ["Ref", "Name", "Lon", "Lat", "Kadastrale titularis"]
    for name in ("Zqone", "Zqtwo"):
        bring(con, lists.write_csv(tmp_path / "l.csv", [head, ["1", "Hall", 3.72, 51.05, name]]), now)
    assert "Zqone" in told(con)
    erase_personal(con, SYSTEM, "SP-0001", now, kept=True)
    assert "Zq" not in told(con)
    assert spaces.get(con, "SP-0001").source_fields == {"Kadastrale titularis": ERASED}
    con.rollback()


def test_only_an_administrator_erases(con: Connection, now: datetime, owned: str) -> None:
    for actor in (PUBLIC, Actor("Ilse", frozenset({Membership("planner")}))):
        with pytest.raises(NotAllowed):
            erase_personal(con, actor, owned, now)
    with pytest.raises(NotFound):
        erase_personal(con, SYSTEM, "SP-0404", now)
    assert SECRETS[0] in told(con)


def test_every_field_of_an_owner_is_personal() -> None:
    fields = {name for name in spaces.FIELDS if name.startswith("owner_")} - {"owner_do_not_contact", "owner_limit"}
    assert fields < set(PERSONAL)


def test_the_office_erases_by_a_page(app: Flask, con: Connection, owned: str) -> None:
    planner = a_signed_in_client(app)
    assert "/erase" not in planner.get(f"/office/spaces/{owned}").text
    assert planner.get(f"/office/spaces/{owned}/erase").status_code == 403
    office = a_signed_in_client(app, "Ada Bel", "administrator")
    assert f"/office/spaces/{owned}/erase" in office.get(f"/office/spaces/{owned}").text
    done: Any = post(office, f"/office/spaces/{owned}/erase", {"notes": "1"}, follow_redirects=True)
    assert "Erased from 2 entries of the history." in done.text
    assert "(erased since)" in done.text
    assert not any(secret in done.text for secret in SECRETS)
    assert not any(secret in told(con) for secret in SECRETS)


def test_the_command_erases(
    register: Register, con: Connection, owned: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPUSE_REGISTER", register.address)
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    assert "Nothing was changed." in CliRunner().invoke(main, ["erase", owned], input="n\n").output
    assert SECRETS[0] in told(con)
    said = CliRunner().invoke(main, ["erase", owned, "--notes", "--yes"]).output
    assert "erased from 2 entries" in said
    assert not any(secret in told(con) for secret in SECRETS)
