"""The spaces that somebody remembered: which they are, their browser knows alone; the page shows what is public."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from flask import render_template, request

from tempuse.store import published
from tempuse.vocabulary import Permission, SpaceStatus
from web import database
from web.map import elsewhere, index
from web.presenters import cards, examples
from web.public.blueprint import public
from web.search import query

# As many as a browser keeps (js/keep.js), and a message carries.
MOST = 60


@public.get("/remembered", Permission.PUBLIC_READ)
def remembered() -> str:
    """The spaces in the address as a list; without any, those of the reader's own browser, which asks for them."""
    asked = (ref for ref in request.args.get("spaces", "").split(",") if query.is_ref(ref))
    refs = list(islice(dict.fromkeys(asked), MOST))
    return render_template("public/remembered.html", refs=refs, found=_find(refs))


class Remembered(NamedTuple):
    """What the public sees of spaces, in their order; and those of which it sees nothing any more.

    ``question`` is for the rows, which are those of every list: none of them is chosen.
    """

    rows: list[cards.Card]
    gone: list[str]
    question: query.Question = query.Question()


def _find(refs: list[str]) -> Remembered:
    held, con = index.current(), database.connection()
    found = Remembered([], [])
    for ref in refs:
        text, at = published.feature(con, "spaces", ref), held.row_of(ref)
        shown = cards.of_feature(text) if text else None
        if shown is None or shown["status"] == SpaceStatus.RETIRED or at < 0:
            found.gone.append(ref)
        else:
            said = examples.state() if ref in elsewhere.refs() else ""
            found.rows.append(cards.row(shown, float(held.lon[at]), float(held.lat[at]), said))
    return found
