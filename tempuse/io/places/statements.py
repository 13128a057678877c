"""One way in which the rows of a file say where they are, and the numbers that each of them has there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Issue
from tempuse.geometry import Geometries
from tempuse.io import guard
from tempuse.io.places.numbers import pair
from tempuse.io.places.placer import Placer
from tempuse.io.places.wkt import shapes_of
from tempuse.io.sources.source import Row
from tempuse.io.values.cells import Style

# Of the words for a CRS that rows name, PROJ is asked for so many: it looks long for a name that it does not know.
_MOST_ASKED = 20
_TOLD = 200  # letters of a cell


class Numbers:
    """The numbers of some rows: shapes, the pair that stands for each, the CRS that it names itself, what is wrong."""

    def __init__(self, count: int) -> None:
        self.shapes: Geometries = np.full(count, None, object)
        self.x, self.y = np.full(count, np.nan), np.full(count, np.nan)
        self.own: list[str | None] = [None] * count
        self.issues: list[list[Issue]] = [[] for _ in range(count)]


class Names:
    """The names of systems that a file has, each looked up once."""

    def __init__(self) -> None:
        self._asked: dict[str, str | None] = {}

    def known(self, word: str) -> str | None:
        """The CRS of this name, None when nobody knows it."""
        if word not in self._asked:
            ask = geometry.known_crs if len(self._asked) < _MOST_ASKED else geometry.coded_crs
            try:
                found = ask(word)
            except Invalid:
                found = None
            if ask is geometry.coded_crs:
                return found
            self._asked[word] = found
        return self._asked[word]


@dataclass(slots=True)
class Statement:
    """One way in which the rows of a file say where they are."""

    kind: str  # geometry, wkt, pair, latlon
    columns: tuple[str, ...]
    placer: Placer
    style: Style
    # For each of two columns that beside it which says E or W, N or S; None where there is none.
    sides: tuple[str | None, ...] = (None, None)

    @property
    def label(self) -> str:
        """The sender's columns, for issues."""
        return ", ".join(self.columns) or "geometry"

    def numbers(self, rows: Sequence[Row], names: Names, o_is: int) -> Numbers:
        """The raw shapes of some rows, and of each the pair of numbers that stands for it."""
        found = Numbers(len(rows))
        if self.kind == "geometry":
            found.shapes[:] = [row.geometry for row in rows]
        elif self.kind == "wkt":
            written = shapes_of([row.values.get(self.columns[0]) for row in rows])
            found.shapes = written.shapes
            for at, crs in written.crs.items():
                found.own[at] = names.known(crs)
            for at, (message, told) in written.wrong.items():
                found.issues[at].append(waits(rows[at], self, message, told))
        else:
            for i, row in enumerate(rows):
                values = [row.values.get(column) for column in self.columns]
                sides = [name and (row.values.get(name) or "") for name in self.sides] if any(self.sides) else None
                found.x[i], found.y[i], message = pair(values, self.style, o_is, sides)
                if message:
                    found.issues[i].append(waits(row, self, message))
        if self.kind in ("geometry", "wkt"):
            bounds = shapely.bounds(found.shapes)
            found.x, found.y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        return found


def waits(row: Row, statement: Statement, message: str, values: dict[str, Any] | None = None) -> Issue:
    """That a row waits for a place."""
    return Issue(row.line, statement.label, text_of(statement, row), message, "place.waits", values or {}, True)


def text_of(statement: Statement, row: Row) -> str:
    """What a row writes there."""
    sides = statement.sides if any(statement.sides) else ()
    told = [guard.as_text(row.values.get(column) or "")[:_TOLD] for column in statement.columns]
    beside = [guard.as_text(row.values.get(name) or "")[:_TOLD] if name else "" for name in sides]
    return ", ".join(" ".join(filter(None, each)) for each in itertools.zip_longest(told, beside))
