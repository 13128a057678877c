"""What everybody reads of uses, as calendars."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext

from tempuse.errors import NotFound
from tempuse.store import published_uses as use_rows
from tempuse.vocabulary import Permission
from web import database
from web.presenters import calendars
from web.public.blueprint import public
from web.public.uses import feature_of

# A use that began longer ago and is over is not in the calendar of all.
_DAYS = 366


@public.get("/uses.ics", Permission.PUBLIC_READ)
def uses_calendar() -> Response:
    """Every use of which everybody reads the days."""
    texts = use_rows.exact(database.connection(), ended_after=database.today().toordinal() - _DAYS)
    entries = [entry for text in list(texts) if (entry := calendars.of_use(text)) is not None]
    name = gettext("Temporary uses, %(place)s", place=database.settings().municipality or database.settings().site_name)
    return calendars.answer(calendars.calendar(name, entries, near=True), "uses", public=True)


@public.get("/uses/<ref>.ics", Permission.PUBLIC_READ)
def use_calendar(ref: str) -> Response:
    """One use.

    Raises:
        NotFound: the public sees no such use, or not its days.
    """
    entry = calendars.of_use(feature_of(ref))
    if entry is None:
        raise NotFound("use.days_not_public", ref=ref[:20])
    return calendars.answer(calendars.calendar(entry.title, [entry]), entry.ref, public=True)
