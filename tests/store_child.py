"""Another process at the same register: ``python -m tests.store_child WHAT ADDRESS [ARGUMENT]``; prints one word."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tempuse.access import SYSTEM
from tempuse.errors import TempuseError
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store.engine import Connection, open_register
from tests.builders import a_place, a_space

ROOT = Path(__file__).resolve().parents[1]
RACE = "race"
# Seconds for which a process tries again while others hold the register.
PATIENCE = 60.0


def start(*arguments: str) -> subprocess.Popen[str]:
    """Such a process; it waits for ``go``."""
    command = [sys.executable, "-m", "tests.store_child", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ready(these: Sequence[subprocess.Popen[str]]) -> None:
    """Wait until those who say so have opened the register."""
    for each in these:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"


def go(these: Sequence[subprocess.Popen[str]]) -> None:
    """Let them begin, all at once."""
    for each in these:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()


def race(what: str, address: str, refs: Sequence[str]) -> list[str]:
    """Let a process for each of these do one thing with it, all at once; how each ended."""
    command = [sys.executable, "-m", "tests.store_child", RACE, address, what, *refs]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    return done.stdout.splitlines()


def split(what: str, address: str, refs: Sequence[str]) -> list[str]:
    """Split off such a process for each, which has read all modules already; they begin when the gate is shut."""
    waits, gate = os.pipe()
    said = []
    for ref in refs:
        hears, says = os.pipe()
        said.append(hears)
        if os.fork():
            os.close(says)
            continue
        try:
            os.close(gate)
            with open_register(address).connect() as con:
                os.write(says, b".")
                os.read(waits, 1)
                os.write(says, (approve(con, ref) if what == "approve" else move(con, ref, what)).encode())
        finally:
            os._exit(0)
    for hears in said:
        os.read(hears, 1)
    os.close(gate)
    told = []
    for hears in said:
        with os.fdopen(hears) as answer:
            told.append(answer.read())
    return told


def main(what: str, address: str, *rest: str) -> str:
    """Do one thing and say how it ended."""
    if what == RACE:
        return "\n".join(split(rest[0], address, rest[1:]))
    if what == "lock":
        con = sqlite3.connect(address, timeout=0, isolation_level=None)
        try:
            con.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return "refused"
        con.execute("ROLLBACK")
        return "got it"
    register = open_register(address)
    try:
        with register.connect() as con:
            if what in ("approve", "approve each"):
                print("ready", flush=True)  # noqa: T201
            if what == "approve each":
                for line in sys.stdin:
                    print(approve(con, line.strip()), flush=True)  # noqa: T201
                return ""
            sys.stdin.readline()  # all at once, when the test says so
            if what == "approve":
                return approve(con, rest[0])
            write(con)
    except TempuseError as error:
        return error.message
    return "done"


def approve(con: Connection, ref: str) -> str:
    """Approve a permit, and say how it ended and who was there before; again while others take too long, for a time."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            approve_permit(con, SYSTEM, ref, datetime.now(UTC))
        except TempuseError as error:
            if error.message == "register.locked" and time.monotonic() < until:
                continue
            return f"{error.message} {error.values['refs']}" if "rivals" in error.values else error.message
        return "done"


def move(con: Connection, ref: str, move: str) -> str:
    """Move a space, and say how it ended."""
    try:
        move_space(con, SYSTEM, ref, move, datetime.now(UTC))
    except TempuseError as error:
        return error.message
    return "done"


def write(con: Connection) -> None:
    """Add and edit until a line comes."""
    enough = threading.Event()

    def listen() -> None:
        sys.stdin.readline()
        enough.set()

    threading.Thread(target=listen, daemon=True).start()
    number = 0
    while not enough.is_set():
        number += 1
        ref = add_space(con, SYSTEM, a_space(geometry=a_place(number / 1000)), datetime.now(UTC))
        edit_space(con, SYSTEM, ref, {"name": f"Hall {number}"}, datetime.now(UTC))
        if number == 1:
            print("begun", flush=True)  # noqa: T201
        time.sleep(0.02)  # the file's lock is nobody's in turn: who never pauses keeps the others out


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201
