"""Signing in and out, invitations, forgotten passwords, the guard, and text that survives a session."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing.converters import NumberConverter

from tempuse.access import PUBLIC, SYSTEM, is_allowed
from tempuse.registry import people as registry
from tempuse.store.engine import Register
from tests.office import PASSWORD, a_signed_in_client, add_person, post, sign_in, token_of
from web import create_app, tasks
from web.accounts import auth
from web.site import limits, unsent
from web.site.rooms import Rooms

HOST = "http://localhost"


def link_for(app: Flask, person: Any) -> str:
    with app.test_request_context():
        return auth.link_for(person, "").removeprefix(HOST)


def changed(signed: str) -> str:
    """A signed text with one letter of its content changed."""
    return signed[:5] + ("A" if signed[5] != "A" else "B") + signed[6:]


def work_off(app: Flask) -> None:
    """Do what waits in the queue, as the worker does."""
    huey = app.extensions["tempuse.tasks"].huey
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
    huey.storage.close()


@pytest.mark.both_engines
def test_a_person_signs_in_and_out(app: Flask, client: FlaskClient) -> None:
    ilse = add_person(app)
    answer = sign_in(client, ilse, next="/my/account")
    assert (answer.status_code, answer.location) == (302, "/my/account")
    page = client.get("/my/account")
    assert "Ilse Maes" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert post(client, "/my/sign-out", {}, "/my/account").location == "/"
    assert client.get("/my/account").location == "/my/sign-in?next=/my/account"


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_from_plain_http_where_https_is(
    app: Flask, client: FlaskClient
) -> None:
    answer = sign_in(client, add_person(app))
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("tempuse="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    by_https = client.get("/my/sign-in", base_url="https://localhost")
    assert "Secure" in by_https.headers["Set-Cookie"]
    assert "max-age=31536000" in by_https.headers["Strict-Transport-Security"]


def test_an_unknown_address_a_wrong_password_an_invited_and_an_ended_person_get_the_same_answer(
    app: Flask, con: Any, now: datetime
) -> None:
    ilse, left, invited = add_person(app), add_person(app, "Left Behind"), None
    with app.test_request_context():
        invited = registry.add_person(con, SYSTEM, type(ilse)(name="New", email="new@rivermouth.example"), now)
        auth.link_for(invited, "")
    registry.end_person(con, SYSTEM, left.ref, now)
    answers = []
    for email, password in (
        ("nobody@rivermouth.example", PASSWORD),
        (ilse.email, "not the password"),
        (left.email, PASSWORD),
        (invited.email, ""),
        (invited.email, "None"),
    ):
        client = app.test_client()
        page = post(client, "/my/sign-in", {"email": email, "password": password or " "})
        assert page.status_code == 422
        text = re.sub(r'value="[^"]*"|nonce="[^"]*"|/static/\S+', "", page.text)
        answers.append(text)
    assert len({answer for answer in answers if "do not belong together" in answer}) == 1
    assert sum("do not belong together" in answer for answer in answers) == 4


@pytest.mark.both_engines
def test_a_password_is_kept_as_argon2(app: Flask) -> None:
    ilse = add_person(app)
    with app.test_request_context():
        account = auth.accounts().find_user(person_ref=ilse.ref)
        assert account is not None
        assert str(account.password).startswith("$argon2id$")


@pytest.mark.both_engines
def test_whoever_is_ended_is_out_at_the_next_click(app: Flask, con: Any, now: datetime) -> None:
    client = a_signed_in_client(app)
    assert client.get("/my/account").status_code == 200
    registry.end_person(con, SYSTEM, "PE-0001", now)
    assert client.get("/my/account").status_code == 302


@pytest.mark.both_engines
def test_a_role_that_changed_counts_at_the_next_click(app: Flask, con: Any, now: datetime) -> None:
    client = a_signed_in_client(app)
    assert client.get("/office/settings").status_code == 403
    registry.change_person(con, SYSTEM, "PE-0001", {"role": "administrator"}, now)
    assert client.get("/office/settings").status_code == 200


def test_a_session_that_nobody_used_ends(register: Register, now: datetime) -> None:
    clock = [now]
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: clock[0])
    client = a_signed_in_client(app)
    for hours in (11, 22):
        clock[0] = now + timedelta(hours=hours)
        assert client.get("/my/account").status_code == 200
    clock[0] = now + timedelta(hours=35)
    assert client.get("/my/account").status_code == 302


@pytest.mark.both_engines
def test_an_invitation_works_once(app: Flask, con: Any, now: datetime, client: FlaskClient) -> None:
    person = registry.add_person(con, SYSTEM, type(add_person(app))(name="New", email="new@example.org"), now)
    link = link_for(app, person)
    assert "Welcome, New" in client.get(link).text
    answer = post(client, link, {"password": "three blue whales", "again": "three blue whales"})
    assert answer.location == "/my/"
    assert sign_in(app.test_client(), person, "three blue whales").status_code == 302
    assert client.get(link).status_code == 410
    assert "does not work any more" in client.get(link).text


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "too short"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "easy to guess"),
        ("ilse@rivermouth.example", "ilse@rivermouth.example", "easy to guess"),
        ("three blue whales", "three blue wales", "not the same"),
        ("x1y2z" * 50, "x1y2z" * 50, "longer than 200"),
    ],
)
def test_a_password_that_does_not_do_is_told(
    app: Flask, client: FlaskClient, password: str, again: str, said: str
) -> None:
    link = link_for(app, add_person(app))
    page = post(client, link, {"password": password, "again": again})
    assert page.status_code == 422
    assert said in page.text
    assert 'type="password" value' not in page.text


def test_a_link_that_is_too_old_forged_or_of_somebody_who_left_does_not_work(
    app: Flask, client: FlaskClient, con: Any, now: datetime
) -> None:
    ilse = add_person(app)
    link = link_for(app, ilse)
    assert client.get(link).status_code == 200
    assert client.get("/my/password/" + changed(link.rpartition("/")[2])).status_code == 410
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)
    assert client.get(link).status_code == 410
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(days=14)
    registry.end_person(con, SYSTEM, ilse.ref, now)
    assert client.get(link).status_code == 410


def test_a_reset_link_lasts_less_long_than_an_invitation(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_for(app, add_person(app))
    monkeypatch.setattr(auth, "RESET_HOURS", -1)
    assert client.get(link).status_code == 410


@pytest.mark.both_engines
def test_a_new_password_ends_every_other_session_and_older_links(app: Flask, client: FlaskClient) -> None:
    ilse = add_person(app)
    elsewhere = app.test_client()
    sign_in(elsewhere, ilse)
    sign_in(client, ilse)
    link = link_for(app, ilse)
    new = {"what": "password", "current": PASSWORD, "password": "three blue whales", "again": "three blue whales"}
    assert post(client, "/my/account", {**new, "current": "wrong"}).status_code == 422
    assert post(client, "/my/account", new).status_code == 302
    assert client.get("/my/account").status_code == 200
    assert elsewhere.get("/my/account").status_code == 302
    assert client.get(link).status_code == 410


def test_a_forgotten_password_is_answered_alike_for_everybody_and_the_letter_goes_to_the_right_one(
    app: Flask, client: FlaskClient, register: Register
) -> None:
    ilse = add_person(app, language="nl")
    pages = []
    for email in (" Ilse@Rivermouth.example", "nobody@rivermouth.example"):
        page = post(client, "/my/forgotten", {"email": email}, headers={"Host": "localhost"})
        assert page.status_code == 200
        pages.append(re.sub(r'nonce="[^"]*"', "", page.text))
    assert pages[0] == pages[1]
    work_off(app)
    letters = list((register.home / "mail").glob("*.eml"))
    assert len(letters) == 1
    text = letters[0].read_text()
    assert f"To: {ilse.email}" in text
    # Never the host that the request named: anybody can write one.
    link = re.search(r"http://127\.0\.0\.1:8000(/my/password/\S+)", text)
    assert link
    assert client.get(link[1]).status_code == 200


def test_a_language_that_somebody_chose_is_the_language_of_their_pages(app: Flask, client: FlaskClient) -> None:
    sign_in(client, add_person(app))
    assert post(client, "/my/account", {"what": "account", "name": "Ilse M.", "language": "nl"}).status_code == 302
    assert '<html lang="nl"' in client.get("/my/account").text
    assert post(client, "/my/account", {"what": "account", "name": " ", "language": "xx"}).status_code == 422


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/office//evil.example", "/office\\@evil.example", "/"]
)
def test_signing_in_never_leads_to_another_host(app: Flask, client: FlaskClient, target: str) -> None:
    assert sign_in(client, add_person(app), next=target).location == "/office/"


# ---- the guard ------------------------------------------------------------------------------------------


def _example(app: Flask, rule: Any) -> str:
    """An address that a rule matches."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        choices = sorted(getattr(converter, "items", ()))
        values[name] = choices[0] if choices else 1 if isinstance(converter, NumberConverter) else "x"
    with app.test_request_context():
        return str(rule.build(values)[1])


