"""What a layer says of itself, and its values as we hold them, whichever library reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyogrio

from tempuse.errors import Issue
from tempuse.io import drivers
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Row, quietly


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What a layer says of itself; ``geometry`` is its kind in small letters, empty where it is a mere table."""

    columns: list[str]
    crs: str | None
    geometry: str
    count: int

    @property
    def has_geometry(self) -> bool:
        """Whether rows may have a place."""
        return bool(self.geometry)


class Layer(Protocol):
    """One layer of a file, by one of the libraries.

    ``number_as``: the column in which a feature's own number stands, empty where it has none.
    """

    about: LayerFacts
    number_as: str
    noticed: list[Issue]

    def rows(self) -> Iterator[Row]:
        """Every feature, in the order of the file; what was wrong with one stands in ``noticed``."""


def kind_of(declared: str | None) -> str:
    """The kind of geometries that a library names, without its dimensions; empty where there are none."""
    text = (declared or "").lower().replace("3d ", "").replace("2.5d ", "").replace("measured ", "")
    return "" if text == "none" else text.split(" ")[0]


_FIRST_NUMBERS = 64 * 1024
_NUMBERED = re.compile(rb'"id"\s*:\s*[0-9]')


def number_column(path: Path, kind: str, columns: Sequence[str]) -> str:
    """``id`` where the features of a GeoJSON have numbers of their own, which GDAL takes for those of its rows.

    Numbers that only count the features name nothing: next year another one has them.
    """
    if kind not in drivers.JSON_KINDS or "id" in columns:
        return ""
    with path.open("rb") as file:
        if not _NUMBERED.search(file.read(_FIRST_NUMBERS)):
            return ""
    numbers = quietly(pyogrio.raw.read, path, columns=[], read_geometry=False, return_fids=True)[1]
    first = int(numbers[0]) if len(numbers) else 0
    return "" if first in (0, 1) and np.array_equal(numbers, np.arange(first, first + len(numbers))) else "id"


# By this one every byte is a letter of its own: texts come through as they are, for us to read.
BYTES = "ISO-8859-1"


def options(layer: str, letters: Letters | None) -> dict[str, Any]:
    """What both libraries are told."""
    return {name: value for name, value in {"layer": layer, "encoding": letters and BYTES}.items() if value}


def lettered(text: str, letters: Letters | None) -> str:
    """A text with its letters, where a library was told to hand on bytes."""
    return letters.read(text.encode("latin-1", "replace")) if letters is not None and not text.isascii() else text


def plain(value: Any, letters: Letters | None = None) -> Any:
    """A value as we hold it: nothing as None, texts without edges, whole numbers whole, what is composed as text."""
    if isinstance(value, str):
        value = value if letters is None else lettered(value, letters)
        return value.replace("\0", "").strip() or None
    if isinstance(value, float):
        # A column of whole numbers with gaps comes as floats from one reader and as integers from the other.
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (list, tuple, np.ndarray)):
        return ", ".join(str(each) for each in value) or None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return None if isinstance(value, bytes) else value
