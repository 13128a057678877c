"""What the map draws, as JSON; and the layers for a city's GIS at addresses that stay."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from tempuse.mapindex import MapIndex, View
from tempuse.mapindex.clusters import Cluster
from tempuse.mapindex.facets import KINDS, OUTLOOKS
from tempuse.store import published
from tempuse.store.common import current_seq
from web import cards, database, index, query

SHAPES_FROM_ZOOM = 15
MOST_SHAPES = 1000


def map_view() -> Response:
    """Clusters, lone markers, cells and outlines for one box, zoom and filter; and the chips' counts."""
    question = query.read(request.args)
    held = index.current()
    view = held.view(question.box, question.wanted)
    marks = held.clusters(view.rows, question.zoom)
    body: dict[str, Any] = {
        "total": len(view.rows),
        "counts": view.counts,
        "clusters": [_cluster(mark) for mark in marks if mark.row < 0],
        "spaces": _lone(held, [mark for mark in marks if mark.row >= 0]),
        "shapes": [],
    }
    if question.zoom >= SHAPES_FROM_ZOOM and len(view.rows) <= MOST_SHAPES:
        body["shapes"] = _shapes(held, view)
    return Response(orjson.dumps(body), mimetype="application/json")


def _cluster(mark: Cluster) -> list[float]:
    return [round(mark.x, 8), round(mark.y, 8), mark.count, mark.free, mark.used]


def _lone(held: MapIndex, marks: list[Cluster]) -> list[dict[str, Any]]:
    keys = [int(held.key[mark.row]) for mark in marks]
    texts = published.features(database.connection(), keys)
    found = []
    for mark, key in zip(marks, keys, strict=True):
        if key not in texts:
            continue
        shown = cards.of_feature(texts[key])
        space = {
            "ref": shown["ref"], "x": round(mark.x, 8), "y": round(mark.y, 8),
            "kind": KINDS[held.columns["kind"][mark.row]], "outlook": OUTLOOKS[held.outlook[mark.row]],
            "name": cards.title(shown), "state": cards.state(shown), "level": shown["location_level"],
        }  # fmt: skip
        if shown["location_level"] == "cell":
            space.update(cell=shown["geometry"], why=cards.why_coarse(shown))
        found.append(space)
    return found


def _shapes(held: MapIndex, view: View) -> list[orjson.Fragment]:
    texts = published.features(database.connection(), held.key[view.rows].tolist())
    return [orjson.Fragment(text) for text in texts.values()]


def map_areas() -> Response:
    """Districts, water and green for the background."""
    texts = published.areas(database.connection())
    body = '{"type":"FeatureCollection","features":[' + ",".join(texts) + "]}"
    response = Response(body, mimetype="application/geo+json")
    response.set_etag(f"areas-{current_seq(database.connection())}")
    return response.make_conditional(request)  # type: ignore[return-value]


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/map/view", view_func=map_view)
    blueprint.add_url_rule("/map/areas", view_func=map_areas)
