"""Map tiles from elsewhere: those of the settings for everybody, or one of the known services for the office alone."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, has_request_context, request

from tempuse.settings import Settings
from web.site import arguments


class Tiles(NamedTuple):
    """A service of tiles.

    Attributes:
        name: what people call it.
        url: where a tile lies.
        source: what it wants to be named as.
    """

    name: str
    url: str
    source: str


_PICTURE = "{z}/{y}/{x}.png"
KNOWN = {
    "openstreetmap": Tiles(
        "OpenStreetMap", "https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors"
    ),
    "basemap_at": Tiles(
        "basemap.at (Österreich)", f"https://mapsneu.wien.gv.at/basemap/geolandbasemap/normal/google3857/{_PICTURE}",
        "basemap.at",
    ),
    "basemap_de": Tiles(
        "basemap.de (Deutschland)",
        "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_farbe/default/"
        f"GLOBAL_WEBMERCATOR/{_PICTURE}",
        "© basemap.de / BKG",
    ),
    "brt": Tiles(
        "BRT (Nederland)",
        "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png", "Kadaster",
    ),
    "cartoweb": Tiles(
        "CartoWeb (België, Belgique)", f"https://cartoweb.wmts.ngi.be/1.0.0/topo/default/3857/{_PICTURE}", "© NGI-IGN"
    ),
    "plan_ign": Tiles(
        "Plan IGN (France)",
        "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
        "&STYLE=normal&TILEMATRIXSET=PM&FORMAT=image/png&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "IGN-F/Géoportail",
    ),
}  # fmt: skip


def shown(settings: Settings) -> Tiles | None:
    """The tiles on this page; None where nobody else is asked."""
    if has_request_context() and "office" in g:
        key = arguments.text(request.args, "try", 40) or settings.office_tiles
        if key in KNOWN:
            return KNOWN[key]
    return Tiles("", settings.tile_url, settings.tile_attribution) if settings.tile_url else None
