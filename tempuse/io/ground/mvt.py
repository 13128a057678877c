"""Vector tiles as Mapbox's specification 2.1 writes them, a whole layer at a time: NumPy does what would be loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tempuse.geometry import Geometries

EXTENT = 4096
_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 1, 2, 7
Integers = NDArray[np.int64]
Texts = Mapping[str, NDArray[np.object_]]


def layer(name: str, shapes: Geometries, about: Texts) -> bytes:
    """One layer as a field of a tile; nothing where no shape is left of it.

    Args:
        name: of the layer.
        shapes: points, lines and polygons, also several in one, in units of the tile, y down. Their corners are
            rounded; what becomes nothing is left out.
        about: texts of each shape, by name; None where it has none.
    """
    keys, values, tags = _tags(about, len(shapes))
    bodies = [
        _field(2, b"".join((_field(2, tags[i]), bytes((0x18, kind)), _field(4, drawn))))
        for i, kind, drawn in _geometries(shapes)
    ]
    if not bodies:
        return b""
    parts = [b"\x78\x02", _field(1, name.encode()), *bodies]
    parts += [_field(3, key.encode()) for key in keys]
    parts += [_field(4, _field(1, value.encode())) for value in values]
    parts.append(b"\x28" + _varint(EXTENT))
    return _field(3, b"".join(parts))


def _tags(about: Texts, count: int) -> tuple[list[str], list[str], list[bytes]]:
    keys, values, tags = list(about), dict[str, int](), [b""] * count
    for at, texts in enumerate(about.values()):
        for i, text in enumerate(texts.tolist()):
            if text:
                tags[i] += _varint(at) + _varint(values.setdefault(text, len(values)))
    return keys, list(values), tags


def _geometries(shapes: Geometries) -> list[tuple[int, int, bytes]]:
    """Of each shape that is left: its index, its kind, its commands."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_dimensions(parts) + 1
    found: list[tuple[int, int, bytes]] = []
    for kind in (_POINT, _LINE, _POLYGON):
        chosen = kinds == kind
        these, owners = parts[chosen], of_part[chosen]
        if not len(these):
            continue
        if kind == _POLYGON:
            these, of_ring = shapely.get_rings(shapely.orient_polygons(these), return_index=True)
            owners = owners[of_ring]
        xy, of_line = shapely.get_coordinates(these, return_index=True)
        found += [(i, kind, drawn) for i, drawn in _drawn(np.rint(xy).astype(np.int64), of_line, owners, kind)]
    return found


def _drawn(xy: Integers, of_line: Integers, owners: Integers, kind: int) -> list[tuple[int, bytes]]:
    """The commands of each owner's lines, as bytes.

    Args:
        xy: all corners, one line behind the other.
        of_line: to which line each belongs.
        owners: to which shape each line belongs, in order.
        kind: of all of them.
    """
    if kind == _POLYGON:  # a ring ends where it began; its last corner is not written
        xy, of_line = _without(xy, of_line, _lasts(of_line))
    if kind != _POINT:
        same = np.zeros(len(xy), bool)
        same[1:] = (of_line[1:] == of_line[:-1]) & (xy[1:] == xy[:-1]).all(axis=1)
        xy, of_line = _without(xy, of_line, same)
        counts = np.bincount(of_line, minlength=len(owners))
        xy, of_line = _without(xy, of_line, counts[of_line] < kind)
    if not len(xy):
        return []
    firsts = np.ones(len(xy), bool)
    firsts[1:] = of_line[1:] != of_line[:-1]
    owner = owners[of_line]
    begins = np.ones(len(xy), bool)  # of a shape: there the pen stands in the tile's corner
    begins[1:] = owner[1:] != owner[:-1]
    steps = xy.copy()
    steps[1:] -= np.where(begins[1:, None], 0, xy[:-1])
    zigzag = (steps << 1) ^ (steps >> 63)
    counts = np.diff(np.append(np.flatnonzero(firsts), len(xy)))
    # Each corner is two numbers; before a line's first stands one command, behind it another; behind a ring's last one.
    ahead, last = firsts.astype(np.int64), _lasts(of_line) & (kind == _POLYGON)
    behind = (firsts & (kind != _POINT)).astype(np.int64) + last
    sizes = ahead + 2 + behind
    at = np.cumsum(sizes) - sizes
    stream = np.zeros(int(sizes.sum()), np.int64)
    stream[at[firsts]] = _MOVE | 1 << 3
    stream[at + ahead], stream[at + ahead + 1] = zigzag[:, 0], zigzag[:, 1]
    if kind != _POINT:
        stream[at[firsts] + 3] = _DRAW | (counts - 1) << 3
    if kind == _POLYGON:
        stream[at[last] + sizes[last] - 1] = _CLOSE | 1 << 3
    written, ends = _varints(stream)
    edges = np.append(np.flatnonzero(begins), len(xy))
    marks = np.append(0, ends)[np.append(at, len(stream))[edges]].tolist()
    return [(int(i), written[a:b]) for i, a, b in zip(owner[begins], marks[:-1], marks[1:], strict=True)]


def _lasts(of_line: Integers) -> NDArray[np.bool_]:
    last = np.ones(len(of_line), bool)
    last[:-1] = of_line[1:] != of_line[:-1]
    return last


def _without(xy: Integers, of_line: Integers, gone: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    return xy[~gone], of_line[~gone]


def _varints(numbers: Integers) -> tuple[bytes, Integers]:
    """Numbers of up to 35 bits as protocol buffers write them, and where each ends."""
    shifts = 7 * np.arange(5)
    groups = (numbers[:, None] >> shifts) & 0x7F
    length = np.maximum(1, ((numbers[:, None] >> shifts) > 0).sum(axis=1))
    groups |= np.where(np.arange(5) < length[:, None] - 1, 0x80, 0)
    return groups[np.arange(5) < length[:, None]].astype(np.uint8).tobytes(), np.cumsum(length)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _field(number: int, content: Any) -> bytes:
    return bytes((number << 3 | 2,)) + _varint(len(content)) + bytes(content)
