"""A letter in words, made when it is delivered: by then it is known whether there is still somebody to write to.

Links that carry a secret are made here, and stand in no register. Templates are plain text in ``templates/mail``; the
first line is the subject, the second is empty.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app, render_template, url_for
from flask_babel import force_locale
from flask_mailman import EmailMessage

from tempuse import files
from tempuse.access import SYSTEM
from tempuse.errors import NotFound
from tempuse.letters import Letter
from tempuse.people import Person
from tempuse.registry import letters as registry
from tempuse.registry import reports
from tempuse.reports import Report
from tempuse.store import organisations, people
from tempuse.store import reports as report_rows
from tempuse.vocabulary import ReportStatus
from web import database
from web.accounts import auth, links
from web.site import layout


class Moot(Exception):
    """A letter that has nothing to say any more, or nobody to say it to: why, in one word."""


class Addressed(NamedTuple):
    """To which address a letter goes, what its template names, and which other template says it now, if any does."""

    to: str
    values: dict[str, Any]
    template: str = ""
    # The address at which a mailbox ends these letters by one press (RFC 8058); empty where there is none.
    stop: str = ""


def compose(letter: Letter) -> EmailMessage:
    """A letter as it goes over the wire.

    Raises:
        Moot: it is not to be sent any more.
    """
    if letter.template == registry.FILE:
        return _of_file(letter)
    settings = database.settings()
    spoken = letter.language if letter.language in settings.languages else settings.languages[0]
    with force_locale(spoken):
        content = CONTENTS[letter.template](letter)
        text = render_template(f"mail/{content.template or letter.template}.txt", **content.values)
        subject, _, body = text.strip().partition("\n")
        sender = layout.sender()
    address = settings.mail_from or settings.contact_email or registry.NO_ADDRESS
    return message({
        "to": content.to, "subject": " ".join(subject.split()), "body": body.strip() + "\n",
        "sender": formataddr((sender.replace("\n", " "), address)), "reply_to": settings.contact_email,
        "language": spoken, "at": letter.written_at.isoformat(), "id": letter.message_id, "stop": content.stop,
    })  # fmt: skip


def message(worded: dict[str, str]) -> EmailMessage:
    """A worded letter as it goes over the wire."""
    headers = {
        "Message-ID": worded["id"], "Date": format_datetime(datetime.fromisoformat(worded["at"])),
        "Auto-Submitted": "auto-generated", "Content-Language": worded["language"],
    }  # fmt: skip
    if stop := worded.get("stop"):
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    reply_to = [worded["reply_to"]] if worded["reply_to"] else []
    return EmailMessage(
        worded["subject"], worded["body"], worded["sender"], [worded["to"]], headers=headers, reply_to=reply_to
    )


# ---- what each template says, and to whom -----------------------------------------------------------------


def _confirm(letter: Letter) -> Addressed:
    report = _report(letter)
    if not report.contact or report.confirmed_at is not None:
        raise Moot("confirmed" if report.contact else "no address")
    secret = _secret_of(report)
    reports.expect_secret(database.idle(), SYSTEM, report.ref, secret)
    return Addressed(report.contact, {"link": address_of("public.report_confirm", secret=secret)})


def _answer(letter: Letter) -> Addressed:
    report = _report(letter)
    if not report.may_be_answered or report.contact is None:
        raise Moot("no address")
    judged_at = report.judged_at and report.judged_at.isoformat()
    if report.status == ReportStatus.SENT or judged_at != letter.refs.get("judged_at"):
        raise Moot("judged again")
    return Addressed(report.contact, {"report": report})


def _invitation(letter: Letter) -> Addressed:
    person = person_of(letter)
    if auth.has_password(person):
        raise Moot("has a password")
    inviter = people.find_one(database.connection(), letter.refs.get("by", ""))
    days = auth.link_lasts(person).days
    link = auth.link_for(person, base())
    return Addressed(
        person.email, {"person": person, "link": link, "days": days, "inviter": inviter.name if inviter else ""}
    )


def _new_password(letter: Letter) -> Addressed:
    person = person_of(letter)
    if not person.role and not auth.has_password(person):
        return _entry(person)
    hours = round(auth.link_lasts(person).total_seconds() / 3600)
    return Addressed(person.email, {"person": person, "link": auth.link_for(person, base()), "hours": hours})


def _entry(person: Person) -> Addressed:
    """Whoever has no password, and needs none, gets a link to their own page."""
    values = {"person": person, "link": entry_to(person), "days": links.LASTS.days}
    return Addressed(person.email, values, "entry")


def _member_invitation(letter: Letter) -> Addressed:
    person, ref = person_of(letter), letter.refs["organisation"]
    asked = [each for each in organisations.parts_of(database.connection(), person.ref) if each.organisation_ref == ref]
    waiting = [each for each in asked if each.confirmed_at is None]
    organisation = organisations.find_one(database.connection(), ref)
    if organisation is None or organisation.retired_on or not waiting:
        raise Moot("not asked")
    inviter = people.find_one(database.connection(), letter.refs.get("by", ""))
    return Addressed(person.email, {
        "person": person, "organisation": organisation, "parts": [each.part for each in waiting],
        "inviter": inviter.name if inviter else "", "days": links.LASTS.days,
        "link": entry_to(person, url_for("auth.organisation", ref=ref)),
    })  # fmt: skip


def entry_to(person: Person, to: str = "/my/") -> str:
    """A link for a letter that opens a page of the reader's own, without a password."""
    return links.entry_link(person, base(), to)


