"""Who could use one's spaces: for owners and mediators, as far as either may know of groups that look."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse import matching
from tempuse.mapindex import MapIndex
from tempuse.people import Person
from tempuse.registry.needs import partners
from tempuse.vocabulary import Permission
from web import database, words
from web.map import index
from web.match import answers, wording
from web.my import home
from web.my.blueprint import my
from web.my.home import Matter, Matters
from web.presenters import cards
from web.presenters import needs as words_of

_PAGE = "/spaces/<ref>/needs"
# So many stand on somebody's first page.
_FEW = 5


def _places(held: MapIndex, refs: list[str]) -> dict[int, str]:
    """The places among the offers of those that may be asked for."""
    rows = {row: ref for ref in refs if (row := held.row_of(ref)) >= 0}
    at = np.flatnonzero(np.isin(held.offer_rows, list(rows)))
    return {place: rows[int(held.offer_rows[place])] for place in at.tolist()}


def _found() -> list[Matter]:
    """The spaces that groups could use, those that most could use first; the others after them."""
    con, now, held = database.connection(), database.now(), index.current()
    mine = partners.spaces_of(con, g.actor, now)
    places = _places(held, list(mine)) if mine else {}
    if not places:
        return []
    rows = np.array(list(places), np.int64)
    counts = partners.counts(con, held.offers.take(rows), partners.asking(con, now), now)
    shown = answers.features(held, held.offers, rows)
    made = [
        (count, Matter(cards.title(shown[row]), url_for("auth.space_needs", ref=places[row]), how_many(count),
                       button=gettext("Look")))
        for row, count in zip(places, counts, strict=True) if row in shown
    ]  # fmt: skip
    return [matter for _, matter in sorted(made, key=lambda pair: -pair[0])]


def how_many(least: int) -> str:
    """At least how many groups, in words."""
    if not least:
        return gettext("Fewer than three groups that look could use it.")
    return gettext("At least %(n)s groups that look could use it.", n=words.spelled(least))


def _few(_: Person) -> list[Matter]:
    found = _found()
    if len(found) <= _FEW:
        return found
    all_of_them = gettext("See all %(total)s", total=words.figure(len(found)))
    return [*found[:_FEW], Matter(gettext("Your other spaces"), url_for("auth.spaces"), button=all_of_them)]


home.SECTIONS.append(Matters(lazy_gettext("Groups that could use your spaces"), _few))


@my.get("/spaces", Permission.MY_READ)
def spaces() -> str:
    """All of them that may be asked for."""
    return render_template("my/spaces.html", rows=_found())


@my.get(_PAGE, Permission.MY_READ)
def space_needs(ref: str) -> ResponseReturnValue:
    """Who could use one of them."""
    con, now, held, ref = database.connection(), database.now(), index.current(), ref.upper()[:20]
    mine = partners.spaces_of(con, g.actor, now)
    places = list(_places(held, [ref])) if ref in mine else []
    if not places:
        abort(404)
    rows = np.array(places, np.int64)
    shown = answers.features(held, held.offers, rows)[places[0]]
    found = partners.seekers(con, g.actor, ref, held.offers.take(rows), now)
    more = [(wording.otherwise(key), how_many_more(least)) for key, least in found.more.items()]
    return render_template(
        "my/space_needs.html", ref=ref, name=cards.title(shown), meta=cards.meta(shown), least=how_many(found.least),
        found=[_card(each) for each in found.told], more=more,
        may_suggest=mine[ref] and partners.may_suggest(con, g.actor, ref, now),
    )  # fmt: skip


def how_many_more(least: int) -> str:
    """At least how many more groups, in words."""
    return gettext("at least %(n)s more groups could use it.", n=words.spelled(least))


def _card(told: partners.KnownNeed) -> dict[str, Any]:
    said = words_of.of_values(told.need_ref, told.shown)
    return {
        "need": said, "ref": told.need_ref, "was_told": told.was_told,
        "tier": gettext("It fits.") if told.tier == matching.FITS else gettext("Something is to be asked about."),
    }  # fmt: skip


@my.post(f"{_PAGE}/<need>", Permission.MY_EDIT)
def space_suggest(ref: str, need: str) -> ResponseReturnValue:
    """Tell one group of the space by letter; who it is stays with the city."""
    partners.suggest_space(database.idle(), g.actor, need.upper()[:20], ref.upper()[:20], database.now())
    flash(gettext("The group gets a letter about %(space)s.", space=ref))
    return redirect(url_for(".space_needs", ref=ref))
