"""The city's logo, under an address by its content, so that browsers may keep it for good."""

from __future__ import annotations

from flask import Flask, Response, abort

from tempuse.store import attachments
from web import database

PREFIX = "/logo/"
LARGEST = 1_000_000  # bytes
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


def logo(name: str) -> Response:
    """The logo that the settings name; no other attachment is public here."""
    if database.settings().logo != PREFIX + name:
        abort(404)
    content = attachments.get(database.register().home, name)
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


def keep(content: bytes) -> str:
    """Keep an image as the logo; gives the value of the setting.

    Raises:
        ValueError: too large, or not an image that we take; ``args[0]`` says which.
    """
    if len(content) > LARGEST:
        raise ValueError("large")
    if not (suffix := attachments.image_suffix(content)):
        raise ValueError("svg" if b"<svg" in content[:2000] else "kind")
    return PREFIX + attachments.put(database.register().home, content, suffix)


def init_app(app: Flask) -> None:
    """Give the logo its address."""
    app.add_url_rule(f"{PREFIX}<name>", endpoint="logo", view_func=logo)
