"""Builders of test records: ``a_space(name="Net loft")`` and its like."""

from __future__ import annotations

from typing import Any

import shapely

from tempuse.areas import Area
from tempuse.spaces import Space

HERE = (3.72, 51.05)


def a_place(east: float = 0.0, north: float = 0.0) -> Any:
    """A point, so many degrees from HERE."""
    return shapely.Point(round(HERE[0] + east, 7), round(HERE[1] + north, 7))


def an_outline(east: float = 0.0, north: float = 0.0, side: float = 0.0004) -> Any:
    """A square outline with its south-west corner so many degrees from HERE."""
    x, y = HERE[0] + east, HERE[1] + north
    return shapely.box(x, y, x + side, y + side)


def a_space(**values: Any) -> Space:
    """An offered hall of the municipality: public, and with a place."""
    values = {
        "name": "Fish auction hall", "kind": "building", "status": "offered", "ownership": "municipality",
        "occupancy": "vacant", "geometry": a_place(), **values,
    }  # fmt: skip
    return Space(**values)


def a_district(name: str = "Old Docks", west: float = 3.70, south: float = 51.04, side: float = 0.04) -> Area:
    """A square district around HERE."""
    return Area(
        kind="district",
        name=name,
        code=name[:2].upper(),
        geometry=shapely.box(west, south, west + side, south + side),
    )
