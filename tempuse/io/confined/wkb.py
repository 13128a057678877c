"""Geometries between the two processes: WKB, little-endian, flat; looked through before GEOS follows it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely

from tempuse.io.sources.source import Row

MOST_NESTED = 4  # collections within collections
_POINT = struct.pack("<BI", 1, 1)


class _Bent(Exception):
    """This is no WKB of ours."""


def packed(rows: Sequence[Row]) -> list[bytes]:
    """The geometries of a batch, empty where there is none.

    One that the other side would not take becomes a row's problem.
    """
    shapes = np.array([row.geometry for row in rows], object)
    blobs = [blob or b"" for blob in shapely.to_wkb(shapes, output_dimension=2, byte_order=1, include_srid=False)]
    for i, blob in enumerate(blobs):
        if blob and not is_flat(blob):
            blobs[i], rows[i].problem = b"", "geometry.unreadable"
    return blobs


def unpacked(rows: Sequence[Row], lengths: Sequence[int], blob: bytes) -> bool:
    """Give the rows of a batch their geometries, by how long each is; whether all could be read."""
    blobs, at = np.full(len(rows), None, object), 0
    for i, length in enumerate(lengths):
        if length:
            blobs[i] = blob[at : at + length]
            at += length
            if not is_flat(blobs[i]):
                return False
    try:
        places = shapely.from_wkb(blobs)
    except (shapely.errors.ShapelyError, ValueError, NotImplementedError):
        return False
    for row, place in zip(rows, places, strict=True):
        row.geometry = place
    return True


def is_flat(blob: bytes) -> bool:
    """Whether WKB holds what it should, nested no deeper than a person would: GEOS follows it until the stack ends."""
    if blob[:5] == _POINT:
        return len(blob) == 21
    try:
        return _end_of(blob, 0, 0) == len(blob)
    except (struct.error, _Bent):
        return False


def _end_of(blob: bytes, at: int, depth: int) -> int:
    """Where the geometry ends that begins here."""
    order, kind = struct.unpack_from("<BI", blob, at)
    if order != 1 or kind not in range(1, 8) or depth > MOST_NESTED:
        raise _Bent
    at += 5
    if kind == 1:
        return at + 16
    (count,) = struct.unpack_from("<I", blob, at)
    at += 4
    if count > len(blob):
        raise _Bent
    if kind == 2:
        return at + 16 * int(count)
    for _ in range(count):
        if kind == 3:
            (corners,) = struct.unpack_from("<I", blob, at)
            at += 4 + 16 * int(corners)
        else:
            at = _end_of(blob, at, depth + 1)
    return at
