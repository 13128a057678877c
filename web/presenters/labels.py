"""What each field of a space is called, and its value as a person reads it: for the office's forms and histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from tempuse.spaces import FIELDS
from tempuse.vocabulary import Facility, Term
from web import words

LABELS: Mapping[str, Any] = {
    "kind": lazy_gettext("Kind"),
    "status": lazy_gettext("Where it stands"),
    "within_ref": lazy_gettext("Within"),
    "name": lazy_gettext("Name"),
    "description": lazy_gettext("Description for everybody"),
    "rules": lazy_gettext("What users must respect"),
    "internal_note": lazy_gettext("Note for the office"),
    "address": lazy_gettext("Street and number"),
    "locality": lazy_gettext("Town"),
    "postcode": lazy_gettext("Postcode"),
    "geometry": lazy_gettext("Place on the map"),
    "placed_by": lazy_gettext("How it was placed"),
    "district_ref": lazy_gettext("District"),
    "parcel_refs": lazy_gettext("Parcels"),
    "floor_area_m2": lazy_gettext("Floor area"),
    "plot_area_m2": lazy_gettext("Plot area"),
    "plot_area_measured": lazy_gettext("Plot area measured on the map"),
    "building_year": lazy_gettext("Built in"),
    "storey": lazy_gettext("Floor"),
    "previous_use": lazy_gettext("What it was before"),
    "occupancy": lazy_gettext("Occupancy"),
    "vacant_since": lazy_gettext("Empty since"),
    "condition": lazy_gettext("Condition"),
    "ceiling_height_cm": lazy_gettext("Ceiling height"),
    "door_width_cm": lazy_gettext("Width of the widest door"),
    "heritage": lazy_gettext("Protection as a monument"),
    "contamination": lazy_gettext("Harmful substances"),
    "fire_capacity_persons": lazy_gettext("People at once"),
    "noise_limit_db": lazy_gettext("Noise limit"),
    "floor_load_kg_m2": lazy_gettext("What the floor carries"),
    "suitable_uses": lazy_gettext("What it suits"),
    "available_from": lazy_gettext("Available from"),
    "available_until": lazy_gettext("Available until"),
    "shortest_term_days": lazy_gettext("Shortest stay"),
    "longest_term_days": lazy_gettext("Longest stay"),
    "cost_model": lazy_gettext("Cost"),
    "cost_cents": lazy_gettext("Rent"),
    "cost_period": lazy_gettext("Paid for"),
    "running_cost_month_cents": lazy_gettext("Running costs a month"),
    "running_cost_winter_cents": lazy_gettext("Running costs a month in winter"),
    "deposit_cents": lazy_gettext("Deposit"),
    "ownership": lazy_gettext("Ownership"),
    "owner_name": lazy_gettext("Owner’s name"),
    "owner_email": lazy_gettext("Owner’s e-mail"),
    "owner_phone": lazy_gettext("Owner’s telephone"),
    "owner_do_not_contact": lazy_gettext("Do not contact the owner"),
    "consent": lazy_gettext("The owner’s word on publishing"),
    "consent_on": lazy_gettext("Said on"),
    "location_level": lazy_gettext("Precision of the public place"),
    "location_release_on": lazy_gettext("Exact place public from"),
    "source": lazy_gettext("Source"),
    "source_ref": lazy_gettext("Number in the source"),
    "source_licence": lazy_gettext("Licence of the source"),
    "source_fields": lazy_gettext("What else the source says"),
    "corrected_fields": lazy_gettext("Corrected by hand"),
    "certainty": lazy_gettext("Certainty"),
    "checked_on": lazy_gettext("Last checked on"),
    "retired_on": lazy_gettext("Ended on"),
    "retired_why": lazy_gettext("Why it ended"),
    "past": lazy_gettext("Who was there before"),
    "ref": lazy_gettext("Reference"),
}


def label(name: str) -> str:
    """What a field is called, in the reader's language."""
    if name in set(Facility):
        return gettext(Facility(name).label)
    return str(LABELS.get(name, name))


def term(kind: type[Term], value: str | None) -> str:
    """The word for a value of a list; a value that is not on it stands as it is."""
    if not value:
        return ""
    return gettext(kind(value).label) if value in set(kind) else value


def choices(kind: type[Term], *, empty: str | None = None, hints: bool = False) -> list[tuple[str, ...]]:
    """A list for a form: values with their words, and their definitions if wanted."""
    first: list[tuple[str, ...]] = [] if empty is None else [("", empty)]
    return first + [
        (each.value, gettext(each.label), gettext(each.definition) if hints and each.definition else "")
        if hints
        else (each.value, gettext(each.label))
        for each in kind
    ]


_UNITS: dict[str, Callable[[Any], str]] = {
    "ceiling_height_cm": words.metres,
    "door_width_cm": words.metres,
    "noise_limit_db": lambda value: f"{words.figure(value)} dB",
    "floor_load_kg_m2": lambda value: f"{words.figure(value)} kg/m²",
    "building_year": str,
    "storey": str,
    "floor_area_m2": words.square_metres,
    "plot_area_m2": words.square_metres,
    "shortest_term_days": words.duration,
    "longest_term_days": words.duration,
}


def told(name: str, value: Any) -> str:
    """A field's value as a person reads it; values of events come as text and are read back. Empty when unknown."""
    about = FIELDS.get(name, {"kind": "text"})
    kind = about["kind"]
    if value is None or value in ("", (), [], {}):
        return ""
    if kind == "flag":
        return gettext("yes") if value else gettext("no")
    if kind == "choice":
        return term(about["of"], str(value))
    if kind == "list":
        return ", ".join(term(about["of"], each) if about.get("of") else str(each) for each in value)
    if kind == "day":
        return words.day(value if isinstance(value, date) else str(value), year=True)
    if name.endswith("_cents"):
        return words.money(int(value))
    if name in _UNITS:
        return _UNITS[name](value)
    if kind in ("number", "whole"):
        return words.figure(value, 2)
    return str(value)
