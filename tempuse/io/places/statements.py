"""One way in which the rows of a file say where they are, and the numbers that each of them has there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Issue
from tempuse.geometry import Geometries
from tempuse.io import guard
from tempuse.io.places.beside import Beside
from tempuse.io.places.numbers import pair
from tempuse.io.places.placer import Placer
from tempuse.io.places.wkt import shapes_of
from tempuse.io.sources.source import Row
from tempuse.io.values.cells import Style

# Of the words for a CRS that rows name, PROJ is asked for so many: it looks long for a name that it does not know.
_MOST_ASKED = 20
_TOLD = 200  # letters of a cell


class Numbers:
    """The numbers of some rows: shapes, the pair that stands for each, the CRS that it names itself, what is wrong.

    ``about`` has, by position, why a pair says only about where it is.
    """

    def __init__(self, count: int) -> None:
        self.shapes: Geometries = np.full(count, None, object)
        self.x, self.y = np.full(count, np.nan), np.full(count, np.nan)
        self.own: list[str | None] = [None] * count
        self.issues: list[list[Issue]] = [[] for _ in range(count)]
        self.about: dict[int, str] = {}


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
    beside: Beside = Beside()

    @property
    def label(self) -> str:
        """The sender's columns, for issues."""
        return ", ".join(self.columns) or "geometry"

    def every_column(self) -> list[str]:
        """The sender's columns that say where a row is, with those beside them."""
        more = [name for names in self.beside.parts for name in names]
        return [*self.columns, *more, *(name for name in self.beside.sides if name is not None)]

    def _values(self, row: Row) -> list[Any]:
        """What the columns of a row say; degrees with the minutes and seconds that stand in columns of their own."""
        values = [row.values.get(column) for column in self.columns]
        for at, names in enumerate(self.beside.parts):
            if names and values[at] not in (None, ""):
                more = [guard.as_text(row.values.get(name) or 0) for name in names]
                whole = guard.as_text(values[at]).removesuffix(".0")
                values[at] = f"{whole}°" + "".join(map("".join, zip(more, "'\"", strict=False)))
        return values

    def numbers(
        self, rows: Sequence[Row], names: Names, o_is: int, near: tuple[float, float] | None = None
    ) -> Numbers:  # fmt: skip
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
                values, sides = self._values(row), None
                if any(self.beside.sides):
                    sides = [name and (row.values.get(name) or "") for name in self.beside.sides]
                found.x[i], found.y[i], message = pair(values, self.style, o_is, sides, near)
                if message and np.isfinite(found.x[i]):
                    found.about[i] = message
                elif message:
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
    groups = [[column] for column in statement.columns]
    for group, more, side in zip(groups, *reversed(statement.beside), strict=False):
        group += [*more, *([side] if side else [])]
    told = ([_told(row.values.get(name)) for name in group] for group in groups)
    return ", ".join(" ".join(filter(None, each)) for each in told)


def _told(value: Any) -> str:
    return "" if value is None else guard.as_text(value)[:_TOLD]
