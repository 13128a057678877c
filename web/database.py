"""One connection a request, the instant it is, and the register's settings."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g

from tempuse.settings import Settings
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register, begin_reading


def register() -> Register:
    """The register that this app serves."""
    return cast(Register, current_app.extensions["tempuse.register"])


def now() -> datetime:
    """The instant it is, the same throughout a request."""
    if "now" not in g:
        g.now = current_app.extensions["tempuse.clock"]()
    return cast(datetime, g.now)


def connection() -> Connection:
    """This request's connection; reading begins a snapshot that lasts until the end of the request."""
    if "con" not in g:
        stack = contextlib.ExitStack()
        g.con = stack.enter_context(register().connect())
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
            con.rollback()
            stack.close()

    return give_back


def settings() -> Settings:
    """The register's settings as this request sees them."""
    if "settings" not in g:
        g.settings = get_settings(connection())
    return cast(Settings, g.settings)


def today() -> date:
    """The day it is in the city, the same throughout a request."""
    if "today" not in g:
        g.today = settings().today(now())
    return cast(date, g.today)


def _give_back(_: BaseException | None) -> None:
    if stack := g.pop("stack", None):
        g.pop("con").rollback()
        stack.close()


def init_app(app: Flask) -> None:
    """Give the connection back when a request ends."""
    app.teardown_appcontext(_give_back)
