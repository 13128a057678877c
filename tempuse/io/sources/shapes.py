"""Fiona's geometries as shapely's: many at once, because one by one costs more than reading them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import shapely

from tempuse.geometry import Geometries


def from_records(found: list[Any]) -> tuple[Geometries, set[int]]:
    """Geometries of a batch, None where there is none; and the positions of those that cannot be read."""
    places: Geometries = np.full(len(found), None, object)
    points = [i for i, each in enumerate(found) if each is not None and each.type == "Point"]
    flat = [i for i, each in enumerate(found) if each is not None and each.type == "Polygon"]
    rest = [i for i, each in enumerate(found) if each is not None and each.type not in ("Point", "Polygon")]
    if points and not _at_once(_points, found, places, points):
        rest += points
    if flat and not _at_once(_polygons, found, places, flat):
        rest += flat
    return places, {i for i in rest if not _one(found, places, i)}


def _at_once(make: Any, found: list[Any], places: Geometries, these: list[int]) -> bool:
    """Whether all of these could be made in one go."""
    try:
        places[these] = make([found[i].coordinates for i in these])
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        return False
    return True


def _points(coordinates: list[Any]) -> Any:
    return shapely.points(np.array([each[:2] for each in coordinates], float))


def _polygons(coordinates: list[Any]) -> Any:
    rings = [ring for polygon in coordinates for ring in polygon]
    corners = np.array([xy[:2] for xy in chain.from_iterable(rings)], float)
    lengths = [len(ring) for ring in rings]
    lines = shapely.linearrings(corners, indices=np.repeat(np.arange(len(rings)), lengths))
    made = np.empty(len(coordinates), object)
    shapely.polygons(
        lines, indices=np.repeat(np.arange(len(coordinates)), [len(each) for each in coordinates]), out=made
    )
    return made


def _one(found: list[Any], places: Geometries, i: int) -> bool:
    try:
        places[i] = shapely.geometry.shape(found[i].__geo_interface__)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
        return False
    return True
