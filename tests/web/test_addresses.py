"""What this installation is called, who is believed about it, and what of an address the log keeps."""

from __future__ import annotations

import io
import logging
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.cli.serving import OneLine
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Connection, Register
from tests.builders import several_spaces
from tests.office import a_signed_in_client, add_person, token_of
from web import create_app
from web.serving import access_log

ROOT = Path(__file__).resolve().parents[2]
OURS = "https://spaces.rivermouth.example"
EVIL = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}


@pytest.fixture(params=[0, 1], ids=["no proxy", "one proxy"])
def app(register: Register, now: datetime, request: pytest.FixtureRequest) -> Flask:
    """The app of a city that has said what its address is."""
    settings = {"TESTING": True, "RATELIMIT_ENABLED": False, "PUBLIC_URL": OURS, "PROXIES": request.param}
    return create_app(register, settings, clock=lambda: now)


def test_no_page_and_no_link_takes_our_name_from_the_visitor(app: Flask, con: Connection, now: datetime) -> None:
    for space in several_spaces():
        add_space(con, SYSTEM, space, now)
    visitor = app.test_client()
    for path in ("/", "/spaces/SP-0001", "/spaces/SP-0007", "/data", "/find", "/about"):
        page = visitor.get(path, headers=EVIL)
        assert "evil.example" not in page.text, path
        assert "evil.example" not in str(page.headers), path
    home = visitor.get("/", headers=EVIL).text
    assert f'<link rel="canonical" href="{OURS}/">' in home
    assert f"{OURS}/spaces.geojson" in visitor.get("/data", headers=EVIL).text


def test_an_invitation_names_us_whoever_asks(app: Flask) -> None:
    admin, invited = a_signed_in_client(app, role="administrator"), add_person(app, "New Person")
    token, cookie = token_of(admin.get("/office/people").text), admin.get_cookie("tempuse")
    assert cookie
    headers = {**EVIL, "Cookie": f"tempuse={cookie.value}"}
    visitor = app.test_client(use_cookies=False)
    values = {"csrf_token": token, "how": "print"}
    shown = visitor.post(f"/office/people/{invited.ref}/link", data=values, headers=headers)
    assert shown.status_code == 200
    assert f"{OURS}/my/password/" in shown.text
    assert "evil.example" not in shown.text


def test_where_no_address_is_set_the_name_in_the_browser_is_shown(register: Register) -> None:
    visitor = create_app(register, {"TESTING": True, "PROXIES": 1}).test_client()
    home = visitor.get("/", headers={"Host": "here.example", "X-Forwarded-Host": "evil.example"}).text
    assert '<link rel="canonical" href="http://here.example/">' in home


def test_nothing_else_asks_the_request_what_we_are_called() -> None:
    asks = re.compile(r"_external|url_root|host_url|base_url|request\.url\b")
    files = [*ROOT.glob("web/**/*.py"), *ROOT.glob("web/templates/**/*.*")]
    found = {path.name for path in files if asks.search(path.read_text())}
    assert found <= {"addresses.py", "tasks.py"}


# ---- the log -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/spaces/SP-0001", "/spaces/SP-0001"),
        ("/foo\nFAKE GET / 200", "/foo%0AFAKE%20GET%20/%20200"),
        ("/a\r\x1b[2J\x85\u2028b", "/a%0D%1B%5B2J%C2%85%E2%80%A8b"),
        ("/my/password/secret", "/my/password/…"),
        ("/my/password/A/B", "/my/password/…"),
        ("/my/password/A\nB/", "/my/password/…"),
        ("//office//password//secret", "/office/password/…"),
        ("/Office/Password/secret", "/Office/Password/…"),
        ("/elsewhere/my/password/secret", "/elsewhere/my/password/…"),
        ("/report/confirm/secret", "/report/confirm/…"),
        ("/request/confirm/secret", "/request/confirm/…"),
        ("/needs/confirm/secret", "/needs/confirm/…"),
        ("/watch/secret/stop", "/watch/…"),
        ("/owner/letter/secret", "/owner/letter/…"),
        ("/my/calendar/secret.ics", "/my/calendar/…"),
        ("/notices/secret", "/notices/…"),
        ("/misspelt/WyIxMjM0NTY3ODkwIl0.aGVsbG8.d29ybGQ", "/misspelt/…"),
    ],
)
def test_a_path_in_the_log_is_one_line_without_a_secret(path: str, line: str) -> None:
    assert access_log.written(path) == line


def test_every_address_with_a_secret_is_known_to_the_log(app: Flask) -> None:
    """A secret in an address is called ``token`` or ``secret``."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments & {"token", "secret"}]
    assert rules
    for rule in rules:
        assert "abc" not in access_log.written(re.sub(r"<(token|secret)>", "abc", rule))


def test_nothing_that_is_logged_makes_a_second_line() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(OneLine("%(asctime)s %(message)s"))
    log = logging.Logger("a log")
    log.addHandler(handler)
    log.error("unexpected at %s", "/x\n2026-01-01 00:00:00 GET / 200\r\x1b[2J\u2028")
    assert len(out.getvalue().splitlines()) == 1
    try:
        raise ValueError("y\n2026-01-01 00:00:00 GET / 200")
    except ValueError:
        log.exception("broken")
    assert not [line for line in out.getvalue().splitlines()[2:] if not line.startswith("  ")]
