"""Features by pyogrio, in slices: what Fiona's wheel cannot open, and what it stumbles over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from tempuse.errors import Invalid, Issue
from tempuse.io.sources import layers
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Row, quietly

_SLICE = 50_000
_WHOLE = 250_000  # of formats that are read from the beginning each time
_MOST_BAD = 200
_EXACT = 2.0**53  # beyond, a float holds no longer every whole number


class PyogrioLayer:
    """One layer."""

    def __init__(self, path: Path, kind: str, layer: str, letters: Letters | None) -> None:
        self._path, self._kind, self._letters = path, kind, letters
        self._options = layers.options(layer, letters)
        about = quietly(pyogrio.read_info, path, force_feature_count=True, **self._options)
        self._fields = [str(each) for each in about["fields"]]
        self.about = layers.LayerFacts(
            self._named(self._fields), about["crs"], layers.kind_of(about["geometry_type"]), int(about["features"]),
        )  # fmt: skip
        self.noticed: list[Issue] = []
        self.numbers = layers.own_numbers(path, kind, self.about)
        self._bad = 0

    def _named(self, fields: list[str]) -> list[str]:
        return [layers.lettered(each, self._letters) for each in fields]

    def rows(self) -> Iterator[Row]:
        """Every feature."""
        return self.rows_from(0)

    def rows_from(self, done: int, most: int | None = None) -> Iterator[Row]:
        """The features behind the first so many, or only so many of them."""
        slices = _SLICE if self._kind in ("gpkg", "shapefile") else _WHOLE
        while True:
            wanted = slices if most is None else most
            count = 0
            for row in self._piece(done, wanted):
                count += 1
                yield row
            done += count
            if count < wanted or most is not None:
                return

    def _read(self, skip: int, most: int, **more: Any) -> tuple[Any, Any, Any, list[Any]]:
        # With a condition, a GeoPackage counts its rows; without, it believes the number that it states.
        where = {"where": "1"} if self._kind == "gpkg" else {}
        about, fids, blobs, columns = quietly(
            pyogrio.raw.read, self._path, skip_features=skip, max_features=most, force_2d=True, return_fids=True,
            datetime_as_string=True, **where, **self._options, **more,
        )  # fmt: skip
        return about, fids, blobs, columns

    def _piece(self, skip: int, most: int) -> Iterator[Row]:
        """Some rows; where they cannot be read at once, by halves, until the one is found that is to blame."""
        try:
            read = self._read(skip, most)
        except MemoryError:
            raise
        except Exception:
            if most == 1:
                yield self._one(skip)
                return
            self._bad += 1
            if self._bad > _MOST_BAD:
                raise
            half, count = most // 2, 0
            for row in self._piece(skip, half):
                count += 1
                yield row
            if count == half:
                yield from self._piece(skip + half, most - half)
            return
        yield from self._made(skip, *read)

    def _made(self, skip: int, about: Any, fids: Any, blobs: Any, columns: list[Any]) -> Iterator[Row]:
        fields = [str(each) for each in about["fields"]]
        places = np.full(len(fids), None, object) if blobs is None else shapely.from_wkb(blobs, on_invalid="ignore")
        kinds = [str(each) for each in about["dtypes"]]
        held = [self._plain(*each, fids) for each in zip(fields, kinds, columns, strict=True)]
        names = self._named(fields)
        for i in range(len(fids)):
            lost = blobs is not None and blobs[i] is not None and places[i] is None
            values = {name: layers.plain(of[i], self._letters) for name, of in zip(names, held, strict=True)}
            if self.numbers.column:
                values[self.numbers.column] = self.numbers.of(skip + i, fids[i])
            yield Row(skip + i + 1, values, places[i], "geometry.unreadable" if lost else "")

    def _plain(self, name: str, kind: str, column: Any, fids: Any) -> list[Any]:
        """A column as Python's own values; what became a float because of its gaps, as it was."""
        values: list[Any] = column.tolist()
        if column.dtype.kind != "f":
            return values
        if kind == "bool":
            return [None if value != value else bool(value) for value in values]
        if not kind.startswith(("int", "uint")) or not np.nanmax(np.abs(column), initial=0) >= _EXACT:
            return values
        full = np.flatnonzero(~np.isnan(column))
        exact = quietly(
            pyogrio.raw.read, self._path, fids=fids[full], columns=[name], read_geometry=False, **self._options
        )[3][0].tolist()
        for i, value in zip(full.tolist(), exact, strict=True):
            values[i] = value
        return values

    def _one(self, skip: int) -> Row:
        """A single feature that cannot be read as a whole: each property by itself, and its place.

        Raises:
            Invalid: there is nothing of it that can be read.
        """
        values: dict[str, Any] = {}
        line, read = skip + 1, 0
        for each, name in zip(self._fields, self.about.columns, strict=True):
            try:
                about, fids, _, columns = self._read(skip, 1, columns=[each], read_geometry=False)
                found = self._plain(each, str(about["dtypes"][0]), columns[0], fids)[0]
                values[name] = layers.plain(found, self._letters)
                read += 1
            except Exception:
                values[name] = None
                issue = Issue(line, name, "", "value.unreadable", "value.left_empty", grave=True)
                self.noticed.append(issue)
        place, problem = None, ""
        try:
            blobs = self._read(skip, 1, columns=[])[2]
            place = shapely.from_wkb(blobs[0]) if blobs is not None else None
            read += 1
        except Exception:
            problem = "geometry.unreadable"
        if not read:
            raise Invalid("file.damaged", name=self._path.name)
        return Row(line, values, place, problem)
