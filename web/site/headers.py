"""Headers that keep a page to itself: no foreign code, style or font; tiles from the one named host."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from tempuse.errors import TempuseError
from web import database
from web.map import services


def nonce() -> str:
    """This request's number used once, which our own script tags carry."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def tile_host() -> str:
    """The host that map tiles come from on this page, empty when tiles are off or the register cannot be read."""
    try:
        tiles = services.shown(database.settings())
    except TempuseError:
        return ""
    parts = urlsplit(tiles.url if tiles is not None else "")
    host = parts.netloc.replace("{s}", "*")
    return f"{parts.scheme}://{host}" if host else ""


def _policy() -> str:
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce()}'",
        f"style-src 'self' 'nonce-{nonce()}'",
        f"img-src 'self' data: {tile_host()}".strip(),
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    ))  # fmt: skip


def _add(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.headers.setdefault("Cache-Control", "no-store" if "office" in g else "no-cache")
        response.headers.setdefault("Vary", "Cookie, Accept-Language")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
    return response


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_add)
    app.jinja_env.globals["nonce"] = nonce
