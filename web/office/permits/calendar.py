"""All permits as a calendar, for the office."""

from __future__ import annotations

from flask import Response, g
from flask_babel import gettext

from tempuse.registry import calendars as registry
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.site import calendar_links


@office.get("/permits.ics", Permission.PERMIT_READ)
def permits_calendar() -> Response:
    """All permits that run, come or ended lately, for the office."""
    found = registry.permits_behind(database.connection(), registry.PERSON, str(g.actor.person_ref), database.today())
    return calendar_links.answer(found or [], gettext("Permits"))
