"""Matching for everybody: what do you need, what fits, and why each space does or does not. Nothing is kept."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse import matching
from tempuse.errors import NotFound
from tempuse.vocabulary import Permission
from web import database
from web.asking import from_match
from web.map import folium_map, index
from web.match import answers, form, wording
from web.match import question as asked
from web.match.question import MatchQuestion
from web.public.blueprint import public
from web.search import query, unread
from web.site import arguments

# So many spaces stand side by side.
MOST_COMPARED = 4


def _private(answer: ResponseReturnValue) -> Response:
    """A question tells of a group: no shared memory keeps it, no search engine, and no other site is told of it."""
    made = make_response(answer)
    made.headers["Cache-Control"] = "private, no-cache"
    made.headers["Referrer-Policy"] = "no-referrer"
    made.headers["X-Robots-Tag"] = "noindex"
    return made


@public.get("/match", Permission.PUBLIC_READ)
def match() -> Response:
    """The five questions; or, once one is answered, what fits and why."""
    question = asked.read(request.args)
    wrong = bool(question.cannot_be)
    if question.from_form and not question.issues and not wrong and not question.wanted.is_empty:
        return _private(redirect(url_for("public.match") + question.address()))
    wants_form = request.args.get("change") == "yes" or question.wanted.is_empty or wrong
    if wants_form or (question.from_form and question.issues):
        return _private(_form(question))
    found = answers.answer(question)
    if question.page > found.pages:
        return _private(redirect(url_for("public.match") + question.address(page=str(found.pages))))
    return _private(render_template(
        "public/match.html", found=found, summary=wording.summary(question.wanted), map=_map(found),
        source=folium_map.attribution_owed(),
        said=_said(question),
        change=url_for("public.match") + question.address(change="yes"),
        address=lambda page: url_for("public.match") + question.address(page=str(page)),
        why=lambda ref: url_for("public.match_one", ref=ref) + question.address(),
        asking=lambda ref: from_match.address(ref, question.wanted),
    ))  # fmt: skip


def _said(question: MatchQuestion) -> list[str]:
    """What of the question nobody understands, and that it looks for something where the register knows little."""
    said, near = unread.sentences(question.issues), question.wanted.near
    if near is not None and index.background()[0].is_outside(*near):
        town = database.settings().municipality or gettext("the town")
        said.append(gettext("The place that you chose lies outside %(town)s, where this register ends.", town=town))
    return said


def _form(question: MatchQuestion) -> str:
    """The form, filled in as far as something is asked."""
    today, held = database.today(), index.current()
    hides: dict[str, int] = {}
    if not question.wanted.is_empty and not question.cannot_be:
        hides = dict(matching.rank(held.offers, question.wanted, today, database.scale(), count=0, most_near=0).hides)
    begin = folium_map.start(held)
    drawn = folium_map.build("pick", *begin.centre, begin.zoom, fit=begin.box)
    typed = {name: text[: arguments.LONGEST] for name, text in request.args.items()}
    return render_template("public/match_form.html", form=form.build(question, typed, hides, today), map=drawn)


def _map(found: answers.MatchAnswer) -> folium_map.RenderedMap:
    """The map beside the list: what is listed by its number, all other spaces pale behind it."""
    begin = folium_map.start(index.current())
    one = url_for("public.match_one", ref="REF") + found.question.address()
    return folium_map.build(
        "match", *begin.centre, begin.zoom, spaces=list(found.marks), fit=found.box or begin.box,
        view=url_for("public.map_view"), one=one,
    )  # fmt: skip


@public.get("/match/<ref>", Permission.PUBLIC_READ, endpoint="match_one")
def one(ref: str) -> Response:
    """Every criterion for one space, also one that is not in the list: why it is, or why not."""
    question = asked.read(request.args)
    known = query.is_ref(ref.upper())
    card = answers.one(question, ref.upper()) if known else None
    if card is None:
        raise NotFound("match.not_askable", ref=ref[:20])
    return _private(render_template(
        "public/match_one.html", card=card, said=_said(question), summary=wording.summary(question.wanted),
        back=url_for("public.match") + question.address(), asking=from_match.address(card.ref, question.wanted),
    ))  # fmt: skip


@public.get("/match/compare", Permission.PUBLIC_READ, endpoint="match_compare")
def compare() -> Response:
    """Up to four spaces side by side; what differs comes first."""
    question = asked.read(request.args)
    refs = [ref.upper() for text in request.args.getlist("space") for ref in text.split(",")][:MOST_COMPARED]
    found = [card for ref in dict.fromkeys(refs) if query.is_ref(ref) and (card := answers.one(question, ref))]
    rows: dict[str, dict[str, Any]] = {}
    for card in found:
        for told in (*card.reasons, *card.folded):
            rows.setdefault(told.key, {})[card.ref] = told
    differs = {key: len({(told.lo, told.hi) for told in row.values()}) > 1 or len(row) < len(found)
               for key, row in rows.items()}  # fmt: skip
    order = sorted(rows, key=lambda key: not differs[key])
    there = {card.ref for card in found}
    return _private(render_template(
        "public/match_compare.html", cards=found, rows=[(wording.label(key), rows[key]) for key in order],
        missing=[ref[:20] for ref in dict.fromkeys(refs) if ref and ref not in there],
        said=_said(question), summary=wording.summary(question.wanted),
        back=url_for("public.match") + question.address(),
    ))  # fmt: skip


@public.get("/match.geojson", Permission.PUBLIC_READ, endpoint="match_geojson")
def geojson() -> Response:
    """What is listed as GeoJSON: the published features with their place in the list and whether they fit."""
    question = asked.read(request.args)
    unread.check(question.issues)
    found = answers.answer(question)
    features = [
        {
            "type": "Feature", "id": card.ref, "geometry": card.shown["geometry"],
            "properties": {
                **{name: value for name, value in card.shown.items() if name not in ("geometry", "bbox")},
                "match_number": card.number, "match_tier": card.tier,
            },
        }
        for card in found.cards
    ]  # fmt: skip
    body = orjson.dumps({
        "type": "FeatureCollection", "numberMatched": found.total, "numberReturned": len(features),
        "features": features,
    })  # fmt: skip
    answer = Response(body, mimetype="application/geo+json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return _private(answer)
