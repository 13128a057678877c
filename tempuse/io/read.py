"""The one door for files: any file that ``formats`` knows becomes a Source."""

from __future__ import annotations

from pathlib import Path

from tempuse.io import formats, osm, tables, vectors
from tempuse.io.source import Row, Source

__all__ = ["Row", "Source", "open_source"]


def open_source(
    path: Path, scratch: Path, *, name: str | None = None, layer: str | None = None, encoding: str | None = None,
    engine: str = "auto",
) -> Source:  # fmt: skip
    """Open a sender's file.

    Args:
        path: the file, or a folder with a Shapefile.
        scratch: a folder of our own for what archives hold; must stay while the source is read.
        name: the name it had when it was sent.
        layer: the layer or sheet; otherwise the largest.
        encoding: of its texts; otherwise found out.
        engine: for vector files, ``fiona``, ``pyogrio`` or ``auto``.

    Raises:
        NotFound: there is no such file.
        Invalid: it is empty, damaged, of a kind that cannot be read, or has no rows.
    """
    found = formats.find(path, scratch)
    shown = name or found.name
    if found.kind == "csv":
        source = tables.open_csv(found.path, shown, encoding)
    elif found.kind == "sheet":
        source = tables.open_sheet(found.path, shown, layer)
    elif found.kind == "osm":
        source = osm.open_osm(found.path, shown)
    else:
        source = vectors.open_vector(found.path, shown, found.kind, layer, encoding, engine)
    source.issues[:0] = found.issues
    return source
