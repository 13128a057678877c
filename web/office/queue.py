"""Queues of the office's first page, things of one kind that wait for somebody; and the page of any list of things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse.vocabulary import Permission
from web import database, words
from web.site import arguments


@dataclass(slots=True)
class Row:
    """One thing: its name and address, why it is here, when it is due, what to press."""

    name: str
    href: str
    why: str
    button: str
    due: str = ""
    late: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """Things of one kind.

    Attributes:
        title: its heading.
        permission: what somebody must hold to be shown it.
        count: how many there are.
        rows: the first of them.
        more: where the others are, its words and its address, if there is such a place; told how many there are and
            how many of them are shown.
        beside: it stands in the second column.
        waits: its things are counted as waiting.
    """

    title: LazyString
    permission: Permission
    count: Callable[[], int]
    rows: Callable[[], list[Row]]
    more: Callable[[int, int], tuple[str, str] | None] = lambda total, shown: None
    beside: bool = False
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Tab:
    """Some of a list: what these are called, where they are, how many, and whether they are shown."""

    words: str
    href: str
    count: int
    is_on: bool


def list_page(
    endpoint: str, page: arguments.Page, title: str, heading: str, rows: Sequence[Row], empty: str, *,
    tabs: Sequence[Tab] = (), which: str = "", more: tuple[str, str] | None = None,
    search: tuple[str, str] | None = None, **args: Any,
) -> str:  # fmt: skip
    """The page of a list in the office.

    Args:
        endpoint: its view, whose further pages have addresses.
        page: which page of it.
        title: of the window.
        heading: above the list.
        rows: what stands on this page.
        empty: said where nothing does.
        tabs: which parts of the list there are.
        which: what the parts are, for those who hear the page.
        more: what else one may do here, its words and its address.
        search: what can be looked for here by a text ``q``, in words, and the text that is asked for.
        args: what else stands in the address.
    """
    return render_template(
        "office/list.html", title=title, heading=heading, rows=rows, empty=empty, tabs=tabs, which=which, more=more,
        page=page, address=lambda number: url_for(endpoint, page=number, **args), search=search, here=url_for(endpoint),
    )  # fmt: skip


def due_words(due: date, *, ends: bool = False) -> tuple[str, bool]:
    """When something is due in words, and whether that is today, tomorrow or over."""
    days = (due - database.today()).days
    if ends:
        said = gettext("Ends today") if days <= 0 else ngettext("Ends in %(num)s day", "Ends in %(num)s days", days)
        return said, days <= 1
    if days < 0:
        return gettext("Was due on %(day)s", day=words.day(due)), True
    if days == 0:
        return gettext("Answer today"), True
    if days == 1:
        return gettext("Answer by tomorrow, %(day)s", day=words.day(due)), True
    return gettext("Answer by %(day)s", day=words.day(due)), False
