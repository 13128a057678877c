"""The band of the office: which rooms there are, and which of them this person may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import lazy_gettext

from tempuse.vocabulary import Permission
from web.accounts import guard
from web.office import waiting


@dataclass(frozen=True, slots=True)
class Room:
    """One item: the view it opens, its words, who may enter, and the other views that are part of it.

    ``count`` tells how many things wait there.
    """

    endpoint: str
    words: Any
    permission: Permission
    parts: str = ""
    count: Callable[[], int] | None = None


# In the band's order; a room without its view is left out.
ROOMS: list[Room] = [
    Room("office.waiting", lazy_gettext("Waiting"), Permission.SPACE_READ, "waiting", waiting.count),
    Room("office.spaces", lazy_gettext("Spaces"), Permission.SPACE_READ, "space"),
    Room("office.reports", lazy_gettext("Reports"), Permission.REPORT_JUDGE, "report"),
    Room("office.imports", lazy_gettext("Import"), Permission.SPACE_IMPORT, "import"),
    Room("office.areas", lazy_gettext("Areas"), Permission.AREA_EDIT, "area"),
    Room("office.people", lazy_gettext("People"), Permission.PERSON_EDIT, "pe"),
    Room("office.settings", lazy_gettext("Settings"), Permission.SETTINGS_EDIT, "setting"),
]


def rooms() -> list[Room]:
    """The rooms that this person may enter."""
    return [room for room in ROOMS if room.endpoint in current_app.view_functions and guard.may(room.permission)]


def is_here(room: Room) -> bool:
    """Whether the page that is shown belongs to a room."""
    name = (request.endpoint or "").removeprefix("office.")
    return request.endpoint == room.endpoint or bool(room.parts and name.startswith(room.parts))


def home() -> Any:
    """The office's door leads to the first room."""
    return redirect(url_for(rooms()[0].endpoint if rooms() else "auth.account"))


def add_to(blueprint: Blueprint) -> None:
    """Give the door its address, and the templates the band."""
    blueprint.add_url_rule("/", endpoint="home", view_func=home)
    blueprint.app_context_processor(lambda: {"office_rooms": rooms, "is_here": is_here})
