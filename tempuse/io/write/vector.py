"""GeoPackage, FlatGeobuf and Shapefile, batch by batch so that memory stays flat.

A GeoPackage is filled by SQLite. A FlatGeobuf is written by GDAL from Arrow batches. Shapefiles are copied by GDAL out
of a scratch GeoPackage, where it is known how wide each column is. GDAL never sees the register (architecture,
decision 2).
"""

from __future__ import annotations

import contextlib
import sqlite3
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from tempuse.errors import Unusable
from tempuse.geometry import Geometries
from tempuse.io import commas
from tempuse.io.write import arrow, flat, geopackage, looks
from tempuse.io.write.columns import FlatColumn, shortened
from tempuse.io.write.described import about_text, add_metadata, beside_shapefile
from tempuse.io.write.flat import Content, Located
from tempuse.texts import cut

MOST_DBF_BYTES = 254
_WIDTHS = (16, 40, 80, MOST_DBF_BYTES)
_DBF = {"instant": "text"}
_BATCH = 5000
_POINTS, _POLYGONS = "points", "polygons"
Part = tuple[list[list[Any] | None], Located]


@contextlib.contextmanager
def _by_gdal() -> Iterator[None]:
    """What GDAL says when it cannot write, as the system's own error; ``target`` makes a sentence of it."""
    try:
        yield
    except (DataLayerError, DataSourceError) as error:
        raise OSError(str(error)) from error


def _parts(content: Content) -> Iterator[Part]:
    """The values of each column, and the places in the CRS of the content, in batches."""
    for batch in flat.batches(content.texts):
        yield flat.columns(batch, content.columns, days_as_text=True), batch.places.within(content.crs)


def _check_arrived(path: Path, wanted: int, layer: str | None = None) -> None:
    found = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    if found != wanted:
        raise Unusable("export.incomplete", path=path.name, found=found, wanted=wanted)


@_by_gdal()
def write_gpkg(path: Path, content: Content) -> None:
    """One table of mixed geometries with its R*Tree; version 1.3, which every reader knows."""
    geopackage.make(path, content.layer, content.columns, content.crs, DESCRIPTION=content.title)
    with geopackage.filling(path) as con:
        layer = geopackage.Filling(con, content.layer, content.columns)
        for values, places in _parts(content):
            layer.add(values, places)
        layer.end()
        add_metadata(con, content)
        looks.add_style(con, content)
    _check_arrived(path, layer.count, content.layer)


@_by_gdal()
def write_fgb(path: Path, content: Content) -> None:
    """One layer with its index; without one when a feature has no place, which the index cannot hold."""
    with _Kept(_below(path) / "texts", content.texts) as texts:
        try:
            _write_fgb(path, replace(content, texts=texts), has_index=True)
        except _CannotIndexError:
            path.unlink(missing_ok=True)
            _write_fgb(path, replace(content, texts=texts.again()), has_index=False)
        _check_arrived(path, texts.count)


def _write_fgb(path: Path, content: Content, *, has_index: bool) -> None:
    said = content.imprint.pairs(content.title)
    metadata = {name.upper() if name in ("title", "description") else name: text for name, text in said.items()}
    stream = arrow.Batches(content.columns, _for_arrow(content, all_placed=has_index))
    try:
        pyogrio.write_arrow(
            stream, path, layer=content.layer, driver="FlatGeobuf", geometry_type="Unknown",
            geometry_name=arrow.GEOMETRY, crs=content.crs, layer_metadata=metadata or None,
            layer_options={"SPATIAL_INDEX": "YES" if has_index else "NO"},
        )  # fmt: skip
    finally:
        if stream.failure is not None:
            raise stream.failure


def _for_arrow(content: Content, *, all_placed: bool) -> Iterator[tuple[Sequence[Any], Sequence[bytes | None]]]:
    number = 0
    for values, places in _parts(content):
        number += len(places.wkbs)
        if all_placed and None in places.wkbs:
            raise _CannotIndexError
        yield values, places.wkbs
    if all_placed and not number:
        raise _CannotIndexError


class _CannotIndexError(Exception):
    """A feature has no place, or there is none: the index of a FlatGeobuf cannot hold that."""


class _Kept:
    """Texts that are kept in a file as they pass: whether they must be read once more shows in the middle of them."""

    def __init__(self, path: Path, texts: flat.Texts) -> None:
        self._path, self._texts, self.count = path, iter(texts), 0

    def __enter__(self) -> _Kept:
        self._file = self._path.open("w+b")
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Sequence[str]]:
        for some in self._texts:
            self.count += len(some)
            self._file.write("\n".join([*some, ""]).encode())
            yield some

    def again(self) -> Iterator[Sequence[str]]:
        """Those that have passed, and all others."""
        self._file.seek(0)
        while lines := list(islice(self._file, _BATCH)):
            yield [line[:-1].decode() for line in lines]
        for some in self._texts:
            self.count += len(some)
            yield some


