"""The list of all spaces, the plain pages, the language, and what machines ask of a site; on both engines."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient

from tempuse import __version__
from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.engine import Connection, open_register
from tests import town
from tests.conftest import NOW
from web import create_app

PAGES = ("/", "/find", "/how-it-works", "/data", "/data/spaces", "/accessibility", "/privacy")


@pytest.fixture
def people(con: Connection, client: FlaskClient, now: datetime) -> FlaskClient:
    """A visitor of the town."""
    town.build(con, now)
    con.rollback()
    return client


def refs(answer) -> list[str]:
    return re.findall(r'data-ref="(SP-\d+)"', answer.get_data(as_text=True))


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_list_goes_from_what_is_free_soonest_to_what_is_not(people: FlaskClient) -> None:
    first, second = people.get("/find"), people.get("/find?page=2")
    every = refs(first) + refs(second)
    assert len(every) == len(set(every)) == 35
    states = re.findall(r'class="state (\w+)"', first.get_data(as_text=True) + second.get_data(as_text=True))
    assert states == sorted(states, key=["free", "used", "shut"].index)
    assert every.index(town.FORGE) < every.index(town.HALL)
    assert "Page 1 of 2" in text(first)
    assert "Next page" in text(first)
    assert "Previous page" in text(second)


def test_the_form_keeps_what_was_asked(people: FlaskClient) -> None:
    district = re.search(r'value="(AR-\d+)"[^>]*>Tannery', people.get("/find").get_data(as_text=True))[1]
    answer = people.get(f"/find?kind=unit&kind=plot&has=water&from=2027-02-15&district={district}")
    body = answer.get_data(as_text=True)
    assert re.findall(r'value="(\w+)" id="[\w-]+" checked', body) == ["unit", "plot", "water"]
    assert 'type="date" value="2027-02-15"' in body
    assert re.search(rf'value="{district}" selected', body)
    assert "with water that fit in Tannery" in text(answer)


def test_a_free_choice_of_day_keeps_what_is_free_by_then(people: FlaskClient) -> None:
    early, late = people.get("/find?from=2027-02-15&has=toilets"), people.get("/find?from=2027-03-01&has=toilets")
    assert town.HALL not in refs(early)
    assert town.HALL in refs(late)


def test_the_plain_pages_stand(people: FlaskClient) -> None:
    for path in PAGES:
        answer = people.get(path)
        body = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert body.count("<h1") == 1
        assert '<html lang="en" dir="ltr">' in body
        assert re.search(r"<title>[^<]+ – Spaces for a while, Rivermouth</title>", body)
        assert " style=" not in body
        assert not re.search(r"\son\w+=", body)
        for script in re.findall(r"<(?:script|style)\b[^>]*>", body):
            assert "nonce=" in script or "src=" in script, script


def test_every_link_on_the_public_pages_leads_somewhere(people: FlaskClient) -> None:
    seen: set[str] = set()
    for path in (*PAGES, f"/spaces/{town.HALL}", f"/spaces/{town.RETIRED}", "/nowhere"):
        body = people.get(path).get_data(as_text=True).replace("&amp;", "&")
        seen |= set(re.findall(r'(?:href|src)="(/[^"#]*)', body))
    for address in sorted(seen):
        answer = people.get(address)
        assert answer.status_code in (200, 303), (address, answer.status_code)
        answer.close()


def test_a_language_is_remembered_and_leads_back(people: FlaskClient) -> None:
    body = people.get("/find?has=water", headers={"Accept-Language": "en"}).get_data(as_text=True)
    address = re.search(r'href="(/language/nl[^"]*)" lang="nl"', body)[1].replace("&amp;", "&")
    answer = people.get(address)
    assert answer.status_code == 303
    assert answer.location == "/find?has=water"
    assert '<html lang="nl"' in people.get("/find").get_data(as_text=True)
    assert people.get("/language/xx?to=/find").status_code == 303
    assert '<html lang="nl"' in people.get("/find").get_data(as_text=True)


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_language_switch_never_leads_elsewhere(client: FlaskClient, to: str) -> None:
    assert client.get("/language/en", query_string={"to": to}).location == "/"


def test_a_page_that_is_not_there_helps_on(people: FlaskClient) -> None:
    answer = people.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no page at this address. It may have moved." in text(answer)
    assert "To the map" in text(answer)


def test_health_says_that_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert orjson.loads(answer.data) == {"ok": True, "register": True, "version": __version__}


def test_robots_may_read_pages_only(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /office" in answer.get_data(as_text=True)


def test_answers_are_squeezed_for_those_who_can_read_that(people: FlaskClient) -> None:
    for path in ("/", "/map/areas", "/map/view?box=3.69,51.03,3.75,51.08&zoom=16", "/static/css/base.css"):
        plain = people.get(path)
        squeezed = people.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert squeezed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in squeezed.headers["Vary"]
        assert int(squeezed.headers["Content-Length"]) == len(squeezed.data) < len(plain.data) / 2
        if "nonce" not in plain.get_data(as_text=True):
            assert gzip.decompress(squeezed.data) == plain.data
        newer = people.get(path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
        assert newer.headers["Content-Encoding"] == "zstd"
        assert len(newer.data) < len(plain.data) / 2
        newer.close()
        tag = squeezed.headers.get("ETag")
        if tag:
            again = people.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
            assert again.status_code == 304
            again.close()
        plain.close()
        squeezed.close()


def test_a_page_with_a_forms_secret_is_not_squeezed(client: FlaskClient) -> None:
    for coding in ("gzip", "br", "zstd", "*"):
        answer = client.get("/my/sign-in", headers={"Accept-Encoding": coding})
        assert "csrf_token" in answer.get_data(as_text=True)
        assert "Content-Encoding" not in answer.headers


def test_the_pages_speak_of_the_citys_own_rules(con: Connection, client: FlaskClient, now: datetime) -> None:
    changes = {"report_answer_days": 7, "report_contact_days": 90, "licence": "CC0", "contact_email": "a@b.example"}
    setup.change_settings(con, SYSTEM, {name: str(value) for name, value in changes.items()}, now)
    assert "within 7 working days" in text(client.get("/how-it-works"))
    assert "after 90 days" in text(client.get("/privacy"))
    assert "Licence: CC0." in text(client.get("/data"))
    assert "a@b.example" in text(client.get("/accessibility"))


def test_tiles_are_named_where_they_are_used_and_nowhere_else(
    con: Connection, client: FlaskClient, now: datetime
) -> None:
    before = client.get("/")
    assert "tile.example" not in before.headers["Content-Security-Policy"]
    changes = {
        "tile_url": "https://{s}.tile.example/{z}/{x}/{y}.png",
        "tile_attribution": '<a href="https://tile.example">Tiles & more</a>',
    }
    setup.change_settings(con, SYSTEM, changes, now)
    after = client.get("/")
    assert "img-src 'self' data: https://*.tile.example;" in after.headers["Content-Security-Policy"]
    assert '<p class="map-source">Tiles &amp; more</p>' in after.get_data(as_text=True)
    setup.change_settings(con, SYSTEM, {"tile_attribution": "© OpenStreetMap contributors"}, now)
    assert '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap contributors</a>' in client.get("/").text
    assert "its pictures come from a map service" in text(client.get("/privacy"))


def test_a_register_that_is_gone_gets_a_page_of_the_house(tmp_path: Path) -> None:
    path = tmp_path / "gone.gpkg"
    register = open_register(str(path), home=tmp_path / "home", create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
    register.close()
    broken = open_register(str(path), home=tmp_path / "home")
    client = create_app(broken, {"RATELIMIT_ENABLED": False}, clock=lambda: NOW).test_client()
    broken.close()
    for part in tmp_path.glob("gone.gpkg*"):
        part.unlink()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "The register cannot be reached just now. Try again in a few minutes." in text(answer)
    assert str(path) not in answer.get_data(as_text=True)
    assert "Content-Security-Policy" in answer.headers
    health = client.get("/health")
    assert health.status_code == 503
    assert orjson.loads(health.data)["ok"] is False
    broken.close()