def is_closed(app: Flask, rule: Any) -> bool:
    """Whether a rule is not everybody's."""
    rooms = app.blueprints.get(rule.endpoint.split(".")[0])
    return isinstance(rooms, Rooms) and not is_allowed(PUBLIC, rooms.permissions[rule.endpoint])


def test_every_office_address_asks_strangers_to_sign_in(app: Flask, client: FlaskClient) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        if not is_closed(app, rule):
            continue
        address = _example(app, rule)
        if "GET" in rule.methods:
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.location.startswith("/my/sign-in?next="), address
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            answer = client.open(address, method=method, data={"text": "x"}, headers={"Origin": HOST})
            assert answer.status_code == 401, address
            assert "You were signed out" in answer.text
            assert "no-store" in answer.headers["Cache-Control"]
        seen += 1
    assert seen >= 50


def test_every_form_of_the_office_is_refused_without_its_token(app: Flask) -> None:
    client = a_signed_in_client(app, role="administrator")
    for rule in app.url_map.iter_rules():
        methods = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        is_ours = rule.rule.startswith(("/office", "/my")) and not rule.endpoint.startswith("moved.")
        for method in methods if is_ours else ():
            for headers in ({}, {"Origin": HOST}):
                answer = client.open(_example(app, rule), method=method, data={"text": "a b"}, headers=headers)
                # A link that has ended is told as such, whatever was sent with it.
                assert answer.status_code == (410 if rule.endpoint == "auth.enter" else 400), rule.rule
    assert client.get("/my/account").status_code == 200


