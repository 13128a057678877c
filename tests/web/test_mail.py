"""Letters: written, sent, tried again, given up, never lost; by a real mail server on this machine."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tempuse.access import SYSTEM
from tempuse.cli import health
from tempuse.cli.common import Context
from tempuse.errors import Invalid
from tempuse.letters import Letter
from tempuse.registry import letters as registry
from tempuse.registry import setup
from tempuse.store import letters
from tempuse.store.engine import Register
from tests.mailing import Clock, Server, an_app, deliver, write
from tests.office import a_signed_in_client, post
from web import database, tasks
from web.letters import delivery


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: letters do not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


ILSE = "ilse@rivermouth.example"


def test_a_letter_reaches_the_mail_server(
    register: Register, clock: Clock, server: Server, port: int, con: Any, now: datetime
) -> None:
    changes = {
        "municipality": "Sint-Čudo",
        "mail_from": "spaces@rivermouth.example",
        "contact_email": "desk@rivermouth.example",
    }
    setup.change_settings(con, SYSTEM, changes, now)
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    write(app)
    assert deliver(app) == delivery.Count(sent=1)
    assert deliver(app) == delivery.Count()
    (letter,) = server.letters
    assert letter["From"] == "City of Sint-Čudo <spaces@rivermouth.example>"
    assert letter["To"] == "ilse@rivermouth.example"
    assert letter["Reply-To"] == "desk@rivermouth.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Subject"] == "A new password for Spaces for a while"
    text = letter.get_content()
    assert "Hello Ilse Maes," in text
    assert "https://spaces.example/my/password/" in text
    assert [letter.status for letter in letters.find(con)] == ["sent"]


def test_without_a_mail_server_each_letter_is_a_file_for_one_user_only(register: Register, clock: Clock) -> None:
    app = an_app(register, clock, "")
    write(app)
    write(app)
    assert deliver(app).sent == 2
    letters = sorted((register.home / "mail").glob("*.eml"))
    assert len(letters) == 2
    assert letters[0].stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(letters[0].read_bytes(), policy=email.policy.default)
    assert message["To"] == ILSE
    assert message["Date"].datetime == clock.now


def test_a_server_that_does_not_answer_is_asked_again_with_growing_pauses(
    register: Register, clock: Clock, server: Server, port: int
) -> None:
    down = an_app(register, clock, "smtp://127.0.0.1:9")
    write(down)
    pauses = []
    for _ in range(4):
        assert deliver(down) == delivery.Count(waiting=1)
        began = clock.now
        while not _is_due(register, clock):
            clock.forward(minutes=1)
        pauses.append((clock.now - began).seconds // 60)
    assert pauses == [1, 5, 15, 60]
    # The letter is the one that was written at first, and goes when the server is back.
    up = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    assert deliver(up).sent == 1
    assert server.letters[0]["Date"].datetime < clock.now - timedelta(hours=1)


def _is_due(register: Register, clock: Clock) -> bool:
    (letter,) = all_of(register)
    return letter.due_at <= clock.now


def all_of(register: Register) -> list[Letter]:
    with register.connect() as con:
        return letters.find(con)


def test_a_letter_that_never_goes_is_kept_told_and_can_be_sent_again(
    register: Register, clock: Clock, server: Server, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    down = an_app(register, clock, "smtp://127.0.0.1:9")
    write(down)
    for _ in range(20):
        deliver(down)
        clock.forward(days=1)
    assert "a letter was given up: new_password" in caplog.text
    assert [letter.status for letter in all_of(register)] == ["failed"]
    assert "doctor.mail_failed" in _doctor(register)
    with register.connect() as con:
        assert registry.send_letters_again(con, SYSTEM, clock.now) == 1
    assert deliver(an_app(register, clock, f"smtp://127.0.0.1:{port}")).sent == 1


def _doctor(register: Register) -> list[str]:
    return [finding.message for finding in health.examine(Context(str(register.path), register.home))]


def test_letters_that_nobody_sends_are_told_by_the_doctor(register: Register, now: datetime) -> None:
    write(an_app(register, Clock(now - timedelta(days=365 * 5)), "smtp://127.0.0.1:9"))
    assert "doctor.mail_stuck" in _doctor(register)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 no such user", delivery.Count(failed=1)), ("451 try later", delivery.Count(waiting=1))],
)
def test_a_receiver_that_is_refused_for_good_is_given_up_and_one_put_off_is_not(
    register: Register, clock: Clock, server: Server, port: int, answer: str, outcome: delivery.Count
) -> None:
    server.answer = answer
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    write(app)
    assert deliver(app) == outcome


def test_a_wrong_password_for_the_mail_server_loses_nothing(
    register: Register, clock: Clock, server: Server, port: int
) -> None:
    write(an_app(register, clock, f"smtp://me:wrong@127.0.0.1:{port}?tls=0"))
    assert deliver(an_app(register, clock, f"smtp://me:wrong@127.0.0.1:{port}?tls=0")) == delivery.Count(waiting=1)
    clock.forward(minutes=1)
    assert deliver(an_app(register, clock, f"smtp://me:right@127.0.0.1:{port}?tls=0")) == delivery.Count(sent=1)


def test_a_mail_server_that_says_nothing_loses_nothing(
    register: Register, clock: Clock, server: Server, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SERVER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = an_app(register, clock, f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        write(app)
        assert deliver(app) == delivery.Count(waiting=1)
    monkeypatch.undo()
    clock.forward(minutes=1)
    assert deliver(an_app(register, clock, f"smtp://127.0.0.1:{port}")) == delivery.Count(sent=1)


def test_a_user_without_tls_is_not_sent_over_the_open_wire(
    register: Register, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://me:right@127.0.0.1:{port}")
    write(app)
    assert deliver(app) == delivery.Count(waiting=1)
    assert server.letters == []


def test_a_letter_left_behind_by_a_worker_that_was_killed_is_taken_up(
    register: Register, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    write(app)
    with register.connect() as con:
        assert registry.take_letter(con, SYSTEM, clock.now) is not None  # and never settled: the machine stopped
    assert deliver(app) == delivery.Count(waiting=1)
    clock.forward(minutes=16)
    assert deliver(app) == delivery.Count(sent=1)


def test_two_workers_do_not_send_one_letter_twice(register: Register, clock: Clock, server: Server, port: int) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    for _ in range(10):
        write(app)
    counts: list[int] = []
    workers = [threading.Thread(target=lambda: counts.append(deliver(app).sent)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == len(server.letters) == 10
    assert len({letter["Message-ID"] for letter in server.letters}) == 10


def test_a_letter_is_sent_at_once_by_the_queue(register: Register, clock: Clock, server: Server, port: int) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    write(app)
    deliver(app)
    server.letters.clear()
    office = a_signed_in_client(app, "Adam Reed", role="administrator")
    post(office, "/office/people/PE-0001/link", {"how": "mail"}, "/office/people/PE-0001")
    huey = app.extensions["tempuse.tasks"].huey
    huey.execute(huey.dequeue())
    huey.storage.close()
    assert len(server.letters) == 1


def test_a_name_cannot_write_headers(register: Register, clock: Clock, server: Server, port: int) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    write(app, name="x\r\nBcc: victim@example.org")
    deliver(app)
    assert server.letters[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, None, False, False)),
        ("smtp://mail.example?tls=1", ("mail.example", 25, None, True, False)),
        ("smtp://u%40x:p%2F@mail.example", ("mail.example", 587, "u@x", True, False)),
        ("smtp://u:p@mail.example:2525?tls=0", ("mail.example", 2525, "u", False, False)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", False, True)),
    ],
)
def test_the_address_of_a_mail_server_is_understood(url: str, expected: tuple[Any, ...]) -> None:
    found = delivery.server_of(url)
    names = ("MAIL_SERVER", "MAIL_PORT", "MAIL_USERNAME", "MAIL_USE_TLS", "MAIL_USE_SSL")
    assert tuple(found[name] for name in names) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://x:port"])
def test_what_is_no_mail_server_is_told(url: str) -> None:
    with pytest.raises(Invalid):
        delivery.server_of(url)


# ---- the work behind the pages -----------------------------------------------------------------------------------


def test_the_clockwork_works_on_an_empty_register(register: Register, clock: Clock) -> None:
    app = an_app(register, clock, "")
    for work, _ in tasks.CLOCKWORK:
        with app.test_request_context():
            work()


def test_a_task_that_fails_stands_in_the_log_and_the_next_one_runs(
    register: Register, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    @tasks.job
    def may_fail(number: int) -> None:
        if number == 1:
            raise Invalid("mail.smtp_url")
        if number == 2:
            raise ZeroDivisionError
        done.append((number, database.now()))

    app = an_app(register, clock, "")
    with app.test_request_context():
        for number in (1, 2, 3):
            may_fail.later(number)
    huey = app.extensions["tempuse.tasks"].huey
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
    huey.storage.close()
    del tasks.JOBS[may_fail.name]
    assert done == [(3, clock.now)]
    assert "is not the address of a mail server" in caplog.text
    assert "ZeroDivisionError" in caplog.text
