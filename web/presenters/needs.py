"""What groups look for in words: what is asked of a space, where the search stands, what everybody reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.needs import Need, lapses_on, state_of
from tempuse.vocabulary import Facility, MetHow, NeedState, SpaceKind, Theme, UseCategory
from tempuse.wanted import Wanted
from web import database, words
from web.match import wording
from web.presenters import cards, labels

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
    found = [
        (wording.label(key), said) for key, said in wording.parts(wanted, near_label) if not wording.facility_of(key)
    ]
    must, nice = _facilities(wanted)
    there = [(gettext("Must be there"), words.several(must)), (gettext("Good to have"), words.several(nice))]
    return found + [(label, text) for label, text in there if text]


def _facilities(wanted: Wanted) -> tuple[list[str], list[str]]:
    must = [each for each in wanted.facilities if wanted.is_must(f"facility:{each}")]
    nice = [each for each in wanted.facilities if each not in must]
    return [labels.term(Facility, each) for each in must], [labels.term(Facility, each) for each in nice]


def _term(months: int | None) -> str:
    """For how long at least."""
    return ngettext("%(num)s month at least", "%(num)s months at least", months) if months else ""


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
    return of_values(shown["ref"], shown)


def of_values(ref: str, shown: Mapping[str, Any]) -> PublicNeed:
    """A need in words, of what may be read of it, by the names of ``publication.needs.NEED_SHOWN``."""
    opened = cards.day_of(shown.get("opened_on"))
    start = cards.day_of(f"{shown['starts_month']}-01") if shown.get("starts_month") else None
    there = [labels.term(Facility, each) for each in shown.get("facilities") or ()]
    uses = [labels.term(UseCategory, each) for each in shown.get("use_categories") or ()]
    facts = [
        (gettext("What for"), words.several(uses)),
        (gettext("What kind"), words.several([labels.term(SpaceKind, each) for each in shown.get("kinds") or ()])),
        (gettext("Size"), _band(shown.get("area_band_m2") or "")),
        (gettext("When"), gettext("From %(month)s", month=words.month(start)) if start else gettext("From today")),
        (gettext("For how long"), _term(shown.get("months"))),
        (gettext("Where"), words.several(shown.get("districts") or [])),
        (gettext("Must be there"), words.several(there)),
        (gettext("Themes"), words.several([labels.term(Theme, each) for each in shown.get("themes") or ()])),
    ]  # fmt: skip
    return PublicNeed(
        ref, shown.get("title") or "", shown.get("text") or "", shown.get("organisation") or "",
        [pair for pair in facts if pair[1]], words.day(opened) if opened else "", opened,
        url_for("public.needs", _anchor=ref),
    )  # fmt: skip


def _band(band: str) -> str:
    low, _, high = band.partition("-")
    if low and high:
        return gettext("%(low)s to %(high)s m²", low=words.figure(int(low)), high=words.figure(int(high)))
    return gettext("%(low)s m² or more", low=words.figure(int(low))) if low else ""
