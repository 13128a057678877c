"""What groups look for in words: what is asked of a space, where the search stands, what everybody reads of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel import dates
from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse import week
from tempuse.needs import Need, lapses_on, state_of
from tempuse.vocabulary import Facility, MetHow, NeedState, SpaceKind, Theme, UseCategory, Works
from tempuse.wanted import Wanted
from web import database, words
from web.presenters import cards, labels
from web.search import query

_SAID = {
    NeedState.DRAFT: lazy_gettext("It is not sent yet: the e-mail address is to be confirmed."),
    NeedState.WAITING: lazy_gettext("The group looks for a space."),
    NeedState.WITHDRAWN: lazy_gettext("The group looks no more."),
}


def state(need: Need) -> str:
    """Where the search stands today, in a sentence."""
    settings = database.settings()
    stands = state_of(need, settings, database.today())
    if stands is NeedState.ASKED:
        day = words.day(lapses_on(need, settings))
        return gettext("Does the group still look? Without an answer it leaves the lists on %(day)s.", day=day)
    if stands is NeedState.LAPSED:
        return gettext("Nothing was heard for a long time: it is in no list any more. One press brings it back.")
    if stands is NeedState.MET:
        how = labels.term(MetHow, need.met_how)
        return gettext("It is over: %(how)s.", how=words.lower_first(how)) if how else gettext("It is over.")
    return str(_SAID[stands])


def since(need: Need) -> str:
    """Since when the group looks, and when it said so last."""
    if need.opened_at is None or need.confirmed_on is None:
        return ""
    opened = database.settings().today(need.opened_at)
    said = gettext("Since %(day)s.", day=words.day(opened))
    if need.confirmed_on > opened:
        said += " " + gettext("Said so last on %(day)s.", day=words.day(need.confirmed_on))
    return said


def asked(wanted: Wanted, near_label: str | None = None) -> list[tuple[str, str]]:
    """What is asked of a space: pairs of what it is about and what is asked; nothing for what nobody asked."""
    must, nice = _facilities(wanted)
    found = [
        (gettext("What for"), words.several([labels.term(UseCategory, each) for each in wanted.uses])),
        (gettext("What kind"), words.several([labels.term(SpaceKind, each) for each in wanted.kinds])),
        (gettext("Size"), _size(wanted)),
        (gettext("People"), words.figure(wanted.persons) if wanted.persons else ""),
        (gettext("When"), when(wanted)),
        (gettext("For how long"), term(wanted.term_months, wanted.term_days)),
        (gettext("Hours"), ", ".join(_hours(wanted.hours))),
        (gettext("Where"), _where(wanted, near_label)),
        (gettext("Must be there"), words.several(must)),
        (gettext("Good to have"), words.several(nice)),
        (gettext("Measures"), ", ".join(_measures(wanted))),
        (gettext("Can pay a month"), words.money(wanted.budget_month_cents)),
        (gettext("Can pay at the start"), words.money(wanted.budget_start_cents)),
        (gettext("Repairs by the group"), labels.term(Works, wanted.works)),
        (gettext("Themes"), words.several([labels.term(Theme, each) for each in wanted.themes])),
    ]
    return [(label, text) for label, text in found if text]


def _facilities(wanted: Wanted) -> tuple[list[str], list[str]]:
    must = [each for each in wanted.facilities if wanted.is_must(f"facility:{each}")]
    nice = [each for each in wanted.facilities if each not in must]
    return [labels.term(Facility, each) for each in must], [labels.term(Facility, each) for each in nice]


def _size(wanted: Wanted) -> str:
    least, most = wanted.area_least_m2, wanted.area_most_m2
    if least and most:
        return gettext("%(low)s to %(high)s m²", low=words.figure(least), high=words.figure(most))
    if least:
        return gettext("%(low)s m² or more", low=words.figure(least))
    return gettext("Up to %(high)s m²", high=words.figure(most)) if most else ""


def when(wanted: Wanted) -> str:
    """From which day, and until when it must have begun."""
    first, last = wanted.starts_on, wanted.starts_by
    if first and last and first != last:
        return gettext("%(first)s, by %(last)s at the latest", first=words.day(first), last=words.day(last))
    if last and not first:
        return gettext("By %(last)s at the latest", last=words.day(last))
    return gettext("From %(day)s", day=words.day(first)) if first else gettext("From today")


def term(months: int | None, days: int | None = None) -> str:
    """For how long at least."""
    if months:
        return ngettext("%(num)s month at least", "%(num)s months at least", months)
    return ngettext("%(num)s day at least", "%(num)s days at least", days) if days else ""


def _hours(bits: int) -> list[str]:
    named = dates.get_day_names("abbreviated", locale=words.locale())
    return [f"{named[day]} {first}\u2013{last}" for day, first, last in week.stretches(bits)]


def _where(wanted: Wanted, near_label: str | None) -> str:
    found = [query.district_name(ref) for ref in wanted.districts]
    if wanted.near is not None and wanted.within_m:
        far = words.figure(wanted.within_m / 1000, 1)
        label = near_label or gettext("a place on the map")
        found.append(gettext("within %(far)s km of %(place)s", far=far, place=label))
    return ", ".join(found) or gettext("anywhere")


def _measures(wanted: Wanted) -> list[str]:
    found = []
    if wanted.ceiling_cm:
        found.append(gettext("%(high)s high", high=words.metres(wanted.ceiling_cm)))
    if wanted.door_cm:
        found.append(gettext("a door of %(wide)s", wide=words.metres(wanted.door_cm)))
    if wanted.floor_load_kg_m2:
        found.append(gettext("bears %(load)s kg/m²", load=words.figure(wanted.floor_load_kg_m2)))
    if wanted.noise_db:
        found.append(gettext("up to %(noise)s dB", noise=words.figure(wanted.noise_db)))
    return found


# ---- as everybody reads it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicNeed:
    """What everybody reads of a need, in words."""

    ref: str
    title: str
    text: str
    group: str
    facts: list[tuple[str, str]]
    since: str
    opened_on: date | None
    href: str


def published(text: str) -> PublicNeed:
    """A published need in words; of the feature alone."""
    shown = cards.of_feature(text)
    opened = cards.day_of(shown.get("opened_on"))
    start = cards.day_of(f"{shown['starts_month']}-01") if shown.get("starts_month") else None
    there = [labels.term(Facility, each) for each in shown.get("facilities") or ()]
    facts = [
        (gettext("What for"), words.several([labels.term(UseCategory, each) for each in shown["use_categories"]])),
        (gettext("What kind"), words.several([labels.term(SpaceKind, each) for each in shown.get("kinds") or ()])),
        (gettext("Size"), _band(shown.get("area_band_m2") or "")),
        (gettext("When"), gettext("From %(month)s", month=words.month(start)) if start else gettext("From today")),
        (gettext("For how long"), term(shown.get("months"))),
        (gettext("Where"), words.several(shown.get("districts") or [])),
        (gettext("Must be there"), words.several(there)),
        (gettext("Themes"), words.several([labels.term(Theme, each) for each in shown.get("themes") or ()])),
    ]  # fmt: skip
    return PublicNeed(
        shown["ref"], shown["title"], shown["text"], shown.get("organisation") or "",
        [pair for pair in facts if pair[1]], words.day(opened) if opened else "", opened,
        url_for("public.needs", _anchor=shown["ref"]),
    )  # fmt: skip


def _band(band: str) -> str:
    low, _, high = band.partition("-")
    if low and high:
        return gettext("%(low)s to %(high)s m²", low=words.figure(int(low)), high=words.figure(int(high)))
    return gettext("%(low)s m² or more", low=words.figure(int(low))) if low else ""
