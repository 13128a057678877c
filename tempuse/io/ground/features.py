"""What of an OpenStreetMap extract is drawn beneath a town's map: its layers, kinds, first zooms; and its addresses.

Kinds by the OpenStreetMap wiki's *Map features*, put together as Protomaps does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyogrio
import pyogrio.errors
import shapely
from numpy.typing import NDArray

from tempuse.geometry import Box, Geometries
from tempuse.io.ground.coast import sea
from tempuse.io.ground.tiles import LAST, TileLayer
from tempuse.io.sources.source import quietly

_NUMBER = "addr:housenumber"
_ADDRESS = (_NUMBER, "addr:street", "addr:place", "addr:postcode", "addr:city")
# Tags that are asked for; GDAL's usual list lacks most of them.
_TAGS = {
    "points": ("name", "place", *_ADDRESS),
    "lines": ("name", "highway", "footway", "railway", "waterway", "natural", "tunnel"),
    "multipolygons": ("name", "building", "natural", "waterway", "landuse", "leisure", *_ADDRESS),
}
_AREAS = "building,landuse,leisure,natural,water,place,amenity,shop,tourism,man_made,addr:housenumber"
# Value of the tag: the kind, and the first zoom.
_ROADS: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("motorway", "motorway_link"), ("highway", 9)),
    **dict.fromkeys(("trunk", "trunk_link", "primary", "primary_link"), ("major_road", 9)),
    **dict.fromkeys(("secondary", "secondary_link"), ("major_road", 11)),
    **dict.fromkeys(("tertiary", "tertiary_link"), ("major_road", 12)),
    **dict.fromkeys(("residential", "unclassified", "living_street", "pedestrian", "road"), ("minor_road", 13)),
    "service": ("minor_road", 14), "cycleway": ("path", 14), "track": ("path", 14), "bridleway": ("path", 14),
    "footway": ("path", 15), "path": ("path", 14), "steps": ("path", 15),
}  # fmt: skip
_RAILS: Mapping[str, tuple[str, int]] = {
    "rail": ("rail", 10), "light_rail": ("rail", 11), "narrow_gauge": ("rail", 11), "tram": ("rail", 13),
}  # fmt: skip
_STREAMS: Mapping[str, tuple[str, int]] = {
    "river": ("river", 9), "canal": ("canal", 11), "stream": ("stream", 13), "ditch": ("ditch", 15),
}  # fmt: skip
_GREEN = frozenset({
    "park", "garden", "nature_reserve", "golf_course", "pitch", "playground", "cemetery", "allotments", "forest",
    "grass", "meadow", "orchard", "vineyard", "village_green", "recreation_ground", "farmland", "wood", "scrub",
    "heath", "grassland", "wetland", "beach",
})  # fmt: skip
_WATER = {"waterway": ("riverbank", "dock"), "landuse": ("reservoir", "basin"), "natural": ("water",)}
_PLACES: Mapping[str, tuple[str, int]] = {
    "city": ("locality", 9), "town": ("locality", 9), "village": ("locality", 11), "suburb": ("neighbourhood", 12),
    "quarter": ("neighbourhood", 13), "neighbourhood": ("neighbourhood", 14),
}  # fmt: skip
Cells = dict[str, NDArray[np.object_]]


def configure(scratch: Path) -> None:
    """Tell GDAL which tags are asked for, before it opens the extract."""
    lines = [f"closed_ways_are_polygons={_AREAS}", "attribute_name_laundering=no"]
    for layer, tags in _TAGS.items():
        lines += [f"[{layer}]", "osm_id=no", f"attributes={','.join(tags)}", "other_tags=no"]
    lines += ["[multilinestrings]", "osm_id=no", "[other_relations]", "osm_id=no"]
    path = scratch / "osmconf.ini"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    pyogrio.set_gdal_config_options(
        {"OSM_CONFIG_FILE": str(path), "CPL_TMPDIR": str(scratch), "OSM_MAX_TMPFILE_SIZE": "50"}
    )


class Found(NamedTuple):
    """What an extract holds: layers to be drawn, those below first; addresses as texts by tag, and their points; where
    it all lies, None where there is no street.
    """

    layers: list[TileLayer]
    addresses: Cells
    places: Geometries
    box: Box | None


def read(path: Path, box: Box | None) -> Found:
    """What of an extract is drawn, and its addresses.

    Args:
        path: the extract.
        box: what of it; all of it when None.
    """
    lines, ways = _read(path, "lines", ("highway", "railway", "waterway", "natural"), box)
    outlines, areas = _read(
        path, "multipolygons", ("building", "natural", "waterway", "landuse", "leisure", _NUMBER), box
    )
    spots, points = _read(path, "points", ("place", _NUMBER), box)
    streets = lines[np.array([each in _ROADS for each in ways["highway"]], bool)]
    if not len(streets):
        return Found([], {}, np.empty(0, object), None)
    box = box or Box(*(float(part) for part in shapely.total_bounds(streets)))
    around = sea(lines[ways["natural"] == "coastline"], box)
    places = np.append(spots, shapely.point_on_surface(outlines))
    told = np.append(points[_NUMBER], areas[_NUMBER]).astype(bool)
    texts = {tag: np.append(points[tag], areas[tag])[told] for tag in _ADDRESS}
    layers = [
        _land(outlines, areas), _water(outlines, areas, lines, ways, around),
        _built(outlines, areas, places[told], texts), _roads(lines, ways), _named(spots, points),
    ]  # fmt: skip
    return Found(layers, texts, places[told], box)


def _read(path: Path, layer: str, asked: Sequence[str], box: Box | None) -> tuple[Geometries, Cells]:
    where = " OR ".join(f'"{tag}" IS NOT NULL' for tag in asked)
    if layer == "lines":  # the pavements of a street are not drawn beside it
        where = f"({where}) AND (\"footway\" IS NULL OR \"footway\" NOT IN ('sidewalk', 'crossing', 'traffic_island'))"
    asked_of = {"layer": layer, "where": where, "bbox": box and tuple(box)}
    try:
        about, _, blobs, fields = quietly(pyogrio.raw.read, path, **asked_of)
    except pyogrio.errors.FeatureError as error:
        # The quick way is for nodes in the order of their numbers; an editor numbers new ones below zero, as they come.
        if "OSM_USE_CUSTOM_INDEXING=NO" not in str(error):
            raise
        pyogrio.set_gdal_config_options({"OSM_USE_CUSTOM_INDEXING": "NO"})
        about, _, blobs, fields = quietly(pyogrio.raw.read, path, **asked_of)
    shapes = shapely.from_wkb(np.asarray(blobs, object), on_invalid="ignore")
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    cells = {str(name): np.asarray(texts, object)[there] for name, texts in zip(about["fields"], fields, strict=True)}
    return np.asarray(shapes[there], object), cells


def _layer(name: str, shapes: Geometries, kinds: Sequence[tuple[str, int]], about: Cells) -> TileLayer:
    texts = {"kind": np.array([kind for kind, _ in kinds], object), **about}
    return TileLayer(name, shapes, np.array([zoom for _, zoom in kinds], np.int64), texts)


def _land(shapes: Geometries, cells: Cells) -> TileLayer:
    found = [
        (i, (kind, 10))
        for i, each in enumerate(zip(cells["leisure"], cells["landuse"], cells["natural"], strict=True))
        if (kind := next((tag for tag in each if tag in _GREEN), None))
    ]
    at = np.array([i for i, _ in found], np.int64)
    return _layer("landuse", shapes[at], [kind for _, kind in found], {"name": cells["name"][at]})


def _water(shapes: Geometries, cells: Cells, lines: Geometries, ways: Cells, around: Geometries) -> TileLayer:
    wet = np.zeros(len(shapes), bool)
    for tag, values in _WATER.items():
        wet |= np.isin(cells[tag].astype(str), values)
    streams = np.array([value in _STREAMS and not tunnel for value, tunnel in zip(ways["waterway"], ways["tunnel"],
                        strict=True)], bool)  # fmt: skip
    kinds = [("water", 9)] * int(wet.sum()) + [_STREAMS[value] for value in ways["waterway"][streams]]
    names = np.concatenate([cells["name"][wet], ways["name"][streams], np.full(len(around), None, object)])
    every = np.concatenate([shapes[wet], lines[streams], around])
    return _layer("water", every, [*kinds, *[("ocean", 9)] * len(around)], {"name": names})


def _built(shapes: Geometries, cells: Cells, places: Geometries, numbers: Cells) -> TileLayer:
    built = np.array([value not in (None, "", "no") for value in cells["building"]], bool)
    count = int(built.sum())
    kinds = [("building", 13)] * count + [("address", LAST)] * len(places)
    texts = np.concatenate([np.full(count, None, object), numbers[_NUMBER]])
    return _layer("buildings", np.concatenate([shapes[built], places]), kinds, {"addr_housenumber": texts})


def _roads(lines: Geometries, ways: Cells) -> TileLayer:
    """Streets and railways; stretches that are alike are one line, so that each name stands once where it can."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for i, (road, rail, name, tunnel) in enumerate(
        zip(ways["highway"], ways["railway"], ways["name"], ways["tunnel"], strict=True)
    ):
        if road in _ROADS:
            alike.setdefault((*_ROADS[road], road, name), []).append(i)
        elif rail in _RAILS and not tunnel:
            alike.setdefault((*_RAILS[rail], rail, None), []).append(i)
    shapes = [shapely.line_merge(shapely.multilinestrings(lines[these])) for these in alike.values()]
    parts, at = shapely.get_parts(np.array(shapes, object), return_index=True)
    kinds = list(alike)
    found = [kinds[i] for i in at.tolist()]
    about = {
        "kind_detail": np.array([detail for _, _, detail, _ in found], object),
        "name": np.array([name for _, _, _, name in found], object),
    }
    return _layer("roads", parts, [(kind, zoom) for kind, zoom, _, _ in found], about)


def _named(spots: Geometries, points: Cells) -> TileLayer:
    at = np.array([i for i, (place, name) in enumerate(zip(points["place"], points["name"], strict=True))
                   if name and place in _PLACES], np.int64)  # fmt: skip
    about = {"kind_detail": points["place"][at], "name": points["name"][at]}
    return _layer("places", spots[at], [_PLACES[place] for place in points["place"][at]], about)
