"""A space's page, and the same as GeoJSON."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.http import generate_etag
from werkzeug.wrappers import Response

from tempuse import licences
from tempuse.errors import NotFound
from tempuse.store import published
from tempuse.vocabulary import LocationLevel, Permission, SpaceStatus
from web import database
from web.asking.spaces import can_be_asked
from web.map import elsewhere, folium_map, index
from web.presenters import cards, conditions, facts, parts, pictures, plans, timeline, uses
from web.public import examples
from web.public.blueprint import public
from web.search import query
from web.site import sending
from web.site.unchanged import conditional

MIMETYPE = "application/geo+json"


def published_text(ref: str) -> str:
    """The feature of a space.

    Raises:
        NotFound: the public sees no such space.
    """
    known = query.is_ref(ref.upper())
    text = published.feature(database.connection(), "spaces", ref.upper()) if known else None
    if text is None:
        raise NotFound("space.not_found", ref=ref[:20])
    return text


@public.get("/spaces/<ref>", Permission.PUBLIC_READ)
def space(ref: str) -> str | Response:
    """The page of one space."""
    shown = cards.of_feature(published_text(ref))
    if ref != shown["ref"]:
        return redirect(url_for("public.space", ref=shown["ref"]), 301)
    if shown["status"] == SpaceStatus.RETIRED:
        return render_template("public/retired.html", shown=shown, back=_back())
    if ref in elsewhere.refs():
        return examples.page_of(shown, _back())
    how = cards.outlook(shown)
    known = uses.of_space(shown)
    past = [*uses.history(known), *(shown.get("history") or [])]
    building = parts.building_of(shown)
    there = parts.at_its_address(shown, building)
    return render_template(
        "public/space.html",
        shown=shown,
        outlook=how,
        askable=can_be_asked(shown),
        title=cards.title(shown),
        state=cards.state(shown, long=True),
        meta=cards.meta(shown),
        why=cards.why_coarse(shown),
        noun=facts.noun(shown),
        this=facts.this(shown),
        said=facts.say(shown),
        more=facts.more(shown),
        facts=[*([parts.part_of(building)] if building else []), *facts.rows(there)],
        units=parts.units_of(shown),
        place=facts.where(there),
        letter=_letter(shown),
        app=_in_an_app(shown),
        again=cards.free_from(shown) if how == "used" else None,
        uses=conditions.uses(shown),
        costs=conditions.costs(shown),
        facilities=conditions.facilities(shown),
        respect=conditions.respect(shown),
        sources=conditions.sources(shown),
        line=timeline.build([each for each in past if not each.get("is_part")], _offered(shown, how), database.today()),
        told=timeline.in_words(past),
        used_by=next((each for each in known if each["ref"] == shown.get("used_by_ref")), None),
        pictures=pictures.of_space(shown),
        plans=plans.of_space(shown),
        map=_map(shown),
        where=_on_the_map(shown),
        source=folium_map.attribution_owed(),
        back=_back(),
    )


def _offered(shown: cards.Properties, how: str) -> tuple[date | None, date | None] | None:
    if how == "shut" or shown["status"] != SpaceStatus.OFFERED:
        return None
    start = cards.free_from(shown)
    if how == "used" and start is None:
        return None
    return start, cards.day_of(shown.get("available_until"))


def _map(shown: cards.Properties) -> folium_map.RenderedMap | None:
    """The small map beside it; none where the public may not know the place."""
    held = index.current()
    row = held.row_of(shown["ref"])
    if row < 0 or held.lon[row] != held.lon[row]:
        return None
    level = shown["location_level"]
    mark = cards.mark(shown, float(held.x[row]), float(held.y[row]))
    outline = shown["geometry"] if level == LocationLevel.EXACT and shown["geometry"]["type"] != "Point" else None
    zoom = 13 if level in (LocationLevel.EXACT, LocationLevel.CELL) else 12
    return folium_map.build("space", float(held.lon[row]), float(held.lat[row]), zoom, space=mark, shape=outline)


def _on_the_map(shown: cards.Properties) -> str:
    """The address of the big map where it shows this space, empty when it cannot."""
    held = index.current()
    row = held.row_of(shown["ref"])
    if row < 0 or held.lon[row] != held.lon[row]:
        return ""
    zoom = 16 if shown["location_level"] == LocationLevel.EXACT else 14
    return url_for("public.home", map=f"{zoom}/{held.lat[row]:.5f}/{held.lon[row]:.5f}", chosen=shown["ref"])


def _in_an_app(shown: cards.Properties) -> str:
    """The address that opens the place in the reader's own map app; empty where the place is not told exactly."""
    held = index.current()
    row = held.row_of(shown["ref"])
    if row < 0 or held.lon[row] != held.lon[row] or shown["location_level"] != LocationLevel.EXACT:
        return ""
    at = f"{held.lat[row]:.6f},{held.lon[row]:.6f}"
    return f"geo:{at}?q={at}({quote(cards.title(shown))})"


def _letter(shown: cards.Properties) -> str:
    """What stands in a mail to the city from the start: the space, and the three things that the city asks for."""
    asked = (gettext("Who we are:"), gettext("What we plan:"), gettext("From when to when:"))
    space = f"{shown['ref']} {cards.title(shown)}"
    body = "\r\n\r\n".join((space, *asked, ""))
    return f"?subject={quote(space, safe='')}&body={quote(body, safe='')}"


def _back() -> tuple[str, str]:
    """Where the reader came from within this site, as address and words; else the map."""
    came = urlsplit(request.referrer or "")
    if came.netloc == request.host:
        asked = f"?{came.query}" if came.query else ""
        if came.path == url_for("public.find"):
            return came.path + asked, gettext("Back to the list")
        if came.path == url_for("public.home"):
            return came.path + asked, gettext("Back to the map")
    return url_for("public.home"), gettext("Back to the map")


@public.get("/spaces/<ref>.geojson", Permission.PUBLIC_READ)
def space_feature(ref: str) -> Response:
    """The feature of one space as it is published."""
    text = published_text(ref)
    answer = conditional(generate_etag(text.encode()), lambda: make_response(text, {"Content-Type": MIMETYPE}))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    sending.say_licence(answer, licences.address_of(database.settings().licence))
    return answer
