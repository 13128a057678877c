"""A queue of the office's first page: things of one kind that wait for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse.vocabulary import Permission
from web import database, words


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
