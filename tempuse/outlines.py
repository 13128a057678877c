"""Outlines as they are drawn: mended where they cross themselves, while that has a bound in corners and in time."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# To mend an outline takes the square of its crossings and more: 2,000 take 0.02 s, 40,000 two seconds.
MOST_CROSSINGS = 2_000
MOST_MENDED = 100_000  # corners; to count the crossings of more would take seconds itself
_PAIRS_AT_ONCE = 200_000
# To find out whether an outline is valid may itself take the square of its corners (500,000 scattered ones: 40 s).
# So of a large one some sides are tried first: in a drawing, a side meets itself and its neighbours.
LARGE = 10_000  # corners
_TRIED = 64
_MOST_MET = 100


def mended(outline: Any) -> tuple[Any, str]:
    """The valid outline that one which crosses itself means."""
    if _is_tangled(outline):
        return None, "geometry.too_tangled"
    return shapely.make_valid(outline, method="structure", keep_collapsed=False), "geometry.mended_ring"


def _is_tangled(outline: Any) -> bool:
    """Whether its lines cross too often to be mended; counted in steps, so that the counting has a bound, too."""
    corners = shapely.get_num_coordinates(outline)
    if corners**2 <= 2 * MOST_CROSSINGS:
        return False
    if corners > MOST_MENDED:
        return True
    sides = _sides(outline)
    tree = shapely.STRtree(sides)
    step = max(_PAIRS_AT_ONCE // len(sides), 1)
    # Each side meets itself and its two neighbours, and each crossing is met from both sides.
    spare = 2 * MOST_CROSSINGS + 3 * len(sides)
    for start in range(0, len(sides), step):
        spare -= len(tree.query(sides[start : start + step], predicate="intersects")[0])
        if spare < 0:
            return True
    return False


def is_scattered(outline: Any) -> bool:
    """Whether the sides of a large outline lie all over each other, judged by some of them."""
    sides = _sides(outline)
    some = sides[:: max(len(sides) // _TRIED, 1)]
    return bool(len(some)) and len(shapely.STRtree(sides).query(some)[0]) > _MOST_MET * len(some)


def _sides(outline: Any) -> NDArray[np.object_]:
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(outline)), return_index=True)
    follows = ring[1:] == ring[:-1]
    return np.asarray(shapely.linestrings(np.stack([corners[:-1][follows], corners[1:][follows]], axis=1)), object)


def simpler(geometry: Any) -> tuple[Any, str]:
    """A point or polygons out of another geometry type, if that is honest."""
    parts = shapely.get_parts(geometry)
    kinds = shapely.get_type_id(parts)
    if (kinds == 3).any() or (kinds == 6).any():
        polygons = shapely.get_parts(parts[(kinds == 3) | (kinds == 6)])
        if _is_tangled(shapely.multipolygons(polygons)):
            return None, "geometry.too_tangled"
        return shapely.union_all(polygons), "geometry.parts_taken"
    if len(parts) == 1 and kinds[0] == 0:
        return parts[0], ""
    if len(parts) == 1 and shapely.is_closed(parts[0]) and shapely.get_num_points(parts[0]) >= 4:
        return shapely.polygons(shapely.linearrings(shapely.get_coordinates(parts[0]))), "geometry.closed_line"
    return None, "geometry.no_place"
