"""The sheets of a workbook, row by row, and ODS. Texts stay texts: none is ever run as a formula."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tempuse.errors import Invalid
from tempuse.io.write import for_people, text
from tempuse.io.write.flat import Content
from tempuse.io.write.formats import MOST_SHEET_ROWS
from tempuse.io.write.readable import ReadableColumn
from tempuse.texts import without_controls

# What one cell of Excel holds; WKT that is longer is left out, lon and lat still say where it is.
MOST_CELL = 32_767
# Of nine (measured): half the time of six, which is usual, for an eighth (Excel) to a third (ODS) more bytes.
_PACKED = 3


def _bounded(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    for number, row in enumerate(rows):
        if number > MOST_SHEET_ROWS:
            raise Invalid("export.too_many_rows", most=MOST_SHEET_ROWS)
        yield row


def _rows(content: Content) -> Iterator[list[Any]]:
    for row in _bounded(text.table(content)):
        if isinstance(row[-1], str) and len(row[-1]) > MOST_CELL:
            row[-1] = None
        yield row


def zipped(path: Path) -> zipfile.ZipFile:
    """The archive that a workbook is, to be written."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be: its rows, the names of its columns first, and how its columns look where a person reads them."""

    name: str
    rows: Iterator[list[Any]]
    columns: Sequence[ReadableColumn] = ()


@contextlib.contextmanager
def sheets(content: Content) -> Iterator[list[Sheet]]:
    """What a workbook has: all fields; before that, for people, a sheet of what matters in their words."""
    readable = content.readable
    if readable is None:
        yield [Sheet(content.layer, _rows(content))]
        return
    columns = readable.columns[: readable.first]
    with for_people.often(for_people.ended_last(content.texts)) as texts:
        heads = iter([[column.heading for column in columns]])
        yield [
            Sheet(readable.sheet, _bounded(chain(heads, for_people.rows(texts(), columns))), columns),
            Sheet(readable.all_fields, _rows(replace(content, texts=texts()))),
        ]


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

_LOST_SPACES = re.compile(r"^ +| +$|(?<= ) +", re.MULTILINE)


def write_ods(path: Path, content: Content) -> None:
    """One sheet, for people two, with dates, flags and figures as such.

    Raises:
        Invalid: there are more rows than a sheet holds.
    """
    with zipped(path) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("meta.xml", _ods_meta(content))
        with archive.open("content.xml", "w", force_zip64=True) as out:
            out.write(_HEAD.encode())
            with sheets(content) as made:
                for each in made:
                    out.write(f"<table:table table:name={quoteattr(each.name)}>\n".encode())
                    for row in each.rows:
                        out.write(_ods_row(row).encode())
                    out.write(b"</table:table>")
            out.write(b"</office:spreadsheet></office:body></office:document-content>\n")


def _ods_meta(content: Content) -> str:
    said = content.imprint.pairs(content.title)
    known = {"dc:title": content.title, "dc:creator": said.get("publisher"), "dc:description": said.get("description")}
    parts = [f"<{name}>{escape(without_controls(text))}</{name}>" for name, text in known.items() if text]
    parts += [f"<meta:user-defined meta:name={quoteattr(n)}>{escape(t)}</meta:user-defined>" for n, t in said.items()]
    return f"{_META}{''.join(parts)}</office:meta></office:document-meta>\n"


def _ods_row(row: Iterable[Any]) -> str:
    """A row; empty cells that stand together are one that is repeated."""
    cells, empty = list[str](), 0
    for value in row:
        if value is None:
            empty += 1
            continue
        if empty:
            cells.append(_gap(empty))
            empty = 0
        cells.append(_ods_text(value) if type(value) is str else _ods_value(value))
    if empty:
        cells.append(_gap(empty))
    return f"<table:table-row>{''.join(cells)}</table:table-row>\n"


@lru_cache(maxsize=1000)
def _gap(cells: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{cells}"/>'


def _ods_text(value: str) -> str:
    told = escape(value if value.isprintable() else without_controls(value))
    if "  " in told or "\n" in told or " " in (told[:1], told[-1:]):
        # Of spaces that stand together a reader keeps one, and at an end none: those are told by their number.
        told = _LOST_SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', told)
        told = told.replace("\n", "</text:p><text:p>")
    return f'<table:table-cell office:value-type="string"><text:p>{told}</text:p></table:table-cell>'


def _ods_value(value: Any) -> str:
    if isinstance(value, bool):
        shown = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{shown}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    shown = value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value.isoformat()
    return f'<table:table-cell office:value-type="date" office:date-value="{shown}"/>'
