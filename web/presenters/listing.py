"""Spaces as a table for people: what matters first, in words, amounts and days as the reader's language has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import numbers

from tempuse.io.write import Readable, ReadableColumn
from tempuse.io.write.columns import NEED_COLUMNS, FlatColumn, space_columns
from tempuse.settings import Settings
from tempuse.spaces import outlook
from tempuse.vocabulary import Audience, Facility, LocationLevel, Occupancy, SpaceKind, SpaceStatus
from web import spoken

Shown = Mapping[str, Any]
Say = Callable[[str], str]
# The fifteen that matter; what is none of a feature's own is made of it below.
_FIRST = (
    "ref", "name", "address", "locality", "district", "kind", "today", "free_from", "available_until",
    "floor_area_m2", "plot_area_m2", "cost_cents", "cost_period", "suitable_uses", "there",
)  # fmt: skip
_OF_NEEDS = (
    "ref", "title", "organisation", "text", "use_categories", "themes", "kinds", "area_band_m2", "starts_month",
    "months", "facilities", "districts", "opened_on",
)  # fmt: skip
_FOR_THE_OFFICE = {"today": "status", "free_from": "available_from", "there": "checked_on"}
_WIDTHS = {
    "name": 32,
    "address": 28,
    "suitable_uses": 32,
    "there": 40,
    "title": 28,
    "text": 48,
    "organisation": 24,
    "use_categories": 28,
    "facilities": 32,
    "districts": 20,
    "today": 20,
    "district": 18,
    "locality": 16,
}
_UNITS = {"m2": "m²", "cm": "m", "db": "dB", "kg_m2": "kg/m²"}
_OUTLOOKS = {"free": "Free now or soon", "used": "In temporary use", "shut": "Not available"}
_NUMBERS = {"number", "whole"}


def for_people(settings: Settings, audience: Audience, language: str, today: date) -> Readable:
    """The table of spaces for people of this audience.

    Args:
        settings: the register's, for its currency and its time zone.
        audience: for whom it is: it has the columns that a program's table for them has, but for what is no table.
        language: the reader's, by its code.
        today: the day on which it says what is free.
    """
    say = spoken.catalogue(language).gettext
    made = {
        "today": ReadableColumn(
            spoken.in_language("listing.today", language=language), lambda shown: say(_state(shown, today))
        ),
        "there": ReadableColumn(
            spoken.in_language("listing.there", language=language), lambda shown: _there(shown, say), width=40
        ),
    }
    held = {column.name: column for column in space_columns(audience) if column.kind != "map"}
    # A person reads the name of a district, not its reference.
    held["district"] = replace(held["district"], word=held.pop("district_ref").word)
    first = [_FOR_THE_OFFICE.get(name, name) if audience is not Audience.PUBLIC else name for name in _FIRST]
    columns = [
        made[name] if name in made else _column(held[name], settings, language, audience)
        for name in (*first, *(name for name in held if name not in first))
    ]
    for name, message in (("lon", "listing.longitude"), ("lat", "listing.latitude")):
        columns.append(ReadableColumn(spoken.in_language(message, language=language), _of(name), "number"))
    return Readable(
        tuple(columns), len(first), spoken.in_language("listing.sheet", language=language),
        spoken.in_language("listing.all_fields", language=language), numbers.get_decimal_symbol(language),
    )  # fmt: skip


def needs_for_people(settings: Settings, language: str) -> Readable:
    """The table of what groups look for, in a language by its code."""
    held = {column.name: column for column in NEED_COLUMNS}
    columns = [_column(held[name], settings, language, Audience.PUBLIC) for name in _OF_NEEDS]
    columns[_OF_NEEDS.index("area_band_m2")] = replace(columns[_OF_NEEDS.index("area_band_m2")], value=_band)
    return Readable(
        tuple(columns), len(columns), spoken.in_language("listing.needs", language=language),
        spoken.in_language("listing.all_fields", language=language), numbers.get_decimal_symbol(language),
    )  # fmt: skip


def legend(language: str) -> dict[str, str]:
    """What the style of a layer calls the states and the kinds, in a language by its code."""
    say = spoken.catalogue(language).gettext
    return {
        **{state: say(told) for state, told in _OUTLOOKS.items()},
        **{kind.value: say(kind.label) for kind in SpaceKind},
        "cell": say(LocationLevel.CELL.label), "outline": spoken.in_language("listing.outline", language=language),
    }  # fmt: skip


def _of(name: str) -> Callable[[Shown], Any]:
    return lambda shown: shown.get(name)


def _column(about: FlatColumn, settings: Settings, language: str, audience: Audience) -> ReadableColumn:
    say = spoken.catalogue(language).gettext
    heading, unit = say(about.word), _unit(about, settings, language)
    kind = "money" if about.unit == "cents" else "day" if about.kind == "day" else "text"
    kind = "number" if kind == "text" and about.kind in _NUMBERS else kind
    value = _value(about, say, settings)
    if audience is Audience.PUBLIC and about.name in ("floor_area_m2", "plot_area_m2"):
        value = _size(about.name, value)
    if audience is Audience.PUBLIC and about.name == "free_from":
        value = _first_of(value, _value(FlatColumn("available_from", "day"), say, settings))
    return ReadableColumn(f"{heading} ({unit})" if unit else heading, value, kind, _WIDTHS.get(about.name, 14))


def _unit(about: FlatColumn, settings: Settings, language: str) -> str:
    if about.unit == "cents":
        return numbers.get_currency_symbol(settings.currency, language)
    if about.unit == "days":
        return spoken.catalogue(language).gettext("days")
    return _UNITS.get(about.unit, "")


def _value(about: FlatColumn, say: Say, settings: Settings) -> Callable[[Shown], Any]:
    """How a value of this column is read out of a feature."""
    name, terms = about.name, about.of
    worded = {term.value: say(term.label) for term in terms or ()}
    zone = ZoneInfo(settings.time_zone)

    def told(value: Any) -> Any:
        if about.kind == "flag":
            return say("yes") if value else say("no")
        if about.kind == "list":
            return ", ".join(worded.get(each, str(each)) for each in value) or None
        if about.kind == "day":
            return date.fromisoformat(value)
        if about.kind == "instant":
            return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        if about.unit in ("cents", "cm"):
            return value // 100 if value % 100 == 0 else value / 100
        return worded.get(value, value) if terms else value

    return lambda shown: None if (value := shown.get(name)) is None else told(value)


def _first_of(*values: Callable[[Shown], Any]) -> Callable[[Shown], Any]:
    """The first of these that is known."""
    return lambda shown: next((found for each in values if (found := each(shown)) is not None), None)


def _size(name: str, exact: Callable[[Shown], Any]) -> Callable[[Shown], Any]:
    """An area; where only from and to are shown, these, in the column of that which a seeker asks for."""

    def value(shown: Shown) -> Any:
        is_ground = shown.get("kind") == SpaceKind.PLOT
        if shown.get("area_band_m2") and is_ground == (name == "plot_area_m2"):
            return _band(shown)
        return exact(shown)

    return value


def _band(shown: Shown) -> str | None:
    low, _, high = (shown.get("area_band_m2") or "").partition("-")
    return f"{low}–{high}" if high else f"> {low}" if low else None


def _state(shown: Shown, today: date) -> str:
    """What a passer-by is told today."""
    until = shown.get("available_until")
    occupancy = Occupancy.TEMPORARY_USE if shown.get("in_use") else shown.get("occupancy", Occupancy.UNKNOWN)
    state = outlook(shown.get("status", ""), occupancy, date.fromisoformat(until) if until else None, today)
    return SpaceStatus.RETIRED.label if shown.get("retired_on") else _OUTLOOKS[state]


def _there(shown: Shown, say: Say) -> str | None:
    found: Sequence[str] = [say(each.label) for each in Facility if shown.get(each.value)]
    return ", ".join(found) or None
