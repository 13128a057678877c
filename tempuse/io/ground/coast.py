"""The sea: OpenStreetMap knows the coast as lines with the land on their left, and the sea has no outline."""

from __future__ import annotations

import numpy as np
import shapely

from tempuse.geometry import Box, Geometries

_ASIDE = 1e-6  # degrees to either side of the coast, about a hand's breadth of ten centimetres


def sea(coast: Geometries, box: Box) -> Geometries:
    """The faces of the box that lie to the right of more of the coast than to the left of it; none without a coast."""
    lines = shapely.clip_by_rect(shapely.union_all(coast), *box) if len(coast) else shapely.LineString()
    if lines.is_empty:
        return np.empty(0, object)
    whole = shapely.unary_union([lines, shapely.box(*box).exterior])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(whole)))
    tree, sides = shapely.STRtree(faces), np.zeros(len(faces), np.int64)
    for points, side in zip(_beside(coast, box), (-1, 1), strict=True):
        _, face = tree.query(points, predicate="intersects")
        np.add.at(sides, face, side)
    return np.asarray(faces[sides > 0], object)


def _beside(coast: Geometries, box: Box) -> tuple[Geometries, Geometries]:
    """Points beside the middle of each stretch of the coast within the box: to its left, to its right."""
    xy, line = shapely.get_coordinates(coast, return_index=True)
    step, along = np.diff(xy, axis=0), np.diff(line) == 0
    middle, length = (xy[1:] + xy[:-1]) / 2, np.hypot(*step.T)
    west, south, east, north = box
    within = (middle[:, 0] > west) & (middle[:, 0] < east) & (middle[:, 1] > south) & (middle[:, 1] < north)
    kept = along & within & (length > 0)
    left = np.column_stack([-step[kept, 1], step[kept, 0]]) / length[kept, None] * _ASIDE
    return shapely.points(middle[kept] + left), shapely.points(middle[kept] - left)
