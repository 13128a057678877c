"""The map's background: areas as a viewport needs them, so that a national register draws as fast as a town's.

Areas too small to be seen are left out, outlines are simplified to half a pixel and cut to the box, and water
that touches is joined, so that shore lines run along the shore alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from tempuse.areas import CITY
from tempuse.geometry import Box
from tempuse.vocabulary import AreaKind

# An area smaller than this many pixels is not drawn; nor are more areas than this, the largest first.
LEAST_PX = 3
MOST_AREAS = 1500
# Neighbourhoods begin where a town's districts fill the map.
NEIGHBOURHOODS_FROM_ZOOM = 14


class Background:
    """All public areas of a register, ready to be asked for any box. Never changed once made."""

    def __init__(self, texts: Sequence[str]) -> None:
        features = [orjson.loads(text) for text in texts]
        self.shapes = shapely.from_geojson([orjson.dumps(each["geometry"]).decode() for each in features])
        self.about = [each["properties"] for each in features]
        bounds = shapely.bounds(self.shapes) if len(features) else np.zeros((0, 4))
        self.bounds = bounds
        self.kind = np.array([each["kind"] for each in self.about], dtype=object)
        self.tint = np.cumsum(self.kind == AreaKind.DISTRICT) % 4
        inner = shapely.point_on_surface(self.shapes) if len(features) else np.zeros(0, object)
        self.anchor = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)]) if len(features) else bounds

    def __len__(self) -> int:
        return len(self.about)

    @property
    def city(self) -> Box | None:
        """The box of the municipality, else of the districts; None when neither is drawn."""
        return next((box for kind in CITY if (box := _box(self.bounds[self.kind == kind]))), None)

    @property
    def extent(self) -> Box | None:
        """The box of the city, else of everything; None when there is nothing."""
        return self.city or _box(self.bounds)

    def is_outside(self, lon: float, lat: float) -> bool:
        """Whether a place lies outside the municipality, else outside all districts; no where neither is drawn."""
        kind = next((kind for kind in CITY if (self.kind == kind).any()), None)
        if kind is None:
            return False
        shapes = self.shapes[self.kind == kind]
        return not shapely.intersects_xy(shapes, lon, lat).any()

    def draw(self, box: Box | None, zoom: int) -> list[dict[str, Any]]:
        """GeoJSON features for a box at a zoom, land before water; each named area says where it may be named.

        Args:
            box: what to draw; everything when None.
            zoom: of Web Mercator tiles of 256 px.
        """
        if not len(self):
            return []
        degree_px = 256 * 2**zoom / 360
        chosen = self._seen(box, degree_px, zoom)
        shapes = shapely.simplify(self.shapes[chosen], half_a_pixel(degree_px), preserve_topology=False)
        if box is not None:
            shapes = cut(shapes, box)
        features = []
        waters: list[Any] = []
        for i, shape in zip(chosen.tolist(), shapes, strict=True):
            if shape.is_empty:
                continue
            if self.kind[i] == AreaKind.WATER:
                waters.append(shape)
            features.append(self._feature(i, None if self.kind[i] == AreaKind.WATER else shape))
        return [*features, *_joined(waters, degree_px)]

    def _seen(self, box: Box | None, degree_px: float, zoom: int) -> Any:
        west, south, east, north = self.bounds.T
        size = np.maximum(east - west, north - south)
        seen = size * degree_px >= LEAST_PX
        if box is not None:
            seen &= (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
        if zoom < NEIGHBOURHOODS_FROM_ZOOM:
            seen &= self.kind != AreaKind.NEIGHBOURHOOD
        chosen = np.flatnonzero(seen)
        if len(chosen) > MOST_AREAS:
            chosen = np.sort(chosen[np.argsort(-size[chosen], kind="stable")[:MOST_AREAS]])
        return chosen

    def _feature(self, i: int, shape: Any) -> dict[str, Any]:
        about = self.about[i]
        properties = {
            "kind": about["kind"], "name": about.get("name"), "tint": int(self.tint[i]),
            "at": [round(float(part), 6) for part in self.anchor[i]],
        }  # fmt: skip
        return as_feature(shape, properties)


def half_a_pixel(degree_px: float) -> float:
    """About half a pixel, in degrees: one of latitude is more pixels than one of longitude, the more in the north."""
    return 0.35 / degree_px


def as_feature(shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature, its coordinates as fine as they are seen: each rounded by itself, for it is only drawn."""
    geometry = None
    if shape is not None:
        geometry = orjson.Fragment(shapely.to_geojson(shapely.set_precision(shape, 1e-6, mode="pointwise")))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def cut(shapes: Any, box: Box) -> Any:
    """Shapes cut to a box with a margin as wide as itself, so that no cut edge is ever seen."""
    wide, high = box.east - box.west, box.north - box.south
    around = (box.west - wide, box.south - high, box.east + wide, box.north + high)
    return shapely.clip_by_rect(shapely.make_valid(shapes), *around)


def _joined(waters: list[Any], degree_px: float) -> list[dict[str, Any]]:
    """Water as one shape: what touches, or nearly does after it was simplified, is one."""
    if not waters:
        return []
    whole = shapely.union_all(
        shapely.buffer(np.array(waters, object), 0.6 / degree_px, quad_segs=1, join_style="mitre")
    )
    return [as_feature(whole, {"kind": "water", "name": None})]


def _box(bounds: Any) -> Box | None:
    if not len(bounds):
        return None
    west, south, east, north = bounds.T
    return Box(float(west.min()), float(south.min()), float(east.max()), float(north.max()))
