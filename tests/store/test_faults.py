"""What a database says of its condition becomes a sentence, by its code; and no value of a row gets into an error."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Unusable
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import accounts, spaces
from tempuse.store.common import load
from tempuse.store.engine import Connection, Register, faults, open_register, writing
from tempuse.store.tables import people, register_state, settings
from tests.builders import a_space

SECRET = "marigold@quince.example"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("40P01", "register.locked"), ("40001", "register.locked"), ("55P03", "register.locked"),
        ("57014", "register.took_too_long"), ("57P01", "register.server_down"), ("08006", "register.server_down"),
        ("53300", "register.server_down"), ("53100", "register.disk_full"), ("42501", "register.not_permitted"),
        ("42P01", "register.not_there"), ("3F000", "register.not_there"), ("3D000", "register.not_there"),
        ("25006", "register.read_only"), ("28P01", "register.sign_in_refused"), ("XX001", "register.damaged"),
    ],
)  # fmt: skip
def test_what_postgresql_says_of_its_condition_becomes_a_sentence(con: Connection, state: str, message: str) -> None:
    if con.dialect.name != "postgresql":
        pytest.skip("SQLite has no SQLSTATE")
    with pytest.raises(Unusable) as told:
        con.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'Something.' USING ERRCODE = '{state}'; END $$")
    assert told.value.message == message


def test_a_statement_that_takes_too_long_for_the_server_is_said(con: Connection) -> None:
    if con.dialect.name != "postgresql":
        pytest.skip("SQLite has no such limit")
    con.exec_driver_sql("SET statement_timeout = 50")
    con.commit()
    with pytest.raises(Unusable) as told:
        con.exec_driver_sql("SELECT pg_sleep(5)")
    assert told.value.message == "register.took_too_long"


def test_sqlite_says_its_condition_by_code(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "register.gpkg"
    register = open_register(str(path), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        con.exec_driver_sql("PRAGMA query_only = ON")
        con.rollback()
        with pytest.raises(Unusable) as told:
            add_space(con, SYSTEM, a_space(), now)
        assert told.value.message == "register.read_only"
        con.exec_driver_sql("PRAGMA query_only = OFF")
        assert spaces.count(con, spaces.SpaceFilter()) == 0
        con.rollback()
        pages = con.exec_driver_sql("PRAGMA page_count").scalar() or 0
        con.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        con.rollback()
        with pytest.raises(Unusable) as told:
            add_space(con, SYSTEM, a_space(description="x" * 100_000), now)
        assert told.value.message == "register.disk_full"
        assert spaces.count(con, spaces.SpaceFilter()) == 0
        con.rollback()
        with pytest.raises(Unusable) as told:
            con.exec_driver_sql("SELECT * FROM what_was_taken_away")
        assert told.value.message == "register.damaged"
    register.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN])
def test_a_disk_without_room_is_said_whatever_sqlite_calls_it(code: int, tmp_path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code  # type: ignore[misc]
    full = Path("/proc/register.gpkg")  # a folder that never has room
    told = faults.translated(error, str(full))
    assert told is not None
    assert told.message == "register.disk_full"
    told = faults.translated(error, str(tmp_path / "register.gpkg"))
    assert told is not None
    assert told.message in ("register.disk_error", "register.cannot_open")


def test_what_is_there_already_is_a_conflict(con: Connection, now: datetime) -> None:
    row = {"ref": "PE-0001", "name": "Jo", "email": SECRET, "role": "planner"}
    with writing(con):
        con.execute(insert(people), [row])
    with pytest.raises(Conflict) as told, writing(con):
        con.execute(insert(people), [{**row, "ref": "PE-0002"}])
    assert told.value.message == "register.there_already"
    assert SECRET not in everything_said(told.value)


def everything_said(error: BaseException | None) -> str:
    """An error with what led to it, as a log would show it."""
    texts = []
    while error is not None:
        texts += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    return " ".join(texts)


def test_no_value_of_a_row_gets_into_an_error(con: Connection) -> None:
    mistakes: list[Any] = [
        lambda: con.execute(insert(people), [{"name": SECRET, "email": SECRET, "language": "en"}]),
        lambda: con.execute(insert(settings), [{"id": 1, "name": SECRET}, {"id": 1, "name": SECRET}]),
        lambda: con.execute(text("SELECT nonsense FROM people WHERE email = :email"), {"email": SECRET}),
        lambda: con.execute(insert(register_state), [{"seq": SECRET}]),
        lambda: con.execute(text("SELECT CAST(:email AS integer) / 0, jsonb(:email)"), {"email": SECRET}),
        lambda: load(con, people, ("name", "email"), [(SECRET, SECRET)]),
        lambda: load(con, register_state, ("seq",), [(SECRET,)]),
    ]
    told = [outcome(con, mistake) for mistake in mistakes]
    assert sum(error is not None for error in told) >= 5
    assert [error for error in told if SECRET in everything_said(error) or "marigold" in everything_said(error)] == []


def outcome(con: Connection, mistake: Any) -> Exception | None:
    try:
        with writing(con):
            mistake()
    except Exception as error:
        return error
    return None


def test_the_accounts_hide_values_too(register: Register, now: datetime) -> None:
    held = accounts.Accounts(register)
    with pytest.raises((DBAPIError, Conflict)) as told, held.engine.begin() as con:
        con.execute(insert(accounts.accounts), [{"password": SECRET, "person_ref": "PE-1", "made_at": now}])
    assert SECRET not in everything_said(told.value)
    held.session.remove()


def test_a_server_that_is_down_or_lets_nobody_in_is_said(postgres_url: str | None, tmp_path: Path) -> None:
    wanted = {"postgresql://nobody@127.0.0.1:1/none": "register.server_down"}
    if postgres_url:
        parts = psycopg.conninfo.conninfo_to_dict(postgres_url)
        wanted[f"postgresql://tempuse@{parts['host']}:{parts['port']}/not-there"] = "register.not_there"
        wanted[f"postgresql://no-such-role@{parts['host']}:{parts['port']}/postgres"] = "register.not_there"
        wanted[f"{postgres_url}?nonsense=1"] = "register.server_down"
    for address, message in wanted.items():
        register = open_register(address, tmp_path)
        with pytest.raises(Unusable) as told, register.connect():
            pass
        assert told.value.message == message, address
        register.close()
