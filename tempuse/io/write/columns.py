"""The columns of flat files: which, in which order, of which type. They stay, so that a city's projects do.

GeoJSON carries what a feature has; every other format has exactly these columns, empty where nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tempuse.publication import SHOWN_FROM
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.spaces import FIELDS
from tempuse.vocabulary import (
    AreaKind,
    Audience,
    Facility,
    LocationLevel,
    Outcome,
    SpaceKind,
    Term,
    Theme,
    UseCategory,
    UseState,
)


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of a flat file.

    Attributes:
        name: what files call it.
        kind: text, flag, whole, number, day, instant, list or map.
        word: what people call it, in English.
        told: what else has to be known of its values, in English.
        of: the list that its values are from.
        unit: what its numbers count.
    """

    name: str
    kind: str
    word: str = ""
    told: str = ""
    of: type[Term] | None = None
    unit: str = ""


# What stands in a feature beside the fields of a space, and the field that it follows.
_BESIDE = (
    ("district_ref", FlatColumn("district", "text", "Name of the district")),
    ("plot_area_measured", FlatColumn(
        "area_band_m2", "text", "Size, from and to", "In m², like 100-200, or 2000- where there is no end.",
    )),
)  # fmt: skip
_TOLD = {
    "ref": "It stays. Pages and features are found by it.",
    "within_ref": "The building that it is a part of, by its reference.",
    "district_ref": "By its reference, like AR-0002.",
    "parcel_refs": "As the cadastre writes them.",
    "storey": "0 is at street level.",
    "source_fields": "What a list said and nobody could read, by the names of its columns.",
}
_KINDS = {"long": "text", "choice": "text"}
HISTORY = FlatColumn(
    "history", "map", "Who was there before",
    "Periods as JSON: starts_on, ends_on, how exactly that is known, occupancy, title, and what came after.",
)  # fmt: skip
# No field of a space either, and shown where it is shown exactly.
PICTURES = FlatColumn(
    "pictures",
    "map",
    "Pictures",
    "As JSON: what each shows (alt), who made it, and its files by size. A file lies at /spaces/REF/pictures/NAME.",
)
PLANS = FlatColumn(
    "plans",
    "map",
    "Plans",
    "As JSON: what each is called, its file, pages and bytes. A file lies at /spaces/REF/plans/NAME.",
)
# What everybody reads of a space's use; it follows from permits, and is no field of a space.
USED = (
    FlatColumn("in_use", "flag", "In use today", "As its permits say."),
    FlatColumn("free_from", "day", "Free from", "The first day that no permit takes."),
    FlatColumn("used_by_ref", "text", "Used by", "The temporary use that has it today, by its reference."),
    FlatColumn("use_refs", "list", "Its temporary uses", "By their references."),
    FlatColumn("free_until", "day", "Free until", "The last day before the next permit."),
    FlatColumn("also_free", "list", "Free after that", "Stretches of days, like 2027-03-01/2027-05-31."),
    FlatColumn("shared", "flag", "Shared", "Several groups have it at different hours."),
    FlatColumn("taken_hours", "list", "Hours that are taken"),
)
USE_COLUMNS = (
    FlatColumn("ref", "text", "Reference", _TOLD["ref"]),
    FlatColumn("state", "text", "Where it stands", of=UseState),
    FlatColumn("use_categories", "list", "What for", of=UseCategory),
    FlatColumn("start_year", "whole", "Year of its first day", unit="year"),
    FlatColumn("end_year", "whole", "Year of its last day", unit="year"),
    FlatColumn("location_level", "text", "Precision of the public place", of=LocationLevel),
    FlatColumn("title", "text", "Name"),
    FlatColumn("purpose", "text", "What it is about"),
    FlatColumn("space_refs", "list", "Its spaces", "By their references."),
    FlatColumn("organisation", "text", "Group"),
    FlatColumn("organisation_url", "text", "Page of the group"),
    FlatColumn("starts_on", "day", "First day"),
    FlatColumn("ends_on", "day", "Last day"),
    FlatColumn("hours", "map", "Hours", "Days of the week as JSON, each with its hours."),
    FlatColumn("season_from", "text", "Season from", "Month and day of each year, like 04-15."),
    FlatColumn("season_until", "text", "Season until", "Month and day of each year, like 04-15."),
    FlatColumn("except_on", "list", "Not on", "Days without the hours of their weekday."),
    FlatColumn("extra_on", "list", "Also on", "Days beside those of the week."),
    FlatColumn("open_to_public", "flag", "Open to everybody"),
    FlatColumn("outcome", "text", "What came after", of=Outcome),
    FlatColumn("moved_to_ref", "text", "Moved to", "A space, by its reference."),
    FlatColumn("area_band_m2", "text", "Size, from and to", "In m², like 100-200, or 2000- where there is no end."),
    FlatColumn("district_ref", "text", "District", _TOLD["district_ref"]),
    FlatColumn("district", "text", "Name of the district"),
)
_SHORT = {
    "use_categories": "uses", "location_level": "loc_level", "space_refs": "spaces", "organisation": "group",
    "organisation_url": "group_url", "season_from": "season_fr", "season_until": "season_to",
    "open_to_public": "open_publi", "moved_to_ref": "moved_to", "used_by_ref": "used_by", "taken_hours": "taken_hrs",
}  # fmt: skip
AREA_COLUMNS = (
    FlatColumn("ref", "text", "Reference", _TOLD["ref"]),
    FlatColumn("kind", "text", "Kind", of=AreaKind),
    FlatColumn("code", "text", "Code", "As the city writes it."),
    FlatColumn("name", "text", "Name"),
)
NEED_COLUMNS = (
    FlatColumn("ref", "text", "Reference", _TOLD["ref"]),
    FlatColumn("title", "text", "Name"),
    FlatColumn("text", "text", "What it is about", "In the words that the group and the office agreed on."),
    FlatColumn("organisation", "text", "Group"),
    FlatColumn("use_categories", "list", "What for", of=UseCategory),
    FlatColumn("themes", "list", "Themes", of=Theme),
    FlatColumn("kinds", "list", "Kind", "Any one is enough.", of=SpaceKind),
    FlatColumn("area_band_m2", "text", "Size, from and to", "In m², like 100-200, or 2000- where there is no end."),
    FlatColumn("starts_month", "text", "From which month", "Year and month, like 2027-03."),
    FlatColumn("months", "whole", "For how many months"),
    FlatColumn("facilities", "list", "What must be there", of=Facility),
    FlatColumn("district_ref", "text", "District", "The first that it names, by its reference, like AR-0002."),
    FlatColumn("district", "text", "Name of the district"),
    FlatColumn("districts", "list", "Districts", "By their names; any one is enough."),
    FlatColumn("opened_on", "day", "Looking since"),
    FlatColumn("location_level", "text", "Precision of the public place", of=LocationLevel),
)


