"""Who could use a space: groups that look, and how well it fits, as everybody knows it and as the office does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse import matching
from tempuse.matching.functions import FULL
from tempuse.needs import Need, wanted_of
from tempuse.offers import Offers
from tempuse.publication.offer import offer_of
from tempuse.publication.stretches import NOT_USED
from tempuse.registry.needs import changing
from tempuse.registry.needs.telling import was_told
from tempuse.registry.publishing import publisher
from tempuse.store import needs, organisations, published, spaces, uses
from tempuse.vocabulary import Permission
from tempuse.wanted import KEYS, Wanted
from web import database
from web.accounts import guard
from web.map import index
from web.match import answers, wording
from web.office import names
from web.office.blueprint import office
from web.presenters import cards

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Seeker:
    """A group that could use the space: what it asks, how well it fits, and what the office knows besides."""

    need: Need
    group: str
    summary: str
    tier: str
    verdict: str
    reasons: list[answers.SaidReason]
    inside: str
    was_told: bool


@office.get("/spaces/<ref>/needs", Permission.NEED_READ, endpoint="space_seekers")
def seekers(ref: str) -> ResponseReturnValue:
    """The groups that could use it; and what keeps the others away."""
    con, today = database.connection(), database.today()
    space = spaces.get(con, ref)
    text = published.feature(con, "spaces", ref)
    looking = [need for batch in needs.looking(con, database.settings(), today) for need in batch]
    known = [(need, wanted_of(need)) for need in looking]
    asked = [(need, wanted) for need, (wanted, unclear) in known if not unclear]
    offer = _public_offer(ref)
    own = _own_offer(ref)
    found, near = _judged(offer if offer is not None else own, own, asked, text) if asked else ([], [])
    return render_template(
        "office/spaces/seekers.html", space=space, name=names.space(space), found=found[:MOST_SHOWN],
        total=len(found), near=near, is_public=offer is not None, many=len(asked),
        may_propose=guard.may(Permission.NEED_PROPOSE) and text is not None,
    )  # fmt: skip


def _public_offer(ref: str) -> Offers | None:
    """The space as everybody knows it; None where nobody may ask for it."""
    held = index.current()
    row = held.row_of(ref)
    places = np.flatnonzero(held.offer_rows == row) if row >= 0 else np.zeros(0, np.int64)
    return held.offers.take(places) if len(places) else None


def _own_offer(ref: str) -> Offers:
    """The space as the office knows it."""
    con = database.connection()
    ((row, space),) = spaces.numbered(con, [ref])
    used = uses.used_of(con, publisher(con, database.now()), [(row, space)])
    return offer_of(space, used.get(ref, NOT_USED), database.today())


def _judged(
    offer: Offers, own: Offers, asked: list[tuple[Need, Wanted]], text: str | None
) -> tuple[list[Seeker], list[tuple[str, int]]]:  # fmt: skip
    """Whom it fits, best first; and by must, how many more groups could use it if that were otherwise."""
    today = database.today()
    columns = matching.wants([wanted for _, wanted in asked], today, database.scale())
    seen, inside = matching.judge_needs(offer, columns), matching.judge_needs(own, columns)
    order = np.lexsort((-seen.lead, seen.tier))
    shown = cards.of_feature(text) if text is not None else None
    found = [
        _seeker(offer, asked[pick], (int(seen.tier[pick]), int(inside.tier[pick])), shown)
        for pick in order.tolist() if seen.tier[pick] != matching.NEAR
    ]  # fmt: skip
    fails = seen.asked & seen.musts & (seen.hi < FULL)
    single = fails[:, fails.sum(0) == 1].sum(1)
    near = [
        (wording.otherwise(KEYS[key]), int(single[key])) for key in np.argsort(-single, kind="stable") if single[key]
    ]
    return found, near


def _seeker(
    offer: Offers, looking: tuple[Need, Wanted], tiers: tuple[int, int], shown: cards.Properties | None
) -> Seeker:  # fmt: skip
    """One group; ``tiers`` as everybody and as the office knows the space."""
    need, wanted = looking
    tier, inside = tiers
    con = database.connection()
    group = organisations.find_one(con, need.initiative_ref or "")
    told = [] if shown is None else answers.reasons_of(offer, 0, wanted, shown)
    known = {matching.FITS: gettext("It fits."), matching.ASK: "", matching.NEAR: gettext("It does not fit.")}
    differs = known[inside] if inside != tier else ""
    return Seeker(
        need, group.name if group else need.group_name or "", wording.summary(wanted), ("fits", "ask")[tier],
        answers.verdict(told), [each for each in told if each.state != "met"], differs,
        was_told(con, need.ref, _ref(offer)),
    )  # fmt: skip


def _ref(offer: Offers) -> str:
    return f"SP-{int(offer.number[0]):04d}"


@office.post("/spaces/<ref>/needs/<need>", Permission.NEED_PROPOSE, endpoint="space_suggest")
def suggest(ref: str, need: str) -> ResponseReturnValue:
    """Tell one group of the space, with what everybody reads of it."""
    changing.propose_space(database.idle(), g.actor, need, ref, database.now())
    flash(gettext("The group gets a letter about %(space)s.", space=ref))
    return redirect(url_for(".space_seekers", ref=ref))
