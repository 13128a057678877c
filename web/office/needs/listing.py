"""What groups look for, in the office: who looks, who is asked, what is to be released; found and sorted, in pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse.needs import Need, lapses_on, state_of, wanted_of
from tempuse.organisations import Organisation
from tempuse.store import needs as rows
from tempuse.store import organisations, watches
from tempuse.vocabulary import NeedState, Permission
from web import database, words
from web.accounts import guard
from web.office.blueprint import office
from web.office.menu import Room
from web.office.queue import Tab
from web.presenters import labels
from web.presenters import needs as words_of
from web.site import arguments

ROOM = Room(37, "office.needs", lazy_gettext("Groups looking"), Permission.NEED_READ)

PAGE = 50
# The parts, in the order in which somebody looks through them.
_TABS = {
    NeedState.WAITING: lazy_gettext("Looking"), NeedState.ASKED: lazy_gettext("Asked"),
    NeedState.LAPSED: lazy_gettext("Not heard from"), NeedState.DRAFT: lazy_gettext("Drafts"),
    NeedState.MET: lazy_gettext("Met"), NeedState.WITHDRAWN: lazy_gettext("Withdrawn"),
}  # fmt: skip
_SHOWN = (*(each.value for each in NeedState), rows.RELEASE, rows.EVERY)
_HEADS: dict[str, LazyString] = {
    "title": lazy_gettext("What it looks for"), "group": lazy_gettext("Group"),
    "opened_on": lazy_gettext("Looks since"), "confirmed_on": lazy_gettext("Last heard of"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedsAsked:
    """What the address asks for: the part, the words, the order, the page."""

    shown: str
    text: str = ""
    sort: str = ""
    down: bool = False
    page: int = 1

    def address(self, **changes: Any) -> str:
        """The address that asks this, or this with changes."""
        asked = replace(self, **changes)
        page = asked.page if asked.page > 1 else None
        return url_for(
            "office.needs", show=asked.shown, q=asked.text or None, sort=asked.sort or None,
            down="1" if asked.down else None, page=page,
        )  # fmt: skip


def read(args: arguments.Args) -> NeedsAsked:
    """The question in an address; what makes no sense asks nothing. Words are looked for in all parts, unless one is
    named.
    """
    text = arguments.text(args, "q", 100)
    shown = arguments.choice(args, "show", _SHOWN, rows.EVERY if text else NeedState.WAITING.value)
    return NeedsAsked(shown, text, arguments.choice(args, "sort", rows.SORTS, ""), args.get("down") == "1")


@office.get("/needs", Permission.NEED_READ)
def needs() -> str:
    """The list."""
    con, asked = database.connection(), read(request.args)
    these = rows.conditions(con, asked.shown, asked.text, database.settings(), database.today())
    total = rows.count(con, *these)
    page = arguments.page(request.args, total, PAGE)
    found = rows.listed(con, these, asked.shown, asked.sort, down=asked.down, limit=PAGE, offset=page.offset)
    known = organisations.by_refs(con, {each.initiative_ref for each in found if each.initiative_ref})
    return render_template(
        "office/needs/list.html", asked=asked, page=page, heads=_HEADS, heading=_heading(total, asked.text),
        tabs=_tabs(asked), rows=[_row(each, known) for each in found], watched=_watched(),
        may_write=guard.may(Permission.NEED_WRITE), address=lambda number: asked.address(page=number),
    )  # fmt: skip


def _heading(total: int, text: str) -> str:
    said = ngettext("%(n)s search", "%(n)s searches", total, n=words.figure(total))
    return said + (" " + gettext("with “%(text)s”", text=text) if text else "")


def _tabs(asked: NeedsAsked) -> list[Tab]:
    con = database.connection()
    tally, to_release = rows.tally(con, database.settings(), database.today()), rows.count_to_release(con)

    def tab(shown: str, said: str, count: int) -> Tab:
        return Tab(said, asked.address(shown=shown), count, asked.shown == shown)

    tabs = [
        tab(each.value, str(said), tally.get(each.value, 0))
        for each, said in _TABS.items() if tally.get(each.value) or each in (asked.shown, NeedState.WAITING)
    ]  # fmt: skip
    if to_release or asked.shown == rows.RELEASE:
        tabs.insert(1, tab(rows.RELEASE, gettext("To release"), to_release))
    tabs.append(tab(rows.EVERY, gettext("All"), sum(tally.values())))
    looking = tally.get(NeedState.WAITING, 0) + tally.get(NeedState.ASKED, 0)
    return [*tabs, Tab(gettext("Looked for and offered"), url_for("office.demand"), looking, is_on=False)]


def _row(need: Need, known: dict[str, Organisation]) -> dict[str, str]:
    settings = database.settings()
    stands = state_of(need, settings, database.today())
    due = words.day(lapses_on(need, settings)) if stands is NeedState.ASKED else ""
    return {
        "ref": need.ref, "title": title(need), "asks": ". ".join(_asks(need)), "group": _called(need, known),
        "since": words.day(settings.today(need.opened_at)) if need.opened_at else "",
        "heard": words.day(need.confirmed_on) if need.confirmed_on else "",
        "state": labels.term(NeedState, stands.value),
        "due": gettext("Leaves the lists on %(day)s", day=due) if due else "",
    }  # fmt: skip


def title(need: Need) -> str:
    """What it is called, also once nobody knows."""
    return need.title or gettext("No longer known")


def why(need: Need) -> str:
    """Its ref, its group, and the first of what it asks."""
    known = organisations.by_refs(database.connection(), {need.initiative_ref} if need.initiative_ref else ())
    return ". ".join(part for part in (need.ref, _called(need, known), *_asks(need)) if part)


def _called(need: Need, known: dict[str, Organisation]) -> str:
    group = known.get(need.initiative_ref or "")
    return group.name if group else need.group_name or ""


def _asks(need: Need) -> list[str]:
    return [text[:1].upper() + text[1:] for _, text in words_of.asked(wanted_of(need)[0])[:2]]


def _watched() -> list[str]:
    """Who is told by letter when a space begins to fit: how many searches, and those of which something is wrong."""
    tally = watches.tally(database.connection())
    asking, waiting, paused, bounced = (tally[name] for name in ("asking", "unconfirmed", "paused", "bounced"))
    told = [
        (asking, ngettext("For %(n)s search, letters tell of what begins to fit.",
                          "For %(n)s searches, letters tell of what begins to fit.", asking, n=words.figure(asking))),
        (waiting, ngettext("%(n)s address is not confirmed yet.", "%(n)s addresses are not confirmed yet.", waiting,
                           n=words.figure(waiting))),
        (paused, ngettext(
            "%(n)s is paused, because its question is not understood any more; its reader is told.",
            "%(n)s are paused, because their questions are not understood any more; their readers are told.",
            paused, n=words.figure(paused),
        )),
        (bounced, ngettext("%(n)s ended because its letters came back.",
                           "%(n)s ended because their letters came back.", bounced, n=words.figure(bounced))),
    ]  # fmt: skip
    return [said for count, said in told if count]
