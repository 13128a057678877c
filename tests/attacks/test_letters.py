"""One letter, one address, one silent server: none of them stops the letters of the whole city."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tempuse.cli import health
from tempuse.cli.common import Context
from tempuse.emails import wrong_with_email
from tempuse.store.engine import Register
from tests.mailing import Clock, Server, an_app, deliver, write
from web.letters import delivery

# What a mail library or a mail server stumbles over; each was taken by a form once.
ODD = (
    "someone@example.org.", "a@b..example", "a@.x.org", "a,b@x.org", "a@x,org.nl", "a;b@x.org", "a:b@x.org",
    f"a@{'l' * 64}.org", "a(b@x.org", "a<b@x.org", 'a"b@x.org', "jörg@x.org", "a@x.org\nBcc: b@x.org", "@x.org", "a@",
    "a b@x.org", "a@x.org, b@x.org", "A <a@x.org>", f"{'l' * 65}@x.org", f"a@{'x.' * 130}org", "a@[127.0.0.1]", "",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_an_address_that_cannot_be_sent_to_is_never_taken_in(number: int) -> None:
    assert wrong_with_email(ODD[number]) in ("email.odd", "email.no_at")


@pytest.mark.parametrize("good", ["jo@x.org", "o'neil@x.ie", "a.b+c@x.co.uk", "a@münchen.de", "i@town.local"])
def test_a_good_address_is(good: str) -> None:
    assert wrong_with_email(good) == ""


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: letters do not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


def test_a_letter_that_cannot_be_sent_is_put_aside_and_the_others_go(
    register: Register,
    clock: Clock,
    server: Server,
    port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    outbox = register.home / "mail" / "outbox"
    outbox.mkdir(parents=True)
    for odd in ODD:
        write(app, odd)
    write(app, "ilse@rivermouth.example")
    (outbox / "1.0.20260101T000000-half.json").write_text('{"to": "somebody@example.org", "sub')
    (outbox / "1.0.20260101T000000-list.json").write_text("[]")
    (outbox / "of-somebody-else.json").write_text("{}")
    (outbox / f"{'9' * 40}.0.x.json").write_text("{}")
    with app.test_request_context():
        delivery.take_in_files()
    count = deliver(app)
    assert count.failed + count.sent == len(ODD) + 3
    assert "ilse@rivermouth.example" in [letter["To"] for letter in server.letters]
    assert (outbox / "of-somebody-else.json").exists()
    assert not any(odd in caplog.text for odd in ODD if "@" in odd and len(odd) > 3)
    assert "Traceback" not in caplog.text
    assert "doctor.mail_stuck" not in findings(register)
    assert "doctor.mail_failed" in findings(register)


def findings(register: Register) -> list[str]:
    return [finding.message for finding in health.examine(Context(str(register.path), register.home))]


@contextlib.contextmanager
def a_silent_server() -> Iterator[tuple[int, list[float]]]:
    """A mail server that takes every connection and never says a word; when each was taken."""
    taken: list[float] = []
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    held.append(listener.accept()[0])
                    taken.append(time.monotonic())

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield listener.getsockname()[1], taken
        finally:
            ended.set()
            thread.join()
            for each in held:
                each.close()


def test_a_silent_server_costs_one_wait_a_round_and_is_told(register: Register, clock: Clock) -> None:
    with a_silent_server() as (silent, taken):
        app = an_app(register, clock, f"smtp://127.0.0.1:{silent}")
        app.extensions["mailman"].timeout = 1
        for number in range(12):
            write(app, f"person{number}@rivermouth.example")
        assert deliver(app) == delivery.Count(waiting=12)
        assert len(taken) == 1
        assert deliver(app) == delivery.Count(waiting=12)
        assert len(taken) == 1, "nothing is due before a minute has gone"
        clock.forward(minutes=1)
        assert deliver(app) == delivery.Count(waiting=12)
        assert len(taken) == 2


def test_a_second_worker_does_not_wait_for_the_first(register: Register, clock: Clock) -> None:
    with a_silent_server() as (silent, taken):
        app = an_app(register, clock, f"smtp://127.0.0.1:{silent}")
        app.extensions["mailman"].timeout = 5
        write(app, "ilse@rivermouth.example")
        first = threading.Thread(target=deliver, args=(app,))
        first.start()
        while not taken:
            time.sleep(0.01)
        assert deliver(app) == delivery.Count(waiting=1)
        assert first.is_alive(), "the first still waits for the server"
        first.join()


def test_the_doctor_tells_a_server_that_is_away_from_a_worker_that_is(
    register: Register,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = an_app(register, clock, "smtp://127.0.0.1:9")
    write(app, "ilse@rivermouth.example")
    monkeypatch.setattr(health, "now", lambda: clock.now)
    deliver(app)
    assert [each for each in findings(register) if each.startswith("doctor.mail")] == ["doctor.mail_away"]
    clock.forward(hours=1)
    assert [each for each in findings(register) if each.startswith("doctor.mail")] == ["doctor.mail_stuck"]


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(days=3)])
def test_letters_of_a_clock_that_was_ahead_go_when_it_is_right_again(
    register: Register,
    clock: Clock,
    server: Server,
    port: int,
    ahead: timedelta,
    now: Any,
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    clock.now = now + ahead
    write(app, "ilse@rivermouth.example")
    clock.now = now
    assert deliver(app) == delivery.Count(sent=1)
