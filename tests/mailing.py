"""A real mail server on this machine, and an app whose clock a test moves, for tests of letters."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry import people
from tempuse.store import people as people_rows
from tempuse.store.common import next_refs
from tempuse.store.engine import Register, writing
from web import create_app
from web.letters import delivery


@dataclass
class Server:
    """What the mail server got, and what it is to answer."""

    letters: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        self.said.append(self.answer)
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 OK"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port(server: Server) -> Iterator[int]:
    loop = asyncio.new_event_loop()

    def talk() -> SMTP:
        return SMTP(
            server, loop=loop, auth_require_tls=False,
            authenticator=lambda *args: AuthResult(success=args[-1].password == b"right", handled=False),
        )  # fmt: skip

    # All of it in a thread of its own: in this one, the browser's tests may keep a loop running.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(_listen(talk), loop).result(30)
    yield listening.sockets[0].getsockname()[1]
    asyncio.run_coroutine_threadsafe(_end(listening), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _listen(talk: Callable[[], SMTP]) -> asyncio.Server:
    return await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    await asyncio.sleep(0)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Clock:
    """An instant that the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def an_app(register: Register, clock: Clock, url: str) -> Flask:
    settings = {"TESTING": True, "RATELIMIT_ENABLED": False, "SMTP_URL": url, "PUBLIC_URL": "https://spaces.example"}
    return create_app(register, settings, clock=clock)


def deliver(app: Flask) -> delivery.Count:
    """One round of letters."""
    with app.test_request_context():
        return delivery.deliver()


def write(app: Flask, to: str = "ilse@rivermouth.example", name: str = "Ilse Maes", language: str = "en") -> Person:
    """A letter with a link to a new password, as an event writes it; to somebody new when nobody has the address."""
    now = app.extensions["tempuse.clock"]()
    with app.extensions["tempuse.register"].connect() as con:
        person = people_rows.by_email(con, to)
        con.rollback()
        if person is None:
            # Past the checks: what a mail library stumbles over may stand in a register of an older program.
            with writing(con):
                person = Person.with_role("planner", name=name, email=to, language=language, added_at=now)
                person.ref = next_refs(con, "person")[0]
                people_rows.add(con, person, now)
        people.send_link(con, SYSTEM, person.ref, now, first=False)
    return person
