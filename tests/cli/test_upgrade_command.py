"""``tempuse upgrade``, and what every other command says of a register that is not of its version, or not whole."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tempuse.cli.main import main
from tempuse.store import schema
from tempuse.store.engine import Register, open_register, writing
from tests import kept
from tests.io import lists

COMMANDS = (
    ("areas", "areas.geojson", "--kind", "district"), ("backup", "new.zip"), ("check",), ("check", "--mend"),
    ("export", "out.csv"), ("import", "list.csv"), ("serve",), ("settings",), ("settings", "municipality", "Here"),
    ("stats",), ("stats", "--districts"), ("user", "add", "Ada", "a@example.org"), ("user", "list"),
    ("withhold", "SP-0001", "--yes"), ("worker",), ("doctor",), ("doctor", "--adopt-home"),
)  # fmt: skip


@pytest.fixture
def old(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """The kept register, on each engine, with a list beside it."""
    monkeypatch.chdir(tmp_path)
    lists.write_csv(tmp_path / "list.csv", lists.table())
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    opened = kept.put(address, tmp_path / "home", "0001")
    yield opened
    opened.close()


@pytest.fixture
def run(address: str, tmp_path: Path) -> Callable[..., Result]:
    """The command line at this register and its home."""

    def call(*arguments: Any, at: str = "", home: str = "home") -> Result:
        place = {"TEMPUSE_HOME": str(tmp_path / home), "COLUMNS": "400"}
        return CliRunner().invoke(main, ["--register", at or address, *map(str, arguments)], env=place)

    return call


def backups_of(register: Register) -> list[Path]:
    return sorted((register.home / "backups").glob("*"))


def test_an_upgrade_backs_up_first_and_says_what_it_did(old: Register, run: Callable[..., Result]) -> None:
    said = run("upgrade")
    assert (said.exit_code, "Upgraded: 0002, " in said.output) == (0, True), said.output
    (archive,) = backups_of(old)
    with zipfile.ZipFile(archive) as content:
        assert json.loads(content.read("tempuse.json"))["version"] == "0001"
        assert {"register.gpkg", "accounts.sqlite", "home/secret.key"} <= set(content.namelist())
    assert run("check").exit_code == 0
    again = run("upgrade")
    assert (again.exit_code, "of this version already" in again.output) == (0, True)
    assert backups_of(old) == [archive]
    # And the archive that was made first comes back, and up.
    other = str(Path("back.gpkg").absolute())
    assert run("restore", archive, at=other, home="back").exit_code == 0
    assert run("check", at=other, home="back").exit_code == 0
    assert "ada@example.org" in run("user", "list", at=other, home="back").output


def test_every_command_says_that_an_old_register_is_old(old: Register, run: Callable[..., Result]) -> None:
    for command in COMMANDS:
        said = run(*command)
        assert said.exit_code in (1, 6), (command, said.output)
        assert "Bring it up with “tempuse upgrade”" in said.output, (command, said.output)
        assert said.exception is None or isinstance(said.exception, SystemExit), command
    with old.connect_unchecked() as con:
        assert schema.version_of(con) == "0001"
        con.rollback()


def test_every_command_says_that_a_newer_register_is_newer(old: Register, run: Callable[..., Result]) -> None:
    with old.connect_unchecked() as con, writing(con):
        con.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    for command in (*COMMANDS, ("upgrade",)):
        said = run(*command)
        assert said.exit_code in (1, 6), (command, said.output)
        assert "Install the newer tempuse" in said.output, (command, said.output)
    assert backups_of(old) == []
    assert not Path("new.zip").exists()


def test_an_archive_of_a_newer_program_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(kept.archive_of("0001")) as content, zipfile.ZipFile(newer, "w") as out:
        for name in content.namelist():
            held = content.read(name)
            out.writestr(name, held.replace(b'"0001"', b'"0099"') if name == "tempuse.json" else held)
    said = run("restore", newer)
    assert (said.exit_code, "made by a newer tempuse" in said.output) == (6, True), said.output


@pytest.mark.parametrize("damage", ["DROP TABLE periods", "ALTER TABLE events RENAME COLUMN status TO stand"])
def test_every_command_says_that_a_table_or_a_column_is_missing(
    old: Register, run: Callable[..., Result], damage: str
) -> None:
    assert run("upgrade").exit_code == 0
    with old.connect_unchecked() as con, writing(con):
        con.exec_driver_sql(damage)
    for command in COMMANDS:
        said = run(*command)
        assert said.exit_code in (1, 6), (command, said.output)
        assert isinstance(said.exception, SystemExit), (command, said.exception)
        if command[0] != "check":
            assert "is damaged" in said.output, (command, said.output)
    assert "The register lacks the" in run("check").output


def test_a_command_on_no_register_makes_none(run: Callable[..., Result], address: str) -> None:
    assert run("upgrade").exit_code == 3
    register = open_register(address, create=True)
    with register.connect_unchecked() as con:
        assert schema.version_of(con) is None
        con.rollback()
    register.close()
