"""A check sees every planted damage, ends with all it has to say, and mends what it claims to mend."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from tempuse.access import PUBLIC, SYSTEM
from tempuse.cli.main import main
from tempuse.errors import Damaged, Unusable
from tempuse.imports import Import
from tempuse.people import Person
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking, mending
from tempuse.registry.people import add_person
from tempuse.registry.reports import judge_report, send_report
from tempuse.registry.spaces import add_space, move_space
from tempuse.reports import Report
from tempuse.spaces import Period
from tempuse.store import gpkg, imports
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, open_register, writing
from tempuse.vocabulary import AreaKind
from tests import postgres
from tests.attacks.planted import ALL, Planted
from tests.builders import a_district, a_place, a_space, an_outline
from tests.conftest import NOW
from tests.missing import missing

BOTH = [each for each in ALL if not each.file_only]


def fill(con: Connection, now: datetime) -> None:
    """A small register with something of everything; nobody works in it any more."""
    setup.create_register(con, SYSTEM, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    past = [Period(starts_on=date(2024, 5, 1), ends_on=date(2024, 9, 30), title="Night market")]
    add_space(con, SYSTEM, a_space(geometry=an_outline(), suitable_uses=("event",)), now, past=past)
    add_space(con, SYSTEM, a_space(location_level="cell", geometry=a_place(0.001)), now)
    add_space(con, SYSTEM, a_space(geometry=an_outline(0.002)), now)
    move_space(con, SYSTEM, "SP-0003", "withhold", now)
    add_space(con, SYSTEM, a_space(status="verified", geometry=None, name="Loft"), now)
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    ilse = Person.with_role("planner", name="Ilse", email="ilse@rivermouth.example")
    add_person(con, SYSTEM, ilse, now, invite=True)
    sent = send_report(con, PUBLIC, Report(address="Kaai 4", geometry=a_place(0.003)), now)
    judge_report(con, SYSTEM, sent.report.ref, "join", now, space_ref="SP-0002")
    with writing(con):
        ref = next_refs(con, "import")[0]
        imports.add(con, Import(ref=ref, at=now, actor="x", source="s", file_name="f", profile="generic",
                                counts={"new": 1}, issues="[]", crosswalk=""))  # fmt: skip
        add_event(con, SYSTEM, now, "import", ref, "import")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled register's file, closed."""
    path = tmp_path_factory.mktemp("whole") / "register.gpkg"
    register = open_register(str(path), create=True)
    with register.connect() as con:
        fill(con, NOW)
        assert checking.check_register(con, NOW) == []
    register.close()
    return path


def plant(path: Path, sql: str) -> None:
    """Damage a file as another program would that knows how to go round our guards."""
    con = sqlite3.connect(path)
    con.create_function(gpkg.GUARD, 0, lambda: None)
    for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY", "ST_IsEmpty"):
        con.create_function(name, 1, lambda _: 0)
    con.executescript(sql)
    con.close()


def messages(con: Connection) -> set[str]:
    con.rollback()
    found = checking.check_register(con, NOW)
    con.rollback()
    assert all("\x00" not in str(each.values) and "Traceback" not in str(each.values) for each in found)
    return {each.message for each in found}


@pytest.mark.parametrize("planted", ALL, ids=lambda each: each.name)
def test_what_is_planted_in_a_file_is_found_and_what_can_be_mended_is(
    planted: Planted, whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "register.gpkg"
    shutil.copyfile(whole, path)
    plant(path, planted.sql)
    register = open_register(str(path), tmp_path / "home")
    with register.connect_unchecked() as con:
        assert planted.message in messages(con)
        if planted.mends:
            assert mending.mend_register(con, SYSTEM, NOW) > 0
            assert messages(con) == set()
            assert mending.mend_register(con, SYSTEM, NOW) == 0
    register.close()
    said = CliRunner().invoke(main, ["--register", str(path), "check", "--mend"])
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception


@pytest.fixture(scope="module")
def whole_database(postgres_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the same register that nobody is connected to, to be copied."""
    if not postgres_url:
        missing("PostgreSQL with PostGIS is not installed")
    with postgres.to_be_copied(postgres_url) as (name, address):
        register = open_register(address, tmp_path_factory.mktemp("whole"), create=True)
        with register.connect() as con:
            fill(con, NOW)
            assert checking.check_register(con, NOW) == []
        register.close()
        yield name


@pytest.mark.parametrize("planted", BOTH, ids=lambda each: each.name)
def test_what_is_planted_in_a_database_is_found_and_what_can_be_mended_is(
    planted: Planted, postgres_url: str, whole_database: str, tmp_path: Path
) -> None:
    with postgres.a_copy(postgres_url, whole_database) as address:
        database, schema = address.split("?schema=")
        with psycopg.connect(database, autocommit=True) as raw:
            raw.execute(f'SET search_path = "{schema}", public'.encode())
            raw.execute(planted.sql.encode())
        register = open_register(address, tmp_path / "home")
        with register.connect_unchecked() as con:
            assert planted.message in messages(con)
            if planted.mends:
                assert mending.mend_register(con, SYSTEM, NOW) > 0
                assert messages(con) == set()
        register.close()


def test_a_thousand_strangers_are_mended_in_one_go(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "register.gpkg"
    shutil.copyfile(whole, path)
    rows = "".join(
        f"INSERT INTO published (key, collection, ref, feature, seq) VALUES ({n}, 'spaces', 'SP-9{n}', '{{}}', 1);"
        for n in range(1, 2501)
    )
    plant(path, f"BEGIN; {rows} COMMIT;")
    register = open_register(str(path), tmp_path / "home")
    with register.connect() as con:
        found = checking.check_register(con, NOW)
        assert len([each for each in found if each.message == "check.published"]) == 100
        assert {"count": 2400, "message": "check.published"} in [each.values for each in found]
        con.rollback()
        assert mending.mend_register(con, SYSTEM, NOW) == 2500
        assert messages(con) == set()
    register.close()


def test_a_setting_that_cannot_be_read_can_be_set_anew(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "register.gpkg"
    shutil.copyfile(whole, path)
    plant(path, "INSERT INTO settings (name, value) VALUES ('public_level', '{')")
    run = CliRunner()
    assert run.invoke(main, ["--register", str(path), "check", "--mend"]).exit_code == 1
    assert run.invoke(main, ["--register", str(path), "settings", "public_level", "cell"]).exit_code == 0
    assert run.invoke(main, ["--register", str(path), "check", "--mend"]).exit_code == 0


@pytest.mark.parametrize("page", [3, 10, 20, 40])
def test_a_file_with_a_page_gone_is_said_to_be_damaged_and_not_written_into(
    whole: Path, tmp_path: Path, page: int
) -> None:
    path = tmp_path / "register.gpkg"
    shutil.copyfile(whole, path)
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    before = path.read_bytes()
    said = CliRunner().invoke(main, ["--register", str(path), "check"])
    assert isinstance(said.exception, SystemExit)
    assert said.exit_code in (1, 6)
    register = open_register(str(path), tmp_path / "home")
    with pytest.raises((Damaged, Unusable)), register.connect_unchecked() as con:
        mending.mend_register(con, SYSTEM, NOW)
    register.close()
    assert path.read_bytes()[4096:] == before[4096:]
