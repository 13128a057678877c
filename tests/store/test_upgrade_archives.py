"""Backups of earlier versions: as they are, and brought back up to today's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.care import backups
from tempuse.store import accounts, schema
from tempuse.store.engine import Connection, Register, open_register
from tempuse.store.tables import metadata
from tests import kept
from tests.kept import findings
from tests.store.shapes import shape_of

LATER = timedelta(hours=3)


def test_an_old_register_is_backed_up_as_it_is(old: Register, version: str, tmp_path: Path, now: datetime) -> None:
    backups.backup(old, tmp_path / "backup.zip", now, checked=False)
    before = accounts.Accounts(old)
    settled = before.refs_with_password()
    before.session.remove()
    with old.connect_unchecked() as con:
        assert schema.version_of(con) == version
        con.rollback()
        setup.upgrade_register(con, SYSTEM, now + LATER)
        expected = held_plain(con)
    back = open_register(str(tmp_path / "back.gpkg"), tmp_path / "back-home", create=True)
    backups.restore(back, tmp_path / "backup.zip", now + LATER)
    with back.connect() as con:
        assert findings(con, now + LATER) == []
        assert held_plain(con) == expected
        assert schema.missing(con) == []
        brought = shape_of(con)
    made = open_register(str(tmp_path / "made.gpkg"), create=True)
    with made.connect() as con:
        setup.create_register(con, SYSTEM, now)
        assert as_other_engines_word_it(shape_of(con)) == as_other_engines_word_it(brought)
    made.close()
    assert (back.home / "secret.key").read_text() == (old.home / "secret.key").read_text()
    again = accounts.Accounts(back)
    assert again.refs_with_password() == settled >= {"PE-0001"}
    again.session.remove()
    back.close()


def as_other_engines_word_it(shape: dict[str, Any]) -> dict[str, Any]:
    """The same without what means nothing in a file that came from PostgreSQL: brackets, the order of keys."""
    plain = {name: about for name, about in shape.items() if not name.startswith("sqlite_autoindex_")}
    plain["made"] = [(name, re.sub(r'[()"\s]', "", sql or "")) for name, sql in shape["made"]]
    columns = [[row[2] for row in about] for name, about in shape.items() if name.startswith("sqlite_autoindex_")]
    return {**plain, "keys": sorted(map(str, columns))}


def held_plain(con: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table by today's definitions; what only this register has is left out.

    So is where a letter stands: those that waited are held when a register is brought back.
    """
    found = {}
    for table in metadata.sorted_tables:
        own = ("status",) if table.name == "letters" else ("register_id", "home_id", "decided_at")
        columns = [column for column in table.columns if column.name not in own]
        rows = con.execute(select(*columns).order_by(next(iter(table.primary_key.columns))))
        found[table.name] = [tuple(getattr(value, "wkt", value) for value in row) for row in rows]
    con.rollback()
    return found


def test_an_archive_of_an_earlier_version_is_brought_back_and_up(
    address: str, version: str, tmp_path: Path, now: datetime
) -> None:
    register = open_register(address, tmp_path / "home", create=True)
    backups.restore(register, kept.archive_of(version), now + LATER)
    with register.connect() as con:
        assert schema.version_of(con) == schema.newest()
        con.rollback()
        assert findings(con, now + LATER) == []
        assert con.scalar(text("SELECT count(*) FROM spaces")) == {"0001": 25, "0004": 99, "0005": 110}.get(version, 44)
    register.close()
