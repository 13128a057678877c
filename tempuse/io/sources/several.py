"""A file of several tables (sheets, layers, files of an archive): which of them is the list, and which belong to it.

The largest wins nothing: a sheet that can be seen goes before a hidden one, a layer of points or outlines before a
table without places, and among these the one whose columns are known best. Tables with the same columns may be read as
one list; parts of one thing, as a KML's folders and the points and outlines of one export are, always are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tempuse.errors import Invalid, Issue
from tempuse.folding import fold_name
from tempuse.io.sources.source import ALL, Row, Source, unique

# What a column is worth that tells what or where a space is; any other that we know is worth one.
_TELLING = {
    "name": 3, "address": 3, "street": 3, "source_ref": 2, "parcel_refs": 2, "x": 2, "y": 2, "lon": 2, "lat": 2,
    "easting": 2, "northing": 2, "wkt": 3, "latlon": 3, "house_number": 2, "locality": 2, "postcode": 2,
}  # fmt: skip
_ALIKE = 0.8
# The column that keeps in which table a row stood; what is said where a file has several, and of the one that was read.
_COLUMN = {"sheet": "Sheet", "layer": "Layer", "folder": "Folder", "file": "File"}
_SAID = {
    "sheet": ("file.several_sheets", "file.sheet_taken"), "layer": ("file.several_layers", "file.layer_taken"),
    "folder": ("file.several_folders", "file.folder_taken"), "file": ("file.several_files", "file.file_taken"),
}  # fmt: skip


@dataclass(slots=True)
class Table:
    """One table of a file.

    Attributes:
        source: the table, opened.
        word: what it is: ``sheet``, ``layer``, ``folder`` of a KML, ``file`` of an archive.
        geometry: what its places are: ``any`` (points and outlines), ``point``, ``polygon``, ``line``; empty: none.
        is_hidden: whether its sheet is hidden.
        rank: what the format itself says about which of its layers matters.
    """

    source: Source
    word: str
    geometry: str = ""
    is_hidden: bool = False
    rank: int = 0

    @property
    def name(self) -> str:
        """As the file calls it."""
        return self.source.layer

    def is_like(self, other: Table) -> bool:
        """Whether it has the same columns, and its places are written in the same way."""
        mine, theirs = ({fold_name(each) for each in table.source.columns} for table in (self, other))
        same = len(mine & theirs) >= _ALIKE * max(len(mine | theirs), 1)
        return same and bool(self.geometry) == bool(other.geometry) and self.source.crs == other.source.crs


def chosen(tables: Sequence[Table], name: str, wanted: str | None, known: Mapping[str, str]) -> Source:
    """The list of a file.

    Args:
        tables: what the file holds; at least one.
        name: the file's, as the sender knows it.
        wanted: the one that a person named, ``ALL`` for those that are alike; None to find out.
        known: folded names of columns against our fields.

    Raises:
        Invalid: there is none of that name.
    """
    filled = [table for table in tables if table.source.count]
    names = [table.name for table in filled or tables if table.name]
    if wanted is not None and wanted != ALL:
        found = [table for table in tables if (table.name or Path(name).stem) == wanted]
        if not found:
            raise _missing(tables, name, wanted, names)
        return _alone(found[0], tables, names)
    tables = filled or tables
    best = max(tables, key=lambda table: _worth(table, known))
    alike = [table for table in tables if table is best or (not table.is_hidden and _belongs(table, best))]
    if len(alike) > 1 and (wanted == ALL or best.word == "folder" or _are_parts(alike)):
        return _together(alike, name, names)
    source = _alone(best, tables, names)
    if len(tables) > 1:
        values = {best.word: best.name, "others": [_told(each) for each in tables if each is not best]}
        source.issues.append(Issue(None, "", best.name, *_SAID[best.word], values))
    if len(alike) > 1:
        others = [each.name for each in alike if each is not best]
        values = {"taken": best.name, "others": others}
        source.issues.append(Issue(None, "", best.name, "file.several_alike", "file.alike_left", values, grave=True))
    return source


def _belongs(table: Table, best: Table) -> bool:
    """Whether it is a part of the same list; the folders of a KML are, whatever each of them tells besides."""
    return table.is_like(best) or (best.word == "folder" and table.geometry != "line")


def _worth(table: Table, known: Mapping[str, str]) -> tuple[bool, int, int, int, int]:
    """By what tables are compared; the more the better."""
    fields = {known[folded] for each in table.source.columns if (folded := fold_name(each)) in known}
    places = {"any": 2, "point": 2, "polygon": 2, "": 1, "line": 0}[table.geometry]
    telling = sum(_TELLING.get(field, 1) for field in fields)
    return not table.is_hidden, table.rank, places, telling, table.source.count or 0


def _are_parts(tables: Sequence[Table]) -> bool:
    """Whether these are points and outlines of one thing, which its format could not hold together."""
    kinds = [table.geometry for table in tables]
    return len(set(kinds)) == len(kinds) and "any" not in kinds and all(kinds)


def _missing(tables: Sequence[Table], name: str, wanted: str, names: Sequence[str]) -> Invalid:
    if tables[0].word == "sheet":
        return Invalid("file.no_sheet", name=name, sheet=wanted, names=list(names))
    return Invalid("file.no_layer", name=name, layer=wanted, names=list(names))


def _told(table: Table) -> str:
    return f"{table.name} ({table.source.count})"


def _alone(table: Table, tables: Sequence[Table], names: Sequence[str]) -> Source:
    source = table.source
    if not source.count:
        raise Invalid("file.no_rows", name=source.name)
    source.layers = list(names)
    if not table.is_hidden:
        alike = [each.name for each in tables if each.is_like(table) and each.source.count and not each.is_hidden]
        source.alike = alike if len(alike) > 1 else []
    return source


def _together(tables: Sequence[Table], name: str, names: Sequence[str]) -> Source:
    """Several tables as one list; rows are counted on from one to the next."""
    first = tables[0]
    column = "" if _are_parts(tables) else _COLUMN[first.word]
    columns = list(dict.fromkeys(each for table in tables for each in table.source.columns))
    if column:
        column = unique([*columns, column])[-1]
        columns.append(column)
    issues = [issue for table in tables for issue in table.source.issues]
    values = {"names": [table.name for table in tables]}
    said = Issue(None, "", "", _SAID[first.word][0], "file.read_together", values)
    source = replace(
        first.source, name=name, columns=columns, layer=ALL, layers=list(names), alike=values["names"],
        apart=column, count=sum(table.source.count or 0 for table in tables), issues=[*issues, said],
        has_geometry=any(table.geometry for table in tables), read=_rows_of(tables, column, lambda: source),
    )  # fmt: skip
    return source


def _rows_of(tables: Sequence[Table], column: str, whole: Callable[[], Source]) -> Callable[[], Iterator[Row]]:
    def read() -> Iterator[Row]:
        before = 0
        for table in tables:
            line, said = 0, len(table.source.issues)
            for row in table.source.rows():
                line = row.line
                if column:
                    row.values[column] = table.name
                row.line += before
                yield row
            whole().issues += table.source.issues[said:]
            before += line

    return read
