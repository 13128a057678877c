"""Links of letters that lead people without a password onto their own page.

A link names the person, where it leads and when it ends, signed with the home's key; it stands in no register. It may
be opened until it ends: what is done behind it ends by itself. It ends sooner with a new password, when the person is
removed from an organisation, and when they are gone. Looking at it does nothing: programs look at letters, too.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from tempuse.people import Person
from tempuse.store import people
from web import database
from web.accounts import auth

LASTS = timedelta(days=30)
_HOME = "/my/"


class WayIn(NamedTuple):
    """Whose page a link opens, and which."""

    person: Person
    to: str


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="entry")


def _print_of(person: Person) -> str:
    """What stands for the person's way in: another one as soon as their links are to end."""
    account = auth.accounts().of_person(person.ref, database.now())
    return hashlib.sha256(f"entry {account.fs_uniquifier}".encode()).hexdigest()[:20]


def entry_link(person: Person, base: str, to: str = _HOME) -> str:
    """The address that opens a page of the person's own to whoever has it, for a while.

    Args:
        person: who; an account without a password is made when there is none.
        base: address of this installation, like https://spaces.example.org.
        to: the page, within ``/my/``.

    Raises:
        ValueError: the page is not one of their own part of the house.
    """
    if not _is_own(to):
        raise ValueError(to)
    ends = int((database.now() + LASTS).timestamp())
    token = _serializer().dumps([person.ref, _print_of(person), ends, to])
    return base.rstrip("/") + url_for("auth.enter", token=token)


def entry_of(token: str) -> WayIn | None:
    """Whose page a link opens; None when it has ended, was tampered with, or is not ours."""
    try:
        ref, known, ends, to = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if datetime.fromtimestamp(ends, UTC) <= database.now() or not _is_own(to):
        return None
    person = people.find_one(database.connection(), ref)
    if person is None or person.ended_at or not hmac.compare_digest(known, _print_of(person)):
        return None
    return WayIn(person, to)


def _is_own(to: str) -> bool:
    return to.startswith(_HOME) and "\\" not in to and "//" not in to and ".." not in to
