"""RFC 7946 text: what every door writes as GeoJSON, made in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import orjson
import shapely


class Features(list[str]):
    """Feature texts that bring their places along, so that nobody need read them out of the texts again.

    Args:
        texts: as ``feature_text`` makes them.
        wkbs: the same places as little-endian WKB; None without one.
    """

    def __init__(self, texts: Iterable[str], wkbs: Sequence[bytes | None]) -> None:
        super().__init__(texts)
        self.wkbs = wkbs

    def only(self, keeps: Callable[[str], bool]) -> Features:
        """Those whose texts fulfil a condition."""
        kept = [row for row, text in enumerate(self) if keeps(text)]
        return Features((self[row] for row in kept), [self.wkbs[row] for row in kept])


def wkbs_of(shapes: Any) -> list[bytes | None]:
    """Geometries as little-endian WKB; None where there is none."""
    column = np.empty(len(shapes), object)
    column[:] = shapes
    return shapely.to_wkb(column, byte_order=1).tolist()  # type: ignore[no-any-return]


def feature_text(ref: str, shape: Any, properties: dict[str, Any]) -> str:
    """An RFC 7946 Feature as text: id, bbox, geometry in lon lat, properties.

    Args:
        ref: the feature's id.
        shape: a cleaned geometry in EPSG:4326 (``geometry.clean``: 7 decimals, right-hand rule), or None.
        properties: plain values; days and instants are written as ISO 8601.
    """
    head = f'{{"type":"Feature","id":{orjson.dumps(ref).decode()}'
    tail = f'"properties":{orjson.dumps(properties).decode()}}}'
    if shape is None:
        return f'{head},"geometry":null,{tail}'
    if shape.geom_type == "Point":
        return f'{head},"geometry":{{"type":"Point","coordinates":[{shape.x!r},{shape.y!r}]}},{tail}'
    box = ",".join(repr(side) for side in shape.bounds)
    return f'{head},"bbox":[{box}],"geometry":{shapely.to_geojson(shape)},{tail}'
