"""Who gets what in a file, what an export never overwrites, and that the register's lock outlives it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse import exports
from tempuse.access import SYSTEM
from tempuse.cli import main
from tempuse.errors import Invalid, NotFound
from tempuse.io import write
from tempuse.io.write import columns
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.spaces import Period
from tempuse.store.engine import Connection, Register, open_register
from tempuse.store.engine.recognise import is_register
from tempuse.vocabulary import AreaKind, Audience
from tests.builders import a_district, a_space, several_spaces

Run = Callable[..., Result]


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A register with a space of each sort, in a district."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    for space in several_spaces():
        add_space(con, SYSTEM, space, now, past=[Period(starts_on=date(2020, 1, 1), title="Fair")])
    return con


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on the register."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    env = {"TEMPUSE_HOME": str(tmp_path / "home"), "TEMPUSE_REGISTER": address}
    return lambda *words: runner.invoke(main, ["export", *map(str, words)], env=env)


def features(con: Connection, audience: Audience, **wanted: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    batches = exports.space_texts(con, audience, exports.Selection(**wanted))
    found = [json.loads(text) for batch in batches for text in batch]
    con.rollback()
    return {each["id"]: each for each in found}


def test_the_public_gets_what_is_published_and_nothing_that_tells_where_a_hidden_place_is(filled: Connection) -> None:
    found = features(filled, Audience.PUBLIC)
    assert list(found["SP-0007"]["properties"]) == ["ref", "status", "retired_on"]
    assert {"SP-0006", "SP-0008"}.isdisjoint(found)
    said = json.dumps(list(found.values()))
    for secret in ("secret-", "withheld-name", "objected-name", "note-for-the-office", "why-it-ended", "3.7323456"):
        assert secret not in said
    assert found["SP-0005"]["geometry"]["type"] == "Polygon"
    assert found["SP-0004"]["geometry"] is None


def test_partners_get_exact_places_without_the_owner_and_the_offices_notes(filled: Connection) -> None:
    found = features(filled, Audience.PARTNER)
    assert sorted(found) == ["SP-0001", "SP-0002", "SP-0003", "SP-0004", "SP-0005"]
    assert found["SP-0005"]["properties"]["address"] == "secret-address"
    assert found["SP-0005"]["geometry"]["coordinates"] == [3.7323456, 51.0565432]
    said = json.dumps(list(found.values()))
    for secret in ("secret-owner", "note-for-the-office", "owner@office.example", "Alter Wert", "created_at"):
        assert secret not in said


def test_the_office_gets_every_field_of_every_space(filled: Connection) -> None:
    found = features(filled, Audience.OFFICE)
    assert len(found) == 8
    first = found["SP-0001"]["properties"]
    assert first["internal_note"] == "note-for-the-office"
    assert first["source_fields"] == {"Alter Wert": "ß"}
    assert first["history"][0]["title"] == "Fair"
    assert first["district"] == "Old Docks"
    assert first["created_at"] == "2026-11-23T08:30:00+00:00"
    assert found["SP-0007"]["properties"]["retired_why"] == "why-it-ended"


@pytest.mark.parametrize("audience", list(Audience))
def test_a_filter_keeps_what_fits_it_for_each_audience(audience: Audience, filled: Connection) -> None:
    plots = features(filled, audience, kind=("plot",))
    assert sorted(plots) == ["SP-0002", "SP-0003"]
    both = features(filled, audience, kind=("plot", "unit"), status=("offered",))
    assert sorted(both) == ["SP-0002", "SP-0003", "SP-0004"]
    assert sorted(features(filled, audience, source=("my list",))) == ["SP-0001"]
    district = exports.check_wanted(filled, {"district_ref": ["old docks"]})
    assert district.district_ref == ("AR-0001",)
    assert "SP-0001" in features(filled, audience, district_ref=district.district_ref)
    assert "SP-0004" not in features(filled, audience, district_ref=district.district_ref)


def test_the_publics_filter_cannot_ask_for_what_the_public_does_not_see(filled: Connection, now: datetime) -> None:
    hidden = a_space(ownership="company", consent="given", source="secret source", name="x")
    ref = add_space(filled, SYSTEM, hidden, now)
    assert features(filled, Audience.PUBLIC, source=("secret source",)) == {}
    assert list(features(filled, Audience.OFFICE, source=("secret source",))) == [ref]


def test_a_filter_that_nobody_understands_is_said(filled: Connection) -> None:
    with pytest.raises(Invalid) as wrong:
        exports.check_wanted(filled, {"kind": ["castle"]})
    assert wrong.value.values["choices"] == "building, unit, plot"
    with pytest.raises(NotFound) as none:
        exports.check_wanted(filled, {"district_ref": ["Atlantis"]})
    assert (none.value.message, none.value.values["districts"]) == ("export.no_such_district", "Old Docks")


def test_without_districts_it_says_that_there_are_none(con: Connection) -> None:
    with pytest.raises(NotFound) as none:
        exports.check_wanted(con, {"district_ref": ["Atlantis"]})
    assert none.value.message == "export.no_districts"


# ---- the register itself -----------------------------------------------------------------------------------


def test_an_export_never_overwrites_a_register(register: Register, tmp_path: Path, now: datetime) -> None:
    other = open_register(str(tmp_path / "other.gpkg"), create=True)
    with other.connect() as con:
        setup.create_register(con, SYSTEM, now)
        refused = [tmp_path / "other.gpkg"]
        if register.path:
            (tmp_path / "link.gpkg").symlink_to(register.path)
            os.link(register.path, tmp_path / "twin.gpkg")
            beside = [register.path.with_name(register.path.name + end) for end in ("-wal", "-shm", "-journal")]
            refused += [register.path, tmp_path / "link.gpkg", tmp_path / "twin.gpkg", *beside]
        for path in refused:
            with pytest.raises(Invalid) as wrong:
                exports.check_target(register, path)
            assert wrong.value.message == "export.is_register"
    other.close()
    for name in ("new.gpkg", "old.gpkg", "plain.csv", "empty.gpkg"):
        path = tmp_path / name
        if name == "old.gpkg":
            with sqlite3.connect(path) as made:
                made.execute("CREATE TABLE spaces (ref TEXT)")
            made.close()
        elif name == "plain.csv":
            path.write_text("ref,name\n")
        elif name == "empty.gpkg":
            path.touch()
        exports.check_target(register, path)


def test_a_backup_of_a_register_is_known_as_one(register: Register, tmp_path: Path) -> None:
    if register.path is None:
        assert not is_register(tmp_path / "missing.gpkg")
        return
    with sqlite3.connect(register.path) as live, sqlite3.connect(tmp_path / "copy.gpkg") as copy:
        live.backup(copy)
    live.close()
    copy.close()
    assert is_register(tmp_path / "copy.gpkg")
    shutil.copyfile(tmp_path / "copy.gpkg", tmp_path / "renamed.csv")
    assert is_register(tmp_path / "renamed.csv")


LOCK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
import pyogrio
from tempuse import exports
from tempuse.access import SYSTEM
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store.common import put_setting
from tempuse.store.engine import open_register, reading, writing
from tempuse.vocabulary import Audience
from tests.builders import several_spaces

RIVAL = '''
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    con.execute("BEGIN IMMEDIATE")
    print("got the lock")
except sqlite3.OperationalError as error:
    print(error)
'''
folder = Path(sys.argv[1])
register = open_register(str(folder / "register.gpkg"), create=True)
now = datetime.now(UTC)

def rival():
    return run([sys.executable, "-c", RIVAL, register.path], capture_output=True, text=True, check=True).stdout.strip()

with register.connect() as mine, register.connect() as other:
    setup.create_register(mine, SYSTEM, now)
    for space in several_spaces():
        add_space(mine, SYSTEM, space, now)
    with writing(mine):
        put_setting(mine, "municipality", "not yet")
        print("before:", rival())
        for name in write.FORMATS:
            for audience in Audience:
                exports.check_target(register, folder / f"public.{name}")
                with reading(other):
                    texts = exports.space_texts(other, audience, exports.Selection())
                    content = write.Content(texts, space_columns(audience))
                    write.write_file(folder / f"public.{name}", write.FORMATS[name], content)
        try:
            exports.check_target(register, register.path)
        except Exception as error:
            print("refused:", error.message)
        print("after:", rival())
        if "--and-gdal" in sys.argv:
            pyogrio.read_info(register.path)
            print("after GDAL has opened the register:", rival())
"""


