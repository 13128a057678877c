"""The page of the open data: which files there are, what stands in them, how many, and an example that gives something.

Nothing here is read but ``published`` and the map index that is made of it.
"""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import orjson
from flask import Response, render_template
from flask_babel import gettext

from tempuse.geometry import Box
from tempuse.io.write.columns import PUBLIC_COLUMNS
from tempuse.io.write.looks import qml
from tempuse.io.write.table_schema import table_schema
from tempuse.mapindex import Filter
from tempuse.mapindex.filters import KINDS, SIZE_CHOICES
from tempuse.store import published
from tempuse.vocabulary import Facility, Permission, UseCategory
from web import database
from web.map import index
from web.presenters import columns as told_columns
from web.presenters import listing
from web.public import downloads
from web.public.blueprint import public
from web.search import chips

_NAMES = ",".join(f'"{name}"' for name in PUBLIC_COLUMNS)
# The example looks this far around one space, in degrees.
_AROUND = 0.01


@public.get("/data", Permission.PUBLIC_READ)
def data() -> str:
    """Data and downloads."""
    return render_template(
        "public/data.html",
        uses=[(use.value, gettext(use.label)) for use in UseCategory],
        facilities=[(each.value, gettext(each.label)) for each in Facility],
        sizes=[(size, chips.size_words(int(size))) for size in SIZE_CHOICES],
        counts=[(name, _called()[name], *_count(name)) for name in PUBLIC_COLUMNS],
        example=_example(),
    )


@public.get(f"/data/<any({_NAMES}):name>", Permission.PUBLIC_READ)
def fields(name: str) -> str:
    """What the fields of a collection mean."""
    told = told_columns.told(PUBLIC_COLUMNS[name], database.settings().currency)
    return render_template("public/fields.html", name=name, called=_called()[name], fields=told)


@public.get(f"/<any({_NAMES}):name>.schema.json", Permission.PUBLIC_READ)
def schema(name: str) -> Response:
    """The same as a Table Schema, by which a CSV can be checked before it is sent."""
    told = table_schema(told_columns.in_language(PUBLIC_COLUMNS[name], downloads.language()))
    answer = Response(orjson.dumps(told, option=orjson.OPT_INDENT_2), mimetype="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@public.get("/spaces.qml", Permission.PUBLIC_READ)
def style() -> Response:
    """How QGIS draws the spaces: the shapes and colours of the map, for any of their files."""
    columns = [column.name for column in PUBLIC_COLUMNS["spaces"]]
    answer = Response(qml(columns, listing.legend(downloads.language())), mimetype="application/xml")
    answer.headers["Content-Disposition"] = 'attachment; filename="spaces.qml"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _called() -> dict[str, str]:
    return {
        "spaces": gettext("Spaces"), "uses": gettext("Temporary uses"), "needs": gettext("What groups look for"),
        "areas": gettext("Areas: districts, water and green"),
    }  # fmt: skip


def _count(name: str) -> tuple[int, int]:
    """How many the files have today, and how many of these have ended: the map and its lists leave them out."""
    con = database.connection()
    if name != "spaces":
        return published.count(con, name), 0
    ended = published.count_ended(con)
    return len(index.current()) + ended, ended


def _example() -> str:
    """A question that something of this register answers: the kind of one of its spaces, in a box around it."""
    held = index.current()
    placed = np.flatnonzero(np.isfinite(held.lon))
    if not len(placed):
        return ""
    row = int(placed[len(placed) // 2])
    lon, lat = float(held.lon[row]), float(held.lat[row])
    box = Box(*(round(side, 3) for side in (lon - _AROUND, lat - _AROUND, lon + _AROUND, lat + _AROUND)))
    kind = KINDS[held.columns["kind"][row]]
    found = held.view(box, Filter(kinds=frozenset({kind}))).rows
    asked = {"kind": kind, "box": f"{box.west},{box.south},{box.east},{box.north}"}
    return f"?{urlencode(asked, safe=',')}" if len(found) else ""
