"""The map index and the background of this process, kept as fresh as the register's last change."""

from __future__ import annotations

import threading
from datetime import date

from flask import Flask, current_app

from tempuse.mapindex import MapIndex, empty_index
from tempuse.mapindex.background import Background
from tempuse.store import published
from tempuse.store.common import State, current_state
from tempuse.store.engine import Connection
from web import database


class IndexHolder:
    """Holds the index; a change in the register is taken in by the first request that comes after it."""

    def __init__(self) -> None:
        self._index: MapIndex | None = None
        self._register = ""
        self._lock = threading.Lock()

    def get(self, con: Connection, today: date) -> MapIndex:
        """The index as of the register's last change and of this day."""
        state, held = current_state(con), self._index
        if held is not None and held.today == today and (self._register, held.seq) == state:
            return held
        with self._lock:
            state = current_state(con)
            held = self._index if self._register == state.register else None
            held = held or empty_index(today)
            if held.seq != state.seq:
                held = held.changed(published.index_rows(con, held.seq), published.gone(con, held.seq), state.seq)
            self._index, self._register = held.on(today), state.register
            return self._index


class BackgroundHolder:
    """Holds the areas; they are read anew only when an area changed."""

    def __init__(self) -> None:
        self._held = Background(())
        self._seen: State | None = None
        self._state: tuple[str | int, ...] = ()
        self._lock = threading.Lock()

    def get(self, con: Connection) -> tuple[Background, str]:
        """The background and a name for its state."""
        with self._lock:
            seen = current_state(con)
            if seen != self._seen:
                state = (seen.register, *published.areas_state(con))
                if state != self._state:
                    self._held, self._state = Background(published.areas(con)), state
                self._seen = seen
            return self._held, "-".join(str(part) for part in self._state)


def background() -> tuple[Background, str]:
    """The background for this request, and a name for its state."""
    holder: BackgroundHolder = current_app.extensions["tempuse.background"]
    return holder.get(database.connection())


def districts() -> list[tuple[str, str]]:
    """Refs and names of the districts, by name."""
    named = [
        (str(each["ref"]), str(each.get("name") or each["ref"]))
        for each in background()[0].about
        if each["kind"] == "district"
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


def current() -> MapIndex:
    """The index for this request."""
    holder: IndexHolder = current_app.extensions["tempuse.index"]
    return holder.get(database.connection(), database.today())


def init_app(app: Flask) -> None:
    """Give the app its index and background, empty until the first request."""
    app.extensions["tempuse.index"] = IndexHolder()
    app.extensions["tempuse.background"] = BackgroundHolder()
