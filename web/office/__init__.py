"""The office's rooms, behind one guard: whoever works here is signed in and has a role.

Each module gives its views their addresses by ``add_to(blueprint)`` and its place in the band in ``menu.py``.
"""

from __future__ import annotations

from flask import Blueprint

from web.accounts import guard
from web.office import menu, names, people, reports, waiting
from web.office.areas import views as areas
from web.office.imports import views as imports
from web.office.settings import views as settings
from web.office.spaces import download, edit, erase, moves, page, placing, table

blueprint = Blueprint("office", __name__, url_prefix="/office")
guard.protect(blueprint)

ROOMS = (
    names, waiting, table, download, moves, page, edit, erase, placing, reports,
    imports, settings, people, areas, menu,
)  # fmt: skip
for module in ROOMS:
    module.add_to(blueprint)
