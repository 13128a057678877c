"""Where a row says it is: its geometry, WKT, or one of several pairs of columns; and whether two of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Issue
from tempuse.geometry import LON_LAT, Floats, Geometries
from tempuse.io import guard
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.places import finding
from tempuse.io.places.angles import o_is
from tempuse.io.places.beside import find_beside
from tempuse.io.places.extents import Extent
from tempuse.io.places.home import FEWEST, Home
from tempuse.io.places.numbers import coordinate_style
from tempuse.io.places.placer import Placer
from tempuse.io.places.reading import Reading
from tempuse.io.places.statements import Names, Numbers, Statement, text_of, waits
from tempuse.io.sources.source import Row, Source
from tempuse.io.values.cells import Style

# Two statements of one row that lie farther apart than this are two places.
NEAR_M, APART_M = 50.0, 100.0
# Of a country nobody knows from where a plus code is short; of a town, in degrees, everybody does.
_TOWN = 0.8
# What says about where a row is, and so well that it is placed; with anything else it is only proposed.
_SQUARE = "place.square"
# What was done to a row that was not read as it stands.
_MENDED = frozenset({"place.turned_round", "place.sign_given_back", "place.read_as", "place.second_used"})


class Positions:
    """Reads the places of a file's rows, batch by batch."""

    def __init__(
        self, source: Source, crosswalk: Crosswalk, extent: Extent | None, crs: str | None, extra: Sequence[str],
        witness: Home | None = None,
    ) -> None:  # fmt: skip
        """Find the file's statements, in the order in which they are believed.

        Args:
            source: the file.
            crosswalk: which of its columns are places.
            extent: where places must lie.
            crs: what the planner declares for the first statement, None to find out.
            extra: systems worth trying: the city's own, the profile's.
            witness: where the register's own spaces lie.
        """
        self.statements: list[Statement] = []
        self.extent = extent
        self.log = guard.Log()
        self._source, self._crosswalk = source, crosswalk
        self._crs_column = crosswalk.column_for("crs")
        self._names = Names()
        self._o_is = o_is(extent)
        self._near = _middle(extent, witness)
        self.issues: list[Issue] = []
        self._witness = witness
        self._home: Home | None = None
        for kind, columns, declared in finding.statements(source, crosswalk):
            told = crs if crs and not self.statements else declared
            is_open = finding.is_order_open(kind, columns, crosswalk, extent)
            placer = Placer(extent, told, extra, witness, is_order_open=is_open)
            self.statements.append(Statement(kind, columns, placer, Style()))

    @property
    def columns(self) -> list[str]:
        """The sender's columns that say where a row is."""
        named = [name for statement in self.statements for name in statement.every_column()]
        return [*dict.fromkeys(named), *([self._crs_column] if self._crs_column else [])]

    def learn(self, sample: Sequence[Row]) -> None:
        """Find out from a sample how each statement means its numbers; what was found is in ``issues``."""
        for statement in self.statements:
            if statement.kind == "pair":
                statement.beside = find_beside(statement.columns, self._source, self._crosswalk, sample)
                texts = [row.values.get(column) for row in sample for column in statement.columns]
                statement.style = coordinate_style(texts)
            x, y, own = self._sampled(statement, sample)
            if self._crs_column is None or statement is not self.statements[0]:
                unsaid = np.array([each is None for each in own], bool)
                statement.placer.learn(x[unsaid], y[unsaid])
            else:
                self._learn_from_undeclared(statement, sample, x, y)
            if statement.placer.note is not None and statement is self.statements[0]:
                message, done, values = statement.placer.note
                grave = done == "place.nothing_placed"
                self.issues.append(Issue(None, statement.label, "", message, done, values, grave))
        self._find_home(sample)

    def _find_home(self, sample: Sequence[Row]) -> None:
        """Where the list lies, by those of its rows that nothing had to be done to."""
        places, issues = self._all(sample)
        plain = [
            place for place, said in zip(places, issues, strict=True)
            if place is not None and not any(issue.done in _MENDED for issue in said)
        ]  # fmt: skip
        if len(plain) >= FEWEST:
            self._home = Home.of(*geometry.anchors(np.array(plain, object)))
        for statement in self.statements:
            statement.placer.home = self._home

    def _sampled(self, statement: Statement, sample: Sequence[Row]) -> tuple[Floats, Floats, list[str | None]]:
        """The numbers of a sample, and the CRS that a place itself names; what cannot be read teaches nothing."""
        x, y = np.full(len(sample), np.nan), np.full(len(sample), np.nan)
        own: list[str | None] = [None] * len(sample)

        def take(start: int, found: Numbers) -> None:
            end = start + len(found.x)
            x[start:end], y[start:end], own[start:end] = found.x, found.y, found.own

        guard.by_halves(
            sample, lambda some: statement.numbers(some, self._names, self._o_is, self._near), take, lambda *_: None
        )
        return x, y, own

    def _learn_from_undeclared(self, statement: Statement, sample: Sequence[Row], x: Floats, y: Floats) -> None:
        """With a CRS column, only rows that its word does not place teach how the file usually errs."""
        said = [self._said(row) for row in sample]
        for crs in {each for each in said if each}:
            these = np.array([each == crs for each in said]) & np.isfinite(x) & np.isfinite(y)
            if these.sum() >= FEWEST:
                statement.placer.learn_turned(crs, x[these], y[these])
        turned = statement.placer.note
        placed = statement.placer.place(x, y, said)
        odd = np.array([note is not None or said[i] is None for i, note in enumerate(placed.notes)])
        if odd.any():
            statement.placer.learn(x[odd], y[odd])
            statement.placer.note = turned

    def read(self, rows: Sequence[Row]) -> tuple[Geometries, list[list[Issue]]]:
        """The places of a batch in EPSG:4326, None where there is none, and what was wrong row by row.

        A row far from where its list lies is said; where it came there by a mend, it waits.
        """
        places, issues = self._all(rows)
        self._hold_against_home(rows, places, issues)
        return places, issues

    def _hold_against_home(self, rows: Sequence[Row], places: Geometries, issues: list[list[Issue]]) -> None:
        mended = np.array([any(issue.done in _MENDED for issue in said) for said in issues], bool)
        there = np.flatnonzero([place is not None for place in places])
        home = self._home or (self._witness if mended.any() else None)
        if home is None or not len(there):
            return
        lon, lat = geometry.anchors(places[there])
        far = ~home.holds(lon, lat)
        if far.any() and (here := Home.of(lon, lat)) is not None:
            far &= ~here.holds(lon, lat)  # a long list may lie elsewhere further down
        for i, at in zip(there[far], np.flatnonzero(far), strict=True):
            if self._home is None and not mended[i]:
                continue
            told = text_of(self.statements[0], rows[i])
            values = {"km": round(float(home.distance_m(lon[at : at + 1], lat[at : at + 1])[0]) / 1000)}
            if mended[i]:
                places[i] = None
                issues[i] = [issue for issue in issues[i] if issue.done not in _MENDED]
            done = "place.waits" if mended[i] else "place.far_taken"
            issues[i].append(Issue(rows[i].line, self.statements[0].label, told, "place.far", done, values, True))

    def _all(self, rows: Sequence[Row]) -> tuple[Geometries, list[list[Issue]]]:
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
                    if apart > NEAR_M:
                        said: dict[str, Any] = {
                            "first": self.statements[0].label,
                            "second": statement.label,
                            "distance_m": round(apart),
                        }
                        message = "place.two_places" if apart > APART_M else "place.two_near"
                        issues[i].append(Issue(row.line, statement.label, "", message, "place.first_taken", said, True))
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
            issues[at].append(waits(rows[at], statement, "place.unreadable"))

        guard.by_halves(rows, lambda some: self._placed(statement, some, first=first), take, give_up)
        return places, issues

    def _placed(
        self, statement: Statement, rows: Sequence[Row], *, first: bool
    ) -> tuple[Geometries, list[list[Issue]]]:  # fmt: skip
        numbers = statement.numbers(rows, self._names, self._o_is, self._near)
        shapes, issues = numbers.shapes, numbers.issues
        declared = [self._said(row) for row in rows] if first and self._crs_column else None
        if any(numbers.own):
            declared = [own or said for own, said in zip(numbers.own, declared or numbers.own, strict=True)]
        placed = statement.placer.place(numbers.x, numbers.y, declared)
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
                told, grave = text_of(statement, row), note[1] == "place.waits"
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
        for i, message in numbers.about.items():
            if result[i] is not None:
                issues[i].append(_about(rows[i], statement, message, result[i]))
                result[i] = result[i] if message == _SQUARE else None
        return result, issues

    def _said(self, row: Row) -> str | None:
        """The CRS that a row itself names, None when it names none that is known."""
        text = row.values.get(self._crs_column) if self._crs_column else None
        return self._names.known(guard.as_text(text)) if text else None


def _middle(extent: Extent | None, witness: Home | None) -> tuple[float, float] | None:
    """Lon and lat of the middle of the town that a list is of, None where nobody knows it."""
    if witness is not None:
        return witness.lon, witness.lat
    if extent is None:
        return None
    west, south, east, north = extent.shape.bounds
    return ((west + east) / 2, (south + north) / 2) if max(east - west, north - south) <= _TOWN else None


def _about(row: Row, statement: Statement, message: str, place: Any) -> Issue:
    """That a row says only about where it is: where that is, and whether it was placed there."""
    at = f"{round(place.y, 6)}, {round(place.x, 6)}"
    is_placed = message == _SQUARE
    done = "place.middle_taken" if is_placed else "place.proposed"
    return Issue(row.line, statement.label, text_of(statement, row), message, done, {"at": at}, not is_placed)


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
