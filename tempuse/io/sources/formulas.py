"""Formulas of a workbook that the reader leaves empty without a word: those that failed, those never worked out."""

from __future__ import annotations

import re

from tempuse.errors import Issue

_FAILED = b' t="e"'
_OPEN = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_OPEN_DOCUMENT = re.compile(rb"<table:table-cell\b(?=[^>]*\stable:formula=)(?![^>]*\soffice:value-type=)[^>]*>")
_TEXT = b't="str"'  # a text without letters is a result
_LONGEST = 16 * 1024  # of a cell


class Formulas:
    """Counts them while a workbook's parts go by, piece by piece."""

    def __init__(self) -> None:
        self._failed = self._open = 0
        self._part, self._held = "", b""

    def take(self, part: str, chunk: bytes) -> None:
        """A piece of a part of the archive."""
        pattern = _OPEN if "worksheets/" in part else _OPEN_DOCUMENT if part == "content.xml" else None
        if pattern is None:
            return
        self._failed += chunk.count(_FAILED) if pattern is _OPEN else 0
        text = (self._held if part == self._part else b"") + chunk
        self._part, end = part, 0
        for match in pattern.finditer(text):
            self._open += pattern is not _OPEN or _TEXT not in match[1]
            end = match.end()
        self._held = text[max(end, len(text) - _LONGEST) :]

    def issues(self) -> list[Issue]:
        """What is to be said about them."""
        found = []
        if self._failed:
            values = {"cells": self._failed}
            found.append(Issue(None, "", "", "file.failed_formulas", "file.taken_as_empty", values))
        if self._open:
            values = {"cells": self._open}
            found.append(Issue(None, "", "", "file.open_formulas", "file.save_in_excel", values, grave=True))
        return found
