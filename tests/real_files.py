"""The real registers beside the checkout, and where their own numbers say that things lie: reckoned here, apart.

What is read here uses nothing of ``tempuse``: csv, openpyxl, pyogrio and pyproj alone, so that a mistake of the
import cannot hide in its own reading.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pyproj
import shapely

# West, south, east, north: about what an atlas says.
COUNTRIES = {
    "GB": (-8.7, 49.8, 1.8, 60.9), "FR": (-5.2, 41.3, 9.6, 51.2), "BE": (2.5, 49.4, 6.5, 51.6),
    "FI": (19.0, 59.5, 31.6, 70.1),
}  # fmt: skip
ARDENNES = "4.0,49.2,5.5,50.2"


@dataclass(frozen=True, slots=True)
class RealFile:
    """One file, the country it lies in, and what a planner would say when bringing it in."""

    path: str
    country: str
    within: str | None = None
    layer: str | None = None
    crs: str | None = None  # what its geometries really are, where the file does not say it rightly
    swapped: bool = False


FILES = (
    *(RealFile(f"england/{name}.csv", "GB") for name in (
        "bolton", "bournemouth-christchurch-poole", "brent", "bristol", "croydon", "nottingham", "sevenoaks",
        "south-gloucestershire", "st-helens", "wakefield")),
    RealFile("france/friches.geojson", "FR"), RealFile("france/data.csv", "FR"),
    RealFile("derived/ardennes.kml", "FR"), RealFile("derived/ardennes.kmz", "FR"),
    RealFile("derived/ardennes_2154_cp1252_nocpg.shp", "FR"),
    RealFile("derived/ardennes_2154_cp1252_noprj_nocpg.shp", "FR", crs="EPSG:2154"),
    RealFile("derived/ardennes_2154_utf8.zip", "FR"),
    RealFile("derived/ardennes_3857_undeclared.csv", "FR", within=ARDENNES),
    RealFile("derived/ardennes_l93_preamble.xlsx", "FR"),
    RealFile("derived/ardennes_l93_semicolon_latin1_decimalcomma.csv", "FR"),
    RealFile("derived/ardennes_latlon_swapped.geojson", "FR", swapped=True),
    RealFile("derived/flanders_adp_31370.gpkg", "BE", within="BE"),
    RealFile("derived/flanders_adp_31370_legacycrs.geojson", "BE", within="BE", crs="EPSG:31370"),
    RealFile("derived/flanders_leegstand_by_capakey_SYNTHETIC-attributes.xlsx", "BE", within="BE"),
    RealFile("flanders/reference.geojson", "BE", within="BE", crs="EPSG:31370"),
    RealFile("flanders/themelayer_not_referenced.geojson", "BE", within="BE", crs="EPSG:31370"),
    RealFile("flanders/test_parcel_vs_building.geojson", "BE", within="BE", crs="EPSG:31370"),
    RealFile("helsinki/Helsinki.osm.pbf", "FI", within="FI"),
    RealFile("helsinki/addresses.gpkg", "FI", within="FI"),
    RealFile("helsinki/addresses.txt", "FI", within="FI"),
    RealFile("helsinki/helsinki_city_districts_2021.gpkg", "FI", within="FI"),
)  # fmt: skip


@dataclass(slots=True)
class Truth:
    """Where the rows of a file lie by their own numbers: for each line every reading of them that makes sense."""

    rows: int = 0
    places: dict[int, list[Any]] = field(default_factory=dict)


@lru_cache(maxsize=16)
def _to_degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _number(text: Any) -> float | None:
    try:
        return float(str(text).strip().replace(",", "."))
    except ValueError:
        return None


def _inside(x: float, y: float, country: str) -> bool:
    west, south, east, north = COUNTRIES[country]
    return west <= x <= east and south <= y <= north


_SYSTEMS = {"GB": "EPSG:27700", "FR": "EPSG:2154"}


def _readings(x: float, y: float, file: RealFile, crs: str | None) -> list[Any]:
    systems = [crs] if crs else ["EPSG:4326", _SYSTEMS[file.country]]
    found = []
    for system in systems:
        for a, b in ((x, y), (y, x)):
            lon, lat = _to_degrees(system).transform(a, b)
            if _inside(lon, lat, file.country):
                found.append(shapely.Point(lon, lat))
    return found


def truth(shared: Path, file: RealFile) -> Truth:
    """What the file itself says."""
    path = shared / file.path
    if path.suffix in (".csv", ".txt", ".xlsx"):
        return _of_table(path, file)
    if path.suffix == ".pbf":
        return Truth()
    return _of_layer(path, file)


def _table(path: Path) -> list[list[Any]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        sheet = max(book, key=lambda each: each.max_row)
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    separator = ";" if text.split("\n", 1)[0].count(";") > 2 else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


_PAIRS = (
    ("GeoX", "GeoY", None), ("longitude", "latitude", "EPSG:4326"), ("X_L93", "Y_L93", "EPSG:2154"),
    ("x", "y", "EPSG:3857"),
)  # fmt: skip


def _of_table(path: Path, file: RealFile) -> Truth:
    rows = _table(path)
    known = {name for x, y, _ in _PAIRS for name in (x, y)} | {"Adresse", "CapaKey", "WKT", "site_id"}
    header_at = next((i for i, row in enumerate(rows) if known & {str(cell).strip() for cell in row}), 0)
    header = [str(cell).strip() for cell in rows[header_at]]
    found = Truth()
    for i, row in enumerate(rows[header_at + 1 :], header_at + 2):
        if not any(cell not in (None, "") for cell in row):
            continue
        found.rows += 1
        values = dict(zip(header, row, strict=False))
        here: list[Any] = []
        for x, y, crs in _PAIRS:
            first, second = _number(values.get(x)), _number(values.get(y))
            if first is not None and second is not None and (first, second) != (0, 0):
                here += _readings(first, second, file, crs)
        if values.get("WKT"):
            shape = shapely.transform(shapely.from_wkt(values["WKT"]), _mover("EPSG:2154", False))
            here.append(shape)
        if here:
            found.places[i] = here
    return found


def _mover(crs: str, swapped: bool) -> Any:
    def move(xy: Any) -> Any:
        first, second = (xy[:, 1], xy[:, 0]) if swapped else (xy[:, 0], xy[:, 1])
        return np.column_stack(_to_degrees(crs).transform(first, second))

    return move


def _of_layer(path: Path | str, file: RealFile) -> Truth:
    if str(path).endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            inner = next(name for name in archive.namelist() if name.endswith(".shp"))
        path = f"/vsizip/{path}/{inner}"
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    counts = {name: pyogrio.read_info(path, layer=name, force_feature_count=True)["features"] for name in layers}
    layer = max(counts, key=lambda name: counts[name])
    about, _, blobs, _ = pyogrio.raw.read(path, layer=layer, force_2d=True)
    crs = file.crs or pyproj.CRS.from_user_input(about["crs"]).to_string()
    shapes = shapely.transform(shapely.from_wkb(blobs, on_invalid="ignore"), _mover(crs, file.swapped))
    found = Truth(rows=len(shapes))
    found.places = {i: [shape] for i, shape in enumerate(shapes, 1) if shape is not None}
    return found


def apart_m(one: Any, other: Any) -> float:
    """How far two geometries of one country lie apart: the farthest corner, in metres, good to one per cent."""
    middle = one.centroid
    scale = np.array([111_320 * np.cos(np.radians(middle.y)), 111_320])

    def flat(shape: Any) -> Any:
        return shapely.transform(shape, lambda xy: (xy - [middle.x, middle.y]) * scale)

    if "Point" in (one.geom_type, other.geom_type):
        return float(shapely.distance(flat(one), flat(other)))
    return float(shapely.hausdorff_distance(flat(one), flat(other)))
