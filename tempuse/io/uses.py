"""A list of who used which space, read row by row: what it tells, in our words, and what a person should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import shapely

from tempuse.errors import Invalid, Issue
from tempuse.folding import fold
from tempuse.geometry import LON_LAT
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.listed import SAMPLE, Cells, by_names
from tempuse.io.places.numbers import coordinate
from tempuse.io.sources.source import Row, Source
from tempuse.io.stretches import ListedStretch, read_ends, read_stretches
from tempuse.io.values.cells import Style
from tempuse.io.values.days import day_first
from tempuse.vocabulary import Outcome, SpaceKind

# What a column of such a list may be.
TARGETS = (
    "source_ref", "space", "address", "municipality", "title", "purpose", "organisation", "starts_on", "ends_on",
    "period", "hours", "came", "moved_to", "previous_use", "told_by", "lon", "lat", "kind",
)  # fmt: skip
# Beside the fields of a permit: they are kept as the sender wrote them.
_KEPT = ("period", "hours", "came", "moved_to", "told_by", "previous_use")
MOST = 20_000
_LONGEST = {"title": 200, "organisation": 200, "purpose": 4000, "came": 4000, "moved_to": 500}


@dataclass(slots=True, kw_only=True)
class ListedUse:
    """One use as a list tells it.

    Attributes:
        line: as the sender counts.
        space: a ref of ours, the sender's number or the name of the space.
        address: where it is, where the list says so.
        municipality: likewise.
        title: what it was called.
        purpose: what happened there.
        organisation: who used it.
        stretch: from when to when; None where that cannot be read.
        outcome: a value of ``Outcome``; empty where nothing is told.
        came: what came after, in the sender's words.
        moved_to: where it went.
        source_ref: the sender's number for it.
        point: where the space is; None where the list does not say.
        kind: of the space; empty where it does not say.
        hours: when in the week, in the sender's words.
        kept: what else the sender says, by their columns.
        issues: what was noticed about the row.
    """

    line: int
    space: str = ""
    address: str = ""
    municipality: str = ""
    title: str = ""
    purpose: str = ""
    organisation: str = ""
    stretch: ListedStretch | None = None
    outcome: str = ""
    came: str = ""
    moved_to: str = ""
    source_ref: str = ""
    point: Any = None
    kind: str = ""
    hours: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def crosswalk_for(source: Source, profile: str = "") -> Crosswalk:
    """What the columns of a list are, by a city's own crosswalk or by their names.

    Raises:
        Invalid: the crosswalk does not fit, or no column says when.
    """
    found = by_names(source.columns, "uses", profile, TARGETS)
    taken = {column.field for column in found.columns}
    if "space" not in taken and "address" not in taken:
        raise Invalid("use.no_space_column", columns=", ".join(source.columns))
    if not taken & {"period", "starts_on"}:
        raise Invalid("use.no_day_column", columns=", ".join(source.columns))
    return found


def read_uses(source: Source, crosswalk: Crosswalk) -> Iterator[ListedUse]:
    """Every use of a list, in its order; a row of several stretches is several uses.

    Raises:
        Invalid: it has more rows than are taken at once.
    """
    reader = _Reader(source, crosswalk)
    for number, row in enumerate(source.rows(), 1):
        if number > MOST:
            raise Invalid("use.too_many", most=MOST)
        yield from reader.uses_of(row)


class _Reader:
    """Knows how the file writes days, and what its words mean."""

    def __init__(self, source: Source, crosswalk: Crosswalk) -> None:
        self._cells = Cells(source, crosswalk)
        self._by = self._cells.by
        self._apart = {column.theirs for column in crosswalk.columns if column.field and column.field not in _KEPT}
        self._is_lon_lat = source.crs in (None, LON_LAT)
        self._outcomes = crosswalk.values.get("came", {})
        days = [self._by[name] for name in ("starts_on", "ends_on") if name in self._by]
        texts = (row.values.get(name) for row in source.sample(SAMPLE) for name in days)
        self._style = Style(day_first=day_first(texts))

    def uses_of(self, row: Row) -> Iterator[ListedUse]:
        told = self._cells.told(row)
        if not any(told.values()):
            return
        issues = [] if not row.problem else [Issue(row.line, "", "", row.problem, "row.cells_kept", grave=True)]
        kept = self._cells.kept(row, without=self._apart)
        for name, most in _LONGEST.items():
            if len(told.get(name, "")) > most:
                issues.append(self._cells.issue(row, name, told[name], "value.too_long", "value.cut", most=most))
                told[name] = told[name][:most]
        stretches = self._stretches(row, told, issues)
        for number, stretch in enumerate(stretches or [None], 1):
            use = ListedUse(
                line=row.line, stretch=stretch, outcome=self._outcome(told.get("came", "")), kept=dict(kept),
                point=self._point(row, told, issues), kind=self._kind(told.get("kind", "")), issues=list(issues),
                **{name: told.get(name, "") for name in (
                    "space", "address", "municipality", "title", "purpose", "organisation", "came", "moved_to",
                    "source_ref", "hours",
                )},
            )  # fmt: skip
            if number > 1 and use.source_ref:
                use.source_ref = f"{use.source_ref} ({number})"
            if number < len(stretches):
                use.outcome, use.came = Outcome.UNKNOWN.value, ""
            yield use

    def _stretches(self, row: Row, told: dict[str, str], issues: list[Issue]) -> list[ListedStretch]:
        start, end = told.get("starts_on", ""), told.get("ends_on", "")
        found: list[ListedStretch] = []
        if start or end:
            one, wrong = read_ends(start, end, self._style)
            if one is None:
                issues.append(self._cells.issue(row, wrong, told[wrong], "value.not_a_day", "use.left_out"))
                return []
            found = [one]
        elif period := told.get("period", ""):
            found = read_stretches(period, self._style)
            if not found:
                issues.append(self._cells.issue(row, "period", period, "use.no_stretch", "use.left_out"))
                return []
        if not found:
            issues.append(Issue(row.line, "", "", "use.no_days", "use.left_out", grave=True))
        for each in found:
            if each.starts_on and each.ends_on and each.ends_on < each.starts_on:
                values: dict[str, Any] = {"first": each.starts_on, "last": each.ends_on}
                shown = self._by.get("ends_on") or self._by.get("period", "")
                issues.append(Issue(row.line, shown, end or told.get("period", ""), "use.end_before_start",
                                    "use.left_out", values, grave=True))  # fmt: skip
                return []
            if each.wrong:
                days = f"{start} {end}".strip() or told.get("period", "")
                taken: dict[str, Any] = {"first": each.starts_on, "last": each.ends_on}
                issues.append(Issue(row.line, self._by.get("period", ""), days, each.wrong, "use.days_taken", taken))
        return found

    def _outcome(self, came: str) -> str:
        if not came:
            return ""
        folded = fold(came)
        if folded.replace(" ", "_") in set(Outcome):
            return folded.replace(" ", "_")
        for theirs, ours in self._outcomes.items():
            if folded == theirs or (theirs.endswith("*") and folded.startswith(theirs[:-1])):
                return ours
        return Outcome.UNKNOWN.value

    def _kind(self, told: str) -> str:
        return fold(told) if fold(told) in set(SpaceKind) else ""

    def _point(self, row: Row, told: dict[str, str], issues: list[Issue]) -> Any:
        if row.geometry is not None and self._is_lon_lat:
            return row.geometry if row.geometry.is_valid and not row.geometry.is_empty else None
        lon, lat = told.get("lon", ""), told.get("lat", "")
        if not lon and not lat:
            return None
        x, y = coordinate(lon, Style(".")), coordinate(lat, Style("."))
        if x is None or y is None or not (-180 <= x <= 180 and -90 <= y <= 90):
            issues.append(self._cells.issue(row, "lon", f"{lon} {lat}", "use.no_point", "value.left_empty"))
            return None
        return shapely.Point(round(x, 7), round(y, 7))
