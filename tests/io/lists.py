"""One small list, written in every format that a city may send."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import geopandas
import numpy as np
import openpyxl
import pyogrio
import shapely

from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import choose, match
from tempuse.io.places.extents import Extent, extent_of
from tempuse.io.sources.source import Source

HEAD = ("Ref", "Name", "Address", "Postcode", "Floor area", "Heating")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("001", "Net loft", "14 Ferry Street", "01234", 94.5, "yes"),
    ("002", "L’école d’été", "2 Quay Lane", "01235", 1250.0, "no"),
    ("003", "Señor’s store – back", "3 Quay Lane", "01236", None, None),
    ("004", "Łódź hall", "4 Quay Lane", "01237", 12.25, "unknown"),
)
LON = (3.72, 3.73, 3.74, 3.75)
LAT = (51.05, 51.06, 51.05, 51.06)
BELGIUM = "BE"


def points() -> Any:
    """Where the four lie."""
    return shapely.points(np.array(LON), np.array(LAT))


def frame(crs: str = "EPSG:4326", shapes: Any = None) -> geopandas.GeoDataFrame:
    """The list as GeoPandas has it."""
    columns = {name: [row[i] for row in ROWS] for i, name in enumerate(HEAD)}
    made = geopandas.GeoDataFrame(columns, geometry=points() if shapes is None else shapes, crs="EPSG:4326")
    return made.to_crs(crs)


def write_vector(path: Path, driver: str, crs: str = "EPSG:4326", **options: Any) -> Path:
    """The list by GDAL."""
    pyogrio.write_dataframe(frame(crs), path, driver=driver, **options)
    return path


def write_shapefile(folder: Path, crs: str = "EPSG:31370", encoding: str = "UTF-8") -> Path:
    """The list as a Shapefile; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = frame(crs)
    if encoding != "UTF-8":
        whole["Name"] = whole["Name"].str.replace("Łódź", "Lodz")
    pyogrio.write_dataframe(whole, folder / "list.shp", driver="ESRI Shapefile", encoding=encoding)
    return folder


@contextlib.contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """A GeoPackage by SQLite alone, without the triggers that only GDAL can follow."""
    with contextlib.closing(sqlite3.connect(path)) as con, con:
        for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            con.execute(f'DROP TRIGGER "{name}"')
        yield con


def zipped(path: Path, files: dict[str, Path]) -> Path:
    """A zip of files, each under the name that it has within."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.write(file, name)
    return path


def table(*, pair: tuple[str, str] = ("Lon", "Lat"), decimal: str = ".") -> list[list[Any]]:
    """The list as a table with its coordinates; numbers as texts of that decimal sign."""

    def figure(value: Any) -> Any:
        return None if value is None else str(value).replace(".", decimal)

    rows = [[*row[:4], figure(row[4]), row[5], figure(x), figure(y)] for row, x, y in zip(ROWS, LON, LAT, strict=True)]
    return [[*HEAD, *pair], *rows]


def write_csv(path: Path, rows: list[list[Any]], separator: str = ",", encoding: str = "utf-8") -> Path:
    """A text table; letters that the encoding does not have become question marks."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([["" if cell is None else cell for cell in row] for row in rows])
    path.write_bytes(out.getvalue().encode(encoding, errors="replace"))
    return path


def write_xlsx(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def write_ods(path: Path, rows: list[list[Any]]) -> Path:
    """A workbook as OpenDocument, by hand."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(cell(each) for each in row)}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}:office:1.0"'
        f' xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Vacant">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def candidates(source: Source, within: str | None = BELGIUM, crs: str | None = None) -> list[Candidate]:
    """All rows of a file as candidates, its columns guessed."""
    extent: Extent | None = extent_of(within) if within else None
    known = match(load(choose(source.columns)), source.columns)
    records = Candidates(source, known, extent=extent, crs=crs)
    return [row for batch in records.batches() for row in batch]
