"""In which order a list of spaces stands: one page of it, without putting a million rows in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tempuse.facts import UNKNOWN
from tempuse.geometry import distance_m, mercator

Rows = NDArray[np.int64]


class Ordered(Protocol):
    """What is read of the map index."""

    columns: dict[str, Any]
    today: date
    number: NDArray[np.int32]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    outlook: NDArray[np.uint8]


def page(held: Ordered, rows: Rows, order: str, here: tuple[float, float], count: int, offset: int = 0) -> Rows:
    """One page of the rows.

    Args:
        held: the map index.
        rows: in the index's own order.
        order: one of ORDERS.
        here: the lon and lat that is near.
        count: how many.
        offset: how many stand before the page.
    """
    if order == "near":
        return _nearest(held, rows, here, count, offset)
    if order == "free":
        return _free_first(held, rows, here, count, offset)
    return _by_rank(held, rows, RANKS[order](held, rows), count, offset)


def _free_first(held: Ordered, rows: Rows, here: tuple[float, float], count: int, offset: int) -> Rows:
    """Those that are free now or soon, then those in use, then the rest; each the nearest first."""
    outlook, found = held.outlook[rows], []
    for each in range(3):
        of_it = rows[outlook == each]
        found.append(_nearest(held, of_it, here, min(count, max(len(of_it) - offset, 0)), offset))
        count, offset = count - len(found[-1]), max(offset - len(of_it), 0)
    return np.concatenate(found)


def _nearest(held: Ordered, rows: Rows, here: tuple[float, float], count: int, offset: int) -> Rows:
    """Nearest to a lon and lat first; those without a place come last."""
    most = min(offset + count, len(rows))
    near = rows if len(rows) <= 4 * most else _nearer(held, rows, here, most)
    far = distance_m(held.lon[near], held.lat[near], here)
    far[np.isnan(far)] = np.inf
    order = np.lexsort((held.number[near], far))
    return np.asarray(near[order[offset:most]])


def _nearer(held: Ordered, rows: Rows, here: tuple[float, float], most: int) -> Rows:
    """At least ``most`` of the rows, none of them farther on the map than one left out."""
    x, y = (float(part[0]) for part in mercator(np.array([here[0]]), np.array([here[1]])))
    some = window(rows)
    far = (held.x[some] - x) ** 2 + (held.y[some] - y) ** 2
    far[np.isnan(far)] = np.inf
    step = max(len(rows) // 16_384, 1)
    sample = np.sort(far[::step])
    bound = sample[min(2 * most // step + 8, len(sample) - 1)]
    close = np.flatnonzero(far <= bound)
    return rows[close] if len(close) >= most else rows[np.argpartition(far, most - 1)[:most]]


def _by_rank(held: Ordered, rows: Rows, rank: NDArray[Any], count: int, offset: int) -> Rows:
    """The lowest rank first; of equal ones the lower number."""
    most = min(offset + count, len(rows))
    if most < len(rows):
        bound = np.partition(rank, most)[most]
        rows, rank = rows[rank <= bound], rank[rank <= bound]
    return np.asarray(rows[np.lexsort((held.number[rows], rank))[offset:most]])


def _soonest(held: Ordered, rows: Rows) -> NDArray[Any]:
    """Free ones first, the soonest before the later, then those in use, then the rest."""
    begins = np.maximum(held.columns["free_from"][rows], held.today.toordinal()).astype(np.int64)
    return np.asarray((held.outlook[rows].astype(np.int64) << 32) | begins)


def _known(values: NDArray[Any]) -> NDArray[Any]:
    """What nobody knows comes last, whichever way the others go."""
    return np.asarray(np.where(np.isfinite(values), values, np.inf))


def _cost(held: Ordered, rows: Rows) -> NDArray[Any]:
    """What a month costs; of which a part is not known, last."""
    facts = held.columns["facts"][rows]
    return np.asarray(np.where(np.isfinite(facts["cost_high"]), facts["cost_low"], np.inf))


def _since(held: Ordered, rows: Rows) -> NDArray[Any]:
    """What everybody sees the shortest time first."""
    since = held.columns["facts"]["shown_since"][rows]
    return np.asarray(np.where(since == UNKNOWN, np.inf, -since.astype(float)))


# What goes by a number of each row, the lowest first.
RANKS: dict[str, Callable[[Ordered, Rows], NDArray[Any]]] = {
    "soon": _soonest,
    "small": lambda held, rows: _known(held.columns["area_m2"][rows]),
    "large": lambda held, rows: _known(-held.columns["area_m2"][rows]),
    "cheap": _cost, "new": _since,
}  # fmt: skip
ORDERS = ("free", "near", *RANKS)


def window(rows: Rows) -> Rows | slice:
    """Rows in order without a gap as a slice, which NumPy reads without copying."""
    whole = len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)
    return slice(int(rows[0]), int(rows[-1]) + 1) if whole else rows
