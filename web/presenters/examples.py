"""A documented case of another town in words: what was done there and when, what came of it, who tells so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from tempuse.vocabulary import Occupancy
from web import database, words
from web.presenters import cards
from web.presenters.cards import Properties

# What a source begins with when it names a site.
_SITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(?=$|[,\s/])")


@dataclass(frozen=True, slots=True)
class Case:
    """A case in a list; ``town`` is where it lies."""

    ref: str
    title: str
    town: str
    when: str
    what: str
    came: str


def state() -> str:
    """What stands in the place of "free from today"."""
    return gettext("Example from another town")


def example(shown: Properties) -> Case:
    """A published space as an example."""
    past = _uses(shown)
    return Case(
        shown["ref"], cards.title(shown), str(shown.get("locality") or ""), say(shown),
        str(past[0].get("title") or "") if past else "", str(past[-1].get("what_came") or "") if past else "",
    )  # fmt: skip


def say(shown: Properties) -> str:
    """The one sentence, about what was: people used it from 2010 to 2015."""
    if past := _uses(shown):
        first, last, goes_on = _span(past)
        if first and goes_on:
            return gettext("People have used it for a time since %(start)s.", start=first)
        if first and last and first != last:
            return gettext("People used it for a time from %(start)s to %(end)s.", start=first, end=last)
        if first or last:
            return gettext("People used it for a time in %(year)s.", year=first or last)
        return gettext("People used it for a time.")
    return gettext("Nobody was let in for a time here. It is told so that others do otherwise.")


def _uses(shown: Properties) -> list[dict[str, Any]]:
    """The temporary uses of its past, the earliest first."""
    past = [each for each in shown.get("history") or [] if each["occupancy"] == Occupancy.TEMPORARY_USE]
    return sorted(past, key=lambda each: str(each.get("starts_on") or ""))


def _span(past: list[dict[str, Any]]) -> tuple[str, str, bool]:
    """The first and the last year, and whether it goes on."""
    starts = [day for each in past if (day := cards.day_of(each.get("starts_on")))]
    ends = [cards.day_of(each.get("ends_on")) for each in past]
    known = [day for day in ends if day]
    goes_on = any(day is None or day >= database.today() for day in ends)
    return _year(min(starts, default=None)), _year(max(known, default=None)), goes_on


def _year(day: date | None) -> str:
    return words.span_part(day, "year") if day else ""


def sources(shown: Properties) -> list[tuple[str, str]]:
    """Who tells of it: words, and the address of the site that they begin with, empty where they name none."""
    parts = [part.strip() for part in str(shown.get("source") or "").split(";")]
    return [(part, f"https://{site[0]}/" if (site := _SITE.match(part)) else "") for part in parts if part]
