"""Letters: written at once, sent by the worker, never lost.

A letter waits as a file in ``TEMPUSE_HOME/mail/outbox`` until the mail server has taken it; a server that does not
answer is asked again with growing pauses, and what it will not take lies in ``mail/failed``, where ``tempuse doctor``
and the settings page find it. Without a mail server each letter becomes an ``.eml`` in ``TEMPUSE_HOME/mail``.

Templates are plain text in ``templates/mail``; the first line is the subject, the second is empty.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template, url_for
from flask_babel import force_locale
from flask_mailman import EmailMessage

from tempuse import files
from web import database
from web.site import layout

NO_ADDRESS = "tempuse@localhost"


@dataclass(frozen=True, slots=True)
class Count:
    """How many letters were sent, wait for their next try, and were given up."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0


def send(to: str, template: str, language: str, **values: Any) -> None:
    """Write a letter in the reader's language and put it on its way.

    Args:
        to: an e-mail address.
        template: name of a file in ``templates/mail`` without its suffix.
        language: of the reader.
        values: what the template names.
    """
    settings = database.settings()
    spoken = language if language in settings.languages else settings.languages[0]
    with force_locale(spoken):
        subject, _, body = render_template(f"mail/{template}.txt", **values).strip().partition("\n")
        sender = layout.sender()
    now = database.now()
    address = settings.mail_from or settings.contact_email or NO_ADDRESS
    letter = {
        "to": to, "subject": " ".join(subject.split()), "body": body.strip() + "\n",
        "sender": formataddr((sender.replace("\n", " "), address)), "reply_to": settings.contact_email,
        "language": spoken, "at": now.isoformat(), "id": f"<{secrets.token_hex(12)}@{address.rpartition('@')[2]}>",
    }  # fmt: skip
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    if has_server():
        files.write_whole(folder("outbox") / f"{int(now.timestamp())}.0.{name}.json", json.dumps(letter).encode())
        current_app.extensions["tempuse.letter_waits"]()
    else:
        files.write_whole(folder("") / f"{name}.eml", message(letter).message().as_bytes())


def base() -> str:
    """The address of this installation (PUBLIC_URL, TEMPUSE_URL); never the request's host, which anybody can write."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/")


def address_of(endpoint: str, **values: Any) -> str:
    """A full address for a letter."""
    return base() + url_for(endpoint, **values)


def has_server() -> bool:
    """Whether a mail server is set (TEMPUSE_SMTP)."""
    return bool(current_app.config["SMTP_URL"])


def folder(name: str) -> Path:
    """Where letters lie: ``outbox``, ``failed``, or without a name those that nobody sends."""
    path = database.register().home / "mail" / name
    return files.make_folder(path)


def message(letter: dict[str, str]) -> EmailMessage:
    """A letter as it goes over the wire."""
    headers = {
        "Message-ID": letter["id"], "Date": format_datetime(datetime.fromisoformat(letter["at"])),
        "Auto-Submitted": "auto-generated", "Content-Language": letter["language"],
    }  # fmt: skip
    reply_to = [letter["reply_to"]] if letter["reply_to"] else []
    return EmailMessage(
        letter["subject"], letter["body"], letter["sender"], [letter["to"]], headers=headers, reply_to=reply_to
    )


_ROUND = "round.json"
# A letter in the outbox: when it is due, how often it was tried, its name.
LETTER = re.compile(r"(\d{1,12})\.(\d{1,3})\.([\w-]+\.json)", re.ASCII)


def note_round(now: datetime, problem: str) -> None:
    """Keep when letters were last handed over, and what was wrong with the mail server then, for the doctor."""
    files.write_whole(folder("") / _ROUND, json.dumps({"at": now.isoformat(), "problem": problem}).encode())


def last_round(letters: Path) -> tuple[datetime | None, str]:
    """When letters were last handed over, None when never, and what was wrong with the mail server then.

    Args:
        letters: the folder ``mail`` of a home.
    """
    try:
        said = json.loads((letters / _ROUND).read_bytes())
        return datetime.fromisoformat(said["at"]), str(said["problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""


def waiting() -> Count:
    """How many letters wait, and how many were given up."""
    outbox = folder("outbox")
    return Count(0, len([*outbox.glob("*.json"), *outbox.glob("*.taken")]), len([*folder("failed").glob("*.json")]))


def init_app(app: Flask) -> None:
    """Where letters go: SMTP_URL and PUBLIC_URL, as TEMPUSE_SMTP and TEMPUSE_URL say."""
    app.config.setdefault("SMTP_URL", "")
    app.config.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
    app.extensions["tempuse.letter_waits"] = lambda: None
