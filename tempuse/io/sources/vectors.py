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
from tempuse.io.sources import encodings, geopackage
from tempuse.io.sources.by_fiona import FionaLayer, can
from tempuse.io.sources.by_pyogrio import PyogrioLayer
from tempuse.io.sources.layers import Layer
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Row, Source, quietly

# What GDAL adds to each feature of a KML; its id is only the number of the feature.
_KML_OWN = frozenset({
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
    "snippet",
})  # fmt: skip
_ONE_LAYER = frozenset({*drivers.JSON_KINDS, "flatgeobuf", "shapefile"})


def open_vector(
    path: Path, name: str, kind: str, layer: str | None = None, encoding: str | None = None, engine: str = "auto",
    countries: Sequence[str] = (),
) -> Source:  # fmt: skip
    """A file of features.

    Args:
        path: where it lies.
        name: as the sender knows it.
        kind: as ``formats`` names it.
        layer: which layer; otherwise the one with the most features.
        encoding: of a Shapefile's texts; otherwise found out.
        engine: ``fiona``, ``pyogrio`` or ``auto``.
        countries: where the list lies, as their languages have letters of their own.

    Raises:
        Invalid: it cannot be read, has no such layer, or no features.
    """
    issues: list[Issue] = []
    letters = None
    if kind == "shapefile":
        letters, issues = encodings.encoding_of(path, countries)
        if encoding is not None:
            letters, issues = _told(encoding, name), []
    made = FionaLayer if engine == "fiona" or (engine == "auto" and can(kind)) else PyogrioLayer
    try:
        names = _layers(path, kind, layer)
        if layer is not None and layer not in names:
            raise Invalid("file.no_layer", name=name, layer=layer, names=names)
        counted = geopackage.counts(path) if kind == "gpkg" else {}
        tried: dict[str, Layer] = {
            each: made(path, kind, each, letters) for each in ([layer] if layer is not None else names)
        }
    except (TempuseError, MemoryError):
        raise
    except Exception as error:
        raise Invalid("file.not_geojson" if kind in drivers.JSON_KINDS else "file.damaged", name=name) from error
    if not tried:
        raise Invalid("file.no_rows", name=name)
    held = {each: counted[each].found if each in counted else tried[each].about.count for each in tried}
    taken = max(held, key=lambda each: held[each])
    if len(tried) > 1:
        issues.append(Issue(None, "", taken, "file.several_layers", "file.layer_taken", {"layer": taken}))
    if not held[taken]:
        raise Invalid("file.no_rows", name=name)
    about = tried[taken].about
    stated = counted[taken].stated if taken in counted else held[taken]
    source = Source(
        name, kind, [each for each in about.columns if kind != "kml" or each not in _KML_OWN],
        lambda: _read(tried[taken], source, held[taken] if stated is None else stated), taken,
        [each for each in names if each], _crs(about.crs, issues), about.has_geometry, held[taken], issues,
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


def _layers(path: Path, kind: str, layer: str | None) -> list[str]:
    if kind in _ONE_LAYER and layer is None:
        return [""]  # to ask a large GeoJSON for its layers takes as long as to read it
    return [str(each) for each, _ in quietly(pyogrio.list_layers, path)]


def _crs(declared: str | None, issues: list[Issue]) -> str | None:
    try:
        return geometry.known_crs(declared) if declared else None
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
