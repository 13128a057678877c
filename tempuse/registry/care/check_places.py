"""Part of a check: places that lie where they can hardly be, as a form would have asked before it kept them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from tempuse.areas import CITY, Area
from tempuse.geometry import Geometries
from tempuse.mapindex.elsewhere import is_far
from tempuse.registry.care.findings import Finding
from tempuse.spaces import Space
from tempuse.vocabulary import AreaKind, SpaceStatus


class Whereabouts:
    """Where a city ends, and its waters; either may not be known."""

    def __init__(self, areas: Sequence[Area]) -> None:
        """Take what is drawn of the areas in force."""
        kinds = [kind for kind in CITY if any(area.kind == kind for area in areas)]
        self._land = _shapes(areas, kinds[0]) if kinds else np.zeros(0, object)
        self._waters = shapely.STRtree(_shapes(areas, AreaKind.WATER))

    def findings(self, spaces: Sequence[Space]) -> Iterator[Finding]:
        """Spaces outside the town, but for documented cases of other towns; and those that lie in water."""
        placed = [space for space in spaces if space.geometry is not None]
        if not placed:
            return
        shapes = np.array([space.geometry for space in placed], object)
        outside = self._outside(shapes)
        wet = set(self._waters.query(shapes, predicate="within")[0].tolist())
        for at, space in enumerate(placed):
            if outside[at]:
                if space.status != SpaceStatus.VERIFIED or not self._is_far(shapes[at]):
                    yield Finding("check.outside_town", {"ref": space.ref}, False)
            elif at in wet:
                yield Finding("check.in_water", {"ref": space.ref}, False)

    def _outside(self, shapes: Geometries) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = np.full(len(shapes), bool(len(self._land)))
        if len(self._land):
            found[shapely.STRtree(self._land).query(shapes, predicate="intersects")[0]] = False
        return found

    def _is_far(self, shape: shapely.Geometry) -> bool:
        return bool(is_far(shapely.total_bounds(self._land), *shapely.get_coordinates(shapely.centroid(shape))[0]))


def _shapes(areas: Sequence[Area], kind: AreaKind) -> Geometries:
    return np.array([area.geometry for area in areas if area.kind == kind], object)
