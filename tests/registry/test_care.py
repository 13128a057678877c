"""Caring for a register: check finds what is wrong, a backup brings everything back, on either engine."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Invalid, NotFound, Unusable
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import backups, checking, mending
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.spaces import Period
from tempuse.store import accounts, published, schema, spaces
from tempuse.store.common import current_state
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.engine.transactions import Patience
from tempuse.store.tables import metadata
from tempuse.store.tables import published as published_table
from tempuse.store.tables import spaces as spaces_table
from tempuse.vocabulary import AreaKind
from tests import postgres
from tests.builders import a_district, a_place, a_space, an_outline
from tests.missing import missing


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A small register with something of everything."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    load_areas(con, SYSTEM, AreaKind.WATER, [a_district("Harbour", west=3.727, south=51.048, side=0.005)], now)
    past = [Period(starts_on=date(2024, 5, 1), ends_on=date(2024, 9, 30), title="Night market")]
    add_space(con, SYSTEM, a_space(geometry=an_outline(), water=True, suitable_uses=("event",)), now, past=past)
    add_space(con, SYSTEM, a_space(location_level="cell", geometry=a_place(0.001)), now)
    ref = add_space(con, SYSTEM, a_space(status="verified", geometry=None, source_fields={"Größe": "„640“"}), now)
    move_space(con, SYSTEM, ref, "withhold", now)
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return con


def messages(con: Connection, now: datetime) -> set[str]:
    con.rollback()
    found = {finding.message for finding in checking.check_register(con, now)}
    con.rollback()
    return found


def test_a_register_in_order_has_nothing_to_say(filled: Connection, now: datetime) -> None:
    assert messages(filled, now) == set()


def test_check_sees_that_the_public_sees_something_else(filled: Connection, now: datetime) -> None:
    with writing(filled):
        filled.execute(update(published_table).where(published_table.c.ref == "SP-0002").values(level="exact"))
    assert messages(filled, now) == {"check.published"}
    assert mending.mend_register(filled, SYSTEM, now) == 1
    assert messages(filled, now) == set()


def test_check_sees_what_the_public_sees_and_the_register_does_not_have(filled: Connection, now: datetime) -> None:
    with writing(filled):
        filled.execute(update(published_table).where(published_table.c.ref == "SP-0002").values(ref="SP-0099"))
    assert messages(filled, now) == {"check.published"}
    mending.mend_register(filled, SYSTEM, now)
    assert sorted(published.refs(filled, "spaces")) == ["SP-0001", "SP-0002"]
    assert messages(filled, now) == set()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"status": "verified"}, "check.event"),
        ({"occupancy": "haunted"}, "check.value"),
        ({"building_year": 12}, "check.value"),
        ({"plot_area_m2": 90_000.0}, "check.measured"),
        ({"plot_area_m2": 90_000.0, "plot_area_measured": False}, "check.area"),
        ({"geometry": a_place(0.1)}, "check.outside_town"),
        ({"geometry": a_place(0.1), "status": "offered"}, "check.outside_town"),
        ({"geometry": a_place(0.008)}, "check.in_water"),
        ({"within_ref": "SP-0404"}, "check.orphan"),
        ({"district_ref": "AR-0404"}, "check.district"),
    ],
)
def test_check_sees_what_does_not_fit(
    filled: Connection, now: datetime, values: dict[str, object], message: str
) -> None:
    with writing(filled):
        filled.execute(update(spaces_table).where(spaces_table.c.ref == "SP-0001").values(**values))
    assert message in messages(filled, now)


def test_check_sees_that_the_spatial_index_differs(tmp_path: Path, now: datetime) -> None:
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        add_space(con, SYSTEM, a_space(), now)
        with writing(con):
            con.exec_driver_sql("DELETE FROM rtree_spaces_geometry")
        assert messages(con, now) == {"check.tree"}
    register.close()


def test_check_sees_that_a_number_would_be_given_twice(filled: Connection, now: datetime) -> None:
    with writing(filled):
        filled.execute(text("UPDATE counters SET last = 1 WHERE noun = 'space'"))
    assert messages(filled, now) == {"check.counter"}


def rows_of(con: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, geometries as WKT; but who the register is, which no other one is."""
    con.rollback()
    found = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name not in ("register_id", "home_id")]
        rows = con.execute(select(*columns).order_by(next(iter(table.primary_key.columns))))
        found[table.name] = [tuple(getattr(value, "wkt", value) for value in row) for row in rows]
    con.rollback()
    return found


