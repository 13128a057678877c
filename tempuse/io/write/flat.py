"""Feature texts taken apart for flat formats: values under fixed columns, places as geometries.

Every writer takes the same: batches of GeoJSON feature texts (``geojson.feature_text``), as ``published``
holds them ready and as exports for partners and the office make them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

import numpy as np
import orjson
import shapely

from tempuse import geometry
from tempuse.errors import Invalid
from tempuse.io.write.columns import FlatColumn
from tempuse.io.write.imprint import Imprint
from tempuse.io.write.readable import Readable

Texts = Iterable[Sequence[str]]
SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file shall hold.

    Attributes:
        texts: batches of GeoJSON feature texts, EPSG:4326.
        columns: the columns of flat formats.
        layer: the name of the layer.
        crs: in which CRS coordinates are written, east before north.
        title: what a person calls it.
        imprint: whose it is, under which licence, as of when.
        legend: what the style of the layer calls states and kinds; empty: as they are.
        readable: the table for people that is wanted, None for that of programs.
    """

    texts: Texts
    columns: tuple[FlatColumn, ...]
    layer: str = "spaces"
    crs: str = geometry.LON_LAT
    title: str = ""
    imprint: Imprint = Imprint()
    legend: Mapping[str, str] = field(default_factory=dict)
    readable: Readable | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some features: properties as they are, geometries in EPSG:4326 (None where there is none)."""

    properties: list[dict[str, Any]]
    places: geometry.Geometries


def batches(texts: Texts) -> Iterator[Batch]:
    """The features of GeoJSON texts, in batches.

    A text is cut where ``geojson.feature_text`` put it together: what is read as JSON are its properties alone, and
    most places are points, whose two numbers need no library. Within a string no quotation mark stands bare, so
    neither cut can fall into one.
    """
    for some in texts:
        held, points, others = [], list[tuple[int, str]](), list[tuple[int, str]]()
        for row, text in enumerate(some):
            start = text.index('"geometry":') + 11
            end = text.index(',"properties":', start)
            held.append(orjson.loads(text[end + 14 : -1]))
            if text.startswith(_POINT, start):
                points.append((row, text[start + len(_POINT) : end - 2]))
            elif not text.startswith("null", start):
                others.append((row, text[start:end]))
        places: geometry.Geometries = np.full(len(some), None, object)
        if points:
            numbers = np.array([float(each) for _, pair in points for each in pair.split(",")])
            places[[row for row, _ in points]] = shapely.points(numbers.reshape(-1, 2))
        if others:
            places[[row for row, _ in others]] = shapely.from_geojson(np.array([shape for _, shape in others], object))
        yield Batch(held, places)


_POINT = '{"type":"Point","coordinates":['
_CONVERT: dict[str, Callable[[Any], Any]] = {
    "list": lambda value: SEPARATOR.join(map(str, value)) or None,
    "map": lambda value: orjson.dumps(value).decode() if value else None,
    "day": date.fromisoformat,
    "instant": lambda value: datetime.fromisoformat(value).astimezone(UTC),
    "number": float,
}


def columns(batch: Batch, wanted: Sequence[FlatColumn], *, days_as_text: bool = False) -> list[list[Any] | None]:
    """The values under each of these columns: text, bool, int, float, date (or its text), datetime (UTC), or None.

    A column of which no feature of the batch has anything is None itself.
    """
    known = set[str]().union(*batch.properties)
    found: list[list[Any] | None] = []
    for column in wanted:
        if column.name not in known:
            found.append(None)
            continue
        values = _under(column.name, batch.properties)
        if column.kind in _CONVERT and not (days_as_text and column.kind == "day"):
            convert = _CONVERT[column.kind]
            values = [None if value is None else convert(value) for value in values]
        found.append(values)
    return found


def _under(name: str, properties: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What stands under this name; most names stand in every feature, and are then read twice as fast."""
    try:
        return list(map(itemgetter(name), properties))
    except KeyError:
        return [shown.get(name) for shown in properties]


def rows(batch: Batch, wanted: Sequence[FlatColumn]) -> Iterator[tuple[Any, ...]]:
    """The same, feature by feature."""
    nothing = [None] * len(batch.properties)
    return zip(*(nothing if values is None else values for values in columns(batch, wanted)), strict=True)


def projected(places: geometry.Geometries, crs: str) -> geometry.Geometries:
    """Geometries in the CRS that is asked for, to 1 mm or 7 decimals of a degree.

    Raises:
        Invalid: a place lies where this CRS has no coordinates.
    """
    if crs == geometry.LON_LAT:
        return places
    moved = geometry.project(places, geometry.LON_LAT, crs)
    outside = ~np.isfinite(shapely.bounds(moved)).all(axis=1) & ~shapely.is_missing(places)
    if outside.any():
        raise Invalid("export.crs_elsewhere", crs=crs)
    decimals = 3 if geometry.is_projected(crs) else geometry.DECIMALS
    return np.asarray(shapely.transform(moved, lambda xy: np.round(xy, decimals)), object)


def anchors(places: geometry.Geometries) -> list[tuple[float | None, float | None]]:
    """One x and y for each place that lies in it, as files for people show it; None where there is no place."""
    x, y = geometry.anchors(places)
    return [(None, None) if np.isnan(east) else (float(east), float(north)) for east, north in zip(x, y, strict=True)]
