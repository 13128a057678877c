"""Where places must lie: a country, a box, a municipality's own boundary; and the systems in use there."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely

from tempuse import geometry, resources
from tempuse.errors import Invalid
from tempuse.folding import fold_name
from tempuse.geometry import Box, Floats
from tempuse.io.values.decimals import of_country

_LONGEST = 200  # letters of a box
_AROUND = 0.05  # degrees that the outlines of countries have around them


class System(NamedTuple):
    """A coordinate reference system in use in a country.

    Attributes:
        crs: its code.
        area: where it is used there, in degrees: a zone, not the whole country.
        numbers: which coordinates it has there.
    """

    crs: str
    area: Box
    numbers: Box


@dataclass(frozen=True, slots=True)
class Extent:
    """Where places must lie, in which countries, and which systems are in use there."""

    shape: Any
    systems: tuple[System, ...] = ()
    name: str = ""
    countries: tuple[str, ...] = ()

    @property
    def crs(self) -> tuple[str, ...]:
        """The systems by their codes, those of the whole country first."""
        return tuple(dict.fromkeys(each.crs for each in self.systems))

    @property
    def land(self) -> Any:
        """The extent without what lies around a country: a place on its land is likelier than one at sea."""
        return _land(self.countries[0]) if self.shape is countries()[self.countries[0]].shape else self.shape

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
    used: dict[str, list[System]] = {}
    text = resources.path("extents/systems.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        area = Box(*(float(row[name]) for name in ("west", "south", "east", "north")))
        numbers = Box(*(float(row[name]) for name in ("x_least", "y_least", "x_most", "y_most")))
        used.setdefault(row["country"], []).append(System(row["crs"], area, numbers))
    found = {}
    for feature in content["features"]:
        about = feature["properties"]
        shape = shapely.from_geojson(orjson.dumps(feature["geometry"]))
        shapely.prepare(shape)
        code = about["country"]
        found[code] = Extent(shape, tuple(used[code]), about["name"], (code,))
    return found


@lru_cache(maxsize=64)
def _land(country: str) -> Any:
    land = shapely.buffer(countries()[country].shape, -_AROUND)
    shapely.prepare(land)
    return land


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
    west, south, east, north = shapely.bounds(wide)
    systems = tuple(
        system for each in there.values() for system in each.systems
        if system.area.west <= east and system.area.east >= west
        and system.area.south <= north and system.area.north >= south
    )  # fmt: skip
    return Extent(wide, systems, name, tuple(there))


def crs_in_name(column: str) -> str | None:
    """The CRS that a column's name gives away: ``X_L93``, ``Easting (OSGB36)``, ``lon``."""
    words = fold_name(column).split()
    for length in (2, 1):
        for start in range(len(words) - length + 1):
            if known := geometry.CRS_NAMES.get(" ".join(words[start : start + length])):
                return known
    return None
