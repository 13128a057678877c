"""Where places must lie: a country, a box, a municipality's own boundary; and the systems in use there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
import shapely

from tempuse import geometry, resources
from tempuse.errors import Invalid
from tempuse.folding import fold_name
from tempuse.geometry import Floats
from tempuse.io.values.decimals import of_country

_LONGEST = 200  # letters of a box


@dataclass(frozen=True, slots=True)
class Extent:
    """Where places must lie, in which countries, and which systems are in use there."""

    shape: Any
    crs: tuple[str, ...] = ()
    name: str = ""
    countries: tuple[str, ...] = ()

    @property
    def decimal(self) -> str:
        """The sign that people write before decimals there, empty where they do not agree."""
        signs = {of_country(each) for each in self.countries}
        return signs.pop() if len(signs) == 1 else ""

    def holds(self, lon: Floats, lat: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which places lie inside."""
        fine = np.isfinite(lon) & np.isfinite(lat)
        inside = np.zeros(len(lon), bool)
        if fine.any():
            inside[fine] = shapely.contains_xy(self.shape, lon[fine], lat[fine])
        return inside


@lru_cache(maxsize=1)
def countries() -> dict[str, Extent]:
    """The countries we know, by their two letters, with about 5 km around them."""
    content = orjson.loads(resources.path("extents/countries.geojson").read_bytes())
    found = {}
    for feature in content["features"]:
        about = feature["properties"]
        shape = shapely.from_geojson(orjson.dumps(feature["geometry"]))
        shapely.prepare(shape)
        code = about["country"]
        found[code] = Extent(shape, tuple(about["crs"].split("|")), about["name"], (code,))
    return found


def extent_of(text: str) -> Extent:
    """An extent from a country's two letters or a box ``west,south,east,north`` in degrees.

    Raises:
        Invalid: it is neither.
    """
    if (known := countries().get(text.strip().upper())) is not None:
        return known
    parts = re.findall(r"-?\d+(?:\.\d+)?", text) if len(text) <= _LONGEST else []
    if len(parts) != 4:
        raise Invalid("extent.unknown", extent=text[:_LONGEST])
    west, south, east, north = (float(part) for part in parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid("extent.unknown", extent=text)
    return extent_around(shapely.box(west, south, east, north), text)


def extent_around(shape: Any, name: str) -> Extent:
    """An extent from an outline in EPSG:4326, a kilometre or so around it, with its countries' systems."""
    wide = shapely.buffer(shape, 0.01)
    shapely.prepare(wide)
    there = {code: each for code, each in countries().items() if shapely.intersects(each.shape, wide)}
    systems = dict.fromkeys(crs for each in there.values() for crs in each.crs)
    return Extent(wide, tuple(systems), name, tuple(there))


def crs_in_name(column: str) -> str | None:
    """The CRS that a column's name gives away: ``X_L93``, ``Easting (OSGB36)``, ``lon``."""
    words = fold_name(column).split()
    for length in (2, 1):
        for start in range(len(words) - length + 1):
            if known := geometry.CRS_NAMES.get(" ".join(words[start : start + length])):
                return known
    return None
