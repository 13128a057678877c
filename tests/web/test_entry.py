"""Ways in without a password: the link of a letter, looked at by programs, pressed twice, too old, tampered with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.store import people
from tempuse.store.engine import Register, writing
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import PASSWORD, add_person, post, sign_in, token_of
from web.accounts import auth, links

OVER = "This link does not work any more"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Links are made and looked at alike on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def ada(app: Flask, clock: Clock) -> Person:
    """Somebody from outside the office, without a password."""
    with app.extensions["tempuse.register"].connect() as con, writing(con):
        return registry.known_person(con, "Ada Mol", "ada@example.org", "en", clock.now)


def link(app: Flask, person: Person, to: str = "/my/") -> str:
    with app.test_request_context():
        return links.entry_link(person, "", to)


def press(client: FlaskClient, address: str) -> object:
    return post(client, address, {})


def is_in(client: FlaskClient) -> bool:
    return client.get("/my/").status_code == 200


def test_looking_does_nothing_and_pressing_opens_the_page(app: Flask, ada: Person, client: FlaskClient) -> None:
    address = link(app, ada, "/my/account")
    for look in (client.get, client.head, client.get):
        answer = look(address)
        assert answer.status_code == 200
        assert not is_in(client)
    page = client.get(address)
    assert "The page of Ada Mol" in page.text
    form = {"csrf_token": token_of(page.text)}
    for _ in range(2):
        pressed = client.post(address, data=form, headers={"Origin": "http://localhost"})
        assert (pressed.status_code, pressed.location) == (302, "/my/account")
        assert is_in(client)
    assert "Ada Mol" in client.get("/my/").text


def test_a_link_may_be_opened_again_and_elsewhere_until_it_ends(app: Flask, ada: Person, clock: Clock) -> None:
    address = link(app, ada)
    for days in (0, 10, 19.9):
        clock.forward(days=days)
        client = app.test_client()
        assert press(client, address).status_code == 302  # type: ignore[attr-defined]
        assert is_in(client)
    clock.forward(days=0.2)
    late = app.test_client().get(address)
    assert (late.status_code, OVER in late.text, "/my/forgotten" in late.text) == (410, True, True)
    assert client.post(address).status_code in (302, 410)


def test_a_form_that_nobody_here_sent_opens_nothing(app: Flask, ada: Person, client: FlaskClient) -> None:
    answer = client.post(link(app, ada), data={"csrf_token": "x"})
    assert answer.status_code == 400
    assert "Please press the button once more" in answer.text
    assert not is_in(client)


def test_a_link_that_was_tampered_with_or_is_anothers_opens_nothing(
    app: Flask, ada: Person, client: FlaskClient
) -> None:
    address = link(app, ada)
    token = address.rpartition("/")[2]
    head, _, signature = token.rpartition(".")
    wrong = ["x", token[:-1], f"{head}x.{signature}", signature, token.swapcase(), "é"]
    with app.test_request_context():
        wrong.append(auth.link_for(ada, "").rpartition("/")[2])
    app.config["SECRET_KEY"], own = "another house", app.config["SECRET_KEY"]
    wrong.append(link(app, ada).rpartition("/")[2])
    app.config["SECRET_KEY"] = own
    for each in wrong:
        answer = client.get(f"/my/enter/{each}")
        assert (answer.status_code, OVER in answer.text) == (410, True), each
        assert client.post(f"/my/enter/{each}").status_code == 410, each
    assert not is_in(client)


@pytest.mark.parametrize(
    "to", ["/office/", "https://elsewhere.example/", "//elsewhere.example", "/my/..//x", "/my/\\x"]
)
def test_a_link_leads_to_ones_own_pages_only(app: Flask, ada: Person, to: str) -> None:
    with pytest.raises(ValueError, match=re.escape(to)):
        link(app, ada, to)


def test_links_end_with_a_password_with_a_removal_and_with_the_person(app: Flask, ada: Person, clock: Clock) -> None:
    client = app.test_client()
    address = link(app, ada)
    press(client, address)
    with app.test_request_context():
        auth.end_ways_in(ada.ref)
    assert not is_in(client)
    assert app.test_client().get(address).status_code == 410
    address = link(app, ada)
    with app.test_request_context():
        auth.set_password(ada, PASSWORD)
    assert app.test_client().get(address).status_code == 410
    address = link(app, ada)
    with app.extensions["tempuse.register"].connect() as con:
        registry.end_person(con, SYSTEM, ada.ref, clock.now)
    assert app.test_client().get(address).status_code == 410


def test_who_works_in_the_office_signs_in_all_the_same(app: Flask) -> None:
    ilse, client = add_person(app), app.test_client()
    address = link(app, ilse, "/my/account")
    answer = press(client, address)
    assert answer.location == "/my/sign-in?next=/my/account"  # type: ignore[attr-defined]
    assert not is_in(client)
    assert sign_in(client, ilse, next="/my/account").location == "/my/account"
    assert client.get(address).location == "/my/account"


def test_one_persons_link_in_anothers_browser_asks_before_it_changes_who_is_here(app: Flask, ada: Person) -> None:
    ilse, client = add_person(app), app.test_client()
    sign_in(client, ilse)
    assert "The page of Ada Mol" in client.get(link(app, ada)).text
    assert "Ilse Maes" in client.get("/my/").text
    press(client, link(app, ada))
    assert client.get("/office/").status_code == 403


def test_a_forgotten_link_is_sent_again_and_the_page_never_tells_whose_address_it_is(
    register: Register, clock: Clock, port: int, server: Server
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    with register.connect() as con, writing(con):
        ada = registry.known_person(con, "Ada Mol", "ada@example.org", "en", clock.now)
    pages = [post(app.test_client(), "/my/forgotten", {"email": each}).text for each in (ada.email, "no@example.org")]
    assert len({re.sub(r'"[\w.-]{40,}"|nonce="[^"]+"', "", each) for each in pages}) == 1
    deliver(app)
    (letter,) = server.letters
    assert letter["Subject"].startswith("Your page for")
    found = re.search(r"https://spaces.example(/my/enter/\S+)", letter.get_content())
    assert found
    assert "30 days" in letter.get_content()
    client = app.test_client()
    assert press(client, found[1]).location == "/my/"  # type: ignore[attr-defined]
    # With a password the letter is about that.
    with app.test_request_context():
        auth.set_password(ada, PASSWORD)
    post(app.test_client(), "/my/forgotten", {"email": ada.email})
    deliver(app)
    assert "/my/password/" in server.letters[-1].get_content()


def test_a_password_is_offered_to_whoever_came_by_a_link(app: Flask, ada: Person) -> None:
    client = app.test_client()
    press(client, link(app, ada))
    page = client.get("/my/account").text
    assert "You need none" in page
    assert "Your password now" not in page
    words = "seven quiet herons"
    sent = post(client, "/my/account", {"what": "password", "password": words, "again": words})
    assert sent.status_code == 302
    assert is_in(client)
    other = app.test_client()
    assert sign_in(other, ada, words).location == "/my/"
    assert "Your password now" in other.get("/my/account").text


def test_who_asks_to_be_forgotten_is_asked_once_more_and_gone(app: Flask, ada: Person) -> None:
    client, address = app.test_client(), link(app, ada)
    press(client, address)
    assert "cannot be undone" in client.get("/my/forget").text
    assert "Tick the box" in post(client, "/my/forget", {}).text
    assert post(client, "/my/forget", {"sure": "yes"}).location == "/"
    assert not is_in(client)
    assert app.test_client().get(address).status_code == 410
    with app.extensions["tempuse.register"].connect() as con:
        assert people.get(con, ada.ref).name == "…"
