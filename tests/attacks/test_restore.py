"""A restore is one step: whatever kills it, whatever it is given, there is a whole register afterwards or none."""

from __future__ import annotations

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tempuse import files
from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.errors import Conflict, Invalid, TempuseError
from tempuse.registry import setup
from tempuse.registry.care import backups, checking
from tempuse.registry.spaces import add_space
from tempuse.store import accounts
from tempuse.store.engine import Register, open_register
from tests import postgres
from tests.builders import a_place, a_space
from tests.conftest import NOW
from tests.missing import missing
from web import config

pytestmark = pytest.mark.both_engines

# For each line a process that ends itself as kill -9 does, at the n-th time that it makes, renames, removes or opens
# something; it says how it ended. They have in common that the program is read already.
_CHILD = """
import json, os, signal, sys
WATCHED = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "sqlite3.connect"}
def watch(event, args):
    global left
    if event in WATCHED:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
import tempuse.cli.caring
from tempuse.cli.main import main
for line in sys.stdin:
    left, home, *words = json.loads(line)
    begun = os.fork()
    if not begun:
        os.environ["TEMPUSE_HOME"] = home
        os.dup2(2, 1)
        sys.addaudithook(watch)
        main(words)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(begun, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of a small register with a key, an account, an attachment and a letter that waits."""
    folder = tmp_path_factory.mktemp("archive")
    register = open_register(str(folder / "register.gpkg"), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
        for east in range(40):
            add_space(con, SYSTEM, a_space(geometry=a_place(east / 1000)), NOW)
    config.secret_key(register.home)
    held = accounts.Accounts(register)
    held.of_person("PE-0001", NOW)
    held.session.remove()
    name = f"{'ab' * 32}.png"
    for place, content in (("attachments/ab/" + name, b"logo"), ("mail/outbox/1764000000.0.x.json", b"{}")):
        (register.home / place).parent.mkdir(parents=True)
        (register.home / place).write_bytes(content)
    backups.backup(register, folder / "backup.zip", NOW)
    register.close()
    return folder / "backup.zip"


@pytest.fixture(scope="module")
def killed() -> Iterator[Callable[..., int]]:
    """Runs the program until its n-th step, and says how it ended."""
    command = [sys.executable, "-c", _CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def run(after: int, home: Path, *words: str) -> int:
            print(json.dumps([after, str(home), *words]), file=child.stdin, flush=True)
            return int(child.stdout.readline())

        yield run


@pytest.fixture(params=["geopackage", "postgis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where there is no register yet, on each engine."""
    if request.param == "geopackage":
        yield str(tmp_path / "there.gpkg")
        return
    url = request.getfixturevalue("postgres_url")
    if not url:
        missing("PostgreSQL with PostGIS is not installed")
    with postgres.a_schema(url) as place:
        yield place


def is_whole(address: str, home: Path) -> None:
    """All that was in the archive is there, and nothing that a restore works with."""
    register = open_register(address, home)
    with register.connect() as con:
        assert checking.check_register(con, NOW) == []
    held = accounts.Accounts(register)
    assert held.find_user(person_ref="PE-0001") is not None
    held.session.remove()
    register.close()
    assert len(config.secret_key(home)) == 64
    assert [path.read_bytes() for path in home.glob("attachments/ab/*")] == [b"logo"]
    assert [path.name for path in backups.letters_aside(home)] == ["1764000000.0.x.json"]
    assert not list(home.glob("mail/outbox/*"))
    left = {path.name for path in home.iterdir()} - {"secret.key", "home-id", "accounts.sqlite", "attachments", "mail"}
    assert not left
    assert not [path for path in home.parent.iterdir() if path.name.startswith(".")]


def is_there(register: Register) -> bool:
    if register.path is not None:
        return register.path.exists() and register.path.stat().st_size > 0
    return backups._has_register(register)


def restore(address: str, home: Path, archive: Path) -> None:
    register = open_register(address, home, create=True)
    try:
        backups.restore(register, archive, NOW)
    finally:
        register.close()


@pytest.mark.parametrize("after", [2, 6, 11, 15, 19, 22, 25, 28, 31, 34])
def test_a_killed_restore_can_simply_be_done_again(
    place: str, archive: Path, tmp_path: Path, after: int, killed: Callable[..., int]
) -> None:
    home = tmp_path / "home"
    ended = killed(after, home, "--register", place, "restore", str(archive))
    register = open_register(place, home, create=True)
    there = is_there(register)
    register.close()
    if not there:
        assert ended == -signal.SIGKILL
        restore(place, home, archive)
    files.clear_below(home)  # as the worker does
    is_whole(place, home)


def test_what_interrupts_a_restore_leaves_nothing(
    place: str, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    rename: Callable[..., None] = Path.rename
    done = 0

    def interrupted(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == 4:
            raise KeyboardInterrupt
        rename(self, target)
        return target

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        restore(place, home, archive)
    monkeypatch.undo()
    assert not home.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".") or path.suffix == ".gpkg"]
    restore(place, home, archive)
    is_whole(place, home)


def test_a_home_that_cannot_be_made_leaves_no_register(place: str, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TempuseError):
        restore(place, tmp_path / "file" / "home", archive)
    restore(place, tmp_path / "home", archive)
    is_whole(place, tmp_path / "home")


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_what_lies_beside_from_another_register_is_neither_used_nor_removed(
    archive: Path, tmp_path: Path, end: str
) -> None:
    beside = tmp_path / f"there.gpkg{end}"
    beside.write_bytes(b"the last changes of another")
    with pytest.raises(Conflict) as told:
        restore(str(tmp_path / "there.gpkg"), tmp_path / "home", archive)
    assert told.value.message == "restore.side_file"
    assert beside.read_bytes() == b"the last changes of another"
    assert [path.name for path in tmp_path.iterdir()] == [beside.name]


def altered(archive: Path, target: Path, **members: bytes | None) -> Path:
    """The archive with other members: ``None`` leaves one out."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b"null", b"5", b"{}", b'{"version": null, "made_at": "2026-11-23T08:30:00+00:00"}', b"\xff\xfe",
     b'{"version": "0001"}', b'{"version": "0001", "made_at": null}', b'{"version": "0001", "made_at": "soon"}',
     b'{"version": "0001", "made_at": "2026-11-23T08:30:00"}', b'{"version": ["0001"], "made_at": 5}'],
)  # fmt: skip
def test_a_manifest_that_is_none_is_said(archive: Path, tmp_path: Path, manifest: bytes) -> None:
    bad = altered(archive, tmp_path / "bad.zip", **{"tempuse.json": manifest})
    with pytest.raises(Invalid) as told:
        restore(str(tmp_path / "there.gpkg"), tmp_path / "home", bad)
    assert told.value.message == "backup.not_ours"
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]


def _account(sql: str) -> bytes:
    con = sqlite3.connect(":memory:")
    con.executescript(sql)
    return con.serialize()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("accounts.sqlite", b"SQLite format 3\x00 and nothing more"),
        ("accounts.sqlite", b""),
        ("accounts.sqlite", _account("CREATE TABLE accounts (a)")),
        ("accounts.sqlite", _account("CREATE TABLE accounts (person_ref, fs_uniquifier, made_at);"
                                     "INSERT INTO accounts VALUES ('PE-0001', 'u', 'yesterday')")),
        ("register.gpkg", b"SQLite format 3\x00" + bytes(8000)),
        ("register.gpkg", _account("CREATE TABLE spaces (a)")),
    ],
)  # fmt: skip
def test_what_is_damaged_within_is_said_and_nothing_is_put(
    place: str, archive: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    bad = altered(archive, tmp_path / "bad.zip", **{name: content})
    with pytest.raises(TempuseError):
        restore(place, tmp_path / "home", bad)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]
    restore(place, tmp_path / "home", archive)
    is_whole(place, tmp_path / "home")


def test_only_what_a_backup_packs_is_unpacked(archive: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return (os.mkdir, (str(tmp_path / "it ran"),))

    run = pickle.dumps(Evil())
    names = (
        "home/tasks.sqlite", "home/staging/drafts.sqlite", "home/staging/x/sample", "home/cache/1.gpkg",
        "home/attachments/../../out", "../out", "/out", "home/mail/..\\out", "home/secret.key/x", "home/.profile",
        "home/mail/.hidden", "home/mail/a/b/c/d/e", "evil.py", "home/attachments/ab/\x00x",
    )  # fmt: skip
    bad = altered(archive, tmp_path / "bad.zip", **dict.fromkeys(names, run))
    (tmp_path / "in").mkdir()
    restore(str(tmp_path / "in" / "there.gpkg"), tmp_path / "in" / "home", bad)
    is_whole(str(tmp_path / "in" / "there.gpkg"), tmp_path / "in" / "home")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.zip", "in"}


def test_a_damaged_register_is_not_backed_up_as_a_good_one(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "there.gpkg"
    restore(str(path), tmp_path / "home", archive)
    with sqlite3.connect(path) as con:
        (page,) = con.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events_ref'").fetchone()
        size = con.execute("PRAGMA page_size").fetchone()[0]
    con.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    run = CliRunner(env={"TEMPUSE_HOME": str(tmp_path / "home")})
    said = run.invoke(main, ["--register", str(path), "backup", str(tmp_path / "tuesday.zip")])
    assert said.exit_code == 1
    assert "damaged" in said.output
    assert not (tmp_path / "tuesday.zip").exists()
    assert (tmp_path / "tuesday.damaged.zip").stat().st_mode & 0o077 == 0
    with pytest.raises(Invalid) as told:
        restore(str(tmp_path / "again.gpkg"), tmp_path / "again", tmp_path / "tuesday.damaged.zip")
    assert told.value.message == "backup.damaged"


def test_a_restore_says_which_letters_it_did_not_send_again(archive: Path, tmp_path: Path) -> None:
    run = CliRunner(env={"TEMPUSE_HOME": str(tmp_path / "home")})
    said = run.invoke(main, ["--register", str(tmp_path / "there.gpkg"), "restore", str(archive)])
    assert said.exit_code == 0
    assert "1 letters waited" in said.output
    doctor = run.invoke(main, ["--register", str(tmp_path / "there.gpkg"), "doctor", "--json"])
    assert "doctor.mail_aside" in {each["message"] for each in json.loads(doctor.stdout)}


def test_what_a_killed_backup_left_is_gone_with_the_next(archive: Path, tmp_path: Path) -> None:
    path, now = tmp_path / "there.gpkg", datetime.fromisoformat("2026-11-24T00:00:00+00:00")
    restore(str(path), tmp_path / "home", archive)
    (tmp_path / "backups" / ".tempuse-backup-x.unfinished").mkdir(parents=True)
    (tmp_path / "backups" / ".tempuse-backup-x.unfinished" / "register.gpkg").write_bytes(b"private")
    register = open_register(str(path), tmp_path / "home")
    backups.backup(register, tmp_path / "backups" / "b.zip", now)
    register.close()
    assert [each.name for each in (tmp_path / "backups").iterdir()] == ["b.zip"]
