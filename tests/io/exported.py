"""Files out for tests: made from a small register, and read back by programs that did not write them."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fiona
import openpyxl
import pyogrio
import python_calamine
import shapely

from tempuse import exports
from tempuse.access import SYSTEM
from tempuse.io import write
from tempuse.io.write import columns
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.spaces import Period
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, Audience
from tests.builders import a_district, several_spaces

ALL = sorted(write.FORMATS)
CM = 0.01
Read = dict[str, dict[str, Any]]


def fill(con: Connection, now: datetime) -> None:
    """A space of each sort, one with a past, in a district."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    past = [Period(starts_on=date(2019, 1, 1), ends_on=date(2020, 1, 1), title="Book market", what_came="A school")]
    for number, space in enumerate(several_spaces()):
        add_space(con, SYSTEM, space, now, past=past if number == 0 else ())


def export(
    con: Connection,
    path: Path,
    audience: Audience = Audience.PUBLIC,
    crs: str = "",
    wanted: exports.Selection | None = None,
) -> Path:
    form = write.format_for(path)
    texts = exports.space_texts(con, audience, wanted or exports.Selection())
    content = write.Content(
        texts, columns.space_columns(audience), crs=write.crs_for(form, crs), title="Rooms & ‘ruimte’"
    )
    write.write_file(path, form, content)
    con.rollback()
    return path


def told(con: Connection, audience: Audience = Audience.PUBLIC) -> Read:
    """What the file shall hold: by ref, name and place."""
    batches = exports.space_texts(con, audience, exports.Selection())
    features = [json.loads(each) for batch in batches for each in batch]
    con.rollback()
    return {each["id"]: {**each["properties"], "place": shape_of(each["geometry"])} for each in features}


def shape_of(held: Any) -> Any:
    return shapely.from_geojson(json.dumps(held)) if held else None


def by_fiona(path: str, layer: str | None = None, **names: str) -> Read:
    found: Read = {}
    with fiona.open(path, layer=layer) as source:
        for record in source:
            values = dict(record["properties"])
            place = record["geometry"] and shapely.geometry.shape(record["geometry"])
            found[values[names.get("ref", "ref")]] = {"name": values[names.get("name", "name")], "place": place}
    return found


def by_pyogrio(path: str, **names: str) -> Read:
    meta, _, shapes, data = pyogrio.raw.read(path)
    held = dict(zip(meta["fields"], data, strict=True))
    places = shapely.from_wkb(shapes)
    refs, titles = held[names.get("ref", "ref")], held[names.get("name", "name")]
    return {ref: {"name": name, "place": place} for ref, name, place in zip(refs, titles, places, strict=True)}


def _of_table(rows: list[list[Any]]) -> Read:
    head, *rows = rows
    found = (dict(itertools.zip_longest(head, row)) for row in rows)
    return {
        row["ref"]: {"name": row["name"] or None, "place": shapely.from_wkt(row["WKT"]) if row["WKT"] else None}
        for row in found
    }


def by_shapefile(path: Path) -> Read:
    parts = [f"/vsizip/{path}/spaces_{kind}.shp" for kind in ("points", "polygons")]
    return {ref: each for part in parts for ref, each in by_pyogrio(part).items()}


def by_csv(path: Path) -> Read:
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = _of_table(list(csv.reader(file)))
    for each in found.values():
        if (each["name"] or "").startswith("'="):  # so that no spreadsheet runs it
            each["name"] = each["name"][1:]
    return found


def _kml(path: Path) -> Read:
    found = by_pyogrio(str(path), name="Name")
    # A placemark has a title where the space has no name.
    return {ref: {**each, "name": None if each["name"] == ref else each["name"]} for ref, each in found.items()}


def by_xlsx(path: Path) -> Read:
    return _of_table([list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)])


def _ods(path: Path) -> Read:
    return _of_table(python_calamine.load_workbook(path).get_sheet_by_index(0).to_python())


READERS: dict[str, Callable[[Path], Read]] = {
    "geojson": lambda path: by_pyogrio(str(path)),
    "gpkg": lambda path: by_fiona(str(path), "spaces"),
    "fgb": lambda path: by_fiona(str(path)),
    "shp.zip": by_shapefile,
    "kml": _kml,
    "kmz": lambda path: _kml(path),
    "csv": by_csv,
    "xlsx": by_xlsx,
    "ods": _ods,
}
