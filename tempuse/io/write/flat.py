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
from tempuse.geojson import Features, wkbs_of
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


class Located:
    """Where some features lie, as geometries and as WKB; either is made of the other when it is asked for.

    Args:
        shapes: geometries; None where there is none.
        wkbs: the same as WKB.
    """

    def __init__(self, shapes: geometry.Geometries | None = None, wkbs: Sequence[bytes | None] | None = None) -> None:
        self._shapes, self._wkbs = shapes, wkbs

    @property
    def shapes(self) -> geometry.Geometries:
        """Geometries, None where there is none."""
        if self._shapes is None:
            column = np.empty(len(self._wkbs or ()), object)
            column[:] = self._wkbs
            self._shapes = np.asarray(shapely.from_wkb(column), object)
        return self._shapes

    @property
    def wkbs(self) -> Sequence[bytes | None]:
        """WKB, None where there is none."""
        if self._wkbs is None:
            self._wkbs = wkbs_of(self.shapes)
        return self._wkbs

    def within(self, crs: str) -> Located:
        """The same in the CRS that is asked for, as ``projected`` moves them."""
        return self if crs == geometry.LON_LAT else Located(projected(self.shapes, crs))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some features: properties as they are, and where they lie in EPSG:4326."""

    properties: list[dict[str, Any]]
    places: Located


def batches(texts: Texts) -> Iterator[Batch]:
    """The features of GeoJSON texts, in batches.

    A text is cut where ``geojson.feature_text`` put it together: what is read as JSON are its properties alone, and
    the place only where nobody brings it along. Within a string no quotation mark stands bare, so no cut can fall
    into one.
    """
    for some in texts:
        held = [orjson.loads(text[text.index(_PROPERTIES) + len(_PROPERTIES) : -1]) for text in some]
        yield Batch(held, Located(wkbs=some.wkbs) if isinstance(some, Features) else Located(_places(some)))


_PLACE, _PROPERTIES = '"geometry":', ',"properties":'


def _places(texts: Sequence[str]) -> geometry.Geometries:
    """The geometries that feature texts hold."""
    cuts = (text[text.index(_PLACE) + len(_PLACE) : text.index(_PROPERTIES)] for text in texts)
    shapes = [None if cut == "null" else cut for cut in cuts]
    return np.asarray(shapely.from_geojson(np.array(shapes, object)), object)


def _joined(values: Sequence[Any]) -> str | None:
    try:
        return SEPARATOR.join(values) or None
    except TypeError:  # not all of them are texts
        return SEPARATOR.join(map(str, values))


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "list": _joined,
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
