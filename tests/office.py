"""People of the office for tests: added, with a password, signed in through the real pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Register
from tests.builders import a_space
from web import create_app
from web.accounts import auth

PASSWORD = "correct horse battery"


def add_person(
    app: Flask, name: str = "Ilse Maes", role: str = "planner", email: str = "", language: str = "en"
) -> Person:
    """Somebody in the office, with PASSWORD."""
    email = email or f"{name.split()[0].lower()}@rivermouth.example"
    person = Person.with_role(role, name=name, email=email, language=language)
    now = app.extensions["tempuse.clock"]()
    with app.extensions["tempuse.register"].connect() as con:
        person = registry.add_person(con, SYSTEM, person, now)
    with app.test_request_context():
        auth.set_password(person, PASSWORD)
    return person


def an_office(register: Register, now: datetime) -> Flask:
    """An app that faults show themselves in as they would to people, on a register of one space."""
    with register.connect() as con:
        setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
        add_space(con, SYSTEM, a_space(), now)
    return create_app(register, {"RATELIMIT_ENABLED": False, "REPORT_LEAST_SECONDS": 0}, clock=lambda: now)


def an_app_of_a_visit(register: Register, now: datetime, **settings: str) -> Flask:
    """An app whose clock goes on by a few seconds with each look, as a person would take."""
    looks = [0]

    def clock() -> datetime:
        looks[0] += 5
        return now + timedelta(seconds=looks[0])

    return create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False, **settings}, clock=clock)


def a_public_app(register: Register, clock: list[datetime]) -> Flask:
    """An app that knows its own address, for letters with links; a test may turn its clock on."""
    settings = {"TESTING": True, "RATELIMIT_ENABLED": False, "PUBLIC_URL": "https://spaces.rivermouth.example"}
    return create_app(register, settings, clock=lambda: clock[0])


def token_of(html: str) -> str:
    """The token against forged requests that a page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html) or re.search(r'"csrf-token" content="([^"]+)"', html)
    assert found, html[:2000]
    return found[1]


def post(client: FlaskClient, address: str, values: dict[str, Any], page: str = "", **options: Any) -> Any:
    """Open a page and send its form, as a browser does."""
    opened = client.get(page or address)
    headers = {"Origin": "http://localhost", **options.pop("headers", {})}
    values = {"csrf_token": token_of(opened.text), **values}
    return client.post(address, data=values, headers=headers, **options)


def sign_in(client: FlaskClient, person: Person, password: str = PASSWORD, **more: str) -> Any:
    """Sign in by the page."""
    return post(client, "/my/sign-in", {"email": person.email, "password": password, **more})


def a_signed_in_client(app: Flask, name: str = "Ilse Maes", role: str = "planner") -> FlaskClient:
    """A browser of somebody who has just signed in."""
    client = app.test_client()
    assert sign_in(client, add_person(app, name, role)).status_code == 302
    return client
