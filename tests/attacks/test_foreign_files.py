"""Files that want more than to be read: other files, other machines, the whole memory, for ever."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from tempuse.errors import Invalid
from tempuse.io.confined.walls import Limits
from tempuse.io.read import open_source
from tests.io import lists
from tests.office import a_signed_in_client, post

VRT = """<?xml version="1.0"?><!-- <kml> --><OGRVRTDataSource>
<OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource>
<OpenOptions><OOI key="HEADERS">NO</OOI></OpenOptions><SrcLayer>{layer}</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""
SECRET = "the-key-of-the-house"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the system's walls are Linux's")


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(Invalid) as caught:
        list(open_source(path, path.parent / "scratch", **options).rows())
    return caught.value.message


def read_or_refused(path: Path) -> tuple[list[Any], str]:
    """Every row, or why not one."""
    try:
        return list(open_source(path, path.parent / "scratch").rows()), ""
    except Invalid as error:
        return [], error.message


@pytest.fixture
def listener() -> Iterator[Callable[[], bool]]:
    """A door on this machine, and whether anybody knocked."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)

        def knocked() -> bool:
            try:
                door.accept()
            except TimeoutError:
                return False
            return True

        knocked.port = door.getsockname()[1]  # type: ignore[attr-defined]
        yield knocked


# ---- files that name other files ------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".kml", ".geojson", ".gpkg", ".csv", ".xlsx", ".fgb", ".shp", ""])
def test_a_file_that_points_elsewhere_is_refused(tmp_path: Path, suffix: str, listener: Any) -> None:
    (tmp_path / "secret.key").write_text(SECRET)
    sources = [f"CSV:{tmp_path}/secret.key", f"/vsicurl/http://127.0.0.1:{listener.port}/x.csv",
               f"WFS:http://127.0.0.1:{listener.port}/wfs"]  # fmt: skip
    for source in sources:
        path = tmp_path / f"list{suffix}"
        path.write_text(VRT.format(source=source, layer="secret"))
        assert refused(path) == "file.foreign"
        assert refused(path, layer="x") == "file.foreign"
    assert not listener()


def test_a_pipeline_in_json_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\nSECRET1,2\n")
    target = tmp_path / "made"
    line = f"gdal vector pipeline read {tmp_path}/secret.csv ! partition {target} --field a --format CSV"
    path = tmp_path / "spaces.geojson"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": line}))
    for options in ({}, {"layer": "any"}, {"engine": "pyogrio"}):
        assert refused(path, **options) == "file.not_geojson"
    assert not target.exists()


@pytest.mark.parametrize("door", ["/office/import", "/office/areas"])
def test_the_office_shows_nothing_of_the_house(app: Flask, con: Any, tmp_path: Path, door: str, listener: Any) -> None:
    client = a_signed_in_client(app)
    home = app.extensions["tempuse.register"].home
    (home / "secret.key").write_text(SECRET)
    for source in (f"CSV:{home}/secret.key", f"{home}/accounts.sqlite", f"/vsicurl/http://127.0.0.1:{listener.port}/x"):
        sent = (io.BytesIO(VRT.format(source=source, layer="secret").encode()), "spaces.kml")
        form = {"file": sent, "status": "verified", "kind": "building"}
        if door.endswith("areas"):
            form = {"files": sent, "kind": "district"}
        answer = post(client, door, form, content_type="multipart/form-data", follow_redirects=True)
        assert ".kml is written as XML" in answer.text
        assert SECRET not in answer.text
        assert "argon2" not in answer.text
    assert not listener()
    assert client.get("/health").status_code == 200


def test_an_archive_brings_no_modules(tmp_path: Path) -> None:
    made = tmp_path / "made"
    module = f"open({str(made)!r}, 'w')"
    names = ("orjson.py", "shapely.py", "json.py", "tempuse/__init__.py", "encodings/cp1250.py", "sitecustomize.py")
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(lists.write_csv(tmp_path / "l.csv", lists.table(), encoding="cp1250"), "list.csv")
        for name in names:
            archive.writestr(name, module)
    source = open_source(path, tmp_path / "scratch", encoding="cp1250")
    assert len(list(source.rows())) == len(list(source.rows())) == 4
    assert not made.exists()


# ---- the walls ------------------------------------------------------------------------------------------

TRIES = """
import json, os, signal, socket, subprocess, sys
from pathlib import Path
from tempuse.io.confined import walls
home, given, scratch = map(Path, sys.argv[1:4])
port, parent = map(int, sys.argv[4:])
walls.limit(walls.Limits(60))
assert walls.close_off([given], [], [scratch]) and walls.deny_calls()
def done(what):
    try:
        what()
    except (OSError, PermissionError):
        return False
    return True
