"""The letters' way to the mail server: the worker's part of ``web/letters/mail.py``.

One letter never stops the others: whatever goes wrong with it, it is put off or given up, and the round goes on. A
server that cannot be reached ends the round: the letters wait a minute, and the worker is free for other work.
"""

from __future__ import annotations

import contextlib
import json
import os
import smtplib
import ssl
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from filelock import FileLock, Timeout
from flask import Flask, current_app
from flask_mailman import Mail
from flask_mailman.backends.smtp import EmailBackend

from tempuse.errors import Invalid
from web import database
from web.letters import mail

# Minutes between tries: about four days in all, as RFC 5321, 4.5.4.1 advises.
PAUSES = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)
# A letter that somebody was sending when the machine stopped is taken up again after so long.
TAKEN_FOR = timedelta(minutes=15)
SERVER_SECONDS = 30
# A round lasts no longer, however slowly the server answers: the worker has other work.
ROUND_SECONDS = 300
# Nothing waits longer than the longest pause; what seems to was dated by a clock that was ahead.
_LONGEST = timedelta(minutes=max(PAUSES) + 1)


class _Away(Exception):
    """The mail server cannot be reached, or broke off: what to say of it."""


def deliver() -> mail.Count:
    """Hand every letter that is due to the mail server.

    One round at a time, whoever asks for it: a second worker that comes meanwhile leaves at once.
    """
    try:
        with FileLock(mail.folder("") / "round.lock", timeout=0):
            return _round()
    except Timeout:
        return mail.Count()


def _round() -> mail.Count:
    sent = failed = 0
    problem = ""
    now = database.now()
    _take_up_left_behind(now)
    until = time.monotonic() + ROUND_SECONDS
    connection = current_app.extensions["mailman"].get_connection()
    due = _due(now)
    try:
        for position, (path, tries, name) in enumerate(due):
            if time.monotonic() > until:
                break
            try:
                outcome = _send(connection, path, tries, name, now)
            except _Away as away:
                problem = str(away)
                for later, their_tries, their_name in due[position + 1 :]:
                    _put_off(later, their_tries, their_name, now, 1)
                break
            except OSError as error:  # of our own folder: the letter stays where it is
                current_app.logger.error("a letter cannot be handled: %s", error.strerror)
                continue
            sent += outcome == "sent"
            failed += outcome == "refused"
    finally:
        _end(connection)
    mail.note_round(now, problem)
    return mail.Count(sent, mail.waiting().waiting, failed)


def _due(now: datetime) -> list[tuple[Path, int, str]]:
    """The letters whose time has come: where each lies, how often it was tried, its name."""
    found = []
    for path in sorted(mail.folder("outbox").glob("*.json")):
        if match := mail.LETTER.fullmatch(path.name):
            due = int(match[1])
            if due <= now.timestamp() or due > (now + _LONGEST).timestamp():
                found.append((path, int(match[2]), match[3]))
    return found


def _send(connection: Any, path: Path, tries: int, name: str, now: datetime) -> str:
    """One letter's try: ``sent``, ``later``, ``refused``, or nothing when another process was faster.

    Raises:
        _Away: the server is not there; the letter is put off.
    """
    with _taken(path) as taken:
        if taken is None:
            return ""
        away = None
        try:
            outcome = _hand_over(connection, taken)
        except _Away as error:
            outcome, away = "later", error
        if outcome == "later" and tries >= len(PAUSES):
            outcome = "refused"
        if outcome == "sent":
            taken.unlink()
        elif outcome == "refused":
            current_app.logger.error("a letter could not be sent and lies in %s", mail.folder("failed") / name)
            os.replace(taken, mail.folder("failed") / name)
        else:
            again = int(now.timestamp()) + PAUSES[tries] * 60
            os.replace(taken, path.with_name(f"{again}.{tries + 1}.{name}"))
    if away is not None:
        raise away
    return outcome


