"""The page that shows who is where, and when: as bars, as a table, as a file."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.errors import NotFound
from tempuse.io import commas
from tempuse.spaces import Space, area_of
from tempuse.standing import standing
from tempuse.store import permits as permit_rows
from tempuse.store import spaces as space_rows
from tempuse.store import timelines
from tempuse.store.closures import Closure
from tempuse.store.permit_tables import permits as permits_table
from tempuse.store.timelines import STATES, TimelineWanted
from tempuse.vocabulary import Permission, PermitStatus, SpaceKind
from web import database, words
from web.office import names
from web.office.blueprint import office
from web.office.menu import Room
from web.office.timeline import drawing
from web.office.timeline.drawing import TimelineBar, TimelineWindow
from web.presenters import labels
from web.site import arguments

ROOM = Room(28, "office.timeline", lazy_gettext("Timeline"), Permission.PERMIT_READ)
PAGE = 40
MONTHS = 18
MOST_PAGE = 10_000
# The file has so many spaces at most: a timeline is for looking, the export has everything.
MOST_IN_FILE = 5_000


@dataclass(frozen=True, slots=True)
class TimelineQuestion:
    """What the address asks: which spaces, from which month, as what, which page."""

    wanted: TimelineWanted
    window: TimelineWindow
    as_table: bool
    page: int

    def address(self, endpoint: str = "office.timeline", **changes: object) -> str:
        """The address that asks this, or this with changes."""
        values = {
            "state": self.wanted.state if self.wanted.state != "all" else "", "district": self.wanted.district_ref,
            "kind": self.wanted.kind, "space": self.wanted.space_ref, "from": f"{self.window.first:%Y-%m}",
            "as": "table" if self.as_table else "", "page": self.page if self.page > 1 else "", **changes,
        }  # fmt: skip
        asked = urlencode({name: str(value) for name, value in values.items() if value})
        return f"{url_for(endpoint)}?{asked}" if asked else url_for(endpoint)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One space with its bars."""

    space: Space
    size: str
    bars: list[TimelineBar]


@dataclass(frozen=True, slots=True)
class District:
    """The lines of one district."""

    name: str
    lines: list[TimelineLine]


def _question() -> TimelineQuestion:
    args = request.args
    wanted = TimelineWanted(
        state=arguments.choice(args, "state", STATES, "all"),
        district_ref=arguments.choice(args, "district", names.district_names(), None),
        kind=arguments.choice(args, "kind", {each.value for each in SpaceKind}, None),
        space_ref=names.full_ref(arguments.text(args, "space", 20)) or None,
    )
    first = arguments.day(f"{arguments.text(args, 'from', 7)}-01")
    begin = TimelineWindow(database.today().replace(day=1), MONTHS).moved(-4)
    window = begin if first is None else TimelineWindow(first, MONTHS).moved(0)
    page = arguments.whole(args, "page", 1, MOST_PAGE, 1)
    return TimelineQuestion(wanted, window, args.get("as") == "table", page)


@office.get("/timeline", Permission.PERMIT_READ)
def timeline() -> str:
    """The bars, by district; the same as a table for whoever would rather read."""
    asked = _question()
    con, today = database.connection(), database.today()
    soon = today + timedelta(days=database.settings().ends_soon_days)
    offset = (asked.page - 1) * PAGE
    found = timelines.find(con, asked.wanted, today, soon, PAGE, offset)
    more, found = len(found) > PAGE, found[:PAGE]
    if asked.wanted.space_ref and not found:
        raise NotFound("space.not_found", ref=asked.wanted.space_ref)
    uses = timelines.uses(con, found, asked.window.first, asked.window.last)
    shut = timelines.shut(con, found, asked.window.first, asked.window.last)
    return render_template(
        "office/timeline/index.html", asked=asked, districts=_by_district(found, uses, shut, asked.window),
        months=list(drawing.months(asked.window)), here=_today(asked.window), more=more,
        chips=_chips(asked), lead=_lead(today, soon), replace=replace, kinds=labels.choices(SpaceKind),
        district_names=names.district_names(), looks=_looks(), of=_of(asked),
        states=_table(found, uses, shut) if asked.as_table else [],
    )  # fmt: skip


def _by_district(
    found: list[tuple[int, Space]], uses: dict[str, list[permit_rows.Ruled]], shut: dict[str, list[Closure]],
    window: TimelineWindow,
) -> list[District]:  # fmt: skip
    made: list[District] = []
    today, soon = database.today(), database.settings().ends_soon_days
    for _, space in found:
        name = names.district(space.district_ref) or gettext("No district")
        if not made or made[-1].name != name:
            made.append(District(name, []))
        bars = [*drawing.bars(uses.get(space.ref, ()), window, today, soon),
                *drawing.shut(shut.get(space.ref, ()), window)]  # fmt: skip
        made[-1].lines.append(TimelineLine(space, words.square_metres(area_of(space)), bars))
    return made


