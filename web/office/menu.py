"""The band of the office: which rooms there are, and which of them this person may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.vocabulary import Permission
from web.accounts import guard
from web.office import waiting
from web.office.blueprint import office


@dataclass(frozen=True, slots=True)
class Room:
    """One item: the view it opens, its words, who may enter, and the module or folder whose views are part of it.

    ``count`` tells how many things wait there.
    """

    endpoint: str
    words: LazyString
    permission: Permission
    part: str
    count: Callable[[], int] | None = None


# In the band's order.
ROOMS: list[Room] = [
    Room("office.waiting", lazy_gettext("Waiting"), Permission.SPACE_READ, "web.office.waiting", waiting.count),
    Room("office.spaces", lazy_gettext("Spaces"), Permission.SPACE_READ, "web.office.spaces"),
    Room("office.reports", lazy_gettext("Reports"), Permission.REPORT_JUDGE, "web.office.reports"),
    Room("office.imports", lazy_gettext("Import"), Permission.SPACE_IMPORT, "web.office.imports"),
    Room("office.areas", lazy_gettext("Areas"), Permission.AREA_EDIT, "web.office.areas"),
    Room("office.people", lazy_gettext("People"), Permission.PERSON_EDIT, "web.office.people"),
    Room("office.settings", lazy_gettext("Settings"), Permission.SETTINGS_EDIT, "web.office.settings"),
]


def rooms() -> list[Room]:
    """The rooms that this person may enter."""
    return [room for room in ROOMS if guard.may(room.permission)]


def is_here(room: Room) -> bool:
    """Whether the view that makes this page stands in a room's part of the office."""
    view = current_app.view_functions.get(request.endpoint or "")
    return f"{getattr(view, '__module__', '')}.".startswith(f"{room.part}.")


@office.app_context_processor
def _band() -> dict[str, Any]:
    """The band, for the office's templates and for a person's own pages."""
    return {"office_rooms": rooms, "is_here": is_here}


@office.get("/", Permission.OFFICE_ENTER)
def home() -> ResponseReturnValue:
    """The office's door leads to the first room."""
    return redirect(url_for(rooms()[0].endpoint if rooms() else "auth.account"))
