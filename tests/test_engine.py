"""The two engines: who may write, who waits, and what is said when a register cannot be used."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, NotFound, Unusable
from tempuse.geometry import Box
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import copying, spaces
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection, Register, open_register, reading, writing
from tempuse.store.filesystems import check_local, filesystem_of
from tempuse.store.tables import GEOMETRY_TABLES, metadata
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, an_outline

ROOT = Path(__file__).resolve().parents[1]
OGR = shutil.which("ogrinfo")


def child(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store_child", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def file_register(tmp_path: Path, now: datetime) -> Iterator[Register]:
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
    yield register
    register.close()


def test_a_space_comes_back_as_it_went_in(con: Connection, now: datetime) -> None:
    told = a_space(
        geometry=an_outline(), water=True, heating=False, suitable_uses=("workshop", "event"), parcel_refs=("007/A",),
        available_from=now.date(), cost_cents=31_000, source_fields={"Größe": "„640“"}, building_year=1931,
    )  # fmt: skip
    ref = add_space(con, SYSTEM, told, now)
    held = spaces.get(con, ref)
    assert (held.water, held.heating, held.power) == (True, False, None)
    assert held.suitable_uses == ("workshop", "event")
    assert held.parcel_refs == ("007/A",)
    assert held.available_from == now.date()
    assert held.source_fields == {"Größe": "„640“"}
    assert held.geometry.normalize().equals_exact(an_outline().normalize(), 1e-7)
    assert held.created_at == now
    assert held.plot_area_measured
    assert 1000 < (held.plot_area_m2 or 0) < 1500


def test_nothing_of_a_failed_use_case_stays(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    before = current_seq(con)
    con.rollback()

    def fail() -> None:
        with writing(con):
            spaces.set_district(con, ref, "AR-0001")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert spaces.get(con, ref).district_ref is None
    assert current_seq(con) == before


def test_of_rival_moves_one_wins_and_the_others_are_told(address: str, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    rivals = [child("offer", address, ref) for _ in range(6)]
    for rival in rivals:
        assert rival.stdin is not None
        rival.stdin.write("go\n")
        rival.stdin.flush()
    said = sorted(rival.communicate(timeout=60)[0].strip() for rival in rivals)
    assert said == ["done"] + ["space.wrong_state"] * 5
    con.rollback()
    assert spaces.get(con, ref).status == "offered"


def test_a_use_case_refuses_a_connection_in_the_middle_of_something(con: Connection, now: datetime) -> None:
    current_seq(con)
    with pytest.raises(RuntimeError):
        add_space(con, SYSTEM, a_space(), now)


def test_readers_do_not_wait_for_a_writer(register: Register, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    with writing(con), register.connect() as other:
        spaces.set_district(con, ref, "AR-0009")
        assert spaces.get(other, ref).district_ref is None


def test_a_waiting_writer_gets_a_sentence(file_register: Register, now: datetime) -> None:
    with file_register.connect() as con, file_register.connect() as other:
        con.exec_driver_sql("PRAGMA busy_timeout = 50")
        con.rollback()
        with writing(other), pytest.raises(Unusable) as told:
            add_space(con, SYSTEM, a_space(), now)
    assert told.value.message == "register.locked"


def test_the_lock_survives_a_backup_in_the_same_process(file_register: Register, tmp_path: Path) -> None:
    with file_register.connect() as con, file_register.connect() as other, writing(con):
        assert child("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "refused"
        copying.snapshot(other, tmp_path / "snapshot.gpkg")
        assert child("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "refused"
    assert child("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "got it"


@pytest.mark.parametrize("verb", ["INSERT INTO {0} DEFAULT VALUES", "UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_no_other_program_can_edit_any_table(file_register: Register, verb: str) -> None:
    stranger = sqlite3.connect(str(file_register.path))
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # as GDAL and QGIS have them
        stranger.create_function(name, 1, lambda _: 0)
    for table in metadata.sorted_tables:
        with pytest.raises(sqlite3.OperationalError, match="edit_this_register_with_tempuse"):
            stranger.execute(verb.format(table.name, list(table.c)[-1].name))
    stranger.close()


@pytest.mark.skipif(OGR is None, reason="GDAL's programs are not installed")
def test_gdal_reads_the_live_file_while_we_write_and_its_edits_fail_with_a_sentence(
    file_register: Register, now: datetime
) -> None:
    path = str(file_register.path)
    with file_register.connect() as con:
        ref = add_space(con, SYSTEM, a_space(), now)
        with writing(con):
            spaces.set_district(con, ref, "AR-0001")
            read = subprocess.run([str(OGR), "-ro", "-al", path, "spaces"], capture_output=True, text=True, check=True)
        assert "Feature Count: 1" in read.stdout
        assert "POINT (3.72 51.05)" in read.stdout
        edit = subprocess.run(
            [str(OGR), path, "-sql", "UPDATE spaces SET name = 'x'"], capture_output=True, text=True, check=False
        )
        assert "edit_this_register_with_tempuse" in edit.stderr
        assert spaces.get(con, ref).name == "Fish auction hall"


def test_the_file_says_that_it_is_a_geopackage(file_register: Register) -> None:
    stranger = sqlite3.connect(str(file_register.path))
    assert stranger.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
    assert stranger.execute("PRAGMA user_version").fetchone()[0] == 10300
    known = dict(stranger.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert known == {t.name: "features" if t.name in GEOMETRY_TABLES else "attributes" for t in metadata.sorted_tables}
    types = {row[2] for t in metadata.sorted_tables for row in stranger.execute(f'PRAGMA table_info("{t.name}")')}
    assert types <= {"TEXT", "INTEGER", "DOUBLE", "BOOLEAN", "DATE", "DATETIME", "GEOMETRY"}
    stranger.close()


def test_a_box_finds_what_moved_into_it(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    add_space(con, SYSTEM, a_space(geometry=None), now)
    edit_space(con, SYSTEM, ref, {"geometry": a_place(1.0, 1.0)}, now)
    assert spaces.names_in(con, Box(3.7, 51.0, 3.8, 51.1)) == []
    assert [row[0] for row in spaces.names_in(con, Box(4.7, 52.0, 4.8, 52.1))] == [ref]


def test_a_space_knows_its_district_also_when_districts_come_later(con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    assert spaces.get(con, ref).district_ref == "AR-0001"
    con.rollback()
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district("Elsewhere", west=10.0)], now)
    assert spaces.get(con, ref).district_ref is None


def test_a_snapshot_reads_one_moment(register: Register, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    with register.connect() as other, reading(other):
        assert spaces.get(other, ref).status == "verified"
        move_space(con, SYSTEM, ref, "offer", now)
        assert spaces.get(other, ref).status == "verified"


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


def test_somebody_elses_geopackage_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.gpkg"
    stranger = sqlite3.connect(path)
    stranger.execute("CREATE TABLE roads (id INTEGER PRIMARY KEY)")
    stranger.commit()
    stranger.close()
    register = open_register(str(path))
    with pytest.raises(Unusable) as told, register.connect():
        pass
    register.close()
    assert told.value.message == "register.not_ours"


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


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may write to everything")
def test_a_read_only_register_is_said_and_nothing_is_written(file_register: Register, now: datetime) -> None:
    with file_register.connect() as con:
        con.exec_driver_sql("PRAGMA query_only = ON")
        con.rollback()
        with pytest.raises(Unusable) as told:
            add_space(con, SYSTEM, a_space(), now)
        con.exec_driver_sql("PRAGMA query_only = OFF")
        assert spaces.count(con, spaces.SpaceFilter()) == 0
        con.rollback()
    assert told.value.message == "register.read_only"


def test_a_full_disk_is_said_and_nothing_stays(file_register: Register, now: datetime) -> None:
    with file_register.connect() as con:
        pages = con.exec_driver_sql("PRAGMA page_count").scalar() or 0
        con.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        con.rollback()
        with pytest.raises(Unusable) as told:
            add_space(con, SYSTEM, a_space(description="x" * 100_000), now)
        assert told.value.message == "register.disk_full"
        assert spaces.count(con, spaces.SpaceFilter()) == 0


@pytest.mark.parametrize(("kind", "refused"), [("ext4", False), ("nfs4", True), ("cifs", True), ("fuse.sshfs", True)])
def test_a_network_share_is_refused(tmp_path: Path, kind: str, refused: bool) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/share {tmp_path} {kind} rw 0 0\n"
    assert filesystem_of(tmp_path / "register.gpkg", mounts) == kind
    if refused:
        with pytest.raises(Unusable) as told:
            check_local(tmp_path / "register.gpkg", mounts)
        assert told.value.message == "register.network_share"
    else:
        check_local(tmp_path / "register.gpkg", mounts)


def test_a_server_that_is_down_is_said() -> None:
    register = open_register("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unusable) as told, register.connect():
        pass
    register.close()
    assert told.value.message == "register.server_down"
