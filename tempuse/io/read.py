"""The one door for files: any file that ``formats`` knows becomes a Source, read by a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tempuse.io.confined.reader import Confined
from tempuse.io.confined.walls import Limits
from tempuse.io.crosswalk import columns
from tempuse.io.sources.source import Row, Source

__all__ = ["Limits", "Row", "Source", "open_source"]


def open_source(
    path: Path, scratch: Path, *, name: str | None = None, layer: str | None = None, encoding: str | None = None,
    engine: str = "auto", limits: Limits | None = None, countries: Sequence[str] = (),
) -> Source:  # fmt: skip
    """Open a sender's file.

    Args:
        path: the file, or a folder with a Shapefile; never the live register (architecture, decision 2).
        scratch: a folder of our own for what archives hold; must stay while the source is read.
        name: the name it had when it was sent.
        layer: the layer or sheet, ``ALL`` for those that are alike; otherwise the one whose columns are known best.
        encoding: of its texts; otherwise found out.
        engine: for vector files, ``fiona``, ``pyogrio`` or ``auto``.
        countries: where the list lies, by two letters each: the languages there have letters of their own.
        limits: how much it may cost; otherwise in proportion to its size.

    Raises:
        NotFound: there is no such file.
        Invalid: it is empty, damaged, of a kind that cannot be read, has no rows, or costs more than is allowed.
    """
    wanted: dict[str, Any] = {
        "name": name,
        "layer": layer,
        "encoding": encoding,
        "engine": engine,
        "countries": list(countries),
    }
    wanted["known"] = columns.known_names()
    return Confined(path, scratch, limits, **wanted).open()
