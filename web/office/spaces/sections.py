"""The facts of a space in the order in which the office reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, EmailField, Field, StringField, TelField, TextAreaField

from tempuse.fields import grouped
from tempuse.spaces import EDITABLE, FACILITIES, FIELDS, Space
from tempuse.vocabulary import Facility, SpaceKind
from web import database
from web.office.names import SPACE_FIELD
from web.office.spaces import fields
from web.presenters import conditions, labels
from web.site.forms import Choice, Choices, Day, Duration, Flag

# The groups of fields in their order; which fields stand in each is said where they are declared.
_TITLES: Mapping[str, LazyString] = {
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
SECTIONS: tuple[tuple[str, LazyString, tuple[str, ...]], ...] = tuple(
    (group, title, _GROUPED[group]) for group, title in _TITLES.items()
)

# What the form asks, where that is more than the field's name.
_QUESTIONS: Mapping[str, LazyString] = {
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
_HINTS: Mapping[str, LazyString] = {
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
_UNITS: Mapping[str, str | LazyString] = {
    "m2": "m²", "cm": "m", "db": "dB", "kg_m2": "kg/m²", "persons": lazy_gettext("people"),
}  # fmt: skip
# Lists that are short enough to show whole.
_RADIOS = ("kind",)
# What needs no wide input.
_SHORT = ("postcode", "building_year", "storey", "within_ref")


def layout(fields_there: Sequence[str] = EDITABLE) -> list[tuple[str, str, tuple[str, ...]]]:
    """The sections with the fields that the form has in each; a field that no section names stands in the last."""
    named = {name for _, _, names in SECTIONS for name in names}
    left = tuple(name for name in fields_there if name not in named)
    last = len(SECTIONS) - 1
    return [(key, str(title), (*names, *(left if i == last else ()))) for i, (key, title, names) in enumerate(SECTIONS)]


def question(name: str) -> str:
    """What the form asks."""
    return str(_QUESTIONS[name]) if name in _QUESTIONS else labels.label(name)


def hint(name: str) -> str:
    """What helps to answer; empty where nothing is needed."""
    return str(_HINTS.get(name, ""))


def choices(name: str) -> list[tuple[str, ...]]:
    """The terms of a field that has some, with *Not known* where the register says nothing by itself."""
    about = FIELDS[name]
    if not about.get("of"):
        return []
    if name == "location_level":
        return labels.choices(about["of"], empty=gettext("As the settings say"))
    needs_empty = fields.FIELDS_DEFAULT.get(name) is None and about["kind"] == "choice"
    return labels.choices(about["of"], empty=gettext("Not known") if needs_empty else None, hints=name in _RADIOS)


def looks(name: str) -> dict[str, Any]:
    """How a field is drawn, as ``draw`` of ``_forms.html`` takes it."""
    counted = FIELDS[name].get("unit", "")
    unit = database.settings().currency if counted == "cents" else str(_UNITS.get(counted, ""))
    return {
        "unit": unit, "short": FIELDS[name]["kind"] == "day" or name in _SHORT,
        "rows": 2 if name == "geometry" else 4, "glyphs": name == "kind", "columns": FIELDS[name]["kind"] == "list",
    }  # fmt: skip


def input_of(name: str) -> tuple[type[Field], dict[str, Any]]:
    """The input for a field, by its kind, with what makes it. The form judges by itself, for only what was touched."""
    about = FIELDS[name]
    kind, has_terms = about["kind"], bool(about.get("of"))
    if has_terms and kind == "list":
        return Choices, {"choices": choices(name), "strict": False}
    if has_terms:
        look = "radios" if name in _RADIOS else "list"
        return Choice, {"choices": choices(name), "look": look, "strict": False}
    if kind == "flag":
        return (BooleanField if fields.is_tick(name) else Flag), {}
    if kind == "geometry":
        return TextAreaField, {"render_kw": {"spellcheck": "false"}}
    if name == "within_ref":
        return StringField, {"render_kw": SPACE_FIELD}
    if name == "address":
        return StringField, {"render_kw": {"data-addresses": "", "autocomplete": "off"}}
    if about.get("unit") == "days":
        return Duration, {}
    if kind == "day":
        return Day, {"strict": False}
    if kind == "long":
        return TextAreaField, {}
    special = {"owner_email": EmailField, "owner_phone": TelField}
    return special.get(name, StringField), {"render_kw": {"autocomplete": "off"}}


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
        word, each = labels.label(name), next(each for each in Facility if each == name)
        said = {"yes": word, "no": conditions.without(each)}.get(answer, gettext("%(thing)s: not known", thing=word))
        found.append((answer, said))
    return sorted(found, key=lambda pair: ("yes", "no", "unknown").index(pair[0]))