# By template; each noun's letters are worded in a module of their own, which adds them here.
CONTENTS: dict[str, Callable[[Letter], Addressed]] = {
    "report_confirm": _confirm,
    "report_answer": _answer,
    "invitation": _invitation,
    "new_password": _new_password,
    "member_invitation": _member_invitation,
}


# By template, what follows from a letter that has left: each noun's module adds it here.
AFTER: dict[str, Callable[[Letter], None]] = {}


def _report(letter: Letter) -> Report:
    try:
        return report_rows.get(database.connection(), letter.to_ref)
    except NotFound:
        raise Moot("no report") from None


def person_of(letter: Letter) -> Person:
    """The person whom a letter is to.

    Raises:
        Moot: they are gone.
    """
    person = people.find_one(database.connection(), letter.to_ref)
    if person is None or person.ended_at:
        raise Moot("nobody" if person is None else "left")
    return person


def _secret_of(report: Report) -> str:
    """What proves an address: whoever got the letter knows it, and whoever holds the home's key can make it again."""
    about = f"report_confirm {report.ref} {report.sent_at and report.sent_at.isoformat()} {report.contact}"
    return secret_about(about)


def secret_about(matter: str) -> str:
    """A secret that only this home makes of these words, always the same."""
    digest = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), matter.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


# ---- letters of the second version, which lie as files ----------------------------------------------------


def path_of(letter: Letter) -> Path:
    """Where the file of such a letter lies."""
    places = [folder(name) / Path(letter.to_ref).name for name in ("outbox", "failed")]
    return next((path for path in places if path.is_file()), places[0])


def _of_file(letter: Letter) -> EmailMessage:
    try:
        return message(json.loads(path_of(letter).read_bytes()))
    except FileNotFoundError:
        raise Moot("no file") from None


# ---- where letters go -------------------------------------------------------------------------------------


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
    """Where letters lie as files: those that nobody sends; under ``outbox`` and ``failed`` those of older programs."""
    return files.make_folder(database.register().home / "mail" / name)


def init_app(app: Flask) -> None:
    """Where letters go: SMTP_URL and PUBLIC_URL, as TEMPUSE_SMTP and TEMPUSE_URL say."""
    app.config.setdefault("SMTP_URL", "")
    app.config.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
