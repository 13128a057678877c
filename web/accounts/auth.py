"""Who is signed in, and how they come in. Passwords and sessions are Flask-Security's business.

Its own views, forms and templates are switched off: ``web/my/sign_in.py`` has ours. Who a person is and what they
may do is read from the register at each request, so whoever was ended there is out at the next click.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, g, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from flask_security import Security, hash_password
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status, update_password
from flask_security.utils import login_user, logout_user
from flask_wtf import CSRFProtect
from zxcvbn import zxcvbn

from tempuse.emails import tidy_email
from tempuse.people import Person
from tempuse.store import people
from tempuse.store.accounts import Accounts
from web import database

INVITATION_DAYS = 14
RESET_HOURS = 24
# A session that nobody used for so long has ended.
IDLE = timedelta(hours=12)
# However much it is used, a session ends after so long.
LONGEST_SESSION = timedelta(days=7)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# How much of a password is weighed, and what it must weigh, from 0 to 4: a hundred million guesses and more.
_LOOKED_AT = 72
_HARD_ENOUGH = 3

CONFIG = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=INVITATION_DAYS),
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
}


def accounts() -> Accounts:
    """The accounts of the register that this app serves."""
    return cast(Accounts, current_app.extensions["tempuse.accounts"])


# ---- who is here -------------------------------------------------------------------------------------


def signed_in() -> Person | None:
    """The person whose session this is, None when nobody is signed in."""
    if "person" not in g:
        g.person = _person_of_session() if "_user_id" in session else None
    return cast("Person | None", g.person)


def _person_of_session() -> Person | None:
    if not current_user.is_authenticated:
        return None
    person = people.find_one(database.connection(), current_user.person_ref)
    last = datetime.fromisoformat(session.get("seen_at", "2000-01-01T00:00:00+00:00"))
    is_over = person is None or person.ended_at or database.now() - last > IDLE
    if person is None or is_over or not accounts().has_session(session.get("key", ""), person.ref, database.now()):
        leave()
        return None
    if database.now() - last > IDLE / 100:  # not with each answer: a cookie that changes cannot be kept
        session["seen_at"] = database.now().isoformat()
    return person


def check_password(email: str, password: str) -> Person | None:
    """The person who belongs to an address and a password; takes as long when there is none."""
    person = people.by_email(database.connection(), tidy_email(email))
    account = accounts().find_user(person_ref=person.ref) if person and not person.ended_at else None
    if account is None or not account.password or len(password) > LONGEST_PASSWORD:
        hash_password(password[:LONGEST_PASSWORD])
        return None
    if not account.verify_and_update_password(_normal(password)):
        return None
    accounts().commit()
    return person


def enter(person: Person) -> None:
    """Begin a session; nothing of the one before is left but the language."""
    account = accounts().of_person(person.ref, database.now())
    _forget_session()
    login_user(account, remember=False)
    session["key"] = accounts().begin_session(person.ref, database.now(), LONGEST_SESSION)
    session["seen_at"] = database.now().isoformat()
    speak(person)
    g.person = person


def speak(person: Person) -> None:
    """Let the pages speak the person's language from now on."""
    if person.language in database.settings().languages:
        session["language"] = person.language


def leave() -> None:
    """End this session, and every copy of its cookie."""
    logout_user()
    _forget_session()
    g.person = None


def _forget_session() -> None:
    language, key = session.get("language"), session.get("key")
    if key:
        accounts().end_session(key)
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["language"] = language


# ---- invitations and forgotten passwords --------------------------------------------------------------


def link_for(person: Person, base: str) -> str:
    """An address where the person sets a password: works once, for a while; a new password ends it.

    Args:
        person: who; an account is made when there is none.
        base: address of this installation, like https://spaces.example.org.
    """
    token = generate_reset_password_token(accounts().of_person(person.ref, database.now()))
    return base.rstrip("/") + url_for("auth.set_password", token=token)


def link_lasts(person: Person) -> timedelta:
    """How long a link for this person works: longer while they have no password yet."""
    return timedelta(hours=RESET_HOURS) if has_password(person) else timedelta(days=INVITATION_DAYS)


def has_password(person: Person) -> bool:
    """Whether the person took up their invitation."""
    account = accounts().find_user(person_ref=person.ref)
    return account is not None and account.has_password


def person_of_link(token: str) -> Person | None:
    """Whose link this is, None when it has been used, is too old, or is not ours."""
    expired, invalid, account = reset_password_token_status(token)
    if expired or invalid or account is None:
        return None
    if account.has_password and not _is_younger(token, timedelta(hours=RESET_HOURS)):
        return None
    person = people.find_one(database.connection(), account.person_ref)
    return None if person is None or person.ended_at else person


def _is_younger(token: str, age: timedelta) -> bool:
    serializer = current_app.extensions["security"].reset_serializer
    _, made_at = serializer.loads(token, return_timestamp=True)
    return bool(datetime.now(made_at.tzinfo) - made_at < age)


def set_password(person: Person, password: str) -> None:
    """Give the person a password; every session and link of theirs ends."""
    account = accounts().of_person(person.ref, database.now())
    update_password(account, _normal(password))
    accounts().end_sessions(person.ref)


def is_easy(password: str, person: Person) -> bool:
    """Whether a password would be guessed soon: by what is common, or what everybody knows of person and city."""
    settings = database.settings()
    names = (person.email, person.name, settings.municipality, settings.site_name)
    known = [part for name in names for part in (name, "".join(name.split()), *re.split(r"[\W_]+", name)) if part]
    # Also without what stands between words: Ilse.Maes is no harder than ilsemaes.
    weighed = {password[:_LOOKED_AT], re.sub(r"[\W_]+", "", password)[:_LOOKED_AT]} - {""}
    return any(zxcvbn(text, user_inputs=known)["score"] < _HARD_ENOUGH for text in weighed)


def _normal(password: str) -> str:
    return str(current_app.extensions["security"].password_util.normalize(password))


def end_ways_in(person_ref: str) -> None:
    """End somebody's sessions and the links of their letters; a password stays."""
    accounts().renew(person_ref)


def forget(person: Person) -> None:
    """Take away the person's password, sessions and links: when they left."""
    accounts().forget(person.ref)


class _Sessions(SecureCookieSessionInterface):
    """Sessions whose cookie is Secure wherever the page came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def init_app(app: Flask) -> None:
    """Give the app its accounts, its sessions and its protection against forged requests."""
    for name, value in CONFIG.items():
        app.config.setdefault(name, value)
    # Flask-Security wants one; argon2 salts each password by itself.
    app.config.setdefault("SECURITY_PASSWORD_SALT", secrets.token_hex(8))
    held = Accounts(app.extensions["tempuse.register"])
    app.extensions["tempuse.accounts"] = held
    app.session_interface = _Sessions()
    CSRFProtect(app)
    security = Security(app, held, register_blueprint=False)
    # Roles stand in the register; and a session is the only way to be signed in.
    security.principal.identity_loaders.clear()
    security.login_manager.request_loader(lambda _: None)
    app.teardown_appcontext(lambda _: held.release())
    app.jinja_env.globals.update(signed_in=signed_in)
