"""Which spaces are too far off for a question: whole blocks by their bounds, others by a box, the rest measured."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tempuse.matching.pairs import Pairs
from tempuse.matching.quick_test import Flags, Test, want
from tempuse.matching.wants import Wants
from tempuse.offers import BLOCK

# Metres of one degree on the sphere of ``geometry.distance_m``.
_DEGREE_M = 12_742_000 * math.pi / 360
# A place that may lie farther off than this from where it is shown is measured, wherever it is.
_SPREAD_M = 1000.0


def place_fails(asked: Wants, pick: int, key: str) -> Test:
    """Which spaces are too far off, and in no district that is named."""
    within, names_district = want(asked, pick, "within"), bool((asked.districts[pick] > 0).any())
    if within <= 0:
        return lambda pairs: np.asarray(pairs.district() == 0)

    def test(pairs: Pairs) -> Flags:
        far = np.ones(len(pairs), bool)
        close = within_box(pairs, within)
        far[close] = pairs.narrow(close).metres()[0] > within
        return np.asarray(far & (pairs.district() == 0)) if names_district else far

    return test


def within_box(pairs: Pairs, metres: int) -> NDArray[np.int64]:
    """The places of those among some spaces that may lie so near to the place of their one question."""
    here = float(pairs.wants.lon[pairs.picks]), float(pairs.wants.lat[pairs.picks])
    box = _box_around(here[1], metres)
    near = _in_near_blocks(pairs, here, box)
    if not len(near) or box is None:
        return near
    some = pairs.narrow(near)
    apart = np.abs(some.offer("lon") - here[0])
    outside = (np.abs(some.offer("lat") - here[1]) > box[1]) | ((apart > box[0]) & (apart < 360 - box[0]))
    return np.asarray(near[~(outside & (some.offer("spread") <= _SPREAD_M))])


def _box_around(lat: float, metres: int) -> tuple[float, float] | None:
    """Half the width and half the height, in degrees, of a box that holds the circle and all that may lie in it;
    None where it meets a pole.
    """
    high = (metres + _SPREAD_M + 1) / _DEGREE_M
    if abs(lat) + high >= 90:
        return None
    return math.degrees(math.asin(min(math.sin(math.radians(high)) / math.cos(math.radians(lat)), 1.0))), high


def _in_near_blocks(pairs: Pairs, here: tuple[float, float], box: tuple[float, float] | None) -> NDArray[np.int64]:
    """The places of those spaces whose block, by its bounds, does not lie outside the box as a whole."""
    every, rows = np.arange(len(pairs)), pairs.rows
    if box is None or isinstance(rows, int) or here[0] - box[0] < -180 or here[0] + box[0] > 180:
        return every
    west, south, east, north, spread = pairs.offers.bounds.T
    beside = (west > here[0] + box[0]) | (east < here[0] - box[0])
    far = ((south > here[1] + box[1]) | (north < here[1] - box[1]) | beside) & (spread <= _SPREAD_M)
    if isinstance(rows, np.ndarray):
        return np.flatnonzero(~far[rows // BLOCK])
    blocks = range(rows.start // BLOCK, -(-rows.stop // BLOCK))
    return every[:0] if all(far[each] for each in blocks) else every
