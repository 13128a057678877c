"""Private addresses of calendars: whose, which number, and what proves it, made with the house's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, current_app

from tempuse.refs import PREFIXES
from tempuse.store import spaces
from tempuse.store.permits import Ruled
from web import database
from web.presenters import calendars
from web.site import addresses

_NOUNS = {PREFIXES[noun]: noun for noun in ("organisation", "person")}
_ADDRESS = re.compile(r"([A-Z]{2}-[0-9]{1,12})-([0-9]{1,9})-([\w-]{32})")


class Link(NamedTuple):
    """Whose calendar an address opens, and which of their addresses it is."""

    noun: str
    ref: str
    number: int


def _proof(ref: str, number: int) -> str:
    about = f"calendar {ref} {number}"
    digest = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), about.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


def address(ref: str, number: int) -> str:
    """The full private address."""
    return addresses.full("auth.private_calendar", secret=f"{ref}-{number}-{_proof(ref, number)}")


def read(secret: str) -> Link | None:
    """What an address opens; None where it is none of ours."""
    match = _ADDRESS.fullmatch(secret)
    if match is None or match[1].partition("-")[0] not in _NOUNS:
        return None
    ref, number = match[1], int(match[2])
    if not hmac.compare_digest(match[3].encode(), _proof(ref, number).encode()):
        return None
    return Link(_NOUNS[ref.partition("-")[0]], ref, number)


def answer(found: Sequence[Ruled], name: str) -> Response:
    """The calendar of these permits, for whom they concern."""
    con = database.connection()
    refs = list(dict.fromkeys(ref for each in found for ref in each.permit.space_refs))
    named: dict[str, str] = {}
    for start in range(0, len(refs), 500):
        for _, space in spaces.numbered(con, refs[start : start + 500]):
            named[space.ref] = space.name or space.address or space.ref
    entries = [entry for each in found for entry in calendars.of_permit(each, named)]
    return calendars.answer(calendars.calendar(name, entries, near=len(found) > 1), "permits", public=False)
