"""Calendars for whom permits concern: of one permit, of an organisation and of the office by a private address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.access import is_allowed
from tempuse.errors import NotAllowed, NotFound
from tempuse.registry import calendars as registry
from tempuse.store import calendars as rows
from tempuse.store import organisations
from tempuse.vocabulary import Permission
from web import database
from web.my.blueprint import my
from web.my.home import SECTIONS, Matter, Matters, here
from web.site import calendar_links


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """A calendar that somebody may have an address of."""

    noun: str
    ref: str
    title: str
    address: str
    may_change: bool


def _held() -> list[OwnCalendar]:
    """The calendars of whoever is signed in: of the organisations that they belong to, and of the office."""
    con, person = database.connection(), here()
    mine = [each.organisation_ref for each in organisations.parts_of(con, person.ref) if each.confirmed_at]
    found = []
    for ref, organisation in organisations.by_refs(con, set(mine)).items():
        if organisation.retired_on is None:
            may = is_allowed(g.actor, Permission.ORGANISATION_TEND, organisation)
            found.append(_one(registry.ORGANISATION, ref, organisation.name, may_change=may))
    found.sort(key=lambda each: each.title.casefold())
    if is_allowed(g.actor, Permission.PERMIT_READ):
        found.append(_one(registry.PERSON, person.ref, gettext("All permits, for the office"), may_change=True))
    return found


def _one(noun: str, ref: str, title: str, *, may_change: bool) -> OwnCalendar:
    number = rows.number_of(database.connection(), noun, ref)
    return OwnCalendar(noun, ref, title, calendar_links.address(ref, number) if number else "", may_change)


@my.get("/calendar", Permission.MY_READ, endpoint="calendar")
def page() -> str:
    """The private addresses, and how to have a new one."""
    return render_template("my/calendar.html", calendars=_held())


@my.post("/calendar", Permission.MY_EDIT, endpoint="calendar_change")
def change() -> ResponseReturnValue:
    """Give a new address, or end the one that there is."""
    asked = next((each for each in _held() if each.ref == request.form.get("of") and each.may_change), None)
    if asked is None:
        raise NotFound("calendar.over")
    if request.form.get("do") == "end":
        registry.end_address(database.idle(), g.actor, asked.noun, asked.ref, database.now())
        flash(gettext("The address opens nothing any more."))
    else:
        registry.give_address(database.idle(), g.actor, asked.noun, asked.ref, database.now())
        flash(gettext("There is a new address. One from before opens nothing any more."))
    return redirect(url_for(".calendar"))


@my.get("/calendar/<secret>.ics", Permission.ACCOUNT_ENTER, endpoint="private_calendar")
def private(secret: str) -> Response:
    """The calendar behind a private address: whoever has it reads it, without signing in.

    Raises:
        NotFound: it is none of ours, or it was ended.
    """
    con = database.connection()
    link = calendar_links.read(secret)
    if link is None or rows.number_of(con, link.noun, link.ref) != link.number:
        raise NotFound("calendar.over")
    found = registry.permits_behind(con, link.noun, link.ref, database.today())
    if found is None:
        raise NotFound("calendar.over")
    return calendar_links.answer(found, gettext("Permits"))


@my.get("/permits/<ref>.ics", Permission.MY_READ)
def permit_calendar(ref: str) -> Response:
    """One permit, for its parties and the office."""
    try:
        found = registry.one_permit(database.connection(), g.actor, ref)
    except NotAllowed:  # whoever has no part in it does not learn whether it is there
        raise NotFound("permit.not_found", ref=ref[:20]) from None
    return calendar_links.answer([found], found.permit.title or ref)


SECTIONS.append(Matters(
    lazy_gettext("Calendar"),
    lambda _: [Matter(gettext("Permits in your own calendar"), url_for("auth.calendar"), button=gettext("Open"))]
    if _held() else [],
))  # fmt: skip
