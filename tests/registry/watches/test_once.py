"""Case 16: whoever is killed over a space that began to fit, and wherever: it is told once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from tempuse.access import SYSTEM
from tempuse.letters import TAKEN_FOR
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import letters, watches
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import LetterStatus
from tests.builders import a_space
from tests.mailing import Server
from tests.registry.watches.test_watches import WHOLE, a_watch, hits

HERE = Path(__file__).resolve().parents[3]
KILLED = -signal.SIGKILL

Work = Callable[..., int]


class Deadly(Server):
    """A mail server that takes a letter, and kills whoever brought it before it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.kills = 0
        self.number = 0
        self.known = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """Keep the letter, then kill."""
        said = await super().handle_DATA(server, session, envelope)
        if self.kills:
            self.kills -= 1
            assert self.known.wait(30)
            os.kill(self.number, signal.SIGKILL)
        return said


@pytest.fixture
def server() -> Deadly:
    return Deadly()


@pytest.fixture(scope="module")
def worker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.watch_child"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture
def work(worker: subprocess.Popen[str], register: Register, address: str, server: Deadly, port: int) -> Work:
    """One round of the worker; how it ended."""

    def do(place: str, now: datetime) -> int:
        server.known.clear()
        asked = [place, address, str(register.home), f"smtp://127.0.0.1:{port}", now.isoformat()]
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(asked) + "\n")
        worker.stdin.flush()
        server.number = int(worker.stdout.readline())
        server.known.set()
        return int(worker.stdout.readline())

    return do


def state(con: Connection) -> tuple[int, list[str]]:
    """How far was looked, and the letters that tell of a space."""
    found = watches.cursor(con), [each.key for each in letters.find(con) if each.template == "watch_hits"]
    con.rollback()
    return found


@pytest.mark.both_engines
def test_killed_over_hits_letters_and_mail_twice_each_it_is_told_once(
    con: Connection, server: Deadly, work: Work, now: datetime
) -> None:
    watch = a_watch(con, now)
    assert work("", now) == 0  # the letter by which it was confirmed goes
    server.letters.clear()
    space, (looked, _) = add_space(con, SYSTEM, a_space(name="New forge", **WHOLE), now), state(con)
    at = now
    for place, held, told in (
        ("before sweep", 0, 0), ("before sweep", 0, 0), ("after sweep", 1, 0), ("after sweep", 1, 0),
        ("before letters", 1, 0), ("before letters", 1, 0), ("after letters", 1, 1), ("after letters", 1, 1),
    ):  # fmt: skip
        at += timedelta(minutes=1)
        assert work(place, at) == KILLED, place
        assert hits(con, watch) == [(space, 1, bool(told), False)] * held, place
        before, (looked, keys) = looked, state(con)
        assert looked >= before
        assert len(keys) == told
        if place.startswith("after"):
            edit_space(con, SYSTEM, space, {"description": f"Painted {at.minute} times."}, at)
    assert server.letters == []
    server.kills = 2
    for _ in range(3):
        ended = work("", at)
        assert ended == (0 if len(server.letters) == 3 else KILLED)
        at += TAKEN_FOR + timedelta(minutes=1)
    assert work("", at) == 0
    assert [each["Message-ID"] for each in server.letters] == [server.letters[0]["Message-ID"]] * 3
    assert "New forge" in server.letters[0].get_content()
    assert hits(con, watch) == [(space, 1, True, False)]
    (letter,) = [each for each in letters.find(con, [LetterStatus.SENT]) if each.template == "watch_hits"]
    assert letter.tries == 0
    assert state(con)[0] >= looked
