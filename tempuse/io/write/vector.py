"""GeoPackage, FlatGeobuf and Shapefile by GDAL, in two streams so that memory stays flat.

Batches are appended to a scratch GeoPackage without an index; GDAL then copies it as Arrow batches into the
format, which builds its index once. GDAL never sees the register (architecture, decision 2).
"""

from __future__ import annotations

import contextlib
import sqlite3
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from tempuse.errors import Unusable
from tempuse.io import commas
from tempuse.io.write import flat
from tempuse.io.write.columns import FlatColumn, shortened
from tempuse.io.write.described import about_text, add_metadata, beside_shapefile
from tempuse.io.write.flat import Content
from tempuse.texts import cut

_UTC = 100  # how GDAL writes the time zone
MOST_DBF_BYTES = 254
_WIDTHS = (16, 40, 80, MOST_DBF_BYTES)
_POINTS, _POLYGONS = "points", "polygons"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one format wants its columns."""

    days_as_text: bool = False
    instants_as_text: bool = False
    most_bytes: int = 0


@contextlib.contextmanager
def _by_gdal() -> Iterator[None]:
    """What GDAL says when it cannot write, as the system's own error; ``target`` makes a sentence of it."""
    try:
        yield
    except (DataLayerError, DataSourceError) as error:
        raise OSError(str(error)) from error


class _Scratch:
    """The scratch GeoPackage: layers of features in the CRS of the content, as they come."""

    def __init__(self, path: Path, content: Content, plan: _Plan, names: Sequence[str] = ()) -> None:
        self.path, self.content, self.plan = path, content, plan
        self.names = list(names) or [column.name for column in content.columns]
        self.counts: dict[str, int] = {}
        self.widths: dict[str, int] = {}
        self.unplaced = 0

    def add(self, layer: str, rows: Sequence[Sequence[Any]], places: Any) -> None:
        """Append features to a layer, made at the first call."""
        columns = list(zip(*rows, strict=True)) or [()] * len(self.names)
        data, masks = zip(
            *map(self._array, self.names, self.content.columns, columns),
            strict=True,
        )
        offsets = {
            name: np.full(len(rows), _UTC, np.int32)
            for name, column in zip(self.names, self.content.columns, strict=True)
            if column.kind == "instant" and not self.plan.instants_as_text
        }
        self.unplaced += int(shapely.is_missing(places).sum())
        pyogrio.raw.write(
            self.path, shapely.to_wkb(places), list(data), self.names, field_mask=list(masks), layer=layer,
            driver="GPKG", geometry_type="Unknown", crs=self.content.crs, append=layer in self.counts,
            gdal_tz_offsets=offsets, layer_options={} if layer in self.counts else {"SPATIAL_INDEX": "NO"},
        )  # fmt: skip
        self.counts[layer] = self.counts.get(layer, 0) + len(rows)

    def _array(self, name: str, column: FlatColumn, values: Sequence[Any]) -> tuple[Any, Any]:
        """The values of a column as GDAL takes them, with a mask where the type knows no null."""
        if column.kind == "flag":
            missing = np.array([value is None for value in values], bool)
            return np.array([bool(value) for value in values], bool), missing
        if column.kind == "whole":
            missing = np.array([value is None for value in values], bool)
            return np.array([value or 0 for value in values], np.int64), missing
        if column.kind == "number":
            return np.array(values, float), None
        if column.kind == "day" and not self.plan.days_as_text:
            return np.array(values, "datetime64[D]"), None
        if column.kind == "instant" and not self.plan.instants_as_text:
            return np.array([value and value.replace(tzinfo=None) for value in values], "datetime64[ms]"), None
        texts = list(values)
        if column.kind in ("day", "instant"):
            texts = [value and value.isoformat() for value in texts]
        if self.plan.most_bytes:
            texts = [value and cut(value, self.plan.most_bytes) for value in texts]
            longest = max((len(value.encode()) for value in texts if value), default=0)
            self.widths[name] = max(self.widths.get(name, 0), longest)
        return np.array(texts, object), None

    def set_widths(self) -> None:
        """Tell GDAL how wide the texts are: it makes every one 80 letters, and a .dbf is as large as its widths."""
        with contextlib.closing(sqlite3.connect(self.path)) as con, con:
            con.execute("PRAGMA writable_schema = ON")
            for name, longest in self.widths.items():
                width = next(each for each in _WIDTHS if each >= longest)
                con.execute(
                    "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table'",
                    (f'"{name}" TEXT', f'"{name}" TEXT({width})'),
                )

    def copy(self, layer: str, target: Path, driver: str, geometry_type: str, **options: Any) -> None:
        """Write a layer into the format, and see that everything arrived."""
        # A Shapefile that begins with a feature without a place says that it reaches to 0, 0: those come last.
        if self.unplaced and driver == "ESRI Shapefile":
            source = {"sql": f'SELECT * FROM "{layer}" ORDER BY geom IS NULL'}  # noqa: S608  (a name of ours)
        else:
            source = {"layer": layer}
        with pyogrio.raw.open_arrow(self.path, **source, use_pyarrow=False, batch_size=16_384) as (meta, stream):
            pyogrio.write_arrow(
                stream, target, layer=options.pop("name", layer), driver=driver, geometry_type=geometry_type,
                geometry_name=meta["geometry_name"], crs=self.content.crs, **options,
            )  # fmt: skip
        found = pyogrio.read_info(target, force_feature_count=True)["features"]
        if found != self.counts[layer]:
            raise Unusable("export.incomplete", path=target.name, found=found, wanted=self.counts[layer])


