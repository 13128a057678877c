"""The office's maps: one to look at, one to draw on, one to place many spaces one after another."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely
from flask import url_for
from flask_babel import gettext

from tempuse.geometry import mercator
from tempuse.io.places.extents import Extent, extent_around, extent_of
from tempuse.reports import Report
from tempuse.spaces import Space
from tempuse.store import areas as area_rows
from tempuse.store.engine import Connection
from web import database
from web.map import folium_map, ground, services
from web.office import names

_CLOSE = 17
_MARGIN = 0.0015  # degrees around a lone point, about 150 m


def extent(con: Connection) -> Extent | None:
    """Where spaces must lie: the municipality's boundary, else its districts, else the country of the settings."""
    settings = database.settings()
    if (boundary := area_rows.boundary(con)) is not None:
        return extent_around(boundary, settings.municipality or gettext("the municipality"))
    return extent_of(settings.country) if settings.country else None


def has_ground(con: Connection) -> bool:
    """Whether a map of the office shows something to find a place by: areas, streets, or tiles."""
    settings = database.settings()
    return bool(settings.ground) or services.shown(settings) is not None or area_rows.boundary(con) is not None


def _around(geometry: Any) -> list[float]:
    west, south, east, north = shapely.buffer(geometry, _MARGIN).bounds
    return [west, south, east, north]


def _start(con: Connection, geometry: Any) -> tuple[float, float, list[float] | None]:
    """The middle of a map and the box it shows: the place, else the municipality, else its ground, else anywhere."""
    if geometry is not None and not geometry.is_empty:
        middle = geometry.centroid
        return middle.x, middle.y, _around(geometry)
    if (here := extent(con)) is not None:
        west, south, east, north = here.shape.bounds
        return (west + east) / 2, (south + north) / 2, [west, south, east, north]
    if (found := ground.about()) is not None:
        west, south, east, north = found.box
        return (west + east) / 2, (south + north) / 2, [west, south, east, north]
    return 10.0, 50.0, None


def of_space(space: Space) -> folium_map.RenderedMap | None:
    """A small map of where a space lies, None when nobody knows."""
    if space.geometry is None:
        return None
    lon, lat, box = _start(database.connection(), space.geometry)
    point = shapely.point_on_surface(space.geometry)
    x, y = _fraction(point.x, point.y)
    shown = {
        "ref": space.ref, "kind": space.kind, "outlook": names.outlook(space), "level": "exact", "x": x, "y": y,
        "name": names.space(space), "state": names.state(space),
    }  # fmt: skip
    shape = None if space.geometry.geom_type == "Point" else geojson(space.geometry)
    return folium_map.build("space", lon, lat, _CLOSE, space=shown, shape=shape, fit=box)


def _fraction(lon: float, lat: float) -> tuple[float, float]:
    x, y = mercator(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def geojson(geometry: Any) -> Any:
    """A geometry as the map's script takes it."""
    return orjson.loads(shapely.to_geojson(geometry)) if geometry is not None else None


def to_draw(geometry: Any, input_id: str = "geometry") -> folium_map.RenderedMap:
    """A map to draw a place on; what is drawn is written into the input of this id."""
    lon, lat, box = _start(database.connection(), geometry)
    return folium_map.build(
        "edit", lon, lat, 13, fit=box, shape=geojson(geometry), input=input_id, said=_draw_words(),
        read=url_for("office.place_read"),
    )  # fmt: skip


def to_place() -> folium_map.RenderedMap:
    """A map on which one click places a space."""
    lon, lat, box = _start(database.connection(), None)
    return folium_map.build("place", lon, lat, 13, fit=box, said=_draw_words())


def _draw_words() -> dict[str, str]:
    return {
        "point": gettext("Put a point"),
        "outline": gettext("Draw an outline"),
        "change": gettext("Move or change it"),
        "delete": gettext("Take it off the map"),
        "done": gettext("Done"),
        "drawn": gettext("The place is in the field below. It counts when you save."),
        "removed": gettext("The place is taken off. It counts when you save."),
        "click": gettext("Click on the map to place it."),
        "drag": gettext("Drag the pin to its place."),
        "corners": gettext(
            "Drag a corner or the whole outline. A click on a small corner adds one; a right click takes one away."
        ),
        "finish": gettext("Click the first corner to finish."),
        "next": gettext("Click to add a corner."),
        "first": gettext("Click to put the first corner."),
        "unreadable": gettext("We cannot read this as a place."),
        "map": gettext("Map to work on. Arrow keys move it."),
    }


def of_report(report: Report) -> folium_map.RenderedMap | None:
    """A map with the pin that a visitor put, None when there is none."""
    if report.geometry is None:
        return None
    lon, lat, box = _start(database.connection(), report.geometry)
    return folium_map.build("pinned", lon, lat, _CLOSE, fit=box, pin=[lon, lat])
