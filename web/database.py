"""One connection a request, the instant it is, and the register's settings."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g

from tempuse.errors import Unusable
from tempuse.matching import Scale, scale_of
from tempuse.settings import Settings
from tempuse.store import schema
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection as Connection
from tempuse.store.engine import Register, begin_reading
from tempuse.store.engine.transactions import Patience

# Whoever saves waits for others who save, but not so long that they think that nothing happens.
WRITERS_WAIT = 2.5
# How many questions are answered at once, unless the server says otherwise.
THREADS = 8


def register() -> Register:
    """The register that this app serves."""
    return cast(Register, current_app.extensions["tempuse.register"])


def now() -> datetime:
    """The instant it is, the same throughout a request."""
    if "now" not in g:
        g.now = current_app.extensions["tempuse.clock"]()
    return cast(datetime, g.now)


def connection() -> Connection:
    """This request's connection; reading begins a snapshot that lasts until the end of the request.

    Raises:
        Unusable: the register cannot be reached; that is found out once a request, for it may take seconds.
    """
    if "away" in g:
        raise g.away
    if "con" not in g:
        stack = contextlib.ExitStack()
        try:
            g.con = stack.enter_context(register().connect())
        except Unusable as error:
            g.away = error
            raise
        g.stack = stack
    return cast(Connection, g.con)


def idle() -> Connection:
    """This request's connection for a use case of the registry: what was read so far is let go."""
    con = connection()
    con.rollback()
    return con


def snapshot() -> Connection:
    """This request's connection for a long walk: from now to its end it sees one state of the register."""
    con = idle()
    begin_reading(con)
    return con


def take() -> Callable[[], None]:
    """Take the connection out of the request's hands, for an answer that goes on after it; call what comes back."""
    stack, con = g.pop("stack"), g.pop("con")

    def give_back() -> None:
        if not con.closed:
            stack.close()

    return give_back


def settings() -> Settings:
    """The register's settings as this request sees them.

    Raises:
        Unusable: the register cannot be read. Whoever asks for the reader's language hears it first and goes on
            without; so it is said again to whoever asks next in this request.
    """
    if "settings" not in g:
        try:
            g.settings = get_settings(connection())
        except Unusable as error:
            let_go()
            g.away = error
            raise
    return cast(Settings, g.settings)


def today() -> date:
    """The day it is in the city, the same throughout a request."""
    if "today" not in g:
        g.today = settings().today(now())
    return cast(date, g.today)


def scale() -> Scale:
    """How the city weighs what spaces are matched by."""
    return scale_of(settings())


def check_readable() -> None:
    """Return in silence when the register can be read, and is still of this program's version.

    Raises:
        Unusable, NotFound: it cannot, or was upgraded or taken away under this server.
    """
    schema.check(connection(), register().address)


def check_writable() -> None:
    """Return in silence when a change could be written.

    Raises:
        Unusable: it could not.
    """
    register().check_writable(connection())


def let_go() -> None:
    """Give this request's connection back, with what was begun on it; whoever needs one again gets another."""
    if stack := g.pop("stack", None):
        g.pop("con")
        stack.close()


def be_patient(app: Flask, threads: int) -> None:
    """Let at most half of so many threads wait for the register's lock, so that the others can show pages."""
    app.extensions["tempuse.register"].patience = Patience(WRITERS_WAIT, max(threads // 2, 1))


def init_app(app: Flask) -> None:
    """Give the connection back when a request ends."""
    be_patient(app, THREADS)
    app.teardown_appcontext(lambda _: let_go())
