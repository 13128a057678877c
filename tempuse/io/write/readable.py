"""A table for people: which columns, in whose words, and how a cell of each looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadableColumn:
    """A column that a person reads.

    Attributes:
        heading: what stands above it, in the reader's language.
        value: what a feature has in it, of its properties and its ``lon`` and ``lat``: a text, a number, a day, None.
        kind: how it looks: text, number, money (with two decimals) or day.
        width: of the column, in letters.
    """

    heading: str
    value: Callable[[Mapping[str, Any]], Any]
    kind: str = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class Readable:
    """A table for people.

    Attributes:
        columns: all of it, what matters most first. CSV has them all.
        first: how many matter most: a workbook's first sheet has these, its second all fields as programs have them.
        sheet: the name of the first sheet.
        all_fields: the name of the second.
        decimal: the decimal sign of the reader's language; where it is a comma, CSV is separated by semicolons, as the
            spreadsheets of those languages expect.
    """

    columns: tuple[ReadableColumn, ...]
    first: int
    sheet: str
    all_fields: str
    decimal: str = "."

    @property
    def separator(self) -> str:
        """What stands between the cells of CSV."""
        return ";" if self.decimal == "," else ","
