"""Many features, in many batches: every value arrives where it belongs, and an index finds what lies in a box."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tempuse.geojson import Features, feature_text, wkbs_of
from tempuse.io import write
from tempuse.io.write import arrow, packed_tree
from tempuse.io.write.columns import space_columns
from tempuse.vocabulary import Audience

COLUMNS = space_columns(Audience.OFFICE)
MANY = 7001
BATCHES = 2100  # in three
_SAMPLES: dict[str, list[Any]] = {
    "text": ["", "a", "Łódź, ’t “Café”\nsecond line", "é" * 300, "'=1+1", '","properties":{"name":"x"}'],
    "flag": [True, False],
    "whole": [0, -3, 2**40],
    "number": [0.0, 12.5, 1e-9],
    "day": ["2026-11-23", "0001-01-01"],
    "instant": ["2026-11-23T08:30:00.250000+00:00"],
    "list": [["a", "b"], ["c"]],
    "map": [{"a": "ß"}, [{"b": None}]],
}


def features(count: int, *, unplaced: bool, outlines: bool = True) -> list[str]:
    """So many made-up features, of each column sometimes something, sometimes nothing."""
    random = np.random.default_rng(7)
    texts = []
    for number in range(count):
        x, y = np.round(random.uniform(2.5, 6.3), 7), np.round(random.uniform(49.5, 51.4), 7)
        place = shapely.Point(x, y) if number % 3 or not outlines else shapely.box(x, y, x + 0.01, y + 0.02)
        if unplaced and number % 11 == 0:
            place = None
        values = {
            column.name: _SAMPLES[column.kind][int(random.integers(len(_SAMPLES[column.kind])))]
            for column in COLUMNS[random.integers(4) :: 3]
        }
        texts.append(feature_text(f'SP-{number:04d}"', place, {**values, "ref": f"SP-{number:04d}"}))
    return texts


def batched(texts: list[str]) -> Iterator[list[str]]:
    return (texts[start : start + 997] for start in range(0, len(texts), 997))


def written(path: Path, texts: list[str], name: str) -> Path:
    write.write_file(path, write.FORMATS[name], write.Content(batched(texts), COLUMNS))
    return path


@pytest.mark.parametrize("name", ["gpkg", "fgb"])
@pytest.mark.parametrize("unplaced", [True, False])
def test_every_value_of_every_feature_arrives(name: str, unplaced: bool, tmp_path: Path) -> None:
    texts = features(BATCHES, unplaced=unplaced)
    meta, _, shapes, data = pyogrio.raw.read(written(tmp_path / f"a.{name}", texts, name))
    assert list(meta["fields"]) == [column.name for column in COLUMNS]
    refs = data[list(meta["fields"]).index("ref")].tolist()
    rows = {ref: row for row, ref in enumerate(refs)}
    held = [json.loads(text) for text in texts]
    assert len(rows) == BATCHES
    places = shapely.from_wkb(shapes)
    for each in held:
        place = places[rows[each["properties"]["ref"]]]
        wanted = each["geometry"] and shapely.from_geojson(json.dumps(each["geometry"]))
        assert (place is None) == (wanted is None)
        assert place is None or place.equals(wanted)
    for column, values in zip(COLUMNS, data, strict=True):
        for each in held:
            found, wanted = values[rows[each["properties"]["ref"]]], each["properties"].get(column.name)
            assert plain(found, column.kind) == said(wanted, column.kind), (column.name, each["id"])


def plain(value: Any, kind: str) -> Any:
    """A value as pyogrio gives it, without what is only its own way of saying nothing."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or str(value) == "NaT":
        return None
    if kind == "day":
        return str(value)[:10]
    if kind == "instant":
        return str(value)[:19]
    return float(value) if kind in ("flag", "whole", "number") else value or None


def said(value: Any, kind: str) -> Any:
    if value in (None, ""):
        return None  # an empty text says nothing
    if kind == "instant":
        return str(value)[:19]
    if kind in ("flag", "whole", "number"):
        return float(value)
    if kind == "list":
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if kind == "map" else value


@pytest.mark.parametrize("count", [1, 2, packed_tree.MOST_CELLS, packed_tree.MOST_CELLS + 1, MANY])
def test_the_index_is_whole_and_finds_what_lies_in_a_box(count: int, tmp_path: Path) -> None:
    texts = features(count, unplaced=count > 1)
    path = written(tmp_path / "a.gpkg", texts, "gpkg")
    with sqlite3.connect(path) as con:
        assert con.execute("SELECT rtreecheck('rtree_spaces_geom')").fetchone() == ("ok",)
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        triggers = con.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'spaces'")
        assert triggers.fetchone()[0] >= 8
    con.close()
    places = [json.loads(text)["geometry"] for text in texts]
    shapes = shapely.from_geojson([None if place is None else json.dumps(place) for place in places])
    for box in ((3.0, 50.0, 3.4, 50.3), (2.0, 49.0, 7.0, 52.0), (5.0, 50.5, 5.001, 50.501), (0.0, 0.0, 1.0, 1.0)):
        found = pyogrio.raw.read(path, bbox=box, read_geometry=False, columns=["ref"])[3][0]
        assert len(found) == int(shapely.intersects(shapes, shapely.box(*box)).sum()), box
    info = pyogrio.read_info(path, force_total_bounds=True)
    assert info["features"] == count
    assert count == 1 or info["total_bounds"] == pytest.approx(tuple(shapely.total_bounds(shapes)))


