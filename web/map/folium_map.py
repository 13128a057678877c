"""The map: ``folium.Map`` with our own elements, its part and its script rendered into our page.

Folium's own page brings inline code without a nonce, no language and no title, and turns zooming off; so
only its map element and its script are taken, and the head is ours (architecture, decision 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import folium
import numpy as np
from branca.element import Figure, MacroElement
from flask import url_for
from flask_babel import gettext
from folium.template import Template
from markupsafe import Markup, escape

from tempuse.geometry import Box
from tempuse.mapindex import Filter, MapIndex
from tempuse.mapindex.outlines import outlines
from web import database, words
from web.map import ground, index, services

MIN_ZOOM, MAX_ZOOM = 2, 19
# A register with fewer spaces than this begins with all of them in view.
FEW = 1000


@dataclass(frozen=True, slots=True)
class RenderedMap:
    """A map for a page: its element and the script that fills it."""

    html: Markup
    script: Markup


@dataclass(frozen=True, slots=True)
class Start:
    """Where a map begins: the middle, a zoom that is about right, the box that holds nearly all (if any)."""

    centre: tuple[float, float]
    zoom: int
    box: Box | None


class RegisterLayers(MacroElement):
    """Our layers on a Folium map: background from the register's areas, marks from the map index."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        tempuse.attach({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
    """)

    def __init__(self, mode: str, **options: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "RegisterLayers"
        self.options = {"mode": mode, **options}


_starts: WeakKeyDictionary[MapIndex, Start] = WeakKeyDictionary()


def start(held: MapIndex) -> Start:
    """Where a map begins: the municipality, when most spaces lie in it; else where most spaces lie; else the ground.

    Where there is nothing of all that, it is the country of the settings.
    """
    if held not in _starts:
        _starts[held] = _start(held, index.background()[0].extent)
    found = _starts[held]
    if found.box is not None:
        return found
    if (own := ground.about()) is not None:
        return _start_of(own.box)
    country = outlines().box_of(database.settings().country)
    return _start_of(country) if country is not None else found


def _start(held: MapIndex, town: Box | None) -> Start:
    placed = np.isfinite(held.lon)
    number = int(np.count_nonzero(placed))
    if town is not None and 2 * len(held.view(town, Filter()).rows) >= number:
        return _start_of(town)
    if not number:
        return Start((10.0, 50.0), 4, None)
    ends = (0.0, 1.0) if number < FEW else (0.01, 0.99)
    west, east = (float(each) for each in np.quantile(held.lon[placed], ends))
    south, north = (float(each) for each in np.quantile(held.lat[placed], ends))
    return _start_of(Box(west, south, east, north))


def _start_of(box: Box) -> Start:
    span = max(box.east - box.west, (box.north - box.south) * 1.6, 0.005)
    zoom = int(np.clip(np.log2(360 * 3 / span), MIN_ZOOM, 17))
    return Start(((box.west + box.east) / 2, (box.south + box.north) / 2), zoom, box)


def build(mode: str, lon: float, lat: float, zoom: int, **options: Any) -> RenderedMap:
    """A map that looks at a place; ``mode`` tells the script which of its parts to use."""
    settings = database.settings()
    drawn = folium.Map(
        location=(lat, lon), zoom_start=zoom, tiles=None, zoom_control=False, attribution_control=False,
        maxZoom=MAX_ZOOM, minZoom=MIN_ZOOM,
    )  # fmt: skip
    tiles = services.shown(settings)
    if tiles is not None:
        # Some services answer only who says from which site the question comes; which page is nobody's business.
        folium.TileLayer(tiles.url, attr=tiles.source or " ", name="tiles", referrerPolicy="origin").add_to(drawn)
    shared = {
        "areas": url_for("public.map_areas"), "tiles": tiles is not None, "words": _words(),
        "ground": ground.options() if tiles is None else None, "source": attribution(),
    }  # fmt: skip
    drawn.add_child(RegisterLayers(mode, **{**shared, **options}))
    figure = Figure()
    figure.add_child(drawn)
    figure.render()
    # Both parts come from Folium's templates, whose values are ours or escaped by tojson.
    return RenderedMap(Markup(figure.html.render()), Markup(figure.script.render()))


def _words() -> dict[str, str]:
    """What the script says, in the reader's language; braces are filled by the script."""
    return {
        "map": gettext("Map"),
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "building": gettext("building"),
        "unit": gettext("unit"),
        "plot": gettext("plot"),
        "cluster": gettext("{count} spaces: {shares}. Show them."),
        "bunch": gettext("{numbers} of the list. Show them."),
        "free": gettext("{n} free"),
        "used": gettext("{n} in temporary use"),
        "shut": gettext("{n} not available"),
        "use": gettext("Temporary use"),
        "offline": gettext("The map does not answer just now. Try again in a minute."),
        "town": gettext("Show the whole town"),
        "near_me": gettext("Show where I am"),
        "me": gettext("You are here"),
        "nowhere": gettext("Your device does not tell where it is."),
        "wait": gettext("Counting spaces"),
        "locale": str(words.locale()).replace("_", "-"),
    }


def attribution() -> Markup:
    """Where the background comes from, linked where the makers ask for it: tiles or ground, and the city's layers."""
    settings = database.settings()
    tiles = services.shown(settings)
    others = settings.ground_source if tiles is None else tiles.source
    said = [_linked(others)] if others else []
    if tiles is None and settings.background_source:
        said.append(escape(settings.background_source))
    return Markup(" · ").join(said)


def attribution_owed() -> Markup:
    """The same for a small map: nothing where all of it is the city's own."""
    settings = database.settings()
    return attribution() if settings.tile_url or settings.ground else Markup("")


def _linked(others: str) -> Markup:
    said = escape(Markup(others).striptags())
    if "openstreetmap" in said.lower():
        return Markup('<a href="https://www.openstreetmap.org/copyright">{}</a>').format(said)
    return said