print(json.dumps({
    "read the file": done(lambda: given.read_bytes()),
    "write in scratch": done(lambda: (scratch / "x").write_text("x")),
    "load a library": done(lambda: __import__("pyogrio")),
    "read beside it": done(lambda: (home / "secret.key").read_bytes()),
    "list the folder": done(lambda: list(home.iterdir())),
    "write beside it": done(lambda: (home / "new").write_text("x")),
    "change the file": done(lambda: given.write_text("x")),
    "remove it": done(lambda: given.unlink()),
    "change rights": done(lambda: os.chmod(home, 0o777)),
    "read passwords": done(lambda: Path("/etc/passwd").read_bytes()),
    "read the parent": done(lambda: Path(f"/proc/{parent}/environ").read_bytes()),
    "link out": done(lambda: (os.symlink(home / "secret.key", scratch / "l"), (scratch / "l").read_bytes())),
    "connect": done(lambda: socket.create_connection(("127.0.0.1", port), 1)),
    "datagram": done(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "local socket": done(lambda: socket.socket(socket.AF_UNIX)),
    "run": done(lambda: subprocess.run([sys.executable, "-c", "0"], check=True)),
    "signal": done(lambda: os.kill(parent, signal.SIGUSR1)),
}))
"""


@linux
def test_who_reads_a_file_can_do_nothing_else(tmp_path: Path, listener: Any) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir(), scratch.mkdir()
    (home / "secret.key").write_text(SECRET)
    given = home / "list.csv"
    given.write_text("Name\na\n")
    arguments = [str(home), str(given), str(scratch), str(listener.port), str(os.getpid())]
    ran = subprocess.run([sys.executable, "-P", "-c", TRIES, *arguments], capture_output=True, text=True, check=True)
    could = json.loads(ran.stdout)
    allowed = {"read the file", "write in scratch", "load a library"}
    assert {what for what, went in could.items() if went} == allowed
    assert given.read_text() == "Name\na\n"


@linux
def test_no_secret_is_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPUSE_REGISTER", "postgresql://me:hidden@host/db")
    monkeypatch.setenv("TEMPUSE_SMTP", "smtp://me:hidden@host")
    source = open_source(lists.write_csv(tmp_path / "l.csv", lists.table() * 20_000), tmp_path / "scratch")
    (child,) = children_of(os.getpid())
    told = Path(f"/proc/{child}/environ").read_text()
    source.close()
    assert "hidden" not in told
    assert "TEMPUSE" not in told
    assert child not in children_of(os.getpid())


def children_of(parent: int) -> list[int]:
    """The readers that a process has begun."""
    found = []
    for each in Path("/proc").iterdir():
        try:
            if each.name.isdigit() and f"\nPPid:\t{parent}\n" in (each / "status").read_text():
                found += [int(each.name)] if b"tempuse.io.confined" in (each / "cmdline").read_bytes() else []
        except OSError:
            continue
    return found


# ---- too much, for ever, in the middle ------------------------------------------------------------------


def test_a_cell_in_the_last_corner_is_left_out_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in lists.table():
        book.active.append(row)
    book.active.cell(1_048_576, 16_384).value = "x"
    book.save(tmp_path / "list.xlsx")
    source = open_source(tmp_path / "list.xlsx", tmp_path / "scratch")
    assert len(list(source.rows())) == 4
    assert [(each.message, each.value) for each in source.issues] == [("file.cells_far_out", "XFD1048576")]


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """An archive with one part changed."""
    old = path.rename(path.with_suffix(".old"))
    with zipfile.ZipFile(old) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            content = archive.read(name)
            out.writestr(name, change(content) if name.endswith(part) else content)
    return path


def test_a_row_that_no_workbook_has_is_refused(tmp_path: Path) -> None:
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"Vacant": lists.table()})
    with_part(path, "sheet1.xml", lambda text: text.replace(b'r="A2"', b'r="A4294967295"'))
    assert refused(path) == "file.sheet_too_wide"


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [(1_000_000, 16_000, ""), (4_000_000_000, 1, "file.sheet_too_wide"), (1, 9_999_999, "file.sheet_too_wide")],
)
def test_a_cell_repeated_without_end_is_cut_or_refused(tmp_path: Path, rows: int, columns: int, message: str) -> None:
    many = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{columns}"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    path = lists.write_ods(tmp_path / "list.ods", lists.table())
    with_part(path, "content.xml", lambda text: text.replace(b"</table:table>", many.encode() + b"</table:table>"))
    if message:
        assert refused(path) == message
    else:
        source = open_source(path, tmp_path / "scratch")
        assert len(list(source.rows())) == 5
        assert "file.cells_far_out" in [each.message for each in source.issues]


def test_a_geometry_nested_without_end_ends_nothing_but_itself(tmp_path: Path) -> None:
    deep = '{"type":"GeometryCollection","geometries":['
    shape = deep * 20_000 + '{"type":"Point","coordinates":[3,51]}' + "]}" * 20_000
    path = tmp_path / "list.geojson"
    one = '{"type":"Feature","properties":{"Name":"a"},"geometry":'
    path.write_text('{"type":"FeatureCollection","features":[' + one + shape + "}]}")
    rows, message = read_or_refused(path)
    assert message in ("", "file.reader_ended", "file.not_geojson", "file.damaged")
    assert [row.geometry for row in rows] in ([], [None])


@pytest.mark.parametrize("depth", [8, 100_000])
def test_the_same_in_a_geopackage(tmp_path: Path, depth: int) -> None:
    path = lists.write_vector(tmp_path / "list.gpkg", "GPKG")
    wkb = struct.pack("<BII", 1, 7, 1) * depth + struct.pack("<BIdd", 1, 1, 3.0, 51.0)
    with lists.sqlite(path) as con:
        con.execute("UPDATE list SET geom = ? WHERE fid = 2", (b"GP\0\x01" + struct.pack("<i", 4326) + wkb,))
    rows, message = read_or_refused(path)
    assert message in ("", "file.reader_ended", "file.damaged")
    if not message:
        assert [row.geometry is None for row in rows] == [False, True, False, False]
        assert rows[1].values["Name"] == lists.ROWS[1][1]


def endless(path: Path) -> Path:
    """A GeoPackage one of whose layers never ends."""
    lists.write_vector(path, "GPKG")
    with lists.sqlite(path) as con:
        con.execute(
            "CREATE VIEW more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n"
        )
        con.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES ('more', 'attributes')")
    return path


@linux
def test_a_file_that_never_ends_is_ended(tmp_path: Path) -> None:
    path = endless(tmp_path / "list.gpkg")
    assert refused(path, limits=Limits(seconds=2)) == "file.reader_time"
    assert refused(path, limits=Limits(seconds=600, silence=2)) == "file.reader_time"
    assert children_of(os.getpid()) == []


@linux
def test_more_memory_than_is_allowed_is_a_sentence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in lists.table():
        book.active.append(row[:4])
    book.active.cell(1_048_576, 1).value = "x"
    book.save(tmp_path / "list.xlsx")
    assert refused(tmp_path / "list.xlsx", limits=Limits(seconds=60, memory=100 * 1024 * 1024)) == "file.reader_memory"


@linux
def test_what_was_read_before_the_end_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    source = open_source(lists.write_csv(tmp_path / "l.csv", lists.table() * 20_000), tmp_path / "scratch")
    rows = source.rows()
    next(rows)
    (child,) = children_of(os.getpid())
    os.kill(child, signal.SIGSEGV)
    with pytest.raises(Invalid) as caught:
        list(rows)
    assert caught.value.message == "file.reader_ended"


ALONE = """
import sys, time
from pathlib import Path
from tempuse.io.read import open_source
print("begun", flush=True)
open_source(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@linux
def test_nobody_reads_on_when_the_reader_of_its_rows_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALONE, str(endless(tmp_path / "list.gpkg")), str(tmp_path / "scratch")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "begun\n"
        begun = time.monotonic()
        while not (children := children_of(parent.pid)):
            assert time.monotonic() - begun < 30
            time.sleep(0.05)
        time.sleep(1)
        parent.kill()
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() - begun < 60
        time.sleep(0.05)


# ---- files that are not to be changed -------------------------------------------------------------------


def test_a_geopackage_is_read_as_it_lies_with_what_lies_beside_it(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir(), here.mkdir()
    path = lists.write_vector(there / "list.gpkg", "GPKG")
    con = sqlite3.connect(path)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("PRAGMA wal_autocheckpoint = 0")
    for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        con.execute(f'DROP TRIGGER "{name}"')
    con.execute('INSERT INTO list ("Ref", "Name") VALUES (?, ?)', ("005", "Late"))
    con.commit()
    for each in there.iterdir():
        shutil.copyfile(each, here / each.name)
    con.close()
    before = {each.name: each.read_bytes() for each in here.iterdir()}
    assert "list.gpkg-wal" in before
    rows = list(open_source(here / "list.gpkg", tmp_path / "scratch").rows())
    assert rows[-1].values["Name"] == "Late"
    assert {each.name: each.read_bytes() for each in here.iterdir()} == before


def test_a_database_that_is_no_geopackage_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "list.gpkg"
    with lists.sqlite(path) as con:
        con.execute("CREATE TABLE list (name TEXT)")
        con.execute("INSERT INTO list VALUES ('a')")
    assert refused(path) == "file.foreign"
