"""The address of this installation, and which proxies are believed about a visitor's."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix


def root() -> str:
    """Where people find this installation, without a slash at the end.

    It is what TEMPUSE_URL says. Only where that says nothing it is the name that the browser used, which anybody
    can write: letters never go by it (``letters.writing.base``).
    """
    named = current_app.config["NAMED_URL"]
    return str(named or request.url_root).rstrip("/")


def full(endpoint: str, **values: Any) -> str:
    """The full address of a page, for what leaves this site: links to copy, canonical addresses."""
    return root() + url_for(endpoint, **values)


def known(endpoint: str) -> str:
    """The full address of a page where this installation says what its name is; else empty.

    It is for files that are kept for the next one who asks: those never bear the name that a browser wrote.
    """
    named = current_app.config["NAMED_URL"]
    return str(named).rstrip("/") + url_for(endpoint) if named else ""


def init_app(app: Flask) -> None:
    """Believe PROXIES proxies in front about addresses and https, none by default; about our own name believe none."""
    app.config.setdefault("PROXIES", 0)
    app.config.setdefault("NAMED_URL", app.config.get("PUBLIC_URL", ""))
    app.jinja_env.globals["full_address"], app.jinja_env.globals["site_root"] = full, root
    if count := int(app.config["PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
