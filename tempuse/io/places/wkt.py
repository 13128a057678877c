"""Geometries in a cell, as portals write them: WKT, EWKT, EWKB, GeoJSON.

GEOS sees a text only when its kind is one that we hold. Kinds that hold other kinds (collections, curves) are refused
before: GEOS reads them by calling itself, and a text of a few kilobytes that nests deep enough would end the process.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely

from tempuse.geometry import LON_LAT, Geometries

# Letters. An outline of 20,000 corners has about 900,000 at the full precision of its numbers.
LONGEST = 2_000_000
_HEAD = re.compile(
    r"\s*+(?:SRID\s*+=\s*+(?P<srid>[0-9]{1,9}+)\s*+;\s*+)?+(?P<kind>[A-Z]{3,30}+)\s*+(?:[ZM]{1,2}\s++)?+(?:[ZM]{0,2}\(|EMPTY)",
    re.IGNORECASE,
)
_HELD = frozenset({
    "POINT", "MULTIPOINT", "LINESTRING", "LINEARRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON",
})  # fmt: skip
_OTHERS = frozenset({
    "GEOMETRYCOLLECTION", "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE",
    "POLYHEDRALSURFACE", "TIN", "TRIANGLE", "CURVE", "SURFACE",
})  # fmt: skip


def kind_of(text: str) -> str:
    """The kind of geometry that a text names as WKT does, in capitals; empty when it is no WKT."""
    return _kind(_HEAD.match(text))


def _kind(head: re.Match[str] | None) -> str:
    kind = head["kind"].upper().rstrip("ZM") if head else ""
    return kind if kind in _HELD or kind in _OTHERS else ""


def is_held(kind: str) -> bool:
    """Whether we read this kind of geometry."""
    return kind in _HELD


class CellShapes(NamedTuple):
    """Geometries of cells, None where there is none.

    Attributes:
        shapes: one for each cell.
        wrong: by position, what is wrong with a text: message id and values.
        crs: by position, the CRS that a text itself names.
    """

    shapes: Geometries
    wrong: dict[int, tuple[str, dict[str, Any]]]
    crs: dict[int, str]


def shapes_of(texts: Sequence[Any]) -> CellShapes:
    """The geometries that cells hold."""
    shapes: Geometries = np.full(len(texts), None, object)
    found = CellShapes(shapes, {}, {})
    bare: dict[int, str] = {}
    for i, value in enumerate(texts):
        if not value:
            continue
        text = str(value)
        if len(text) > LONGEST or "\0" in text:
            found.wrong[i] = ("place.not_wkt", {})
        elif text.lstrip()[:1] == "{":
            _from_geojson(text, i, found)
        elif _HEX.fullmatch(text.strip()):
            _from_ewkb(bytes.fromhex(text.strip()), i, found)
        else:
            head = _HEAD.match(text) if text.isascii() else None
            kind = _kind(head)
            if head is not None and kind in _HELD:
                bare[i] = text[head.start("kind") :]
                if head["srid"] not in (None, "0"):
                    found.crs[i] = f"EPSG:{head['srid']}"
            else:
                found.wrong[i] = ("place.kind_not_read", {"kind": kind}) if kind else ("place.not_wkt", {})
    if bare:
        with np.errstate(all="ignore"):  # a number too large for a float is infinite, and no place later
            shapes[list(bare)] = shapely.from_wkt(np.array(list(bare.values()), object), on_invalid="ignore")
    found.wrong.update({i: ("place.not_wkt", {}) for i in bare if shapes[i] is None})
    return found


_GEOJSON = {kind.lower(): kind for kind in (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
)}  # fmt: skip
_HEX = re.compile(r"(?:00|01)[0-9A-F]{20,}", re.IGNORECASE)


def _from_geojson(text: str, at: int, found: CellShapes) -> None:
    """A geometry, or a feature with one."""
    try:
        content = orjson.loads(text)
        if content.get("type") == "Feature":
            content = content.get("geometry") or {}
        kind = str(content.get("type"))
        if kind.lower() not in _GEOJSON:
            found.wrong[at] = ("place.kind_not_read", {"kind": kind[:40]})
            return
        found.shapes[at] = shapely.from_geojson(orjson.dumps(content))
        found.crs[at] = LON_LAT
    except (ValueError, AttributeError, TypeError, shapely.errors.GEOSException):
        found.wrong[at] = ("place.not_wkt", {})


def _from_ewkb(blob: bytes, at: int, found: CellShapes) -> None:
    try:
        end, srid = _end_of(blob, 0)
        if end != len(blob):
            raise ValueError
        with np.errstate(all="ignore"):
            found.shapes[at] = shapely.from_wkb(blob)
        if srid:
            found.crs[at] = f"EPSG:{srid}"
    except (ValueError, struct.error, shapely.errors.GEOSException):
        found.wrong[at] = ("place.not_wkt", {})


def _end_of(blob: bytes, at: int, inner: int = 0) -> tuple[int, int]:
    """Where the geometry ends that begins here, and its SRID; ``inner`` is the kind that it must have.

    Raises:
        ValueError: it is none that we hold; struct.error: it ends too soon.
    """
    order = "<" if blob[at : at + 1] == b"\1" else ">"
    (told,) = struct.unpack_from(f"{order}I", blob, at + 1)
    kind, flags = (told & 0xFFFF) % 1000, told & 0xE0000000
    corner = 8 * (2 + bool(flags & 0x80000000) + bool(flags & 0x40000000) + (0, 1, 1, 2)[(told & 0xFFFF) // 1000 % 4])
    at, srid = at + 5, 0
    if flags & 0x20000000:
        (srid,) = struct.unpack_from(f"{order}I", blob, at)
        at += 4
    if kind not in range(1, 7) or (inner and kind != inner):
        raise ValueError
    if kind == 1:
        return at + corner, srid
    (count,) = struct.unpack_from(f"{order}I", blob, at)
    at += 4
    if count > len(blob):
        raise ValueError
    if kind == 2:
        return at + corner * count, srid
    for _ in range(count):
        if kind == 3:
            (corners,) = struct.unpack_from(f"{order}I", blob, at)
            at += 4 + corner * corners
        else:
            at, _ = _end_of(blob, at, kind - 3)
    return at, srid
