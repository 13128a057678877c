"""What a layer says of itself, and its values as we hold them, whichever library reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tempuse.errors import Issue
from tempuse.io.sources.source import Row


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What a layer says of itself."""

    columns: list[str]
    crs: str | None
    has_geometry: bool
    count: int


class Layer(Protocol):
    """One layer of a file, by one of the libraries."""

    about: LayerFacts
    noticed: list[Issue]

    def rows(self) -> Iterator[Row]:
        """Every feature, in the order of the file; what was wrong with one stands in ``noticed``."""


def options(layer: str, encoding: str | None) -> dict[str, Any]:
    """What both libraries are told."""
    return {name: value for name, value in {"layer": layer, "encoding": encoding}.items() if value}


def plain(value: Any) -> Any:
    """A value as we hold it: nothing as None, texts without edges, whole numbers whole, what is composed as text."""
    if isinstance(value, str):
        return value.replace("\0", "").strip() or None
    if isinstance(value, float):
        # A column of whole numbers with gaps comes as floats from one reader and as integers from the other.
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (list, tuple, np.ndarray)):
        return ", ".join(str(each) for each in value) or None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return None if isinstance(value, bytes) else value