def test_the_registers_write_lock_outlives_every_export_in_the_same_process(tmp_path: Path) -> None:
    """Ruling 2. The last line shows that the test would notice: GDAL on the live file loses the lock."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(LOCK), tmp_path, "--and-gdal"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "before: database is locked",
        "refused: export.is_register",
        "after: database is locked",
        "after GDAL has opened the register: got the lock",
    ], done.stderr


# ---- the command -------------------------------------------------------------------------------------------


def test_the_command_writes_by_suffix_and_says_so(filled: Connection, run: Run, tmp_path: Path) -> None:
    done = run("public.gpkg", "--crs", "31370")
    assert (done.exit_code, done.stderr) == (0, "Wrote 6 spaces to public.gpkg.\n")
    done = run("plots.geojson", "--kind", "plot", "--audience", "office")
    assert done.stderr == "Wrote 2 spaces to plots.geojson.\n"
    done = run("city.shp")
    assert done.stderr == "Wrote 6 spaces to city_points.shp, city_polygons.shp.\n"
    done = run("districts.geojson", "--areas", "district", "--json")
    assert json.loads(done.stdout) == {
        "files": ["districts.geojson"],
        "format": "geojson",
        "crs": "EPSG:4326",
        "areas": 1,
    }
    assert run("x", "--format", "csv").exit_code == 0
    assert (tmp_path / "x").read_bytes().startswith(b"\xef\xbb\xbfref,")
    assert run("public.gpkg").exit_code == 0, "a scheduled export replaces yesterday's file"


def test_the_command_says_it_in_the_first_language_of_the_city(
    filled: Connection, run: Run, now: datetime, tmp_path: Path
) -> None:
    chosen = {"licence": "CC BY 4.0", "municipality": "Gent", "languages": "nl en"}
    setup.change_settings(filled, SYSTEM, chosen, now)
    result = run(tmp_path / "a.geojson")
    assert result.exit_code == 0, result.output
    held = json.loads((tmp_path / "a.geojson").read_bytes())
    assert (held["licence"], held["publisher"]) == ("CC BY 4.0", "Gent")
    assert held["description"].startswith("Gent, stand van ")
    run(tmp_path / "office.geojson", "--audience", "office")
    assert "licence" not in json.loads((tmp_path / "office.geojson").read_bytes())


def test_the_command_ends_with_one_sentence_and_a_code(filled: Connection, run: Run, tmp_path: Path) -> None:
    for words, code, sentence in (
        (["a.pdf"], 5, "a.pdf does not say which format it shall have. End the name with one of: .geojson, .gpkg"),
        (["no/a.csv"], 3, "There is no folder"),
        (["a.kml", "--crs", "31370"], 5, "A kml file is always in longitude and latitude; it cannot be in 31370."),
        (["a.gpkg", "--crs", "moon"], 5, "“moon” is not a coordinate reference system that we know."),
        (["a.gpkg", "--district", "Atlantis"], 3, "There is no district “Atlantis”. There are: Old Docks."),
        ([str(tmp_path)], 5, f"{tmp_path} is a folder."),
    ):
        done = run(*words)
        assert done.exit_code == code
        assert done.stderr.startswith(sentence)
        assert done.stderr.count("\n") == 1
    assert run().exit_code == 2
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(("a.", "."))]


def test_the_command_refuses_the_register(register: Register, filled: Connection, run: Run) -> None:
    if register.path is None:
        pytest.skip("PostgreSQL has no file")
    done = run(register.path)
    assert done.exit_code == 5
    assert "is a register. An export never overwrites a register" in done.stderr
    assert is_register(register.path)


def test_the_columns_can_be_looked_up(run: Run) -> None:
    shown = json.loads(run("--columns", "--json").stdout)
    assert {"column": "floor_area_m2", "type": "number", "short": "floor_m2"} in shown
    assert [each["column"] for each in shown] == [each.name for each in columns.space_columns(Audience.PUBLIC)]
    assert "internal_note" in run("--columns", "--audience", "office").stdout


def test_a_link_to_the_register_is_not_followed_by_the_writer(register: Register, filled: Connection, run: Run) -> None:
    if register.path is None:
        pytest.skip("PostgreSQL has no file")
    link = register.path.with_name("public.gpkg")
    link.symlink_to(register.path)
    assert run(link).exit_code == 5
    assert is_register(register.path)


def test_every_format_is_offered_by_name() -> None:
    assert list(write.FORMATS) == ["geojson", "gpkg", "fgb", "shp.zip", "shp", "kml", "kmz", "csv", "xlsx", "ods"]
    for name, form in write.FORMATS.items():
        assert write.format_for(Path(f"A B.{form.suffixes[0][1:].upper()}")).name == name
