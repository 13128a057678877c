"""The letters' way to the mail server. Whoever asks for a round takes letters one by one; several may ask at once.

One letter never stops the others: whatever goes wrong with it, it is put off or given up, and the round goes on. A
server that cannot be reached ends the round: the letters wait a minute, and the worker is free for other work. No
transaction is open while the server is spoken to. A letter is never lost; one that was on its way when the process was
killed may come twice, with the same Message-ID. Without a mail server each letter becomes an ``.eml`` in
``TEMPUSE_HOME/mail``, and whoever wrote it does that at once.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, Response, current_app, g
from flask_mailman import EmailMessage, Mail
from flask_mailman.backends.smtp import EmailBackend

from tempuse import files
from tempuse.access import SYSTEM
from tempuse.errors import Invalid, TempuseError, Unusable
from tempuse.letters import Letter
from tempuse.registry import letters as registry
from tempuse.store import letters as rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import LetterStatus
from web import database, spoken
from web.letters import joining, writing

SERVER_SECONDS = 30
# A round lasts no longer, however slowly the server answers: the worker has other work.
ROUND_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Count:
    """How many letters were sent, wait for their next try, and were given up."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0


class _Away(Exception):
    """The mail server cannot be reached, or broke off: what to say of it."""


def deliver() -> Count:
    """Hand every letter that is due to the mail server, or put it into its folder."""
    now = database.now()
    until = time.monotonic() + ROUND_SECONDS
    connection = current_app.extensions["mailman"].get_connection() if writing.has_server() else None
    outcomes: list[LetterStatus] = []
    try:
        while time.monotonic() < until and (letter := registry.take_letter(database.idle(), SYSTEM, now)) is not None:
            away, together = "", [letter, *registry.take_beside(database.idle(), SYSTEM, letter, now)]
            try:
                became = _deliver_together(connection, together)
            except _Away as error:
                became = [(LetterStatus.WAITING, (away := str(error)))] * len(together)
            outcomes += [_settle(each, *what) for each, what in zip(together, became, strict=True)]
            if away:
                registry.put_letters_off(database.idle(), SYSTEM, away, now)
                break
    finally:
        _end(connection)
    sent, failed = (outcomes.count(each) for each in (LetterStatus.SENT, LetterStatus.FAILED))
    return Count(sent, rows.tally(database.idle()).get(LetterStatus.WAITING, 0), failed)


def _settle(letter: Letter, status: LetterStatus, problem: str) -> LetterStatus:
    status = registry.settle_letter(database.idle(), SYSTEM, letter, status, problem, database.now())
    if status is LetterStatus.FAILED:
        current_app.logger.error("a letter was given up: %s, %s", letter.template, problem)
    elif status is LetterStatus.SENT and letter.template in writing.AFTER:
        writing.AFTER[letter.template](letter)
    elif status is not LetterStatus.WAITING and letter.template == registry.FILE:
        writing.path_of(letter).unlink(missing_ok=True)
    return status


def _deliver_together(connection: Any, letters: Sequence[Letter]) -> list[tuple[LetterStatus, str]]:
    """What becomes of letters that go as one, mostly of a single one, at this try; and why.

    What the log is told never names the reader.

    Raises:
        _Away: the server cannot be reached, or is silent, or broke off.
        Unusable: the register cannot be read or written: the letters are taken up again after a while.
    """
    worded: list[EmailMessage] = []
    became: list[tuple[LetterStatus, str] | None] = []
    for letter in letters:
        try:
            message = writing.compose(letter)
            message.message().as_bytes()
        except writing.Moot as moot:
            became.append((LetterStatus.DROPPED, str(moot)))
        except Unusable:
            raise
        except Exception as error:  # whatever it is, it is this letter's, and the others go on
            became.append((LetterStatus.FAILED, type(error).__name__))
        else:
            worded.append(message)
            became.append(None)
    if worded:
        joined = joining.join(worded, letters[0].language)
        first = letters[became.index(None)]
        database.idle()
        content = joined.message().as_bytes()
        sent = _put_into_folder(first, content) if connection is None else _hand_over(connection, joined)
    return [each or sent for each in became]


