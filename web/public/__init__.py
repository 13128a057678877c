"""The public's rooms. Everything here reads ``published`` and nothing else of the register."""

from __future__ import annotations

from flask import Blueprint

from web.public import data, downloads, home, pages, report, space

blueprint = Blueprint("public", __name__)

home.add_to(blueprint)
data.add_to(blueprint)
downloads.add_to(blueprint)
space.add_to(blueprint)
pages.add_to(blueprint)
report.add_to(blueprint)
