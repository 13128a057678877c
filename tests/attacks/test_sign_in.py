"""Guessing passwords: counted by person and network, before the answer, and never so that others stay outside."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.people import Person
from tempuse.store import accounts, copying
from tempuse.store.engine import Register
from tests.office import PASSWORD, a_signed_in_client, add_person, post, sign_in, token_of
from web import create_app
from web.accounts import auth, known
from web.site import limits

ATTACKER, ANOTHER, OFFICE = "192.0.2.66", "198.51.100.7", "203.0.113.5"


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    """The app, counting."""
    return create_app(register, {"TESTING": True}, clock=lambda: now)


@pytest.fixture
def at(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser at an address."""

    def browser(address: str) -> FlaskClient:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return browser


def guess(client: FlaskClient, person: Person, times: int) -> list[int]:
    return [sign_in(client, person, f"guess {i}").status_code for i in range(times)]


Browser = Callable[[str], FlaskClient]


def test_guesses_from_elsewhere_keep_nobody_out(app: Flask, at: Browser) -> None:
    ilse = add_person(app)
    assert guess(at(ATTACKER), ilse, 11) == [422] * 10 + [429]
    assert sign_in(at(ATTACKER), ilse).status_code == 429
    assert sign_in(at(OFFICE), ilse).status_code == 302


def test_guesses_from_everywhere_end_too_but_not_for_a_browser_that_is_known(app: Flask, at: Browser) -> None:
    ilse, browser = add_person(app), at(OFFICE)
    assert sign_in(browser, ilse).status_code == 302
    post(browser, "/my/sign-out", {}, "/my/account")
    codes = Counter(code for i in range(12) for code in guess(at(f"192.0.2.{i}"), ilse, 10))
    assert codes == {422: 100, 429: 20}
    assert sign_in(at(ANOTHER), ilse).status_code == 429
    assert sign_in(browser, ilse).status_code == 302


def test_a_known_browser_passes_where_its_own_network_guesses_and_guesses_no_more_itself(
    app: Flask, at: Browser
) -> None:
    ilse, browser = add_person(app), at(OFFICE)
    sign_in(browser, ilse)
    post(browser, "/my/sign-out", {}, "/my/account")
    assert guess(at(OFFICE), ilse, 11)[-1] == 429
    assert guess(browser, ilse, 11) == [422] * 10 + [429]


def test_what_was_refused_uses_up_nothing_of_what_is_meant_for_all(app: Flask, at: Browser) -> None:
    ilse = add_person(app)
    assert Counter(guess(at(ATTACKER), ilse, 130)) == {422: 10, 429: 120}
    assert sign_in(at(OFFICE), ilse).status_code == 302


@pytest.mark.both_engines
def test_sixty_at_once_are_not_more_than_one_after_another(app: Flask, at: Browser) -> None:
    ilse = add_person(app)
    browsers = [at(ATTACKER) for _ in range(60)]
    forms = [token_of(browser.get("/my/sign-in").text) for browser in browsers]

    def attempt(pair: tuple[FlaskClient, str]) -> int:
        values = {"csrf_token": pair[1], "email": ilse.email, "password": "a guess of mine"}
        return int(pair[0].post("/my/sign-in", data=values).status_code)

    with ThreadPoolExecutor(60) as pool:
        codes = Counter(pool.map(attempt, zip(browsers, forms, strict=True)))
    assert codes[422] + codes[429] == 60
    assert 1 <= codes[422] <= 10


def test_guesses_of_the_present_password_are_counted_too(app: Flask, at: Browser) -> None:
    browser = at(OFFICE)
    sign_in(browser, add_person(app))
    new = {"what": "password", "password": "three blue whales", "again": "three blue whales"}
    codes = [post(browser, "/my/account", {**new, "current": f"guess {i}"}).status_code for i in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_mark_opens_nothing_tells_nothing_and_ends_with_the_password(app: Flask, at: Browser) -> None:
    ilse, bea, browser = add_person(app), add_person(app, "Bea Smit"), at(OFFICE)
    answer = sign_in(browser, ilse)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(known.COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/my" in cookie
    assert ilse.ref not in cookie
    assert "ilse" not in cookie.lower()
    mark = cookie.split(";")[0].partition("=")[2]
    stranger = at(ANOTHER)
    stranger.set_cookie(known.COOKIE, mark, path="/my")
    assert stranger.get("/my/account").status_code == 302
    with app.test_request_context(headers={"Cookie": f"{known.COOKIE}={mark}"}):
        assert known.mark_of(ilse.email)
        assert not known.mark_of(bea.email)
        auth.set_password(ilse, "three blue whales")
        assert not known.mark_of(ilse.email)
    for forged in (mark[:-1], "x" * 5000, "-.-.-", "é-ü", f"{mark[:32]}-", mark.replace("-", "")):
        with app.test_request_context(headers={"Cookie": f"{known.COOKIE}={forged}"}):
            assert not known.mark_of(ilse.email)


def test_several_people_are_known_by_one_browser(app: Flask, at: Browser) -> None:
    browser, people = at(OFFICE), [add_person(app, f"N{i} Person") for i in range(3)]
    for person in (*people, people[0]):
        assert sign_in(browser, person).status_code == 302
        post(browser, "/my/sign-out", {}, "/my/account")
    cookie = browser.get_cookie(known.COOKIE, path="/my")
    assert cookie is not None
    with app.test_request_context(headers={"Cookie": f"{known.COOKIE}={cookie.value}"}):
        assert len({known.mark_of(person.email) for person in people} - {""}) == 3


# ---- networks and letters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "nowhere", False),
    ],
)
def test_a_household_is_one_visitor(app: Flask, one: str, other: str, same: bool) -> None:
    seen = []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            seen.append(limits.visitor())
    assert (seen[0] == seen[1]) is same


