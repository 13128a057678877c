"""Where a row says it is: its geometry, WKT, or one of several pairs of columns; and whether two of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Issue
from tempuse.geometry import LON_LAT, Floats, Geometries
from tempuse.io import guard
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.places.angles import o_is
from tempuse.io.places.extents import Extent, crs_in_name
from tempuse.io.places.numbers import coordinate_style, pair
from tempuse.io.places.placer import Placer, Reading
from tempuse.io.places.wkt import shapes_of
from tempuse.io.sources.source import Row, Source
from tempuse.io.values.cells import Style

# Two statements of one row that lie farther apart than this are two places.
APART_M = 100.0
# Of the words for a CRS that rows name, PROJ is asked for so many: it looks long for a name that it does not know.
_MOST_ASKED = 20
_TOLD = 200  # letters of a cell
_PAIRS = (("lon", "lat"), ("x", "y"), ("easting", "northing"), ("lon2", "lat2"))


@dataclass(slots=True)
class Statement:
    """One way in which the rows of a file say where they are."""

    kind: str  # geometry, wkt, pair, latlon
    columns: tuple[str, ...]
    placer: Placer
    style: Style

    @property
    def label(self) -> str:
        """The sender's columns, for issues."""
        return ", ".join(self.columns) or "geometry"


class Positions:
    """Reads the places of a file's rows, batch by batch."""

    def __init__(
        self, source: Source, crosswalk: Crosswalk, extent: Extent | None, crs: str | None, extra: Sequence[str]
    ) -> None:
        """Find the file's statements, in the order in which they are believed.

        Args:
            source: the file.
            crosswalk: which of its columns are places.
            extent: where places must lie.
            crs: what the planner declares for the first statement, None to find out.
            extra: systems worth trying: the city's own, the profile's.
        """
        self.statements: list[Statement] = []
        self.extent = extent
        self.log = guard.Log()
        self._crs_column = crosswalk.column_for("crs")
        self._asked: dict[str, str | None] = {}
        self._o_is = o_is(extent)
        self.issues: list[Issue] = []

        def add(kind: str, columns: tuple[str, ...], declared: str | None) -> None:
            first = not self.statements
            placer = Placer(extent, (crs if first and crs else declared), extra)
            self.statements.append(Statement(kind, columns, placer, Style()))

        if source.has_geometry:
            add("geometry", (), source.crs)
        if column := crosswalk.column_for("wkt"):
            add("wkt", (column,), None)
        for x, y in _PAIRS:
            columns = crosswalk.column_for(x), crosswalk.column_for(y)
            if columns[0] and columns[1]:
                hint = crs_in_name(columns[0]) or crs_in_name(columns[1])
                add("pair", (columns[0], columns[1]), LON_LAT if x.startswith("lon") else hint)
        if column := crosswalk.column_for("latlon"):
            add("latlon", (column,), LON_LAT)
        if column := crosswalk.column_for("wkt2"):
            add("wkt", (column,), None)

    def learn(self, sample: Sequence[Row]) -> None:
        """Find out from a sample how each statement means its numbers; what was found is in ``issues``."""
        for statement in self.statements:
            if statement.kind == "pair":
                texts = [row.values.get(column) for row in sample for column in statement.columns]
                statement.style = coordinate_style(texts)
            x, y = self._sampled(statement, sample)
            if self._crs_column is None or statement is not self.statements[0]:
                statement.placer.learn(x, y)
            else:
                self._learn_from_undeclared(statement, sample, x, y)
            if statement.placer.note is not None and statement is self.statements[0]:
                message, done, values = statement.placer.note
                grave = done == "place.nothing_placed"
                self.issues.append(Issue(None, statement.label, "", message, done, values, grave))

    def _sampled(self, statement: Statement, sample: Sequence[Row]) -> tuple[Floats, Floats]:
        """The numbers of a sample; what cannot be read teaches nothing."""
        x, y = np.full(len(sample), np.nan), np.full(len(sample), np.nan)

        def take(start: int, found: tuple[Geometries, Floats, Floats, list[list[Issue]]]) -> None:
            x[start : start + len(found[1])], y[start : start + len(found[2])] = found[1], found[2]

        guard.by_halves(sample, lambda some: self._numbers(statement, some), take, lambda *_: None)
        return x, y

    def _learn_from_undeclared(self, statement: Statement, sample: Sequence[Row], x: Floats, y: Floats) -> None:
        """With a CRS column, only rows that its word does not place teach how the file usually errs."""
        said = [self._said(row) for row in sample]
        placed = statement.placer.place(x, y, said)
        odd = np.array([note is not None or said[i] is None for i, note in enumerate(placed.notes)])
        if odd.any():
            statement.placer.learn(x[odd], y[odd])
            statement.placer.note = None

    def read(self, rows: Sequence[Row]) -> tuple[Geometries, list[list[Issue]]]:
        """The places of a batch in EPSG:4326, None where there is none, and what was wrong row by row."""
        places: Geometries = np.full(len(rows), None, object)
        issues: list[list[Issue]] = [[] for _ in rows]
        waiting: list[list[Issue]] = [[] for _ in rows]
        for position, statement in enumerate(self.statements):
            found, problems = self._read(statement, rows, first=position == 0)
            for i, row in enumerate(rows):
                if found[i] is None:
                    waiting[i] += problems[i]
                elif places[i] is None:
                    places[i] = found[i]
                    issues[i] += problems[i]
                    if waiting[i]:
                        values = {"columns": statement.label}
                        first = waiting[i][0]
                        issues[i].append(
                            Issue(
                                row.line,
                                first.field,
                                first.value,
                                first.message,
                                "place.second_used",
                                {**first.values, **values},
                            )
                        )
                else:
                    apart = _apart_m(places[i], found[i])
                    if apart > APART_M:
                        said: dict[str, Any] = {
                            "first": self.statements[0].label,
                            "second": statement.label,
                            "distance_m": round(apart),
                        }
                        issues[i].append(
                            Issue(row.line, statement.label, "", "place.two_places", "place.first_taken", said, True)
                        )
        for i in range(len(rows)):
            if places[i] is None:
                issues[i] += waiting[i]
        return places, issues

    def _read(self, statement: Statement, rows: Sequence[Row], *, first: bool) -> tuple[Geometries, list[list[Issue]]]:
        """The places of one statement; a row that cannot even be looked at waits for a place like any other."""
        places: Geometries = np.full(len(rows), None, object)
        issues: list[list[Issue]] = [[] for _ in rows]

        def take(start: int, found: tuple[Geometries, list[list[Issue]]]) -> None:
            places[start : start + len(found[1])], issues[start : start + len(found[1])] = found

        def give_up(at: int, error: Exception) -> None:
            self.log.note("A place", error)
            issues[at].append(_waits(rows[at], statement, "place.unreadable"))

        guard.by_halves(rows, lambda some: self._placed(statement, some, first=first), take, give_up)
        return places, issues

    def _placed(
        self, statement: Statement, rows: Sequence[Row], *, first: bool
    ) -> tuple[Geometries, list[list[Issue]]]:  # fmt: skip
        shapes, x, y, issues = self._numbers(statement, rows)
        declared = [self._said(row) for row in rows] if first and self._crs_column else None
        placed = statement.placer.place(x, y, declared)
        result: Geometries = np.full(len(rows), None, object)
        readings: dict[Reading, list[int]] = {}
        for i, reading in enumerate(placed.readings):
            if reading is not None:
                readings.setdefault(reading, []).append(i)
        for reading, members in readings.items():
            if statement.kind == "pair" or statement.kind == "latlon":
                result[members] = shapely.points(placed.lon[members], placed.lat[members])
            elif reading == Reading(LON_LAT):
                result[members] = shapes[members]
            else:
                result[members] = reading.shape(shapes[members])
        result, notes = geometry.clean(result)
        for i, row in enumerate(rows):
            if (note := placed.notes[i]) is not None:
                told, grave = _text_of(statement, row), note[1] == "place.waits"
                issues[i].append(Issue(row.line, statement.label, told, note[0], note[1], note[2], grave))
            if notes[i]:
                lost = result[i] is None
                issues[i].append(
                    Issue(
                        row.line,
                        statement.label,
                        "",
                        notes[i],
                        "place.waits" if lost else "geometry.mended",
                        grave=lost,
                    )
                )
        return result, issues

    def _numbers(
        self, statement: Statement, rows: Sequence[Row]
    ) -> tuple[Geometries, Floats, Floats, list[list[Issue]]]:
        """The raw shapes of a statement, and of each the pair of numbers that stands for it."""
        issues: list[list[Issue]] = [[] for _ in rows]
        shapes: Geometries = np.full(len(rows), None, object)
        x, y = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        if statement.kind == "geometry":
            shapes[:] = [row.geometry for row in rows]
        elif statement.kind == "wkt":
            shapes, wrong = shapes_of([row.values.get(statement.columns[0]) for row in rows])
            for at, (message, told) in wrong.items():
                issues[at].append(_waits(rows[at], statement, message, told))
        else:
            for i, row in enumerate(rows):
                values = [row.values.get(column) for column in statement.columns]
                x[i], y[i], message = pair(values, statement.style, self._o_is)
                if message:
                    issues[i].append(_waits(row, statement, message))
        if statement.kind in ("geometry", "wkt"):
            bounds = shapely.bounds(shapes)
            x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        return shapes, x, y, issues

    def _said(self, row: Row) -> str | None:
        """The CRS that a row itself names, None when it names none that is known."""
        text = row.values.get(self._crs_column) if self._crs_column else None
        if not text:
            return None
        word = str(text)
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


def _waits(row: Row, statement: Statement, message: str, values: dict[str, Any] | None = None) -> Issue:
    return Issue(row.line, statement.label, _text_of(statement, row), message, "place.waits", values or {}, True)


def _text_of(statement: Statement, row: Row) -> str:
    return ", ".join(guard.as_text(row.values.get(column) or "")[:_TOLD] for column in statement.columns)


def _apart_m(one: Any, other: Any) -> float:
    """Metres between two geometries in degrees, good to a few per cent over short ways."""
    middle = other.centroid
    scale = 111_320 * max(np.cos(np.radians(middle.y)), 0.01)
    degrees = shapely.distance(one, middle)
    return (
        float(degrees * scale)
        if degrees * scale <= APART_M
        else float(geometry.distance_m(np.array([one.centroid.x]), np.array([one.centroid.y]), (middle.x, middle.y))[0])
    )
