"""Area: the municipality, districts and neighbourhoods, and water and green for the map's background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import shapely

from tempuse.fields import field
from tempuse.geometry import Floats, Geometries
from tempuse.refs import noun
from tempuse.vocabulary import AreaKind


@noun("area", "AR")
@dataclass(slots=True, kw_only=True)
class Area:
    """A polygon with a name. ``geometry`` is a Polygon or MultiPolygon in EPSG:4326."""

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    kind: str = field("choice", default=AreaKind.DISTRICT.value, of=AreaKind, needed=True)
    code: str | None = field("text")
    name: str | None = field("text")
    geometry: Any = field("geometry")
    source: str | None = field("text")
    retired_on: date | None = field("day", fixed=True)


# What says where the city is, and what spaces are said to lie in: the first of these kinds that there is.
CITY = (AreaKind.MUNICIPALITY, AreaKind.DISTRICT)
DISTRICTS = (AreaKind.DISTRICT, AreaKind.MUNICIPALITY)


class Locator:
    """Tells in which area a place lies; made once, asked for many places.

    Where areas overlap, the smaller one answers, so that a neighbourhood drawn over its district wins only
    if both were given.
    """

    def __init__(self, areas: Sequence[Area]) -> None:
        self.areas = sorted(areas, key=lambda area: -shapely.area(area.geometry))
        self._tree = shapely.STRtree([area.geometry for area in self.areas])

    def indexes(self, lon: Floats, lat: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Position in ``areas`` for each place, -1 where no area holds it."""
        found = np.full(len(lon), -1, np.int64)
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if len(self.areas) and len(known):
            points, areas = self._tree.query(shapely.points(lon[known], lat[known]), predicate="intersects")
            np.maximum.at(found, known[points], areas)
        return found

    def locate(self, lon: float, lat: float) -> Area | None:
        """The area that holds one place."""
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self.areas[int(found.max())] if len(found) else None


class Districts:
    """The areas that spaces are said to lie in: one of them by its ref, or that which holds a place."""

    def __init__(self, areas: Sequence[Area] = ()) -> None:
        self._areas = areas

    def get(self, ref: str) -> Area | None:
        """One of them, None where there is none of this ref."""
        return self._by_ref.get(ref)

    @cached_property
    def _by_ref(self) -> dict[str, Area]:
        return {area.ref: area for area in self.locator.areas}

    @cached_property
    def locator(self) -> Locator:
        """Tells which of them holds a place."""
        return Locator(self.all())

    def all(self) -> Sequence[Area]:
        """All of them."""
        return self._areas


def anchor(area: Area) -> tuple[float, float]:
    """A lon and lat inside the area, where its name and its uncertain spaces are drawn."""
    point = shapely.point_on_surface(area.geometry)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def union(areas: Sequence[Area]) -> Any:
    """The outline of several areas together, None when there are none."""
    shapes: Geometries = np.array([area.geometry for area in areas], object)
    return shapely.union_all(shapes) if len(shapes) else None
