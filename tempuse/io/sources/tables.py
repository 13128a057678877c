"""Tables: CSV in any separator and encoding, XLSX, XLS and ODS; the header is found below a preamble."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import python_calamine

from tempuse.errors import Invalid, Issue
from tempuse.io import commas
from tempuse.io.sources import letters
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.several import Table
from tempuse.io.sources.source import Row, Source, unique

SEPARATORS = ",;\t|"
LOOK_AT = 40  # a header stands within these rows
_SAMPLE_BYTES = 512 * 1024
_SMALL = 8 * 1024 * 1024  # up to here the rows are counted; beyond, the lines
_FEW_ROWS = 20_000
_MOST_MERGED = 1000

csv.field_size_limit(16 * 1024 * 1024)

Cells = list[Any]
Numbered = tuple[int, Cells]


def open_csv(path: Path, name: str, encoding: str | None = None, countries: Sequence[str] = ()) -> Source:
    """A text table; ``countries`` is where the list lies, as their languages have letters of their own.

    Raises:
        Invalid: it is not written as was told, or has no rows below its header.
    """
    found, issues = (Letters(encoding), []) if encoding is not None else _letters(path, countries)
    errors = "strict" if encoding is not None else found.errors
    try:
        with path.open(encoding=found.encoding, errors=errors, newline="") as file:
            head = file.read(_SAMPLE_BYTES)
    except (UnicodeError, LookupError) as error:
        raise Invalid("file.encoding", name=name, encoding=encoding) from error
    separator = _separator(head)

    def rows() -> Iterator[Numbered]:
        with path.open(encoding=found.encoding, newline="", errors=found.errors) as file:
            reader = csv.reader((line.replace("\0", "") for line in file), delimiter=separator, strict=False)
            number = 0
            try:
                for number, cells in enumerate(reader, 1):
                    yield number, [commas.bare(cell).strip() or None for cell in cells]
            except csv.Error as error:
                raise Invalid("file.cell_too_long", name=name, line=number + 1) from error

    return _table(name, "csv", rows, issues, None if path.stat().st_size <= _SMALL else _lines(path))


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1024 * 1024), b""))


def _letters(path: Path, countries: Sequence[str]) -> tuple[Letters, list[Issue]]:
    """How the letters of a text file are written, and what is to be said about that."""
    with path.open("rb") as file:
        if (mark := letters.mark_of(file.read(4096))) is not None:
            return Letters(mark), []
        file.seek(0)
        if letters.is_utf8(file):
            return Letters("utf-8"), []
        file.seek(0)
        return letters.decide(letters.seen_in(letters.lines_of(file)), "", countries)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most columns of equal number."""
    lines = text.splitlines()[:LOOK_AT]
    best, most = ",", 0.0
    for separator in SEPARATORS:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator)]
        width, often = Counter(width for width in widths if width > 1).most_common(1)[0] if max(widths) > 1 else (1, 0)
        if (score := often * (1 + width / 100)) > most and width > 1:
            best, most = separator, score
    return best


def open_sheets(path: Path, name: str) -> list[Table]:
    """The sheets of a workbook that hold rows below a header.

    Raises:
        Invalid: it cannot be read, or none of its sheets has rows.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise Invalid("file.encrypted", name=name) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Invalid("file.damaged", name=name) from error
    tables: list[Table] = []
    refused = Invalid("file.empty", name=name)
    for about in book.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            source = _sheet(book.get_sheet_by_name(about.name), name)
        except Invalid as error:
            refused = error
            continue
        source.layer = about.name
        tables.append(Table(source, "sheet", is_hidden=about.visible != python_calamine.SheetVisibleEnum.Visible))
    if not tables:
        raise refused
    return tables


def _sheet(content: Any, name: str) -> Source:
    issues: list[Issue] = []
    merged = _merged_down(content)
    if merged:
        issues.append(Issue(None, "", "", "file.merged_cells", "file.merged_filled", {"cells": len(merged)}))

    def rows() -> Iterator[Numbered]:
        held: dict[int, Any] = {}
        for number, cells in enumerate(content.iter_rows(), 1):
            found = [_cell(cell) for cell in cells]
            if merged:
                _fill_down(found, merged, number, held)
            yield number, found

    return _table(name, "sheet", rows, issues, None if content.height <= _FEW_ROWS else content.height)


def _merged_down(content: Any) -> set[tuple[int, int]]:
    """The cells (row from 1, column from 0 as rows are read) that a merged cell above covers."""
    left = content.start[1] if content.start else 0
    return {
        (row + 1, column - left)
        for (top, column), (bottom, _) in content.merged_cell_ranges or ()
        for row in range(top + 1, min(bottom, top + _MOST_MERGED) + 1)
    }


def _fill_down(cells: Cells, merged: set[tuple[int, int]], number: int, above: dict[int, Any]) -> None:
    """Give a row the values of the merged cells that reach down into it."""
    for column, cell in enumerate(cells):
        if cell is None and (number, column) in merged:
            cells[column] = above.get(column)
        else:
            above[column] = cell


def _cell(value: Any) -> Any:
    """A cell as we hold values: text without edges, whole numbers whole, nothing as None."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _table(
    name: str, kind: str, rows: Callable[[], Iterator[Numbered]], issues: list[Issue], about: int | None
) -> Source:
    """A table of numbered rows, its header found; ``about`` is how many rows there are, None to count them."""
    head = list(itertools.islice(rows(), LOOK_AT))
    if not any(any(cell is not None for cell in cells) for _, cells in head):
        raise Invalid("file.empty", name=name)
    header_at, header = _header(head)
    columns = unique([cell if cell is not None else "" for cell in header])
    while columns and header[len(columns) - 1] is None:
        columns.pop()
    width = len(columns)
    if header_at > next(number for number, cells in head if any(cell is not None for cell in cells)):
        issues.append(Issue(header_at, "", "", "file.preamble", "file.header_found", {"line": header_at}))
    for column, other in zip(columns, header, strict=False):
        if other is not None and column != " ".join(str(other).split()):
            issues.append(
                Issue(header_at, column, str(other), "file.column_twice", "file.column_named", {"column": column})
            )

    def read() -> Iterator[Row]:
        for number, cells in rows():
            if number <= header_at or all(cell is None for cell in cells):
                continue
            values = dict(zip(columns, cells, strict=False))
            extra = {f"Column {i}": cell for i, cell in enumerate(cells[width:], width + 1) if cell is not None}
            yield Row(number, {**values, **extra} if extra else values, problem="row.too_many_cells" if extra else "")

    count = about or sum(
        1 for number, cells in rows() if number > header_at and any(cell is not None for cell in cells)
    )
    if not count:
        raise Invalid("file.no_rows", name=name)
    return Source(name, kind, columns, read, count=count, issues=issues)


def _header(head: list[Numbered]) -> tuple[int, Cells]:
    """The row that names the columns: texts, few alike, about as wide as what follows."""
    widths = [sum(cell is not None for cell in cells) for _, cells in head]
    for i, (number, cells) in enumerate(head):
        below = [width for width in widths[i + 1 :] if width > 1] or widths[i + 1 :] or [0]
        texts = [cell for cell in cells if isinstance(cell, str) and not _is_number(cell)]
        few_alike = len(set(texts)) >= 0.6 * len(texts)
        if widths[i] >= max(median(below) * 0.6, 1) and len(texts) >= widths[i] * 0.8 and few_alike:
            return number, cells
    first = next(i for i, width in enumerate(widths) if width)
    return head[first]


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").replace(" ", "").isdigit()
