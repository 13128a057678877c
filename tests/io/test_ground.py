"""The town's background out of an extract: read by strangers' libraries, not by our own."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some
from pmtiles.reader import MemorySource, Reader, all_tiles
from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer
from shapely.geometry import shape

from tempuse.errors import Invalid
from tempuse.geometry import Box
from tempuse.io.ground import mvt
from tempuse.io.ground.coast import sea
from tempuse.io.ground.making import OSM, make_ground
from tempuse.io.ground.ready import HEAD, about
from tests import extract


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    return make_ground(extract.write(tmp_path_factory.mktemp("ground") / "town.osm"))


def tile_at(tiles: bytes, zoom: int, lon: float, lat: float) -> tuple[dict[str, Any], shapely.Point]:
    """The tile where a place lies, decoded, and the place in it."""
    x = (lon + 180) / 360 * 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    content = Reader(MemorySource(tiles)).get(zoom, int(x), int(y))
    assert content is not None, (zoom, lon, lat)
    decoded = mapbox_vector_tile.decode(gzip.decompress(content), default_options={"y_coord_down": True})
    return decoded, shapely.Point(x % 1 * mvt.EXTENT, y % 1 * mvt.EXTENT)


def of_layer(tile: dict[str, Any], layer: str, **about: str) -> list[Any]:
    found = tile.get(layer, {"features": []})["features"]
    return [shape(each["geometry"]) for each in found if about.items() <= each["properties"].items()]


def test_each_thing_lies_where_the_extract_says(made) -> None:
    tile, here = tile_at(made.tiles, 15, 3.7145, 51.0506)
    assert any(each.contains(here) for each in of_layer(tile, "buildings", kind="building"))
    tile, here = tile_at(made.tiles, 15, 3.728, 51.053)
    assert any(each.contains(here) for each in of_layer(tile, "landuse", kind="park", name="Gull Park"))
    tile, here = tile_at(made.tiles, 15, 3.735, 51.052)
    assert any(each.contains(here) for each in of_layer(tile, "water", kind="water"))
    tile, here = tile_at(made.tiles, 12, 3.73, 51.05)
    (street,) = of_layer(tile, "roads", kind="major_road", name="Ferry Street")
    assert street.distance(here) < 2, "two ways of one name are one line"
    tile, here = tile_at(made.tiles, 14, 3.73, 51.058)
    assert min(each.distance(here) for each in of_layer(tile, "roads", kind="rail")) < 2


def test_the_sea_lies_to_the_right_of_the_coast(made) -> None:
    tile, here = tile_at(made.tiles, 14, 3.72, 51.0415)
    assert any(each.contains(here) for each in of_layer(tile, "water", kind="ocean"))
    tile, here = tile_at(made.tiles, 14, 3.72, 51.0445)
    assert not any(each.contains(here) for each in of_layer(tile, "water"))


def test_an_island_is_land_and_a_coast_that_is_broken_off_floods_nothing() -> None:
    ring = shapely.linestrings([(2, 2), (8, 2), (8, 8), (2, 8), (2, 2)])  # against the clock: land within
    (water,) = sea(np.array([ring], object), Box(0, 0, 10, 10))
    assert water.area == pytest.approx(100 - 36)
    stub = shapely.linestrings([(2, 2), (3, 3)])
    assert len(sea(np.array([stub], object), Box(0, 0, 10, 10))) == 0
    assert len(sea(np.empty(0, object), Box(0, 0, 10, 10))) == 0


def test_house_numbers_stand_in_the_last_zoom_alone(made) -> None:
    numbers = set()
    for (zoom, _, _), content in all_tiles(MemorySource(made.tiles)):
        tile = mapbox_vector_tile.decode(gzip.decompress(content))
        for each in tile.get("buildings", {"features": []})["features"]:
            if each["properties"]["kind"] == "address":
                assert zoom == 15
                numbers.add(each["properties"]["addr_housenumber"])
    assert numbers == {*extract.HOUSES, "12"}


def test_the_addresses_come_as_a_list(made) -> None:
    rows = list(csv.DictReader(io.StringIO(made.addresses.decode())))
    assert {row["address"] for row in rows} == {
        *(f"Ferry Street {each}" for each in extract.HOUSES),
        "Quai de l’Été 12",
    }
    (one,) = [row for row in rows if row["address"] == "Ferry Street 3a"]
    assert (one["postcode"], one["locality"]) == ("9000", "Rivermouth")
    assert float(one["longitude"]) == pytest.approx(3.7165, abs=1e-4)
    assert made.source == OSM


def test_the_file_says_where_it_lies_and_whom_it_is_from(made) -> None:
    reader = Reader(MemorySource(made.tiles))
    header = reader.header()
    assert header["tile_type"] == TileType.MVT
    assert header["min_lon_e7"] / 1e7 == pytest.approx(extract.WEST)
    assert (header["min_zoom"], header["max_zoom"]) == (9, 15)
    assert reader.metadata()["attribution"] == OSM


def test_only_the_town_is_taken_where_it_is_known(tmp_path: Path) -> None:
    path = extract.write(tmp_path / "town.osm")
    far = Box(5.0, 52.0, 5.1, 52.1)
    with pytest.raises(Invalid) as raised:
        make_ground(path, "town.osm.pbf", far)
    assert raised.value.message == "ground.no_streets"
    assert raised.value.values["name"] == "town.osm.pbf"
    west = make_ground(path, town=Box(3.711, 51.049, 3.715, 51.052))
    assert west.addresses.count(b"\n") == 1 + len(extract.HOUSES) + 1
    assert about(west.tiles[:HEAD]).box.east == pytest.approx(3.735)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_file_of_an_editor_has_its_numbers_in_any_order_and_below_zero(made, tmp_path: Path, sign: str) -> None:
    path = extract.write(tmp_path / "town.osm")
    town = ElementTree.parse(path).getroot()
    nodes = town.findall("node")
    for node in nodes:
        town.remove(node)
    for node in nodes:
        town.insert(0, node)
    for each in town.iter():
        for name in ("id", "ref"):
            if name in each.attrib:
                each.set(name, sign + each.attrib[name])
    ElementTree.ElementTree(town).write(path)
    found = make_ground(path)
    assert sorted(found.addresses.splitlines()) == sorted(made.addresses.splitlines())
    assert drawn(found.tiles) == drawn(made.tiles)


def drawn(tiles: bytes) -> dict[Any, list[str]]:
    """By tile and layer what is drawn, in whatever order."""
    return {
        (tile, layer): sorted(
            json.dumps([each["geometry"], each["properties"]], sort_keys=True) for each in part["features"]
        )
        for tile, content in all_tiles(MemorySource(tiles))
        for layer, part in mapbox_vector_tile.decode(gzip.decompress(content)).items()
    }


def ready(path: Path, *layers: str) -> Path:
    """A PMTiles file of somebody else's."""
    header = {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_lon_e7": 0, "min_lat_e7": 0,
        "max_lon_e7": 10_000_000, "max_lat_e7": 10_000_000, "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
    }  # fmt: skip
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(0, gzip.compress(b""))
        writer.finalize(header, {"vector_layers": [{"id": each} for each in layers]})
    return path


