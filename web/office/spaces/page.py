"""A space as the office sees it: all its facts, what the public sees, what happened, and what can be done."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.access import is_allowed
from tempuse.errors import NotFound
from tempuse.registry import publishing
from tempuse.registry import spaces as registry
from tempuse.spaces import SPACE_LIFECYCLE, Space, meaning_of
from tempuse.store import events as event_rows
from tempuse.store import reports as report_rows
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Certainty, Permission
from web import database, verbs
from web.office import history, maps, names
from web.office.blueprint import office
from web.office.organisations import mandates
from web.office.permits import of_space
from web.office.spaces import closing, pictures, sections, visibility
from web.office.spaces.word import OwnersWordForm
from web.site.pictures import FILES


@office.get("/spaces/<ref>", Permission.SPACE_READ)
def space(ref: str) -> ResponseReturnValue:
    """The page of one space; ``sp-117`` leads to SP-0117."""
    if ref != names.full_ref(ref):
        return redirect(url_for("office.space", ref=names.full_ref(ref)))
    return page(space_rows.get(database.connection(), ref))


def page(each: Space, form: OwnersWordForm | None = None) -> ResponseReturnValue:
    """The page, with what is wrong with the owner's word that was just sent."""
    form = form or OwnersWordForm(each)
    con, now = database.connection(), database.now()
    may_edit = is_allowed(g.actor, Permission.SPACE_EDIT, each)
    decision = publishing.publisher(con, now).decide(each)
    shown, plans = pictures.of_space(each.ref)
    return form.page(
        "office/spaces/page.html", space=each, name=names.space(each), state=names.state(each),
        outlook=names.outlook(each), line=names.line(each), where=names.where(each), sections=sections.facts(each),
        facilities=sections.facilities(each), seen=visibility.sentences(decision, each),
        is_public=decision.is_seen,
        moves=_buttons(each),
        next=meaning_of(each.status).next, past=space_rows.periods_of(con, each.ref), told=_history(con, each.ref),
        reports=report_rows.find(con, space_ref=each.ref, newest_first=True, limit=50), within=_within(con, each),
        units=space_lists.units_of(con, each.ref) if each.kind == "building" else [],
        map=maps.of_space(each),
        may_edit=may_edit,
        may_check=may_edit and meaning_of(each.status).known and each.checked_on != database.today(),
        may_erase=is_allowed(g.actor, Permission.SPACE_ERASE),
        files=FILES, asks_owner=each.ownership not in PUBLIC_OWNERSHIP, effect=_effect(each),
        permits=of_space.permits(each), taken=of_space.taken(each), closures=closing.of_space(each.ref),
        mediators=mandates.of_space(each.ref), pictures=shown, plans=plans,
        may_ask=is_allowed(g.actor, Permission.PERMIT_DECIDE) and meaning_of(each.status).known,
    )  # fmt: skip


def _buttons(each: Space) -> list[tuple[str, str, bool]]:
    """The moves that may be made: name, verb, whether it asks on a page of its own; the usual next first."""
    usual = meaning_of(each.status).next
    open_moves = sorted(SPACE_LIFECYCLE.open_to(each.status), key=lambda move: move.name != usual)
    return [
        (move.name, verbs.button("space", move.name), bool(move.needs))
        for move in open_moves
        if move.permission and is_allowed(g.actor, move.permission, each)
    ]


def _history(con: Connection, ref: str) -> list[history.EventInWords]:
    return [history.tell(event) for event in event_rows.of(con, ref, "space")]


def _within(con: Connection, each: Space) -> Space | None:
    try:
        return space_rows.get(con, each.within_ref) if each.within_ref else None
    except NotFound:
        return None


def _effect(each: Space) -> str:
    """What writing down the owner's word will do, under the city's rule."""
    settings = database.settings()
    if settings.private_rule == "objection":
        return gettext(
            "Once the owner has been told, the space may be public after %(days)s days, unless the owner says no.",
            days=settings.objection_days,
        )
    return gettext("The space is public only after the owner agreed. A no hides it at once.")


@office.post("/spaces/<ref>/checked", Permission.SPACE_EDIT, endpoint="space_checked")
def checked(ref: str) -> ResponseReturnValue:
    """Write down that somebody was there today and found the facts as they stand."""
    note = request.form.get("note", "").strip() or None
    changes = {"checked_on": database.today(), "certainty": Certainty.CERTAIN.value}
    registry.edit_space(database.idle(), g.actor, ref, changes, database.now(), note=note)
    flash(gettext("Written down."))
    return redirect(url_for("office.space", ref=ref))


@office.post("/spaces/<ref>/consent", Permission.SPACE_EDIT, endpoint="space_consent")
def consent(ref: str) -> ResponseReturnValue:
    """Write down what the owner said, and when."""
    each = space_rows.get(database.connection(), ref)
    form = OwnersWordForm(each)
    if form.validate_on_submit():
        with form.saying():
            form.write([ref])
            flash(gettext("Written down."))
            return redirect(url_for("office.space", ref=ref))
    return page(each, form)
