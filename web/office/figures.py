"""How the city stood on a day: a date field, the figures, and the same as a file."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from tempuse.io import commas
from tempuse.registry.figures import DayFigures, figures_of
from tempuse.vocabulary import Permission, PermitStatus, SpaceStatus
from web import database
from web.office.blueprint import office
from web.office.menu import Room
from web.site import arguments

ROOM = Room(45, "office.figures", lazy_gettext("Figures"), Permission.SPACE_READ)
_HEAD = ("what", "which", "number", "day")


@office.get("/figures", Permission.SPACE_READ)
def figures() -> str:
    """The figures of a day, today where none is named."""
    written = arguments.text(request.args, "day")
    day = arguments.day(written)
    found = _of(day)
    return render_template(
        "office/figures.html", day=found.on, wrong=bool(written) and day is None, written=written, found=found,
        spaces=_labelled(SpaceStatus, found.spaces), permits=_labelled(PermitStatus, found.permits),
        uses=_uses(found), file=url_for(".figures_file", day=found.on.isoformat()),
    )  # fmt: skip


@office.get("/figures.csv", Permission.SPACE_READ, endpoint="figures_file")
def as_file() -> Response:
    """The figures of a day as a file."""
    found = _of(arguments.day(arguments.text(request.args, "day")))
    out = io.StringIO()
    out.write("\ufeff")
    writer = commas.Writer(out)
    writer.row(_HEAD)
    writer.rows([*row, found.on.isoformat()] for row in found.rows())
    answer = Response(out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="figures-{found.on}.csv"'
    return answer


def _of(day: date | None) -> DayFigures:
    return figures_of(database.connection(), g.actor, day or database.today())


def _labelled(of: Any, counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(gettext(each.label), counts[each.value]) for each in of if counts.get(each.value)]


def _uses(found: DayFigures) -> list[tuple[str, float]]:
    return [
        (gettext("Uses that ran under a permit"), found.running),
        (gettext("Spaces that they used"), found.spaces_used),
        (gettext("Square metres in use"), found.m2_used),
        (gettext("Spaces of them without a known area"), found.without_area),
        (gettext("Spaces used as the written history alone tells"), found.periods),
        (gettext("Requests that waited for a decision"), found.open_requests),
    ]
