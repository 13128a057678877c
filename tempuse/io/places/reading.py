"""Ways to understand a pair of numbers, and which of them bring it to where it must lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from tempuse import geometry
from tempuse.geometry import LON_LAT, Floats
from tempuse.io.places.extents import Extent, System

WEB_MERCATOR = "EPSG:3857"
_DEGREES = 180.0  # nothing stands so few metres from where a country's grid begins, which may be within it
_SAME_M = 1000.0  # two readings nearer than this are one place

# Message id, what was done, and their values.
Note = tuple[str, str, dict[str, Any]]
_Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Reading(NamedTuple):
    """One way to understand a pair of numbers."""

    crs: str
    swapped: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def is_mended(self) -> bool:
        """Whether it supposes that the numbers themselves are wrong."""
        return self.swapped or self.flip_x or self.flip_y

    def ordered(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """East and north as this reading has them."""
        first, second = (y, x) if self.swapped else (x, y)
        return (-first if self.flip_x else first), (-second if self.flip_y else second)

    def lonlat(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The pair read like this, as lon and lat; what makes no sense is infinite or out of range."""
        return geometry.project_xy(*self.ordered(x, y), self.crs)

    def shape(self, shape: Any) -> Any:
        """A whole geometry read like this."""

        def move(xy: Floats) -> Floats:
            return np.column_stack(self.lonlat(xy[:, 0], xy[:, 1]))

        return shapely.transform(shape, move)


class Trial:
    """Tries readings against an extent.

    A system counts only where it is used: British eastings that would lie in Cumbria by the Irish grid are not Irish.
    """

    def __init__(self, extent: Extent | None, told: Sequence[str]) -> None:
        """Try for an extent; ``told`` are systems that somebody named, which count everywhere in it."""
        self.extent = extent
        systems = [*told[:1], LON_LAT, *told[1:], *(extent.crs if extent else ()), WEB_MERCATOR]
        self.candidates = list(dict.fromkeys(systems))
        self._used: dict[str, list[System]] = {}
        for system in extent.systems if extent else ():
            self._used.setdefault(system.crs, []).append(system)
        self._told = frozenset(told)

    def holds(self, lon: Floats, lat: Floats) -> _Mask:
        """Which places lie where they must."""
        if self.extent is not None:
            return self.extent.holds(lon, lat)
        return np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)

    def shares(self, x: Floats, y: Floats, readings: Sequence[Reading] = ()) -> dict[Reading, float]:
        """What share of these pairs each reading brings into the extent; without any, all as they stand and turned."""
        readings = readings or [Reading(crs, swapped) for crs in self.candidates for swapped in (False, True)]
        return {reading: float(self._fits(reading, x, y)[2].mean()) for reading in readings}

    def places(self, readings: Sequence[Reading], x: float, y: float) -> list[tuple[Reading, float, float]]:
        """The places that these readings of one pair give; readings of one place count once."""
        found: list[tuple[Reading, float, float]] = []
        for reading in readings:
            lon, lat, fits = self._fits(reading, np.array([x]), np.array([y]))
            if fits[0] and not any(geometry.distance_m(lon, lat, (a, b))[0] < _SAME_M for _, a, b in found):
                found.append((reading, float(lon[0]), float(lat[0])))
        return found

    def on_land(self, reading: Reading, x: Floats, y: Floats) -> float:
        """What share of these pairs a reading brings onto the land of the extent."""
        if self.extent is None:
            return 1.0
        lon, lat, fits = self._fits(reading, x, y)
        return float(shapely.contains_xy(self.extent.land, lon[fits], lat[fits]).sum()) / max(len(x), 1)

    def _fits(self, reading: Reading, x: Floats, y: Floats) -> tuple[Floats, Floats, _Mask]:
        """Lon and lat by a reading, and which of them lie in the extent and where its system is used.

        What cannot be such numbers is not even moved: it would cost more than all the rest.
        """
        used = self._used.get(reading.crs, []) if reading.crs not in self._told else []
        lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
        may = np.isfinite(x) & np.isfinite(y)
        if used:
            may &= _within(used, "numbers", *reading.ordered(x, y))
            if geometry.is_projected(reading.crs):
                may &= (np.abs(x) > _DEGREES) | (np.abs(y) > _DEGREES)
        if may.any():
            lon[may], lat[may] = reading.lonlat(x[may], y[may])
        fits = may & self.holds(lon, lat)
        return lon, lat, fits & _within(used, "area", lon, lat) if used else fits


def _within(systems: Sequence[System], what: str, x: Floats, y: Floats) -> _Mask:
    found = np.zeros(len(x), bool)
    for system in systems:
        west, south, east, north = getattr(system, what)
        found |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def apart(one: Reading, other: Reading, x: Floats, y: Floats) -> bool:
    """Whether two readings of these pairs are places of their own."""
    here, there = one.lonlat(x[:50], y[:50]), other.lonlat(x[:50], y[:50])
    far = [
        geometry.distance_m(np.array([a]), np.array([b]), (c, d))[0]
        for a, b, c, d in zip(*here, *there, strict=True) if np.isfinite([a, b, c, d]).all()
    ]  # fmt: skip
    return bool(far) and bool(np.median(far) > _SAME_M)
