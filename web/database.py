"""One connection a request, the instant it is, and the register's settings."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g

from tempuse.settings import Settings
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register


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
        g.stack = contextlib.ExitStack()
        g.con = g.stack.enter_context(register().connect())
    return cast(Connection, g.con)


def idle() -> Connection:
    """This request's connection for a use case of the registry: what was read so far is let go."""
    con = connection()
    con.rollback()
    return con


def settings() -> Settings:
    """The register's settings as this request sees them."""
    if "settings" not in g:
        g.settings = get_settings(connection())
    return cast(Settings, g.settings)


def today() -> date:
    """The day it is in the city."""
    return settings().today(now())


def _give_back(_: BaseException | None) -> None:
    if stack := g.pop("stack", None):
        g.pop("con").rollback()
        stack.close()


def init_app(app: Flask) -> None:
    """Give the connection back when a request ends."""
    app.teardown_appcontext(_give_back)
