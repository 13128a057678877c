"""OpenStreetMap extracts: what the map's own tags call vacant.

Tags by the OpenStreetMap wiki: ``disused=yes`` and ``abandoned=yes`` on buildings, ``disused:shop=*``,
``shop=vacant``, ``landuse=brownfield`` and their like. A mapper's word is a hint, not a register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from tempuse.io.sources.source import Row, Source, quietly

# Where Overpass has an element's name for itself, and where we put what it is.
ELEMENT, KIND = "@id", "osm:kind"
_HINTS = ("disused", "abandoned", "vacant", "ruins", "brownfield", "greenfield")
# A pair begins at no quotation mark that is escaped: else a text of such marks alone would be read once for each.
_PAIR = re.compile(r'(?<!\\)"((?:[^"\\]|\\.)*+)"=>"((?:[^"\\]|\\.)*+)"')
_LIFECYCLE = re.compile(r"(disused|abandoned):(shop|amenity|office|craft|landuse|leisure|industrial|railway)$")


def open_osm(path: Path, name: str) -> Source:
    """The vacant buildings, shops and plots of an extract (.osm.pbf)."""
    rows = [Row(i, row.values, row.geometry, row.problem) for i, row in enumerate(_vacant(path), 1)]
    columns: dict[str, None] = {}
    for row in rows:
        columns.update(dict.fromkeys(row.values))
    return Source(name, "osm", list(columns), lambda: iter(rows), crs="EPSG:4326", has_geometry=True, count=len(rows))


def with_kinds(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of elements as Overpass hands them out, each with what its tags say that stands empty."""
    for row in rows:
        yield Row(row.line, {**row.values, KIND: kind_of(row.values)}, row.geometry, row.problem)


def _vacant(path: Path) -> Iterator[Row]:
    for layer in ("points", "multipolygons"):
        columns = ["landuse", "shop", "amenity", "building"] if layer == "multipolygons" else []
        likes = [f"other_tags LIKE '%{hint}%'" for hint in _HINTS]
        likes += [f"{column} = '{hint}'" for column in columns for hint in _HINTS]
        about, _, blobs, fields = quietly(pyogrio.raw.read, path, layer=layer, where=" OR ".join(likes))
        names = [str(each) for each in about["fields"]]
        places = shapely.from_wkb(np.asarray(blobs, object), on_invalid="ignore")
        for i, cells in enumerate(zip(*(field.tolist() for field in fields), strict=True)):
            tags = _tags(dict(zip(names, cells, strict=True)), layer)
            if (kind := kind_of(tags)) is not None:
                yield Row(0, {**tags, KIND: kind}, places[i], "" if places[i] is not None else "geometry.unreadable")


def _tags(cells: dict[str, Any], layer: str) -> dict[str, Any]:
    """The tags of one element, with its own name for itself (``way/123``)."""
    own = cells.pop("osm_id", None)
    way = cells.pop("osm_way_id", None)
    element = "node" if layer == "points" else "way" if way else "relation"
    tags = {name: value for name, value in cells.items() if value and name not in ("other_tags", "type")}
    for key, value in _PAIR.findall(cells.get("other_tags") or ""):
        tags[key.replace('\\"', '"')] = value.replace('\\"', '"').replace("\\\\", "\\")
    return {"osm:id": f"{element}/{way or own}", **tags}


def kind_of(tags: Mapping[str, Any]) -> str | None:
    """Building, unit or plot; None for what is not vacant after all."""
    prefixes = {match[2] for key in tags if tags[key] and (match := _LIFECYCLE.match(key))}
    gone = any(key.startswith(("demolished", "removed", "razed")) for key in tags if tags[key])
    if gone:
        return None
    if tags.get("shop") == "vacant" or prefixes & {"shop", "amenity", "office", "craft"}:
        return "building" if tags.get("building") else "unit"
    idle = (
        any(tags.get(key) == "yes" for key in ("disused", "abandoned", "ruins")) or tags.get("building:use") == "vacant"
    )
    if tags.get("building") and (idle or tags["building"] in ("disused", "abandoned")):
        return "building"
    if tags.get("landuse") in ("brownfield", "greenfield") or prefixes & {"landuse", "leisure", "industrial"}:
        return "plot"
    return None
