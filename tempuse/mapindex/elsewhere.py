"""Spaces that are told as examples: documented cases of other towns, which nobody can ask this city for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tempuse.geometry import Box
from tempuse.mapindex import MapIndex, Rows
from tempuse.vocabulary import LocationLevel, SpaceStatus

# Nothing of a city lies so far outside its boundary.
FAR_KM = 20
_KM_A_DEGREE = 111.2
# With more of them it is the boundary that is wrong.
MOST = 500
_VERIFIED, _EXACT = list(SpaceStatus).index(SpaceStatus.VERIFIED), list(LocationLevel).index(LocationLevel.EXACT)


def is_far(city: Sequence[float], lon: Any, lat: Any) -> Any:
    """Whether places lie more than FAR_KM outside a box.

    Args:
        city: west, south, east, north in degrees.
        lon: of one place, or of many.
        lat: of the same.
    """
    west, south, east, north = city
    high = FAR_KM / _KM_A_DEGREE
    wide = high / max(math.cos(math.radians((south + north) / 2)), 0.1)
    return (lon < west - wide) | (lon > east + wide) | (lat < south - high) | (lat > north + high)


def examples(index: MapIndex, city: Box | None) -> Rows:
    """The rows of the examples: known and shown exactly, not offered, and far outside the city's box.

    None where no city is drawn, or where so much lies outside that it cannot be meant.
    """
    none = np.zeros(0, np.int64)
    if city is None:
        return none
    far = is_far(city, index.lon, index.lat)
    found = np.flatnonzero(far & (index.columns["status"] == _VERIFIED) & (index.columns["level"] == _EXACT))
    return found if len(found) <= MOST else none
