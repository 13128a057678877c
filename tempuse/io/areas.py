"""Areas out of a city's own layer: which column is the name, which the code; lines and points are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from tempuse import geometry
from tempuse.areas import Area
from tempuse.errors import Invalid, Issue
from tempuse.folding import fold_name
from tempuse.io.sources.source import Row, Source
from tempuse.io.values import parse

NAMES = (
    "name", "naam", "nom", "nimi", "nazwa", "nazev", "nume", "nosaukums", "bezeichnung", "wijk", "wijknaam", "district",
    "quartier", "stadtteil", "kaupunginosa", "dzielnica", "ctvrt", "cartier", "apkaime", "buurt", "label", "title",
)  # fmt: skip
CODES = ("code", "id", "ref", "nr", "nummer", "kood", "kod", "kunta", "insee", "nis", "gml id", "fid", "area code")


@dataclass(slots=True)
class FoundAreas:
    """The areas of a file, and what was noticed."""

    areas: list[Area]
    name_column: str | None
    code_column: str | None
    issues: list[Issue] = field(default_factory=list)


def guess(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The column that is called like one of these, the earlier names first."""
    folded = {fold_name(column): column for column in reversed(columns)}
    return next((folded[name] for name in names if name in folded), None)


def read_areas(
    source: Source, *, name_column: str | None = None, code_column: str | None = None, crs: str | None = None,
    source_name: str | None = None,
) -> FoundAreas:  # fmt: skip
    """Every polygon of a layer as an Area in EPSG:4326.

    Raises:
        Invalid: there is no such column, no CRS, or not one polygon.
    """
    for column in (name_column, code_column):
        if column is not None and column not in source.columns:
            raise Invalid("area.no_column", column=column, columns=source.columns)
    name_column = name_column or guess(source.columns, NAMES)
    code_column = code_column or guess(source.columns, CODES)
    origin = geometry.known_crs(crs) if crs else source.crs
    rows = list(source.rows())
    shapes = np.array([row.geometry for row in rows], object)
    if origin is None:
        origin = _plain_degrees(shapes)
    places, notes = geometry.clean(geometry.project(shapes, origin))
    found, issues = [], list(source.issues)
    for row, place, note in zip(rows, places, notes, strict=True):
        if place is None or shapely.get_dimensions(place) != 2:
            wrong = note if note == "geometry.too_tangled" else "area.not_an_area"
            issues.append(Issue(row.line, "", "", wrong, "row.left_behind", grave=True))
            continue
        if note:
            issues.append(Issue(row.line, "", "", note, "geometry.mended"))
        name, code = _text(row, name_column), _text(row, code_column)
        found.append(Area(name=name, code=code, geometry=place, source=source_name))
    if not found:
        raise Invalid("area.none", issues, name=source.name)
    return FoundAreas(_joined(found), name_column, code_column, issues)


def _plain_degrees(shapes: geometry.Geometries) -> str:
    """Without a CRS only what can be nothing but degrees is taken.

    Raises:
        Invalid: the coordinates are not degrees.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return geometry.LON_LAT
    raise Invalid("area.no_crs")


def _joined(found: list[Area]) -> list[Area]:
    """Several rows with one code and name are the parts of one area."""
    groups: dict[tuple[str | None, str | None] | int, list[Area]] = {}
    for i, area in enumerate(found):
        groups.setdefault((area.code, area.name) if area.code or area.name else i, []).append(area)
    joined = []
    for parts in groups.values():
        first = parts[0]
        if len(parts) > 1:
            together = shapely.union_all([part.geometry for part in parts])
            first.geometry = geometry.clean(np.array([together], object))[0][0]
        joined.append(first)
    return joined


def _text(row: Row, column: str | None) -> str | None:
    return parse.text(row.values.get(column))[0] if column else None
