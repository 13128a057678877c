"""XLSX and ODS, row by row. Texts stay texts: none is ever run as a formula."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty

from tempuse.errors import Invalid
from tempuse.io.write import text
from tempuse.io.write.flat import Content
from tempuse.io.write.formats import MOST_SHEET_ROWS
from tempuse.texts import without_controls

# What one cell of Excel holds; WKT that is longer is left out, lon and lat still say where it is.
MOST_CELL = 32_767


def _rows(content: Content) -> Iterator[list[Any]]:
    for number, row in enumerate(text.table(content)):
        if number > MOST_SHEET_ROWS:
            raise Invalid("export.too_many_rows", most=MOST_SHEET_ROWS)
        if isinstance(row[-1], str) and len(row[-1]) > MOST_CELL:
            row[-1] = None
        yield row


def write_xlsx(path: Path, content: Content) -> None:
    """Write a workbook of one sheet, its header frozen and filtered.

    Raises:
        Invalid: there are more rows than a sheet holds.
    """
    rows = _rows(content)
    head = next(rows)
    book = Workbook(write_only=True)
    _describe(book, content)
    sheet = book.create_sheet(content.layer)
    sheet.freeze_panes = "B2"
    last = 0
    try:
        for row in chain([head], rows):
            sheet.append([_cell(sheet, value) for value in row])
            last += 1
    except BaseException:
        # openpyxl keeps a scratch file of its own until the book is saved.
        with contextlib.suppress(Exception):
            book.save(path)
        raise
    sheet.auto_filter.ref = f"A1:{_letters(len(head))}{last}"
    book.save(path)


def _describe(book: Any, content: Content) -> None:
    """Say in the properties of a workbook what it says of itself."""
    said = content.imprint.pairs(content.title)
    book.properties.title = without_controls(content.title) or None
    book.properties.creator = said.get("publisher", "tempuse")
    book.properties.description = said.get("description")
    for name, value in said.items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))


def _letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = without_controls(value)
        if value[:1] in ("=", "+", "-", "@"):
            cell = WriteOnlyCell(sheet, value[:MOST_CELL])
            cell.data_type = "s"  # openpyxl would make a formula of what begins with =
            cell.quotePrefix = True
            return cell
        return value if len(value) <= MOST_CELL else value[: MOST_CELL - 1] + "…"
    # Excel knows no time zones; the columns are UTC.
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">\n'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{_ODS}"/>\n'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>\n'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>\n</manifest:manifest>\n'
)
_META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' office:version="1.2">\n<office:meta>'
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">\n'
    "<office:body><office:spreadsheet>\n"
)


def write_ods(path: Path, content: Content) -> None:
    """One sheet with dates, flags and figures as such.

    Raises:
        Invalid: there are more rows than a sheet holds.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("meta.xml", _ods_meta(content))
        with archive.open("content.xml", "w", force_zip64=True) as out:
            out.write(f'{_HEAD}<table:table table:name="{escape(content.layer)}">\n'.encode())
            for row in _rows(content):
                out.write(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>\n".encode())
            out.write(b"</table:table></office:spreadsheet></office:body></office:document-content>\n")


def _ods_meta(content: Content) -> str:
    said = content.imprint.pairs(content.title)
    known = {"dc:title": content.title, "dc:creator": said.get("publisher"), "dc:description": said.get("description")}
    parts = [f"<{name}>{escape(without_controls(text))}</{name}>" for name, text in known.items() if text]
    parts += [f"<meta:user-defined meta:name={quoteattr(n)}>{escape(t)}</meta:user-defined>" for n, t in said.items()]
    return f"{_META}{''.join(parts)}</office:meta></office:document-meta>\n"


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        shown = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{shown}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    if isinstance(value, (date, datetime)):
        shown = value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value.isoformat()
        return f'<table:table-cell office:value-type="date" office:date-value="{shown}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in without_controls(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