def _put_into_folder(letter: Letter, content: bytes) -> tuple[LetterStatus, str]:
    """Done twice, it is the same file."""
    own = re.sub(r"\W", "", letter.message_id.partition("@")[0]) or letter.id
    path = writing.folder("") / f"{letter.written_at:%Y%m%dT%H%M%S}-{own}.eml"
    try:
        files.write_whole(path, content)
    except OSError as error:
        return LetterStatus.WAITING, error.strerror or type(error).__name__
    return LetterStatus.SENT, ""


def _hand_over(connection: Any, letter: EmailMessage) -> tuple[LetterStatus, str]:
    """Given up at once is only what can never go: a receiver that the server will not take, an address that is none.

    Raises:
        _Away: the server cannot be reached, or is silent, or broke off.
    """
    say = current_app.logger.warning
    try:
        connection.open()
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        say("the mail server refused a receiver: %s", codes)
        refused = all(code >= 500 for code in codes)
        return LetterStatus.FAILED if refused else LetterStatus.WAITING, f"refused {codes}"
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        problem = f"{type(error).__name__} {error.smtp_code}"
        say("the mail server did not take a letter: %s", problem)
        return LetterStatus.WAITING, problem
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None) or ""
        said = f"{type(error).__name__} {code}".strip()
        say("the mail server is not to be reached: %s", said)
        _end(connection)
        raise _Away(said) from None
    except Exception as error:  # whatever it is, it is this letter's, and the others go on
        say("a letter cannot be sent: %s", type(error).__name__)
        _end(connection)
        return LetterStatus.FAILED, type(error).__name__
    return LetterStatus.SENT, ""


def _end(connection: Any) -> None:
    if connection is not None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()


# A letter as older programs left it in the outbox: when it was due, how often it was tried, its name.
_FILE = re.compile(r"(\d{1,12})\.(\d{1,3})\.([\w-]+\.json)", re.ASCII)


def take_in_files() -> None:
    """Give each letter that an older program left in this home a row, so that it goes its way like the others."""
    for name, status in (("outbox", LetterStatus.WAITING), ("failed", LetterStatus.FAILED)):
        place = database.register().home / "mail" / name
        for taken in place.glob("*.taken"):
            taken.replace(taken.with_suffix(".json"))
        names = sorted(path.name for path in place.glob("*.json") if name == "failed" or _FILE.fullmatch(path.name))
        if names:
            registry.take_in_files(database.idle(), SYSTEM, names, status, database.now())


# ---- waking whoever sends ---------------------------------------------------------------------------------


def wake_if_told(con: Connection) -> None:
    """Let the letters go at once that were written over a connection; the clock takes along what this misses."""
    if not registry.have_been_told(con):
        return
    if writing.has_server():
        current_app.extensions["tempuse.letter_waits"]()
        return
    try:
        deliver()
    except TempuseError as error:
        current_app.logger.error("%s", spoken.in_language(error.message, error.values))


def wake_later() -> None:
    """Let a worker look after the letters that were written in this request: how long they take is not to be seen."""
    if registry.have_been_told(database.connection()):
        current_app.extensions["tempuse.letter_waits"]()


def wake() -> None:
    """Let the letters go at once that were written in this request, or by this task."""
    con = g.get("con")
    if con is not None and not con.closed and not con.invalidated:
        wake_if_told(con)


def _after_request(response: Response) -> Response:
    wake()
    return response


class _Verified(smtplib.SMTP):
    """STARTTLS that looks at the server's certificate; the standard library's does not."""

    def starttls(self, *args: Any, **options: Any) -> Any:
        return super().starttls(*args, **{**options, "context": options.get("context") or ssl.create_default_context()})


class Backend(EmailBackend):  # type: ignore[misc]
    """Flask-Mailman's, with certificates looked at."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
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
    app.extensions["tempuse.letter_waits"] = lambda: None
    app.after_request(_after_request)
