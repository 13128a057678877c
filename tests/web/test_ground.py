"""The town's own background: taken in by the command and in the settings, served in parts, drawn on every map."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC, SYSTEM
from tempuse.cli import main
from tempuse.errors import Invalid, NotAllowed
from tempuse.io.ground.making import Ground, make_ground
from tempuse.registry import attachments as used
from tempuse.registry import setup
from tempuse.registry import spaces as registry
from tempuse.registry.care import checking
from tempuse.registry.ground import known_addresses, set_ground
from tempuse.registry.importing.merging import merge_import
from tempuse.registry.importing.opening import ImportRequest, open_import
from tempuse.registry.importing.prepare import prepare_import
from tempuse.spaces import PROPOSED_ADDRESS
from tempuse.store import attachments, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tests import extract
from tests.builders import a_space
from tests.office import a_signed_in_client, token_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return make_ground(extract.write(tmp_path_factory.mktemp("ground") / "town.osm"))


@pytest.fixture
def grounded(con: Connection, app: Flask, made: Ground, now: datetime) -> Ground:
    """A register whose map has its ground."""
    set_ground(con, SYSTEM, app.extensions["tempuse.register"].home, made, now)
    return made


@pytest.mark.both_engines
def test_the_ground_is_served_in_parts_and_kept_by_browsers(client: FlaskClient, grounded: Ground) -> None:
    whole = client.get("/ground.pmtiles")
    assert whole.data == grounded.tiles
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "no-cache" in whole.headers["Cache-Control"]
    digest = whole.headers["ETag"].strip('"')
    part = client.get(f"/ground.pmtiles?v={digest[:12]}", headers={"Range": "bytes=100-163", "Accept-Encoding": "gzip"})
    assert part.status_code == 206
    assert part.data == grounded.tiles[100:164]
    assert part.headers["Content-Range"] == f"bytes 100-163/{len(grounded.tiles)}"
    assert "immutable" in part.headers["Cache-Control"]
    assert "Content-Encoding" not in part.headers
    assert client.get("/ground.pmtiles", headers={"If-None-Match": f'"{digest}"'}).status_code == 304
    beyond = client.get("/ground.pmtiles", headers={"Range": f"bytes={len(grounded.tiles)}-"})
    assert beyond.status_code == 416


def test_a_map_without_a_ground_asks_for_none(client: FlaskClient) -> None:
    assert client.get("/ground.pmtiles").status_code == 404
    page = client.get("/").get_data(as_text=True)
    assert "ground.pmtiles" not in page
    assert "OpenStreetMap" not in page


def test_a_map_with_a_ground_names_its_makers_and_asks_this_site_alone(client: FlaskClient, grounded: Ground) -> None:
    answer = client.get("/")
    page = answer.get_data(as_text=True)
    assert '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap contributors</a>' in page
    assert "/ground.pmtiles?v=" in page
    assert "<script src" in page
    assert "protomaps-leaflet.js?v=" in page
    assert '<script src="/static/vendor/protomaps' not in page, "it is loaded when the marks are drawn"
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy
    assert "connect-src 'self';" in policy


def test_an_empty_register_with_a_ground_begins_there(client: FlaskClient, grounded: Ground) -> None:
    assert "3.72" in client.get("/").get_data(as_text=True).split("tempuse.attach")[0].split("L.map(")[1][:400]


@pytest.mark.both_engines
def test_a_ground_takes_the_place_of_the_one_before_and_can_go(
    con: Connection, app: Flask, grounded: Ground, now: datetime
) -> None:
    home = app.extensions["tempuse.register"].home
    first = {get_settings(con).ground, get_settings(con).ground_addresses}
    con.rollback()
    assert used.used(con) >= first
    con.rollback()
    assert checking.check_register(con, now, home=home) == []
    with pytest.raises(NotAllowed):
        set_ground(con, PUBLIC, home, None, now)
    set_ground(con, SYSTEM, home, Ground(grounded.tiles + b" ", b"", "© us"), now)
    assert not used.used(con) & first
    assert get_settings(con).ground_source == "© us"
    con.rollback()
    (home / "attachments" / get_settings(con).ground[:2] / get_settings(con).ground).unlink()
    con.rollback()
    assert [found.message for found in checking.check_register(con, now, home=home)] == ["check.attachment_gone"]
    with pytest.raises(Invalid):
        setup.change_settings(con, SYSTEM, {"ground": "../../etc/passwd"}, now)
    set_ground(con, SYSTEM, home, None, now)
    assert get_settings(con).ground == ""


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    register = str(tmp_path / "register.gpkg")
    path = extract.write(tmp_path / "town.osm")

    def run(*arguments: str):
        return CliRunner().invoke(main, ["--register", register, *arguments])

    assert run("create").exit_code == 0
    done = run("ground", str(path))
    assert done.exit_code == 0, done.output
    assert "6 addresses. © OpenStreetMap contributors" in done.output
    assert run("ground", str(tmp_path / "none.pbf")).exit_code == 3
    assert run("ground").exit_code == 2
    assert run("ground", str(tmp_path / "register.gpkg")).exit_code == 5
    assert run("ground", "--remove").exit_code == 0
    assert attachments.names(tmp_path / "register.gpkg.home") != [], "what was just sent stays for a day"


def hidden(page: str) -> dict[str, str]:
    """What the form carries along."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page[page.index('id="place-form"') :]))


