"""Whoever confirmed something by the link of a letter comes to its page, without a password."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from tempuse.people import Person
from web import database
from web.accounts import auth

# A link that was pressed opens the page once more for so long: presses come twice.
PRESSED_AGAIN = timedelta(hours=1)


def lead_on(person: Person, page: str, pressed_at: datetime | None) -> ResponseReturnValue | None:
    """The way to the page; None where the link was used some time ago, and opens nothing any more.

    Args:
        person: who confirmed.
        page: the address of what they confirmed.
        pressed_at: when they did so first.
    """
    here = auth.signed_in()
    if here is not None and here.ref == person.ref:
        return redirect(page)
    if person.role:  # their session opens more than their own page
        return redirect(url_for("auth.sign_in", next=page))
    if pressed_at is None or database.now() - pressed_at > PRESSED_AGAIN:
        return None
    auth.enter(person)
    return redirect(page)
