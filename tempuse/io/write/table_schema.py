"""The columns of our own CSV as a Table Schema, by which others check a file before they send it.

Source: https://specs.frictionlessdata.io/table-schema/. What only it knows beside that is a unit of each number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tempuse import geometry
from tempuse.io.write.columns import FlatColumn
from tempuse.io.write.flat import SEPARATOR
from tempuse.io.write.text import place_names
from tempuse.spaces import FIELDS

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "day": {"type": "date"},
    "instant": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
    "list": {"type": "string"},
    "map": {"type": "object"},
}
_DEGREES = {"lon": 180, "lat": 90}


def table_schema(columns: Sequence[FlatColumn], crs: str = geometry.LON_LAT) -> dict[str, Any]:
    """What may stand in the columns of a table of these; a table may have fewer, and others beside."""
    places = [_place(name) for name in place_names(crs)]
    return {"fields": [*map(_field, columns), *places], "fieldsMatch": "partial", "missingValues": [""]}


def _field(column: FlatColumn) -> dict[str, Any]:
    about: Mapping[str, Any] = FIELDS.get(column.name, {})
    found: dict[str, Any] = {"name": column.name, **_TYPES[column.kind]}
    if column.word:
        found["title"] = column.word
    if column.told:
        found["description"] = column.told
    if column.unit:
        found["unit"] = column.unit
    limits: dict[str, Any] = {
        name: about[key]
        for name, key in (("minimum", "least"), ("maximum", "most"), ("maxLength", "longest"))
        if key in about
    }
    if column.of:
        values = [term.value for term in column.of]
        if column.kind == "list":
            one = "|".join(map(re.escape, values))
            limits["pattern"] = f"(?:{one})(?:{re.escape(SEPARATOR)}(?:{one}))*"
        else:
            limits["enum"] = values
    return {**found, "constraints": limits} if limits else found


def _place(name: str) -> dict[str, Any]:
    if name in _DEGREES:
        most = _DEGREES[name]
        return {"name": name, "type": "number", "constraints": {"minimum": -most, "maximum": most}}
    return {"name": name, "type": "number" if name in ("x", "y") else "string"}
