"""The map: ``folium.Map`` with our own elements, its part and its script rendered into our page.

Folium's own page brings inline code without a nonce, no language and no title, and turns zooming off; so
only its map element and its script are taken, and the head is ours (architecture, decision 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import folium
import numpy as np
from branca.element import Figure, MacroElement
from folium.template import Template
from markupsafe import Markup

from tempuse.mapindex import MapIndex
from web import database, query


@dataclass(frozen=True, slots=True)
class RenderedMap:
    """A map for a page: its element and the script that fills it."""

    html: Markup
    script: Markup


class Register(MacroElement):
    """Our layers on a Folium map: background from the register's areas, marks from the map index."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        tempuse.attach({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
    """)

    def __init__(self, mode: str, **options: Any) -> None:
        super().__init__()
        self._name = "Register"
        self.options = {"mode": mode, **options}


def start(index: MapIndex) -> tuple[float, float, int]:
    """Where a map begins: lon, lat and zoom of the middle of what is published."""
    placed = np.isfinite(index.lon)
    if not placed.any():
        return 10.0, 50.0, 4
    lon, lat = index.lon[placed], index.lat[placed]
    west, east = np.quantile(lon, (0.01, 0.99))
    south, north = np.quantile(lat, (0.01, 0.99))
    span = max(float(east - west), float(north - south) * 1.6, 0.005)
    return float(west + east) / 2, float(south + north) / 2, int(np.clip(np.log2(360 * 3 / span), 2, 17))


def build_home(question: query.Question, index: MapIndex) -> RenderedMap:
    """The map of the home page, where the address says it looks."""
    lon, lat, zoom = start(index)
    if question.centre is not None:
        (lon, lat), zoom = question.centre, question.zoom
    return build("home", lon, lat, zoom, chosen=question.chosen)


def build(mode: str, lon: float, lat: float, zoom: int, **options: Any) -> RenderedMap:
    """A map that looks at a place; ``mode`` tells the script which of its parts to use."""
    settings = database.settings()
    drawn = folium.Map(
        location=(lat, lon), zoom_start=zoom, tiles=None, zoom_control=False, attribution_control=False,
        maxZoom=19, minZoom=2, prefer_canvas=True,
    )  # fmt: skip
    if settings.tile_url:
        folium.TileLayer(settings.tile_url, attr=settings.tile_attribution or " ", name="tiles").add_to(drawn)
    drawn.add_child(Register(mode, **options))
    figure = Figure()
    figure.add_child(drawn)
    figure.render()
    # Both parts come from Folium's templates, whose values are ours or escaped by tojson.
    return RenderedMap(Markup(figure.html.render()), Markup(figure.script.render()))
