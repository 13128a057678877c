"""The columns of flat files: which, in which order, of which type. They stay, so that a city's projects do.

GeoJSON carries what a feature has; every other format has exactly these columns, empty where nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tempuse.publication import SHOWN_FROM
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.spaces import FIELDS
from tempuse.vocabulary import Audience


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of a flat file. ``kind`` is text, flag, whole, number, day, instant, list or map."""

    name: str
    kind: str


# What stands in a feature beside the fields of a space, and the field that it follows.
_BESIDE = (
    ("district_ref", FlatColumn("district", "text")),
    ("plot_area_measured", FlatColumn("area_band_m2", "text")),
)
_KINDS = {"long": "text", "choice": "text"}
HISTORY = FlatColumn("history", "map")
# What everybody reads of a space's use; it follows from permits, and is no field of a space.
USED = (
    FlatColumn("in_use", "flag"), FlatColumn("free_from", "day"), FlatColumn("used_by_ref", "text"),
    FlatColumn("use_refs", "list"), FlatColumn("free_until", "day"), FlatColumn("also_free", "list"),
    FlatColumn("shared", "flag"), FlatColumn("taken_hours", "list"),
)  # fmt: skip
USE_COLUMNS = (
    *(FlatColumn(name, "text") for name in ("ref", "state")), FlatColumn("use_categories", "list"),
    *(FlatColumn(name, "whole") for name in ("start_year", "end_year")),
    *(FlatColumn(name, "text") for name in ("location_level", "title", "purpose")), FlatColumn("space_refs", "list"),
    *(FlatColumn(name, "text") for name in ("organisation", "organisation_url")),
    *(FlatColumn(name, "day") for name in ("starts_on", "ends_on")), FlatColumn("hours", "map"),
    *(FlatColumn(name, "text") for name in ("season_from", "season_until")),
    *(FlatColumn(name, "list") for name in ("except_on", "extra_on")), FlatColumn("open_to_public", "flag"),
    *(FlatColumn(name, "text") for name in (
        "outcome", "moved_to_ref", "area_band_m2", "district_ref", "district",
    )),
)  # fmt: skip
_SHORT = {
    "use_categories": "uses", "location_level": "loc_level", "space_refs": "spaces", "organisation": "group",
    "organisation_url": "group_url", "season_from": "season_fr", "season_until": "season_to",
    "open_to_public": "open_publi", "moved_to_ref": "moved_to", "used_by_ref": "used_by", "taken_hours": "taken_hrs",
}  # fmt: skip
AREA_COLUMNS = tuple(FlatColumn(name, "text") for name in ("ref", "kind", "code", "name"))


def _column(name: str) -> FlatColumn:
    kind = FIELDS[name]["kind"]
    return FlatColumn(name, _KINDS.get(kind, kind))


def _columns(names: Sequence[str], *, bands: bool) -> tuple[FlatColumn, ...]:
    found: list[FlatColumn] = []
    for name in names:
        found.append(_column(name))
        found += [beside for after, beside in _BESIDE if after == name and (bands or beside.name != "area_band_m2")]
    return (*found, HISTORY)


_FIELDS = [name for name in FIELDS if name != "geometry"]
_COLUMNS = {
    Audience.PUBLIC: (
        *_columns([name for name in _FIELDS if name in SHOWN_FROM or name == "retired_on"], bands=True),
        *USED,
    ),
    Audience.PARTNER: _columns([name for name in _FIELDS if name not in OFFICE_ONLY], bands=False),
    Audience.OFFICE: _columns(_FIELDS, bands=False),
}


def space_columns(audience: Audience) -> tuple[FlatColumn, ...]:
    """The columns of spaces in a flat file for this audience."""
    return _COLUMNS[audience]


def short_names() -> dict[str, str]:
    """The names of at most ten letters that columns have in a Shapefile."""
    own = {name: about.get("short", name) for name, about in FIELDS.items()}
    areas = {column.name: column.name for column in AREA_COLUMNS}
    uses = {column.name: _SHORT.get(column.name, column.name) for column in (*USE_COLUMNS, *USED)}
    return {**areas, **uses, "history": "history", "district": "district", "area_band_m2": "area_band", **own}


def shortened(columns: Sequence[FlatColumn]) -> dict[str, str]:
    """The short names of these columns: those that are ours for good, else the first letters, each name once."""
    own, found = short_names(), dict[str, str]()
    for column in columns:
        short, number = own.get(column.name, column.name[:10]), 1
        while short in found.values():
            number += 1
            short = f"{column.name[:8]}_{number}"
        found[column.name] = short
    return found
