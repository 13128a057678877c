"""Two hundred invented towns of Europe, with districts: the ground of a large demo register."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tempuse.areas import Area
from tempuse.geometry import morton_keys
from tempuse.vocabulary import AreaKind

PLACES = 200
SOURCE = "Invented for this demonstration"

# Rough outlines well within the coasts, lon lat: where a town may stand without getting wet feet.
_LAND = (
    ((-8.3, 42.8), (-8.4, 37.4), (-5.9, 37.0), (-2.3, 37.3), (-0.7, 39.0), (0.2, 41.0), (2.7, 42.1), (-1.5, 42.9)),
    ((-1.1, 43.7), (3.0, 43.4), (6.4, 43.8), (7.0, 46.0), (8.0, 48.9), (6.0, 49.5), (2.3, 50.6), (0.4, 49.3),
     (-1.2, 48.6), (-3.6, 48.2), (-1.0, 46.6)),
    ((6.3, 49.6), (4.6, 51.2), (6.3, 52.9), (8.7, 53.4), (9.2, 54.4), (10.8, 53.7), (14.0, 53.5), (18.0, 54.2),
     (23.4, 53.9), (23.7, 50.6), (22.0, 48.6), (17.0, 47.0), (10.0, 47.2), (7.7, 47.7)),
    ((7.3, 44.7), (8.6, 45.7), (12.4, 46.1), (12.1, 44.9), (11.9, 44.2), (13.0, 43.2), (14.1, 42.1), (15.6, 41.2),
     (16.2, 40.4), (15.7, 40.6), (13.8, 41.6), (12.3, 42.3), (10.9, 43.4)),
    ((-3.0, 51.6), (0.8, 51.3), (0.8, 52.7), (-0.3, 53.4), (-1.6, 54.9), (-2.6, 55.8), (-3.9, 55.6), (-2.8, 54.6),
     (-2.6, 53.5), (-2.9, 52.2)),
    ((-8.8, 52.4), (-6.8, 52.5), (-6.6, 54.1), (-8.1, 54.0)),
    ((13.4, 55.8), (15.8, 56.8), (16.2, 58.5), (17.6, 59.7), (16.7, 61.3), (14.0, 61.0), (12.7, 58.6), (13.0, 56.6)),
    ((22.9, 60.8), (27.4, 60.9), (29.3, 62.2), (26.5, 64.8), (24.3, 63.8), (22.3, 62.5)),
    ((21.7, 56.1), (22.2, 57.1), (24.7, 57.5), (24.7, 59.0), (27.1, 59.0), (27.0, 56.3), (25.4, 54.4), (23.1, 54.7)),
    ((16.6, 46.7), (22.0, 47.9), (26.4, 47.7), (27.9, 45.6), (27.8, 43.6), (27.1, 42.4), (26.0, 41.4), (23.2, 41.3),
     (22.0, 39.7), (21.3, 39.6), (20.4, 41.4), (19.0, 42.9), (16.8, 44.3), (16.1, 45.5)),
)  # fmt: skip
_HEADS = (
    "Ald", "Bran", "Cald", "Dorn", "Elm", "Far", "Grim", "Hal", "Ing", "Jar", "Kel", "Lind", "Mar", "Nor", "Orm",
    "Pell", "Quar", "Rav", "Sel", "Thorn", "Ulm", "Vel", "Wes", "Ystra", "Zol", "Bel", "Cor", "Dun", "Est", "Fjel",
)  # fmt: skip
_TAILS = ("bruck", "dorf", "ford", "gard", "haven", "holm", "kerke", "lund", "mond", "nova", "polje", "stad", "ville",
          "vik", "wald", "borg")  # fmt: skip
_QUARTERS = ("East", "North-East", "North", "West", "South-West", "South", "South-East")


@dataclass(frozen=True, slots=True)
class Place:
    """An invented town; ``spread_deg`` is how far north its spaces scatter, ``share`` its part of them all."""

    name: str
    lon: float
    lat: float
    spread_deg: float
    share: float


def invent(rng: np.random.Generator, total: int) -> list[Place]:
    """The towns, in Z-order: a few large, many small, the larger ones wider."""
    land = shapely.union_all([shapely.Polygon(ring) for ring in _LAND])
    lon, lat = _scatter(rng, land)
    shares = 1 / np.arange(3, PLACES + 3) ** 0.8
    shares = rng.permutation(shares / shares.sum())
    heads, tails = rng.permutation(np.array(_HEADS)), rng.permutation(np.array(_TAILS))
    names = [f"{heads[i % len(heads)]}{tails[(i + i // len(heads)) % len(tails)]}" for i in range(PLACES)]
    spread = 0.006 + 0.02 * np.sqrt(shares * min(total, 1_000_000) / 10_000)
    order = np.argsort(morton_keys(lon, lat))
    return [Place(names[i], float(lon[i]), float(lat[i]), float(spread[i]), float(shares[i])) for i in order]


def _scatter(rng: np.random.Generator, land: Any) -> tuple[Any, Any]:
    """Points on land, none nearer than 0.5 degrees to another."""
    west, south, east, north = land.bounds
    found: list[tuple[float, float]] = []
    while len(found) < PLACES:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if land.contains(shapely.Point(x, y)) and all(math.hypot(x - a, y - b) > 0.5 for a, b in found):
            found.append((x, y))
    return np.array([x for x, _ in found]), np.array([y for _, y in found])


def districts_of(place: Place) -> Iterator[Area]:
    """A round centre and seven quarters around it, out to three spreads."""
    core, edge = place.spread_deg * 0.8, place.spread_deg * 3
    step = 2 * math.pi / len(_QUARTERS)
    yield _area(AreaKind.DISTRICT, f"{place.name} Centre", _arc(place, core, 0, 2 * math.pi))
    for i, quarter in enumerate(_QUARTERS):
        ring = _arc(place, edge, i * step, (i + 1) * step) + _arc(place, core, (i + 1) * step, i * step)
        yield _area(AreaKind.DISTRICT, f"{place.name} {quarter}", ring)


def town_of(place: Place) -> Area:
    """The town's boundary."""
    return _area(AreaKind.MUNICIPALITY, place.name, _arc(place, place.spread_deg * 3, 0, 2 * math.pi))


def _arc(place: Place, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    """Points on a circle on the ground around the town, a corner every 9 degrees or so."""
    squeeze = math.cos(math.radians(place.lat))
    angles = np.linspace(start, end, round(abs(end - start) / math.tau * 42) + 1)
    return [(place.lon + radius * math.cos(angle) / squeeze, place.lat + radius * math.sin(angle)) for angle in angles]


def _area(kind: AreaKind, name: str, ring: list[tuple[float, float]]) -> Area:
    outline = shapely.transform(shapely.Polygon(ring), lambda xy: np.round(xy, 6))
    return Area(kind=kind.value, code=name, name=name, geometry=shapely.make_valid(outline), source=SOURCE)
