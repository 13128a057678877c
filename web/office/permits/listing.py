"""The list of permits: what is asked for, agreed, in use, over; filtered, what presses first, in pages."""

from __future__ import annotations

from typing import Any, cast

from flask import g, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.permits import CLAIMING, ENDED, OPEN
from tempuse.store import people as person_rows
from tempuse.store import permit_lists
from tempuse.store.permit_lists import SHOWN, PermitFilter
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission, PermitStatus
from web import database, words
from web.accounts import guard
from web.office import names
from web.office.blueprint import office
from web.office.menu import Room
from web.office.permits import called, queues, sections
from web.office.queue import Tab
from web.presenters import permits as stand
from web.presenters import terms as terms_words
from web.site import arguments

PAGE = 50
# Nobody turns to the two hundredth page; beyond, the list is narrowed by its filters.
LAST = 10_000
_HANDLERS = ("planner", "administrator")

ROOM = Room(25, "office.permits", lazy_gettext("Permits"), Permission.PERMIT_READ)

_PARTS = {
    "asked": lazy_gettext("Asked for"),
    "agreed": lazy_gettext("Agreed"),
    "running": lazy_gettext("In use"),
    "ending": lazy_gettext("Ends soon"),
    "ended": lazy_gettext("Over"),
    "drafts": lazy_gettext("Not confirmed"),
    "all": lazy_gettext("All"),
}


@office.get("/permits", Permission.PERMIT_READ)
def permits() -> str:
    """The list."""
    con, wanted = database.connection(), read(request.args)
    today, soon = database.today(), database.settings().ends_soon_days
    these = permit_lists.conditions(con, wanted, today, soon)
    total = permit_lists.count_to(con, these, LAST)
    page = arguments.page(request.args, total, PAGE)
    found = permit_lists.find(con, these, wanted.shown, limit=PAGE, offset=page.offset)
    called.warm([each.permit for each in found])
    return render_template(
        "office/permits/list.html", wanted=wanted, found=[_shown(each) for each in found], page=page,
        tabs=_tabs(wanted), heading=_heading(wanted, total), choices=_choices(wanted),
        address=lambda number: _address(wanted, page=number), may_decide=guard.may(Permission.PERMIT_DECIDE),
        capped=total >= LAST, last=LAST,
    )  # fmt: skip


def read(args: arguments.Args) -> PermitFilter:
    """What an address asks for; what makes no sense is not asked."""
    districts = names.district_names()
    return PermitFilter(
        shown=arguments.choice(args, "show", SHOWN, "asked" if not arguments.text(args, "q") else "all"),
        kind=arguments.choice(args, "kind", [each[0] for each in called.kind_choices()], ""),
        district_ref=arguments.choice(args, "district", list(districts), ""),
        handler_ref=arguments.choice(args, "handler", [each[0] for each in handlers()], ""),
        text=arguments.text(args, "q"),
    )


def handlers() -> list[tuple[str, str]]:
    """Who can handle permits: everybody in the office."""
    if "permit_handlers" not in g:
        people = person_rows.find_office(database.connection())
        g.permit_handlers = [(each.ref, each.name) for each in people if each.role in _HANDLERS]
    return cast("list[tuple[str, str]]", g.permit_handlers)


def _address(wanted: PermitFilter, **more: Any) -> str:
    asked = {
        "show": wanted.shown, "kind": wanted.kind, "district": wanted.district_ref, "handler": wanted.handler_ref,
        "q": wanted.text,
    }  # fmt: skip
    return url_for("office.permits", **{name: value or None for name, value in {**asked, **more}.items()})


def _tabs(wanted: PermitFilter) -> list[Tab]:
    tally = queues.of_status()
    counts = {
        "asked": sum(tally.get(each, 0) for each in OPEN),
        "agreed": sum(tally.get(each, 0) for each in CLAIMING[:2]),
        "running": tally.get(PermitStatus.HANDED_OVER.value, 0),
        "ending": queues.count("ending"),
        "ended": sum(tally.get(each, 0) for each in ENDED),
        "drafts": tally.get(PermitStatus.DRAFT.value, 0),
        "all": sum(tally.values()),
    }
    return [
        Tab(str(said), _address(wanted, show=name), counts[name], wanted.shown == name)
        for name, said in _PARTS.items()
        if counts[name] or name not in ("drafts", "ending") or wanted.shown == name
    ]


def _heading(wanted: PermitFilter, total: int) -> str:
    if total >= LAST:
        return gettext("%(n)s permits and more", n=words.figure(total))
    said = ngettext("%(n)s permit", "%(n)s permits", total, n=words.figure(total))
    if wanted.text:
        return said + " " + gettext("with “%(text)s”", text=wanted.text)
    return said


def _choices(wanted: PermitFilter) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The filters: name, words, choices, the one that is chosen."""
    everything = ("", gettext("All"))
    listed = [
        ("kind", gettext("Kind"), [(each[0], each[1]) for each in called.kind_choices()], wanted.kind),
        ("district", gettext("District"), list(names.district_names().items()), wanted.district_ref),
        ("handler", gettext("Who handles it"), handlers(), wanted.handler_ref),
    ]
    return [(name, said, [everything, *pairs], value) for name, said, pairs, value in listed if len(pairs) > 1]


def _shown(each: Ruled) -> dict[str, Any]:
    permit, terms = each
    stops = sections.stops_of(database.connection(), permit.ref)
    return {
        "ref": permit.ref, "title": called.title(permit), "group": called.group(permit), "where": called.where(permit),
        "when": terms_words.period(terms), "state": stand.state(permit, terms), "turn": stand.turn(permit, terms),
        "due": stand.next_day(permit, terms, called.kind(permit), stops), "handler": _handler(permit.handler_ref),
    }  # fmt: skip


def _handler(ref: str | None) -> str:
    return dict(handlers()).get(ref or "", "")
