"""Countries as a map of small scale draws them, so that it is never blank, whatever a city has loaded."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import orjson
import shapely

from tempuse import resources
from tempuse.geometry import Box
from tempuse.mapindex.background import LEAST_PX, as_feature, cut, half_a_pixel

# From this zoom on the outlines would be coarser than what a city has of its own.
BELOW_ZOOM = 10


class Outlines:
    """The countries of the world, held as their parts: land and islands. Never changed once made."""

    def __init__(self, features: list[dict[str, Any]]) -> None:
        whole = shapely.from_geojson([orjson.dumps(each["geometry"]).decode() for each in features])
        self.codes = [str(each["properties"]["country"]) for each in features]
        self.parts, self.country = shapely.get_parts(whole, return_index=True)
        self.bounds = shapely.bounds(self.parts)
        # A country is named, and begun with, on its largest part: the first in the file.
        self.first = np.flatnonzero(np.diff(self.country, prepend=-1))
        self.anchor = shapely.get_coordinates(shapely.point_on_surface(self.parts[self.first]))

    def box_of(self, code: str) -> Box | None:
        """The box of a country's largest part; None where the code of ISO 3166 is none of ours."""
        if not code or code not in self.codes:
            return None
        return Box(*self.bounds[self.first[self.codes.index(code)]].tolist())

    def draw(self, box: Box | None, zoom: int) -> list[dict[str, Any]]:
        """GeoJSON features for a box at a zoom, each with the country's code of ISO 3166 and where to name it.

        Args:
            box: what to draw; everything when None.
            zoom: of Web Mercator tiles of 256 px; nothing from ``BELOW_ZOOM`` on.
        """
        if zoom >= BELOW_ZOOM:
            return []
        degree_px = 256 * 2**zoom / 360
        west, south, east, north = self.bounds.T
        seen = np.maximum(east - west, north - south) * degree_px >= LEAST_PX
        if box is not None:
            seen &= (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
        chosen = np.flatnonzero(seen)
        shapes = shapely.simplify(self.parts[chosen], half_a_pixel(degree_px), preserve_topology=False)
        if box is not None:
            shapes = cut(shapes, box)
        drawn: dict[int, list[Any]] = {}
        for country, shape in zip(self.country[chosen].tolist(), shapes, strict=True):
            if not shape.is_empty:
                drawn.setdefault(country, []).append(shape)
        return [
            as_feature(
                shapely.GeometryCollection(parts),
                {"kind": "country", "country": self.codes[i], "at": self.anchor[i].round(3).tolist()},
            )
            for i, parts in drawn.items()
        ]


@cache
def outlines() -> Outlines:
    """The outlines that come with the program."""
    content = orjson.loads(resources.path("extents/outlines.geojson").read_bytes())
    return Outlines(content["features"])
