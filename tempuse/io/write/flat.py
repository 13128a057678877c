"""Feature texts taken apart for flat formats: values under fixed columns, places as geometries.

Every writer takes the same: batches of GeoJSON feature texts (``geojson.feature_text``), as ``published``
holds them ready and as exports for partners and the office make them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import orjson
import shapely

from tempuse import geometry
from tempuse.errors import Invalid
from tempuse.io.write.columns import FlatColumn
from tempuse.io.write.imprint import Imprint

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
    """

    texts: Texts
    columns: tuple[FlatColumn, ...]
    layer: str = "spaces"
    crs: str = geometry.LON_LAT
    title: str = ""
    imprint: Imprint = Imprint()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some features: properties as they are, geometries in EPSG:4326 (None where there is none)."""

    properties: list[dict[str, Any]]
    places: geometry.Geometries


def batches(texts: Texts) -> Iterator[Batch]:
    """The features of GeoJSON texts, in batches."""
    for some in texts:
        features = [orjson.loads(text) for text in some]
        places: geometry.Geometries = np.full(len(some), None, object)
        placed = np.array([feature["geometry"] is not None for feature in features], bool)
        if placed.any():
            places[placed] = shapely.from_geojson(np.array(some, object)[placed])
        yield Batch([feature["properties"] for feature in features], places)


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "list": lambda value: SEPARATOR.join(str(part) for part in value) or None,
    "map": lambda value: orjson.dumps(value).decode() if value else None,
    "day": date.fromisoformat,
    "instant": lambda value: datetime.fromisoformat(value).astimezone(UTC),
    "number": float,
}


def rows(batch: Batch, columns: Sequence[FlatColumn]) -> Iterator[list[Any]]:
    """The values of each feature under these columns: text, bool, int, float, date or datetime (UTC), or None."""
    names = [column.name for column in columns]
    convert = [(i, _CONVERT[column.kind]) for i, column in enumerate(columns) if column.kind in _CONVERT]
    for shown in batch.properties:
        values = [shown.get(name) for name in names]
        for i, converted in convert:
            if values[i] is not None:
                values[i] = converted(values[i])
        yield values


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