def _column(name: str) -> FlatColumn:
    about = FIELDS[name]
    kind = _KINDS.get(about["kind"], about["kind"])
    return FlatColumn(name, kind, about["word"], _TOLD.get(name, ""), about.get("of"), about.get("unit", ""))


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
        PICTURES,
        PLANS,
    ),
    Audience.PARTNER: _columns([name for name in _FIELDS if name not in OFFICE_ONLY], bands=False),
    Audience.OFFICE: _columns(_FIELDS, bands=False),
}

# What everybody gets as a table, by collection.
PUBLIC_COLUMNS = {
    "spaces": _COLUMNS[Audience.PUBLIC],
    "uses": USE_COLUMNS,
    "areas": AREA_COLUMNS,
    "needs": NEED_COLUMNS,
}


def space_columns(audience: Audience) -> tuple[FlatColumn, ...]:
    """The columns of spaces in a flat file for this audience."""
    return _COLUMNS[audience]


def short_names() -> dict[str, str]:
    """The names of at most ten letters that columns have in a Shapefile."""
    own = {name: about.get("short", name) for name, about in FIELDS.items()}
    areas = {column.name: column.name for column in AREA_COLUMNS}
    uses = {column.name: _SHORT.get(column.name, column.name) for column in (*USE_COLUMNS, *USED)}
    return {
        **areas,
        **uses,
        "history": "history",
        "pictures": "pictures",
        "plans": "plans",
        "district": "district",
        "area_band_m2": "area_band",
        **own,
    }


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
