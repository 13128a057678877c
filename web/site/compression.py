"""Answers made small on the way out: gzip for pages, data, style and script."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALL = 1000
TYPES = frozenset({
    "text/html", "text/css", "text/javascript", "application/javascript", "text/plain", "text/csv",
    "application/json", "application/geo+json", "image/svg+xml", "application/manifest+json",
})  # fmt: skip
# A page with a form's secret in it is not squeezed together with words from its address (BREACH, 2013).
_SECRET = b"csrf_token"


@lru_cache(maxsize=64)
def _file(data: bytes) -> bytes:
    """A static file, squeezed once and hard."""
    return gzip.compress(data, 9, mtime=0)


def _squeeze(response: Response) -> Response:
    if (
        response.mimetype not in TYPES
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or "Content-Range" in response.headers
        or request.method not in ("GET", "POST")
    ):
        return response
    is_file = request.endpoint == "static"
    if response.is_streamed and not is_file:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings:
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < SMALL or (response.mimetype == "text/html" and _SECRET in data):
        return response
    response.set_data(_file(data) if is_file else gzip.compress(data, 4, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def init_app(app: Flask) -> None:
    """Squeeze every answer of the app that gains by it."""
    app.after_request(_squeeze)
