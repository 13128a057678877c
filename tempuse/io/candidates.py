"""A sender's rows as candidates for spaces: values in our words, a place where there is one, issues beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tempuse.errors import Issue
from tempuse.folding import fold
from tempuse.io.asides import Asides
from tempuse.io.by_hand import ByHand, explained, propose
from tempuse.io.crosswalk import NOT, PLACES, Column, Crosswalk, kind_of
from tempuse.io.crosswalk.restricting import RESTRICTING, withholding
from tempuse.io.guard import as_told
from tempuse.io.places.addresses import join_address
from tempuse.io.places.extents import Extent
from tempuse.io.places.home import Home
from tempuse.io.places.positions import Positions
from tempuse.io.sources.source import Row, Source
from tempuse.io.styles import Styles
from tempuse.io.values import amounts, parse
from tempuse.io.values.cells import Parsed
from tempuse.io.values.measures import Parser
from tempuse.spaces import FIELDS
from tempuse.texts import without_controls
from tempuse.vocabulary import PlacedBy, SpaceStatus

BATCH = 2000
_SAMPLE = 5000

# A row that tells one of these is a space, whatever it is called.
_WHERE = frozenset({*PLACES, "address", "street", "parcel_refs"}) - {"crs"}
_NOT_WHOLE = (
    "value.too_long", "value.not_in_list", "value.with_remark", "value.year_taken", "value.about",
)  # fmt: skip
_REMEMBERED = 10_000
_LONGEST_WORD = 60
# What spreadsheets write into a cell whose formula failed, in the languages around.
FAILED_FORMULAS = frozenset({
    "#n/a", "#div/0!", "#ref!", "#value!", "#name?", "#null!", "#num!", "#n/b", "#nb", "#deel/0!", "#verw!", "#waarde!",
    "#naam?", "#leeg!", "#getal!", "#nv", "#bezug!", "#wert!", "#zahl!", "#valeur!", "#nom?", "#nombre!", "#nul!",
    "#n/d",
})  # fmt: skip
# What was done about a value that did not fit: what a planner should look at is ``grave``.
_LEFT = frozenset({"value.unreadable", "value.dot_or_comma", "value.several", "value.term_unit", "value.no_such_day"})


@dataclass(slots=True)
class Candidate:
    """One row on its way to become a space.

    Attributes:
        line: as the sender counts.
        fields: our fields that the row tells, parsed.
        source_ref: the sender's own name for it, made from its address where there is none.
        retired_on: the day it left the sender's list, None while it is on it.
        status: where the sender has it, as ours are called; *withheld* for what must not be shown.
        aside: what it is that is no space, as the id of a sentence: a heading, a total, a note; empty for a space.
        table: in which of several tables that are read as one list it stood, empty where there is one.
        where: the coordinates that it has though they place it nowhere.
        parts: street, house number and box, where they stand in columns of their own.
        unclear: columns that restrict who may see it and say here what we do not understand, with what they say.
        issues: what was noticed about the row.
    """

    line: int
    fields: dict[str, Any]
    source_ref: str = ""
    retired_on: date | None = None
    issues: list[Issue] = field(default_factory=list)
    status: str = ""
    unclear: list[tuple[str, str]] = field(default_factory=list)
    table: str = ""
    parts: tuple[str, str, str] | None = None
    where: str = ""
    aside: str = ""


class Candidates:
    """Reads a file as candidates, after having looked over it once."""

    def __init__(
        self, source: Source, crosswalk: Crosswalk, *,
        extent: Extent | None = None, crs: str | None = None, extra_crs: Sequence[str] = (),
        decimal: str = "", currency: str = "EUR", witness: Home | None = None, every_row: bool = False,
        by_hand: ByHand | None = None,
    ) -> None:  # fmt: skip
        """Look over the file.

        Args:
            source: the file.
            crosswalk: what its columns are.
            extent: where its rows must lie, None where nobody knows.
            crs: what its coordinates are, None to find out.
            extra_crs: systems worth trying.
            decimal: the sign before decimals where the file does not tell it, empty to decide.
            currency: the register's.
            witness: where the register's own spaces lie.
            every_row: take headings, totals and notes for spaces, too.
            by_hand: what a person said of single rows.
        """
        self.source = source
        self.crosswalk = crosswalk
        self._missing = frozenset(fold(each) for each in crosswalk.listed("missing"))
        extra = [*crosswalk.listed("crs"), *extra_crs]
        self.positions = Positions(source, crosswalk, extent, crs, extra, witness)
        sample = source.sample(_SAMPLE)
        where = {column.theirs for column in crosswalk.columns if column.field in _WHERE}
        self._asides = None if every_row else Asides(source.columns, sample, frozenset(where))
        self._spaces = by_hand.spaces if by_hand else frozenset()
        self.positions.learn(sample)
        facts = [column for column in crosswalk.columns if column.field and column.field not in PLACES]
        self.styles = Styles(crosswalk, sample, extent.decimal if extent else "", decimal, currency)
        self._columns = [self._prepared(column, currency) for column in facts]
        self._addresses = crosswalk.values.get("address", {})
        mapped = {column.theirs for column in crosswalk.columns if column.field} | set(self.positions.columns)
        self._names = frozenset(source.columns)
        self._unmapped = [name for name in source.columns if name not in mapped]
        # A sender who marks what may be shown leaves the rest empty.
        self._shown_if = [each.theirs for each in facts if each.field == "withhold" and each.unit == NOT]

    def _prepared(self, column: Column, currency: str) -> tuple[str, str, Parser, bool]:
        theirs, target, unit = column.theirs, column.field, column.unit
        kind = kind_of(target)
        style = self.styles.of(column)
        words = self.crosswalk.values.get("flag" if kind == "flag" else target, {})
        if kind == "flag" and target != "withhold":
            words = {**words, **self.crosswalk.values.get(target, {})}
        parser = parse.parser_for(target, "" if unit in ("keep", NOT) else unit, style, words, currency)
        parser = self.styles.checked(column, parser)
        if target == "withhold":
            parser = withholding(parser, self.crosswalk.values.get(target, {}), contrary=unit == NOT)
        elif kind not in ("choice", "flag", "list"):
            parser = explained(parser, words)
        # Whoever does not know whether it may be shown has said something.
        missing = self._missing if target != "withhold" else frozenset()
        return theirs, target, self._remembering(parser, kind, target, missing), unit == "keep"

    def _remembering(self, parser: Parser, kind: str, target: str, missing: frozenset[str]) -> Parser:
        """A parser that knows what counts as missing, and parses each text of a choice or a day only once.

        It never raises: what the parser did not expect is left open, said, and kept beside.
        """
        few = kind not in ("text", "long")
        held: dict[str, Parsed] = {}

        def parse_value(value: Any) -> Parsed:
            is_text = type(value) is str
            if is_text:
                if few and (known := held.get(value)) is not None:
                    return known
                if value[0] == "#" and fold(value) in FAILED_FORMULAS:
                    return None, "value.failed_formula"
                if missing and len(value) <= _LONGEST_WORD and fold(value) in missing:
                    return None, ""
            try:
                found = parser(value)
            except Exception as error:
                self.positions.log.note(f"A value of {target}", error)
                found = None, "value.unreadable"
            if few and is_text and len(held) < _REMEMBERED:
                held[value] = found
            return found

        return parse_value

    @property
    def issues(self) -> list[Issue]:
        """What was noticed about the file as a whole; some of it only when its last row has been read."""
        return [*self.source.issues, *self.styles.issues, *self.positions.issues]

    def batches(self) -> Iterator[list[Candidate]]:
        """All rows as candidates, about 2,000 at a time."""
        held: list[Row] = []
        for row in self.source.rows():
            held.append(row)
            if len(held) == BATCH:
                yield self._read(held)
                held = []
        if held:
            yield self._read(held)

    def first(self, count: int) -> list[Candidate]:
        """The first rows, for a look before anything is written."""
        return self._read(self.source.sample(count))

    def _read(self, rows: Sequence[Row]) -> list[Candidate]:
        places, issues = self.positions.read(rows)
        found = []
        for row, place, place_issues in zip(rows, places, issues, strict=True):
            if self._asides and row.line not in self._spaces and (aside := self._asides.what(row)):
                found.append(_aside(row, aside))
                continue
            candidate = self._candidate(row)
            candidate.issues += place_issues
            if place is not None:
                candidate.fields["geometry"] = place
                candidate.fields["placed_by"] = PlacedBy.FILE.value
            if place is None or any(issue.done == "place.first_taken" for issue in place_issues):
                self._keep_where(candidate, row)
            if place is None:
                propose(candidate.fields, place_issues)
            found.append(candidate)
        return found

    def _keep_where(self, candidate: Candidate, row: Row) -> None:
        """Keep beside what a row says of its place and could not be taken: somebody may place it by hand."""
        told = {name: text for name in self.positions.columns if (text := as_told(row.values.get(name) or ""))}
        if told:
            candidate.fields["source_fields"] = {**candidate.fields.get("source_fields", {}), **told}
            candidate.where = ", ".join(told.values()) if any(not _is_nought(text) for text in told.values()) else ""

    def _candidate(self, row: Row) -> Candidate:
        values = row.values
        issues: list[Issue] = []
        fields: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        unclear: list[tuple[str, str]] = []
        for theirs, target, parser, keep in self._columns:
            value = values.get(theirs)
            if value is None or value == "":
                continue
            if type(value) is str and not value.isprintable() and not (value := without_controls(value)):
                continue
            found, wrong = parser(value)
            if wrong:
                issues.append(_issue(row.line, theirs, target, as_told(value) or "", found, wrong))
            second = target in fields and found is not None and found != fields[target]
            if found is not None and (target not in fields or (target == "withhold" and found)):
                fields[target] = found
            lost = wrong and wrong != "value.failed_formula" and (found is None or wrong in _NOT_WHOLE)
            if keep or lost or second:
                kept[theirs] = as_told(value)
            if wrong and found is None and target in RESTRICTING:
                unclear.append((theirs, as_told(value) or ""))
        for name in self._unmapped if not row.problem else self._unmapped_of(row):
            value = values.get(name)
            if value is not None and value != "" and (told := as_told(value)):
                kept[without_controls(name)] = told
        if row.problem:
            done = "place.waits" if row.problem.startswith("geometry") else "row.cells_kept"
            issues.append(Issue(row.line, "", "", row.problem, done, grave=True))
        for name, message in amounts.settle(fields).items():
            theirs = next(theirs for theirs, target, _, _ in self._columns if target == name and values.get(theirs))
            kept[theirs] = as_told(values[theirs])
            issues.append(_issue(row.line, theirs, name, kept[theirs], fields.get(name), message))
        source_ref = str(fields.pop("source_ref", "") or "")
        retired_on = fields.pop("retired_on", None)
        parts = self._address(fields)
        if kept:
            fields["source_fields"] = kept
        status = str(fields.pop("status", None) or "")
        if fields.pop("withhold", False) or any(values.get(name) in (None, "") for name in self._shown_if):
            status = SpaceStatus.WITHHELD.value
        table = str(values.get(self.source.apart) or "") if self.source.apart else ""
        return Candidate(row.line, fields, source_ref, retired_on, issues, status, unclear, table, parts)

    def _address(self, fields: dict[str, Any]) -> tuple[str, str, str] | None:
        """Street, number and box as one address, in the words that somebody has explained it with."""
        parts = join_address(fields)
        if (address := self._addresses.get(fold(fields.get("address") or ""))) is None:
            return parts
        fields["address"] = address
        return None

    def _unmapped_of(self, row: Row) -> list[str]:
        """Also what stands beyond the last column that has a name."""
        return [*self._unmapped, *(name for name in row.values if name not in self._names)]


def _aside(row: Row, what: str) -> Candidate:
    """A row that is no space, with what it says."""
    said = " | ".join(told for value in row.values.values() if value is not None and (told := as_told(value)))
    return Candidate(row.line, {}, issues=[Issue(row.line, "", said, what, "row.left_behind", grave=True)], aside=what)


def _is_nought(text: str) -> bool:
    return not text.strip("0.,+- ")


def _issue(line: int, theirs: str, target: str, value: str, found: Any, wrong: str) -> Issue:
    about: Any = FIELDS.get(target, {})
    values = {name: int(about[name]) for name in ("least", "most") if name in about}
    if wrong == "value.too_long":
        return Issue(line, theirs, value, wrong, "value.cut", {"most": len(found)}, True)
    if wrong == "value.failed_formula":
        return Issue(line, theirs, value, wrong, "value.nothing_there")
    if found is not None:
        return Issue(line, theirs, value, wrong, "value.taken", {**values, "field": target, "taken": found})
    unknown = about.get("kind") == "flag" or (about.get("kind") == "choice" and "unknown" in set(about["of"]))
    done = "value.kept_unknown" if unknown else "value.left_empty"
    return Issue(line, theirs, value, wrong, done, values, wrong in _LEFT or not unknown)
