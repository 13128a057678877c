"""With fifty thousand spaces in a file, and half of them in a database, no page, save or minute's work reads
a whole table; each is led by an index.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.demo.make import make_large
from tempuse.registry import publishing, reports
from tempuse.registry.spaces import edit_space, move_spaces
from tempuse.reports import Report
from tempuse.store import space_lists, spaces
from tempuse.store.engine import Register, open_register
from tests.conftest import NOW
from tests.forms import form_of
from tests.large import TOTAL
from tests.missing import missing
from tests.office import a_signed_in_client
from tests.plans import MOST_ROWS, Recorder
from tests.staged import a_line, staged
from web import create_app

pytestmark = pytest.mark.long

# A database is filled row by row: half of the file's, and half may be read of it.
PART = 2

# What may read a whole table, and why.
MAY = (
    # The office's figures: counted in one pass over one index, once after a change and not for each page.
    "GROUP BY spaces.status, spaces.occupancy",
    # The counts beside the table's filters, up to a hundred thousand spaces; above that there are none.
    "AS has_place, count(*) AS count",
)


@pytest.fixture(scope="module", params=["geopackage", "postgis"])
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A large register on each engine, once for all of these."""
    folder = tmp_path_factory.mktemp("large")
    schema = f"large{os.getpid()}"
    address = str(folder / "register.gpkg")
    url = ""
    if request.param == "geopackage":
        shutil.copyfile(request.getfixturevalue("large_file"), address)
    else:
        url = request.getfixturevalue("postgres_url")
        if not url:
            missing("PostgreSQL with PostGIS is not installed")
        address = f"{url}?schema={schema}"
    opened = open_register(address, folder / "home", create=bool(url))
    if url:
        with opened.connect() as con:
            make_large(con, TOTAL // PART, NOW)
    yield opened
    opened.close()
    if url:
        with psycopg.connect(url, autocommit=True) as con:
            con.execute("SET client_min_messages = warning")
            con.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
            con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')


@pytest.fixture(scope="module")
def app(register: Register) -> Flask:
    """The app, its index loaded as it is before a server serves."""
    app = create_app(register, {"RATELIMIT_ENABLED": False, "REPORT_LEAST_SECONDS": 0}, clock=lambda: NOW)
    app.test_client().get("/map/view")
    return app


@pytest.fixture
def recorder(register: Register) -> Recorder:
    return Recorder(register, most_rows=MOST_ROWS // (1 if register.is_file else PART))


def a_place_of(app: Flask) -> str:
    """A box of about a street around some space."""
    with app.extensions["tempuse.register"].connect() as con:
        held = spaces.get(con, "SP-0500")
    x, y = held.geometry.representative_point().coords[0]
    return f"{x - 0.002:.5f},{y - 0.002:.5f},{x + 0.002:.5f},{y + 0.002:.5f}"


def test_what_the_public_opens_is_led_by_an_index(app: Flask, recorder: Recorder) -> None:
    client, box = app.test_client(), a_place_of(app)
    pages = [
        "/", "/find", "/find?page=40", "/find?kind=plot", "/spaces/SP-0500", "/report", "/data", f"/map/view?box={box}",
        f"/list?box={box}", f"/spaces.geojson?box={box}", "/map/areas", "/health",
    ]  # fmt: skip
    with recorder.recording():
        for page in pages:
            assert client.get(page).status_code in (200, 410), page
    assert recorder.too_much(MAY) == []


def test_what_the_office_opens_is_led_by_an_index(app: Flask, recorder: Recorder) -> None:
    client = a_signed_in_client(app, "Ilse Maes")
    pages = [
        "/office/waiting", "/office/spaces", "/office/spaces?status=offered", "/office/spaces?status=offered&page=30",
        "/office/spaces?consent=objected&status=offered", "/office/spaces?sort=name&down=1",
        "/office/spaces?sort=checked_on", "/office/spaces?district_ref=AR-0300&status=offered",
        "/office/spaces/SP-0500", "/office/spaces/SP-0500/edit", "/office/reports", "/office/imports",
        "/office/spaces/new?within=SP-0500", "/office/places",
    ]  # fmt: skip
    with recorder.recording():
        for page in pages:
            assert client.get(page, follow_redirects=True).status_code == 200, page
    assert recorder.too_much(MAY) == []


def test_a_save_and_the_map_after_it_are_led_by_an_index(app: Flask, recorder: Recorder) -> None:
    client = a_signed_in_client(app, "Tomas Reed")
    form = form_of(client.get("/office/spaces/SP-0501/edit").text, "seen")
    new = form_of(client.get("/office/spaces/new").text, "seen")
    with recorder.recording():
        path, sent = "/office/spaces/SP-0501/edit", {**form, "description": "Swept and empty."}
        assert client.post(path, data=sent, headers={"Origin": "http://localhost"}).status_code == 302
        assert client.get("/map/view").status_code == 200
        sent = {**new, "name": "A new hall", "kind": "building"}
        assert client.post("/office/spaces/new", data=sent, headers={"Origin": "http://localhost"}).status_code == 302
        assert client.get("/").status_code == 200
        assert client.get("/spaces/SP-0501").status_code in (200, 410)
    assert recorder.too_much(MAY) == []


def test_moves_reports_and_the_minutes_work_are_led_by_an_index(register: Register, recorder: Recorder) -> None:
    with register.connect() as con:
        offered = spaces.find(con, spaces.SpaceFilter(status=("offered",)), limit=3)
    with recorder.recording(), register.connect() as its:
        move_spaces(its, SYSTEM, [space.ref for space in offered], "close", NOW)
        edit_space(its, SYSTEM, offered[0].ref, {"geometry": offered[1].geometry}, NOW)
        told = Report(kind="wrong", space_ref=offered[0].ref, text="The door is blue.")
        reports.send_report(its, PUBLIC, told, NOW, "one")
        publishing.republish_due(its, SYSTEM, NOW + timedelta(minutes=1))
        reports.blank_contacts(its, SYSTEM, NOW)
    assert recorder.too_much(MAY) == []


def test_an_import_into_a_large_register_is_led_by_an_index(
    register: Register, recorder: Recorder, tmp_path: Path
) -> None:
    """Comparing a list reads what the list names; looking for likely doubles walks the names once, in batches."""
    with recorder.recording(), register.connect() as con, staged(con, tmp_path, NOW, "list", [a_line(1)]):
        pass
    assert recorder.too_much(MAY) == []


def test_pages_by_the_last_name_first_follow_each_other_to_the_last_without_a_name(register: Register) -> None:
    few = spaces.SpaceFilter(refs=tuple(f"SP-{number:04d}" for number in range(1, 41)))
    with register.connect() as con:
        held = spaces.find(con, few)
        paged = [
            ref_id for offset in range(0, 45, 5)
            for ref_id in space_lists.row_ids(con, few, "name", down=True, limit=5, offset=offset)
        ]  # fmt: skip
        names = [space.name for space in space_lists.at(con, paged)]
    assert len(paged) == len(set(paged)) == len(held) == 40
    named = [name for name in names if name is not None]
    assert None in names
    assert names == [*named, *[None] * (len(names) - len(named))]
    assert set(named) == {space.name for space in held if space.name}
    assert named[0] == max(named) or not register.is_file  # PostgreSQL sorts by the rules of its language
