"""What the process that reads says is looked through before it is believed; what it finds comes out whole."""

from __future__ import annotations

import struct
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tempuse.errors import Invalid, Issue, NotFound
from tempuse.io.confined import wire, wkb
from tempuse.io.read import open_source
from tempuse.io.sources import encodings
from tempuse.io.sources.source import Row
from tests.io import lists


def over_the_wire(rows: list[Row]) -> list[Row]:
    """Rows as they arrive."""
    found = []
    for frame in wire.rows_frames(rows):
        _, length, more = wire.HEAD.unpack_from(frame)
        text = frame[wire.HEAD.size : wire.HEAD.size + length]
        assert len(frame) == wire.HEAD.size + length + more
        found += wire.rows(wire.heard(text), frame[wire.HEAD.size + length :])
    return found


def test_a_reader_begins_without_gdal_and_all_that_a_table_does_not_need() -> None:
    code = "import sys, tempuse.io.confined.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    begun = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "shapely", "pyogrio", "fiona"} & set(begun.stdout.split())


def test_rows_arrive_as_they_were() -> None:
    values = {"text": "é", "whole": 7, "number": 1.5, "flag": True, "none": None, "day": date(2026, 1, 2),
              "instant": datetime(2026, 1, 2, 3, 4), "time": time(1, 2), "span": timedelta(hours=30),
              "large": 2**70, "numpy": np.int64(3)}  # fmt: skip
    shapes = [shapely.Point(3, 51), None, shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
              shapely.from_wkt("GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 1 1))"),
              shapely.from_wkt("POLYGON EMPTY")]  # fmt: skip
    rows = [Row(i, dict(values), shape) for i, shape in enumerate(shapes, 1)]
    arrived = over_the_wire(rows)
    assert [row.line for row in arrived] == [1, 2, 3, 4, 5]
    assert [row.geometry for row in arrived] == shapes
    assert arrived[0].values == {**values, "large": str(2**70)}


def test_letters_that_are_none_arrive_as_marks() -> None:
    (row,) = over_the_wire([Row(1, {"Name\udc80": "a\udcff"})])
    assert row.values == {"Name?": "a?"}


def test_what_is_nested_too_deep_becomes_a_problem_of_its_row() -> None:
    deep = shapely.Point(1, 1)
    for _ in range(wkb.MOST_NESTED + 1):
        deep = shapely.GeometryCollection([deep])
    (row,) = over_the_wire([Row(1, {"Name": "a"}, deep)])
    assert (row.geometry, row.problem) == (None, "geometry.unreadable")


POINT = struct.pack("<BIdd", 1, 1, 1.0, 2.0)


@pytest.mark.parametrize(
    "blob",
    [
        struct.pack("<BII", 1, 7, 1) * 100_000 + POINT, struct.pack("<BII", 1, 6, 1) * 100_000 + POINT, POINT[:-1],
        struct.pack("<BI", 0, 1) + POINT[5:], struct.pack("<BII", 1, 8, 1) + POINT, POINT + b"x",
        struct.pack("<BII", 1, 4, 2**32 - 1) + POINT, struct.pack("<BIII", 1, 3, 1, 2**32 - 1), b"\x01",
        struct.pack("<BII", 1, 2, 2**31), struct.pack("<BIIII", 1, 3, 2, 1, 7) + POINT,
    ],
)  # fmt: skip
def test_geometries_that_are_none_are_not_believed(blob: bytes) -> None:
    with pytest.raises(wire.Odd):
        wire.rows([[1, {}, "", len(blob)]], blob)


@pytest.mark.parametrize(
    "content",
    [
        None, 7, [7], [[1]], [["1", {}, "", 0]], [[1, [], "", 0]], [[1, {"a": [1]}, "", 0]], [[1, {"a": {}}, "", 0]],
        [[1, {"a": {"day": "x"}}, "", 0]], [[1, {"a": {"day": 7}}, "", 0]], [[1, {}, "no.such.message", 0]],
        [[1, {}, "", -1]], [[1, {}, "", 9]], [[1, {}, "", "0"]], [[1, {}, "", True]], [[1, {"a": {"os": "x"}}, "", 0]],
    ],
)  # fmt: skip
def test_rows_that_are_none_are_not_believed(content: Any) -> None:
    with pytest.raises(wire.Odd):
        wire.rows(content, b"")


OPENED = {"name": "a", "kind": "csv", "columns": ["a"], "layer": "", "layers": [], "alike": [],
          "apart": "", "crs": None, "has_geometry": False,
          "count": 1, "issues": []}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"name": 1}, {"columns": [1]}, {"columns": "a"}, {"columns": ["a"] * 50_000}, {"crs": "x" * 50_000},
        {"count": "1"}, {"issues": [[1]]}, {"more": 1}, {"issues": [[None, "", "", "no.such", "", {}, False]]},
        {"issues": [[None, "", "", "file.empty", "", {"name": {"a": 1}}, False]]},
        {"issues": [[None, "", "", "file.empty", "", {"__class__": "a"}, False]]},
    ],
)  # fmt: skip
def test_a_source_that_is_none_is_not_believed(change: dict[str, Any]) -> None:
    assert wire.opened(dict(OPENED))["columns"] == ["a"]
    with pytest.raises(wire.Odd):
        wire.opened({**OPENED, **change})


