"""What a layer says of itself, and its values as we hold them, whichever library reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tempuse.errors import Issue
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Row


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
    """One layer of a file, by one of the libraries."""

    about: LayerFacts
    noticed: list[Issue]

    def rows(self) -> Iterator[Row]:
        """Every feature, in the order of the file; what was wrong with one stands in ``noticed``."""


def kind_of(declared: str | None) -> str:
    """The kind of geometries that a library names, without its dimensions; empty where there are none."""
    text = (declared or "").lower().replace("3d ", "").replace("2.5d ", "").replace("measured ", "")
    return "" if text == "none" else text.split(" ")[0]


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