def _fill(scratch: _Scratch, *, split: bool = False) -> None:
    """Put the content into the scratch file: one layer, or points and polygons apart (no place: points)."""
    content = scratch.content
    for layer in (_POINTS, _POLYGONS) if split else (content.layer,):
        scratch.add(layer, [], np.array([], object))
    for batch in flat.batches(content.texts):
        places = flat.projected(batch.places, content.crs)
        rows = list(flat.rows(batch, content.columns))
        if not split:
            scratch.add(content.layer, rows, places)
            continue
        # Of several points the first: a Shapefile's points are one each.
        places = np.array([shapely.get_geometry(each, 0) if _is_several(each) else each for each in places], object)
        is_flat = shapely.get_dimensions(places) == 2
        for layer, chosen in ((_POINTS, np.flatnonzero(~is_flat)), (_POLYGONS, np.flatnonzero(is_flat))):
            if len(chosen):
                scratch.add(layer, [rows[i] for i in chosen], places[chosen])


def _is_several(place: Any) -> bool:
    return place is not None and place.geom_type == "MultiPoint"


@_by_gdal()
def write_gpkg(path: Path, content: Content) -> None:
    """One table of mixed geometries with its R*Tree; version 1.3, which every reader knows."""
    scratch = _Scratch(_below(path) / "scratch.gpkg", content, _Plan())
    _fill(scratch)
    scratch.copy(
        content.layer, path, "GPKG", "Unknown", dataset_options={"VERSION": "1.3"},
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid", "DESCRIPTION": content.title},
    )  # fmt: skip
    with contextlib.closing(sqlite3.connect(path)) as con, con:
        add_metadata(con, content)


@_by_gdal()
def write_fgb(path: Path, content: Content) -> None:
    """One layer with its index; without one when a feature has no place, which the index cannot hold."""
    scratch = _Scratch(_below(path) / "scratch.gpkg", content, _Plan(days_as_text=True))
    _fill(scratch)
    index = "NO" if scratch.unplaced or not scratch.counts[content.layer] else "YES"
    said = {
        name.upper() if name in ("title", "description") else name: text
        for name, text in content.imprint.pairs(content.title).items()
    }
    scratch.copy(
        content.layer,
        path,
        "FlatGeobuf",
        "Unknown",
        layer_options={"SPATIAL_INDEX": index},
        layer_metadata=said or None,
    )


@_by_gdal()
def write_shp(path: Path, content: Content) -> None:
    """``NAME_points`` and ``NAME_polygons``, each with .shx, .dbf, .prj and .cpg, and the table of names.

    Features without a place stand among the points. Texts are cut at 254 bytes, all that a .dbf holds.
    """
    short = shortened(content.columns)
    names = [short[column.name] for column in content.columns]
    plan = _Plan(instants_as_text=True, most_bytes=MOST_DBF_BYTES)
    scratch = _Scratch(_below(path) / "scratch.gpkg", content, plan, names)
    _fill(scratch, split=True)
    scratch.set_widths()
    for layer, kind in ((_POINTS, "Point"), (_POLYGONS, "MultiPolygon")):
        with warnings.catch_warnings():
            # GDAL says that polygons are written into a layer of multipolygons: a Shapefile knows no difference.
            warnings.filterwarnings("ignore", category=RuntimeWarning)
            scratch.copy(
                layer, path.with_name(f"{path.stem}_{layer}.shp"), "ESRI Shapefile", kind,
                name=f"{path.stem}_{layer}", layer_options={"ENCODING": "UTF-8"},
            )  # fmt: skip
        beside_shapefile(path.with_name(f"{path.stem}_{layer}.shp"), content)
    about_text(path.with_name(f"{path.stem}_about.txt"), content)
    with path.with_name(f"{path.stem}_columns.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = commas.Writer(out)
        writer.row(["short", "column", "type"])
        writer.rows([short[column.name], column.name, column.kind] for column in content.columns)


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