@_by_gdal()
def write_shp(path: Path, content: Content) -> None:
    """``NAME_points`` and ``NAME_polygons``, each with .shx, .dbf, .prj and .cpg, and the table of names.

    Features without a place stand among the points; of two layers only one that has features is written. Texts are
    cut at 254 bytes, all that a .dbf holds.
    """
    short = shortened(content.columns)
    scratch = _below(path) / "scratch.gpkg"
    # A .dbf knows no instants: they are texts in it.
    columns = [replace(each, name=short[each.name], kind=_DBF.get(each.kind, each.kind)) for each in content.columns]
    for name in (_POINTS, _POLYGONS):
        geopackage.make(scratch, name, columns, content.crs, SPATIAL_INDEX="NO")
    widths: dict[str, int] = {}
    with geopackage.filling(scratch) as con:
        layers = [geopackage.Filling(con, name, columns) for name in (_POINTS, _POLYGONS)]
        for values, places in _parts(content):
            texts = [_cut(column, each, widths) for column, each in zip(columns, values, strict=True)]
            _split(layers, texts, places.shapes)
        for layer in layers:
            layer.end()
        _set_widths(con, widths)
    for layer, kind in zip(layers, ("Point", "MultiPolygon"), strict=True):
        if layer.count or (layer is layers[0] and not layers[1].count):
            _copy(scratch, layer, path.with_name(f"{path.stem}_{layer.layer}.shp"), kind, content)
    about_text(path.with_name(f"{path.stem}_about.txt"), content)
    with path.with_name(f"{path.stem}_columns.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = commas.Writer(out)
        writer.row(["short", "column", "type"])
        writer.rows([short[column.name], column.name, column.kind] for column in content.columns)


def _cut(column: FlatColumn, values: list[Any] | None, widths: dict[str, int]) -> list[Any] | None:
    """The values as a .dbf takes them; how wide the widest text is, is noted."""
    if values is None or column.kind in ("flag", "whole", "number", "day"):
        return values
    texts = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    texts = [value and cut(value, MOST_DBF_BYTES) for value in texts]
    longest = max((len(value.encode()) for value in texts if value), default=0)
    widths[column.name] = max(widths.get(column.name, 0), longest)
    return texts


def _split(layers: Sequence[geopackage.Filling], values: list[list[Any] | None], places: Geometries) -> None:
    """Points and outlines apart; of several points the first: a Shapefile's points are one each."""
    several = shapely.get_type_id(places) == shapely.GeometryType.MULTIPOINT
    places[several] = shapely.get_geometry(places[several], 0)
    is_flat = shapely.get_dimensions(places) == 2
    for layer, chosen in zip(layers, (np.flatnonzero(~is_flat), np.flatnonzero(is_flat)), strict=True):
        if len(chosen):
            rows = chosen.tolist()
            some = [each if each is None else [each[row] for row in rows] for each in values]
            layer.add(some, Located(places[chosen]))


def _set_widths(con: sqlite3.Connection, widths: dict[str, int]) -> None:
    """Tell GDAL how wide the texts are: it makes every one 80 letters, and a .dbf is as large as its widths."""
    con.execute("PRAGMA writable_schema = ON")
    for name, longest in widths.items():
        width = next(each for each in _WIDTHS if each >= longest)
        con.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table'",
            (f'"{name}" TEXT', f'"{name}" TEXT({width})'),
        )


def _copy(scratch: Path, layer: geopackage.Filling, path: Path, kind: str, content: Content) -> None:
    """Write a layer as a Shapefile, and see that everything arrived."""
    # One that begins with a feature without a place says that it reaches to 0, 0: those come last.
    query = f'SELECT * FROM "{layer.layer}" ORDER BY geom IS NULL'  # noqa: S608  (a name of ours)
    source = {"sql": query} if layer.unplaced else {"layer": layer.layer}
    with warnings.catch_warnings():
        # GDAL says that polygons are written into a layer of multipolygons: a Shapefile knows no difference.
        warnings.filterwarnings("ignore", category=RuntimeWarning)
        with pyogrio.raw.open_arrow(scratch, **source, use_pyarrow=False, batch_size=16_384) as (meta, stream):
            pyogrio.write_arrow(
                stream, path, layer=path.stem, driver="ESRI Shapefile", geometry_type=kind,
                geometry_name=meta["geometry_name"], crs=content.crs, layer_options={"ENCODING": "UTF-8"},
            )  # fmt: skip
    _check_arrived(path, layer.count)
    beside_shapefile(path, content)


@_by_gdal()
def write_shp_zip(path: Path, content: Content) -> None:
    """The same in one archive, called after the layer: whatever the archive is called, QGIS shows these names."""
    folder = _below(path)
    write_shp(folder / f"{content.layer}.shp", content)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob(f"{content.layer}_*")):
            archive.write(part, part.name)


def _below(path: Path) -> Path:
    """A folder for what is not to be kept; ``target.replacing`` removes it."""
    folder = path.parent / f"{path.name}.parts"
    folder.mkdir(exist_ok=True)
    return folder
