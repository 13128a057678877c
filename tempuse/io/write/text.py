"""GeoJSON and CSV as streams of bytes: the same for a file and for an answer over HTTP."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.io import commas
from tempuse.io.write import flat
from tempuse.io.write.flat import Content, Texts

# The head of a feature text as ``geojson.feature_text`` writes it; nothing of its properties can look so.
_HEAD = re.compile(
    r'\{"type":"Feature","id":"(?:[^"\\]|\\.)*",(?:"bbox":\[([^\]]+)\]|"geometry":\{"type":"Point","coordinates":\[([^\]]+)\])'
)


def geojson(texts: Texts, said: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """An RFC 7946 FeatureCollection of these texts, a feature a line; its bbox, known last, stands last.

    What it says of itself are members of the collection before its features.
    """
    box = _Box()
    members = "".join(
        f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}," for name, value in (said or {}).items()
    )
    lead = f'{{"type":"FeatureCollection",{members}"features":[\n'
    for some in texts:
        if not some:
            continue
        box.take(some)
        yield (lead + ",\n".join(some)).encode()
        lead = ",\n"
    tail = f'],"bbox":{box.text()}}}\n' if box.text() else "]}\n"
    yield ((lead if lead.startswith("{") else "\n") + tail).encode()


class _Box:
    """The smallest box around all that was seen."""

    def __init__(self) -> None:
        self._low = np.array([np.inf, np.inf])
        self._high = -self._low

    def take(self, texts: Any) -> None:
        heads = [match for match in map(_HEAD.match, texts) if match]
        for group, sides in ((1, 4), (2, 2)):
            found = ",".join(match[group] for match in heads if match[group])
            if found:
                numbers = np.array(found.split(","), float).reshape(-1, sides)
                self._low = np.minimum(self._low, numbers[:, :2].min(axis=0))
                self._high = np.maximum(self._high, numbers[:, -2:].max(axis=0))

    def text(self) -> str:
        sides = [*self._low.tolist(), *self._high.tolist()]
        return f"[{','.join(map(repr, sides))}]" if np.isfinite(sides).all() else ""


def place_names(crs: str) -> tuple[str, ...]:
    """The columns that hold the place in a table: in EPSG:4326 lon and lat, else x and y with the CRS named."""
    return ("lon", "lat", "WKT") if crs == geometry.LON_LAT else ("x", "y", "crs", "WKT")


def table(content: Content) -> Iterator[list[Any]]:
    """Every feature as one row: its values, a point in it, its WKT; the names of the columns come first."""
    yield table_names(content)
    for batch in flat.batches(content.texts):
        nothing = [None] * len(batch.properties)
        values = flat.columns(batch, content.columns)
        columns = [nothing if each is None else each for each in (*values, *_places(content, batch))]
        yield from map(list, zip(*columns, strict=True))


def table_names(content: Content) -> list[str]:
    """What the columns of a table are called."""
    return [*(column.name for column in content.columns), *place_names(content.crs)]


def _places(content: Content, batch: flat.Batch) -> Iterator[list[Any]]:
    """The columns of a table that hold the place."""
    decimals = 3 if geometry.is_projected(content.crs) else geometry.DECIMALS
    places = batch.places.within(content.crs).shapes
    for side in geometry.anchors(places):
        yield [None if value != value else value for value in np.round(side, decimals).tolist()]
    wkt = shapely.to_wkt(places, rounding_precision=decimals).tolist()
    if content.crs != geometry.LON_LAT:
        yield [text and content.crs for text in wkt]
    yield wkt


def comma_separated(content: Content) -> Iterator[bytes]:
    """The table as CSV: UTF-8 with the mark that Excel needs; its cells as ``commas`` has them."""
    out = io.StringIO()
    writer = commas.Writer(out)
    out.write("\ufeff")
    writer.row(table_names(content))
    for batch in flat.batches(content.texts):
        nothing = [None] * len(batch.properties)
        values = flat.columns(batch, content.columns, days_as_text=True)
        columns = [_cells(column.kind, each) for column, each in zip(content.columns, values, strict=True)]
        writer.ready_rows(zip(*(each or nothing for each in (*columns, *_places(content, batch))), strict=True))
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


_WORDS = {True: "true", False: "false", None: None}


def _cells(kind: str, values: list[Any] | None) -> list[Any] | None:
    if values is None or kind in ("whole", "number"):
        return values
    if kind == "flag":
        return [_WORDS[value] for value in values]
    return [commas.cell(value) for value in values] if kind == "instant" else commas.harmless_all(values)
