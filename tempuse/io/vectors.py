"""Vector files: Fiona is the door, record by record; pyogrio opens what Fiona's wheel cannot, by the same door.

KML with its extended data and OpenStreetMap extracts need drivers that Fiona's wheel lacks, and from Python
3.14 on there is no Fiona wheel at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Issue
from tempuse.io.source import Row, Source

try:
    import fiona
except ImportError:  # Python 3.14 and later
    fiona = None

BATCH = 2000
_SLICE = 50_000
_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    OSError,
    ValueError,
)
_FIONA_KINDS = frozenset({"geojson", "gpkg", "shapefile", "flatgeobuf"})


def open_vector(
    path: Path, name: str, kind: str, layer: str | None = None, encoding: str | None = None, engine: str = "auto"
) -> Source:
    """A file of features.

    Args:
        path: where it lies; never the live register (architecture, decision 2).
        name: as the sender knows it.
        kind: as ``formats`` names it.
        layer: which layer; otherwise the one with the most features.
        encoding: of a Shapefile's texts; otherwise found out.
        engine: ``fiona``, ``pyogrio`` or ``auto``.

    Raises:
        Invalid: it cannot be read, has no such layer, or no features.
    """
    issues: list[Issue] = []
    if kind == "shapefile" and encoding is None:
        encoding, issues = _shapefile_encoding(path)
    try:
        layers = {str(each): str(of) for each, of in pyogrio.list_layers(path)}
    except _ERRORS as error:
        raise Invalid("file.not_geojson" if kind == "geojson" else "file.damaged", name=name) from error
    if layer is not None and layer not in layers:
        raise Invalid("file.no_layer", name=name, layer=layer, names=list(layers))
    if layer is None:
        layer = _largest(path, list(layers), name)
        if len(layers) > 1:
            issues.append(Issue(None, "", layer, "file.several_layers", "file.layer_taken", {"layer": layer}))
    about = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    if not about["features"]:
        raise Invalid("file.no_rows", name=name)
    use_fiona = fiona is not None and kind in _FIONA_KINDS if engine == "auto" else engine == "fiona"
    reader = _with_fiona if use_fiona else _with_pyogrio
    try:
        crs = geometry.known_crs(about["crs"]) if about["crs"] else None
    except Invalid:
        crs = None
        issues.append(Issue(None, "", str(about["crs"]), "crs.unknown", "crs.passed_over", {"crs": about["crs"]}))
    return Source(
        name, kind, [str(each) for each in about["fields"]],
        lambda: reader(path, layer, encoding), layer, list(layers), crs,
        about["geometry_type"] is not None, int(about["features"]), issues,
    )  # fmt: skip


def _largest(path: Path, layers: Sequence[str], name: str) -> str:
    if not layers:
        raise Invalid("file.no_rows", name=name)
    if len(layers) == 1:
        return layers[0]
    counts = {each: pyogrio.read_info(path, layer=each, force_feature_count=True)["features"] for each in layers}
    return max(layers, key=lambda each: counts[each])


def _with_fiona(path: Path, layer: str, encoding: str | None) -> Iterator[Row]:
    """Record by record; geometries become shapely's in batches, which is several times faster than one by one."""
    options = {"encoding": encoding} if encoding else {}
    with fiona.open(path, layer=layer, **options) as records:
        held: list[Any] = []
        line = 0
        walk = iter(records)
        while True:
            try:
                record = next(walk, None)
            except (fiona.errors.FionaError, ValueError) as error:
                # One unreadable feature must not end the import.
                line += 1
                yield Row(line, {}, None, "geometry.unreadable" if error else "")
                continue
            if record is None:
                break
            held.append(record)
            if len(held) == BATCH:
                yield from _rows(held, line)
                line += len(held)
                held = []
        yield from _rows(held, line)


def _rows(records: list[Any], before: int) -> Iterator[Row]:
    places, bad = _shapes([record.geometry for record in records])
    for i, record in enumerate(records):
        values = {name: _value(value) for name, value in record.properties.items()}
        yield Row(before + i + 1, values, places[i], "geometry.unreadable" if i in bad else "")


def _shapes(found: list[Any]) -> tuple[np.ndarray[Any, Any], set[int]]:
    """Fiona's geometries as shapely's: points and plain polygons all at once, the rest one by one."""
    places = np.full(len(found), None, object)
    bad: set[int] = set()
    points = [i for i, each in enumerate(found) if each is not None and each.type == "Point"]
    if points:
        try:
            places[points] = shapely.points(np.array([found[i].coordinates[:2] for i in points], float))
        except (ValueError, TypeError):
            bad |= {i for i in points if not _one(found, places, i)}
    for i, each in enumerate(found):
        if each is not None and each.type != "Point" and not _one(found, places, i):
            bad.add(i)
    return places, bad


def _one(found: list[Any], places: np.ndarray[Any, Any], i: int) -> bool:
    each = found[i]
    try:
        if each.type == "Polygon" and len(each.coordinates) == 1:
            places[i] = shapely.polygons(np.array(each.coordinates[0], float)[:, :2])
        else:
            places[i] = shapely.geometry.shape(each.__geo_interface__)
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        return False
    return True


def _with_pyogrio(path: Path, layer: str, encoding: str | None, where: str | None = None) -> Iterator[Row]:
    """In slices; what cannot be a geometry is passed on as a row with a problem."""
    done = 0
    while True:
        about, _, blobs, columns = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, where=where, skip_features=done, max_features=_SLICE, force_2d=True
        )
        names = [str(each) for each in about["fields"]]
        count = len(columns[0]) if columns else len(blobs) if blobs is not None else 0
        places = np.full(count, None, object) if blobs is None else shapely.from_wkb(blobs, on_invalid="ignore")
        lists = [column.tolist() for column in columns]
        for i in range(count):
            lost = blobs is not None and blobs[i] is not None and places[i] is None
            values = {name: _value(of[i]) for name, of in zip(names, lists, strict=True)}
            yield Row(done + i + 1, values, places[i], "geometry.unreadable" if lost else "")
        done += count
        if count < _SLICE:
            return


def _value(value: Any) -> Any:
    """A value as we hold it: nothing as None, texts without edges."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value != value:
        return None
    return value


def _shapefile_encoding(path: Path) -> tuple[str | None, list[Issue]]:
    """How a Shapefile's .dbf is encoded: by its bytes, since .cpg files are often missing and sometimes wrong.

    Without a .cpg GDAL takes ISO-8859-1, and quotes and dashes of Windows become control characters.
    """
    dbf = next(each for each in path.parent.iterdir() if each.stem == path.stem and each.suffix.lower() == ".dbf")
    with dbf.open("rb") as file:
        head = file.read(32)
        file.seek(int.from_bytes(head[8:10], "little"))
        body = file.read(8 * 1024 * 1024)
    cpg = next(
        (each for each in path.parent.iterdir() if each.stem == path.stem and each.suffix.lower() == ".cpg"), None
    )
    declared = cpg.read_text(errors="replace").strip() if cpg else ""
    if not any(byte > 127 for byte in body):
        return None, []
    try:
        body[: body.rfind(b" ") + 1].decode()
        is_utf8 = True
    except UnicodeDecodeError:
        is_utf8 = False
    if is_utf8:
        return "utf-8", []
    if declared and not re.search(r"utf-?8|8859-?1$|65001", declared, re.IGNORECASE):
        return declared, []
    values = {"encoding": "cp1252"}
    return "cp1252", [Issue(None, "", declared, "file.encoding_guessed", "file.read_in_encoding", values)]
