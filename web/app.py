"""The app factory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from tempuse.store.engine import Register
from web import assets, config, database, errors, index, security, words


def create_app(
    register: Register, settings: Mapping[str, Any] | None = None, clock: Callable[[], datetime] | None = None
) -> Flask:
    """Make the app for one register.

    Args:
        register: an open register.
        settings: Flask configuration beyond ``config.DEFAULTS``.
        clock: gives the instant it is; tests and walks set their own.
    """
    app = Flask("web", root_path=str(assets.FOLDER))
    app.config.update(config.DEFAULTS)
    app.config["SECRET_KEY"] = config.secret_key(register.home)
    app.config.update(settings or {})
    app.extensions["tempuse.register"] = register
    app.extensions["tempuse.clock"] = clock or (lambda: datetime.now(UTC))
    for part in (assets, words, database, index, security, errors):
        part.init_app(app)
    from web import public  # noqa: PLC0415  (blueprints need the extensions above)

    app.register_blueprint(public.blueprint)
    return app
