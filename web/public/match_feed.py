"""A question as a feed: the spaces that fit it or are to be asked about, the newest first; kept for nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from hashlib import sha256

import numpy as np
from flask import Response, make_response, render_template, request
from werkzeug.http import generate_etag

from tempuse import matching, questions
from tempuse.offers import EARLY, LATE
from tempuse.store.common import current_state
from tempuse.vocabulary import Permission
from web import database, words
from web.map import index
from web.match import answers, wording
from web.match import question as asked
from web.presenters import cards
from web.public.blueprint import public
from web.search import unread
from web.site import addresses
from web.site.unchanged import conditional

IN_FEED = 30


@public.get("/match.atom", Permission.PUBLIC_READ, endpoint="match_feed")
def feed() -> Response:
    """The newest spaces that fit; the same for everybody who asks the same, until the register or the day changes."""
    question = asked.read(request.args)
    unread.check(question.issues)
    con, today = database.connection(), database.today()
    name = sha256(questions.text_of(question.wanted).encode()).hexdigest()[:32]
    tag = generate_etag(f"{current_state(con)} {today} {name} {words.locale().language}".encode())

    def make() -> Response:
        found = [] if question.wanted.is_empty or question.cannot_be else _entries(question, name)
        text = render_template(
            "public/match.xml", entries=found, summary=wording.summary(question.wanted), name=name,
            here=addresses.full("public.match_feed") + question.address(),
            list=addresses.full("public.match") + question.address(),
            updated=max((each["at"] for each in found), default="1970-01-01T00:00:00Z"),
        )  # fmt: skip
        return make_response(text, {"Content-Type": "application/atom+xml; charset=utf-8"})

    answer = conditional(tag, make)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _entries(question: asked.MatchQuestion, name: str) -> list[dict[str, str]]:
    held, today = index.current(), database.today()
    offers = held.offers
    tier = matching.judge(offers, question.wanted, today, database.scale()).tier
    rows = np.flatnonzero(tier != matching.NEAR)
    since = offers.shown_since[rows]
    newest = rows[np.lexsort((offers.number[rows], -np.where(since == LATE, EARLY, since).astype(np.int64)))][:IN_FEED]
    shown = answers.features(held, offers, newest)
    found = []
    for row in newest.tolist():
        if row not in shown:
            continue
        card = answers.card(offers, row, question.wanted, shown[row], 0, "ask" if tier[row] else "fits")
        day = int(offers.shown_since[row])
        known = date.fromordinal(day) if EARLY < day < LATE else date(1970, 1, 1)
        found.append({
            "id": f"tag:tempuse,2026:{name}:{card.ref}:{known}", "title": card.title,
            "summary": f"{card.verdict} {cards.meta(card.shown)}. {card.state}.",
            "href": addresses.full("public.space", ref=card.ref),
            "at": datetime.combine(known, time.min, UTC).isoformat().replace("+00:00", "Z"),
        })  # fmt: skip
    return found
