"""The app factory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from tempuse.store.engine import Register
from web import config, database, environment, tasks, words
from web.accounts import auth, guard
from web.letters import checks as check_letters
from web.letters import delivery, writing
from web.letters import needs as need_letters
from web.letters import owners as owner_letters
from web.letters import permits as permit_letters
from web.letters import watches as watch_letters
from web.map import ground, index
from web.my import entry
from web.my.blueprint import moved, my
from web.office.blueprint import office
from web.public import watch
from web.public.blueprint import public
from web.site import addresses, assets, compression, counters, errors, headers, incoming, layout, limits, logo


def create_app(
    register: Register | None = None,
    settings: Mapping[str, Any] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Flask:
    """Make the app for one register.

    Args:
        register: an open register; without one the app is what the environment says (TEMPUSE_REGISTER and its like),
            so that any WSGI server can make it.
        settings: Flask configuration beyond ``config.DEFAULTS`` and the environment.
        clock: gives the instant it is; tests and walks set their own.
    """
    if register is None:
        register, said = environment.open_for_server()
        # A server may begin several such processes: what they count is counted together.
        said["RATELIMIT_STORAGE_URI"] = counters.SharedCounters.uri(register.home)
        settings = {**said, **(settings or {})}
    register.use_home()
    app = Flask("web", root_path=str(assets.FOLDER))
    app.config.update(config.DEFAULTS)
    app.config["SECRET_KEY"] = config.secret_key(register.home)
    app.config.update(settings or {})
    app.extensions["tempuse.register"] = register
    app.extensions["tempuse.clock"] = clock or (lambda: datetime.now(UTC))
    parts = (incoming, addresses, assets, words, database, index, ground, layout, compression, headers, errors)
    letters = (writing, permit_letters, check_letters, need_letters, watch_letters, owner_letters, delivery)
    for part in (*parts, limits, auth, guard, logo, *letters, tasks):
        part.init_app(app)
    for rooms in (public, my, moved, office):
        app.register_blueprint(rooms)
    app.extensions["csrf"].exempt(moved)  # it only leads on, to where the form is looked at
    app.extensions["csrf"].exempt(entry.enter)  # it looks at its form itself, and forgives whoever presses twice
    app.extensions["csrf"].exempt(watch.stop)  # a mailbox presses it, which has no session
    return app
