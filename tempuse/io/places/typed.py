"""A place as a person writes or pastes it: WKT, GeoJSON, latitude and longitude, national coordinates, a map's link."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely

from tempuse.errors import Invalid, Issue
from tempuse.io.places import links, wkt
from tempuse.io.places.angles import LONGEST_PAIR, o_is, pair_of, plain_signs
from tempuse.io.places.extents import Extent
from tempuse.io.places.placer import Placer
from tempuse.io.places.reading import Reading
from tempuse.io.places.squares import square_of

# Nothing here is ever given back once it is read (++, ?+): a text that does not fit costs no more than one that does.
_WHOLE = r"[-+]?+\d++"
_NUMBER = rf"{_WHOLE}(?:[.,]\d++)?+"
_PAIR = (
    # 51.05, 3.72 and 51,05; 3,72 and 51,05 3,72 and 51,05, 3,72
    re.compile(rf"({_WHOLE}(?:\.\d++)?+)\s*+,\s*+({_WHOLE}(?:\.\d++)?+)"),
    re.compile(rf"({_NUMBER})(?:\s*+[;/|]\s*+|\s++)({_NUMBER})"),
    re.compile(rf"({_WHOLE},\d++)\s*+,\s*+({_WHOLE},\d++)"),
)


class Written(NamedTuple):
    """A place that was read; ``note`` is the id of the sentence that says how, empty when as written."""

    geometry: Any
    note: str = ""


def parse_place(text: str, national_crs: str = "", extent: Extent | None = None) -> Written:
    """The place that a text names, in EPSG:4326; not yet cleaned.

    Two numbers in degrees are latitude before longitude, as maps on the web copy them, unless only the other
    order lies in the extent. Larger numbers are the national system's or one that is in use there.

    Args:
        text: what was written.
        national_crs: the CRS of the city's own coordinates, empty when none is set.
        extent: where the place must lie; None when nobody told.

    Raises:
        Invalid: the text is no place, or the place lies outside the extent.
    """
    text = text.strip()
    if len(text) > wkt.LONGEST:
        raise _wrong("where.too_long", text)
    if text.startswith("{"):
        return _shape(_geojson(text), text, national_crs, extent)
    if kind := wkt.kind_of(text):
        return _shape(_wkt(text, kind), text, national_crs, extent)
    if numbers := two_numbers(text):
        return _pair(*numbers, text.strip("()[]"), national_crs, extent)
    if links.is_short(text):
        raise _wrong("where.short_link", text)
    found = pair_of(text, o_is(extent) or -1) or links.lon_lat(text)  # O is west in French and Spanish
    if found and max(map(abs, found)) > 180:
        return _pair(*found, text, national_crs, extent)
    if found is None and (square := square_of(text)) is not None:
        found = square.lon, square.lat
    if found is None:
        raise _wrong("where.unreadable", text)
    return _inside(shapely.Point(found), text, extent)


def two_numbers(text: str) -> tuple[float, float] | None:
    """The two numbers of a text that holds nothing else, in any usual writing: 51.05, 3.72 or 51,05 3,72."""
    if len(text) > LONGEST_PAIR:
        return None
    bare = plain_signs(text).strip("()[] \t")
    match = next((match for pattern in _PAIR if (match := pattern.fullmatch(bare))), None)
    return None if match is None else (_float(match[1]), _float(match[2]))


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _wrong(message: str, text: str, **values: Any) -> Invalid:
    return Invalid(message, [Issue(None, "geometry", text, message, values=values, grave=True)], **values)


def _geojson(text: str) -> Any:
    try:
        content = orjson.loads(text)
        while content.get("type") in ("Feature", "FeatureCollection"):
            inner = content.get("features", [content.get("geometry")])
            if len(inner) != 1:
                raise _wrong("where.several", text)
            content = inner[0]
        if content.get("type") == "GeometryCollection":
            raise _wrong("where.kind", text, kind="GeometryCollection")
        return shapely.from_geojson(orjson.dumps(content))
    except (ValueError, AttributeError, TypeError, LookupError, shapely.errors.GEOSException) as error:
        raise _wrong("where.unreadable", text) from error


def _wkt(text: str, kind: str) -> Any:
    if not wkt.is_held(kind):
        raise _wrong("where.kind", text, kind=kind)
    written = wkt.shapes_of([text])
    if written.wrong:
        raise _wrong("where.unreadable", text)
    return written.shapes[0]


def _shape(shape: Any, text: str, national_crs: str, extent: Extent | None) -> Written:
    """A whole geometry: in degrees as it stands, lon before lat; otherwise read by one of its corners."""
    corners = shapely.get_coordinates(shape)
    if not len(corners) or not np.isfinite(corners).all():
        raise _wrong("where.unreadable", text)
    if (np.abs(corners) <= (180, 90)).all():
        return Written(shape)
    reading = _reading(corners[0, 0], corners[0, 1], national_crs, extent, text)
    return Written(reading.shape(shape), "where.read_national")


def _pair(first: float, second: float, text: str, national_crs: str, extent: Extent | None) -> Written:
    if abs(first) <= 90 and abs(second) <= 180:
        point = shapely.Point(second, first)
        if extent is None or _holds(extent, point):
            return Written(point)
        turned = shapely.Point(first, second)
        if abs(second) <= 90 and _holds(extent, turned):
            return Written(turned, "where.turned_round")
        raise _wrong("where.outside", text, extent=extent.name)
    if abs(first) <= 180 and abs(second) <= 90:
        return _inside(shapely.Point(first, second), text, extent)
    reading = _reading(first, second, national_crs, extent, text)
    lon, lat = reading.lonlat(np.array([first]), np.array([second]))
    return _inside(shapely.Point(lon[0], lat[0]), text, extent, "where.read_national")


def _reading(x: float, y: float, national_crs: str, extent: Extent | None, text: str) -> Reading:
    """How to understand metres: in the national system, or in the one other way that fits the extent."""
    if not national_crs:
        raise _wrong("where.needs_crs", text)
    if extent is None:
        return Reading(national_crs)
    placer = Placer(extent, national_crs)
    placed = placer.place(np.array([x]), np.array([y]))
    if (reading := placed.readings[0]) is None:
        raise _wrong("where.outside", text, extent=extent.name)
    return reading


def _holds(extent: Extent, point: Any) -> bool:
    return bool(extent.holds(np.array([point.x]), np.array([point.y]))[0])


def _inside(point: Any, text: str, extent: Extent | None, note: str = "") -> Written:
    on_earth = np.isfinite([point.x, point.y]).all() and abs(point.x) <= 180 and abs(point.y) <= 90
    if not on_earth:
        raise _wrong("where.unreadable", text)
    if extent is not None and not _holds(extent, point):
        raise _wrong("where.outside", text, extent=extent.name)
    return Written(point, note)


def shown(geometry: Any) -> str:
    """A place as a person reads and mends it: ``51.05, 3.72`` for a point, WKT for an outline."""
    if geometry is None:
        return ""
    if geometry.geom_type == "Point":
        return f"{round(geometry.y, 7)}, {round(geometry.x, 7)}"
    return str(shapely.to_wkt(geometry, rounding_precision=7))
