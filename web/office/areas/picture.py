"""A picture of areas before they are in the register: plain SVG, drawn here, in the colours of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tempuse.areas import Area, anchor

WIDTH = 720
MOST_SHAPES, MOST_NAMES = 3000, 60


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG's size, its paths with the number of their tint (1 to 4), and the names with their places."""

    width: int
    height: int
    shapes: list[tuple[str, int]]
    names: list[tuple[int, int, str]]


def draw(areas: list[Area]) -> Picture:
    """Areas in EPSG:4326 as they lie, north up."""
    drawn = areas[:MOST_SHAPES]
    west, south, east, north = shapely.total_bounds(np.array([area.geometry for area in drawn], object))
    stretch = math.cos(math.radians((south + north) / 2)) or 1e-6
    scale = (WIDTH - 20) / max((east - west) * stretch, 1e-9)
    scale = min(scale, (WIDTH - 20) / max(north - south, 1e-9))

    def place(xy: Any) -> Any:
        return np.column_stack([10 + (xy[:, 0] - west) * stretch * scale, 10 + (north - xy[:, 1]) * scale])

    shapes = []
    for i, area in enumerate(drawn):
        simple = shapely.simplify(shapely.transform(area.geometry, place), 0.5)
        shapes.append((_path(simple), i % 4 + 1))
    names = []
    for area in drawn[:MOST_NAMES]:
        x, y = place(np.array([anchor(area)]))[0]
        names.append((round(float(x)), round(float(y)), area.name or ""))
    return Picture(WIDTH, round((north - south) * scale) + 20, shapes, names)


def _path(shape: Any) -> str:
    parts = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords)
            parts.append(f"M{points}Z")
    return "".join(parts)
