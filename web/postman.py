"""The letters' way to the mail server: the worker's part of ``web/mail.py``."""

from __future__ import annotations

import contextlib
import json
import os
import smtplib
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import Mail
from flask_mailman.backends.smtp import EmailBackend

from tempuse.errors import Invalid
from web import database, mail

# Minutes between tries: about four days in all, as RFC 5321, 4.5.4.1 advises.
PAUSES = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)
# A letter that somebody was sending when the machine stopped is taken up again after so long.
TAKEN_FOR = timedelta(minutes=15)
SERVER_SECONDS = 30


def deliver() -> mail.Count:
    """Hand every letter that is due to the mail server. Several workers do not send one twice."""
    sent = waiting = failed = 0
    now = database.now()
    _take_up_left_behind(now)
    for path in sorted(mail.folder("outbox").glob("*.json")):
        due, tries, name = path.name.split(".", 2)
        if int(due) > now.timestamp():
            waiting += 1
            continue
        with _taken(path) as taken:
            if taken is None:
                continue
            outcome = _hand_over(json.loads(taken.read_bytes()))
            if outcome == "sent":
                taken.unlink()
                sent += 1
            elif outcome == "refused" or int(tries) >= len(PAUSES):
                current_app.logger.error("a letter could not be sent and lies in %s", mail.folder("failed") / name)
                os.replace(taken, mail.folder("failed") / name)
                failed += 1
            else:
                again = int(now.timestamp()) + PAUSES[int(tries)] * 60
                os.replace(taken, path.with_name(f"{again}.{int(tries) + 1}.{name}"))
                waiting += 1
    return mail.Count(sent, waiting, failed)


def _hand_over(letter: dict[str, str]) -> str:
    """``sent``, ``later`` or ``refused``: only a receiver that the server will never take is given up at once."""
    connection = current_app.extensions["mailman"].get_connection()
    try:
        connection.send_messages([mail.message(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        current_app.logger.warning("the mail server refused a receiver: %s", codes)
        return "refused" if all(code >= 500 for code in codes) else "later"
    except (smtplib.SMTPException, OSError) as error:
        current_app.logger.warning("the mail server did not take a letter: %s", error)
        return "later"
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()
    return "sent"


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[Path | None]:
    """A letter that is ours alone meanwhile; None when another worker was faster."""
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
            if now.timestamp() - path.stat().st_mtime > TAKEN_FOR.total_seconds():
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
