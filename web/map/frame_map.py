"""A frame as a Folium map for a notebook: our colours, and nothing from another host unless tiles are asked for."""

from __future__ import annotations

import base64
import re
from functools import cache
from typing import Any

import folium

from tempuse.errors import Unusable
from web.site import assets

# What stands in the box beside a mark, as far as the frame has it.
_SHOWN = ("ref", "name", "title", "address", "kind", "status", "outlook", "starts_on", "ends_on", "spaces")


def draw(frame: Any, tiles: str = "", attribution: str = "") -> folium.Map:
    """A map of the rows of a frame that have a place.

    Args:
        frame: a GeoDataFrame; a column ``outlook`` gives each row its colour.
        tiles: the address of a tile server, asked by whoever looks at the map; without one nobody is.
        attribution: whose tiles those are.

    Raises:
        Unusable: tempuse's front-end libraries are missing.
    """
    drawn = folium.Map(tiles=None, max_zoom=19)
    drawn.default_js = [("leaflet", _embedded("leaflet.js", "text/javascript"))]
    drawn.default_css = [("leaflet_css", _embedded("leaflet.css", "text/css"))]
    if tiles:
        folium.TileLayer(tiles, attr=attribution or " ").add_to(drawn)
    placed = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index()
    if not len(placed):
        return drawn
    shown = [name for name in _SHOWN if name in placed.columns]
    rows = placed[[*shown, placed.geometry.name]].astype(dict.fromkeys(shown, str))
    layer = folium.GeoJson(
        rows.to_json(), style_function=_style, marker=folium.CircleMarker(radius=6),
        tooltip=folium.GeoJsonTooltip(shown) if shown else None,
    )  # fmt: skip
    layer.add_to(drawn)
    drawn.fit_bounds(layer.get_bounds(), max_zoom=17)  # type: ignore[arg-type]  # there is something in it
    return drawn


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    outlook = feature["properties"].get("outlook", "")
    colour = colours().get(outlook, colours()["shut"])
    return {"color": colour, "fillColor": colour, "weight": 2, "fillOpacity": 0.6 if outlook else 0.1}


@cache
def colours() -> dict[str, str]:
    """The colours of what is free, used and shut, as the pages have them by day."""
    css = (assets.FOLDER / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, value in re.findall(r"--(free|used|shut):\s*(#[0-9a-f]{6});", css):
        found.setdefault(name, value)
    return found


@cache
def _embedded(name: str, kind: str) -> str:
    """A file of Leaflet as an address that holds it."""
    if not assets.are_built():
        raise Unusable("doctor.front_end")
    content = (assets.VENDOR / "leaflet" / name).read_bytes()
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
