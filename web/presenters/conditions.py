"""The terms of a published space, as sentences of its page: uses, costs, facilities, rules, sources."""

from __future__ import annotations

from flask_babel import gettext, ngettext
from markupsafe import Markup

from tempuse.vocabulary import (
    Certainty,
    Contamination,
    Facility,
    Heritage,
    LocationLevel,
    Ownership,
    PlacedBy,
    SpaceKind,
    UseCategory,
)
from web import database, words
from web.presenters import cards, labels
from web.presenters.cards import Properties


def uses(shown: Properties) -> list[Markup]:
    """What one may do in a space."""
    found = []
    if given := shown.get("suitable_uses"):
        listed = words.several([_lower(labels.term(UseCategory, use), i) for i, use in enumerate(given)])
        found.append(Markup("{}.").format(listed))
    persons = shown.get("fire_capacity_persons")
    if persons:
        many = ngettext("%(n)s person", "%(n)s people", persons, n=words.figure(persons))
        found.append(
            Markup(gettext("Up to %(people)s at once.")) % {"people": Markup("<strong>{}</strong>").format(many)}
        )
    return found


def _lower(label: str, position: int) -> str:
    return label if position == 0 else label[:1].lower() + label[1:]


def costs(shown: Properties) -> list[Markup]:
    """What a space costs: the amount, running costs, winter apart, deposit."""
    found: list[Markup] = []
    line = cards.cost(shown)
    month, winter = shown.get("running_cost_month_cents"), shown.get("running_cost_winter_cents")
    if shown.get("cost_cents"):
        found.append(_strong(gettext("%(amount)s rent."), line))
    elif month:
        about = gettext("About %(amount)s a month", amount=words.money(month))
        found.append(_strong(gettext("%(amount)s for power and water."), about))
        if shown.get("cost_model") in ("free", "running_costs"):
            found.append(Markup("{}").format(gettext("There is no rent.")))
    elif line:
        found.append(_strong("%(amount)s.", line))
    if month and shown.get("cost_cents"):
        found.append(
            Markup("{}").format(gettext("Running costs are about %(amount)s a month.", amount=words.money(month)))
        )
    if winter and winter != month:
        found.append(
            Markup("{}").format(gettext("In winter reckon with %(amount)s a month.", amount=words.money(winter)))
        )
    if deposit := shown.get("deposit_cents"):
        said = gettext("You leave a deposit of %(amount)s and get it back with the keys.", amount=words.money(deposit))
        found.append(Markup("{}").format(said))
    return found


def _strong(sentence: str, amount: str) -> Markup:
    return Markup(sentence) % {"amount": Markup("<strong>{}</strong>").format(amount)}


def facilities(shown: Properties) -> list[tuple[str, str]]:
    """What is there: answers with their words; those nobody knows come last, and only the usual ones."""
    known, unknown = [], []
    usual = {
        Facility.POWER,
        Facility.WATER,
        Facility.HEATING,
        Facility.TOILETS,
        Facility.STEP_FREE_ACCESS,
        Facility.INTERNET,
    }
    for each in Facility:
        answer = shown.get(each)
        label = gettext(each.label)
        if answer is None:
            if each in usual and not (
                shown["kind"] == SpaceKind.PLOT and each in (Facility.HEATING, Facility.INTERNET)
            ):
                unknown.append(("unknown", gettext("%(thing)s: not known", thing=label)))
        elif answer:
            known.append(("yes", _with_measure(each, label, shown)))
        else:
            known.append(("no", without(each)))
    if shown.get("door_width_cm") and not shown.get(Facility.LOADING_ACCESS):
        known.append(("yes", gettext("Door, %(width)s wide", width=words.metres(shown["door_width_cm"]))))
    return sorted(known, key=lambda pair: pair[0] != "yes") + unknown


def _with_measure(each: Facility, label: str, shown: Properties) -> str:
    if each == Facility.LOADING_ACCESS and shown.get("door_width_cm"):
        return gettext("Loading door, %(width)s wide", width=words.metres(shown["door_width_cm"]))
    return label


def without(each: Facility) -> str:
    """What is said where it is not there."""
    if each == Facility.STEP_FREE_ACCESS:
        return gettext("Steps at the door")
    return gettext("No %(thing)s", thing=words.in_sentence(each))


def respect(shown: Properties) -> list[tuple[str, str]]:
    """What one must respect: the rule in bold, and why."""
    found = []
    for line in (shown.get("rules") or "").splitlines():
        if line.strip():
            first, stop, rest = line.strip().partition(". ")
            # A single long sentence is no headline.
            found.append((first + stop.strip(), rest) if stop or len(first) < 40 else ("", first))
    if noise := shown.get("noise_limit_db"):
        found.append((gettext("Not louder than %(limit)s dB.", limit=noise), ""))
    if shown.get("heritage") in (Heritage.LISTED, Heritage.OF_INTEREST):
        listed = shown["heritage"] == Heritage.LISTED
        why = gettext("It is listed.") if listed else gettext("The building is worth keeping.")
        found.append((gettext("Ask before you change or fix anything."), why))
    if shown.get("contamination") in (Contamination.SUSPECTED, Contamination.CONFIRMED):
        sure = shown["contamination"] == Contamination.CONFIRMED
        why = gettext("Harmful substances were found.") if sure else gettext("There may be harmful substances.")
        found.append((gettext("Do not dig."), why))
    if load := shown.get("floor_load_kg_m2"):
        found.append((gettext("The floor carries %(load)s kg per m².", load=words.figure(load)), ""))
    return found


def _owner(shown: Properties) -> str:
    return {
        Ownership.MUNICIPALITY.value: gettext("The city owns it."),
        Ownership.PUBLIC_BODY.value: gettext("A public body owns it."),
        Ownership.COMPANY.value: gettext("A company owns it."),
        Ownership.PRIVATE_PERSON.value: gettext("A private person owns it."),
        Ownership.ASSOCIATION.value: gettext("An association owns it."),
        Ownership.MIXED.value: gettext("Several owners share it."),
    }.get(shown.get("ownership", ""), "")


def sources(shown: Properties) -> list[Markup]:
    """Where the facts come from, how old they are, how sure."""
    found = [Markup("{}").format(_owner(shown))] if _owner(shown) else []
    if checked := cards.day_of(shown.get("checked_on")):
        said = Markup("<strong>{}</strong>").format(words.day(checked, year=True))
        found.append(Markup(gettext("Somebody from the city looked at it on %(day)s.")) % {"day": said})
    if source := shown.get("source"):
        found.append(Markup("{}").format(gettext("The facts come from “%(source)s”.", source=source)))
    if shown.get("certainty") == Certainty.UNCERTAIN:
        found.append(Markup("{}").format(gettext("They are not certain: the sources differ, or are hearsay.")))
    if shown.get("placed_by") == PlacedBy.ESTIMATE and shown["location_level"] == LocationLevel.EXACT:
        found.append(Markup("{}").format(gettext("Its place on the map is approximate.")))
    if licence := shown.get("source_licence") or database.settings().licence:
        found.append(Markup("{}").format(gettext("Licence: %(licence)s.", licence=licence)))
    return found
