"""Comma-separated files: the one way in which they leave, and how what it adds comes off again.

A spreadsheet runs a cell that begins like a formula, whoever wrote it. So each text that does gets an apostrophe
before it, in cells and in headers alike; and reading takes off exactly this apostrophe.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# What a spreadsheet takes for a formula, also in the wide letters of East Asia, and after a line end or a tab; plain
# figures and telephone numbers are none. An apostrophe before it that was there already is guarded like the rest,
# so that taking off one gives the text back.
_FORMULA = re.compile(r"'*+(?:[=@\t\r\n＝＠]|[+\-＋－](?![\d\s.,/()-]*+\Z))")


_RISKY = frozenset("'=@\t\r\n＝＠+-＋－")


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before what would be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """A cell's text as it was before ``harmless``."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def harmless_all(texts: Iterable[str | None]) -> list[str | None]:
    """The same of many, of which most begin with a letter."""
    return [text if text is None or text[:1] not in _RISKY else harmless(text) for text in texts]


def cell(value: Any) -> Any:
    """A value as CSV shows it: flags as true and false, days as ISO 8601, texts harmless."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return harmless(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


class Writer:
    """Writes rows of cells into an open text file."""

    def __init__(self, out: TextIO, line_end: str = "\r\n", separator: str = ",") -> None:
        self._writer = csv.writer(out, lineterminator=line_end, delimiter=separator)

    def row(self, cells: Iterable[Any]) -> None:
        """One row; the names of the columns are one, too."""
        self._writer.writerow([None if each is None else cell(each) for each in cells])

    def ready_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Several whose cells are what ``cell`` would make of them."""
        self._writer.writerows(rows)

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Several."""
        for each in rows:
            self.row(each)
