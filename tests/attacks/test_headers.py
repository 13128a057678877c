"""What the heads of answers promise: no copies of the office, and a policy that no setting can widen or break."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from tempuse.access import SYSTEM
from tempuse.errors import Invalid
from tempuse.registry import setup
from tempuse.settings import from_stored
from tests.office import a_signed_in_client, add_person, sign_in, token_of

TILES = "https://tile.example/{z}/{x}/{y}.png"


def addresses(app: Flask, start: str, method: str = "GET") -> list[str]:
    """An address for each rule below a path."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(start) and method in (rule.methods or ()):
            with app.test_request_context():
                built = rule.build({name: _example(rule, name) for name in rule.arguments}, append_unknown=False)
            found.append(str((built or ("", rule.rule))[1]))
    return found


def _example(rule: Rule, name: str) -> Any:
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 1
    return sorted(getattr(converter, "items", ()) or ["SP-0001"])[0]


def test_nothing_of_the_office_is_kept_by_anybody_whatever_it_is(app: Flask) -> None:
    for client in (app.test_client(), a_signed_in_client(app, role="administrator")):
        asked = [(client.get(path), path) for path in addresses(app, "/office")]
        asked += [(client.post(path, data={}), path) for path in addresses(app, "/office", "POST")]
        assert len(asked) > 60
        for answer, path in asked:
            assert answer.headers["Cache-Control"] == "no-store", path
            answer.close()


def test_answers_for_programs_of_the_office_are_not_kept_either(app: Flask) -> None:
    client = a_signed_in_client(app)
    token = token_of(client.get("/my/account").text)
    answer = client.post("/office/spaces/place", data={"csrf_token": token, "text": "51.05, 3.72"})
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    with client.get("/office/spaces.csv") as file:
        assert file.headers["Cache-Control"] == "no-store"


def test_what_is_open_may_be_asked_about_again(app: Flask, client: FlaskClient) -> None:
    assert client.get("/map/view?zoom=3").headers["Cache-Control"] == "no-cache"
    assert client.get("/spaces.geojson").headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    "text",
    [
        "https://t.example;sandbox/{z}/{x}/{y}.png",
        "https://t.example; script-src */{z}/{x}/{y}.png",
        "https://t.example,https://evil.example/{z}/{x}/{y}.png",
        "https://t.example /{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://a{s}.t.example/{z}/{x}/{y}.png",
        "https://me@t.example/{z}/{x}/{y}.png",
        "https://łódź.example/{z}/{x}/{y}.png",
        "https://t.example:port/{z}/{x}/{y}.png",
        "http://t.example/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}/{x}/{y}",
        "data:text/html,{z}{x}{y}",
        "//t.example/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://'unsafe-inline'/{z}/{x}/{y}.png",
        "https://t.example/{z}/{x}/{y}.png;",
        'https://t.example/{z}/{x}/{y}.png"></script>',
        "https://t.example/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_that_does_not_fit_into_a_policy_is_refused_and_an_old_one_is_off(
    con: Any, now: datetime, client: FlaskClient, text: str
) -> None:
    with pytest.raises(Invalid) as refused:
        setup.change_settings(con, SYSTEM, {"tile_url": text}, now)
    assert refused.value.issues[0].message == "setting.tile_url"
    assert from_stored({"tile_url": text, "municipality": "Holm"}).tile_url == ""
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (TILES, "https://tile.example"),
        ("https://{s}.tile.example:8443/{z}/{x}/{y}{r}.png?key=a-b&c=1", "https://*.tile.example:8443"),
        ("https://wmts.example/?layer=grey&TILEMATRIX={z}&TILEROW={-y}&TILECOL={x}", "https://wmts.example"),
    ],
)
def test_an_address_of_tiles_adds_its_host_to_the_policy_and_nothing_else(
    con: Any, now: datetime, client: FlaskClient, text: str, host: str
) -> None:
    def policy() -> str:
        return re.sub(r"'nonce-[^']+'", "", client.get("/").headers["Content-Security-Policy"])

    before = policy()
    setup.change_settings(con, SYSTEM, {"tile_url": text}, now)
    assert policy() == before.replace("data:", f"data: {host}")


@pytest.mark.parametrize("text", ["one\ntwo", "x" * 501, "a\x7fb"])
def test_the_source_of_tiles_is_one_line(con: Any, now: datetime, text: str) -> None:
    with pytest.raises(Invalid):
        setup.change_settings(con, SYSTEM, {"tile_attribution": text}, now)


def test_whoever_sends_no_referer_by_https_is_told_so(app: Flask) -> None:
    client, ilse = app.test_client(), add_person(app)
    by_https = {"base_url": "https://localhost"}
    token = token_of(client.get("/my/sign-in", **by_https).text)
    values = {"csrf_token": token, "email": ilse.email, "password": "x"}
    for headers in ({}, {"Origin": "https://localhost"}):
        page = client.post("/my/sign-in", data=values, headers=headers, **by_https)
        assert page.status_code == 400
        assert "does not tell which page this came from" in page.text
        assert "too long" not in page.text
    named = {"Referer": "https://localhost/my/sign-in"}
    assert client.post("/my/sign-in", data=values, headers=named, **by_https).status_code == 422
    assert sign_in(app.test_client(), ilse).status_code == 302


@pytest.mark.parametrize(
    "password",
    ["password123", "Rivermouth2026", "rivermouth1!", "spacesforawhile", "qwertyuiop12", "1234567890", "Ilse.Maes1",
     "ilsemaes2026", "aaaaaaaaaaaaaaa", "ilse@rivermouth.example"],
)  # fmt: skip
def test_a_password_that_everybody_tries_first_is_refused(app: Flask, con: Any, now: datetime, password: str) -> None:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    client = a_signed_in_client(app)
    token = token_of(client.get("/my/account").text)
    values = {"csrf_token": token, "what": "password", "current": "correct horse battery"}
    page = client.post("/my/account", data={**values, "password": password, "again": password})
    assert page.status_code == 422
    assert "easy to guess" in page.text
