"""Temporary uses for everybody: their list, the page of each, and the same as GeoJSON."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.http import generate_etag
from werkzeug.wrappers import Response as Answered

from tempuse.errors import NotFound
from tempuse.geometry import Box
from tempuse.store import published
from tempuse.store import published_uses as use_rows
from tempuse.vocabulary import LocationLevel, Permission, UseState
from web import database
from web.map import folium_map, index
from web.presenters import cards, uses
from web.public.blueprint import public
from web.search import query
from web.site import arguments
from web.site.unchanged import conditional

PAGE = 50


def feature_of(ref: str) -> str:
    """The feature of a use.

    Raises:
        NotFound: the public sees no such use.
    """
    known = query.is_ref(ref.upper())
    text = published.feature(database.connection(), "uses", ref.upper()) if known else None
    if text is None:
        raise NotFound("use.not_found", ref=ref[:20])
    return text


@public.get("/uses", Permission.PUBLIC_READ, endpoint="uses")
def listing() -> str:
    """The uses that run, come or are over, page by page."""
    con = database.connection()
    chosen = arguments.choice(request.args, "show", tuple(UseState), UseState.RUNNING.value)
    tally = use_rows.tally(con)
    page = arguments.page(request.args, tally.get(chosen, 0), PAGE)
    texts = use_rows.of_state(con, chosen, limit=PAGE, offset=page.offset)
    order = (UseState.RUNNING, UseState.COMING, UseState.ENDED)
    return render_template(
        "public/uses.html", rows=[uses.row(text) for text in texts], page=page,
        heading=uses.count_words(tally.get(chosen, 0), chosen), chosen=chosen,
        tabs=[(gettext(each.label), url_for("public.uses", show=each.value), tally.get(each.value, 0), each == chosen)
              for each in order if tally.get(each.value) or each in (chosen, UseState.RUNNING)],
        address=lambda number: url_for("public.uses", show=chosen, page=number),
    )  # fmt: skip


@public.get("/uses/<ref>", Permission.PUBLIC_READ)
def use(ref: str) -> str | Answered:
    """The page of one use."""
    shown = cards.of_feature(feature_of(ref))
    if ref != shown["ref"]:
        return redirect(url_for("public.use", ref=shown["ref"]), 301)
    said, moved = uses.after(shown)
    return render_template(
        "public/use.html", shown=shown, title=uses.title(shown), state=uses.state(shown), when=uses.when(shown),
        what=uses.for_what(shown), hours=uses.hours(shown), places=uses.places(shown.get("space_refs") or []),
        after=said, moved=moved, why=uses.why_coarse(shown), is_exact=shown["location_level"] == LocationLevel.EXACT,
        is_over=shown["state"] == UseState.ENDED, map=_map(shown),
        source=folium_map.attribution_owed(),
    )  # fmt: skip


def _map(shown: cards.Properties) -> folium_map.RenderedMap | None:
    """The small map beside it: its first space with the outline of all; none where nobody may know the place."""
    refs, held = shown.get("space_refs") or [], index.current()
    row = held.row_of(refs[0]) if refs else -1
    if row < 0 or held.lon[row] != held.lon[row]:
        return None
    text = published.feature(database.connection(), "spaces", refs[0])
    if text is None:
        return None
    space = cards.of_feature(text)
    mark = {**cards.mark(space, float(held.x[row]), float(held.y[row])), "level": "exact"}
    outline = shown["geometry"] if shown["geometry"] and "Polygon" in shown["geometry"]["type"] else None
    return folium_map.build("space", float(held.lon[row]), float(held.lat[row]), 15, space=mark, shape=outline)


@public.get("/uses/<ref>.geojson", Permission.PUBLIC_READ)
def use_feature(ref: str) -> Response:
    """The feature of one use as it is published."""
    text = feature_of(ref)
    headers = {"Content-Type": "application/geo+json"}
    answer = conditional(generate_etag(text.encode()), lambda: make_response(text, headers))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@public.get("/map/uses", Permission.PUBLIC_READ)
def map_uses() -> Response:
    """The running uses in one box, for the map's layer of them."""
    box = query.read(request.args).box or Box(-180.0, -90.0, 180.0, 90.0)
    drawn = ",".join(use_rows.running_in(database.connection(), box))
    body = f'{{"type":"FeatureCollection","features":[{drawn}]}}'
    return Response(body, mimetype="application/geo+json", headers={"Cache-Control": "no-cache"})
