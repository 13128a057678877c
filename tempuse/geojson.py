"""RFC 7946 text: what every door writes as GeoJSON, made in one place."""

from __future__ import annotations

from typing import Any

import orjson
import shapely


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
