"""The two engines: what goes in comes out, nothing half, and what other programs see of the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tempuse.access import SYSTEM
from tempuse.geometry import Box
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import copying, spaces
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.tables import GEOMETRY_TABLES, metadata
from tempuse.vocabulary import AreaKind
from tests import store_child
from tests.builders import a_district, a_place, a_space, an_outline

ROOT = Path(__file__).resolve().parents[2]
OGR = shutil.which("ogrinfo")


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


def test_the_lock_survives_a_backup_in_the_same_process(file_register: Register, tmp_path: Path) -> None:
    with file_register.connect() as con, file_register.connect() as other, writing(con):
        assert store_child.start("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "refused"
        copying.snapshot(other, tmp_path / "snapshot.gpkg")
        assert store_child.start("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "refused"
    assert store_child.start("lock", str(file_register.path)).communicate(timeout=30)[0].strip() == "got it"


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
        command = [str(OGR), path, "-sql", "UPDATE spaces SET name = 'x'"]
        # Within this process GDAL is kept from talking.
        loud = {name: value for name, value in os.environ.items() if name != "CPL_LOG"}
        edit = subprocess.run(command, capture_output=True, text=True, check=False, env=loud)
        assert "edit_this_register_with_tempuse" in edit.stderr
        assert spaces.get(con, ref).name == "Fish auction hall"


def test_the_file_says_that_it_is_a_geopackage(file_register: Register) -> None:
    stranger = sqlite3.connect(str(file_register.path))
    assert stranger.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
    assert stranger.execute("PRAGMA user_version").fetchone()[0] == 10300
    known = dict(stranger.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert known == {t.name: "features" if t.name in GEOMETRY_TABLES else "attributes" for t in metadata.sorted_tables}
    types = {row[2] for t in metadata.sorted_tables for row in stranger.execute(f'PRAGMA table_info("{t.name}")')}
    assert types <= {"TEXT", "INTEGER", "DOUBLE", "BOOLEAN", "DATE", "DATETIME", "GEOMETRY", "BLOB"}
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
