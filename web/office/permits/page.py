"""A permit on one screen: who, where, when, on what terms, whose turn, what happened, and what can be done."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, NamedTuple

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.occurrences import day_of
from tempuse.permits import OPEN, Permit
from tempuse.refs import ref_of
from tempuse.registry.permits import renewing, subletting
from tempuse.registry.permits.holding import Held
from tempuse.registry.permits.obstacles import needs_word, obstacles
from tempuse.registry.permits.rivals import Around, surroundings
from tempuse.store import agreements, organisations
from tempuse.store import permits as permit_rows
from tempuse.store.claims import Rival
from tempuse.store.permits import Ruled
from tempuse.terms import DAY, Terms, digest
from tempuse.vocabulary import Permission
from web import database, words
from web.office import history, maps
from web.office.blueprint import office
from web.office.permits import acting, acts, called, drawn, queues, sections, told
from web.presenters import handovers, permit_words
from web.presenters import permits as stand
from web.presenters import terms as terms_words


class InTheWay(NamedTuple):
    """What is to be known before a decision: what stands in the way, and who else asks."""

    obstacles: list[str]
    near: Around


@office.get("/permits/<ref>", Permission.PERMIT_READ)
def permit(ref: str) -> ResponseReturnValue:
    """The page; ``pm-12`` leads to PM-0012."""
    if ref != (full := full_ref(ref)):
        return redirect(url_for("office.permit", ref=full))
    con, each = database.connection(), acting.ruled(ref)
    called.warm([each.permit])
    newest = permit_rows.newest_terms(con, ref)
    way = in_the_way(each)
    standing = acts.ActContext(
        newest.version, needs_owner(each.permit), bool(renewing.going_on(con, ref)), _has_head(each)
    )
    there = called.places(each.permit)
    return render_template(
        "office/permits/page.html", permit=each.permit, terms=each.terms, newest=newest, called=called, stand=stand,
        terms_words=terms_words, state=stand.state(*each), turn=stand.turn(*each), kind=called.kind(each.permit),
        due=stand.next_day(*each, called.kind(each.permit), sections.stops_of(con, ref)), days=_decision(each),
        buttons=acts.buttons(g.actor, each, standing), needs_word=standing.needs_word,
        obstacles=way.obstacles if each.permit.status in OPEN else [], near=way.near, day_of=meeting_days,
        drawn=drawn.draw(each, way.near, database.today()), is_open=each.permit.status in OPEN,
        contact=called.person(each.permit.contact_ref), holder=_organisation(each.permit.holder_ref),
        handler=called.person(each.permit.handler_ref), helper=called.person(each.permit.helper_ref), places=there,
        map=next((shown for space in there if (shown := maps.of_space(space))), None), agreed=_agreed(each, newest),
        handover_words=handovers, answers=permit_words.answers(each.permit),
        told=told.events(ref), who_did=history.who_did, letters=told.letters(ref),
        sections=sections.sections_of(con, each),
        due_checks=queues.due_checks(each, database.today()),
        may_look=acts.may(g.actor, Permission.PERMIT_HAND_OVER, each.permit),
    )  # fmt: skip


def _has_head(each: Ruled) -> bool:
    return each.permit.status in OPEN and bool(subletting.heads_for(database.connection(), each.permit.ref))


def full_ref(text: str) -> str:
    """``pm-12`` is PM-0012; other texts stay."""
    match = re.fullmatch(r"PM[-\s]?([0-9]{1,12})", text.strip(), re.IGNORECASE)
    return ref_of("permit", int(match[1])) if match else text


def in_the_way(each: Ruled, terms: Terms | None = None) -> InTheWay:
    """What stands in the way of a permit, under the terms that rule or under others."""
    con = database.connection()
    held = Held(each.permit, terms or each.terms, database.settings(), database.today(), {})
    said = [words.issue_sentence(issue) for issue in obstacles(con, held)]
    return InTheWay(list(dict.fromkeys(said)), surroundings(con, each.permit, held.terms))


def needs_owner(each: Permit) -> bool:
    """Whether somebody beside the city must agree."""
    return needs_word(called.places(each))


def meeting_days(rival: Rival) -> str:
    """When a rival is met: from the first to the last day, or the times of one day."""
    first, last = day_of(rival.from_minute), day_of(rival.until_minute - 1)
    if (rival.until_minute - rival.from_minute) < DAY:
        start, end = terms_words.clock(rival.from_minute % DAY), terms_words.clock(rival.until_minute % DAY)
        return f"{words.day(first, year=True)}, {start}-{end}"
    if first == last:
        return words.day(first, year=True)
    return gettext("%(start)s to %(end)s", start=words.day(first, year=True), end=words.day(last, year=True))


def _decision(each: Ruled) -> dict[str, Any] | None:
    """Until when the city wants to decide, and until when it must; the days that the clock stood still."""
    if each.permit.status not in OPEN:
        return None
    stops = sections.stops_of(database.connection(), each.permit.ref)
    days = stand.decision_days(each.permit, called.kind(each.permit), stops)
    if days is None or each.permit.submitted_at is None:
        return None
    sent = database.settings().today(each.permit.submitted_at)
    plain = sent + timedelta(days=called.kind(each.permit).decision_days)
    return {"sent": sent, "aim": days[0], "by": days[1], "stopped": (days[1] - plain).days}


def _organisation(ref: str | None) -> Any:
    return organisations.find_one(database.connection(), ref) if ref else None


def _agreed(each: Ruled, newest: Terms) -> dict[str, Any]:
    """What was said, decided, signed and handed over; of the terms that rule, or of others."""
    con, ref = database.connection(), each.permit.ref
    current = digest(newest, each.permit.space_refs, each.permit.holder_ref)
    ruling = digest(each.terms, each.permit.space_refs, each.permit.holder_ref)
    return {
        "assents": [(row, row.sha256 in (current, ruling)) for row in agreements.assents_of(con, ref)],
        "decisions": agreements.decisions_of(con, ref),
        "signatures": [(row, row.sha256 in (current, ruling)) for row in agreements.signatures_of(con, ref)],
        "handovers": agreements.handovers_of(con, ref), "afterlife": agreements.afterlife_of(con, ref),
        "looks": agreements.looks_of(con, ref, each.terms.version),
    }  # fmt: skip