def _put_off(path: Path, tries: int, name: str, now: datetime, minutes: int) -> None:
    """Let a letter wait that nobody has tried to send."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(path, path.with_name(f"{int(now.timestamp()) + minutes * 60}.{tries}.{name}"))


def _hand_over(connection: Any, path: Path) -> str:
    """``sent``, ``later`` or ``refused``. What the log is told never names the receiver.

    Given up at once is only what can never go: a receiver that the server will not take, a letter that cannot be read
    or addressed.

    Raises:
        _Away: the server cannot be reached, or is silent, or broke off.
    """
    say = current_app.logger.warning
    content = path.read_bytes()
    try:
        letter = mail.message(json.loads(content))
        connection.open()
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        say("the mail server refused a receiver: %s", codes)
        return "refused" if all(code >= 500 for code in codes) else "later"
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        say("the mail server did not take a letter: %s %s", type(error).__name__, error.smtp_code)
        return "later"
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None) or ""
        said = f"{type(error).__name__} {code}".strip()
        say("the mail server is not to be reached: %s", said)
        _end(connection)
        raise _Away(said) from None
    except Exception as error:  # whatever it is, it is this letter's, and the others go on
        say("a letter cannot be sent: %s", type(error).__name__)
        _end(connection)
        return "refused"
    return "sent"


def _end(connection: Any) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.close()


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[Path | None]:
    """A letter that is ours alone meanwhile; None when another process was faster."""
    mine = path.with_suffix(".taken")
    try:
        os.rename(path, mine)
    except FileNotFoundError:
        yield None
        return
    os.utime(mine, (database.now().timestamp(),) * 2)
    try:
        yield mine
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.rename(mine, path)
        raise


def _take_up_left_behind(now: datetime) -> None:
    for path in mail.folder("outbox").glob("*.taken"):
        with contextlib.suppress(FileNotFoundError):
            if abs(now.timestamp() - path.stat().st_mtime) > TAKEN_FOR.total_seconds():
                os.rename(path, path.with_suffix(".json"))


def try_again() -> int:
    """Put the letters that were given up back on their way; how many."""
    paths = sorted(mail.folder("failed").glob("*.json"))
    for path in paths:
        os.replace(path, mail.folder("outbox") / f"{int(database.now().timestamp())}.0.{path.name}")
    return len(paths)


class _Verified(smtplib.SMTP):
    """STARTTLS that looks at the server's certificate; the standard library's does not."""

    def starttls(self, *, context: ssl.SSLContext | None = None, **options: Any) -> Any:
        return super().starttls(context=context or ssl.create_default_context(), **options)


class Backend(EmailBackend):  # type: ignore[misc]
    """Flask-Mailman's, with certificates looked at."""

    @property
    def connection_class(self) -> Any:
        """How to reach the server."""
        return smtplib.SMTP_SSL if self.use_ssl else _Verified


def server_of(url: str) -> dict[str, Any]:
    """Flask-Mailman's configuration from ``smtp://user:password@host:587?tls=1`` or ``smtps://…``.

    With ``smtp:`` and a user, STARTTLS is on unless ``tls=0`` says otherwise.

    Raises:
        Invalid: this is not the address of a mail server.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise Invalid("mail.smtp_url")
    asked = parse_qs(parts.query).get("tls", ["1" if parts.username else "0"])[0]
    secure = parts.scheme == "smtps"
    return {
        "MAIL_SERVER": host,
        "MAIL_PORT": port or (465 if secure else 587 if parts.username else 25),
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": secure,
        "MAIL_USE_TLS": not secure and asked not in ("0", "no", "off"),
        "MAIL_TIMEOUT": SERVER_SECONDS,
    }


def init_app(app: Flask) -> None:
    """Reach the mail server that SMTP_URL names.

    Raises:
        Invalid: SMTP_URL is not the address of a mail server.
    """
    if app.config["SMTP_URL"]:
        app.config.update(server_of(app.config["SMTP_URL"]))
    app.config["MAIL_BACKEND"] = Backend
    Mail(app)