def test_errors_and_issues_arrive_as_they_were() -> None:
    issue = Issue(3, "Name", "x", "file.column_twice", "file.column_named", {"column": "a", "names": ["b"]}, True)
    assert wire.issues(wire.issue_list([issue])) == [issue]
    for error in (Invalid("file.several", name="a", names=["b", "c"]), NotFound("file.missing", name="a")):
        frame = wire.error_frame(error)
        told = wire.error(wire.heard(frame[wire.HEAD.size :]))
        assert (type(told), told.message, told.values) == (type(error), error.message, error.values)
    for content in (["SystemExit", "file.empty", {}], ["Invalid", "no.such", {}], ["Invalid", "file.empty"], 1):
        with pytest.raises(wire.Odd):
            wire.error(content)


# ---- what the readers make of odd files -----------------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "pyogrio"])
def test_a_property_of_several_kinds_costs_nothing(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "list.geojson"
    rows = [("a", "12"), ("b", '"12a"'), ("c", "true"), ("d", '{"x": 1}'), ("e", "null")]
    features = [
        f'{{"type":"Feature","properties":{{"Name":"{name}","number":{value}}},'
        '"geometry":{"type":"Point","coordinates":[3.7,51]}}'
        for name, value in rows
    ]
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}")
    found = list(open_source(path, tmp_path / "scratch", engine=engine).rows())
    assert [row.values["Name"] for row in found] == ["a", "b", "c", "d", "e"]
    assert [row.values["number"] for row in found][:3] == ["12", "12a", "true"]
    assert all(row.geometry is not None and not row.problem for row in found)


@pytest.mark.parametrize("stated", [2, 0, None, 9])
@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
def test_a_number_that_the_file_states_is_not_believed(tmp_path: Path, stated: int | None, engine: str) -> None:
    if engine == "fiona":
        pytest.importorskip("fiona")
    path = lists.write_vector(tmp_path / "list.gpkg", "GPKG")
    with lists.sqlite(path) as con:
        con.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (stated,))
    source = open_source(path, tmp_path / "scratch", engine=engine)
    assert source.count == len(list(source.rows())) == 4
    said = [each.values for each in source.issues if each.message == "file.count_differs"]
    assert said == ([] if stated is None else [{"stated": stated, "found": 4}])


def test_whole_numbers_with_gaps_keep_every_figure(tmp_path: Path) -> None:
    path = lists.write_vector(tmp_path / "list.gpkg", "GPKG")
    with lists.sqlite(path) as con:
        con.execute("ALTER TABLE list ADD COLUMN parcel INTEGER")
        con.execute("ALTER TABLE list ADD COLUMN open BOOLEAN")
        con.execute("UPDATE list SET parcel = 12345678901234567, open = 1 WHERE fid IN (1, 4)")
    for engine in ("auto", "pyogrio"):
        rows = list(open_source(path, tmp_path / "scratch", engine=engine).rows())
        assert [row.values["parcel"] for row in rows] == [12345678901234567, None, None, 12345678901234567]
        assert [row.values["open"] for row in rows] == [True, None, None, True]


@pytest.mark.parametrize(
    ("declared", "page"),
    [
        ("ANSI 1250", "cp1250"), ("8859-2", "iso8859-2"), ("ISO-8859-2", "iso8859-2"), ("88592", "iso8859-2"),
        ("1253", "cp1253"), ("CP1251", "cp1251"), ("OEM 852", "cp852"), ("windows-1257", "cp1257"),
        ("28592", "iso8859-2"),
        ("UTF-8", "utf-8"), ("65001", "utf-8"),
        ("System", None), ("", None), ("???", None), ("\0", None),
    ],
)  # fmt: skip
def test_a_code_page_is_known_by_all_its_names(declared: str, page: str | None) -> None:
    assert encodings.code_page(declared) == page


@pytest.mark.parametrize("declared", ["ANSI 1250", "8859-2", "nonsense 77"])
def test_a_shapefile_with_an_odd_code_page_is_read(tmp_path: Path, declared: str) -> None:
    encoding = "iso8859-2" if declared == "8859-2" else "cp1250"
    frame = lists.frame("EPSG:31370")
    frame["Name"] = ["Młyn", "Łąka", "Źródło", "Dom"]
    folder = tmp_path / "sent"
    folder.mkdir()
    pyogrio.write_dataframe(frame, folder / "list.shp", driver="ESRI Shapefile", encoding=encoding)
    (folder / "list.cpg").write_text(declared)
    names = [row.values["Name"] for row in open_source(folder, tmp_path / "scratch").rows()]
    assert len(names) == 4
    if not declared.startswith("nonsense"):
        assert names == ["Młyn", "Łąka", "Źródło", "Dom"]
