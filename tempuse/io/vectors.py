"""Vector files: Fiona is the door, record by record; pyogrio opens what Fiona's wheel cannot, by the same door.

KML with its extended data and OpenStreetMap extracts need drivers that Fiona's wheel lacks, and from Python
3.14 on there is no Fiona wheel at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Issue
from tempuse.io import shapes
from tempuse.io.source import Row, Source, quietly

try:
    import fiona
except ImportError:  # Python 3.14 and later
    fiona = None

BATCH = 2000
_SLICE = 50_000
_ERRORS: tuple[type[Exception], ...] = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
    pyogrio.errors.FeatureError,
    OSError,
    ValueError,
)
if fiona is not None:
    _ERRORS = (*_ERRORS, fiona.errors.FionaError)
_FIONA_KINDS = frozenset({"geojson", "gpkg", "shapefile", "flatgeobuf"})
# What GDAL adds to each feature of a KML; its id is only the number of the feature.
_KML_OWN = frozenset({
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
    "snippet",
})  # fmt: skip
_ONE_LAYER = frozenset({"geojson", "flatgeobuf", "shapefile"})


@dataclass(frozen=True, slots=True)
class _About:
    """What a layer says of itself."""

    columns: list[str]
    crs: str | None
    has_geometry: bool
    count: int


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
    use_fiona = fiona is not None and kind in _FIONA_KINDS if engine == "auto" else engine == "fiona"
    about, reader = (_about_fiona, _with_fiona) if use_fiona else (_about_pyogrio, _with_pyogrio)
    try:
        if kind in _ONE_LAYER and layer is None:
            layers = [""]  # to ask a large GeoJSON for its layers takes as long as to read it
        else:
            layers = [str(each) for each, _ in quietly(pyogrio.list_layers, path)]
            if layer is not None and layer not in layers:
                raise Invalid("file.no_layer", name=name, layer=layer, names=layers)
        tried = {each: about(path, each, encoding) for each in ([layer] if layer is not None else layers)}
    except _ERRORS as error:
        raise Invalid("file.not_geojson" if kind == "geojson" else "file.damaged", name=name) from error
    if not tried:
        raise Invalid("file.no_rows", name=name)
    taken = max(tried, key=lambda each: tried[each].count)
    found = tried[taken]
    if len(tried) > 1:
        issues.append(Issue(None, "", taken, "file.several_layers", "file.layer_taken", {"layer": taken}))
    if not found.count:
        raise Invalid("file.no_rows", name=name)
    try:
        crs = geometry.known_crs(found.crs) if found.crs else None
    except Invalid:
        crs = None
        said = found.crs.split(",")[0] if found.crs else ""
        issues.append(Issue(None, "", said, "crs.unknown", "crs.passed_over", {"crs": said}))

    def read() -> Iterator[Row]:
        try:
            yield from reader(path, taken, encoding)
        except _ERRORS as error:
            raise Invalid("file.damaged", name=name) from error

    columns = [each for each in found.columns if kind != "kml" or each not in _KML_OWN]
    return Source(
        name, kind, columns, read, taken, [each for each in layers if each], crs, found.has_geometry,
        found.count, issues,
    )  # fmt: skip


def _about_fiona(path: Path, layer: str, encoding: str | None) -> _About:
    with fiona.open(path, **_options(layer, encoding)) as records:
        schema = records.schema
        has_geometry = schema["geometry"] != "None"
        return _About([str(each) for each in schema["properties"]], records.crs_wkt or None, has_geometry, len(records))


def _about_pyogrio(path: Path, layer: str, encoding: str | None) -> _About:
    about = quietly(pyogrio.read_info, path, force_feature_count=True, **_options(layer, encoding))
    has_geometry = about["geometry_type"] is not None
    return _About([str(each) for each in about["fields"]], about["crs"], has_geometry, int(about["features"]))


def _options(layer: str, encoding: str | None) -> dict[str, Any]:
    options = {"layer": layer, "encoding": encoding}
    return {name: value for name, value in options.items() if value}


def _with_fiona(path: Path, layer: str, encoding: str | None) -> Iterator[Row]:
    """Record by record; geometries become shapely's in batches, which is several times faster than one by one."""
    with fiona.open(path, **_options(layer, encoding)) as records:
        held: list[Any] = []
        line = 0
        walk = iter(records)
        while True:
            try:
                record = next(walk, None)
            except (fiona.errors.FionaError, ValueError):
                # One unreadable feature must not end the import.
                yield from _rows(held, line)
                line += len(held) + 1
                held = []
                yield Row(line, {}, None, "geometry.unreadable")
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
    places, bad = shapes.from_records([record.geometry for record in records])
    for i, record in enumerate(records):
        values = {name: value if type(value) is int else _value(value) for name, value in _properties(record)}
        yield Row(before + i + 1, values, places[i], "geometry.unreadable" if i in bad else "")


def _properties(record: Any) -> Any:
    """Names and values of a record. Fiona's mapping copies all of them for each one that is asked."""
    held = getattr(record.properties, "_data", None)
    return held.items() if isinstance(held, dict) else record.properties.items()


def _with_pyogrio(path: Path, layer: str, encoding: str | None) -> Iterator[Row]:
    """In slices; what cannot be a geometry is passed on as a row with a problem."""
    done = 0
    while True:
        about, _, blobs, columns = quietly(
            pyogrio.raw.read, path, skip_features=done, max_features=_SLICE, force_2d=True, **_options(layer, encoding)
        )
        names = [str(each) for each in about["fields"]]
        count = len(columns[0]) if columns else len(blobs) if blobs is not None else 0
        places = np.full(count, None, object) if blobs is None else shapely.from_wkb(blobs, on_invalid="ignore")
        lists = [_plain(column) for column in columns]
        for i in range(count):
            lost = blobs is not None and blobs[i] is not None and places[i] is None
            values = {name: _value(of[i]) for name, of in zip(names, lists, strict=True)}
            yield Row(done + i + 1, values, places[i], "geometry.unreadable" if lost else "")
        done += count
        if count < _SLICE:
            return


def _plain(column: Any) -> list[Any]:
    """A column as Python's own values; days and instants as ISO text, like Fiona's."""
    if column.dtype.kind == "M":
        texts = np.datetime_as_string(column).tolist()
        return [None if text == "NaT" else text.removesuffix(".000") for text in texts]
    return list(column.tolist())


def _value(value: Any) -> Any:
    """A value as we hold it: nothing as None, texts without edges, whole numbers whole."""
    if isinstance(value, str):
        return value.replace("\0", "").strip() or None
    if isinstance(value, float):
        # A column of whole numbers with gaps comes as floats from one reader and as integers from the other.
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (list, tuple, np.ndarray)):
        return ", ".join(str(each) for each in value) or None
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
