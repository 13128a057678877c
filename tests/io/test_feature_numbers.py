"""GeoJSON whose features have numbers of their own, and elements of OpenStreetMap as Overpass hands them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tempuse.io.crosswalk import columns
from tempuse.io.read import open_source


def a_file(path: Path, features: list[dict[str, Any]]) -> Path:
    point = {"type": "Point", "coordinates": [3.7, 51.05]}
    made = [{"type": "Feature", "geometry": point, **each} for each in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return path


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
def test_a_features_own_number_is_a_column(tmp_path: Path, engine: str) -> None:
    path = a_file(tmp_path / "a.geojson", [{"id": 207, "properties": {"name": "Mill", "m2": 3}},
                                           {"id": 101, "properties": {"name": "Hall", "m2": 4}}])  # fmt: skip
    source = open_source(path, tmp_path / "s", engine=engine)
    assert source.columns == ["name", "m2", "id"]
    assert [(row.values["name"], row.values["id"]) for row in source.rows()] == [("Mill", 207), ("Hall", 101)]


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
@pytest.mark.parametrize("numbers", [(0, 1), (1, 2), (None, None)])
def test_numbers_that_only_count_the_features_name_nothing(
    tmp_path: Path, engine: str, numbers: tuple[int | None, ...]
) -> None:
    features = [{**({} if each is None else {"id": each}), "properties": {"name": "Mill"}} for each in numbers]
    assert open_source(a_file(tmp_path / "a.geojson", features), tmp_path / "s", engine=engine).columns == ["name"]


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
@pytest.mark.parametrize("numbers", [[7, "8b", None], [7, None, 9], [12, "x-1", "x-2"], [0, "1", 2]])
def test_numbers_of_several_kinds_stay_what_they_are(tmp_path: Path, engine: str, numbers: list[Any]) -> None:
    features = [{**({} if each is None else {"id": each}), "properties": {"name": "Mill"}} for each in numbers]
    source = open_source(a_file(tmp_path / "a.geojson", features), tmp_path / "s", engine=engine)
    assert [row.values["id"] for row in source.rows()] == numbers


def test_elements_of_overpass_say_by_their_tags_what_stands_empty(tmp_path: Path) -> None:
    elements = [
        {"@id": "way/11", "building": "industrial", "disused": "yes", "addr:street": "Mill Lane"},
        {"@id": "node/12", "shop": "vacant"}, {"@id": "way/13", "landuse": "brownfield"},
        {"@id": "node/14", "shop": "bakery"},
    ]  # fmt: skip
    source = open_source(a_file(tmp_path / "a.geojson", [{"properties": each} for each in elements]), tmp_path / "s")
    assert [row.values["osm:kind"] for row in source.rows()] == ["building", "unit", "plot", None]
    assert columns.choose(source.columns) == "osm-vacancy"