def test_a_household_of_ipv6_guesses_no_more_often_than_one_address(app: Flask, at: Browser) -> None:
    ilse = add_person(app)
    codes = [guess(at(f"2001:db8::{i:x}"), ilse, 1)[0] for i in range(1, 13)]
    assert codes == [422] * 10 + [429] * 2


def letters(app: Flask) -> int:
    huey = app.extensions["tempuse.tasks"].huey
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
    huey.storage.close()
    return len(list((app.extensions["tempuse.register"].home / "mail").glob("*.eml")))


def test_nobodys_mailbox_is_filled_with_letters_for_a_new_password(app: Flask, at: Browser) -> None:
    ilse = add_person(app)
    pages = {post(at(f"192.0.2.{i}"), "/my/forgotten", {"email": ilse.email}).status_code for i in range(15)}
    assert pages == {200}
    assert letters(app) == 10


def test_nobodys_mailbox_is_filled_with_reports(app: Flask, at: Browser) -> None:
    app.config["REPORT_LEAST_SECONDS"] = 0
    said = set()
    for i in range(12):
        browser = at(f"192.0.2.{i}")
        page = browser.get("/report")
        form_token = page.text.split('name="form_token" value="')[1].split('"')[0]
        values = {
            "csrf_token": token_of(page.text), "form_token": form_token, "kind": "vacant", "space_kind": "building",
            "address": f"Quay {i}", "contact": f"Jo+{i}@Example.org", "contact_consent": "yes",
        }  # fmt: skip
        answer = browser.post("/report", data=values)
        assert answer.status_code == 302, answer.text
        said.add("we send no more" in browser.get(answer.location).text)
    assert letters(app) == 10
    assert said == {True, False}


# ---- sessions --------------------------------------------------------------------------------------------


def copy_of(browser: FlaskClient, app: Flask) -> FlaskClient:
    """Another browser with the same cookie."""
    held = browser.get_cookie("tempuse")
    assert held is not None
    other = app.test_client()
    other.set_cookie("tempuse", held.value)
    return other


@pytest.mark.both_engines
def test_signing_out_ends_every_copy_of_the_cookie(app: Flask, at: Browser) -> None:
    ilse, browser, elsewhere = add_person(app), at(OFFICE), at(ANOTHER)
    sign_in(browser, ilse)
    sign_in(elsewhere, ilse)
    copy = copy_of(browser, app)
    assert copy.get("/my/account").status_code == 200
    post(browser, "/my/sign-out", {}, "/my/account")
    answer = copy.get("/my/account")
    assert (answer.status_code, answer.location) == (302, "/my/sign-in?next=/my/account")
    assert elsewhere.get("/my/account").status_code == 200


def test_signing_in_anew_and_a_new_password_end_what_was_copied_before(app: Flask, at: Browser) -> None:
    ilse, browser = add_person(app), at(OFFICE)
    sign_in(browser, ilse)
    copies = [copy_of(browser, app)]
    new = {"what": "password", "current": PASSWORD, "password": "three blue whales", "again": "three blue whales"}
    assert post(browser, "/my/account", new).status_code == 302
    assert browser.get("/my/account").status_code == 200
    copies.append(copy_of(browser, app))
    token = token_of(browser.get("/my/account").text)
    values = {"email": ilse.email, "password": "three blue whales", "csrf_token": token}
    assert browser.post("/my/sign-in", data=values).status_code == 302
    assert [copy.get("/my/account").status_code for copy in copies] == [302, 302]


@pytest.mark.both_engines
def test_a_cookie_of_a_session_that_this_register_does_not_know_is_none(app: Flask, at: Browser) -> None:
    """Of a home that was brought back from a backup, or of a version that knew no sessions."""
    browser = at(OFFICE)
    sign_in(browser, add_person(app))
    with browser.session_transaction() as held:
        del held["key"]
    assert browser.get("/my/account").status_code == 302


@pytest.mark.both_engines
def test_accounts_of_an_older_version_get_what_they_miss(app: Flask, register: Register, now: datetime) -> None:
    ilse = add_person(app)
    with app.app_context():
        engine = auth.accounts().engine
    with engine.begin() as con:
        accounts.sessions.drop(con)
    client = create_app(register, {"TESTING": True}, clock=lambda: now).test_client()
    assert sign_in(client, ilse).status_code == 302
    assert client.get("/my/account").status_code == 200


def test_a_session_ends_after_a_week_however_much_it_is_used(register: Register, now: datetime) -> None:
    clock = [now]
    client = a_signed_in_client(create_app(register, {"TESTING": True}, clock=lambda: clock[0]))
    codes = []
    while clock[0] < now + timedelta(days=8):
        clock[0] += timedelta(hours=8)
        codes.append(client.get("/my/account").status_code)
    assert codes == [200] * 20 + [302] * 4


@pytest.mark.both_engines
def test_a_backup_holds_no_session(app: Flask, register: Register, tmp_path: Path) -> None:
    """Whoever brings back an old one does not bring back who was signed in then."""
    a_signed_in_client(app)
    copying.snapshot_accounts(register, tmp_path / "accounts.sqlite")
    with sqlite3.connect(tmp_path / "accounts.sqlite") as con:
        assert {row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == {"accounts"}