@pytest.fixture(params=["geopackage", "postgis"])
def other_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second place for a register, on each engine."""
    if request.param == "geopackage":
        yield str(tmp_path / "restored.gpkg")
        return
    url = request.getfixturevalue("postgres_url")
    if not url:
        missing("PostgreSQL with PostGIS is not installed")
    with postgres.a_schema(url) as place:
        yield place


def test_a_backup_brings_everything_back_on_either_engine(
    register: Register, filled: Connection, other_address: str, tmp_path: Path, now: datetime
) -> None:
    (register.home / "attachments" / "ab").mkdir(parents=True)
    (register.home / "attachments" / "ab" / "abcd").write_bytes(b"logo")
    (register.home / "secret.key").write_text("the key")
    held = accounts.Accounts(register)
    with held.engine.begin() as con:
        con.execute(
            accounts.accounts.insert().values(person_ref="PE-0001", fs_uniquifier="u", password="p", made_at=now)
        )
    held.session.remove()
    size = backups.backup(register, tmp_path / "backup.zip", now)
    assert size == (tmp_path / "backup.zip").stat().st_size
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0

    other = open_register(other_address, tmp_path / "other-home", create=True)
    assert backups.restore(other, tmp_path / "backup.zip", now) == now
    with other.connect() as con:
        assert rows_of(con) == rows_of(filled)
        assert current_state(con).register != current_state(filled).register
        con.rollback()
        assert messages(con, now) == set()
        # It goes on where it was: the next space has the next number, not one that is in use.
        assert add_space(con, SYSTEM, a_space(), now) == "SP-0004"
    assert (other.home / "attachments" / "ab" / "abcd").read_bytes() == b"logo"
    assert (other.home / "secret.key").stat().st_mode & 0o077 == 0
    again = accounts.Accounts(other)
    with again.engine.connect() as con:
        assert [row.person_ref for row in con.execute(accounts.accounts.select())] == ["PE-0001"]
    again.session.remove()
    other.close()


def test_a_backup_is_of_one_moment_while_others_write(
    register: Register, filled: Connection, tmp_path: Path, now: datetime
) -> None:
    register.patience = Patience(0.2)
    with writing(filled):
        spaces.set_district(filled, "SP-0001", "AR-0404")
        backups.backup(register, tmp_path / "backup.zip", now)
    other = open_register(str(tmp_path / "restored.gpkg"), tmp_path / "other-home", create=True)
    backups.restore(other, tmp_path / "backup.zip", now)
    with other.connect() as con:
        assert spaces.get(con, "SP-0001").district_ref == "AR-0001"
    other.close()


def test_a_backup_overwrites_nothing(register: Register, filled: Connection, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "backup.zip").write_text("mine")
    with pytest.raises(Conflict):
        backups.backup(register, tmp_path / "backup.zip", now)
    assert (tmp_path / "backup.zip").read_text() == "mine"


def test_a_restore_overwrites_no_register(
    register: Register, filled: Connection, address: str, tmp_path: Path, now: datetime
) -> None:
    backups.backup(register, tmp_path / "backup.zip", now)
    same = open_register(address, tmp_path / "new-home", create=True)
    with pytest.raises(Conflict):
        backups.restore(same, tmp_path / "backup.zip", now)
    same.close()
    assert messages(filled, now) == set()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_backup_is_said_and_leaves_nothing(tmp_path: Path, now: datetime, content: bytes) -> None:
    (tmp_path / "backup.zip").write_bytes(content)
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with pytest.raises(Invalid) as told:
        backups.restore(register, tmp_path / "backup.zip", now)
    assert told.value.message == "backup.not_ours"
    assert not (tmp_path / "register.gpkg").exists()


def test_a_backup_from_a_newer_program_is_refused(
    register: Register, filled: Connection, tmp_path: Path, now: datetime
) -> None:
    backups.backup(register, tmp_path / "backup.zip", now)
    with zipfile.ZipFile(tmp_path / "backup.zip") as old, zipfile.ZipFile(tmp_path / "newer.zip", "w") as new:
        new.writestr("tempuse.json", old.read("tempuse.json").replace(schema.newest().encode(), b"9999"))
        new.writestr("register.gpkg", old.read("register.gpkg"))
    other = open_register(str(tmp_path / "restored.gpkg"), tmp_path / "other-home", create=True)
    with pytest.raises(Unusable) as told:
        backups.restore(other, tmp_path / "newer.zip", now)
    assert told.value.message == "backup.newer"
    with pytest.raises(NotFound):
        backups.restore(other, tmp_path / "missing.zip", now)


def test_moves_and_edits_leave_their_trace(filled: Connection, now: datetime) -> None:
    edit_space(filled, SYSTEM, "SP-0001", {"floor_area_m2": 640.0}, now, note="measured")
    rows = filled.execute(text("SELECT what, note, changes FROM events WHERE ref = 'SP-0001' ORDER BY id")).all()
    assert [row[0] for row in rows] == ["add", "edit"]
    assert rows[1][1] == "measured"
    assert "640" in rows[1][2]


def test_a_snapshot_is_a_file_of_its_own(register: Register, filled: Connection, tmp_path: Path, now: datetime) -> None:
    backups.backup(register, tmp_path / "backup.zip", now)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        archive.extract("register.gpkg", tmp_path / "out")
    copy = sqlite3.connect(tmp_path / "out" / "register.gpkg")
    assert copy.execute("SELECT count(*) FROM spaces").fetchone()[0] == 3
    assert copy.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
    assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    copy.close()
