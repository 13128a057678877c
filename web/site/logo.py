"""The city's logo, under an address by its content, so that browsers may keep it for good."""

from __future__ import annotations

from flask import Flask, Response, abort

from tempuse.errors import Invalid
from tempuse.store import attachments
from web import database
from web.site.unchanged import conditional

PREFIX = "/logo/"
LARGEST = 1_000_000  # bytes
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


def logo(name: str) -> Response:
    """The logo that the settings name; no other attachment is public here."""
    if database.settings().logo != PREFIX + name:
        abort(404)

    def make() -> Response:
        content = attachments.get(database.register().home, name)
        return Response(content, mimetype=TYPES[name.rpartition(".")[2]])

    response = conditional(name, make)
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


def keep(content: bytes) -> str:
    """Keep an image as the logo; gives the value of the setting.

    Raises:
        Invalid: too large, or not an image that we take.
    """
    if len(content) > LARGEST:
        raise Invalid("logo.too_large")
    if not (suffix := attachments.image_suffix(content)):
        raise Invalid("logo.is_svg" if b"<svg" in content[:2000] else "logo.no_image")
    return PREFIX + attachments.put(database.register().home, content, suffix)


def init_app(app: Flask) -> None:
    """Give the logo its address."""
    app.add_url_rule(f"{PREFIX}<name>", endpoint="logo", view_func=logo)