# ---- text that survives -----------------------------------------------------------------------------------


def field_of(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', html)
    assert found, name
    return found[1]


def test_a_text_survives_the_end_of_its_session(app: Flask) -> None:
    client = a_signed_in_client(app)
    token = token_of(client.get("/my/account").text)
    client.delete_cookie("tempuse")
    written = {
        "what": "account",
        "name": "Ilse <b> “Maes”",
        "language": "en",
        "csrf_token": token,
        "my_password": "secret words",
    }
    page = client.post("/my/account", data=written, headers={"Origin": HOST})
    assert page.status_code == 401
    assert "Sign in and your text is kept" in page.text
    assert "secret words" not in page.text
    held = {"kept": field_of(page.text, "kept"), "csrf_token": token_of(page.text)}
    # A slip of the finger does not lose it.
    page = client.post("/my/sign-in", data={**held, "email": "ilse@rivermouth.example", "password": "wrong"})
    assert page.status_code == 422
    held["kept"] = field_of(page.text, "kept")
    page = client.post("/my/sign-in", data={**held, "email": "ilse@rivermouth.example", "password": PASSWORD})
    assert page.status_code == 200
    assert "Your text is still here" in page.text
    assert "secret words" not in page.text
    # Nothing was sent without a press.
    assert "Ilse Maes" in client.get("/my/account").text
    again = {"csrf_token": token_of(page.text), "what": "account", "language": "en",
             "name": "Ilse <b> “Maes”"}  # fmt: skip
    assert "Ilse &lt;b&gt; “Maes”" in page.text
    assert client.post("/my/account", data=again).status_code == 302
    assert "Ilse &lt;b&gt; “Maes”" in client.get("/my/account").text


def test_a_text_survives_a_stale_token(app: Flask) -> None:
    client = a_signed_in_client(app)
    page = client.post("/my/account?a=1", data={"name": "A new name", "csrf_token": "old"}, headers={"Origin": HOST})
    assert page.status_code == 400
    assert "Your text is still here" in page.text
    assert 'action="/my/account?a=1"' in page.text
    assert "A new name" in page.text


def test_a_citizens_text_survives_a_stale_token_on_a_public_page(app: Flask, client: FlaskClient) -> None:
    sent = {"text": "It stands empty since May.", "csrf_token": "old"}
    page = client.post("/report", data=sent, headers={"Origin": HOST})
    assert page.status_code == 400
    assert "Your text is still here" in page.text
    assert "It stands empty since May." in page.text
    assert "Spaces office" not in page.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/x"}]
)
def test_what_another_site_sends_is_not_carried(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    add_person(app)
    sent = {"name": "An evil name", "what": "account"}
    assert "An evil name" not in client.post("/my/account", data=sent, headers=headers).text
    assert field_of(client.post("/my/account", data=sent, headers=headers).text, "kept") == ""
    assert (
        "An evil name" not in a_signed_in_client(app, "Bea Smit").post("/my/account", data=sent, headers=headers).text
    )


def test_what_was_not_packed_by_us_is_not_unpacked(app: Flask, client: FlaskClient) -> None:
    ilse = add_person(app)
    answer = sign_in(client, ilse, kept='["/my/account", [["name", "x"]], []]')
    assert answer.status_code == 302
    with app.test_request_context():
        held = unsent.packed(unsent.Kept("/office/x", [("a", "b"), ("a", "c")], ["plan.pdf"]))
        assert unsent.unpacked(held) == unsent.Kept("/office/x", [("a", "b"), ("a", "c")], ["plan.pdf"])
        assert unsent.unpacked(changed(held)) is None


def test_a_text_too_long_to_carry_is_told(app: Flask, client: FlaskClient) -> None:
    page = client.post("/my/account", data={"name": "x" * 1_000_001}, headers={"Origin": HOST})
    assert page.status_code == 401
    assert "Nothing was changed" in page.text


def test_files_that_are_lost_are_named(app: Flask, client: FlaskClient) -> None:
    page = client.post(
        "/my/account",
        data={"name": "x", "logo": (io.BytesIO(b"x"), "logo.png")},
        headers={"Origin": HOST},
    )
    assert "choose logo.png again" in page.text


def test_htmx_gets_a_page_that_takes_the_whole_place(app: Flask, client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "Origin": HOST}
    answer = client.post("/my/account", data={"name": "New words"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#main")
    answer = client.get("/my/account", headers={**headers, "HX-Current-URL": f"{HOST}/office/people?x=1"})
    assert answer.headers["HX-Redirect"] == "/my/sign-in?next=/office/people?x%3D1"


# ---- limits ------------------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_guessing_is_slowed_down_but_a_right_password_is_not(register: Register, now: datetime) -> None:
    app = create_app(register, {"TESTING": True}, clock=lambda: now)
    ilse, client = add_person(app), app.test_client()
    for _ in range(12):
        assert sign_in(app.test_client(), ilse).status_code == 302
    codes = [sign_in(client, ilse, "guess").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    page = sign_in(client, ilse, "guess")
    assert "often in a short time" in page.text


@pytest.mark.both_engines
def test_addresses_of_visitors_are_only_counted_as_hashes_that_change_daily(register: Register, now: datetime) -> None:
    keys = set()
    for days in (0, 1):
        app = create_app(register, {"TESTING": True}, clock=lambda days=days: now + timedelta(days=days))
        with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
            keys.add(limits.visitor())
    assert len(keys) == 2
    assert not any("192.0.2.7" in key for key in keys)


@pytest.mark.both_engines
def test_the_queue_does_what_was_put_off(app: Flask) -> None:
    with app.test_request_context():
        tasks.deliver.later()
    work_off(app)
    huey = app.extensions["tempuse.tasks"].huey
    assert len(huey) == 0
    huey.storage.close()
