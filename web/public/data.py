"""What the map draws, as JSON; and one space as GeoJSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from flask import Response, request

from tempuse.geometry import Box
from tempuse.mapindex import MapIndex
from tempuse.mapindex.clusters import Cluster
from tempuse.mapindex.filters import KINDS, OUTLOOKS
from tempuse.mapindex.outlines import outlines
from tempuse.store import published
from tempuse.vocabulary import LocationLevel, Permission
from web import database, words
from web.map import elsewhere, folium_map, index
from web.presenters import cards, examples
from web.public.blueprint import public
from web.search import query
from web.site.unchanged import conditional

SHAPES_FROM_ZOOM = 15
MOST_SHAPES = 1000
# Within this many pixels of a cluster's middle lie the spaces that it stands for.
CLUSTER_PX = 100


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), mimetype="application/json", headers={"Cache-Control": "no-cache"})


@public.get("/map/view", Permission.PUBLIC_READ)
def map_view() -> Response:
    """Clusters, lone markers, cells and outlines for one box, zoom and filter."""
    question = query.asked()
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
        body["shapes"] = _shapes(held, view.rows)
    return _json(body)


def _cluster(mark: Cluster) -> list[float]:
    return [round(mark.x, 8), round(mark.y, 8), mark.count, mark.free, mark.used]


def _lone(held: MapIndex, marks: list[Cluster]) -> list[dict[str, Any]]:
    keys = [int(held.key[mark.row]) for mark in marks]
    texts = published.features(database.connection(), keys)
    found, others = [], elsewhere.refs()
    for mark, key in zip(marks, keys, strict=True):
        if key not in texts:
            continue
        shown = cards.of_feature(texts[key])
        space = {
            "ref": shown["ref"], "x": round(mark.x, 8), "y": round(mark.y, 8),
            "kind": KINDS[held.columns["kind"][mark.row]], "outlook": OUTLOOKS[held.outlook[mark.row]],
            "name": cards.title(shown), "state": examples.state() if shown["ref"] in others else cards.state(shown),
            "level": shown["location_level"],
        }  # fmt: skip
        if shown["location_level"] != LocationLevel.EXACT:
            space.update(cell=shown["geometry"], why=cards.why_coarse(shown))
        found.append(space)
    return found


def _shapes(held: MapIndex, rows: Any) -> list[dict[str, Any]]:
    """Outlines of the spaces that have one; a cell is none, and nor has a space whose place nobody knows."""
    exact = rows[held.columns["level"][rows] == 0]
    texts = published.features(database.connection(), held.key[exact].tolist())
    outlooks = dict(zip(held.key[exact].tolist(), held.outlook[exact].tolist(), strict=True))
    found = []
    for key, text in texts.items():
        feature = orjson.loads(text)
        if feature["geometry"] and feature["geometry"]["type"] != "Point":
            ref = feature["properties"]["ref"]
            found.append({"ref": ref, "outlook": OUTLOOKS[outlooks[key]], "geometry": feature["geometry"]})
    return found


@public.get("/map/open", Permission.PUBLIC_READ)
def map_open() -> Response:
    """The zoom at which the cluster that the map shows at a place falls apart; none when it never does."""
    question = query.asked()
    if question.centre is None:
        return _json({"zoom": None})
    (lon, lat), held = question.centre, index.current()
    reach = CLUSTER_PX * 360 / (256 * 2**question.zoom)
    box = Box(lon - reach, lat - reach, lon + reach, lat + reach)
    rows = held.view(box, question.wanted).rows
    count = _largest(held.clusters(rows, question.zoom))
    for zoom in range(question.zoom + 1, folium_map.MAX_ZOOM):
        if _largest(held.clusters(rows, zoom)) < count:
            return _json({"zoom": zoom})
    return _json({"zoom": None})


@public.get("/map/around", Permission.PUBLIC_READ)
def map_around() -> Response:
    """The box of all that fits, wherever the map looks; none when nothing does. Of one space, its ref."""
    question = query.asked()
    held = index.current()
    rows = held.view(None, question.wanted).rows
    placed = rows[np.isfinite(held.lon[rows])]
    body: dict[str, Any] = {"total": len(rows), "box": None, "ref": held.refs(rows)[0] if len(rows) == 1 else ""}
    if len(placed):
        lon, lat = held.lon[placed], held.lat[placed]
        body["box"] = [float(each) for each in (lon.min(), lat.min(), lon.max(), lat.max())]
    return _json(body)


def _largest(marks: list[Cluster]) -> int:
    return max((mark.count for mark in marks), default=0)


@public.get("/map/areas", Permission.PUBLIC_READ)
def map_areas() -> Response:
    """Districts, water and green for the background of one box at one zoom; countries where it is small."""
    question = query.asked()
    background, state = index.background()
    zoom = question.zoom if "zoom" in request.args else folium_map.MAX_ZOOM

    def make() -> Response:
        countries = [_named(each) for each in outlines().draw(question.box, zoom)]
        drawn = {"type": "FeatureCollection", "features": [*countries, *background.draw(question.box, zoom)]}
        return Response(orjson.dumps(drawn), mimetype="application/geo+json")

    answer = conditional(f"areas-{state}-{words.locale()}", make)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _named(country: dict[str, Any]) -> dict[str, Any]:
    """A country with its name in the reader's language; none where it has no code."""
    about = country["properties"]
    return {**country, "properties": {**about, "name": words.locale().territories.get(about["country"])}}
