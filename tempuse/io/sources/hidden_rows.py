"""Rows of a workbook that are not seen in it: hidden by hand, folded away, left out by a filter.

No reader of cells tells them from the others.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from tempuse.io.sources.workbook_parts import sheets_of

_AT_ONCE = 1 << 20
_LONGEST = 8192  # bytes of what may be the beginning of a tag; none of ours is so long
_MOST = 100_000  # of a sheet; whoever hides more hides them all
# A tag is told by its first letters; an attribute holds no ">" that Excel or LibreOffice would leave bare.
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s([^<>]{1,4000})>")
_NUMBER = re.compile(rb"""\br\s?=\s?["']([0-9]{1,7})["']""")
_HIDDEN = re.compile(rb"""\shidden\s?=\s?["'](?:1|true)["']""")
_TABLE = re.compile(rb"<table:table(-row)?((?:\s[^<>]{0,4000})?)>")
_NAME = re.compile(rb"""\btable:name="([^"]{0,400})\"""")
_REPEATED = re.compile(rb"""\btable:number-rows-repeated="([0-9]{1,7})\"""")
_COLLAPSED = re.compile(rb"""\btable:visibility="(?:collapse|filter)\"""")


def hidden_rows(path: Path) -> dict[str, frozenset[int]]:
    """The numbers of the rows that the sheets of an XLSX or ODS hide, from 1, by sheet; of other files none."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" in archive.namelist():
                return _of_ods(archive)
            return {sheet: frozenset(_of_sheet(archive, part)) for sheet, part in sheets_of(archive).items()}
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, NotImplementedError):
        return {}  # what is damaged, the reader of the cells says; what it reads all the same is not refused here


def _tags(archive: zipfile.ZipFile, part: str, tag: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The tags of a part, of which no more is held than some."""
    held = b""
    with archive.open(part) as file:
        while some := file.read(_AT_ONCE):
            whole, begun, rest = (held + some).rpartition(b"<")
            yield from tag.finditer(whole)
            held = (begun + rest)[:_LONGEST]  # what follows holds no other tag
        yield from tag.finditer(held)


def _of_sheet(archive: zipfile.ZipFile, part: str) -> Iterator[int]:
    found = 0
    for tag in _tags(archive, part, _ROW):
        if found < _MOST and not tag[1].endswith(b"/") and _HIDDEN.search(b" " + tag[1]):
            number = _NUMBER.search(tag[1])
            if number is not None:
                found += 1
                yield int(number[1])


def _of_ods(archive: zipfile.ZipFile) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    sheet, number = set[int](), 0
    for tag in _tags(archive, "content.xml", _TABLE):
        if tag[1] is None:
            name = _NAME.search(tag[2])
            sheet, number = found.setdefault(unescape(name[1].decode(errors="replace")) if name else "", set()), 0
            continue
        repeated = _REPEATED.search(tag[2])
        next_number = number + (int(repeated[1]) if repeated else 1)
        if len(sheet) < _MOST and _COLLAPSED.search(tag[2]):
            sheet.update(range(number + 1, min(next_number, number + _MOST) + 1))
        number = next_number
    return {name: frozenset(rows) for name, rows in found.items()}
