"""The addresses that stay: what they hold, when they say that nothing changed, and that each file is built once."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import threading
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import brotli
import openpyxl
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, several_spaces
from web.public import downloads
from web.site import built_files

FORMATS = downloads.SPACES
PROJ = "spaces.csv?crs=%2Bproj%3Dlonglat%20%2Bnadgrids%3D%2Fetc%2Fpasswd"
STREAMED = ("geojson", "kml", "csv")


class Whole(FlaskClient):
    """A visitor who takes each answer to its end, so that its file is closed."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Such a visitor."""
    app.test_client_class = Whole
    return app.test_client()


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A register with a space of each sort, in a district."""
    setup.change_settings(con, SYSTEM, {"municipality": "Nørre Ålby"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    for space in several_spaces():
        add_space(con, SYSTEM, space, now)
    return con


def refs(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/spaces.geojson{query}")
    assert answer.status_code == 200
    return sorted(each["id"] for each in json.loads(answer.data)["features"])


def count_of(name: str, data: bytes, folder: Path) -> int:
    """How many features another library finds in it."""
    path = folder / f"got.{name}"
    path.write_bytes(data)
    if name == "shp.zip":
        with zipfile.ZipFile(path) as archive:
            layers = [each for each in archive.namelist() if each.endswith(".shp")]
        return sum(pyogrio.read_info(f"/vsizip/{path}/{each}")["features"] for each in layers)
    if name == "csv":
        return len(list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))))
    if name == "xlsx":
        return int(openpyxl.load_workbook(path).active.max_row) - 1
    found = pyogrio.read_info(path, force_feature_count=True)["features"]
    return int(found) - (name == "ods" and pyogrio.read_info(path)["fields"][0] != "ref")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_an_address_and_holds_every_published_space(
    name: str, filled: Connection, client: FlaskClient, tmp_path: Path
) -> None:
    answer = client.get(f"/spaces.{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="norre-alby-spaces.{name}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert count_of(name, answer.data, tmp_path) == 6
    for secret in (b"secret-", b"withheld-name", b"note-for-the-office", b"why-it-ended", b"objected-name"):
        assert secret not in answer.data


@pytest.mark.parametrize("name", FORMATS)
def test_an_asker_who_has_this_state_is_told_so_until_something_changes(
    name: str, filled: Connection, client: FlaskClient, now: datetime
) -> None:
    first = client.get(f"/spaces.{name}")
    tag = first.headers["ETag"]
    again = client.get(f"/spaces.{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/spaces.{name}").data == first.data
    edit_space(filled, SYSTEM, "SP-0001", {"name": "Another name"}, now)
    after = client.get(f"/spaces.{name}", headers={"If-None-Match": tag})
    assert after.status_code == 200
    assert after.headers["ETag"] != tag
    assert after.data != first.data


@pytest.mark.parametrize("name", ["geojson", "csv", "kml", "gpkg", "fgb"])
def test_what_gains_by_it_is_squeezed_for_those_who_take_it(name: str, filled: Connection, client: FlaskClient) -> None:
    plain = client.get(f"/spaces.{name}")
    small = client.get(f"/spaces.{name}", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    if name in ("geojson", "csv", "kml"):
        streamed = client.get(f"/spaces.{name}", headers={"Accept-Encoding": "gzip, deflate, br"})
        assert (streamed.headers["Content-Encoding"], brotli.decompress(streamed.data)) == ("br", plain.data)
    assert len(small.data) < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in small.vary
    assert "Accept-Encoding" in plain.vary
    assert client.get(f"/spaces.{name}", headers={"If-None-Match": small.headers["ETag"]}).status_code == 304


def test_what_is_packed_is_not_packed_again(filled: Connection, client: FlaskClient) -> None:
    for name in ("shp.zip", "xlsx", "kmz", "ods"):
        answer = client.get(f"/spaces.{name}", headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_gis_may_read_a_file_in_parts(filled: Connection, client: FlaskClient) -> None:
    whole = client.get("/spaces.gpkg")
    part = client.get("/spaces.gpkg", headers={"Range": "bytes=0-15", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.data) == (206, b"SQLite format 3\x00")
    assert part.headers["Content-Range"] == f"bytes 0-15/{len(whole.data)}"
    same = {"Range": "bytes=16-19", "If-Range": whole.headers["ETag"]}
    assert client.get("/spaces.gpkg", headers=same).data == whole.data[16:20]
    other = {"Range": "bytes=16-19", "If-Range": '"another"'}
    assert client.get("/spaces.gpkg", headers=other).status_code == 200


@pytest.mark.both_engines
def test_a_file_holds_what_the_map_shows(filled: Connection, client: FlaskClient, now: datetime) -> None:
    assert refs(client, "?kind=plot") == ["SP-0002", "SP-0003"]
    assert refs(client, "?kind=plot,unit") == ["SP-0002", "SP-0003", "SP-0004"]
    assert refs(client, "?has=power") == ["SP-0001"]
    assert refs(client, "?use=food&kind=building") == ["SP-0001"]
    assert refs(client, "?district=AR-0001&kind=plot") == ["SP-0002", "SP-0003"]
    assert refs(client, "?box=3.7195,51.0495,3.7205,51.0505") == ["SP-0001"]
    assert refs(client, "?free=now&kind=building") == ["SP-0005"], "the other is free from March"
    assert refs(client, "?nonsense=1&utm_source=mail") == refs(client), "what is nothing of ours asks nothing"
    assert "SP-0007" in refs(client), "what ended is told"
    assert "SP-0007" not in refs(client, "?kind=building"), "and shown by no filter"
    assert client.get("/map/view?kind=plot").json["total"] == 2


def test_different_questions_have_different_tags(filled: Connection, client: FlaskClient) -> None:
    asked = ("", "?kind=plot", "?kind=unit", "?box=3,51,4,52", "?box=3,51,4,53", "?crs=31370")
    tags = {client.get(f"/spaces.{name}{query}").headers["ETag"] for query in asked for name in ("gpkg", "csv")}
    assert len(tags) == 12
    same = [
        client.get(f"/spaces.csv?{query}").headers["ETag"] for query in ("kind=plot,unit", "kind=unit&kind=plot&x=1")
    ]
    assert same[0] == same[1]


def test_a_filter_by_what_is_free_changes_with_the_day(filled: Connection, register: Register, now: datetime) -> None:
    from web import create_app  # noqa: PLC0415

    days = [datetime.fromisoformat(f"{day}T08:00:00+00:00") for day in ("2027-02-27", "2027-03-02")]
    clock = iter(days)
    app = create_app(register, {"TESTING": True}, clock=lambda: next(clock))
    answers = [app.test_client().get("/spaces.geojson?free=now&has=power") for _ in days]
    assert [len(json.loads(each.data)["features"]) for each in answers] == [0, 1]
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]


def test_a_crs_can_be_asked_for_where_the_format_has_one(
    filled: Connection, client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "a.gpkg").write_bytes(client.get("/spaces.gpkg?crs=EPSG:31370").data)
    assert pyogrio.read_info(tmp_path / "a.gpkg")["crs"] == "EPSG:31370"
    for query in ("spaces.geojson?crs=31370", "spaces.kml?crs=EPSG:31370", "spaces.gpkg?crs=moon", PROJ):
        answer = client.get(f"/{query}")
        assert answer.status_code == 422
        assert "coordinate" in answer.text or "longitude" in answer.text
    assert client.get("/spaces.geojson?crs=EPSG:4326").status_code == 200


@pytest.mark.both_engines
def test_areas_have_an_address_too(filled: Connection, client: FlaskClient) -> None:
    answer = client.get("/areas.geojson")
    held = json.loads(answer.data)
    assert [each["properties"]["name"] for each in held["features"]] == ["Old Docks"]
    assert held["bbox"] == [3.7, 51.04, 3.74, 51.08]
    assert shapely.from_geojson(json.dumps(held["features"][0]["geometry"])).equals(a_district().geometry)
    assert json.loads(client.get("/areas.geojson?kind=water").data)["features"] == []
    assert client.get("/areas.geojson", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert answer.headers["Content-Disposition"] == 'attachment; filename="norre-alby-areas.geojson"'


@pytest.mark.both_engines
def test_an_empty_register_gives_whole_files(client: FlaskClient, tmp_path: Path) -> None:
    held = json.loads(client.get("/spaces.geojson").data)
    assert (held["type"], held["features"], "bbox" in held) == ("FeatureCollection", [], False)
    assert count_of("gpkg", client.get("/spaces.gpkg").data, tmp_path) == 0
    assert client.get("/spaces.gpkg").headers["Content-Disposition"] == 'attachment; filename="spaces.gpkg"'


def test_an_unknown_format_is_no_address(client: FlaskClient) -> None:
    assert client.get("/spaces.dxf").status_code == 404
    assert client.post("/spaces.gpkg").status_code == 405


def test_a_head_request_says_the_same_without_the_file(filled: Connection, client: FlaskClient) -> None:
    for name in ("geojson", "gpkg"):
        whole, head = client.get(f"/spaces.{name}"), client.head(f"/spaces.{name}")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == whole.headers["ETag"]


def test_a_sheet_that_would_take_too_long_is_refused_with_a_way_out(
    filled: Connection, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST_SHEET_SPACES", 3)
    answer = client.get("/spaces.xlsx")
    assert answer.status_code == 422
    assert "Choose csv or gpkg, or a filter." in answer.text
    assert client.get("/spaces.xlsx?kind=plot").status_code == 200


@pytest.mark.parametrize("name", ["geojson", "csv", "kml"])
def test_a_large_text_is_kept_and_read_in_parts_like_any_file(
    name: str, filled: Connection, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, register: Register
) -> None:
    at_once = client.get(f"/spaces.{name}").data
    monkeypatch.setattr(downloads, "MOST_AT_ONCE", 3)
    plain = client.get(f"/spaces.{name}")
    assert plain.data == at_once
    assert int(plain.headers["Content-Length"]) == len(at_once)
    assert client.get(f"/spaces.{name}", headers={"Range": "bytes=5-24"}).data == at_once[5:25]
    small = client.get(f"/spaces.{name}", headers={"Accept-Encoding": "gzip"})
    assert (small.headers["Content-Encoding"], gzip.decompress(small.data)) == ("gzip", at_once)
    assert client.get(f"/spaces.{name}", headers={"If-None-Match": small.headers["ETag"]}).status_code == 304
    assert sorted(Path(each).suffix for each in cached(register)) == sorted([f".{name}", ".gz"])


# ---- files that are kept -----------------------------------------------------------------------------------


def cached(register: Register) -> list[str]:
    return sorted(path.name for path in (register.home / "cache").iterdir())


@pytest.mark.both_engines
def test_a_file_is_kept_until_the_register_changes(
    filled: Connection, register: Register, client: FlaskClient, now: datetime
) -> None:
    client.get("/spaces.gpkg")
    [first] = cached(register)
    made = (register.home / "cache" / first).stat()
    client.get("/spaces.gpkg")
    assert (register.home / "cache" / first).stat().st_ino == made.st_ino
    edit_space(filled, SYSTEM, "SP-0001", {"name": "Another name"}, now)
    old = time.time() - 3600
    os.utime(register.home / "cache" / first, (old, old))
    client.get("/spaces.gpkg")
    [second] = cached(register)
    assert second != first


@pytest.mark.both_engines
def test_many_who_ask_at_once_wait_for_one_build(register: Register) -> None:
    built: list[Path] = []

    def build(path: Path) -> None:
        built.append(path)
        time.sleep(0.2)
        path.write_text("x")

    got: list[Path] = []
    asking = [
        threading.Thread(target=lambda: got.append(built_files.get(register, 1, "key", ".gpkg", build)))
        for _ in range(4)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert len(built) == 1
    assert set(got) == set(built)


@pytest.mark.both_engines
def test_pages_still_answer_while_large_files_are_made(
    filled: Connection, register: Register, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two build, three wait a while, the rest are told to come back: never all the threads of a server."""
    monkeypatch.setattr(built_files, "WAIT_SECONDS", 0.5)
    go, building = threading.Event(), threading.Semaphore(0)

    def slow(path: Path) -> None:
        building.release()
        go.wait(30)
        path.write_text("x")

    makers = [
        threading.Thread(target=built_files.get, args=(register, 1, f"slow {number}", ".gpkg", slow))
        for number in (1, 2)
    ]
    for each in makers:
        each.start()
        building.acquire()
    answer = client.get("/spaces.gpkg")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.text == "This file is being made. Try again in a minute."
    assert client.get("/spaces.geojson").status_code == 200
    told = threading.Event()
    waiting = [threading.Thread(target=_told_to_come_back, args=(register, n, slow, told)) for n in range(4)]
    monkeypatch.setattr(built_files, "WAIT_SECONDS", 60.0)
    for each in waiting:
        each.start()
    assert told.wait(30), "three of the four wait"
    assert client.get("/spaces.gpkg").status_code == 503
    go.set()
    for each in makers + waiting:
        each.join()
    assert client.get("/spaces.gpkg").status_code == 200


