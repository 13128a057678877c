"""Vector files of every format, by Fiona and by pyogrio alike."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pyogrio
import pytest
import shapely

from tempuse.errors import Invalid
from tempuse.io.read import open_source
from tempuse.io.sources import by_pyogrio, vectors
from tests.io import lists

ENGINES = ("fiona", "pyogrio")


def opened(path: Path, **options: Any) -> Any:
    return open_source(path, path.parent / "scratch", **options)


def rows_of(source: Any) -> list[tuple[int, dict[str, Any], str | None, str]]:
    return [
        (row.line, row.values, None if row.geometry is None else shapely.to_wkt(row.geometry, 9), row.problem)
        for row in source.rows()
    ]


FORMATS = (
    ("list.geojson", "GeoJSON", "EPSG:4326"),
    ("list.gpkg", "GPKG", "EPSG:31370"),
    ("list.fgb", "FlatGeobuf", "EPSG:3812"),
    ("list.kml", "KML", "EPSG:4326"),
)


@pytest.mark.parametrize(
    ("name", "driver", "crs", "engine"),
    # Fiona's wheel has no driver for the own data of a KML.
    [(*each, engine) for each in FORMATS for engine in ENGINES if (each[1], engine) != ("KML", "fiona")],
)
def test_every_vector_format_gives_the_rows_in_their_places(
    tmp_path: Path, name: str, driver: str, crs: str, engine: str
) -> None:
    source = opened(lists.write_vector(tmp_path / name, driver, crs), engine=engine)
    assert source.crs == crs
    found = lists.candidates(source)
    by_name = {row.fields["name"]: row for row in found}  # FlatGeobuf has an order of its own
    assert set(by_name) == {row[1] for row in lists.ROWS}
    for row, x, y in zip(lists.ROWS, lists.LON, lists.LAT, strict=True):
        read = by_name[row[1]]
        assert (read.source_ref, read.fields["postcode"]) == (row[0], row[3])
        assert read.fields["geometry"].distance(shapely.Point(x, y)) < 0.00002
        assert not read.issues


@pytest.mark.parametrize("where", ["folder", "zip", "zip with a folder", "the .shp itself"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_shapefile_is_read_however_it_comes(tmp_path: Path, engine: str, where: str) -> None:
    folder = lists.write_shapefile(tmp_path / "shape")
    files = sorted(folder.iterdir())
    if where == "zip":
        path = lists.zipped(tmp_path / "list.zip", {each.name: each for each in files})
    elif where == "zip with a folder":
        path = lists.zipped(tmp_path / "list.zip", {f"Leegstand 2026/{each.name}": each for each in files})
    else:
        path = folder if where == "folder" else folder / "list.shp"
    found = lists.candidates(opened(path, engine=engine))
    assert [row.fields["name"] for row in found] == [row[1] for row in lists.ROWS]
    assert all("geometry" in row.fields for row in found)


def test_a_zipped_kml_is_read(tmp_path: Path) -> None:
    kml = lists.write_vector(tmp_path / "doc.kml", "KML")
    found = lists.candidates(opened(lists.zipped(tmp_path / "list.kmz", {"doc.kml": kml})))
    assert [row.fields["name"] for row in found] == [row[1] for row in lists.ROWS]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_shapefile_of_windows_without_its_code_page_leaves_no_control_characters(tmp_path: Path, engine: str) -> None:
    folder = lists.write_shapefile(tmp_path / "shape", encoding="cp1252")
    (folder / "list.cpg").unlink()
    source = opened(folder, engine=engine)
    names = [row.values["Name"] for row in source.rows()]
    assert names[1:3] == ["L’école d’été", "Señor’s store – back"]
    assert not any("\x80" <= letter <= "\x9f" for name in names for letter in name)
    assert [issue.message for issue in source.issues] == ["file.encoding_guessed"]


def test_a_shapefile_in_utf_8_with_a_wrong_or_no_code_page_is_read_as_what_it_is(tmp_path: Path) -> None:
    for text in (None, "ISO-8859-1"):
        folder = lists.write_shapefile(tmp_path / f"shape{text}")
        (folder / "list.cpg").unlink()
        if text:
            (folder / "list.cpg").write_text(text)
        assert [row.values["Name"] for row in opened(folder).rows()] == [row[1] for row in lists.ROWS]


def test_properties_within_properties_are_columns_of_their_own(tmp_path: Path) -> None:
    first = {"name": "Mill", "address": {"street": "Quay", "number": "7"}, "tags": ["a", "b"]}
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.72, 51.05]}, "properties": each}
        for each in (first, {"name": "Hall", "address": None}, None)
    ]  # fmt: skip
    path = tmp_path / "list.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    rows = list(opened(path).rows())
    assert [row.values.get("address street") for row in rows] == ["Quay", None, None]
    assert (rows[0].values["address number"], rows[0].values["tags"]) == ("7", "a, b")


# ---- both engines ---------------------------------------------------------------------------------------


def a_hard_frame() -> Any:
    """Every type of value and geometry, with gaps."""
    shapes = np.array([
        shapely.Point(3.72, 51.05),
        shapely.Polygon([(3.7, 51), (3.71, 51), (3.71, 51.01), (3.7, 51)]),
        shapely.box(3.7, 51, 3.8, 51.1).difference(shapely.box(3.72, 51.02, 3.74, 51.04)),
        shapely.MultiPolygon([shapely.box(3.7, 51, 3.71, 51.01), shapely.box(3.72, 51, 3.73, 51.01)]),
        shapely.LineString([(3.7, 51), (3.71, 51.01)]),
        shapely.MultiPoint([(3.7, 51), (3.71, 51.01)]),
        None,
        shapely.Point(3.72, 51.05, 12.5),
    ], object)  # fmt: skip
    count = len(shapes)
    values = {
        "text": ["a", " b ", "", None, "L’été", "é" * 300, "x\ty", "1"],
        "whole": list(range(count)),
        "gaps": [1, None, 3, None, 5, 6, 7, 8],
        "number": [0.5, 1.0, None, 1e9, -2.25, 3.0, 7.125, 0.0],
        "flag": [i % 2 == 0 for i in range(count)],
        "day": [date(2026, 11, 23), None, date(1950, 1, 1), *[date(2024, 2, 29)] * 5],
        "moment": pandas.to_datetime(["2026-11-23T08:30:00", None, *["2025-01-01T00:00:00"] * 6]),
    }
    return pandas.DataFrame(values), shapes


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "FlatGeobuf"])
def test_both_engines_give_the_same_rows(tmp_path: Path, driver: str) -> None:
    values, shapes = a_hard_frame()
    if driver == "FlatGeobuf":
        shapes = shapely.force_2d(shapes)
    path = tmp_path / f"list.{ {'GeoJSON': 'geojson', 'GPKG': 'gpkg', 'FlatGeobuf': 'fgb'}[driver] }"
    whole = geopandas.GeoDataFrame(values, geometry=shapes, crs="EPSG:4326")
    options = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}
    pyogrio.write_dataframe(whole, path, driver=driver, geometry_type="Unknown", **options)
    first, second = (opened(path, engine=engine) for engine in ENGINES)
    assert first.columns == second.columns
    assert first.crs == second.crs == "EPSG:4326"
    for one, other in zip(rows_of(first), rows_of(second), strict=True):
        assert one == other
    days = [row.values["day"] for row in first.rows()]
    assert (str(days[0]), days[1]) == ("2026-11-23", None)


def test_pyogrio_reads_in_slices_and_forgets_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_pyogrio, "_SLICE", 3)
    path = lists.write_vector(tmp_path / "list.gpkg", "GPKG")
    source = vectors.open_layers(path, "list.gpkg", "gpkg", engine="pyogrio")[0].source
    assert [row.line for row in source.rows()] == [1, 2, 3, 4]
    assert rows_of(source) == rows_of(opened(path, engine="fiona"))


def test_a_sample_loses_no_row_of_the_whole(tmp_path: Path) -> None:
    source = opened(lists.write_vector(tmp_path / "list.gpkg", "GPKG"))
    assert [row.line for row in source.sample(2)] == [1, 2]
    assert [row.line for row in source.sample(3)] == [1, 2, 3]
    assert [row.line for row in source.sample(1)] == [1]
    assert [row.line for row in source.rows()] == [1, 2, 3, 4]
    assert [row.line for row in source.rows()] == [1, 2, 3, 4]


# ---- layers, and what is amiss --------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_the_layer_with_the_most_rows_is_taken_or_the_one_that_is_named(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "list.gpkg"
    pyogrio.write_dataframe(lists.frame()[:1], path, layer="old", driver="GPKG")
    pyogrio.write_dataframe(lists.frame(), path, layer="new", driver="GPKG", append=True)
    source = opened(path, engine=engine)
    assert (source.layer, sorted(source.layers), source.count) == ("new", ["new", "old"], 4)
    assert [issue.message for issue in source.issues] == ["file.several_layers", "file.several_alike"]
    assert opened(path, engine=engine, layer="old").count == 1
    with pytest.raises(Invalid) as caught:
        opened(path, engine=engine, layer="newest")
    assert (caught.value.message, sorted(caught.value.values["names"])) == ("file.no_layer", ["new", "old"])


@pytest.mark.parametrize("engine", ENGINES)
def test_one_outline_that_cannot_be_read_does_not_end_the_file(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "list.geojson"
    bad = '{"type":"Feature","properties":{"Name":"%s"},"geometry":%s}'
    features = [
        bad % ("Loft", '{"type":"Point","coordinates":[3.72,51.05]}'),
        bad % ("Short", '{"type":"Polygon","coordinates":[[[3.7,51],[3.71,51]]]}'),
        bad % ("Nothing", "null"),
        bad % ("Bow", '{"type":"Polygon","coordinates":[[[3.7,51],[3.72,51.02],[3.72,51],[3.7,51.02],[3.7,51]]]}'),
        bad % ("Empty", '{"type":"Polygon","coordinates":[]}'),
        bad % ("Shed", '{"type":"Point","coordinates":[3.73,51.05]}'),
    ]
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}")
    found = {row.fields["name"]: row for row in lists.candidates(opened(path, engine=engine))}
    assert set(found) == {"Loft", "Short", "Nothing", "Bow", "Empty", "Shed"}
    assert {name for name, row in found.items() if "geometry" in row.fields} == {"Loft", "Bow", "Shed"}
    assert [issue.message for issue in found["Bow"].issues] == ["geometry.mended_ring"]
    assert found["Bow"].fields["geometry"].is_valid
    assert found["Short"].issues
    assert all(issue.grave and issue.done == "place.waits" for issue in found["Short"].issues)


def test_an_unknown_crs_is_passed_over_and_said(tmp_path: Path) -> None:
    path = lists.write_vector(tmp_path / "list.geojson", "GeoJSON")
    text = path.read_text().replace("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::999999")
    path.write_text(text)
    found = lists.candidates(opened(path))
    assert all("geometry" in row.fields for row in found)


def test_texts_in_json_keep_their_lists_and_objects(tmp_path: Path) -> None:
    path = tmp_path / "list.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Name":"Loft","tags":["a","b"],'
        '"more":{"c":{"d":1}}},"geometry":{"type":"Point","coordinates":[3.72,51.05]}}]}'
    )
    for engine in ENGINES:
        (row,) = lists.candidates(opened(path, engine=engine))
        kept = row.fields["source_fields"]
        assert kept["tags"] == "a, b"
        assert '"d"' in kept["more c"].replace("'", '"')


def test_gdal_says_nothing_on_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("fiona").setLevel(logging.CRITICAL)
    path = tmp_path / "list.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Name":"a"},"geometry":'
                    '{"type":"Polygon","coordinates":[[[3.7,51],[3.71,51]]]}}]}')  # fmt: skip
    for engine in ENGINES:
        lists.candidates(opened(path, engine=engine))
    assert capfd.readouterr().err == ""
