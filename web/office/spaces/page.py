"""A space as the office sees it: all its facts, what the public sees, what happened, and what can be done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from tempuse.access import is_allowed
from tempuse.errors import Invalid, Issue, NotFound
from tempuse.registry import publishing
from tempuse.registry import spaces as registry
from tempuse.spaces import SPACE_LIFECYCLE, Space, meaning_of
from tempuse.store import events as event_rows
from tempuse.store import reports as report_rows
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Certainty, Consent, Permission
from web import database, verbs
from web.office import history, maps, names
from web.office.spaces import sections, visibility
from web.site import arguments


def space(ref: str) -> Any:
    """The page of one space; ``sp-117`` leads to SP-0117."""
    if ref != names.full_ref(ref):
        return redirect(url_for("office.space", ref=names.full_ref(ref)))
    return page(space_rows.get(database.connection(), ref))


def page(each: Space, issues: list[Issue] | None = None) -> Any:
    """The page, with what is wrong with the owner's word that was just sent."""
    con, now = database.connection(), database.now()
    rule = publishing.publisher(con, now)
    body = render_template(
        "office/spaces/page.html", space=each, name=names.space(each), state=names.state(each),
        outlook=names.outlook(each), line=names.line(each), where=names.where(each), sections=sections.facts(each),
        facilities=sections.facilities(each), seen=visibility.sentences(rule, each),
        is_public=visibility.is_seen(rule, each),
        moves=_buttons(each),
        next=meaning_of(each.status).next, past=space_rows.periods_of(con, each.ref), told=_history(con, each.ref),
        reports=report_rows.find(con, space_ref=each.ref, newest_first=True, limit=50), within=_within(con, each),
        units=space_lists.units_of(con, each.ref) if each.kind == "building" else [],
        map=maps.of_space(each), issues=issues or [], values=request.form, consents=_consents(each),
        may_check=meaning_of(each.status).known and each.checked_on != database.today(),
        may_erase=is_allowed(g.actor, Permission.SPACE_ERASE),
        asks_owner=each.ownership not in PUBLIC_OWNERSHIP, effect=_effect(each),
    )  # fmt: skip
    return (body, 422) if issues else body


def _buttons(each: Space) -> list[tuple[str, str, bool]]:
    """The moves that may be made: name, verb, whether it asks on a page of its own; the usual next first."""
    usual = meaning_of(each.status).next
    open_moves = sorted(SPACE_LIFECYCLE.open_to(each.status), key=lambda move: move.name != usual)
    return [(move.name, verbs.button("space", move.name), bool(move.needs)) for move in open_moves]


def _history(con: Connection, ref: str) -> list[history.Told]:
    return [history.tell(event) for event in event_rows.of(con, ("space",), ref)]


def _within(con: Connection, each: Space) -> Space | None:
    try:
        return space_rows.get(con, each.within_ref) if each.within_ref else None
    except NotFound:
        return None


def _consents(each: Space) -> list[tuple[str, str, str]]:
    return [(term.value, gettext(term.label), gettext(term.definition)) for term in Consent]


def _effect(each: Space) -> str:
    """What writing down the owner's word will do, under the city's rule."""
    settings = database.settings()
    if settings.private_rule == "objection":
        return gettext(
            "Once the owner has been told, the space may be public after %(days)s days, unless the owner says no.",
            days=settings.objection_days,
        )
    return gettext("The space is public only after the owner agreed. A no hides it at once.")


def checked(ref: str) -> Any:
    """Write down that somebody was there today and found the facts as they stand."""
    note = request.form.get("note", "").strip() or None
    changes = {"checked_on": database.today(), "certainty": Certainty.CERTAIN.value}
    registry.edit_space(database.idle(), g.actor, ref, changes, database.now(), note=note)
    flash(gettext("Written down."))
    return redirect(url_for("office.space", ref=ref))


def consent(ref: str) -> Any:
    """Write down what the owner said, and when."""
    each = space_rows.get(database.connection(), ref)
    said, text = request.form.get("consent", ""), arguments.text(request.form, "consent_on")
    issues: list[Issue] = []
    day = arguments.day(text)
    if said not in set(Consent):
        issues.append(Issue(None, "consent", said, "value.not_in_list"))
    if text and day is None:
        issues.append(Issue(None, "consent_on", text, "fact.not_a_date"))
    if said != Consent.UNASKED and not issues:
        if day is None:
            issues.append(Issue(None, "consent_on", text, "consent.day"))
        elif day > database.today() + timedelta(days=1):
            issues.append(Issue(None, "consent_on", text, "consent.future"))
    if issues:
        return page(each, issues)
    changes = {"consent": said, "consent_on": None if said == Consent.UNASKED else day}
    note = request.form.get("note", "").strip() or None
    try:
        registry.edit_space(database.idle(), g.actor, ref, changes, database.now(), note=note)
    except Invalid as error:
        return page(each, error.issues)
    flash(gettext("Written down."))
    return redirect(url_for("office.space", ref=ref))


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/spaces/<ref>", endpoint="space", view_func=space)
    blueprint.add_url_rule("/spaces/<ref>/checked", endpoint="space_checked", view_func=checked, methods=["POST"])
    blueprint.add_url_rule("/spaces/<ref>/consent", endpoint="space_consent", view_func=consent, methods=["POST"])
