"""The public's files say over the web, too, under which licence they are, and where that is explained."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store.engine import Connection
from tests.builders import a_space
from web.public import downloads

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A register with a space and a licence."""
    setup.change_settings(con, SYSTEM, {"municipality": "Gent", "licence": "CC BY 4.0"}, now)
    add_space(con, SYSTEM, a_space(), now)
    return con


@pytest.mark.parametrize("path", [f"/spaces.{name}" for name in downloads.SPACES])
def test_every_file_names_its_licence_in_a_link(path: str, filled: Connection, client: FlaskClient) -> None:
    with client.get(path) as answer:
        assert answer.headers.getlist("Link")[:2] == [
            f'<{CC_BY}>; rel="license"',
            '</data>; rel="describedby"; type="text/html"',
        ]
        assert "Link" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path", ["/areas.geojson", "/uses.csv", "/uses.gpkg", "/needs.geojson", "/spaces/SP-0001.geojson"]
)
def test_so_do_the_other_collections_and_one_space(path: str, filled: Connection, client: FlaskClient) -> None:
    with client.get(path) as answer:
        assert f'<{CC_BY}>; rel="license"' in answer.headers.getlist("Link")


def test_a_licence_that_is_set_later_stands_in_the_next_file(
    filled: Connection, client: FlaskClient, now: datetime
) -> None:
    tag = client.get("/spaces.geojson").headers["ETag"]
    setup.change_settings(filled, SYSTEM, {"licence": "Our own"}, now)
    with client.get("/spaces.geojson", headers={"If-None-Match": tag}) as answer:
        assert answer.status_code == 200
        assert json.loads(answer.data)["licence"] == "Our own"
        assert [each for each in answer.headers.getlist("Link") if "license" in each] == []


def test_a_kept_file_bears_no_name_that_a_browser_wrote(filled: Connection, app: Flask) -> None:
    client = app.test_client()
    for address in ("/spaces.geojson", "/spaces.gpkg"):
        with client.get(address, base_url="https://wicked.example") as answer:
            assert b"wicked.example" not in answer.data
    app.config["NAMED_URL"] = "https://spaces.gent.example"
    with client.get("/spaces.geojson", base_url="https://wicked.example") as answer:
        assert json.loads(answer.data)["source"] == "https://spaces.gent.example/data"


def test_a_table_for_people_is_in_the_language_that_its_address_says(filled: Connection, client: FlaskClient) -> None:
    heads = {}
    for query in ("", "?for=people", "?for=people&language=nl", "?for=people&language=xx"):
        with client.get(f"/spaces.csv{query}") as answer:
            assert "Set-Cookie" not in answer.headers
            heads[query] = (answer.data.decode("utf-8-sig").split("\r\n")[0], answer.headers["ETag"])
    assert heads[""][0].startswith("ref,kind,status,")
    assert heads["?for=people"][0].startswith("Reference,Name,Street and number,")
    assert heads["?for=people&language=nl"][0].startswith("Referentie;Naam;Straat en nummer;")
    assert heads["?for=people"] == heads["?for=people&language=xx"]
    assert len({tag for _, tag in heads.values()}) == 3
    with client.get("/spaces.geojson?for=people") as answer:
        assert answer.status_code == 422
    with client.get("/data") as answer:
        assert 'href="/spaces.xlsx?for=people&amp;language=en"' in answer.text
