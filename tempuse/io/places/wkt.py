"""WKT: GEOS sees a text only when its first word is a kind that we hold.

Kinds that hold other kinds (collections, curves) are refused before: GEOS reads them by calling itself, and a text
of a few kilobytes that nests deep enough would end the whole process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from tempuse.geometry import Geometries

# Letters. An outline of 20,000 corners has about 900,000 at the full precision of its numbers.
LONGEST = 2_000_000
_HEAD = re.compile(
    r"\s*+(?:SRID\s*+=\s*+[0-9]{1,9}+\s*+;\s*+)?+([A-Z]{3,30}+)\s*+(?:[ZM]{1,2}\s++)?+(?:[ZM]{0,2}\(|EMPTY)",
    re.IGNORECASE,
)
_HELD = frozenset({
    "POINT", "MULTIPOINT", "LINESTRING", "LINEARRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON",
})  # fmt: skip
_OTHERS = frozenset({
    "GEOMETRYCOLLECTION", "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE",
    "POLYHEDRALSURFACE", "TIN", "TRIANGLE", "CURVE", "SURFACE",
})  # fmt: skip


def kind_of(text: str) -> str:
    """The kind of geometry that a text names as WKT does, in capitals; empty when it is no WKT."""
    return _kind(_HEAD.match(text))


def _kind(head: re.Match[str] | None) -> str:
    kind = head[1].upper().rstrip("ZM") if head else ""
    return kind if kind in _HELD or kind in _OTHERS else ""


def is_held(kind: str) -> bool:
    """Whether we read this kind of geometry."""
    return kind in _HELD


def shapes_of(texts: Sequence[Any]) -> tuple[Geometries, dict[int, tuple[str, dict[str, Any]]]]:
    """WKT as geometries, None where there is none; and by position, what is wrong with a text: message id, values."""
    shapes: Geometries = np.full(len(texts), None, object)
    wrong: dict[int, tuple[str, dict[str, Any]]] = {}
    bare: dict[int, str] = {}
    for i, value in enumerate(texts):
        if not value:
            continue
        text = str(value)
        head = _HEAD.match(text) if len(text) <= LONGEST and text.isascii() and "\0" not in text else None
        kind = _kind(head)
        if head is not None and kind in _HELD:
            bare[i] = text[head.start(1) :]
        else:
            wrong[i] = ("place.kind_not_read", {"kind": kind}) if kind else ("place.not_wkt", {})
    if bare:
        with np.errstate(all="ignore"):  # a number too large for a float is infinite, and no place later
            shapes[list(bare)] = shapely.from_wkt(np.array(list(bare.values()), object), on_invalid="ignore")
    wrong.update({i: ("place.not_wkt", {}) for i in bare if shapes[i] is None})
    return shapes, wrong