def test_a_ready_file_is_taken_as_it_is_when_it_has_the_layers_that_are_drawn(tmp_path: Path) -> None:
    path = ready(tmp_path / "town.pmtiles", "earth", "water", "roads", "buildings")
    made = make_ground(path)
    assert made.tiles == path.read_bytes()
    assert made.addresses == b""
    found = about(made.tiles[:HEAD])
    assert (found.box, found.last_zoom) == (Box(0, 0, 1, 1), 0)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: ready(path, "roads", "transport"), "ground.other_layers"),
        (lambda path: path.write_bytes(ready(path, "roads", "water", "buildings").read_bytes()[:-5]), "ground.damaged"),
        (lambda path: path.write_bytes(b"PMTiles\x03" + bytes(500)), "ground.damaged"),
        (lambda path: path.write_bytes(b"\0\0\0\x0d\x0a\x09OSMHeader" + bytes(500)), "ground.damaged"),
        (lambda path: path.write_bytes(b"<osm version='0.6'><node id='1'"), "ground.damaged"),
        (lambda path: path.write_bytes(b"<osm version='0.6'></osm>"), "ground.no_streets"),
        (lambda path: path.write_bytes(b"name,address"), "ground.none"),
        (lambda path: path.write_bytes(b""), "ground.none"),
    ],
)  # fmt: skip
def test_what_is_no_map_of_a_town_is_refused_in_words(tmp_path: Path, spoil: Any, says: str) -> None:
    path = tmp_path / "town.osm"
    spoil(path)
    with pytest.raises(Invalid) as raised:
        make_ground(path)
    assert raised.value.message == says


CORNERS = some.tuples(some.integers(-100, 4200), some.integers(-100, 4200))
TEXTS = some.one_of(some.none(), some.text(max_size=20))


@given(some.lists(some.tuples(some.lists(CORNERS, min_size=2, max_size=200), TEXTS), max_size=20))
def test_what_is_written_as_lines_is_what_others_read(lines: list[tuple[list[tuple[int, int]], str | None]]) -> None:
    shapes = np.array([shapely.linestrings(points) for points, _ in lines], object)
    names = np.array([name for _, name in lines], object)
    content = mvt.layer("roads", shapes, {"name": names})
    wanted = [
        ([list(point) for i, point in enumerate(points) if not i or point != points[i - 1]], name or None)
        for points, name in lines
    ]
    wanted = [each for each in wanted if len(each[0]) > 1]
    read = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    found = [
        (each["geometry"]["coordinates"], each["properties"].get("name"))
        for each in read.get("roads", {"features": []})["features"]
    ]
    assert found == wanted


def test_outlines_with_holes_and_in_parts_come_back_whole() -> None:
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(20, 20, 50, 50))
    parts = shapely.MultiPolygon([shapely.box(200, 0, 300, 90), shapely.box(400, 0, 500, 90)])
    both = np.array([ring, parts, shapely.Point(7, 9), shapely.Point(), shapely.box(1, 1, 1.2, 1.2)], object)
    content = mvt.layer("water", both, {"kind": np.array(["a", "b", "c", "d", "e"], object)})
    read = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})["water"]["features"]
    found = {each["properties"]["kind"]: shape(each["geometry"]) for each in read}
    assert found.keys() == {"a", "b", "c"}
    assert found["a"].equals(ring)
    assert found["b"].equals(parts)
    assert found["c"].equals(shapely.Point(7, 9))


@pytest.mark.shared
def test_the_middle_of_helsinki_has_its_streets_and_addresses(shared: Path) -> None:
    made = make_ground(shared / "helsinki" / "Helsinki.osm.pbf")
    tile, here = tile_at(made.tiles, 15, 24.949648, 60.167834)  # a corner of the street, as GDAL reads the extract
    assert any(each.distance(here) < 2 for each in of_layer(tile, "roads", name="Pohjoisesplanadi"))
    assert made.addresses.count(b"\n") > 1400
    assert len(made.tiles) < 200_000
