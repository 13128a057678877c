"""Where a list lies: its places bear witness to each other, and the register's own spaces to a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tempuse.geometry import Floats

FEWEST = 10  # places that bear witness
_REACH = 8.0  # times the distance that half of them keep from their middle
_LEAST_M = 5000.0  # a list of one street has neighbours
_COMPANY = 0.03  # a part of a list that lies by itself is part of it when it is so large
_METRE = 1 / 111_320  # in degrees


@dataclass(frozen=True, slots=True)
class Home:
    """The middle of some places, the distance that half of them keep from it, and they themselves from the south."""

    lon: float
    lat: float
    usual_m: float
    places: Any

    @property
    def reach_m(self) -> float:
        """How far away another place still belongs to them."""
        return max(_REACH * self.usual_m, _LEAST_M)

    @classmethod
    def of(cls, lon: Floats, lat: Floats) -> Home | None:
        """The home of these places, None where they are too few to say."""
        fine = np.isfinite(lon) & np.isfinite(lat)
        if fine.sum() < FEWEST:
            return None
        lon, lat = lon[fine], lat[fine]
        middle = float(np.median(lon)), float(np.median(lat))
        from_south = np.argsort(lat, kind="stable")
        places = np.column_stack([lon, lat])[from_south]
        return cls(*middle, float(np.median(_metres(lon, lat, *middle))), places)

    def distance_m(self, lon: Floats, lat: Floats) -> Floats:
        """Metres from the middle, good to a few per cent."""
        return _metres(lon, lat, self.lon, self.lat)

    def holds(self, lon: Floats, lat: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which of these belong to it: near its middle, or in the company of a part of it."""
        near = np.asarray(self.distance_m(lon, lat) <= self.reach_m)
        far, wanted = np.flatnonzero(~near), max(3, _COMPANY * len(self.places))
        about = self.reach_m / 2
        # Who is near lies in the same strip from west to east, and in the same from south to north: most of those
        # that are far have no company in one of theirs.
        tall = about * _METRE
        wide = tall / np.cos(np.radians(lat[far]))
        first, last = _strip(self.places[:, 1], lat[far], tall)
        west, east = _strip(np.sort(self.places[:, 0]), lon[far], wide)
        for i, start, end, beside in zip(far, first, last, east - west, strict=True):
            if min(end - start, beside) >= wanted:
                strip = self.places[start:end]
                there = _metres(strip[:, 0], strip[:, 1], float(lon[i]), float(lat[i])) <= about
                near[i] = there.sum() >= wanted
        return near


def _strip(these: Floats, middle: Floats, half: float | Floats) -> tuple[Any, Any]:
    """Where in an order those begin and end that lie within so much of each middle."""
    return np.searchsorted(these, middle - half), np.searchsorted(these, middle + half, side="right")


def _metres(lon: Floats, lat: Floats, at_lon: float, at_lat: float) -> Floats:
    east = (lon - at_lon) * np.cos(np.radians(at_lat))
    return np.asarray(np.hypot(east, lat - at_lat) / _METRE)
