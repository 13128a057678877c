"""Space: an entry of the register. Its fields with their kinds, its lifecycle, what can be checked alone.

The fields are described once, here: the store makes its columns of them, the import parses by them, forms
and exports draw them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.lifecycle import Lifecycle, Move


def _field(kind: str, default: Any = None, **more: Any) -> Any:
    """A field of a noun; ``kind`` is text, long, choice, flag, number, whole, day, instant, list or map."""
    if callable(default):
        return field(default_factory=default, metadata={"kind": kind, **more})
    return field(default=default, metadata={"kind": kind, **more})


@dataclass(slots=True, kw_only=True)
class Space:
    """A vacant building, unit or plot.

    ``geometry`` is a shapely Point, Polygon or MultiPolygon in EPSG:4326, or None where the place is not
    known yet. Money is in cents of the register's currency, lengths in cm, areas in m2, days include both
    ends. A flag that is None is not known.
    """

    ref: str = _field("text", "", fixed=True)
    kind: str = _field("choice", v.SpaceKind.BUILDING.value, of=v.SpaceKind)
    status: str = _field("choice", v.SpaceStatus.REPORTED.value, of=v.SpaceStatus, fixed=True)
    within_ref: str | None = _field("text")
    name: str | None = _field("text")
    description: str | None = _field("long")
    rules: str | None = _field("long")
    internal_note: str | None = _field("long")
    address: str | None = _field("text")
    locality: str | None = _field("text")
    postcode: str | None = _field("text")
    geometry: Any = _field("geometry")
    placed_by: str | None = _field("choice", of=v.PlacedBy, fixed=True)
    district_ref: str | None = _field("text", fixed=True)
    parcel_refs: tuple[str, ...] = _field("list", ())
    floor_area_m2: float | None = _field("number", least=0, most=1e7)
    plot_area_m2: float | None = _field("number", least=0, most=1e10)
    plot_area_measured: bool = _field("flag", False, fixed=True)
    building_year: int | None = _field("whole", least=800, most=2200)
    storey: int | None = _field("whole", least=-20, most=200)
    previous_use: str | None = _field("choice", of=v.PreviousUse)
    occupancy: str = _field("choice", v.Occupancy.UNKNOWN.value, of=v.Occupancy)
    vacant_since: date | None = _field("day")
    condition: str = _field("choice", v.Condition.UNKNOWN.value, of=v.Condition)
    power: bool | None = _field("flag")
    three_phase_power: bool | None = _field("flag")
    water: bool | None = _field("flag")
    drain: bool | None = _field("flag")
    heating: bool | None = _field("flag")
    extraction: bool | None = _field("flag")
    daylight: bool | None = _field("flag")
    toilets: bool | None = _field("flag")
    kitchen: bool | None = _field("flag")
    internet: bool | None = _field("flag")
    step_free_access: bool | None = _field("flag")
    goods_lift: bool | None = _field("flag")
    loading_access: bool | None = _field("flag")
    ceiling_height_cm: int | None = _field("whole", least=50, most=20_000)
    door_width_cm: int | None = _field("whole", least=20, most=5_000)
    heritage: str = _field("choice", v.Heritage.UNKNOWN.value, of=v.Heritage)
    contamination: str = _field("choice", v.Contamination.UNKNOWN.value, of=v.Contamination)
    fire_capacity_persons: int | None = _field("whole", least=0, most=1_000_000)
    noise_limit_db: int | None = _field("whole", least=0, most=150)
    floor_load_kg_m2: int | None = _field("whole", least=0, most=100_000)
    suitable_uses: tuple[str, ...] = _field("list", (), of=v.UseCategory)
    available_from: date | None = _field("day")
    available_until: date | None = _field("day")
    shortest_term_days: int | None = _field("whole", least=1, most=36_500)
    longest_term_days: int | None = _field("whole", least=1, most=36_500)
    cost_model: str = _field("choice", v.CostModel.UNKNOWN.value, of=v.CostModel)
    cost_cents: int | None = _field("whole", least=0, most=10**12)
    cost_period: str | None = _field("choice", of=v.CostPeriod)
    running_cost_month_cents: int | None = _field("whole", least=0, most=10**12)
    running_cost_winter_cents: int | None = _field("whole", least=0, most=10**12)
    deposit_cents: int | None = _field("whole", least=0, most=10**12)
    ownership: str = _field("choice", v.Ownership.UNKNOWN.value, of=v.Ownership)
    owner_name: str | None = _field("text")
    owner_email: str | None = _field("text")
    owner_phone: str | None = _field("text")
    owner_do_not_contact: bool = _field("flag", False)
    consent: str = _field("choice", v.Consent.UNASKED.value, of=v.Consent)
    consent_on: date | None = _field("day")
    location_level: str | None = _field("choice", of=v.LocationLevel)
    location_release_on: date | None = _field("day")
    source: str | None = _field("text", fixed=True)
    source_ref: str | None = _field("text", fixed=True)
    source_licence: str | None = _field("text")
    source_fields: dict[str, str] = _field("map", dict, fixed=True)
    corrected_fields: tuple[str, ...] = _field("list", (), fixed=True)
    certainty: str | None = _field("choice", of=v.Certainty)
    checked_on: date | None = _field("day")
    retired_on: date | None = _field("day", fixed=True)
    retired_why: str | None = _field("text", fixed=True)
    created_at: datetime | None = _field("instant", fixed=True)
    updated_at: datetime | None = _field("instant", fixed=True)
    revision: int = _field("whole", 1, fixed=True)


@dataclass(slots=True, kw_only=True)
class Period:
    """A stretch of a space's past: who was there, and what came after.

    Both days belong to it. ``precision`` says how much of the days is known: day, month or year.
    """

    starts_on: date | None = _field("day")
    ends_on: date | None = _field("day")
    precision: str = _field("text", "day")
    occupancy: str = _field("choice", v.Occupancy.TEMPORARY_USE.value, of=v.Occupancy)
    title: str = _field("text", "")
    what_came: str | None = _field("long")
    source: str | None = _field("text")


FIELDS = {each.name: each.metadata for each in dataclasses.fields(Space)}
FACILITIES = tuple(facility.value for facility in v.Facility)
EDITABLE = tuple(name for name, about in FIELDS.items() if not about.get("fixed"))

_S, _P = v.SpaceStatus, v.Permission
_ENDED = v.Named("retired_on", "the day on which it ended")
SPACE_LIFECYCLE = Lifecycle("space", tuple(v.SpaceStatus), (
    Move("verify", frozenset({_S.REPORTED}), _S.VERIFIED, _P.SPACE_VERIFY),
    Move("doubt", frozenset({_S.VERIFIED}), _S.REPORTED, _P.SPACE_VERIFY),
    Move("offer", frozenset({_S.VERIFIED}), _S.OFFERED, _P.SPACE_OFFER),
    Move("close", frozenset({_S.OFFERED}), _S.VERIFIED, _P.SPACE_OFFER),
    Move("withhold", frozenset({_S.REPORTED, _S.VERIFIED, _S.OFFERED}), _S.WITHHELD, _P.SPACE_WITHHOLD),
    Move("release", frozenset({_S.WITHHELD}), _S.VERIFIED, _P.SPACE_WITHHOLD),
    Move("retire", frozenset(_S) - {_S.RETIRED}, _S.RETIRED, _P.SPACE_RETIRE, (_ENDED,)),
    Move("reinstate", frozenset({_S.RETIRED}), _S.REPORTED, _P.SPACE_RETIRE),
))  # fmt: skip


class Meaning(NamedTuple):
    """What a status of a space means beyond the procedure.

    Attributes:
        known: the office has looked at the space and stands for its facts; it looks again from time to time.
        may_be_seen: partners see it, and the public once the owner and the city's rule allow.
        next: the move that usually comes next, empty where none does.
    """

    known: bool = False
    may_be_seen: bool = False
    next: str = ""


MEANING: dict[str, Meaning] = {
    _S.REPORTED: Meaning(next="verify"),
    _S.VERIFIED: Meaning(known=True, may_be_seen=True, next="offer"),
    _S.OFFERED: Meaning(known=True, may_be_seen=True),
    _S.WITHHELD: Meaning(known=True, next="release"),
    _S.RETIRED: Meaning(next="reinstate"),
}


def meaning_of(status: str) -> Meaning:
    """What a status means; one that nobody described (a test keeps that from happening) is shown to nobody."""
    return MEANING.get(status, Meaning())


def outlook(status: str, occupancy: str, available_until: date | None, on: date) -> str:
    """What a passer-by is told on this day: ``free`` (now or soon), ``used`` or ``shut``."""
    if occupancy == v.Occupancy.TEMPORARY_USE:
        return "used"
    if status != v.SpaceStatus.OFFERED or occupancy == v.Occupancy.OCCUPIED:
        return "shut"
    return "shut" if available_until is not None and available_until < on else "free"


def area_of(space: Space) -> float | None:
    """The area a seeker asks for, in m2: the floor of a building or unit, the ground of a plot."""
    if space.kind == v.SpaceKind.PLOT and space.plot_area_m2 is not None:
        return space.plot_area_m2
    return space.floor_area_m2


def check_value(name: str, value: Any) -> str:
    """What is wrong with one value: a message id, empty when it fits its field."""
    about = FIELDS[name]
    if value is None:
        return ""
    if about.get("of") is not None:
        allowed = {term.value for term in about["of"]}
        given: Collection[str] = value if about["kind"] == "list" else (value,)
        return "" if set(given) <= allowed else "value.not_in_list"
    if "least" in about and not about["least"] <= value <= about["most"]:
        return "value.out_of_range"
    return ""


_ORDERED = (
    ("available_from", "available_until", "space.end_before_start"),
    ("shortest_term_days", "longest_term_days", "space.longest_below_shortest"),
)


def check_space(space: Space, names: Collection[str] = tuple(FIELDS)) -> list[Issue]:
    """Everything that is wrong with a space by itself; a list, empty when nothing is.

    Args:
        space: the space as it would be stored.
        names: which fields to look at; a form looks at those it sent.
    """
    issues = []
    for name in names:
        value = getattr(space, name)
        if message := check_value(name, value):
            about = FIELDS[name]
            values = {"least": about.get("least"), "most": about.get("most")}
            issues.append(Issue.of(name, str(value), message, **values))
    for first, last, message in _ORDERED:
        start, end = getattr(space, first), getattr(space, last)
        if start is not None and end is not None and end < start and last in names:
            issues.append(Issue.of(last, str(end), message, start=start, end=end))
    if space.within_ref and space.within_ref == space.ref:
        issues.append(Issue.of("within_ref", space.within_ref, "space.within_itself"))
    return issues
