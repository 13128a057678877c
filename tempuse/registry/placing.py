"""Placing and measuring spaces: clean geometries, measured plots, found districts; one way for one and for many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tempuse import geometry
from tempuse.areas import Locator
from tempuse.errors import Invalid, Issue
from tempuse.spaces import FIELDS, Space
from tempuse.store import areas as area_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, PlacedBy

_NUMBERS = tuple(name for name, about in FIELDS.items() if about["kind"] == "number")


def doubt(con: Connection, place: Any) -> str:
    """Why a place that somebody sets by hand is asked about before it is kept; empty where nothing is odd.

    Args:
        con: a connection to the register.
        place: a geometry, WGS 84 longitude and latitude.

    Returns:
        ``place.outside_town`` when it lies outside the outline of the city as a whole, ``place.in_water`` when all of
        it lies in one of the waters that are drawn; empty where neither is known.
    """
    town = area_rows.boundary(con)
    if town is not None and not town.intersects(place):
        return "place.outside_town"
    waters = area_rows.find(con, AreaKind.WATER)
    return "place.in_water" if any(each.geometry.contains(place) for each in waters) else ""


def settle(con: Connection, space: Space, before: Space | None = None) -> None:
    """Place and measure one space, which is new, or was ``before``.

    Raises:
        Invalid: the geometry is no place.
    """
    if before is not None and before.plot_area_m2 != space.plot_area_m2:
        space.plot_area_measured = False  # somebody gave it, or took it away
    if before is not None and before.geometry is space.geometry:
        measure([space])
        return
    settle_many([space], Locator(area_rows.districts(con) if space.geometry is not None else ()))


def settle_many(batch: Sequence[Space], locator: Locator) -> None:
    """Clean the geometries, measure the plots that have no area, find the districts; areas become floats.

    Raises:
        Invalid: a geometry is no place.
    """
    placed = [space for space in batch if space.geometry is not None]
    for space in batch:
        for name in _NUMBERS:
            if isinstance(value := getattr(space, name), int):
                setattr(space, name, float(value))  # as the store gives it back
        if space.geometry is None:
            space.district_ref = None
    if len(placed) < len(batch):
        measure([space for space in batch if space.geometry is None])
    if not placed:
        return
    places, notes = geometry.clean(np.array([space.geometry for space in placed], object))
    lon, lat = geometry.anchors(places)
    on_earth = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not on_earth.all():
        i = int(np.flatnonzero(~on_earth)[0])
        if places[i] is None:
            said = notes[i] or "geometry.no_place"
            raise Invalid("geometry.no_place", [Issue.of("geometry", placed[i].geometry.geom_type, said)])
        issue = Issue.of("geometry", f"{lon[i]}, {lat[i]}", "geometry.not_on_earth")
        raise Invalid("geometry.not_on_earth", [issue])
    found = locator.indexes(lon, lat)
    for space, place, at in zip(placed, places, found.tolist(), strict=True):
        space.geometry = place
        space.placed_by = space.placed_by or PlacedBy.FILE.value
        space.district_ref = locator.areas[at].ref if at >= 0 else None
    measure(placed)


def measure(batch: Sequence[Space]) -> None:
    """The plot's area from its outline, unless somebody gave one; marked as measured."""
    asked = [space for space in batch if space.plot_area_m2 is None or space.plot_area_measured]
    outlined = [space for space in asked if space.geometry is not None]
    areas = geometry.area_m2(np.array([space.geometry for space in outlined], object)).tolist() if outlined else []
    measured = dict(zip(map(id, outlined), areas, strict=True))
    for space in asked:
        space.plot_area_m2 = round(measured.get(id(space), 0.0), 1) or None
        space.plot_area_measured = space.plot_area_m2 is not None