def _told_to_come_back(register: Register, number: int, build: Any, told: threading.Event) -> None:
    try:
        built_files.get(register, 1, f"waits {number}", ".gpkg", build)
    except built_files.Busy:
        told.set()


def test_a_build_that_fails_is_tried_again_by_the_next(register: Register) -> None:
    def fails(_: Path) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        built_files.get(register, 1, "key", ".gpkg", fails)
    path = built_files.get(register, 1, "key", ".gpkg", lambda path: path.write_text("x"))
    assert path.read_text() == "x"


def test_the_cache_does_not_fill_the_disk(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_files, "MOST_FILES", 3)
    old = time.time() - 3600
    (register.home / "cache" / ".left-by-a-crash").mkdir(parents=True)
    os.utime(register.home / "cache" / ".left-by-a-crash", (0, 0))
    for number in range(6):
        path = built_files.get(register, 1, f"key {number}", ".gpkg", lambda path: path.write_text("x"))
        os.utime(path, (old + number, old + number))
    assert len(cached(register)) == 3
    assert path.exists()
    built_files.get(register, 2, "key", ".gpkg", lambda path: path.write_text("x"))
    assert len(cached(register)) == 1


@pytest.mark.both_engines
def test_a_reader_who_leaves_gives_the_connection_back(
    filled: Connection, app: Flask, register: Register, now: datetime
) -> None:
    """Twice as many broken-off downloads as there are connections: the next one is still served."""
    for number in range(30):
        add_space(filled, SYSTEM, a_space(name="x" * 200, geometry=a_place(number / 1e4)), now)
    for _ in range(70):
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": "/spaces.geojson", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        }  # fmt: skip
        answer = app(environ, lambda *_: None)
        next(iter(answer))
        answer.close()  # type: ignore[attr-defined]
    assert app.test_client().get("/spaces.geojson").status_code == 200
    assert register.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]


@pytest.mark.both_engines
def test_a_download_sees_one_state_of_the_register_while_it_changes(
    filled: Connection, app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A space that moves while the file leaves is in it once, where it was."""
    from tempuse.store import published  # noqa: PLC0415

    walk = published.walk
    monkeypatch.setattr(published, "walk", lambda con, collection: walk(con, collection, 1))
    answer = app.test_client().get("/spaces.geojson", buffered=False)
    chunks = iter(answer.response)
    text = next(chunks)
    edit_space(filled, SYSTEM, "SP-0001", {"geometry": a_place(0.9, 0.9), "name": "Moved away"}, now)
    text += b"".join(chunks)
    answer.close()
    ids = [each["id"] for each in json.loads(text)["features"]]
    assert sorted(ids) == ["SP-0001", "SP-0002", "SP-0003", "SP-0004", "SP-0005", "SP-0007"]
    assert b"Moved away" not in text
