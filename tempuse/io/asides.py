"""Rows of a list that are no spaces: headings within it, totals, its columns' names once more, units, where it is from.

``data/words/rows.csv`` has the words for them in the languages around. Such a row is left behind and said; whoever
knows better has them all brought in.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import Any

from tempuse import resources
from tempuse.folding import fold, fold_name
from tempuse.io import guard
from tempuse.io.sources.source import Row

_MOSTLY = 0.8
_WIDE = 3  # filled cells of a usual row, from which one alone in a row is a heading
_SOME = 0.6  # a list of which more rows say but one thing is a list of such rows
_LONGEST = 400  # letters
_FIGURES = re.compile(r"[\s:=–—-]*[\d.,\s%€²]*(?:m2|qm|ha|eur)?")
_RULE = re.compile(r"[-–—_=*~.:+|#]{2,200}")  # a line that somebody drew
_FEW_WORDS = 3
_FOOTNOTES = ("*", "†", "‡", "¹", "²", "³")


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    text = resources.path("words/rows.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["what"], set()).add(fold(row["word"]))
    return {what: frozenset(words) for what, words in found.items()}


class Asides:
    """Knows what rows of one list are that are no spaces.

    Args:
        columns: the sender's columns.
        sample: the first rows of the list.
        where: those of its columns that say where a space is; a row that says so besides is a space, whatever it is
            called.
    """

    def __init__(self, columns: Sequence[str], sample: Sequence[Row], where: frozenset[str]) -> None:
        self._heads = {name: fold_name(name) for name in columns}
        self._where = where
        filled = [len(_filled(row.values)) for row in sample]
        several = [count for count in filled if count > 1]
        self._is_wide = bool(several) and median(several) >= _WIDE and (
            sum(count == 1 for count in filled) <= _SOME * len(filled)
        )  # fmt: skip

    def what(self, row: Row) -> str:
        """What a row is that is no space, as the id of a sentence; empty for a space."""
        if row.geometry is not None or not (cells := _filled(row.values)):
            return ""
        if all(isinstance(cell, str) and _RULE.fullmatch(cell) for cell in cells.values()):
            return "row.is_heading"
        if len(cells) > 1 and self._repeats_head(cells):
            return "row.is_head"
        # Nearly every row is a space, and shows it soon: what it says further on is not looked at.
        texts = [name for name, cell in cells.items() if isinstance(cell, str) and len(cell) <= _LONGEST]
        if len(texts) == len(cells) > 1 and all(_is_unit(fold(cells[name])) for name in texts):
            return "row.is_units"
        where = self._where.intersection(cells)
        if not texts or where - {texts[0]}:
            return ""
        first = fold(cells[texts[0]])
        # A total or a heading may stand in the column of the streets; what has a figure there is an address.
        alone = len(cells) == 1 and not (where and any(sign.isdigit() for sign in first))
        if _is_total(first, bare=bool(where) or (alone and not self._is_wide)):
            return "row.is_total"
        if _is_note(first, any_=alone and self._is_wide):
            return "row.is_note"
        return "row.is_heading" if alone and self._is_wide else ""

    def _repeats_head(self, cells: Mapping[str, Any]) -> bool:
        others = len(cells) - max(2, math.ceil(_MOSTLY * len(cells)))
        for name, cell in cells.items():
            if fold_name(guard.as_text(cell).lstrip("\ufeff")) != self._heads.get(name):
                others -= 1
                if others < 0:
                    return False
        return True


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _is_unit(text: str) -> bool:
    return text.strip("()[]. ") in _words()["unit"] or text in _words()["unit"]


def _is_total(text: str, *, bare: bool) -> bool:
    """Whether a text begins with a word for a sum, and says not much more; ``bare``: nothing but figures."""
    rest = _behind(text, "total")
    if rest is None:
        return False
    return _FIGURES.fullmatch(rest) is not None or (not bare and len(rest.split()) <= _FEW_WORDS)


def _is_note(text: str, *, any_: bool) -> bool:
    """Whether a text begins with a word like *Source* and a colon; ``any_``: or with anything behind it."""
    rest = _behind(text, "note")
    if rest:
        return any_ or rest[0] in ":="
    return any_ and text.startswith(_FOOTNOTES)


def _behind(text: str, what: str) -> str | None:
    """What stands in a text behind one of these words that it begins with; None where it begins with none."""
    words = text.split()
    for length in range(min(len(words), 4), 0, -1):
        bare = " ".join(words[:length]).rstrip(":=.–—-")
        if bare in _words()[what]:
            return text[len(bare) :].lstrip(". ")
    return None
