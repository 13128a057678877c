"""Clusters: cells of the map folded into marks whose hit areas do not overlap; and boxes as ranges of keys."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.geometry import MORTON_BITS, SEQUENCE_BITS

# Half of what a mark takes on the screen, in pixels: a marker alone (its hit area is 44 px), clusters from
# 2, from 10 and from 100 on.
_FROM = (2, 10, 100)
_RADIUS_PX = (22.0, 28.0, 32.0, 36.0)
# A little more than what two of the largest marks must lie apart: marks that overlap lie in neighbouring squares.
_SQUARE_PX = 2 * _RADIUS_PX[-1] + 1
# Cells of the map that are folded into marks at once. A screen of 4,096 by 4,096 pixels has as many.
MOST_NODES = 4096


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


def radius_px(count: float) -> float:
    """Half the width of the mark of so many spaces, in pixels."""
    return _RADIUS_PX[bisect.bisect_right(_FROM, count)]


def merge(nodes: NDArray[np.float64], world_px: float) -> list[Cluster]:
    """Join marks that would overlap on the screen, until none do.

    The largest swallow first, so that the result does not hang on the order of rows. Only marks in the
    neighbouring squares of a grid are compared, so the work grows with the number of nodes and no faster.
    """
    left = [_Node(*node) for node in nodes.tolist()]
    while True:
        before = len(left)
        left = _merged_once(left, world_px)
        # A mark moves when it swallows and may come to lie on one that was done before: then once more.
        if len(left) == before:
            return [Cluster(n.x, n.y, int(n.count), int(n.free), int(n.used), int(n.row)) for n in left]


@dataclass(slots=True)
class _Node:
    """A mark while others may still join it."""

    x: float
    y: float
    count: float
    free: float
    used: float
    row: float
    radius: float = 0.0

    def __post_init__(self) -> None:
        self.radius = radius_px(self.count)

    def square(self, world_px: float) -> tuple[int, int]:
        """Where it lies in the grid."""
        return int(self.x * world_px / _SQUARE_PX), int(self.y * world_px / _SQUARE_PX)

    def swallow(self, group: list[_Node]) -> None:
        """Take others in: the middle moves to where the spaces are on average."""
        total = self.count + sum(each.count for each in group)
        self.x = (self.x * self.count + sum(each.x * each.count for each in group)) / total
        self.y = (self.y * self.count + sum(each.y * each.count for each in group)) / total
        self.free += sum(each.free for each in group)
        self.used += sum(each.used for each in group)
        self.count, self.row, self.radius = total, -1, radius_px(total)


def _merged_once(nodes: list[_Node], world_px: float) -> list[_Node]:
    """Let each node swallow what lies too near, the largest first; as many come back where none did."""
    squares: dict[tuple[int, int], list[_Node]] = {}
    nodes = sorted(nodes, key=lambda node: (-node.count, node.x, node.y))
    for node in nodes:
        squares.setdefault(node.square(world_px), []).append(node)
    gone: set[int] = set()
    done: list[_Node] = []
    for node in nodes:
        if id(node) in gone:
            continue
        gone.add(id(node))
        while group := _too_near(node, squares, gone, world_px):
            gone.update(map(id, group))
            node.swallow(group)
        done.append(node)
    return done


def _too_near(node: _Node, squares: dict[tuple[int, int], list[_Node]], gone: set[int], world_px: float) -> list[_Node]:
    column, row = node.square(world_px)
    return [
        other
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for other in squares.get((column + dx, row + dy), ())
        if id(other) not in gone
        and math.hypot(other.x - node.x, other.y - node.y) * world_px < node.radius + other.radius
    ]


def coarse_enough(keys: NDArray[np.int64], zoom: int) -> int:
    """The zoom at which places given by their keys, in order, lie in few enough cells to be merged.

    The one that is asked for wherever a screen could show as many marks; a coarser one where somebody asks for
    a whole country at the zoom of a street.
    """
    apart = keys[1:] ^ keys[:-1]
    while zoom > 0 and int(np.count_nonzero(apart >> cell_shift(zoom))) >= MOST_NODES:
        zoom -= 1
    return zoom


def cell_shift(zoom: int) -> int:
    """How many bits of a key lie within one cell of a zoom, which is 64 px wide."""
    return SEQUENCE_BITS + 2 * max(MORTON_BITS - (zoom + 2), 0)


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
    """One node for each run of equal cells: x, y, count, free, used, and the row of a lone space."""
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
