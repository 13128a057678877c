"""A hundred processes killed in the middle of their work (kill -9), and what is found afterwards.

    python -m tests.bench.kill_hundred --kills 100
    python -m tests.bench.kill_hundred --kills 20 --register postgresql://me@host/db

Imports, saves, exports, backups, restores, the worker with an import, the worker with letters: each is killed at a
random moment of its time, and then looked at: the register is whole and a check finds nothing, every save that was
acknowledged is there, an import came whole or not at all, an older file is untouched, a restore can be done again,
every letter arrives, and the next run clears what the killed one left.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

from tempuse.access import SYSTEM
from tempuse.jobs import ImportJob
from tempuse.letters import TAKEN_FOR
from tempuse.people import Person
from tempuse.registry import jobs, people, setup
from tempuse.registry.care import archives, checking
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import imports, letters, spaces
from tempuse.store import people as people_rows
from tempuse.store.engine import Register, open_register
from tempuse.store.job_files import JobFiles
from tempuse.vocabulary import LetterStatus
from tests.builders import a_place, a_space
from web import create_app
from web.letters import delivery
from web.office.imports import jobs as import_jobs
from web.office.imports import work as import_work

ROWS = 1500
LETTERS = 12
_NOW = timedelta()
_TEMPUSE = (sys.executable, "-m", "tempuse.cli")


@dataclass
class Place:
    """A register with what is done to it, and where its files go."""

    folder: Path
    address: str
    rng: random.Random
    found: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The register's TEMPUSE_HOME."""
        return self.folder / "home"

    def open(self) -> Register:
        """The register, opened in this process."""
        return open_register(self.address, self.home)

    def says(self, fault: str) -> None:
        """Keep what is not as it should be."""
        self.found.append(fault)

    def begin(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Begin a command of tempuse, or of this module."""
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
            env={**os.environ, "TEMPUSE_REGISTER": self.address, "TEMPUSE_HOME": str(self.home), **environment},
        )  # fmt: skip

    def killed(self, what: str, *command: str, **environment: str) -> str:
        """Begin a command and kill it at a random moment; what it said. At first it runs whole, to learn its time."""
        begun = time.monotonic()
        process = self.begin(*command, **environment)
        if what in self.seconds:
            time.sleep(self.rng.uniform(0.25, 1.0) * self.seconds[what])
            self.ended[f"{what}: " + ("killed at work" if process.poll() is None else "was faster")] += 1
            process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        if what not in self.seconds:
            self.seconds[what] = time.monotonic() - begun
            if process.returncode:
                self.says(f"{what}: ended with {process.returncode} without being killed")
        return said


def make(folder: Path, address: str, seed: int) -> Place:
    """A register of forty spaces and a planner."""
    place = Place(folder, address, random.Random(seed))
    now = datetime.now(UTC)
    with closing(open_register(address, place.home, create=True)) as register, register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        setup.change_settings(con, SYSTEM, {"municipality": "Testford"}, now)
        people.add_person(con, SYSTEM, Person.with_role("planner", name="Ilse", email="i@testford.example"), now)
        for east in range(40):
            add_space(con, SYSTEM, a_space(geometry=a_place(east / 1000)), now)
        create_app(register)  # its key
    lines = [f"{n};Mill {n};{51 + n / 10000:.5f};{3.7 + n / 10000:.5f}\n" for n in range(1, ROWS + 1)]
    (folder / "list.csv").write_text("Ref;Name;Lat;Lon\n" + "".join(lines))
    return place


def look(place: Place, what: str) -> None:
    """A check finds nothing."""
    register = place.open()
    with register.connect() as con:
        for each in checking.check_register(con, datetime.now(UTC)):
            place.says(f"{what}: check says {each.message} {each.values}")
    register.close()


def bring_in(place: Place) -> None:
    """An import comes whole or not at all."""
    source = f"list {secrets.token_hex(4)}"
    place.killed("import", *_TEMPUSE, "import", str(place.folder / "list.csv"), "--source", source, "--within", "BE")
    register = place.open()
    with register.connect() as con:
        came = imports.count_of(con, source)
    register.close()
    if came not in (0, ROWS):
        place.says(f"import: {came} of {ROWS} rows came")


def save(place: Place) -> None:
    """What was acknowledged is there."""
    register = place.open()
    with register.connect() as con:
        before = spaces.get(con, "SP-0001").revision
    said = place.killed("save", sys.executable, "-m", "tests.bench.kill_hundred", "--child", "save")
    with register.connect() as con:
        after = spaces.get(con, "SP-0001").revision
    register.close()
    acknowledged = [int(line) for line in said.split("\n")[:-1]]
    last = acknowledged[-1] if acknowledged else before
    if not last <= after <= last + 1:
        place.says(f"save: revision {last} was acknowledged, {after} is there")


def save_on_and_on(address: str, home: str) -> None:
    """The child of ``save``: forty edits, each acknowledged when it is written."""
    register = open_register(address, Path(home))
    with register.connect() as con:
        for _ in range(40):
            area = float(secrets.randbelow(10**6) + 1)
            print(edit_space(con, SYSTEM, "SP-0001", {"floor_area_m2": area}, datetime.now(UTC)).revision, flush=True)


def export(place: Place) -> None:
    """The file that lies there can be read whole."""
    path = place.folder / "public.gpkg"
    place.killed("export", *_TEMPUSE, "export", str(path))
    with closing(sqlite3.connect(path)) as con:
        said = con.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok" or not con.execute("SELECT count(*) FROM spaces").fetchone()[0]:
            place.says(f"export: {said}")


def backup(place: Place) -> None:
    """An archive is whole, or not there."""
    path = place.folder / "backups" / f"{secrets.token_hex(4)}.zip"
    place.killed("backup", *_TEMPUSE, "backup", str(path))
    if path.exists():
        with tempfile.TemporaryDirectory() as folder:
            archives.unpack(path, Path(folder), Path(folder) / "home")  # raises where it is not
    if not (place.folder / "good.zip").exists():
        path.rename(place.folder / "good.zip")


def restore(place: Place) -> None:
    """There is a whole register, or none and the same command makes one."""
    if not (place.folder / "good.zip").exists():
        backup(place)
    there = place.folder / "restored" / secrets.token_hex(4)
    there.mkdir(parents=True)
    is_file = not place.address.startswith("postgresql")
    schema = f"killed_{secrets.token_hex(4)}"
    address = str(there / "r.gpkg") if is_file else f"{place.address.partition('?')[0]}?schema={schema}"
    command = (*_TEMPUSE, "--register", address, "restore", str(place.folder / "good.zip"))
    place.killed("restore", *command, TEMPUSE_HOME=str(there / "home"))
    again = place.begin(*command, TEMPUSE_HOME=str(there / "home"))
    again.communicate()
    if again.returncode not in (0, 4):  # 4: it is there already
        place.says(f"restore: done again, it ended with {again.returncode}")
    register = open_register(address, there / "home")
    with register.connect() as con:
        if checking.check_register(con, datetime.now(UTC)):
            place.says("restore: the check finds something")
    register.close()
    if not (there / "home" / "secret.key").exists():
        place.says("restore: without its key")
    if left := [each.name for each in there.iterdir() if each.name.startswith(".")]:
        place.says(f"restore: left {left}")
    if not is_file:
        with psycopg.connect(place.address.partition("?")[0], autocommit=True) as con:
            con.execute("SET client_min_messages = warning")
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')
            con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')


def work(place: Place) -> None:
    """An import that the worker does: killed at any of its steps, it can be gone on with, and comes once."""
    register = place.open()
    app = create_app(register)
    source = f"draft {secrets.token_hex(4)}"
    about = ImportJob(
        file_name="list.csv", list="list.csv", bytes=1, source=source, status="verified", within="BE", kind="building"
    )
    with register.connect() as con:
        ilse = people_rows.get(con, "PE-0001").actor()
        con.rollback()
        key = jobs.begin_job(con, ilse, place.home, about, datetime.now(UTC)).key
    (JobFiles(place.home, key).folder / "list.csv").write_bytes((place.folder / "list.csv").read_bytes())
    killed_at = place.rng.choice(["opening", "checking", "merging"])
    for state, name, after in (
        ("opening", "open", "columns"), ("checking", "check", "checked"), ("merging", "merge", "merged"),
    ):  # fmt: skip
        with app.test_request_context():
            import_work.begin(import_jobs.get(key), name, big=True)
        if state == killed_at:
            worker = place.begin(*_TEMPUSE, "worker")
            time.sleep(place.rng.uniform(1.0, 3.0))
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
            place.ended["worker: killed at work"] += 1
            for lost in place.home.glob("tasks.sqlite*"):
                lost.unlink()  # the queue is lost as well: what there is to do stands in the register
        finish(place, register, key, state, after)
    with register.connect() as con:
        if (came := imports.count_of(con, source)) != ROWS:
            place.says(f"worker: {came} of {ROWS} rows came")
        merged = jobs.get_job(con, key)
        con.rollback()
        jobs.forget_job(con, SYSTEM, place.home, merged)
    register.close()


def finish(place: Place, register: Register, key: str, state: str, after: str) -> None:
    """Let a worker go on until the step is done: it takes up by itself what another had begun that was killed."""
    worker = place.begin(*_TEMPUSE, "worker")
    until = time.monotonic() + 240
    with register.connect() as con:
        while (job := jobs.get_job(con, key)).state == state and time.monotonic() < until:
            con.rollback()
            time.sleep(0.2)
    worker.terminate()
    worker.communicate()
    if job.state != after:
        place.says(f"worker: {state} ended as {job.state}: {job.problem}")


class Sink:
    """A mail server that keeps the letters' names."""

    def __init__(self) -> None:
        self.names: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a letter, slowly enough to be killed over it."""
        threading.Event().wait(0.02)
        line = next(each for each in envelope.content.split(b"\r\n") if each.lower().startswith(b"message-id:"))
        self.names[line.decode()] += 1
        return "250 OK"


def post(place: Place) -> None:
    """Every letter arrives; one that was on its way at the kill may arrive twice."""
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        register = open_register(place.address, place.home)
        with register.connect() as con:
            now = datetime.now(UTC)
            person = people_rows.by_email(con, "a@testford.example")
            con.rollback()
            person = person or people.add_person(con, SYSTEM, Person(name="A", email="a@testford.example"), now)
            con.rollback()
            for _ in range(LETTERS):
                people.send_link(con, SYSTEM, person.ref, now, first=False)
        address = f"smtp://127.0.0.1:{port}"
        deliver(place, address, kill=True)
        deliver(place, address, kill=False, later=TAKEN_FOR)
    finally:
        server.stop()
    with register.connect() as con:
        left = [each.key for each in letters.find(con, [LetterStatus.WAITING])]
    register.close()
    if left or len(sink.names) != LETTERS or sink.names.total() > LETTERS + 1:
        place.says(f"letters: {len(sink.names)} of {LETTERS} came, {sink.names.total()} in all, left {left}")


def deliver(place: Place, address: str, *, kill: bool, later: timedelta = _NOW) -> None:
    """One round of letters in a process of its own, whose clock is so much later."""
    command = (sys.executable, "-m", "tests.bench.kill_hundred", "--child", "deliver", "--smtp", address,
               "--later", str(int(later.total_seconds())))  # fmt: skip
    if kill:
        place.seconds.setdefault("letters", 2.5)
        place.killed("letters", *command)
    else:
        place.begin(*command).communicate()


def deliver_once(address: str, home: str, smtp: str, later: int) -> None:
    """The child of ``deliver``."""
    ahead = timedelta(seconds=later)
    register = open_register(address, Path(home))
    app = create_app(register, {"SMTP_URL": smtp}, clock=lambda: datetime.now(UTC) + ahead)
    with app.test_request_context():
        delivery.deliver()


WORKS: dict[str, Callable[[Place], None]] = {
    "import": bring_in, "save": save, "export": export, "backup": backup, "restore": restore, "worker": work,
    "letters": post,
}  # fmt: skip


def run(place: Place, kills: int, works: dict[str, Callable[[Place], None]]) -> None:
    """So many kills, spread evenly over these kinds of work; what is not known to last so long is done whole before."""
    names = list(works)
    for n in range(kills + len(set(names) - set(place.seconds) - {"worker", "letters"})):
        name = names[n % len(names)]
        works[name](place)
        look(place, name)
    left_behind(place)


def left_behind(place: Place) -> None:
    """After one more run of each, nothing is left of those that were killed."""
    for command in (
        ("import", str(place.folder / "list.csv"), "--source", "last", "--within", "BE"),
        ("export", str(place.folder / "public.gpkg")),
        ("backup", str(place.folder / "backups" / "last.zip")),
    ):
        place.begin(*_TEMPUSE, *command).communicate()
    for path in place.folder.rglob("*.unfinished"):
        place.says(f"left behind: {path.relative_to(place.folder)}")


def main() -> None:
    """Kill, look, and print what was killed and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--register", default="", help="a PostgreSQL URL; otherwise a file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", choices=["save", "deliver"], help=argparse.SUPPRESS)
    parser.add_argument("--smtp", default="", help=argparse.SUPPRESS)
    parser.add_argument("--later", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    here = os.environ.get("TEMPUSE_REGISTER", ""), os.environ.get("TEMPUSE_HOME", "")
    if args.child == "save":
        save_on_and_on(*here)
    elif args.child == "deliver":
        deliver_once(*here, args.smtp, args.later)
    else:
        with tempfile.TemporaryDirectory() as folder:
            schema = f"hundred_{os.getpid()}"
            address = f"{args.register}?schema={schema}" if args.register else f"{folder}/register.gpkg"
            place = make(Path(folder), address, args.seed)
            run(place, args.kills, WORKS)
            if args.register:
                with psycopg.connect(args.register, autocommit=True) as con:
                    con.execute("SET client_min_messages = warning")
                    con.execute(f'DROP SCHEMA "{schema}" CASCADE')
                    con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')
        for what, count in sorted(place.ended.items()):
            print(f"{count:5} {what}")
        print(f"{place.ended.total():5} in all; found afterwards: {len(place.found)}")
        for each in place.found:
            print(f"      {each}")
        raise SystemExit(bool(place.found))


if __name__ == "__main__":
    main()
