"""How far a workbook's sheets reach, found before one is built: the reader keeps every cell of a rectangle in memory.

A single letter in the last corner, typed by mistake, makes a table of ten rows one of 17 thousand million cells. What
stands so far out is left out and said.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tempuse.errors import Invalid, Issue

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a workbook of Excel; no other program has more
_ENOUGH = 5_000_000  # cells; a rectangle up to this size is never looked at
_SPARSE = 20  # above it, one that has more than so many cells for each that is filled
_ROW_GAP, _COLUMN_GAP = 1000, 100  # empty rows or columns, behind which nobody's list goes on
_MOST_TOLD = 10
_CHUNK = 1024 * 1024
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,8})(\d{1,12})["']""")
_CELL = re.compile(rb"<((?:\w+:)?c)\b([^>]*?)(?:/>|>.*?</\1>)", re.DOTALL)


@dataclass(slots=True)
class _Extent:
    """The rows and columns of a sheet in which something stands, counted from 1, and how many cells."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    cells: int = 0

    def is_sparse(self) -> bool:
        if not self.rows or not self.columns:
            return False
        area = (max(self.rows) - min(self.rows) + 1) * (max(self.columns) - min(self.columns) + 1)
        return area > max(_ENOUGH, _SPARSE * self.cells)

    def edges(self) -> tuple[int, int]:
        """The last row and the last column before the first wide gap."""
        return _last_before_gap(self.rows, _ROW_GAP), _last_before_gap(self.columns, _COLUMN_GAP)


def _last_before_gap(places: Iterable[int], gap: int) -> int:
    last = 0
    for place in sorted(places):
        if last and place - last > gap:
            break
        last = place
    return last


def within_reason(path: Path, scratch: Path, name: str) -> tuple[Path, list[Issue]]:
    """The workbook, or a copy of it without the cells that stand far out.

    Args:
        path: an XLSX or ODS file.
        scratch: a folder of our own.
        name: as the sender knows it.

    Raises:
        Invalid: a cell stands where no workbook has one.
    """
    changed: dict[str, bytes] = {}
    far: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part, re.IGNORECASE):
                extent = _extent_of_xlsx(_chunks(archive, part), name)
                if extent.is_sparse():
                    changed[part] = _without(archive.read(part), *extent.edges(), far)
            elif part == "content.xml" and (cut := _OpenDocument(archive.read(part), name).cut(far)) is not None:
                changed[part] = cut
        if not far:
            return path, []
        scratch.mkdir(parents=True, exist_ok=True)
        copy = scratch / f"near{path.suffix}"
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
            for part in archive.namelist():
                out.writestr(part, changed.get(part) or archive.read(part))
    said = ", ".join(far[:_MOST_TOLD]) + (" …" if len(far) > _MOST_TOLD else "")
    return copy, [Issue(None, "", said, "file.cells_far_out", "file.cells_cut", {"cells": said}, grave=True)]


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part of an archive, piece by piece, none of which ends within a tag."""
    held = b""
    with archive.open(part) as inside:
        while chunk := inside.read(_CHUNK):
            whole, mark, held = (held + chunk).rpartition(b"<")
            if whole:
                yield whole
            held = mark + held
    yield held


# ---- XLSX -----------------------------------------------------------------------------------------------


def _extent_of_xlsx(chunks: Iterable[bytes], name: str) -> _Extent:
    extent, letters = _Extent(), set[bytes]()
    for chunk in chunks:
        found = _REF.findall(chunk)
        extent.cells += len(found)
        letters.update({letter for letter, _ in found})
        extent.rows.update(map(int, {digits for _, digits in found}))
    extent.columns = {_column(letter) for letter in letters if letter}
    if max(extent.rows, default=0) > MOST_ROWS or max(extent.columns, default=0) > MOST_COLUMNS:
        raise _too_far(name, max(extent.columns, default=1), max(extent.rows))
    return extent


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _letters(column: int) -> str:
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _too_far(name: str, column: int, row: int) -> Invalid:
    return Invalid("file.sheet_too_wide", name=name, cell=f"{_letters(column)}{row}")