def _today(window: TimelineWindow) -> float | None:
    today = database.today()
    return window.at(today) if window.first <= today <= window.last else None


def _chips(asked: TimelineQuestion) -> list[tuple[str, str, bool]]:
    said = {
        "all": gettext("All"), "used": gettext("In use today"), "empty": gettext("Empty today"),
        "ending": gettext("Ends soon"), "asked": gettext("Asked for"),
    }  # fmt: skip
    return [
        (said[state], asked.address(state=state if state != "all" else "", page=""), asked.wanted.state == state)
        for state in STATES
    ]


def _looks() -> list[tuple[str, str]]:
    return [
        ("over", gettext("Over")), ("running", gettext("Running")), ("agreed", gettext("Agreed")),
        ("asked", gettext("Asked for")), ("late", gettext("Not handed back")),
        ("shut", gettext("Not available")),
    ]  # fmt: skip


def _lead(today: date, soon: date) -> str:
    con = database.connection()
    used = timelines.used_today(con)
    out = permits_table.c.status == PermitStatus.HANDED_OVER.value
    goes_on = permits_table.c.continued_by_ref.is_(None)
    late = permit_rows.count(con, out, goes_on, permits_table.c.last_on < today)
    ending = permit_rows.count(con, out, goes_on, permits_table.c.last_on.between(today, soon))
    parts = [
        ngettext("%(n)s permit has its keys out.", "%(n)s permits have their keys out.", used, n=words.figure(used))
    ]
    if late:
        parts.append(ngettext("%(n)s is late.", "%(n)s are late.", late, n=words.figure(late)))
    if ending:
        parts.append(ngettext("%(n)s ends soon.", "%(n)s end soon.", ending, n=words.figure(ending)))
    return " ".join(parts)


def _of(asked: TimelineQuestion) -> str:
    """The space whose timeline it is, empty where it is the city's."""
    if not asked.wanted.space_ref:
        return ""
    return names.space(space_rows.get(database.connection(), asked.wanted.space_ref))


def _table(
    found: list[tuple[int, Space]], uses: dict[str, list[permit_rows.Ruled]], shut: dict[str, list[Closure]]
) -> list[tuple[Space, list[tuple[str, str, str]]]]:
    """Each space with its permits in words: title, when, and its page; and when it is shut."""
    today, soon = database.today(), database.settings().ends_soon_days
    rows = []
    for _, space in found:
        said = [
            (each.permit.title or each.permit.ref,
             drawing.said_of(each, standing(each.permit, each.terms, today, soon=soon).state),
             url_for("office.permit", ref=each.permit.ref))
            for each in uses.get(space.ref, ())
        ]  # fmt: skip
        said += [
            (gettext("Kept free"), drawing.said_of_closure(each), drawing.href_of_closure(each))
            for each in shut.get(space.ref, ())
        ]
        rows.append((space, said))
    return rows


@office.get("/timeline.csv", Permission.PERMIT_READ, endpoint="timeline_file")
def file() -> Response:
    """What the question shows, one row a permit and space, and one for the days on which an owner keeps it."""
    asked = _question()
    con, today = database.connection(), database.today()
    soon = database.settings().ends_soon_days
    found = timelines.find(con, asked.wanted, today, today + timedelta(days=soon), MOST_IN_FILE, 0)[:MOST_IN_FILE]
    out = io.StringIO()
    writer = commas.Writer(out)
    writer.row(["space_ref", "name", "district", "permit_ref", "title", "starts_on", "ends_on", "status", "state"])
    for start in range(0, len(found), PAGE):
        some = found[start : start + PAGE]
        uses = timelines.uses(con, some, asked.window.first, asked.window.last)
        shut = timelines.shut(con, some, asked.window.first, asked.window.last)
        for _, space in some:
            where = [space.ref, names.space(space), names.district(space.district_ref)]
            for each in uses.get(space.ref, ()):
                how = standing(each.permit, each.terms, today, soon=soon)
                about = [each.permit.ref, each.permit.title, each.terms.starts_on, how.last_on]
                writer.row([*where, *about, each.permit.status, how.state])
            for closed in shut.get(space.ref, ()):
                writer.row([*where, "", closed.because, closed.starts_on, closed.ends_on, "", "shut"])
    return Response(
        out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=timeline.csv"}
    )
