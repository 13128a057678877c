"""The band of the office: which rooms there are, and which of them this person may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString

from tempuse.vocabulary import Permission
from web.accounts import guard
from web.office.blueprint import office


@dataclass(frozen=True, slots=True)
class Room:
    """One item: the view it opens, its words, who may enter. It stands as ``ROOM`` in the module of its views.

    Attributes:
        place: where it stands in the band.
        endpoint: of the view that it opens.
        words: what it is called.
        permission: what that view asks.
        count: tells how many things wait there.
        reading: another view and what it asks, which opens for whoever may only read there.
    """

    place: int
    endpoint: str
    words: LazyString
    permission: Permission
    count: Callable[[], str] | None = None
    reading: tuple[str, Permission] | None = None

    def opens(self) -> str:
        """The endpoint that this person comes to; empty where they may not enter."""
        if guard.may(self.permission):
            return self.endpoint
        return self.reading[0] if self.reading and guard.may(self.reading[1]) else ""


# By the module or folder whose views are part of a room, in the band's order; ``web.office`` fills it.
ROOMS: dict[str, Room] = {}


def rooms() -> list[Room]:
    """The rooms that this person may enter."""
    return [room for room in ROOMS.values() if room.opens()]


def room_of(endpoint: str | None) -> Room | None:
    """The room in whose part of the office the view of an endpoint stands."""
    module = getattr(current_app.view_functions.get(endpoint or ""), "__module__", "")
    return next((room for part, room in ROOMS.items() if f"{module}.".startswith(f"{part}.")), None)


def is_here(room: Room) -> bool:
    """Whether the view that makes this page stands in a room's part of the office."""
    return room_of(request.endpoint) is room


@office.app_context_processor
def _band() -> dict[str, Any]:
    """The band, for the office's templates and for a person's own pages."""
    return {"office_rooms": rooms, "is_here": is_here}


@office.get("/", Permission.OFFICE_ENTER)
def home() -> ResponseReturnValue:
    """The office's door leads to the first room."""
    return redirect(url_for(rooms()[0].opens() if rooms() else "auth.home"))
