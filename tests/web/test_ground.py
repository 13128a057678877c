"""The town's own background: taken in by the command and in the settings, served in parts, drawn on every map."""

from __future__ import annotations

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
from tempuse.registry.care import checking
from tempuse.registry.ground import set_ground
from tempuse.store import attachments
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tests import extract


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
