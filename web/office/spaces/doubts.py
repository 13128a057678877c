"""What is asked about a place before it is kept: outside the town, in water, set from far away."""

from __future__ import annotations

import math
from typing import Any

import shapely
from flask_babel import gettext

from tempuse.errors import Invalid
from tempuse.io.places import typed
from tempuse.registry.placing import doubt
from tempuse.store.engine import Connection
from web import database, words
from web.map.folium_map import MAX_ZOOM
from web.office import maps
from web.site import arguments

# Metres that one pixel of the map is wide: where it is wider, a click says no more than which street.
_AFAR = 2.0
_AROUND = 40_075_017  # metres around the equator, which 256 pixels show at zoom 0


def read(con: Connection, text: str) -> Any:
    """The place that a text says, far outside the town, too: that is asked about.

    Args:
        con: a connection to the register.
        text: what somebody wrote or a map's click says.

    Returns:
        A geometry, WGS 84 longitude and latitude.

    Raises:
        Invalid: the text is no place.
    """
    crs = database.settings().national_crs
    try:
        return typed.parse_place(text, crs, maps.extent(con)).geometry
    except Invalid as error:
        if [each.message for each in error.issues] != ["where.outside"]:
            raise
        return typed.parse_place(text, crs).geometry


def said(con: Connection, place: Any, zoom: str | None = None) -> str:
    """What is odd about a place that somebody sets, and that it is kept if they say so once more; else empty.

    Args:
        con: a connection to the register.
        place: a geometry, WGS 84 longitude and latitude.
        zoom: of the map where it was clicked, as sent; None or empty where it was not.
    """
    message = doubt(con, place)
    width = _width(place, zoom) if zoom else 0.0
    if not message and width <= _AFAR:
        return ""
    town = database.settings().municipality or gettext("the town")
    sentence = words.sentence(message or "place.from_afar", {"town": town, "m": round(width)})
    return f"{sentence} {gettext('Is it there? Then say so once more.')}"


def _width(place: Any, zoom: str) -> float:
    level = arguments.whole(arguments.Args({"zoom": zoom}), "zoom", 0, MAX_ZOOM, MAX_ZOOM)
    latitude = math.radians(shapely.get_coordinates(place)[0][1])
    return _AROUND * math.cos(latitude) / (256 * 2.0**level)
