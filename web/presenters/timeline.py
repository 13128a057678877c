"""A space's past and what is offered, as bars on a line of years; in per cent, so that a page needs no measuring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from tempuse.vocabulary import Occupancy
from web import words
from web.presenters import cards

# The narrowest drawings, in px, and what a letter takes: words that do not fit stand in the text below only.
WIDE_PX, NARROW_PX, LETTER_PX, INSET_PX = 1020, 330, 8.4, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch: where it starts and how wide it is, in per cent; its look; its words and where they fit."""

    start: float
    width: float
    look: str
    words: str
    fits: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars, the years above them as (words, per cent), and today in per cent."""

    bars: list[Bar]
    years: list[tuple[str, float]]
    today: float


@dataclass(frozen=True, slots=True)
class PeriodInWords:
    """A period of the past in words."""

    when: str
    title: str
    text: str
    source: str
    href: str = ""


_LOOKS = {
    Occupancy.TEMPORARY_USE.value: "over",
    Occupancy.VACANT.value: "empty",
    Occupancy.OCCUPIED.value: "over",
    Occupancy.PARTLY_OCCUPIED.value: "over",
}


def build(history: list[dict[str, Any]], free: tuple[date | None, date | None] | None, today: date) -> Timeline | None:
    """The drawing of what was and of what is offered; None when there is nothing to draw.

    Args:
        history: published periods; both days belong to each.
        free: from and until when the space is offered, None when it is not.
        today: the day it is in the city.
    """
    periods = [(cards.day_of(each.get("starts_on")), cards.day_of(each.get("ends_on")), each) for each in history]
    periods = [each for each in periods if each[0] or each[1]]
    if not periods:
        return None
    known = [day for start, end, _ in periods for day in (start, end) if day] + [today]
    known += [day for day in free or () if day]
    first = date(min(known).year, 1, 1)
    last = max(max(known) + timedelta(days=150), today + timedelta(days=300))
    span = (last - first).days

    def at(day: date) -> float:
        return round(100 * min(max((day - first).days, 0), span) / span, 3)

    bars = []
    for start, end, each in sorted(periods, key=lambda period: period[0] or date.min):
        running = each["occupancy"] == Occupancy.TEMPORARY_USE and (end is None or end >= today)
        look = "running" if running else _LOOKS.get(each["occupancy"], "over")
        title = each.get("title") or gettext("Empty")
        bars.append(_bar(at(start or first), at((end or today) + timedelta(days=1)), look, title))
    if free:
        start, end = free
        begin = max(start or today, today)
        bars.append(
            _bar(at(begin), at((end or last) + timedelta(days=1)), "free" if end else "free open", gettext("Free"))
        )
    years = _years(first.year, last, at)
    return Timeline(bars, years, at(today))


def _bar(start: float, end: float, look: str, said: str) -> Bar:
    width = max(round(end - start, 3), 0.4)
    need = len(said) * LETTER_PX + INSET_PX
    fits = "narrow" if need <= width * NARROW_PX / 100 else "wide" if need <= width * WIDE_PX / 100 else ""
    return Bar(start, width, look, said, fits)


def _years(first: int, last: date, at: Callable[[date], float]) -> list[tuple[str, float]]:
    every = max(1, -(-(last.year - first + 1) // 6))
    return [(str(year), at(date(year, 1, 1))) for year in range(first, last.year + 1, every)]


def in_words(history: list[dict[str, Any]]) -> list[PeriodInWords]:
    """The periods in words, the latest first."""
    ordered = sorted(history, key=lambda each: each.get("starts_on") or each.get("ends_on") or "", reverse=True)
    return [
        PeriodInWords(
            _when(each),
            each.get("title") or _stood(each),
            each.get("what_came") or "",
            each.get("source") or "",
            each.get("href") or "",
        )
        for each in ordered
    ]


def _stood(period: dict[str, Any]) -> str:
    return gettext(Occupancy(period["occupancy"]).label)


def _when(period: dict[str, Any]) -> str:
    start, end = cards.day_of(period.get("starts_on")), cards.day_of(period.get("ends_on"))
    precision = period.get("precision") or "day"
    one, other = words.span_part(start, precision), words.span_part(end, precision)
    if start and end:
        if one == other:
            return one
        if precision == "month" and start.year == end.year:
            one = words.span_part(start, "month", year=False)
        return gettext("%(start)s to %(end)s", start=one, end=other)
    if start:
        return gettext("Since %(start)s", start=one)
    return gettext("Until %(end)s", end=other) if end else gettext("At a time not known")
