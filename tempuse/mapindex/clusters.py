"""Clusters: cells of the map folded into marks whose hit areas do not overlap; and boxes as ranges of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.geometry import MORTON_BITS, SEQUENCE_BITS

# Half of what a mark takes on the screen, in pixels: a marker alone (its hit area is 44 px), clusters from
# 2, from 10 and from 100 on.
_FROM = np.array([2, 10, 100])
_RADIUS_PX = np.array([22.0, 28.0, 32.0, 36.0])

# Columns of a node: x and y as fractions of the world square, count, free, used, row of a lone space.
X, Y, COUNT, FREE, USED, ROW = range(6)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spaces too near to be drawn apart, or one alone: then ``row`` is its place in the index, else -1.

    ``x`` and ``y`` are Web Mercator fractions of the world square.
    """

    x: float
    y: float
    count: int
    free: int
    used: int
    row: int


def radius_px(count: Any) -> Any:
    """Half the width of the mark of so many spaces, in pixels."""
    return _RADIUS_PX[np.searchsorted(_FROM, count, side="right")]


def merge(nodes: NDArray[np.float64], world_px: float) -> list[Cluster]:
    """Join marks that would overlap on the screen, until none do.

    The largest swallow first, so that the result does not hang on the order of rows.
    """
    nodes = nodes[np.lexsort((nodes[:, Y], nodes[:, X], -nodes[:, COUNT]))].copy()
    alive = np.ones(len(nodes), bool)
    done: list[Cluster] = []
    for i in range(len(nodes)):
        if not alive[i]:
            continue
        while True:
            alive[i] = False
            far = np.hypot(nodes[:, X] - nodes[i, X], nodes[:, Y] - nodes[i, Y]) * world_px
            swallowed = alive & (far < radius_px(nodes[i, COUNT]) + radius_px(nodes[:, COUNT]))
            if not swallowed.any():
                break
            _swallow(nodes, i, swallowed)
            alive &= ~swallowed
        done.append(_cluster(nodes[i]))
    return _settle(done, world_px)


def _settle(clusters: list[Cluster], world_px: float) -> list[Cluster]:
    """A cluster moves when it swallows and may come to lie on one that was done before: join those, too."""
    nodes = np.array([[c.x, c.y, c.count, c.free, c.used, c.row] for c in clusters])
    x, y = nodes[:, X] * world_px, nodes[:, Y] * world_px
    radius = radius_px(nodes[:, COUNT])
    far = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(far, np.inf)
    return merge(nodes, world_px) if (far < radius[:, None] + radius).any() else clusters


def _swallow(nodes: NDArray[np.float64], i: int, swallowed: NDArray[np.bool_]) -> None:
    group = nodes[swallowed]
    total = nodes[i, COUNT] + group[:, COUNT].sum()
    for axis in (X, Y):
        nodes[i, axis] = (nodes[i, axis] * nodes[i, COUNT] + (group[:, axis] * group[:, COUNT]).sum()) / total
    for tally in (FREE, USED):
        nodes[i, tally] += group[:, tally].sum()
    nodes[i, COUNT], nodes[i, ROW] = total, -1


def _cluster(node: NDArray[np.float64]) -> Cluster:
    count, free, used, row = (int(part) for part in node[COUNT:])
    return Cluster(float(node[X]), float(node[Y]), count, free, used, row)


def key_ranges(x0: float, y0: float, x1: float, y1: float, most: int = 24) -> NDArray[np.int64]:
    """Ranges of Morton keys (from, below) that together hold every place of a box, in order.

    The box is given in fractions of the world square; squares are cut in four while there are few.
    """
    squares: list[tuple[int, int, int]] = [(0, 0, 0)]
    while True:
        finer: list[tuple[int, int, int]] = []
        for level, x, y in squares:
            side = 1 / (1 << level)
            inside = x0 <= x * side and (x + 1) * side <= x1 and y0 <= y * side and (y + 1) * side <= y1
            if inside or level == MORTON_BITS:
                finer.append((level, x, y))
                continue
            for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
                west, north = (2 * x + dx) * side / 2, (2 * y + dy) * side / 2
                if west <= x1 and west + side / 2 >= x0 and north <= y1 and north + side / 2 >= y0:
                    finer.append((level + 1, 2 * x + dx, 2 * y + dy))
        if len(finer) > most or finer == squares:
            break
        squares = finer
    ranges = sorted(_range(*square) for square in squares)
    joined: list[list[int]] = []
    for start, end in ranges:
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return np.array(joined or [[0, 0]], np.int64)


def _range(level: int, x: int, y: int) -> tuple[int, int]:
    prefix = sum(((x >> i & 1) | (y >> i & 1) << 1) << 2 * i for i in range(level))
    shift = 2 * (MORTON_BITS - level) + SEQUENCE_BITS
    return prefix << shift, (prefix + 1) << shift


def nodes_of(cells: NDArray[np.int64], x: Any, y: Any, outlook: Any, rows: Any) -> NDArray[np.float64]:
    """One node for each run of equal cells."""
    starts = np.concatenate([[0], np.flatnonzero(cells[1:] != cells[:-1]) + 1])
    count = np.diff(np.append(starts, len(cells)))
    return np.column_stack([
        np.add.reduceat(x, starts) / count,
        np.add.reduceat(y, starts) / count,
        count,
        np.add.reduceat(outlook == 0, starts, dtype=np.int64),
        np.add.reduceat(outlook == 1, starts, dtype=np.int64),
        np.where(count == 1, rows[starts], -1),
    ])  # fmt: skip
