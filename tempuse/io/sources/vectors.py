"""Vector files: by Fiona record by record, or by pyogrio in slices, which also opens what Fiona’s wheel cannot.

KML with its extended data and OpenStreetMap extracts need drivers that Fiona's wheel lacks, and from Python
3.14 on there is no Fiona wheel at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyogrio

from tempuse import geometry
from tempuse.errors import Invalid, Issue, TempuseError
from tempuse.io import drivers
from tempuse.io.sources import encodings, geopackage, osm
from tempuse.io.sources.by_fiona import FionaLayer, can
from tempuse.io.sources.by_pyogrio import PyogrioLayer
from tempuse.io.sources.layers import Layer
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.several import Table
from tempuse.io.sources.source import Row, Source, quietly

# What GDAL adds to each feature of a KML; its id is only the number of the feature.
_KML_OWN = frozenset({
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
    "snippet",
})  # fmt: skip
_ONE_LAYER = frozenset({*drivers.JSON_KINDS, "flatgeobuf", "shapefile"})


def open_layers(
    path: Path, name: str, kind: str, encoding: str | None = None, engine: str = "auto", countries: Sequence[str] = ()
) -> list[Table]:
    """The layers of a file of features; whichever is wanted, all are there to be compared.

    Args:
        path: where it lies.
        name: as the sender knows it.
        kind: as ``formats`` names it.
        encoding: of a Shapefile's texts; otherwise found out.
        engine: ``fiona``, ``pyogrio`` or ``auto``.
        countries: where the list lies, as their languages have letters of their own.

    Raises:
        Invalid: it cannot be read, or has no layers.
    """
    issues: list[Issue] = []
    letters = None
    if kind == "shapefile":
        letters, issues = encodings.encoding_of(path, countries)
        if encoding is not None:
            letters, issues = _told(encoding, name), []
    made = FionaLayer if engine == "fiona" or (engine == "auto" and can(kind)) else PyogrioLayer
    try:
        counted = geopackage.counts(path) if kind == "gpkg" else {}
        opened: dict[str, Layer] = {each: made(path, kind, each, letters) for each in _layers(path, kind)}
    except (TempuseError, MemoryError):
        raise
    except Exception as error:
        raise Invalid("file.not_geojson" if kind in drivers.JSON_KINDS else "file.damaged", name=name) from error
    if kind == "kml" and not any(layer.about.count for layer in opened.values()) and _LINK in path.read_bytes():
        raise Invalid("file.kml_links", name=name)
    if not opened:
        raise Invalid("file.no_rows", name=name)
    word = "folder" if kind == "kml" else "layer"
    tables = []
    for each, layer in opened.items():
        held = counted[each].found if each in counted else layer.about.count
        stated = counted[each].stated if each in counted else held
        source = _source(name, kind, each, layer, held, held if stated is None else stated)
        tables.append(Table(source, word, _PLACES.get(layer.about.geometry, "any"), rank=int(each in _FIRST)))
    tables[0].source.issues[:0] = issues
    return tables


_LINK = b"<NetworkLink"
# Where waypoints are, routes and tracks are how somebody walked there.
_FIRST = frozenset({"waypoints"})
_PLACES = {
    "": "", "point": "point", "multipoint": "point", "polygon": "polygon", "multipolygon": "polygon",
    "linestring": "line", "multilinestring": "line",
}  # fmt: skip


def _source(name: str, kind: str, layer_name: str, layer: Layer, held: int, stated: int) -> Source:
    issues: list[Issue] = []
    columns = [each for each in layer.about.columns if kind != "kml" or each not in _KML_OWN]
    columns += [layer.numbers.column] if layer.numbers.column else []
    is_osm = kind in drivers.JSON_KINDS and osm.ELEMENT in columns

    def read() -> Iterator[Row]:
        rows = _read(layer, source, stated)
        return osm.with_kinds(rows) if is_osm else rows

    source = Source(
        name, kind, [*columns, osm.KIND] if is_osm else columns, read, layer_name, crs=_crs(layer.about.crs, issues),
        has_geometry=layer.about.has_geometry, count=held, issues=issues,
    )  # fmt: skip
    return source


def _told(encoding: str, name: str) -> Letters:
    """How a person says that the letters are written.

    Raises:
        Invalid: nobody knows such an encoding.
    """
    if (page := encodings.code_page(encoding)) is None:
        raise Invalid("file.encoding", name=name, encoding=encoding)
    return Letters(page)


# What QGIS keeps of its own in a GeoPackage.
_NO_LISTS = ("layer_styles", "qgis_projects")


def _layers(path: Path, kind: str) -> list[str]:
    if kind in _ONE_LAYER:
        return [""]  # to ask a large GeoJSON for its layers takes as long as to read it
    return [name for each, _ in quietly(pyogrio.list_layers, path) if (name := str(each)) not in _NO_LISTS]


def _crs(declared: str | None, issues: list[Issue]) -> str | None:
    try:
        return geometry.known_crs(declared) if declared and geometry.is_tied(declared) else None
    except Invalid:
        said = declared.split(",")[0] if declared else ""
        issues.append(Issue(None, "", said, "crs.unknown", "crs.passed_over", {"crs": said}))
        return None


def _read(layer: Layer, source: Source, stated: int) -> Iterator[Row]:
    """Every row until the reader ends; a number that the file states is never believed, and said where it is wrong."""
    count = 0
    try:
        for row in layer.rows():
            count += 1
            yield row
    except (TempuseError, MemoryError):
        raise
    except Exception as error:
        raise Invalid("file.damaged", name=source.name) from error
    source.issues += layer.noticed
    if count != stated:
        values = {"stated": stated, "found": count}
        source.issues.append(Issue(None, "", "", "file.count_differs", "file.count_all_read", values))
