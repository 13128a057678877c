"""What a column of somebody's list may be taken for, in plain words and in groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse import fields
from tempuse.io.crosswalk import NOT, TARGETS, kind_of
from tempuse.spaces import FACILITIES, FIELDS, Space
from tempuse.vocabulary import Term
from web.presenters import labels

# Fields that are not named here stand at the end of the group that is named for theirs in _GROUP.
_ORDER: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (lazy_gettext("What it is"), (
        "name", "kind", "description", "occupancy", "vacant_since", "condition", "building_year", "storey",
        "previous_use", "suitable_uses", "rules",
    )),
    (lazy_gettext("Its address"), (
        "address", "street", "house_number", "suffix", "box", "postcode", "locality", "parcel_refs",
    )),
    (lazy_gettext("Where it is"), (
        "lon", "lat", "latlon", "x", "y", "easting", "northing", "wkt", "crs", "lon2", "lat2", "wkt2",
    )),
    (lazy_gettext("How big"), (
        "floor_area_m2", "plot_area_m2", "ceiling_height_cm", "door_width_cm", "fire_capacity_persons",
        "floor_load_kg_m2",
    )),
    (lazy_gettext("What is there"), FACILITIES),
    (lazy_gettext("What must be respected"), ("heritage", "contamination", "noise_limit_db")),
    (lazy_gettext("When, and for how much"), (
        "available_from", "available_until", "shortest_term_days", "longest_term_days", "cost_model", "cost_cents",
        "cost_period", "running_cost_month_cents", "running_cost_winter_cents", "deposit_cents",
    )),
    (lazy_gettext("Whose it is, and the owner’s word"), (
        "ownership", "owner_name", "owner_email", "owner_phone", "owner_do_not_contact", "consent", "consent_on",
    )),
    (lazy_gettext("Who may see it"), (
        "withhold", "location_level", "location_release_on", "status",
    )),
    (lazy_gettext("For the office"), (
        "source_ref", "internal_note", "checked_on", "certainty", "retired_on", "source_licence", "within_ref",
    )),
)  # fmt: skip

# Where a form has a field, and where a list has it: the group's place among those above.
_GROUP = {
    "what": 0, "where": 1, "size": 3, "state": 0, "there": 4, "use": 5, "when": 6, "cost": 6, "owner": 7, "office": 9,
}  # fmt: skip


def _groups() -> tuple[tuple[LazyString, tuple[str, ...]], ...]:
    named = {name for _, names in _ORDER for name in names}
    more: dict[int, list[str]] = {}
    for group, names in fields.grouped(Space).items():
        more.setdefault(_GROUP[group], []).extend(name for name in names if name in TARGETS - named)
    return tuple((title, (*names, *more.get(place, ()))) for place, (title, names) in enumerate(_ORDER))


GROUPS = _groups()

# Words for what is no field of a space, or is called otherwise here.
_WORDS: Mapping[str, LazyString] = {
    "address": lazy_gettext("Address: street and number together"),
    "street": lazy_gettext("Street alone"),
    "house_number": lazy_gettext("House number alone"),
    "suffix": lazy_gettext("What stands behind the house number (a, bis)"),
    "box": lazy_gettext("Box or flat alone"),
    "lon": lazy_gettext("Longitude"),
    "lat": lazy_gettext("Latitude"),
    "latlon": lazy_gettext("Latitude and longitude in one cell"),
    "x": lazy_gettext("X, whatever it counts"),
    "y": lazy_gettext("Y, whatever it counts"),
    "easting": lazy_gettext("Easting in metres"),
    "northing": lazy_gettext("Northing in metres"),
    "wkt": lazy_gettext("Point or outline as WKT"),
    "crs": lazy_gettext("What the coordinates are, row by row"),
    "lon2": lazy_gettext("A second longitude"),
    "lat2": lazy_gettext("A second latitude"),
    "wkt2": lazy_gettext("A second WKT"),
    "source_ref": lazy_gettext("Their own number for it"),
    "retired_on": lazy_gettext("Since when it is no longer empty"),
    "consent_on": lazy_gettext("The day of the owner’s word"),
    "withhold": lazy_gettext("Whether it may be shown"),
    "status": lazy_gettext("Where it stands: reported, verified, offered, withheld"),
}
NEVER_SHOWN = frozenset({"owner_name", "owner_email", "owner_phone", "owner_do_not_contact", "internal_note"})

# The units that a column of these may count in.
_COUNTED = {"m2": "area", "cm": "length", "days": "term"}
_UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "area": (("", "m²"), ("are", "are"), ("ha", "ha"), ("sq ft", "sq ft"), ("acre", "acre")),
    "length": (("", "—"), ("m", "m"), ("cm", "cm"), ("mm", "mm"), ("ft", "ft")),
    "term": (("", "—"), ("d", "days"), ("w", "weeks"), ("m", "months"), ("y", "years")),
}


def word(target: str) -> str:
    """What a target is called."""
    said = str(_WORDS[target]) if target in _WORDS else labels.label(target)
    return gettext("%(field)s (never shown)", field=said) if target in NEVER_SHOWN else said


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every target with its words, in groups."""
    return [(str(title), [(name, word(name)) for name in names]) for title, names in GROUPS]


def units(target: str, given: str) -> list[tuple[str, str]]:
    """The units a column of this target may count in; also the one that was given. Empty where it has none."""
    about = FIELDS.get(target)
    kind = _COUNTED.get(about.get("unit", "") if about else "", "")
    if target == "withhold":
        return [("", gettext("yes: not to be shown")), (NOT, gettext("yes: may be shown"))]
    if not kind:
        return []
    said = [(value, gettext(shown) if kind == "term" and value else shown) for value, shown in _UNITS[kind]]
    return said if given in dict(said) or given == "keep" else [*said, (given, given)]


def answers(target: str) -> list[tuple[str, str]]:
    """The values that a word of the sender may stand for, with their words; empty where any text will do."""
    about: Any = FIELDS.get(target, {})
    if kind_of(target) == "flag":
        return [("yes", gettext("yes")), ("no", gettext("no")), ("unknown", gettext("not known"))]
    of: type[Term] | None = about.get("of")
    return [(term.value, gettext(term.label)) for term in of] if of else []
