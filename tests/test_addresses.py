"""Where a register is: its address, its schema, its disk; and what is somebody else's is left as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, NotFound, TempuseError, Unusable
from tempuse.registry import setup
from tempuse.registry.care import backups, checking
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import accounts, spaces
from tempuse.store.common import current_seq, load
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.engine.filesystems import check_local, filesystem_of
from tempuse.store.events import of as events_of
from tempuse.store.tables import imports
from tests.builders import a_space
from tests.missing import missing


def test_a_missing_register_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as told:
        open_register(str(tmp_path / "none.gpkg"))
    assert told.value.message == "register.missing"


def test_a_register_is_made_only_once(address: str, tmp_path: Path, now: datetime) -> None:
    register = open_register(address, tmp_path / "home", create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        with pytest.raises(Conflict):
            setup.create_register(con, SYSTEM, now)
    register.close()


@pytest.mark.parametrize("content", [b"hello\n", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_is_not_a_register_is_said_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.gpkg"
    path.write_bytes(content)
    register = open_register(str(path))
    with pytest.raises(Unusable) as told, register.connect():
        pass
    register.close()
    assert told.value.message in ("register.not_ours", "register.damaged")
    assert path.read_bytes() == content


def test_a_folder_is_not_a_register(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as told:
        open_register(str(tmp_path))
    assert told.value.message == "register.is_folder"


@pytest.mark.parametrize(("version", "message"), [("9999", "register.newer"), ("", "")])
def test_a_register_from_a_newer_program_is_refused(
    register: Register, address: str, version: str, message: str
) -> None:
    if version:
        with register.connect() as con, writing(con):
            con.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    again = open_register(address, register.home)
    if message:
        with pytest.raises(Unusable) as told, again.connect():
            pass
        assert told.value.message == message
    else:
        with again.connect() as con:
            assert current_seq(con) == 0
    again.close()


def test_somebody_elses_geopackage_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.gpkg"
    stranger = sqlite3.connect(path)
    stranger.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY)")
    stranger.commit()
    stranger.close()
    before = path.read_bytes()
    for create in (False, True):
        register = open_register(str(path), create=create)
        with pytest.raises(TempuseError) as told, register.connect() as con:
            setup.create_register(con, SYSTEM, datetime.now().astimezone())
        register.close()
        assert told.value.message == ("register.exists" if create else "register.not_ours")
    assert path.read_bytes() == before
    stranger = sqlite3.connect(path)
    assert stranger.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    stranger.close()


def test_the_log_beside_the_file_does_not_stay_as_large_as_it_once_was(tmp_path: Path, now: datetime) -> None:
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with register.connect() as con, register.connect() as reader:
        setup.create_register(con, SYSTEM, now)
        current_seq(reader)  # holds a snapshot: the log cannot begin anew
        blob = "x" * 1_000_000
        with writing(con):
            rows = ((f"IM-{i:04d}", "2026-11-23T08:30:00.000Z", "x", blob) for i in range(90))
            load(con, imports, ("ref", "at", "actor", "issues"), rows)
        log = tmp_path / "register.gpkg-wal"
        assert log.stat().st_size > 80_000_000
        reader.rollback()
        con.exec_driver_sql("PRAGMA wal_checkpoint(RESTART)")
        con.rollback()
        add_space(con, SYSTEM, a_space(), now)
        assert log.stat().st_size < 70_000_000
    register.close()


def test_both_engines_keep_milliseconds(con: Connection) -> None:
    at = datetime.fromisoformat("2026-11-23T08:30:00.123987+00:00")
    ref = add_space(con, SYSTEM, a_space(), at)
    cut = at.replace(microsecond=123_000)
    assert spaces.get(con, ref).created_at == spaces.get(con, ref).updated_at == cut
    assert [each.at for each in events_of(con, ref)] == [cut]


# ---- disks -------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "nfs4", "cifs", "smb2", "smb3", "9p", "virtiofs", "vboxsf", "prl_fs", "vmhgfs", "drvfs", "beegfs",
    "gpfs", "orangefs", "lustre", "fuse.sshfs", "fuse.ceph", "fuse.juicefs", "fuse.gcsfuse", "fuse.mount.davfs",
    "fuse.vmhgfs-fuse", "fuse.nobody-knows",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "fuseblk", *ELSEWHERE])
def test_only_what_is_known_to_be_a_disk_of_this_machine_is_taken(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "a folder"
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/share {str(folder).replace(' ', chr(92) + '040')} {kind} rw 0 0\n"
    assert filesystem_of(folder / "register.gpkg", mounts) == kind
    if kind in ELSEWHERE:
        with pytest.raises(Unusable) as told:
            check_local(folder / "register.gpkg", mounts)
        assert told.value.message == "register.network_share"
    else:
        check_local(folder / "register.gpkg", mounts)


# ---- schemas -----------------------------------------------------------------------------------------------


@pytest.fixture
def database(postgres_url: str | None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database of our own with PostGIS, so that its ``public`` is ours too."""
    if not postgres_url:
        missing("PostgreSQL with PostGIS is not installed")
    assert postgres_url is not None
    name = f"t{abs(hash(request.node.nodeid))}"
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute(f'CREATE DATABASE "{name}"')
    url = f"{postgres_url.rpartition('/')[0]}/{name}"
    yield url
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def made(address: str, home: Path, now: datetime, name: str) -> Register:
    register = open_register(address, home, create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        add_space(con, SYSTEM, a_space(name=name), now)
    return register


@pytest.mark.parametrize("extension", ["public", "postgis", "Post GIS"])
def test_two_registers_in_one_database_know_nothing_of_each_other(
    database: str, tmp_path: Path, now: datetime, extension: str
) -> None:
    with psycopg.connect(database, autocommit=True) as con:
        con.execute(f'CREATE SCHEMA IF NOT EXISTS "{extension}"')
        con.execute(f'CREATE EXTENSION postgis SCHEMA "{extension}"')
    addresses = (database, f"{database}?schema=tempuse", f"{database}?schema=Old%20Town", f"{database}?schema=public_2")
    registers = [made(each, tmp_path / f"home{i}", now, f"Hall {i}") for i, each in enumerate(addresses)]
    for i, register in enumerate(registers):
        with register.connect() as con:
            held = spaces.find(con, spaces.SpaceFilter())
            assert [space.name for space in held] == [f"Hall {i}"]
            con.rollback()
            edit_space(con, SYSTEM, held[0].ref, {"description": "Dry."}, now)
            assert checking.check_register(con, now) == []
        own = accounts.Accounts(register)
        assert own.of_person("PE-0001", now).id == 1
        own.session.remove()
    backups.backup(registers[0], tmp_path / "backup.zip", now)
    back = open_register(f"{database}?schema=back", tmp_path / "home-back", create=True)
    backups.restore(back, tmp_path / "backup.zip", now)
    with back.connect() as con:
        assert [space.name for space in spaces.find(con, spaces.SpaceFilter())] == ["Hall 0"]
        con.rollback()
        assert add_space(con, SYSTEM, a_space(), now) == "SP-0002"
    with registers[0].connect() as con:
        assert spaces.count(con, spaces.SpaceFilter()) == 1
    for register in (*registers, back):
        register.close()


@pytest.mark.parametrize("name", ["typo", "Public", "tempus"])
def test_a_schema_that_is_not_there_is_said_and_nothing_is_read_or_written(
    database: str, tmp_path: Path, now: datetime, name: str
) -> None:
    for register in (made(database, tmp_path, now, "Hall"), made(f"{database}?schema=tempuse", tmp_path, now, "Hall")):
        register.close()
    wrong = open_register(f"{database}?schema={name}", tmp_path)
    with pytest.raises(NotFound) as told, wrong.connect():
        pass
    assert (told.value.message, told.value.values["schema"]) == ("register.no_schema", name)
    wrong.close()
    with psycopg.connect(database, autocommit=True) as con:
        con.execute(f'CREATE SCHEMA "{name}"')
    wrong = open_register(f"{database}?schema={name}", tmp_path)
    with pytest.raises(NotFound) as told, wrong.connect():
        pass
    assert told.value.message == "register.missing"
    wrong.close()


def test_a_schema_that_goes_away_under_a_register_never_makes_it_another_one(
    database: str, tmp_path: Path, now: datetime
) -> None:
    made(database, tmp_path / "home", now, "Hall of another town").close()
    register = made(f"{database}?schema=mine", tmp_path / "home2", now, "My hall")
    with psycopg.connect(database, autocommit=True) as con:
        con.execute("ALTER SCHEMA mine RENAME TO not_mine")
    with register.connect() as con:
        with pytest.raises(Unusable):
            spaces.find(con, spaces.SpaceFilter())
        con.rollback()
        with pytest.raises(Unusable):
            add_space(con, SYSTEM, a_space(), now)
    register.close()
    with psycopg.connect(database) as con:
        assert con.execute("SELECT count(*) FROM public.spaces").fetchone() == (1,)


@pytest.mark.parametrize("query", ["schema=", "schema=pg_catalog", "schema=information_schema", "schema=a&schema=b",
                                   f"schema={'x' * 70}"])  # fmt: skip
def test_an_address_that_can_be_none_is_said(query: str) -> None:
    with pytest.raises(Unusable) as told:
        open_register(f"postgresql://tempuse@127.0.0.1/db?{query}")
    assert told.value.message == "register.no_address"


def test_an_address_that_is_no_url_is_said() -> None:
    with pytest.raises(Unusable) as told:
        open_register("postgresql://tempuse@127.0.0.1:port/db")
    assert told.value.message == "register.no_address"
