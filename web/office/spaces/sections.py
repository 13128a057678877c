"""The facts of a space in the order in which the office reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from tempuse.fields import grouped
from tempuse.spaces import FACILITIES, FIELDS, Space
from tempuse.vocabulary import SpaceKind
from web.office.spaces import fields
from web.presenters import labels

# The groups of fields in their order; which fields stand in each is said where they are declared.
_TITLES: Mapping[str, Any] = {
    "what": lazy_gettext("What it is"),
    "where": lazy_gettext("Where it is"),
    "size": lazy_gettext("How big it is"),
    "state": lazy_gettext("What state it is in"),
    "there": lazy_gettext("What is there"),
    "use": lazy_gettext("What one may do"),
    "when": lazy_gettext("When, and for how long"),
    "cost": lazy_gettext("What it costs"),
    "owner": lazy_gettext("The owner"),
    "office": lazy_gettext("For the office"),
}
_GROUPED = grouped(Space)
SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = tuple(
    (group, title, _GROUPED[group]) for group, title in _TITLES.items()
)

# What the form asks, where that is more than the field's name.
_QUESTIONS: Mapping[str, Any] = {
    "name": lazy_gettext("What do people call it?"),
    "occupancy": lazy_gettext("Does somebody use it?"),
    "ownership": lazy_gettext("Who owns it?"),
    "certainty": lazy_gettext("How sure are we of the facts?"),
    "cost_model": lazy_gettext("What does a user pay?"),
    "location_level": lazy_gettext("How precisely may the public see the place?"),
    "location_release_on": lazy_gettext("From when is the exact place public?"),
    "previous_use": lazy_gettext("What was it before?"),
    "owner_do_not_contact": lazy_gettext("The owner does not want to be contacted"),
}
_HINTS: Mapping[str, Any] = {
    "within_ref": lazy_gettext("For a unit: the reference of its building, like SP-0117."),
    "description": lazy_gettext("Everybody reads this. Write nothing that names a person."),
    "internal_note": lazy_gettext("Nobody outside the office sees this."),
    "geometry": lazy_gettext(
        "Click or draw on the map. Or paste it: 51.05, 3.72, the national coordinates, WKT or GeoJSON."
    ),
    "parcel_refs": lazy_gettext("The cadastre’s numbers, with commas between them."),
    "location_level": lazy_gettext("Empty: as the city’s settings say for this owner."),
    "plot_area_m2": lazy_gettext("Empty: measured from the outline on the map."),
    "storey": lazy_gettext("0 is the ground floor, -1 the cellar."),
    "vacant_since": lazy_gettext("The day since when it stands empty."),
    "checked_on": lazy_gettext("When somebody from the office was last there."),
    "rules": lazy_gettext("One rule a line, like: Quiet from 22:00. People live across the yard."),
    "fire_capacity_persons": lazy_gettext("How many people may be inside at once, as the fire service says."),
    "owner_name": lazy_gettext("Nobody outside the office sees who the owner is."),
    "consent": lazy_gettext("A privately owned space is public only when the owner allows it."),
    "source_licence": lazy_gettext("What the source allows others to do with its facts, like CC-BY 4.0."),
}
_UNITS: Mapping[str, Any] = {
    "m2": "m²", "cm": "m", "db": "dB", "kg_m2": "kg/m²", "persons": lazy_gettext("people"),
}  # fmt: skip
# Lists that are short enough to show whole.
_RADIOS = ("kind",)


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form: how it is drawn, what it says, what is in it."""

    name: str
    look: str
    label: str
    hint: str
    text: str
    error: str
    choices: list[tuple[str, ...]]
    unit: str = ""

    @property
    def chosen(self) -> list[str]:
        """The boxes that are ticked."""
        return [part.strip() for part in self.text.split(",") if part.strip()]


def inputs(texts: Mapping[str, str], errors: Mapping[str, str], currency: str) -> list[tuple[str, str, list[Input]]]:
    """The form's sections with their fields."""
    return [
        (key, str(title), [_input(name, texts.get(name, ""), errors.get(name, ""), currency) for name in names])
        for key, title, names in SECTIONS
    ]


def _input(name: str, text: str, error: str, currency: str) -> Input:
    about = FIELDS[name]
    choices: list[tuple[str, ...]] = []
    if about.get("of"):
        needs_empty = fields.FIELDS_DEFAULT.get(name) is None and about["kind"] == "choice"
        choices = labels.choices(
            about["of"], empty=gettext("Not known") if needs_empty else None, hints=name in _RADIOS
        )
    if name == "location_level":
        choices[0] = ("", gettext("As the settings say"))
    counted = about.get("unit", "")
    unit = currency if counted == "cents" else str(_UNITS.get(counted, ""))
    label = str(_QUESTIONS[name]) if name in _QUESTIONS else labels.label(name)
    return Input(
        name, _look(name, about["kind"], bool(choices)), label, str(_HINTS.get(name, "")), text, error, choices, unit
    )


def _look(name: str, kind: str, has_choices: bool) -> str:
    if name in _RADIOS:
        return "radios"
    if name == "geometry":
        return "place"
    if FIELDS[name].get("unit") == "days":
        return "term"
    if name == "owner_do_not_contact":
        return "tick"
    if kind == "list" and has_choices:
        return "checks"
    return {"choice": "select", "flag": "flag", "long": "long", "day": "day"}.get(kind, "line")


def facts(space: Space) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the register knows of a space, section by section; what nobody knows is left out."""
    found = []
    for key, title, names in SECTIONS:
        if key == "there":
            continue
        rows = [(labels.label(name), _told(name, space)) for name in names if name != "geometry"]
        if known := [(word, said) for word, said in rows if said]:
            found.append((key, str(title), known))
    return found


def _told(name: str, space: Space) -> str:
    value = getattr(space, name)
    if value in ("unknown", False) or (name == "name" and value):
        return ""
    if name == "plot_area_m2" and value and space.plot_area_measured:
        return gettext("%(area)s, measured on the map", area=labels.told(name, value))
    if name == "kind":
        return labels.term(SpaceKind, value)
    return labels.told(name, value)


def facilities(space: Space) -> list[tuple[str, str]]:
    """What is there: the answer, and the words that carry it."""
    found = []
    for name in FACILITIES:
        answer = {True: "yes", False: "no"}.get(getattr(space, name), "unknown")
        word = labels.label(name)
        said = {"yes": word, "no": gettext("%(thing)s: no", thing=word)}.get(
            answer, gettext("%(thing)s: not known", thing=word)
        )
        found.append((answer, said))
    return sorted(found, key=lambda pair: ("yes", "no", "unknown").index(pair[0]))
