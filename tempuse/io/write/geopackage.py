"""Layers of a GeoPackage: made empty by GDAL, which knows the standard, and filled by SQLite, which is faster at it.

GDAL never sees the register (architecture, decision 2); the file that is filled here is a new one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from tempuse.io.write import packed_tree
from tempuse.io.write.columns import FlatColumn
from tempuse.io.write.flat import Located

_EMPTY: dict[str, Any] = {
    "flag": np.array([], bool), "whole": np.array([], np.int64), "number": np.array([], float),
    "day": np.array([], "datetime64[D]"), "instant": np.array([], "datetime64[ms]"),
}  # fmt: skip
# How SQLite holds them. It is given no None: for each one, Python's driver would look for somebody who adapts it.
_BITS = {True: 1, False: 0, None: ""}


def make(path: Path, layer: str, columns: Sequence[FlatColumn], crs: str, **options: Any) -> None:
    """Make an empty layer, with the file where there is none.

    Args:
        path: the file.
        layer: the name of the layer; its geometry is ``geom``, its key ``fid``.
        columns: its columns.
        crs: of its geometries.
        options: of GDAL's layer, like ``SPATIAL_INDEX``.
    """
    data = [_EMPTY.get(column.kind, np.array([], object)) for column in columns]
    offsets = {column.name: np.array([], np.int32) for column in columns if column.kind == "instant"}
    pyogrio.raw.write(
        path, np.array([], object), data, [column.name for column in columns], layer=layer, driver="GPKG",
        geometry_type="Unknown", crs=crs, append=False, gdal_tz_offsets=offsets,
        dataset_options={} if path.exists() else {"VERSION": "1.3"},
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid", **options},
    )  # fmt: skip


class Filling:
    """An empty layer that is being filled.

    Args:
        con: from ``filling``.
        layer: its name.
        columns: those that it was made with.
    """

    def __init__(self, con: sqlite3.Connection, layer: str, columns: Sequence[FlatColumn]) -> None:
        self.con, self.layer, self.columns = con, layer, columns
        self.count = self.unplaced = 0
        self._boxes: list[Any] = []
        query = "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?"
        self._srs = struct.pack("<i", con.execute(query, (layer,)).fetchone()[0])
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        self._triggers = con.execute(query, (layer,)).fetchall()
        for name, _ in self._triggers:
            con.execute(f'DROP TRIGGER "{name}"')

    def add(self, values: Sequence[Sequence[Any] | None], places: Located) -> None:
        """Append features.

        Args:
            values: those of each column, as ``flat.columns`` gives them; texts of days.
            places: where they lie, in the CRS of the layer.
        """
        known = [(column, each) for column, each in zip(self.columns, values, strict=True) if each is not None]
        names = "".join(f', "{column.name}"' for column, _ in known)
        held = [_held(column.kind, each) for column, each in known]
        marks = "".join(", nullif(?, '')" if "" in each else ", ?" for each in held)
        boxes = shapely.bounds(places.shapes)
        fids = range(self.count + 1, self.count + len(boxes) + 1)
        rows = zip(fids, self._blobs(places, boxes), *held, strict=True)
        self.con.executemany(f'INSERT INTO "{self.layer}" (fid, geom{names}) VALUES (?, ?{marks})', rows)  # noqa: S608
        self.count += len(boxes)
        self.unplaced += int(np.isnan(boxes[:, 0]).sum())
        self._boxes.append(boxes)

    def _blobs(self, places: Located, boxes: Any) -> list[bytes | None]:
        """GeoPackageBinary: with its box but for points."""
        point, other = b"GP\x00\x01" + self._srs, b"GP\x00\x03" + self._srs
        blobs = [None if wkb is None else point + wkb for wkb in places.wkbs]
        sides = boxes[:, (0, 2, 1, 3)].astype("<f8").tobytes()
        for row in np.flatnonzero(shapely.get_type_id(places.shapes) > 0).tolist():
            blobs[row] = other + sides[32 * row : 32 * row + 32] + (places.wkbs[row] or b"")
        return blobs

    def end(self) -> None:
        """Make the index where the layer has one, and tell others how many there are and how far they reach."""
        boxes = np.concatenate(self._boxes) if self._boxes else np.empty((0, 4))
        placed = ~np.isnan(boxes[:, 0])
        tree = f"rtree_{self.layer}_geom"
        has_tree = self.con.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (tree,)).fetchone()[0]
        if placed.any():
            ids, boxes = np.flatnonzero(placed) + 1, boxes[placed]
            if has_tree:
                packed_tree.pack(self.con, tree, ids, boxes)
            reach = [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]
            query = "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?"
            self.con.execute(query, (*reach, self.layer))
        query = "UPDATE gpkg_ogr_contents SET feature_count = ? WHERE table_name = ?"
        self.con.execute(query, (self.count, self.layer))
        for _, statement in self._triggers:
            self.con.execute(statement)


@contextlib.contextmanager
def filling(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a new file, of which nothing is kept when it is not filled to the end.

    Raises:
        OSError: it cannot be written.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as con:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
                con.execute(f"PRAGMA {pragma}")
            con.execute("BEGIN")
            yield con
            con.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _held(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind == "flag":
        return [_BITS[value] for value in values]
    if None not in values and kind != "instant":
        return values
    if kind == "instant":
        return ["" if value is None else _instant(value) for value in values]
    return ["" if value is None else value for value in values]


def _instant(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
