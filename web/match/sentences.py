"""Why a space fits or not: one sentence for each criterion, said with what the space's page shows and no more."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, ngettext

from tempuse import week
from tempuse.matching import Reason
from tempuse.vocabulary import Condition, Contamination, SpaceKind, Surroundings, Theme, UseCategory
from tempuse.wanted import Wanted
from web import words
from web.match import costs, wording
from web.presenters import cards, labels
from web.presenters.cards import Properties

Say = Callable[[Properties, Wanted, Reason], str]


def say(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    """The sentence of one reason.

    Args:
        shown: the published feature's properties: the only source of what is said of the space.
        wanted: the question.
        reason: what the matching found.
    """
    facility = wording.facility_of(reason.key)
    if facility is not None:
        return _facility(reason, shown)
    return _SAYS[reason.key](shown, wanted, reason)


def _listed(values: object, kind: Any) -> str:
    names = [
        words.lower_first(labels.term(kind, each)) for each in (values if isinstance(values, (list, tuple)) else ())
    ]
    return words.several(names)


def _use(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    suits = _listed(shown.get("suitable_uses"), UseCategory)
    asked = wording.asked(wanted, "use")
    excluded = set(wanted.uses) & set(shown.get("excluded_uses") or ())
    if reason.state == "not" or (excluded and reason.state != "met"):
        return gettext("The owner does not want this here: %(what)s.", what=asked)
    if reason.state == "met":
        both = [use for use in wanted.uses if use in (shown.get("suitable_uses") or ())]
        return gettext("Suited to: %(what)s.", what=_listed(both, UseCategory))
    if not suits:
        return gettext("Nobody has said what it suits.")
    return gettext("Suited to: %(these)s. Perhaps also to: %(what)s; ask.", these=suits, what=asked)


def _kind(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    kind = labels.term(SpaceKind, shown["kind"])
    if reason.state == "met":
        return f"{kind}."
    return gettext("%(kind)s; you asked for: %(asked)s.", kind=kind, asked=wording.asked(wanted, "kind"))


def _size(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    size, asked = cards.size(shown), wording.area(wanted)
    if not size:
        return gettext("Nobody has measured it.")
    size = size[:1].upper() + size[1:]
    if shown.get("area_band_m2"):
        if reason.state == "met":
            return gettext("%(size)s. You asked for %(asked)s.", size=size, asked=asked)
        return gettext("%(size)s: ask for the exact size. You asked for %(asked)s.", size=size, asked=asked)
    least, most = wanted.area_least_m2, wanted.area_most_m2
    area = reason.values.get("area_low")
    if area is not None and least is not None and area < least:
        return gettext("%(size)s, %(less)s less than you asked for.", size=size, less=_less(least - area))
    if area is not None and most is not None and area > most:
        if reason.state == "not":
            return gettext("%(size)s, far larger than you asked for.", size=size)
        return gettext("%(size)s, %(more)s more than you asked for.", size=size, more=_less(area - most))
    return gettext("%(size)s. You asked for %(asked)s.", size=size, asked=asked)


def _less(area: float) -> str:
    return words.square_metres(math.ceil(area * 10) / 10 if area < 10 else math.ceil(area))


def _start(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    day = cards.free_from(shown)
    if reason.values["open"]:
        return gettext("In use; nobody has said until when.")
    if day is None or reason.values["last"] is None:
        until = cards.day_of(shown.get("available_until"))
        if until is not None:
            return gettext("Free from today until %(day)s.", day=words.day(until))
        return gettext("Free from today.")
    last = wanted.last_start
    if reason.state == "met" or last is None or day <= last:
        return gettext("Free from %(day)s.", day=words.day(day))
    if reason.state == "open":
        return gettext("Free from %(day)s at the latest: ask for the day.", day=words.day(day))
    late = words.duration((day - last).days)
    return gettext("Free from %(day)s, %(late)s later than you need.", day=words.day(day), late=late)


def _term(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    until, longest = cards.day_of(shown.get("available_until")), shown.get("longest_term_days")
    least = reason.values["days_want"]
    if reason.state == "met":
        if until is None and longest is None:
            return gettext("For as long as you asked; no end is named.")
        return gettext("For as long as you asked.")
    if reason.state == "open":
        return gettext("Nobody has said for how long.")
    if (shortest := shown.get("shortest_term_days")) and least is not None and shortest > least:
        return gettext("For %(shortest)s at least; you asked for less.", shortest=words.duration(shortest))
    have = reason.values.get("days_have")
    if have is None or least is None:
        return gettext("Shorter than you asked for.")
    said, whole = words.duration(int(have)), words.duration(least)
    if said == whole:  # a few days too short
        said, whole = (ngettext("%(num)s day", "%(num)s days", days) for days in (int(have), least))
    return gettext("For %(have)s of your %(asked)s.", have=said, asked=whole)


def _hours(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    taken = int(reason.values.get("taken") or 0)
    if reason.state == "open":
        return gettext("Shared with a group; ask for its hours.")
    if reason.state == "met":
        if wanted.hours:
            return gettext("Nobody else is there: %(hours)s.", hours=wording.hours(wanted.hours))
        return gettext("You have it all the time.")
    met = taken & (wanted.hours or week.ALL)
    return gettext("Others have it: %(hours)s.", hours=wording.hours(met or taken))


def _place(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    low, high, within = (reason.values[name] for name in ("low_m", "high_m", "within_m"))
    district = shown.get("district")
    if reason.values["in_district"] and district:
        return gettext("In %(district)s.", district=district)
    if within is None and district:
        return gettext("In %(district)s; you asked for: %(asked)s.", district=district, asked=wording.place(wanted))
    if low is None or high is None:
        if district:
            return gettext("In %(district)s; more is not shown.", district=district)
        return gettext("Nobody shows where it is: ask.")
    if high - low > 1:
        near, far = wording.distance(low), wording.distance(high)
        return gettext("Between %(near)s and %(far)s away: only its area is shown.", near=near, far=far)
    away = wording.distance(low)
    if low <= within:
        return gettext("%(distance)s away.", distance=away)
    if reason.state == "not":
        return gettext("%(distance)s away, more than twice as far as you wanted.", distance=away)
    farther = wording.distance(math.ceil((low - within) / 100) * 100)
    return gettext("%(distance)s away, %(farther)s farther than you wanted.", distance=away, farther=farther)


def _facility(reason: Reason, shown: Properties) -> str:
    step = shown.get("highest_step_cm")
    if reason.key == "facility:step_free_access" and reason.state != "met" and step:
        return gettext("One step of %(height)s cm or more of them.", height=step)
    if reason.state == "met":
        return gettext("Yes.")
    return gettext("No.") if reason.state == "not" else gettext("Not known yet.")


def _measure(name: str, asked: Callable[[Wanted], int | None], unit: Callable[[float], str]) -> Say:
    """A measure that should not be less than one that is asked."""

    def told(shown: Properties, wanted: Wanted, reason: Reason) -> str:
        value, needed = shown.get(name), asked(wanted) or 0
        if value is None:
            return gettext("Nobody has measured it.")
        if value >= needed:
            return gettext("%(value)s.", value=unit(value))
        return gettext("%(value)s; you need %(needed)s.", value=unit(value), needed=unit(needed))

    return told


def _persons(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    most, asked = shown.get("fire_capacity_persons"), wanted.persons or 0
    if most is None:
        return gettext("How many people may be in it is not known.")
    if most >= asked:
        return gettext("%(most)s people may be in it.", most=words.figure(most))
    return gettext("%(most)s of your %(asked)s people.", most=words.figure(most), asked=words.figure(asked))


def _noise(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    limit, made = shown.get("noise_limit_db"), wanted.noise_db or 0
    if limit is None:
        return (
            gettext("So quiet is right everywhere.")
            if reason.state == "met"
            else gettext("No noise limit is known: ask.")
        )
    if reason.state == "met":
        return gettext("Up to %(limit)s dB; you make about %(made)s.", limit=limit, made=made)
    if reason.state == "partly":
        return gettext("Up to %(limit)s dB: quieter tools, or other hours.", limit=limit)
    return gettext("Only quieter uses: %(limit)s dB at most.", limit=limit)


def _quiet(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    around = shown.get("surroundings")
    said = {
        Surroundings.QUIET.value: gettext("A quiet place."), Surroundings.LIVELY.value: gettext("Lively around."),
        Surroundings.LOUD.value: gettext("Loud around."),
    }  # fmt: skip
    return said.get(str(around), gettext("Nobody has said how quiet it is."))


def _condition(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    value = shown.get("condition")
    if not value or value in (Condition.UNKNOWN, Condition.OTHER):
        return gettext("Nobody has looked at its state.")
    if value == Condition.NOT_APPLICABLE or shown["kind"] == SpaceKind.PLOT:
        return gettext("A plot; nothing to repair.")
    return gettext(Condition(value).definition)


def _soil(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    value = shown.get("contamination")
    if not value or value == Contamination.UNKNOWN:
        return gettext("Nobody has examined the soil, or it is not shown.")
    if value in (Contamination.SUSPECTED, Contamination.CONFIRMED):
        return gettext("Harmful substances: raised beds only, ask.")
    return gettext(Contamination(value).definition)


def _terms(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    said = []
    if shown.get("registered_only") and wanted.group != "registered":
        said.append(gettext("The owner wants a registered group; a guarantor may do."))
    if shown.get("insurance_required") and wanted.insured is not True:
        said.append(
            gettext("Are you insured? The owner wants it.")
            if wanted.insured is None
            else gettext("The owner wants liability insurance.")
        )
    return " ".join(said) or gettext("You meet the owner’s terms.")


def _wishes(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    favoured = shown.get("favoured_themes") or ()
    both = [theme for theme in wanted.themes if theme in favoured]
    if both:
        return gettext("The owner looks for %(what)s: that is you.", what=_listed(both, Theme))
    if favoured:
        return gettext("The owner hoped for %(what)s.", what=_listed(favoured, Theme))
    if shown.get("wants_public_access") and wanted.gives_public_access is not None:
        if wanted.gives_public_access:
            return gettext("The owner wants it open to everybody, as you do.")
        return gettext("The owner hoped that it would be open to everybody.")
    return gettext("The owner named no wish.")


_SAYS: Mapping[str, Say] = {
    "use": _use, "kind": _kind, "size": _size, "start": _start, "term": _term, "hours": _hours, "place": _place,
    "cost": costs.monthly, "start_money": costs.at_the_start,
    "ceiling": _measure("ceiling_height_cm", lambda wanted: wanted.ceiling_cm, words.metres),
    "door": _measure("door_width_cm", lambda wanted: wanted.door_cm, words.metres),
    "floor_load": _measure(
        "floor_load_kg_m2", lambda wanted: wanted.floor_load_kg_m2, lambda value: f"{words.figure(value)} kg/m²"
    ),
    "persons": _persons, "noise": _noise, "quiet": _quiet, "condition": _condition, "soil": _soil, "terms": _terms,
    "wishes": _wishes,
}  # fmt: skip
