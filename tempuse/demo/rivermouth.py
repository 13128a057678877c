"""Rivermouth: an invented town of ten districts with its spaces, their past, and what citizens told.

The data are files in ``data/demo``; their README says how they are to be read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from shapely.geometry import shape

from tempuse import resources
from tempuse.areas import Area
from tempuse.demo.dates import dated, moved
from tempuse.demo.places import SOURCE
from tempuse.reports import Report
from tempuse.spaces import FIELDS, Period, Space
from tempuse.vocabulary import AreaKind

# What the invented city sets. From verified on, its own spaces are public: those not offered yet, too.
SETTINGS = {
    "municipality": "Rivermouth",
    "site_name": "Spaces for a while",
    "background_source": "Districts and water: City of Rivermouth, 2025",
    "licence": "CC BY 4.0",
    "attribution": "City of Rivermouth, an invented town",
    "publish_from": "verified",
    "contact_email": "spaces@rivermouth.example",
    "contact_address": "1 Quay Lane, Rivermouth, an invented town",
    "departments": json.dumps([
        {"name": "fire", "title": {"en": "Fire service", "nl": "Brandweer"}, "answer_days": 21},
        {"name": "noise", "title": {"en": "Environment", "nl": "Milieu"}, "answer_days": 28},
    ]),
    "city_conditions": json.dumps([
        {"key": "exits", "text": {"en": "Keep the ways out free.", "nl": "Houd de uitgangen vrij."}},
        {"key": "quiet", "text": {"en": "Be quiet from 22:00 to 7:00.", "nl": "Wees stil van 22.00 tot 7.00 uur."}},
        {"key": "waste", "text": {"en": "Take your waste with you.", "nl": "Neem je afval mee."}},
    ]),
    "permit_kinds": json.dumps([
        {"name": "use", "title": {"en": "Temporary use", "nl": "Tijdelijk gebruik"},
         "lead": {"en": "A group uses a space for a time, on terms that are agreed.",
                  "nl": "Een groep gebruikt een ruimte voor een tijd, onder afgesproken voorwaarden."}},
        {"name": "mediator", "title": {"en": "Mediator’s permit", "nl": "Vergunning voor een bemiddelaar"},
         "lead": {"en": "A mediator holds a space and gives parts of it to groups.",
                  "nl": "Een bemiddelaar heeft een ruimte en geeft delen ervan aan groepen."},
         "is_offered": False, "sublets": True, "terms": {"sublet": "yes"}, "conditions": ["exits"]},
    ]),
}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """A space of the data with its past; ``within`` is the key of the building it is a unit of."""

    space: Space
    past: list[Period] = field(default_factory=list)
    within: str | None = None


def read_areas() -> dict[AreaKind, list[Area]]:
    """The municipality, its districts, water and green, by kind."""
    found: dict[AreaKind, list[Area]] = {}
    for feature in _features("demo/rivermouth-areas.geojson"):
        about = feature["properties"]
        area = Area(**about, geometry=shape(feature["geometry"]), source=SOURCE)
        found.setdefault(AreaKind(area.kind), []).append(area)
    return found


def read_entries(months: int) -> list[Entry]:
    """Every space with its past, all dates moved by so many months."""
    past: dict[str, list[Period]] = {}
    for row in rows_of("demo/rivermouth-past.csv"):
        past.setdefault(row.pop("space"), []).append(period_of(row, months))
    return [_entry(feature, past, months) for feature in _features("demo/rivermouth-spaces.geojson")]


def read_unasked(months: int) -> list[Entry]:
    """Every space whose owner nobody has asked yet; nobody outside the office sees them."""
    return [_entry(feature, {}, months) for feature in _features("demo/rivermouth-owners.geojson")]


def _entry(feature: dict[str, Any], past: dict[str, list[Period]], months: int) -> Entry:
    values = dict(feature["properties"])
    within = values.pop("within", None)
    space = Space(
        **{name: _value(name, value, months) for name, value in values.items()},
        geometry=shape(feature["geometry"]) if feature["geometry"] else None,
        source=SOURCE,
        placed_by="planner" if feature["geometry"] else None,
    )
    return Entry(space, past.get(space.source_ref or "", []), within)


def _value(name: str, value: Any, months: int) -> Any:
    kind = FIELDS[name]["kind"]
    if kind == "day":
        return moved(date.fromisoformat(value), months)
    if kind == "list":
        return tuple(value)
    return dated(value, months) if kind in ("text", "long") else value


def period_of(row: dict[str, str], months: int = 0, source: str | None = None) -> Period:
    """A period from a row of text; what is empty is not known."""
    known = {name: value for name, value in row.items() if value}
    days = {
        name: moved(date.fromisoformat(known.pop(name)), months) for name in ("starts_on", "ends_on") if name in known
    }
    return Period(**known, **days, source=source)  # type: ignore[arg-type]


def read_reports(refs: Mapping[str, str], uses: Mapping[str, str]) -> Iterator[tuple[int, Report]]:
    """What citizens told, each with how many days ago.

    Args:
        refs: the spaces' refs by their keys.
        uses: the permits' refs by what they are called.
    """
    for row in rows_of("demo/rivermouth-reports.csv"):
        place = shapely.Point(float(row["lon"]), float(row["lat"])) if row["lon"] else None
        yield int(row["days_ago"]), Report(
            kind=row["kind"], space_ref=refs.get(row["space"]), space_kind=row["space_kind"] or None, geometry=place,
            address=row["address"] or None, since=row["since"] or None, text=row["text"],
            use_ref=uses.get(row["use"]),
        )  # fmt: skip


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV among the data."""
    with resources.path(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _features(name: str) -> list[dict[str, Any]]:
    content = json.loads(resources.path(name).read_text(encoding="utf-8"))
    return list(content["features"])
