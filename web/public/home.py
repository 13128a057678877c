"""The map with its list: the home page."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tempuse.geometry import Box
from tempuse.mapindex import MapIndex
from tempuse.vocabulary import Permission
from web.map import folium_map
from web.public.blueprint import public
from web.search import query
from web.search.answers import answer

# The map of an ordinary window, wide and high, until the browser tells its own.
_WINDOW_PX = (848, 620)
_MOST_LAT = 85.0


@public.get("/", Permission.PUBLIC_READ)
def home() -> str | Response:
    """The map and the list for the question in the address; a pressed chip leads to the address it means."""
    question = query.asked()
    if pressed := request.args.get("press"):
        group, _, value = pressed.partition(":")
        wanted = query.toggled(question.wanted, group, value)
        return redirect(url_for("public.home") + question.address(wanted, chosen=""), 303)
    found = answer(_as_seen(question))
    drawn = _map(found.question, found.index)
    return render_template("public/home.html", found=found, map=drawn, source=folium_map.attribution())


def _as_seen(question: query.Question) -> query.Question:
    """The question with about the box that its map will show: the list begins with what is there."""
    if question.centre is None or question.box is not None:
        return question
    lon, lat = question.centre
    wide = _WINDOW_PX[0] / 2 * 360 / (256 * 2**question.zoom)
    high = wide * _WINDOW_PX[1] / _WINDOW_PX[0] * math.cos(math.radians(lat))
    south, north = max(lat - high, -_MOST_LAT), min(lat + high, _MOST_LAT)
    return replace(question, box=Box(max(lon - wide, -180.0), south, min(lon + wide, 180.0), north))


def _map(question: query.Question, held: MapIndex) -> folium_map.RenderedMap:
    """The map, where the address says it looks."""
    begin = folium_map.start(held)
    if question.centre is not None:
        return folium_map.build("home", *question.centre, question.zoom, **_options(begin.box))
    return folium_map.build("home", *begin.centre, begin.zoom, **_options(begin.box))


def _options(box: Box | None) -> dict[str, Any]:
    return {
        "fit": list(box) if box else None,
        "view": url_for("public.map_view"),
        "open": url_for("public.map_open"),
        "around": url_for("public.map_around"),
        "list": url_for("public.listing"),
        "space": url_for("public.space", ref="REF"),
        "uses": url_for("public.map_uses"),
        "use": url_for("public.use", ref="REF"),
    }


@public.get("/list", Permission.PUBLIC_READ)
def listing() -> Response:
    """Chips and list alone, as the map asks for them when it has moved; whoever opens that as a page gets the page."""
    if request.headers.get("Sec-Fetch-Dest") == "document":
        asked = request.query_string.decode("ascii", "replace")
        made: Response = redirect(url_for("public.home") + (f"?{asked}" if asked else ""))
    else:
        made = make_response(render_template("public/_answer.html", found=answer(query.asked())))
    made.vary.add("Sec-Fetch-Dest")
    return made
