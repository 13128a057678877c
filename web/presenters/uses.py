"""A published use in words: what it is called, when it is, what came after. Reads only published properties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import dates
from flask import url_for
from flask_babel import gettext, ngettext

from tempuse.store import published
from tempuse.vocabulary import LocationLevel, Outcome, UseCategory, UseState
from web import database, words
from web.presenters import cards, labels

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class UsePlace:
    """A space of a use: what it is called, and its page."""

    ref: str
    title: str
    href: str


def title(shown: cards.Properties) -> str:
    """What a use is called; where that is not shown, what it is for."""
    if shown.get("title"):
        return str(shown["title"])
    what = for_what(shown) or gettext("Temporary use")
    return gettext("%(what)s in %(district)s", what=what, district=shown["district"]) if shown.get("district") else what


def for_what(shown: cards.Properties) -> str:
    """What a use is for, in words."""
    return ", ".join(labels.term(UseCategory, each) for each in shown.get("use_categories") or ())


def state(shown: cards.Properties) -> str:
    """Where it stands today: to come, running until a day, over."""
    last, first = cards.day_of(shown.get("ends_on")), cards.day_of(shown.get("starts_on"))
    if shown["state"] == UseState.RUNNING:
        return gettext("Running until %(day)s", day=words.day(last, year=True)) if last else gettext("Running")
    if shown["state"] == UseState.COMING:
        return gettext("From %(day)s", day=words.day(first, year=True)) if first else gettext("To come")
    return gettext("Over since %(day)s", day=words.day(last, year=True)) if last else gettext("Over")


def when(shown: cards.Properties) -> str:
    """From when to when; the years alone where the days are not shown."""
    first, last = cards.day_of(shown.get("starts_on")), cards.day_of(shown.get("ends_on"))
    one = words.day(first, year=True) if first else str(shown.get("start_year") or "")
    other = words.day(last, year=True) if last else str(shown.get("end_year") or "")
    if one and other and one != other:
        return gettext("%(start)s to %(end)s", start=one, end=other)
    return one or other


def hours(shown: cards.Properties) -> list[str]:
    """At which times, a sentence for each; nothing where it is all day."""
    said = [_hours(each) for each in shown.get("hours") or ()]
    if shown.get("season_from") and shown.get("season_until"):
        values = {"start": _season(shown["season_from"]), "end": _season(shown["season_until"])}
        said.append(gettext("Each year from %(start)s to %(end)s.", **values))
    for name, sentence in (("except_on", gettext("Not on %(days)s.")), ("extra_on", gettext("Also on %(days)s."))):
        if days := [words.day(each, year=True) for each in shown.get(name) or ()]:
            said.append(sentence % {"days": words.several(days)})
    return said


def _hours(each: dict[str, Any]) -> str:
    named = dates.get_day_names("wide", locale=words.locale())
    days = words.several([named[_WEEKDAYS.index(day)] for day in each["weekdays"]])
    values = {"days": days, "start": each["from"], "end": each["until"]}
    weeks, nth = each.get("every_weeks", 1), each.get("nth_in_month")
    if nth == -1:
        return gettext("The last %(days)s of each month, %(start)s to %(end)s.", **values)
    if nth:
        which = (gettext("first"), gettext("second"), gettext("third"), gettext("fourth"))[nth - 1]
        return gettext("The %(which)s %(days)s of each month, %(start)s to %(end)s.", which=which, **values)
    if weeks > 1:
        return gettext("%(days)s every %(weeks)s weeks, %(start)s to %(end)s.", weeks=words.spelled(weeks), **values)
    if len(each["weekdays"]) == len(_WEEKDAYS):
        return gettext("Every day, %(start)s to %(end)s.", **values)
    return gettext("%(days)s, %(start)s to %(end)s.", **values)


def _season(written: str) -> str:
    month, day = (int(part) for part in written.split("-"))
    return dates.format_date(date(2024, month, day), "d MMMM", locale=words.locale())


def after(shown: cards.Properties) -> tuple[str, UsePlace | None]:
    """What came after, and the space that it moved to where that may be known."""
    outcome = shown.get("outcome")
    said = gettext(Outcome(outcome).definition) if outcome in set(Outcome) else ""
    moved = places([shown["moved_to_ref"]]) if shown.get("moved_to_ref") else []
    return said, moved[0] if moved else None


def places(refs: list[str]) -> list[UsePlace]:
    """The spaces of these refs that the public sees, each with its name and its page."""
    found = []
    for ref in refs:
        if text := published.feature(database.connection(), "spaces", ref):
            shown = cards.of_feature(text)
            named = cards.title(shown) if shown.get("location_level") else ref
            found.append(UsePlace(ref, named, url_for("public.space", ref=ref)))
    return found


def why_coarse(shown: cards.Properties) -> str:
    """Why so little is told, empty where everything is."""
    if shown["location_level"] == LocationLevel.EXACT:
        return ""
    return gettext("Its place is not public. So neither its name nor its days are told here.")


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use in a list."""

    ref: str
    href: str
    title: str
    state: str
    meta: str
    outlook: str


_OUTLOOKS = {UseState.RUNNING.value: "used", UseState.COMING.value: "free", UseState.ENDED.value: "shut"}


def row(text: str) -> UseRow:
    """A published use as a row of a list."""
    shown = cards.of_feature(text)
    parts = [shown.get("organisation") or "", for_what(shown) if shown.get("title") else "", when(shown)]
    if shown.get("district") and shown.get("title"):
        parts.insert(2, shown["district"])
    return UseRow(
        shown["ref"], url_for("public.use", ref=shown["ref"]), title(shown), state(shown),
        ", ".join(part for part in parts if part), _OUTLOOKS[shown["state"]],
    )  # fmt: skip


def of_space(shown: cards.Properties) -> list[cards.Properties]:
    """The uses that a space's row names, as they are published, the latest first."""
    con, found = database.connection(), []
    for ref in shown.get("use_refs") or ():
        if text := published.feature(con, "uses", ref):
            found.append(cards.of_feature(text))
    return found


def history(uses: list[cards.Properties]) -> list[dict[str, Any]]:
    """Uses as stretches of a space's past, as its timeline draws them and its words tell them."""
    return [
        {
            "starts_on": each.get("starts_on"), "ends_on": each.get("ends_on"), "precision": "day",
            "occupancy": "temporary_use", "title": title(each), "what_came": after(each)[0],
            "href": url_for("public.use", ref=each["ref"]), "is_part": bool(each.get("hours")),
        }
        for each in uses
    ]  # fmt: skip


def count_words(number: int, state_: str) -> str:
    """The heading of a list of uses."""
    shown = words.figure(number)
    return {
        UseState.RUNNING.value: ngettext("%(n)s use is running", "%(n)s uses are running", number, n=shown),
        UseState.COMING.value: ngettext("%(n)s use is to come", "%(n)s uses are to come", number, n=shown),
        UseState.ENDED.value: ngettext("%(n)s use is over", "%(n)s uses are over", number, n=shown),
    }[state_]
