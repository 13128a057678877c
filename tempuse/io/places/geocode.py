"""Asking an address service where an address lies; only when the city has named one in its settings."""

from __future__ import annotations

import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
import shapely
from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import BANFrance, Nominatim, Pelias, Photon

from tempuse import __version__
from tempuse.errors import Unusable
from tempuse.io.places.extents import Extent
from tempuse.settings import Settings

SECONDS = 5
PACE_SECONDS = 1.0  # Nominatim's usage policy: at most one question a second
MOST = 5


class Proposal(NamedTuple):
    """Where an address service sees an address, and the words it has for it."""

    lon: float
    lat: float
    label: str


def is_configured(settings: Settings) -> bool:
    """Whether the city has named an address service; without one nothing is ever asked."""
    return bool(settings.geocoder) and (settings.geocoder != "pelias" or bool(settings.geocoder_url))


def find_address(settings: Settings, address: str, extent: Extent | None = None) -> Proposal | None:
    """Where the service sees this address, None when it knows none within the extent.

    Args:
        settings: the service, its address and the country.
        address: street and number, town.
        extent: where the place must lie; None when nobody told.

    Raises:
        Unusable: no service is named, it does not answer within 5 seconds, or it refuses.
    """
    if not is_configured(settings):
        raise Unusable("geocoder.not_set")
    try:
        found = _ask(settings, address, extent) or []
    except (GeopyError, ValueError, KeyError, TypeError) as error:
        # An answer that is not what the service promises fails anywhere within geopy.
        raise Unusable("geocoder.no_answer", service=settings.geocoder, detail=str(error)[:200]) from error
    proposals = [Proposal(place.longitude, place.latitude, place.address) for place in found[:MOST]]
    if extent is None:
        return proposals[0] if proposals else None
    return next((each for each in proposals if extent.holds(np.array([each.lon]), np.array([each.lat]))[0]), None)


def _ask(settings: Settings, address: str, extent: Extent | None) -> list[Any] | None:
    common: dict[str, Any] = {
        "user_agent": f"tempuse/{__version__}",
        "timeout": SECONDS,
        "adapter_factory": URLLibAdapter,
    }
    if settings.geocoder_url:
        parts = urlsplit(settings.geocoder_url)
        common |= {"scheme": parts.scheme, "domain": (parts.netloc + parts.path).rstrip("/")}
    west, south, east, north = extent.shape.bounds if extent else (None,) * 4
    box = [(south, west), (north, east)] if extent else None
    match settings.geocoder:
        case "nominatim":
            country = settings.country.lower() or None
            found = Nominatim(**common).geocode(
                address, exactly_one=False, limit=MOST, viewbox=box, country_codes=country
            )
        case "photon":
            found = Photon(**common).geocode(address, exactly_one=False, limit=MOST, bbox=box)
        case "banfrance":
            found = BANFrance(**common).geocode(address, exactly_one=False, limit=MOST)
        case _:
            found = Pelias(**common).geocode(address, exactly_one=False, boundary_rect=box)
    return list(found) if found else None


class Asker:
    """Asks for many addresses, each once, at the pace that public services allow; ``join.Geocode``.

    After the first time that the service does not answer it is asked no more.
    """

    def __init__(self, settings: Settings, extent: Extent | None) -> None:
        self._settings, self._extent = settings, extent
        self._held: dict[str, tuple[Any, str] | None] = {}
        self._refused: Unusable | None = None
        self._asked_at = -PACE_SECONDS

    def __call__(self, address: str) -> tuple[Any, str] | None:
        """The point of an address and the service's words for it, None when it knows none.

        Raises:
            Unusable: the service does not answer, now or earlier.
        """
        if self._refused is not None:
            raise self._refused
        if address not in self._held:
            if not self._settings.geocoder_url:  # a service of the city's own keeps its own pace
                time.sleep(max(0.0, self._asked_at + PACE_SECONDS - time.monotonic()))
            self._asked_at = time.monotonic()
            try:
                found = find_address(self._settings, address, self._extent)
            except Unusable as error:
                self._refused = error
                raise
            self._held[address] = (shapely.Point(found.lon, found.lat), found.label) if found else None
        return self._held[address]
