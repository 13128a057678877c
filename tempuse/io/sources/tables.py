"""Tables: a header below a preamble, and rows; the sheets of XLSX, XLS and ODS."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import python_calamine

from tempuse.errors import Invalid, Issue
from tempuse.io.sources import number_formats
from tempuse.io.sources.headers import Cells, Known, Numbered, beside, header_of, later
from tempuse.io.sources.hidden_rows import hidden_rows
from tempuse.io.sources.number_formats import Shown
from tempuse.io.sources.several import Table
from tempuse.io.sources.source import Row, Source, unique

LOOK_AT = 40  # a header stands within these rows
_FEW_ROWS = 20_000
_MOST_MERGED = 1000
_FIGURES = re.compile(r"[-+−]?\d[\d.,\s]*")

Rows = Callable[[], Iterator[Numbered]]


def open_sheets(path: Path, name: str, known: Known) -> list[Table]:
    """The sheets of a workbook that hold rows below a header; ``known`` are names of columns against our fields.

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
    units, hidden = number_formats.shown(path), hidden_rows(path)
    refused = Invalid("file.empty", name=name)
    for about in book.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(about.name)
            source = _sheet(sheet, name, units.get(about.name) or Shown(), hidden.get(about.name, frozenset()), known)
        except Invalid as error:
            refused = error
            continue
        source.layer = about.name
        tables.append(Table(source, "sheet", is_hidden=about.visible != python_calamine.SheetVisibleEnum.Visible))
    if not tables:
        raise refused
    return tables


def _sheet(content: Any, name: str, shown: Shown, hidden: frozenset[int], known: Known) -> Source:
    issues: list[Issue] = []
    left = content.start[1] if content.start else 0
    merged = _merged_down(content)
    if merged:
        issues.append(Issue(None, "", "", "file.merged_cells", "file.merged_filled", {"cells": len(merged)}))

    def rows() -> Iterator[Numbered]:
        held: dict[int, Any] = {}
        for number, cells in enumerate(content.iter_rows(), 1):
            found = [_cell(cell) for cell in cells]
            if shown.cells:
                found = [
                    number_formats.with_unit(cell, unit) if (unit := shown.cells.get((number, i))) else cell
                    for i, cell in enumerate(found, left)
                ]
            if merged:
                _fill_down(found, merged, number, held)
            yield number, found

    if hidden:
        unseen = sum(number in hidden and any(cell is not None for cell in cells) for number, cells in rows())
        if unseen:
            issues.append(Issue(None, "", "", "file.hidden_rows", "file.hidden_read", {"rows": unseen}, grave=True))

    def named(columns: list[str]) -> list[str]:
        return [shown.headed(i, column) for i, column in enumerate(columns, left)]

    return table(name, "sheet", rows, issues, None if content.height <= _FEW_ROWS else content.height, known, named)


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


def table(
    name: str, kind: str, rows: Rows, issues: list[Issue], about: int | None,
    known: Known, named: Callable[[list[str]], list[str]] = list,
) -> Source:  # fmt: skip
    """A table of numbered rows, its header found.

    Args:
        name: the file's.
        kind: as ``formats`` names it.
        rows: how to read its rows, from the first.
        issues: what was noticed about it; more is added.
        about: how many rows there are, None to count them.
        known: names of columns against our fields.
        named: what its columns are to be called, of what the header calls them.
    """
    head = list(itertools.islice(rows(), LOOK_AT))
    if not any(any(cell is not None for cell in cells) for _, cells in head):
        raise Invalid("file.empty", name=name)
    header_at, header = header_of(head, known)
    if (gap := beside(head, header_at, header)) is not None:
        told = next(str(cell) for cell in header[gap:] if cell is not None)
        issues.append(Issue(header_at, "", told, "file.table_beside", "file.beside_left", {"column": told}, grave=True))
        header, rows = header[:gap], _left_of(rows, gap)
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
    columns = named(columns)
    others = later(rows(), header_at, columns, known) if about is None else {}
    tables = {number: unique([cell if cell is not None else "" for cell in cells]) for number, cells in others.items()}
    for number, names in tables.items():
        told = ", ".join(str(cell) for cell in others[number] if cell is not None)
        issues.append(Issue(number, "", told, "file.another_table", "file.read_by_its_columns", {"line": number}))
        columns += [each for each, cell in zip(names, others[number], strict=True) if cell and each not in columns]
    first = columns[:width]

    def read() -> Iterator[Row]:
        names = first
        for number, cells in rows():
            if number <= header_at or all(cell is None for cell in cells):
                continue
            if number in tables:
                names = tables[number]
                continue
            # Most cells of a wide list are empty: they are not carried any further.
            values = {name: cell for name, cell in zip(names, cells, strict=False) if cell is not None}
            extra = {
                f"Column {i}": cell for i, cell in enumerate(cells[len(names) :], len(names) + 1) if cell is not None
            }
            if extra and kind == "csv":
                extra = {**_unsure(values, names), **extra}
            yield Row(number, {**values, **extra} if extra else values, problem="row.too_many_cells" if extra else "")

    count = about or sum(
        1 for number, cells in rows()
        if number > header_at and number not in tables and any(cell is not None for cell in cells)
    )  # fmt: skip
    if not count:
        raise Invalid("file.no_rows", name=name)
    return Source(name, kind, columns, read, count=count, issues=issues)


def _left_of(rows: Rows, gap: int) -> Rows:
    return lambda: ((number, cells[:gap]) for number, cells in rows())


def _unsure(values: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """Take the numbers out of a row that a separator too many has shifted: nobody knows which is which any more."""
    taken = {}
    for i, name in enumerate(columns[1:], 2):
        if isinstance(values.get(name), str) and _FIGURES.fullmatch(values[name]):
            taken[f"Column {i}"], values[name] = values[name], None
    return taken
