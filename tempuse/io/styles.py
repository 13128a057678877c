"""How a file writes its numbers and days: decided by its own cells, then by its country, then by sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tempuse.errors import Issue
from tempuse.io.crosswalk import NOT, Column, Crosswalk, kind_of
from tempuse.io.sources.source import Row
from tempuse.io.values import decimals, parse
from tempuse.io.values.cells import Parsed, Style, literal, read
from tempuse.io.values.days import day_first, has_dots
from tempuse.io.values.decimals import Decided
from tempuse.io.values.measures import Parser
from tempuse.io.values.words import tokens
from tempuse.spaces import FIELDS

_LOOKED_AT = 500  # cells of a column that is none of ours
# What makes sense, in our units: nobody lends 1.25 m², nor measures 1,250 hectares in one space.
_SENSE = {"m2": (4.0, 5e6), "cm": (50.0, 2000.0), "days": (1.0, 36_500.0)}


_DONE = {"country": "value.sign_by_country", "sense": "value.sign_by_sense", "": "value.sign_ask"}


@dataclass(frozen=True, slots=True)
class DecimalQuestion:
    """A number that could be two, for all of its kind in a file.

    Attributes:
        column: where it stands.
        text: as it is written.
        comma: what it is where the comma stands before decimals; ``dot`` where the dot does.
        sign: which of them was taken, empty where it stays open.
        by: who decided: country, sense or told.
    """

    column: str
    text: str
    comma: float
    dot: float
    sign: str = ""
    by: str = ""


class Styles:
    """The styles of a file's columns."""

    def __init__(self, crosswalk: Crosswalk, sample: Sequence[Row], country: str, told: str, currency: str) -> None:
        """Look over a sample.

        Args:
            crosswalk: what the columns are.
            sample: the first rows.
            country: the decimal sign of the country where the rows must lie, empty where nobody knows.
            told: the decimal sign that a person said, empty where nobody did.
            currency: the register's.
        """
        self._crosswalk, self._sample = crosswalk, sample
        self._country, self._told, self._currency = country, told, currency
        self._votes: dict[str, Counter[str]] = {}
        self.issues: list[Issue] = []
        self.question: DecimalQuestion | None = None
        for column in crosswalk.columns:
            if kind_of(column.field) in ("number", "whole"):
                self._votes[column.theirs] = self._votes_of(column)
        self._sheet = self._of_sheet()

    def of(self, column: Column) -> Style:
        """How a column writes."""
        kind = kind_of(column.field)
        if kind == "day":
            return Style(day_first=day_first(self._texts(column.theirs)))
        if kind not in ("number", "whole"):
            return Style()
        decided = self._decide(column)
        if decided.by in ("country", "sense", "told", ""):
            self._note(column, decided)
        return Style(decided.sign)

    def checked(self, column: Column, parser: Parser) -> Parser:
        """A column's parser that leaves open what could be two numbers and makes no sense as it reads it."""
        if kind_of(column.field) not in ("number", "whole") or self._told:
            return parser
        style = Style(self._decide(column).sign)

        def parse(value: Any) -> Parsed:
            found, wrong = parser(value)
            open_yet = found is not None and type(value) is str and decimals.is_open(value)
            if open_yet and self._sensible(column, value, style)[0] is None:
                return None, "value.dot_or_comma"
            return found, wrong

        return parse

    def _texts(self, name: str) -> list[str]:
        return [value for row in self._sample if type(value := row.values.get(name)) is str]

    def _votes_of(self, column: Column) -> Counter[str]:
        """The votes of a column: those of its cells that make sense with the sign that they give away."""
        found: Counter[str] = Counter()
        for text in self._texts(column.theirs):
            for sign in decimals.votes([text]):
                if self._parse(column, text, Style(sign))[0] is not None:
                    found[sign] += 1
        return found

    def _of_sheet(self) -> str:
        """What the whole sheet says: the columns of numbers, then amounts in others, then how days are written."""
        ours = decimals.winner(sum(self._votes.values(), Counter()))
        if ours:
            return ours
        names = dict.fromkeys(name for row in self._sample for name in row.values if name not in self._votes)
        known = {column.theirs: column.field for column in self._crosswalk.columns}
        others: Counter[str] = Counter()
        dotted = False
        for name in names:
            texts = self._texts(name)[:_LOOKED_AT]
            if kind_of(known.get(name, "")) == "day" or not known.get(name):
                dotted = dotted or has_dots(texts)
            if not known.get(name):
                others += decimals.votes(text for text in texts if _is_amount(text))
        return decimals.winner(others) or ("," if dotted else "")

    def _decide(self, column: Column) -> Decided:
        if own := decimals.winner(self._votes[column.theirs]):
            return Decided(own, "column")
        open_cells = [text for text in self._texts(column.theirs) if decimals.is_open(text)]
        if self._told or not open_cells:
            return Decided(self._told or self._sheet, "told" if self._told and open_cells else "file")
        sense = decimals.by_sense(open_cells, lambda text, style: self._sensible(column, text, style))
        if self._sheet:  # what makes no sense as the sheet writes is asked
            return Decided(self._sheet, "file") if sense in ("", self._sheet) else Decided("")
        if sense:
            return Decided(sense, "sense")
        return Decided(self._country, "country" if self._country else "")

    def _parse(self, column: Column, text: str, style: Style) -> Parsed:
        unit = "" if column.unit in ("keep", NOT) else column.unit
        return parse.parser_for(column.field, unit, style, {}, self._currency)(text)

    def _sensible(self, column: Column, text: str, style: Style) -> Parsed:
        """A cell read with a style, None where such a value makes no sense."""
        found, wrong = self._parse(column, text, style)
        about: Any = FIELDS[column.field]
        least, most = _SENSE.get(str(about.get("unit")), (float("-inf"), float("inf")))
        # Three decimals are those of no amount, and of nothing that is counted.
        counted = about["kind"] == "whole" and about.get("unit") not in ("cm", "days")
        as_decimals = any(style.decimal in part.digits for part in read(text).parts)
        senseless = found is not None and (not least <= found <= most or (counted and as_decimals))
        return (None, wrong) if senseless else (found, wrong)

    def _note(self, column: Column, decided: Decided) -> None:
        """What the file as a whole should say of a sign that its cells did not tell."""
        text = next((text for text in self._texts(column.theirs) if decimals.is_open(text)), None)
        if text is None:
            return
        digits = next(part.digits for part in read(text).parts if decimals.is_open(part.digits))
        comma, dot = literal(digits, ",")[0], literal(digits, ".")[0]
        if comma is None or dot is None:
            return
        if self.question is None or (self.question.sign and not decided.sign):
            self.question = DecimalQuestion(column.theirs, text, comma, dot, decided.sign, decided.by)
        if decided.by == "told":
            return
        values = {"comma": _plain(comma), "dot": _plain(dot)}
        taken, other = ("comma", "dot") if decided.sign == "," else ("dot", "comma")
        values |= {"taken": values[taken], "other": values[other]}
        open_yet = not decided.sign
        self.issues.append(
            Issue(None, column.theirs, text, "value.dot_or_comma", _DONE[decided.by], values, grave=open_yet)
        )


def _plain(value: float) -> float:
    return int(value) if value.is_integer() else value


def _is_amount(text: str) -> bool:
    """Whether a cell of a column that is none of ours is surely an amount: with both signs, or two decimals."""
    if len(text) > 40 or not any(sign in text for sign in ",."):
        return False
    parts = read(text).parts
    if len(parts) != 1 or any(kind == "word" and len(told) > 3 for kind, told in tokens(text)):
        return False
    digits = parts[0].digits
    return ("," in digits and "." in digits) or digits[-3:-2] in (",", ".")
