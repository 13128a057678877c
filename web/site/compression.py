"""Answers made small on the way out by Flask-Compress: pages, data, style and script, whole or while they are made."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

TYPES = frozenset({
    "text/html", "text/css", "text/javascript", "application/javascript", "text/plain", "text/csv",
    "application/json", "application/geo+json", "image/svg+xml", "application/manifest+json",
    "application/vnd.google-earth.kml+xml",
})  # fmt: skip
_ALGORITHMS = ["zstd", "br", "gzip"]
_CONFIG = {
    "COMPRESS_MIMETYPES": TYPES,
    "COMPRESS_ALGORITHM": _ALGORITHMS,
    "COMPRESS_ALGORITHM_STREAMING": _ALGORITHMS,
    "COMPRESS_MIN_SIZE": 1000,
    "COMPRESS_LEVEL": 4,
    "COMPRESS_REGISTER": False,
}
# A page with a form's secret in it is not squeezed together with words from its address (BREACH, 2013).
_SECRET = b"csrf_token"

_compress = Compress()


def _squeeze(response: Response) -> Response:
    is_static = request.endpoint == "static"
    if (
        response.mimetype not in TYPES
        or response.status_code != 200
        or (response.direct_passthrough and not is_static)  # a file that the server itself sends
    ):
        return response
    response.vary.add("Accept-Encoding")
    if "Range" in request.headers or "Content-Encoding" in response.headers:
        return response
    if is_static:
        response.direct_passthrough = False
        response.get_data()  # so that its length is told
    if response.mimetype == "text/html" and (response.is_streamed or _SECRET in response.get_data()):
        return response
    return _compress.after_request(response)


def init_app(app: Flask) -> None:
    """Squeeze every answer of the app that gains by it."""
    app.config.update(_CONFIG)
    _compress.init_app(app)
    app.after_request(_squeeze)