def _without(sheet: bytes, last_row: int, last_column: int, far: list[str]) -> bytes:
    """A sheet without the cells beyond an edge."""

    def kept(match: re.Match[bytes]) -> bytes:
        ref = _REF.search(match[2])
        if ref is None or (int(ref[2]) <= last_row and _column(ref[1]) <= last_column):
            return match[0]
        far.append(f"{ref[1].decode()}{int(ref[2])}")
        return b""

    return _CELL.sub(kept, sheet)


# ---- OpenDocument ---------------------------------------------------------------------------------------

_PART = re.compile(
    rb"<table:table(?=[\s>])|<table:table-row\b([^>]*?)(/?)>|<table:(?:covered-)?table-cell\b([^>]*?)(/?)>|</table:table-row>"
)
_ROWS = re.compile(rb"""table:number-rows-repeated\s*=\s*["'](\d{1,12})["']""")
_COLUMNS = re.compile(rb"""table:number-columns-repeated\s*=\s*["'](\d{1,12})["']""")


@dataclass(slots=True)
class _Filled:
    """A cell with something in it, as often as it is repeated; where its tag stands in the text."""

    row: int
    column: int
    rows: int
    columns: int
    row_tag: tuple[int, int]
    tag: tuple[int, int]


class _OpenDocument:
    """The sheets of an OpenDocument workbook: cells are counted, and repeated by a number."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content, self._name = content, name

    def cut(self, far: list[str]) -> bytes | None:
        """The content with what stands far out made empty, None where nothing does.

        Raises:
            Invalid: a cell stands where no workbook has one.
        """
        spans: list[tuple[int, int, bytes]] = []
        for sheet in self._sheets():
            extent = _Extent(cells=len(sheet))
            for cell in sheet:
                extent.rows |= {cell.row, cell.row + cell.rows - 1}
                extent.columns |= {cell.column, cell.column + cell.columns - 1}
            if max(extent.rows, default=0) > MOST_ROWS or max(extent.columns, default=0) > MOST_COLUMNS:
                raise _too_far(self._name, max(extent.columns), max(extent.rows))
            if not extent.is_sparse():
                continue
            last_row, last_column = extent.edges()
            for cell in sheet:
                if cell.row > last_row or cell.column > last_column:
                    spans.append((*cell.tag, b"<table:table-cell/>"))
                elif cell.row + cell.rows - 1 > last_row:
                    spans.append((*cell.row_tag, b"<table:table-row>"))
                elif cell.column + cell.columns - 1 > last_column:
                    tag = self._content[slice(*cell.tag)]
                    spans.append((*cell.tag, _COLUMNS.sub(b"", tag)))
                else:
                    continue
                far.append(f"{_letters(cell.column + cell.columns - 1)}{cell.row + cell.rows - 1}")
        if not spans:
            return None
        parts, at = [], 0
        for begin, end, instead in sorted(set(spans)):
            parts += [self._content[at:begin], instead]
            at = end
        return b"".join([*parts, self._content[at:]])

    def _sheets(self) -> Iterator[list[_Filled]]:
        sheet: list[_Filled] = []
        row = column = 0
        rows, row_tag = 1, (0, 0)
        for match in _PART.finditer(self._content):
            if match[1] is not None:
                row, rows = row + rows, _times(_ROWS, match[1])
                column, row_tag = 1, match.span()
            elif match[3] is not None:
                columns = _times(_COLUMNS, match[3])
                if b"value-type" in match[3] or b"office:value" in match[3]:
                    sheet.append(_Filled(row, column, rows, columns, row_tag, self._cell_span(match)))
                column += columns
            elif match[0] == b"<table:table":
                yield sheet
                sheet, row, rows = [], 0, 1
        yield sheet

    def _cell_span(self, match: re.Match[bytes]) -> tuple[int, int]:
        if match[4]:
            return match.span()
        end = self._content.find(b"table-cell>", match.end())
        return match.start(), len(self._content) if end < 0 else end + len(b"table-cell>")


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match[1]) if match else 1
