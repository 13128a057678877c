"""The register's file is the one that was opened, and its home the one that it belongs to."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.errors import Conflict, Unusable
from tempuse.registry import setup
from tempuse.registry.care import backups
from tempuse.registry.spaces import add_space, move_space
from tempuse.store.engine import Register, filesystems, identity, is_url, open_register
from tests.builders import a_space
from web import create_app

SIDES = ("-wal", "-shm")


@pytest.fixture
def opened(tmp_path: Path, now: datetime) -> Register:
    """A register in a file, with one space, open and in use."""
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        add_space(con, SYSTEM, a_space(), now)
    return register


def test_a_new_file_waits_for_who_else_begins_in_it(tmp_path: Path) -> None:
    path = tmp_path / "register.gpkg"
    other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, other.rollback).start()
    with open_register(str(path), create=True).connect_unchecked() as con:
        assert con.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        other.close()
        assert side(path, "-wal").exists()  # who opened it holds the log, whoever else goes


def path_of(register: Register) -> Path:
    assert register.path is not None
    return register.path


def side(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def move_file(path: Path) -> None:
    path.rename(path.with_name("kept.gpkg"))


def move_all(path: Path) -> None:
    for end in ("", *SIDES):
        side(path, end).rename(side(path.with_name("kept.gpkg"), end))


def delete(path: Path) -> None:
    for end in ("", *SIDES):
        side(path, end).unlink()


def replace(path: Path) -> None:
    shutil.copy(path, path.with_name("copy.gpkg"))
    path.with_name("copy.gpkg").replace(path)


def delete_the_log(path: Path) -> None:
    side(path, "-wal").unlink()


def replace_the_log(path: Path) -> None:
    shutil.copy(side(path, "-wal"), path.with_name("copy"))
    path.with_name("copy").replace(side(path, "-wal"))


DAMAGES = (move_file, move_all, delete, replace, delete_the_log, replace_the_log)


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_is_written_to_a_file_that_is_not_there_any_more(
    opened: Register, now: datetime, damage: Callable[[Path], None]
) -> None:
    with opened.connect() as con:
        damage(path_of(opened))
        with pytest.raises(Unusable) as told:
            move_space(con, SYSTEM, "SP-0001", "withhold", now)
        assert told.value.message == "register.moved"
    with pytest.raises(Unusable) as told, opened.connect():
        pass
    assert told.value.message == "register.moved"


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_server_says_that_its_register_is_gone(
    opened: Register, now: datetime, damage: Callable[[Path], None]
) -> None:
    client = create_app(opened, {"TESTING": True}, clock=lambda: now).test_client()
    assert client.get("/health").status_code == 200
    assert client.get("/spaces/SP-0001").status_code == 200
    damage(path_of(opened))
    assert client.get("/health").status_code == 503
    assert client.get("/spaces/SP-0001").status_code == 503  # it may be withheld by now
    assert client.get("/spaces.geojson").status_code == 503


def test_a_server_goes_on_when_the_same_register_is_back(opened: Register, now: datetime) -> None:
    path = path_of(opened)
    client = create_app(opened, {"TESTING": True}, clock=lambda: now).test_client()
    assert client.get("/health").status_code == 200
    move_all(path)
    assert client.get("/health").status_code == 503
    assert not path.exists()  # nor is an empty one made in its place
    for end in ("", *SIDES):
        side(path.with_name("kept.gpkg"), end).rename(side(path, end))
    assert client.get("/health").status_code == 200
    with opened.connect() as con:
        move_space(con, SYSTEM, "SP-0001", "withhold", now)
    assert client.get("/spaces/SP-0001").status_code == 404


def test_no_register_is_made_over_what_another_has_left(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_MAKING_SECONDS", 0.2)
    path = tmp_path / "register.gpkg"
    for end in (*SIDES, "-journal"):
        side(path, end).write_bytes(b"changes of another register")
        for content in (None, b""):
            if content is not None:
                path.write_bytes(content)
            register = open_register(str(path), create=True)
            with pytest.raises(Conflict) as told, register.connect() as con:
                setup.create_register(con, SYSTEM, now)
            assert told.value.message == "restore.side_file"
            register.close()
            assert side(path, end).read_bytes() == b"changes of another register"
            assert path.exists() == (content is not None)
            path.unlink(missing_ok=True)
        side(path, end).unlink()


def test_a_register_that_is_brought_back_beside_a_server_is_another(
    opened: Register, tmp_path: Path, now: datetime
) -> None:
    backups.backup(opened, tmp_path / "backup.zip", now)
    client = create_app(opened, {"TESTING": True}, clock=lambda: now).test_client()
    assert client.get("/health").status_code == 200
    delete(path_of(opened))
    other = open_register(str(path_of(opened)), tmp_path / "other-home", create=True)
    backups.restore(other, tmp_path / "backup.zip", now)
    assert client.get("/health").status_code == 503
    with other.connect() as con:
        move_space(con, SYSTEM, "SP-0001", "withhold", now)
    assert client.get("/spaces/SP-0001").status_code == 503
    other.close()


# ---- the home -------------------------------------------------------------------------------------------


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line on each engine; ``run("stats", home="other")`` names a home, none by itself."""
    monkeypatch.setenv("COLUMNS", "400")

    def call(*arguments: Any, home: str | None = None, at: str = "") -> Result:
        place = {"TEMPUSE_HOME": str(tmp_path / home) if home else None}
        return CliRunner().invoke(main, ["--register", at or address, *map(str, arguments)], env=place)

    return call


