"""Which spaces a report may be about: the one it names, those near its pin, those of a similar name or address."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from tempuse import geometry
from tempuse.folding import fold
from tempuse.geometry import Box
from tempuse.reports import Report
from tempuse.spaces import Space
from tempuse.store import space_lists
from tempuse.store.engine import Connection

NEAR_M = 300.0
ALIKE = 80.0
_CANDIDATES = 200


class ReportMatch(NamedTuple):
    """A space that a report may be about.

    Attributes:
        space: the space.
        distance_m: from the pin to its place; None where one of them is not known.
        is_alike: its name or address is much like what the report says.
        is_named: the report names it.
    """

    space: Space
    distance_m: float | None
    is_alike: bool
    is_named: bool


def likely_spaces(con: Connection, report: Report, limit: int = 6) -> list[ReportMatch]:
    """The likeliest first: the one that is named, then those alike, then by distance."""
    found: dict[str, Space] = {}
    if report.space_ref:
        found.update((space.ref, space) for space in space_lists.find_some(con, report.space_ref, 1))
    if report.geometry is not None:
        found.update((space.ref, space) for space in space_lists.near(con, _box(report.geometry), _CANDIDATES))
    if report.address:
        street = report.address.split(",")[0].strip()
        found.update((space.ref, space) for space in space_lists.find_some(con, street, 20) if len(street) > 3)
    weighed = [_weigh(space, report) for space in found.values()]
    likely = [
        each
        for each in weighed
        if each.is_named or each.is_alike or (each.distance_m is not None and each.distance_m <= NEAR_M)
    ]
    likely.sort(key=lambda each: (not each.is_named, not each.is_alike, each.distance_m or 0.0))
    return likely[:limit]


def _box(pin: object) -> Box:
    lon, lat = pin.x, pin.y  # type: ignore[attr-defined]
    north = NEAR_M / 111_320
    east = north / max(math.cos(math.radians(lat)), 0.01)
    return Box(lon - east, lat - north, lon + east, lat + north)


def _is_alike(said: str, text: str) -> bool:
    """Much the same words, and no two house numbers that differ."""
    here, there = set(re.findall(r"\d+", said)), set(re.findall(r"\d+", text))
    return fuzz.token_set_ratio(said, text) >= ALIKE and not (here and there and here.isdisjoint(there))


def _weigh(space: Space, report: Report) -> ReportMatch:
    distance = None
    if report.geometry is not None and space.geometry is not None:
        lon, lat = geometry.anchors(np.array([space.geometry], object))
        distance = float(geometry.distance_m(lon, lat, (report.geometry.x, report.geometry.y))[0])
    said = fold(report.address or "")
    texts = [fold(text) for text in (space.address, space.name) if text]
    alike = bool(said) and any(_is_alike(said, text) for text in texts)
    return ReportMatch(space, distance, alike, space.ref == report.space_ref)