def test_other_programs_may_change_the_file_afterwards(tmp_path: Path) -> None:
    """GDAL's own triggers stand again: they keep the index."""
    path = written(tmp_path / "a.gpkg", features(200, unplaced=False), "gpkg")
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([shapely.Point(0.5, 0.5)])), [np.array(["new"], object)], ["ref"], layer="spaces",
        driver="GPKG", geometry_type="Unknown", crs="EPSG:4326", append=True,
    )  # fmt: skip
    assert pyogrio.read_info(path)["features"] == 201
    assert pyogrio.raw.read(path, bbox=(0, 0, 1, 1), columns=["ref"])[3][0].tolist() == ["new"]


@pytest.mark.parametrize(("outlines", "layers"), [(True, ["points", "polygons"]), (False, ["points"])])
def test_an_archive_has_no_layer_without_features(outlines: bool, layers: list[str], tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp.zip", features(60, unplaced=True, outlines=outlines), "shp.zip")
    with zipfile.ZipFile(path) as archive:
        found = sorted(each for each in archive.namelist() if each.endswith(".shp"))
    assert found == [f"spaces_{layer}.shp" for layer in layers]
    assert sum(pyogrio.read_info(f"/vsizip/{path}/{each}")["features"] for each in found) == 60


def test_where_all_are_outlines_there_are_no_points(tmp_path: Path) -> None:
    square = feature_text("SP-1", shapely.box(3, 51, 3.1, 51.1), {"ref": "SP-1"})
    path = written(tmp_path / "a.shp.zip", [square], "shp.zip")
    with zipfile.ZipFile(path) as archive:
        assert [each for each in archive.namelist() if each.endswith(".shp")] == ["spaces_polygons.shp"]


def test_places_that_come_along_make_the_same_file_as_those_in_the_texts(tmp_path: Path) -> None:
    texts = features(2500, unplaced=True)
    shapes = [json.loads(text)["geometry"] for text in texts]
    places = shapely.from_geojson([shape and json.dumps(shape) for shape in shapes])
    for name in ("gpkg", "fgb", "csv"):
        content = write.Content(iter([Features(texts, wkbs_of(places))]), COLUMNS)
        write.write_file(tmp_path / f"along.{name}", write.FORMATS[name], content)
        written(tmp_path / f"within.{name}", texts, name)
    assert (tmp_path / "along.csv").read_bytes() == (tmp_path / "within.csv").read_bytes()
    for name in ("gpkg", "fgb"):
        along, within = (pyogrio.raw.read(tmp_path / f"{each}.{name}") for each in ("along", "within"))
        assert along[2].tolist() == within[2].tolist()
        assert repr([each.tolist() for each in along[3]]) == repr([each.tolist() for each in within[3]])


def test_one_place_that_is_missing_far_behind_takes_the_index_and_no_feature(tmp_path: Path) -> None:
    texts = features(3000, unplaced=False)
    texts[2500] = feature_text("SP-2500", None, {"ref": "SP-2500"})
    path = written(tmp_path / "a.fgb", texts, "fgb")
    found = pyogrio.raw.read(path, columns=["ref"])[3][0].tolist()
    assert found == [f"SP-{number:04d}" for number in range(3000)]
    assert os.listdir(tmp_path) == ["a.fgb"]


def test_batches_are_let_go_once_they_are_read(tmp_path: Path) -> None:
    written(tmp_path / "a.fgb", features(3000, unplaced=False), "fgb")
    assert arrow._held == {}


def test_what_goes_wrong_between_two_batches_is_said_as_it_was(tmp_path: Path) -> None:
    class Lost(Exception):
        pass

    def breaking() -> Iterator[Any]:
        yield [None] * len(COLUMNS), shapely.to_wkb(np.array([shapely.Point(1, 2)]))
        raise Lost

    stream = arrow.Batches(COLUMNS, breaking())
    with pytest.raises(Exception):  # noqa: B017  (GDAL's own, which says nothing of ours)
        pyogrio.write_arrow(
            stream, tmp_path / "a.fgb", driver="FlatGeobuf", geometry_type="Unknown", geometry_name=arrow.GEOMETRY,
            crs="EPSG:4326",
        )  # fmt: skip
    assert isinstance(stream.failure, Lost)
    assert arrow._held == {}
