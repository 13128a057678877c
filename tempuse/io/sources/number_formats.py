"""Units that a workbook shows behind its numbers and does not hold: ``0.5`` that is written as *0.5 ha*.

Whoever looks at the sheet reads them there, and no reader of cells sees them.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tempuse.io.sources.workbook_parts import sheets_of
from tempuse.io.values.headings import is_unit, readings
from tempuse.io.values.words import factors, phrase, table

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*)>""")
_WHERE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
_ROW = re.compile(rb"""\br\s*=\s*["'][A-Z]{1,3}([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]{1,6})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](?!n["'])""")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].')
_USUAL = frozenset({"EUR"})  # what is shown in a column of amounts anyway
_LONGEST = 40  # letters of a unit


@dataclass(slots=True)
class Shown:
    """The units of one sheet's numbers.

    Attributes:
        columns: by column from 0, the unit of all its numbers.
        cells: by row and column, the unit of a number in a column where not all have the same.
    """

    columns: dict[int, str] = field(default_factory=dict)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    def headed(self, column: int, name: str) -> str:
        """The heading of a column with the unit that its numbers show, where it names none itself."""
        unit = self.columns.get(column, "")
        return f"{name} ({unit})" if unit and not any(named for _, named in readings(name)) else name


def shown(path: Path) -> dict[str, Shown]:
    """The units that the sheets of a workbook show, by sheet; of other files than XLSX none are known."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/styles.xml" not in names:
            return {}
        units = _units(archive.read("xl/styles.xml"))
        if not units:
            return {}
        return {sheet: _of_sheet(archive.read(part), units) for sheet, part in sheets_of(archive).items()}


def _units(styles: bytes) -> dict[int, str]:
    """The units by the number of the style that shows them."""
    root = ElementTree.fromstring(styles)
    space = _STRICT if root.tag.startswith(_STRICT) else _MAIN
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter(f"{space}numFmt")}
    formats = root.find(f"{space}cellXfs")
    found = (
        (i, _unit(codes.get(each.get("numFmtId"), ""))) for i, each in enumerate(formats if formats is not None else ())
    )
    return {i: unit for i, unit in found if unit}


def _unit(code: str) -> str:
    """The unit that a number format writes; empty where it writes none, or the one that is meant anyway."""
    told = "".join("".join(filter(None, match.groups())) for match in _LITERAL.finditer(code.split(";")[0])).strip()
    words = phrase(told)
    if not words or len(told) > _LONGEST or not is_unit(told):
        return ""
    is_usual = factors("area").get(words) == 1.0 or _USUAL.intersection(table("currency").get(words, ()))
    return "" if is_usual else told


def _of_sheet(sheet: bytes, units: dict[int, str]) -> Shown:
    cells: dict[tuple[int, int], str] = {}
    for match in _CELL.finditer(sheet):
        where, row = _WHERE.search(match[1]), _ROW.search(match[1])
        if where is None or row is None or match[0].endswith(b"/>") or _TYPE.search(match[1]):
            continue
        style = _STYLE.search(match[1])
        cells[int(row[1]), _column(where[1])] = units.get(int(style[1]), "") if style else ""
    seen: dict[int, Counter[str]] = {}
    for (_, column), unit in cells.items():
        seen.setdefault(column, Counter())[unit] += 1
    alike = {column: next(iter(counted)) for column, counted in seen.items() if len(counted) == 1}
    return Shown(
        {column: unit for column, unit in alike.items() if unit},
        {at: unit for at, unit in cells.items() if unit and at[1] not in alike},
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def with_unit(value: Any, unit: str) -> Any:
    """A number as the sheet shows it; its decimal sign is told by nothing but itself."""
    if isinstance(value, float):
        value = f"{Decimal(repr(value)):e}"
    return f"{value} {unit}" if isinstance(value, (int, str)) else value
