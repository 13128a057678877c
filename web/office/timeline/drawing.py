"""Bars on a line of months, in per cent, so that a page needs no measuring and no script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel import dates
from flask import url_for
from flask_babel import gettext, ngettext

from tempuse.permits import OPEN
from tempuse.standing import last_on, standing
from tempuse.store.closures import Closure
from tempuse.store.permits import Ruled
from tempuse.vocabulary import PermitStatus
from web import words

# The narrowest line of the wide page and of a phone, in px, and what a letter takes.
WIDE_PX, NARROW_PX, LETTER_PX, INSET_PX = 780, 330, 8.2, 18
LOOKS = ("over", "running", "agreed", "asked", "late", "shut")


@dataclass(frozen=True, slots=True)
class TimelineWindow:
    """The days that are drawn: whole months."""

    first: date
    months: int

    @property
    def last(self) -> date:
        """The last day."""
        return self.moved(self.months).first - timedelta(days=1)

    def moved(self, months: int) -> TimelineWindow:
        """The window so many months later, within what a calendar has."""
        number = min(max(self.first.year * 12 + self.first.month - 1 + months, 1900 * 12), 2999 * 12)
        return TimelineWindow(date(number // 12, number % 12 + 1, 1), self.months)

    def meets(self, start: date, end: date) -> bool:
        """Whether a day from one to the other is drawn."""
        return start <= self.last and end >= self.first

    def at(self, day: date) -> float:
        """Where a day begins, in per cent of the line."""
        span = (self.last - self.first).days + 1
        return round(100 * min(max((day - self.first).days, 0), span) / span, 3)


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One stretch: where it starts and how wide it is in per cent, its look, words, where they fit, and its page."""

    start: float
    width: float
    look: str
    words: str
    said: str
    fits: str
    href: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month above the lines; ``year`` is said where one begins, or the line does."""

    at: float
    words: str
    year: str
    is_quarter: bool


def months(window: TimelineWindow) -> Iterator[Month]:
    """The months of a window."""
    for number in range(window.months):
        first = window.moved(number).first
        year = str(first.year) if number == 0 or first.month == 1 else ""
        said = dates.format_date(first, "LLL", locale=words.locale()).rstrip(".")
        yield Month(window.at(first), said, year, first.month % 3 == 1)


def bars(ruled: Iterable[Ruled], window: TimelineWindow, today: date, soon: int) -> list[TimelineBar]:
    """The bars of one space, requests that meet drawn as one.

    Args:
        ruled: its permits, the first to begin first.
        window: the days that are drawn.
        today: the day it is in the city.
        soon: days before the end from which a use ends soon.
    """
    made: list[TimelineBar] = []
    asked: list[Ruled] = []
    for each in ruled:
        if each.permit.status in OPEN:
            asked.append(each)
            continue
        made += _decided(each, window, today, soon)
    for group in _meeting(asked):
        made.append(_asked(group, window))
    return sorted(made, key=lambda bar: (bar.start, bar.width))


def _decided(each: Ruled, window: TimelineWindow, today: date, soon: int) -> Iterator[TimelineBar]:
    how = standing(each.permit, each.terms, today, soon=soon)
    last = last_on(each.permit, each.terms)
    start, end = each.terms.starts_on, last or each.terms.ends_on
    if start is None or end is None:
        return
    look = "over" if how.state in ("ended", "overdue") else "running" if how.is_running else "agreed"
    if each.permit.status == PermitStatus.HANDED_OVER and how.state == "upcoming":
        look = "running"
    title = each.permit.title or each.permit.ref
    if window.meets(start, end):
        yield _bar(window, start, end, look, title, f"{title}, {said_of(each, how.state)}", each.permit.ref)
    if how.state == "overdue" and window.meets(end, today):
        late = gettext("%(title)s: not handed back", title=title)
        yield _bar(window, end + timedelta(days=1), today, "late", "", late, each.permit.ref)


def said_of(each: Ruled, state: str) -> str:
    """From when to when, and how it stands, in words."""
    last = last_on(each.permit, each.terms)
    stands = {
        "upcoming": gettext("agreed"), "not_started": gettext("not begun, no keys yet"), "running": gettext("running"),
        "ending_soon": gettext("ends soon"), "overdue": gettext("not handed back"), "ended": gettext("over"),
        "open": gettext("asked for"),
    }[state]  # fmt: skip
    return gettext(
        "%(start)s to %(end)s, %(stands)s",
        start=words.day(each.terms.starts_on, year=True), end=words.day(last, year=True), stands=stands,
    )  # fmt: skip


def _meeting(asked: list[Ruled]) -> Iterator[list[Ruled]]:
    """Requests whose days meet, together."""
    group: list[Ruled] = []
    until = date.min
    for each in asked:
        start, end = each.terms.starts_on, each.terms.ends_on
        if start is None or end is None:
            continue
        if group and start > until:
            yield group
            group = []
        group.append(each)
        until = end if len(group) == 1 else max(until, end)
    if group:
        yield group


def _asked(group: list[Ruled], window: TimelineWindow) -> TimelineBar:
    first = group[0]
    title = first.permit.title or first.permit.ref
    start = min(each.terms.starts_on for each in group if each.terms.starts_on)
    end = max(each.terms.ends_on for each in group if each.terms.ends_on)
    more = len(group) - 1
    said = gettext("%(title)s asks", title=title)
    if more:
        said = ngettext("%(title)s and %(num)s more ask", "%(title)s and %(num)s more ask", more, title=title)
    return _bar(window, start, end, "asked", said, f"{said}, {said_of(first, 'open')}", first.permit.ref)


def shut(closed: Iterable[Closure], window: TimelineWindow) -> list[TimelineBar]:
    """The days on which an owner keeps a space to themselves."""
    return [
        replace(_bar(window, each.starts_on, each.ends_on, "shut", gettext("Not available"), said_of_closure(each), ""),
                href=href_of_closure(each))
        for each in closed
    ]  # fmt: skip


def said_of_closure(each: Closure) -> str:
    """From when to when nobody has the space, and why."""
    return gettext(
        "Not available, %(start)s to %(end)s: %(why)s", start=words.day(each.starts_on, year=True),
        end=words.day(each.ends_on, year=True), why=each.because,
    )  # fmt: skip


def href_of_closure(each: Closure) -> str:
    """Where a closure stands."""
    return f"{url_for('office.space', ref=each.space_ref)}#permits"


def _bar(window: TimelineWindow, start: date, end: date, look: str, said: str, whole: str, ref: str) -> TimelineBar:
    begin = window.at(start)
    width = max(round(window.at(end + timedelta(days=1)) - begin, 3), 0.4)
    need = len(said) * LETTER_PX + INSET_PX
    fits = "narrow" if need <= width * NARROW_PX / 100 else "wide" if need <= width * WIDE_PX / 100 else ""
    return TimelineBar(begin, width, look, said, whole, fits, url_for("office.permit", ref=ref) if ref else "")
