"""A mark in a browser in which somebody has signed in before, so that strangers' guesses never keep them out.

The mark is a number at random and a signature of it with what stands for the person's password: it tells nothing
about the person, and a new password makes it worthless. It opens nothing; a password is needed all the same.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from tempuse.emails import tidy_email
from tempuse.people import Person
from tempuse.store import people
from tempuse.store.accounts import Account
from web import database
from web.accounts import auth

COOKIE = "tempuse_known"
LASTS = timedelta(days=180)
# Who shares a browser: the last so many are remembered.
MOST = 5


def _signed(number: str, account: Account) -> str:
    text = f"known {number} {account.fs_uniquifier}"
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()


def _marks() -> list[str]:
    return request.cookies.get(COOKIE, "")[:1000].split(".")[:MOST]


def _is_of(mark: str, account: Account) -> bool:
    number, _, signature = mark.partition("-")
    return hmac.compare_digest(signature.encode(), _signed(number, account).encode())


def mark_of(email: str) -> str:
    """The mark of the person who has this address; empty when they did not sign in here since their last password."""
    person = people.by_email(database.connection(), tidy_email(email))
    account = auth.accounts().find_user(person_ref=person.ref) if person else None
    return next((mark for mark in _marks() if account is not None and _is_of(mark, account)), "")


def remember(response: Response, person: Person) -> Response:
    """Put a fresh mark of this person into the browser, beside those of others."""
    account = auth.accounts().find_user(person_ref=person.ref)
    if account is None:
        return response
    number = secrets.token_hex(16)
    others = [mark for mark in _marks() if mark and not _is_of(mark, account)]
    response.set_cookie(
        COOKIE, ".".join([f"{number}-{_signed(number, account)}", *others][:MOST]), max_age=LASTS, path="/my",
        secure=current_app.session_interface.get_cookie_secure(current_app), httponly=True, samesite="Lax",
    )  # fmt: skip
    return response
