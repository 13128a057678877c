"""Places that lie where they can hardly be: outside the town, or in water."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import shapely

from tempuse.areas import CITY, Area
from tempuse.geometry import Geometries
from tempuse.mapindex.elsewhere import is_far
from tempuse.spaces import Space
from tempuse.store import areas as area_rows
from tempuse.store import space_lists
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, SpaceStatus


class Whereabouts:
    """Where a city ends, and its waters; either may not be known."""

    def __init__(self, areas: Sequence[Area]) -> None:
        """Take what is drawn.

        Args:
            areas: those in force.
        """
        kinds = [kind for kind in CITY if any(area.kind == kind for area in areas)]
        self._land = _shapes(areas, kinds[0]) if kinds else np.zeros(0, object)
        self._waters = _shapes(areas, AreaKind.WATER)

    def outside(self, spaces: Sequence[Space]) -> list[Space]:
        """Those that lie outside the town; none where its end is not known."""
        placed = [space for space in spaces if space.geometry is not None]
        if not len(self._land) or not placed:
            return []
        inside = set(shapely.STRtree(self._land).query(_geometries(placed), predicate="intersects")[0].tolist())
        return [space for at, space in enumerate(placed) if at not in inside]

    def in_water(self, spaces: Sequence[Space]) -> list[Space]:
        """Those that lie in water with all that they are."""
        placed = [space for space in spaces if space.geometry is not None]
        if not len(self._waters) or not placed:
            return []
        wet = np.unique(shapely.STRtree(self._waters).query(_geometries(placed), predicate="within")[0])
        return [placed[at] for at in wet.tolist()]

    def is_elsewhere(self, space: Space) -> bool:
        """Whether a space outside is likely a documented case of another town: known, not offered, far away."""
        if space.status != SpaceStatus.VERIFIED:
            return False
        lon, lat = shapely.get_coordinates(shapely.centroid(space.geometry))[0]
        return bool(is_far(shapely.total_bounds(self._land), lon, lat))


def strayed(con: Connection, most: int, without: Collection[str] = ()) -> list[Space]:
    """Spaces that a list, an address or a file placed outside the town. What a hand has set was asked about.

    Args:
        con: a connection to the register.
        most: so many are looked at.
        without: refs of some that are meant to lie elsewhere.
    """
    found = space_lists.in_no_district(con, most, without)
    return Whereabouts(area_rows.find(con)).outside(found) if found else []


def _shapes(areas: Sequence[Area], kind: AreaKind) -> Geometries:
    return np.array([area.geometry for area in areas if area.kind == kind], object)


def _geometries(spaces: Sequence[Space]) -> Geometries:
    return np.array([space.geometry for space in spaces], object)