def test_a_file_has_one_home_by_whatever_link_it_is_named(tmp_path: Path, run: Any) -> None:
    path, link = tmp_path / "real" / "register.gpkg", tmp_path / "current.gpkg"
    path.parent.mkdir()
    assert run("create", at=str(path)).exit_code == 0
    assert run("user", "add", "Ada", "ada@example.org", at=str(path)).exit_code == 0
    link.symlink_to(path)
    assert open_register(str(link)).home == open_register(str(path)).home == path.with_name("register.gpkg.home")
    said = run("user", "list", at=str(link))
    assert (said.exit_code, "ada@example.org" in said.output) == (0, True)
    assert not link.with_name("current.gpkg.home").exists()


def test_a_home_that_was_made_beside_a_link_is_not_forgotten(tmp_path: Path, now: datetime) -> None:
    path, link = tmp_path / "register.gpkg", tmp_path / "current.gpkg"
    path.write_bytes(b"")
    link.symlink_to(path)
    (tmp_path / "current.gpkg.home").mkdir()
    with pytest.raises(Unusable) as told:
        open_register(str(link))
    assert told.value.message == "home.by_link"
    (tmp_path / "current.gpkg.home").rename(tmp_path / "register.gpkg.home")
    assert open_register(str(link)).home == tmp_path / "register.gpkg.home"


def test_a_database_has_no_home_that_nobody_named(
    run: Any, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("create").exit_code == 0
    assert run("stats").exit_code == 0
    for arguments in (("user", "add", "Ada", "ada@example.org"), ("backup", tmp_path / "b.zip"), ("serve",)):
        if is_url(address):
            said = run(*arguments)
            assert (said.exit_code, "TEMPUSE_HOME" in said.output) == (6, True), arguments
    assert not (tmp_path / "tempuse.home").exists()


def test_another_home_is_refused_until_somebody_says_that_it_is_right(run: Any, tmp_path: Path) -> None:
    assert run("create", home="home").exit_code == 0
    assert run("user", "add", "Ada", "ada@example.org", home="home").exit_code == 0
    for arguments in (
        ("user", "list"), ("user", "add", "Bo", "bo@example.org"), ("backup", tmp_path / "b.zip"), ("serve",),
        ("worker",),
    ):  # fmt: skip
        said = run(*arguments, home="other")
        assert (said.exit_code, "doctor --adopt-home" in said.output) == (6, True), said.output
    assert not (tmp_path / "other" / "secret.key").exists()
    assert not (tmp_path / "b.zip").exists()
    doctor = run("doctor", home="other")
    assert (doctor.exit_code, "is not the home of the register" in doctor.output) == (1, True)
    assert run("doctor", "--adopt-home", home="other").exit_code == 0
    assert run("user", "list", home="other").exit_code == 0
    assert run("user", "list", home="home").exit_code == 6


def test_a_home_goes_along_with_the_backup(run: Any, tmp_path: Path, address: str) -> None:
    assert run("create", home="home").exit_code == 0
    assert run("user", "add", "Ada", "ada@example.org", home="home").exit_code == 0
    assert run("backup", tmp_path / "b.zip", home="home").exit_code == 0
    elsewhere = str(tmp_path / "elsewhere.gpkg")
    assert run("restore", tmp_path / "b.zip", at=elsewhere).exit_code == 0
    said = run("user", "list", at=elsewhere)
    assert (said.exit_code, "ada@example.org" in said.output) == (0, True), said.output
    # The folder may be moved and named otherwise: it is known by what lies in it.
    (tmp_path / "home").rename(tmp_path / "moved")
    assert run("user", "list", home="moved").exit_code == 0
    assert run("user", "list", home="home").exit_code == 6


@pytest.mark.parametrize("place", ["/sys", "/proc"])
def test_a_home_lies_on_a_disk_of_this_machine(address: str, place: str) -> None:
    kind = filesystems.filesystem_of(Path(place))
    mounts = f"{kind} {place} {kind} rw 0 0"
    assert filesystems.filesystem_of(Path(place) / "home", mounts) == kind
    with pytest.raises(Unusable) as told:
        open_register(address, Path(place) / "home", create=True)
    assert told.value.message == "register.network_share"
