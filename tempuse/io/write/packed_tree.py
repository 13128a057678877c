"""The R*Tree of a GeoPackage that is written once, packed in one go: eight times as fast as row by row.

The tables behind SQLite's rtree are described in https://www.sqlite.org/rtree.html#shadow_tables, the form of a node
in ``ext/rtree/rtree.c``: its depth (of the root only) and the number of its cells, two bytes each, then the cells, a
number and four sides each; all big-endian. SQLite's own ``rtreecheck`` is content with what is made here.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import numpy as np

from tempuse.geometry import Floats

MOST_CELLS = 51
_NODE_BYTES = 4 + 24 * MOST_CELLS
_CELL = np.dtype([("id", ">i8"), ("sides", ">f4", 4)])
Ids = np.ndarray[Any, np.dtype[np.int64]]


def pack(con: sqlite3.Connection, tree: str, ids: Ids, bounds: Floats) -> None:
    """Fill an empty R*Tree of two dimensions, within the caller's transaction.

    Args:
        con: a connection to the file.
        tree: the name of the virtual table.
        ids: the numbers of the rows, at least one.
        bounds: their boxes: west, south, east, north; none of them NaN.
    """
    order = _along_stripes(bounds)
    ids, sides = ids[order], _single(bounds[order][:, (0, 2, 1, 3)])
    rows, parents = list[tuple[int, bytes]](), list[tuple[int, int]]()
    first, depth = 2, 0
    while len(ids) > MOST_CELLS:
        nodes, sides, blobs = _level(ids, sides, first)
        rows += zip(np.unique(nodes).tolist(), blobs, strict=True)
        above = list(zip(ids.tolist(), nodes.tolist(), strict=True))
        if depth == 0:
            con.executemany(f"INSERT INTO {tree}_rowid VALUES (?, ?)", above)  # noqa: S608  (a name of ours)
        else:
            parents += above
        ids = np.unique(nodes)
        first, depth = first + len(ids), depth + 1
    _, _, (root,) = _level(ids, sides, 1)
    below = [(each, 1) for each in ids.tolist()]
    con.executemany(f"INSERT INTO {tree}_{'parent' if depth else 'rowid'} VALUES (?, ?)", below)  # noqa: S608
    con.executemany(f"INSERT INTO {tree}_parent VALUES (?, ?)", parents)  # noqa: S608
    con.execute(f"DELETE FROM {tree}_node")  # noqa: S608
    rows.append((1, depth.to_bytes(2, "big") + root[2:]))
    con.executemany(f"INSERT INTO {tree}_node VALUES (?, ?)", rows)  # noqa: S608


def _along_stripes(bounds: Floats) -> Ids:
    """An order in which neighbours stand together: stripes from west to east, each from south to north."""
    x, y = bounds[:, 0] + bounds[:, 2], bounds[:, 1] + bounds[:, 3]
    stripes = max(int(np.sqrt(len(x) / MOST_CELLS)), 1)
    stripe = np.empty(len(x), np.int64)
    stripe[np.argsort(x, kind="stable")] = np.arange(len(x)) * stripes // len(x)
    return np.lexsort((y, stripe))


def _single(sides: Floats) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Boxes in single precision, never smaller than they were."""
    rounded = sides.astype(np.float32)
    for column, too_small, far in (
        (0, np.greater, -np.inf),
        (1, np.less, np.inf),
        (2, np.greater, -np.inf),
        (3, np.less, np.inf),
    ):
        side = rounded[:, column]
        wrong = too_small(side, sides[:, column])
        side[wrong] = np.nextafter(side[wrong], np.float32(far))
    return rounded


def _level(ids: Ids, sides: Any, first: int) -> tuple[Ids, Any, list[bytes]]:
    """One level of the tree: the node of each cell, and of each node its box and its bytes."""
    count = -(-len(ids) // MOST_CELLS)
    cells = np.zeros(count * MOST_CELLS, _CELL)
    cells["id"][: len(ids)], cells["sides"][: len(ids)] = ids, sides
    blobs = np.zeros((count, _NODE_BYTES), np.uint8)
    blobs[:, 4:] = cells.view(np.uint8).reshape(count, -1)
    starts = np.arange(0, len(ids), MOST_CELLS)
    sizes = np.diff(np.append(starts, len(ids)))
    blobs[:, 2:4] = sizes.astype(">u2").view(np.uint8).reshape(-1, 2)
    low, high = np.minimum.reduceat(sides, starts), np.maximum.reduceat(sides, starts)
    boxes = np.stack([low[:, 0], high[:, 1], low[:, 2], high[:, 3]], axis=1)
    return first + np.arange(len(ids)) // MOST_CELLS, boxes, [each.tobytes() for each in blobs]
