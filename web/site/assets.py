"""Static files: our own and the front-end libraries fetched when the package was built."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).parents[1]
VENDOR = FOLDER / "static" / "vendor"
_STATIC = str(FOLDER / "static")


@lru_cache(maxsize=256)
def _version(name: str, changed: float) -> str:
    return hashlib.sha256(Path(_STATIC, name).read_bytes()).hexdigest()[:10]


def static(name: str) -> str:
    """The address of a static file, with a version by its content, so that browsers may keep it for good."""
    # A page asks for a score of them: a Path of each took longer than all the rest of it.
    return url_for("static", filename=name, v=_version(name, os.stat(f"{_STATIC}/{name}").st_mtime))


def are_built() -> bool:
    """Whether the front-end libraries are there; ``doctor`` says what to do when they are not."""
    return (VENDOR / "leaflet" / "leaflet.js").exists()


def init_app(app: Flask) -> None:
    """Give the templates the addresses of static files."""
    app.jinja_env.globals["static"] = static