def test_bare_addresses_find_their_places_in_openstreetmap(
    con: Connection, app: Flask, grounded: Ground, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Name;Address;Postcode;Town\nA;Ferry Street 3a;9000;Rivermouth\nB;Fery Street 5;;\nC;Ferry Street 4;;\n"
    )
    request = ImportRequest(
        path, source="list", known_addresses=known_addresses(con, app.extensions["tempuse.register"].home)
    )
    con.rollback()
    opened = open_import(con, request, tmp_path / "scratch")
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, tmp_path / "staging")
    merge_import(con, SYSTEM, staging, now)
    staging.close()
    found = {space.name: space for batch in spaces.walk(con) for _, space in batch}
    assert (found["A"].placed_by, found["A"].geometry.x) == ("openstreetmap", pytest.approx(3.7165, abs=1e-4))
    assert found["B"].geometry is None  # spelt alike is another street: it is proposed
    assert found["B"].source_fields[PROPOSED_ADDRESS] == "Ferry Street 5"
    assert found["C"].geometry is None


def test_the_settings_take_a_file_and_take_it_away(con: Connection, app: Flask, tmp_path: Path) -> None:
    client = a_signed_in_client(app, "Adam Reed", "administrator")
    page = client.get("/office/settings/ground").text
    assert "There are none yet." in page
    path = extract.write(tmp_path / "town.osm")
    sent = {"csrf_token": token_of(page), "file": (io.BytesIO(path.read_bytes()), "town.osm")}
    answer = client.post("/office/settings/ground", data=sent)
    assert answer.status_code == 302, answer.text
    assert "© OpenStreetMap contributors" in client.get("/office/settings").text
    sent = {"csrf_token": token_of(page), "file": (io.BytesIO(b"a;b\n1;2\n"), "list.csv")}
    assert "list.csv is neither an OpenStreetMap extract" in client.post("/office/settings/ground", data=sent).text
    assert (
        client.post("/office/settings/ground", data={"csrf_token": token_of(page), "do": "remove"}).status_code == 302
    )
    assert get_settings(con).ground == ""


def test_placing_proposes_what_openstreetmap_knows(
    con: Connection, app: Flask, grounded: Ground, now: datetime
) -> None:
    ref = registry.add_space(con, SYSTEM, a_space(name=None, address="Ferry Street 3", geometry=None), now)
    client = a_signed_in_client(app)
    page = client.get("/office/places").text
    proposed = client.post(f"/office/places/{ref}", data={**hidden(page), "do": "find"}).text
    assert "OpenStreetMap has it here:" in proposed
    assert client.post(f"/office/places/{ref}", data={**hidden(proposed), "do": "take"}).status_code == 302
    assert spaces.get(con, ref).placed_by == "openstreetmap"


def test_placing_without_any_map_shows_three_doors_and_each_opens(con: Connection, app: Flask, now: datetime) -> None:
    registry.add_space(con, SYSTEM, a_space(name="Old bank", geometry=None), now)
    client = a_signed_in_client(app, "Adam Reed", "administrator")
    answer = client.get("/office/places")
    assert "There is no map of this town yet" in answer.text
    assert "L.map(" not in answer.text
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    tried = client.get("/office/places?try=openstreetmap")
    assert "L.map(" in tried.text
    assert "https://tile.openstreetmap.org" in tried.headers["Content-Security-Policy"]
    assert "openstreetmap.org/copyright" in tried.text
    assert "There is no map of this town yet" in client.get("/office/places?try=https://evil.example").text
    sent = {"csrf_token": token_of(answer.text), "geocoder": "nominatim"}
    assert client.post("/office/places/ground", data=sent).status_code == 302
    assert get_settings(con).geocoder == "nominatim"
    con.rollback()
    assert "Find the address" in client.get("/office/places").text


def test_the_office_alone_asks_the_service_that_it_chose(con: Connection, app: Flask, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"office_tiles": "brt"}, now)
    registry.add_space(con, SYSTEM, a_space(name="Old bank", geometry=None), now)
    client = a_signed_in_client(app)
    office = client.get("/office/places")
    assert "https://service.pdok.nl" in office.headers["Content-Security-Policy"]
    for visited in (app.test_client().get("/"), client.get("/?try=openstreetmap")):
        assert "pdok" not in visited.text
        assert "img-src 'self' data:;" in visited.headers["Content-Security-Policy"]


def test_addresses_are_proposed_from_the_grounds_own_list(client: FlaskClient, app: Flask, grounded: Ground) -> None:
    said = client.get("/addresses?q=ferry").text
    assert '<option value="Ferry Street 1, 9000 Rivermouth" data-at="51.05' in said
    assert "7 &amp; &lt;9&gt;" in said
    assert client.get("/addresses").text.strip() == client.get("/addresses?q=fe").text.strip() == ""
    office = a_signed_in_client(app)
    for page in ("/report", "/owner/offer", "/match", "/office/spaces/new"):
        text = (office if page.startswith("/office") else client).get(page).text
        assert '<meta name="address-finder" content="/addresses">' in text, page
        assert len(re.findall(r"<input[^>]* data-addresses", text)) == 1, page


def test_a_group_looks_near_an_address(client: FlaskClient, grounded: Ground) -> None:
    asked = "/match?where=near&within=500&use=workshop&near="
    assert "near=51.051,3.712" in client.get(f"{asked}ferry+street+1").location
    assert "for the place" in client.get(f"{asked}ferry+street+99").text


def test_without_a_list_nothing_is_proposed(client: FlaskClient) -> None:
    assert client.get("/addresses?q=ferry").text.strip() == ""
    assert "address-finder" not in client.get("/report").text
