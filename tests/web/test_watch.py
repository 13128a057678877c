"""Tell me when one fits: the form, the letters, the page behind the link, and the button of a mailbox."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space, move_space
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store import letters
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import post
from tests.web.test_public_pages import text

QUESTION = "use=workshop&m2=60-120"
FITTING = {"kind": "unit", "floor_area_m2": 94.0, "suitable_uses": ("workshop",)}


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def town(con: Connection, now: datetime) -> str:
    """A town with one space that fits."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return add_space(con, SYSTEM, a_space(name="Old forge", **FITTING), now)


def ask(client: FlaskClient, clock: Clock, question: str = QUESTION, **changes: Any) -> Any:
    """Open the form, take a minute over it, send it."""
    form = form_of(client.get(f"/watch?{question}").text, "form_token")
    clock.forward(minutes=1)
    values = {**form, "email": "jo@example.org", "every": "day", **changes}
    return client.post(f"/watch?{question}", data=values, headers={"Origin": "http://localhost"})


def link_in(server: Server, number: int = -1) -> str:
    return re.search(r"(/watch/[\w-]+)", server.letters[number].get_content())[1]


def confirmed(app: Flask, client: FlaskClient, server: Server, clock: Clock) -> str:
    """The link of a confirmed watch."""
    assert ask(client, clock).location.endswith("/watch/sent")
    deliver(app)
    link = link_in(server)
    post(client, link, {"act": "confirm", "every": "day"}, page=link)
    return link


def test_the_form_says_how_many_fit_and_asks_for_an_address(client: FlaskClient, town: str) -> None:
    said = text(client.get(f"/watch?{QUESTION}"))
    assert "You look for: workshop, 60 to 120 m²." in said
    assert "One fits now." in said
    assert client.get("/watch").location.startswith("/match")
    assert client.get("/watch?m2=120-60").location == "/match?m2=120-60&change=yes"


def test_a_space_that_begins_to_fit_is_told_in_one_letter_with_a_way_out(
    app: Flask, client: FlaskClient, con: Connection, server: Server, clock: Clock, town: str
) -> None:
    link = confirmed(app, client, server, clock)
    new = add_space(con, SYSTEM, a_space(name="New forge", **FITTING), clock())
    sweep_watches(con, SYSTEM, clock())
    assert write_watch_letters(con, SYSTEM, clock()) == 1
    deliver(app)
    letter = server.letters[-1]
    body = letter.get_content()
    assert letter["Subject"] == "A space fits what you look for"
    assert "New forge" in body
    assert f"/spaces/{new}" in body
    assert "Old forge" not in body
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"<https?://[^/]+(/watch/[^>]+/stop)>", letter["List-Unsubscribe"])[1]
    assert stop.startswith(link)
    assert client.get(stop).status_code == 405
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "No more letters will come" in text(client.get(link))
    count = len(server.letters)
    add_space(con, SYSTEM, a_space(name="Newer forge", **FITTING), clock())
    sweep_watches(con, SYSTEM, clock())
    write_watch_letters(con, SYSTEM, clock())
    deliver(app)
    assert len(server.letters) == count


def test_a_space_that_is_withheld_after_the_letter_was_written_is_named_nowhere(
    app: Flask, client: FlaskClient, con: Connection, server: Server, clock: Clock, town: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Case 18: neither in a letter nor in the feed, nor in what is logged or kept of letters."""
    caplog.set_level(logging.DEBUG)
    confirmed(app, client, server, clock)
    new = add_space(con, SYSTEM, a_space(name="Brief forge", **FITTING), clock())
    sweep_watches(con, SYSTEM, clock())
    write_watch_letters(con, SYSTEM, clock())
    move_space(con, SYSTEM, new, "withhold", clock())
    count = len(server.letters)
    deliver(app)
    assert len(server.letters) == count
    feed = client.get(f"/match.atom?{QUESTION}").text
    assert "Old forge" in feed
    assert "Brief forge" not in f"{feed} {caplog.text} {letters.find(con)}"
    assert new not in feed + caplog.text


def test_programs_that_open_every_link_confirm_and_end_nothing(
    app: Flask, client: FlaskClient, server: Server, clock: Clock, town: str
) -> None:
    ask(client, clock)
    deliver(app)
    link = link_in(server)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert "Shall we write to you" in text(client.get(link))
    post(client, link, {"act": "confirm", "every": "day"}, page=link)
    for _ in range(3):
        client.get(link)
    assert "We write when a space begins to fit" in text(client.get(link))


def test_the_link_changes_the_pace_and_says_that_somebody_still_looks(
    app: Flask, client: FlaskClient, server: Server, clock: Clock, town: str
) -> None:
    link = confirmed(app, client, server, clock)
    post(client, link, {"act": "pace", "every": "week"}, page=link)
    assert form_of(client.get(link).text, "every")["every"] == "week"
    clock.forward(days=100)
    post(client, link, {"act": "still", "every": "week"}, page=link)
    assert "until 30 August" in text(client.get(link)) or "2027" in text(client.get(link))
    post(client, link, {"act": "end", "every": "week"}, page=link)
    assert "No more letters will come" in text(client.get(link))


def test_asking_twice_tells_a_stranger_nothing(
    app: Flask, client: FlaskClient, server: Server, clock: Clock, town: str
) -> None:
    confirmed(app, client, server, clock)
    clock.forward(days=1)
    again, other = ask(client, clock), ask(client, clock, email="max@example.org")
    assert again.location == other.location
    deliver(app)
    said = {letter["To"]: letter.get_content() for letter in server.letters[-2:]}
    assert "You hear of it already." in said["jo@example.org"]
    assert "If it was you, press here" in said["max@example.org"]


def test_bad_addresses_robots_and_old_links_get_their_sentence(
    client: FlaskClient, server: Server, clock: Clock, town: str
) -> None:
    assert "This is not an e-mail address" in text(ask(client, clock, email="jo@"))
    assert "has no @" in text(ask(client, clock, email="jo"))
    answer = ask(client, clock, website="https://spam.example")
    assert answer.location.endswith("/watch/sent")
    assert client.get("/watch/no-such-secret").status_code == 410
    assert client.post("/watch/no-such-secret/stop").status_code == 200
