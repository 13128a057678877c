"""What a layer says of itself, and its values as we hold them, whichever library reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyogrio

from tempuse.errors import Issue
from tempuse.io import drivers
from tempuse.io.sources import spelt
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

    ``numbers``: those that its features have of their own.
    """

    about: LayerFacts
    numbers: OwnNumbers
    noticed: list[Issue]

    def rows(self) -> Iterator[Row]:
        """Every feature, in the order of the file; what was wrong with one stands in ``noticed``."""


def kind_of(declared: str | None) -> str:
    """The kind of geometries that a library names, without its dimensions; empty where there are none."""
    text = (declared or "").lower().replace("3d ", "").replace("2.5d ", "").replace("measured ", "")
    return "" if text == "none" else text.split(" ")[0]


_FIRST_NUMBERS = 64 * 1024
_NUMBERED = re.compile(rb'"id"\s*:\s*-?[0-9]')
_MOST_BYTES = 64 * 1024 * 1024  # of a file whose features are looked at one by one


class OwnNumbers(NamedTuple):
    """The numbers that the features of a file have of their own: the column for them, empty where they have none.

    GDAL takes them for those of its rows, and makes up what is missing or is no number: then ``told`` has them as the
    file writes them, in its order.
    """

    column: str = ""
    told: Sequence[Any] | None = None

    def of(self, position: int, row: Any) -> Any:
        """The number of the feature at a position, which GDAL calls a row of this number."""
        if self.told is None:
            return int(row)
        return self.told[position] if position < len(self.told) else None


def own_numbers(path: Path, kind: str, about: LayerFacts) -> OwnNumbers:
    """The numbers that the features of a GeoJSON have of their own.

    Numbers that only count the features name nothing: next year another one has them.
    """
    if kind not in drivers.JSON_KINDS or "id" in about.columns:
        return OwnNumbers()
    with path.open("rb") as file:
        if not _NUMBERED.search(file.read(_FIRST_NUMBERS)):
            return OwnNumbers()
    if path.stat().st_size <= _MOST_BYTES and len(_NUMBERED.findall(content := path.read_bytes())) != about.count:
        told = _told(content)
        return OwnNumbers("id", told) if any(isinstance(each, (int, str)) for each in told) else OwnNumbers()
    numbers = quietly(pyogrio.raw.read, path, columns=[], read_geometry=False, return_fids=True)[1]
    first = int(numbers[0]) if len(numbers) else 0
    counts = first in (0, 1) and np.array_equal(numbers, np.arange(first, first + len(numbers)))
    return OwnNumbers() if counts else OwnNumbers("id")


def _told(content: bytes) -> list[Any]:
    try:
        features = json.loads(content)["features"]
        return [each.get("id") for each in features]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


# By this one every byte is a letter of its own: texts come through as they are, for us to read.
BYTES = "ISO-8859-1"


def options(layer: str, letters: Letters | None) -> dict[str, Any]:
    """What both libraries are told."""
    return {name: value for name, value in {"layer": layer, "encoding": letters and BYTES}.items() if value}


def lettered(text: str, letters: Letters | None) -> str:
    """A text with its letters, where a library was told to hand on bytes, or a name was spelt out."""
    if (name := spelt.whole(text)) is not None:
        return name
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
