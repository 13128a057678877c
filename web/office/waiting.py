"""What waits for the person who opens the office: one click to each thing, the first due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from babel import dates
from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.store import events, space_lists
from tempuse.store.common import current_state
from tempuse.vocabulary import Permission
from web import database, words
from web.accounts import auth, guard
from web.office import first_day, names, report_queue, tallies
from web.office.blueprint import office
from web.office.menu import Room
from web.office.needs import views as need_rooms
from web.office.needs import watched
from web.office.organisations import members
from web.office.permits import asked_queues
from web.office.permits import owners as permit_owners
from web.office.permits import page as permit_page
from web.office.permits import queues as permit_queues
from web.office.queue import Queue, Row
from web.office.spaces import owners as owner_queues
from web.office.spaces import queues
from web.site import arguments

MANY = 1000
FOUND = 20
PROPOSED = 8
_KEPT = "tempuse.waiting"

# Each noun's queues, in the order of the page.
QUEUES: tuple[Queue, ...] = (
    *permit_queues.QUEUES, *permit_owners.QUEUES, *asked_queues.QUEUES, *report_queue.QUEUES,
    *need_rooms.QUEUES, *members.QUEUES, *owner_queues.QUEUES, *queues.QUEUES, *watched.QUEUES,
)  # fmt: skip


@dataclass(slots=True)
class Section:
    """Things of one kind; ``total`` of them wait, ``rows`` are the first."""

    title: str
    total: int
    rows: list[Row] = field(default_factory=list)
    more: tuple[str, str] | None = None
    beside: bool = False
    waits: bool = True


@office.get("/waiting", Permission.SPACE_READ)
def waiting() -> str:
    """The office's first page."""
    sections = _sections()
    if sections and sections[0].waits:
        sections[0].rows[0].first = True
    person = auth.signed_in()
    return render_template(
        "office/waiting.html",
        heading=_heading(sum(section.total for section in sections if section.waits), person.name if person else ""),
        urgent=_urgent(sections),
        sections=sections,
        steps=first_day.steps(),
        now=tallies.now(),
        outlooks=tallies.now().outlooks(),
        months=_months(tallies.now().months_empty()),
        said=_share(tallies.now().outlooks()),
        weekday=dates.format_date(database.today(), "EEEE", locale=words.locale()),
    )


def count() -> str:
    """How many things wait, for the band of every page: counted no further than it has room for."""
    total = 0
    for queue in QUEUES:
        if total < MANY and queue.waits and guard.may(queue.permission):
            total += _total(queue)
    return str(total or "") if total < MANY else f"{MANY - 1}+"


def _total(queue: Queue) -> int:
    """How many things are in a queue: of what waits, counted once for each event and day; of the rest, a request."""
    held = _waiting_now() if queue.waits else cast("dict[int, int]", g.setdefault("beside", {}))
    if id(queue) not in held:
        held[id(queue)] = queue.count()
    return held[id(queue)]


def _waiting_now() -> dict[int, int]:
    """What this process counted as of the register's last event, which moves when anything does, and today."""
    if "queued" not in g:
        con, kept = database.connection(), current_app.extensions.get(_KEPT)
        as_of = current_state(con).register, events.last(con), database.today()
        if kept is None or kept[0] != as_of:
            kept = current_app.extensions[_KEPT] = as_of, {}
        g.queued = kept[1]
    return cast("dict[int, int]", g.queued)


def _sections() -> list[Section]:
    """The queues in which there is something, with the first of it."""
    found = []
    for queue in QUEUES:
        if guard.may(queue.permission) and (total := _total(queue)):
            rows = queue.rows()
            more = queue.more(total, len(rows))
            found.append(Section(str(queue.title), total, rows, more, queue.beside, queue.waits))
    return found


def _heading(total: int, name: str) -> str:
    first = name.split(" ")[0]
    if not total:
        return gettext("Nothing waits for you, %(name)s", name=first)
    if total >= MANY:
        return gettext("Many things wait for you, %(name)s", name=first)
    number = words.spelled(total)
    said = ngettext(
        "%(number)s thing waits for you, %(name)s",
        "%(number)s things wait for you, %(name)s",
        total,
        number=number,
        name=first,
    )
    return said[:1].upper() + said[1:]


def _urgent(sections: Sequence[Section]) -> str:
    late = sum(row.late for section in sections for row in section.rows)
    if not late:
        return ""
    number = words.spelled(late)
    said = ngettext(
        "%(number)s is due by tomorrow, or over.", "%(number)s are due by tomorrow, or over.", late, number=number
    )
    return said[:1].upper() + said[1:]


def _share(counts: dict[str, int]) -> str:
    """Of 40 spaces, 14 are in temporary use, 20 are free, 6 are not available."""
    return gettext(
        "Of %(total)s spaces, %(used)s are in temporary use, %(free)s are free, %(shut)s are not available.",
        total=words.figure(sum(counts.values())), **{name: words.figure(number) for name, number in counts.items()},
    )  # fmt: skip


def _months(months: float | None) -> str:
    if months is None:
        return ""
    whole = round(months)
    if whole < 1:
        return gettext("Those that are empty have been so for less than a month, on average.")
    if whole >= 24:
        return gettext(
            "Those that are empty have been so for about %(number)s years, on average.",
            number=words.spelled(round(months / 12)),
        )
    said = words.spelled(whole)
    return ngettext(
        "Those that are empty have been so for %(number)s month, on average.",
        "Those that are empty have been so for %(number)s months, on average.", whole, number=said,
    )  # fmt: skip


@office.get("/find", Permission.SPACE_READ)
def find() -> ResponseReturnValue:
    """Look for a space by its ref, name or address; a ref leads straight to it, that of a permit, too."""
    text = arguments.text(request.args, "q")
    if not text:
        return redirect(url_for("office.spaces"))
    if guard.may(Permission.PERMIT_READ) and permit_page.full_ref(text).startswith("PM-"):
        return redirect(url_for("office.permit", ref=permit_page.full_ref(text)))
    found = space_lists.find_some(database.connection(), names.full_ref(text), FOUND + 1)
    if not found and names.full_ref(text) != text:
        found = space_lists.find_some(database.connection(), text, FOUND + 1)
    if len(found) == 1 or (found and found[0].ref == names.full_ref(text)):
        return redirect(url_for("office.space", ref=found[0].ref))
    return render_template("office/found.html", text=text, found=found[:FOUND], more=len(found) > FOUND)


@office.get("/find/spaces", Permission.SPACE_READ)
def find_spaces() -> str:
    """The first spaces with a text in their ref, name or address, as the options of a field for their refs."""
    text, kept = arguments.text(request.args, "q"), arguments.text(request.args, "kept")
    found = space_lists.find_some(database.connection(), names.full_ref(text), PROPOSED) if text else []
    return render_template("office/_proposed.html", kept=kept, found=found)


ROOM = Room(10, "office.waiting", lazy_gettext("Waiting"), Permission.SPACE_READ, count)
