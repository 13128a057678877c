"""The office's rooms, behind one guard: whoever works here is signed in and has a role.

Each module gives its views their addresses by ``add_to(blueprint)`` and its place in the band in ``menu.py``.
"""

from __future__ import annotations

from flask import Blueprint

from web import gate
from web.office import (
    areas,
    edit,
    erase,
    files,
    imports,
    menu,
    moves,
    names,
    people,
    places,
    reports,
    settings,
    spaces,
    table,
    waiting,
)

blueprint = Blueprint("office", __name__, url_prefix="/office")
gate.protect(blueprint)

ROOMS = (
    names, waiting, table, files, moves, spaces, edit, erase, places, reports,
    imports, settings, people, areas, menu,
)  # fmt: skip
for module in ROOMS:
    module.add_to(blueprint)
