"""Space: an entry of the register. Its fields with their kinds, its lifecycle, what can be checked alone.

The fields are described once, here: the store makes its columns of them, the import parses by them, forms
and exports draw them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from tempuse import fields
from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import Apart, InOrder, field, fields_of
from tempuse.lifecycle import Lifecycle, Move
from tempuse.refs import noun


def _there(facility: v.Facility, **more: Any) -> Any:
    return field("flag", facility.label, group="there", **more)


@noun("space", "SP")
@dataclass(slots=True, kw_only=True)
class Space:
    """A vacant building, unit or plot.

    ``geometry`` is a shapely Point, Polygon or MultiPolygon in EPSG:4326, or None where the place is not
    known yet. Money is in cents of the register's currency, lengths in cm, areas in m2, days include both
    ends. A flag that is None is not known.
    """

    RULES: ClassVar = (
        InOrder("available_from", "available_until", "space.end_before_start"),
        InOrder("shortest_term_days", "longest_term_days", "space.longest_below_shortest"),
        Apart("suitable_uses", "excluded_uses", "space.use_wanted_and_not"),
    )

    ref: str = field("text", "Reference", "", fixed=True)
    kind: str = field("choice", "Kind", v.SpaceKind.BUILDING.value, of=v.SpaceKind, group="what")
    status: str = field("choice", "Where it stands", v.SpaceStatus.REPORTED.value, of=v.SpaceStatus, fixed=True)
    within_ref: str | None = field("text", "Within", group="what", guessed=False)
    name: str | None = field("text", "Name", group="what")
    description: str | None = field("long", "Description for everybody", group="what", short="descriptn")
    rules: str | None = field("long", "What users must respect", group="use", guessed=False)
    internal_note: str | None = field("long", "Note for the office", group="office", short="intern_not")
    address: str | None = field("text", "Street and number", group="where")
    locality: str | None = field("text", "Town", group="where")
    postcode: str | None = field("text", "Postcode", group="where", before="locality")
    geometry: Any = field("geometry", "Place on the map", group="where")
    placed_by: str | None = field("choice", "How it was placed", of=v.PlacedBy, fixed=True)
    district_ref: str | None = field("text", "District", fixed=True, short="distr_ref")
    parcel_refs: tuple[str, ...] = field("list", "Parcels", (), group="where", short="parcels")
    floor_area_m2: float | None = field(
        "number", "Floor area", least=0, most=1e7, unit="m2", group="size", short="floor_m2"
    )
    plot_area_m2: float | None = field(
        "number", "Plot area", least=0, most=1e10, unit="m2", group="size", short="plot_m2"
    )
    plot_area_measured: bool = field("flag", "Plot area measured on the map", False, fixed=True, short="plot_measd")
    building_year: int | None = field(
        "whole", "Built in", least=800, most=2200, unit="year", group="what", short="built_year"
    )
    storey: int | None = field("whole", "Floor", least=-20, most=200, unit="storey", group="what")
    previous_use: str | None = field(
        "choice", "What it was before", of=v.PreviousUse, group="what", before="building_year", short="prev_use"
    )
    occupancy: str = field("choice", "Occupancy", v.Occupancy.UNKNOWN.value, of=v.Occupancy, group="state")
    vacant_since: date | None = field("day", "Empty since", group="state", short="vacant_fr")
    condition: str = field("choice", "Condition", v.Condition.UNKNOWN.value, of=v.Condition, group="state")
    power: bool | None = _there(v.Facility.POWER)
    three_phase_power: bool | None = _there(v.Facility.THREE_PHASE_POWER, short="power3")
    water: bool | None = _there(v.Facility.WATER)
    drain: bool | None = _there(v.Facility.DRAIN)
    heating: bool | None = _there(v.Facility.HEATING)
    extraction: bool | None = _there(v.Facility.EXTRACTION)
    daylight: bool | None = _there(v.Facility.DAYLIGHT)
    toilets: bool | None = _there(v.Facility.TOILETS)
    kitchen: bool | None = _there(v.Facility.KITCHEN)
    internet: bool | None = _there(v.Facility.INTERNET)
    step_free_access: bool | None = _there(v.Facility.STEP_FREE_ACCESS, short="step_free")
    goods_lift: bool | None = _there(v.Facility.GOODS_LIFT)
    loading_access: bool | None = _there(v.Facility.LOADING_ACCESS, short="loading")
    ceiling_height_cm: int | None = field(
        "whole", "Ceiling height", least=50, most=20_000, unit="cm", group="size", short="ceiling_cm"
    )
    door_width_cm: int | None = field(
        "whole", "Width of the widest door", least=20, most=5_000, unit="cm", group="size", short="door_cm"
    )
    heritage: str = field("choice", "Protection as a monument", v.Heritage.UNKNOWN.value, of=v.Heritage, group="state")
    contamination: str = field(
        "choice",
        "Harmful substances",
        v.Contamination.UNKNOWN.value,
        of=v.Contamination,
        group="state",
        short="contamin",
    )
    fire_capacity_persons: int | None = field(
        "whole", "People at once", least=0, most=1_000_000, unit="persons", group="use", short="fire_pers"
    )
    noise_limit_db: int | None = field(
        "whole", "Noise limit", least=0, most=150, unit="db", group="use", short="noise_db"
    )
    floor_load_kg_m2: int | None = field(
        "whole", "What the floor carries", least=0, most=100_000, unit="kg_m2", group="use", short="load_kg_m2"
    )
    suitable_uses: tuple[str, ...] = field(
        "list", "What it suits", (), of=v.UseCategory, group="use", before="rules", short="suits"
    )
    available_from: date | None = field("day", "Available from", group="when", short="avail_from")
    available_until: date | None = field("day", "Available until", group="when", short="avail_to")
    shortest_term_days: int | None = field(
        "whole", "Shortest stay", least=1, most=36_500, unit="days", group="when", short="term_min_d"
    )
    longest_term_days: int | None = field(
        "whole", "Longest stay", least=1, most=36_500, unit="days", group="when", short="term_max_d"
    )
    cost_model: str = field("choice", "Cost", v.CostModel.UNKNOWN.value, of=v.CostModel, group="cost")
    cost_cents: int | None = field("whole", "Rent", least=0, most=10**12, unit="cents", group="cost", short="cost_cent")
    cost_period: str | None = field(
        "choice", "Paid for", of=v.CostPeriod, group="cost", short="cost_per", guessed=False
    )
    running_cost_month_cents: int | None = field(
        "whole", "Running costs a month", least=0, most=10**12, unit="cents", group="cost", short="run_month"
    )
    running_cost_winter_cents: int | None = field(
        "whole", "Running costs a month in winter", least=0, most=10**12, unit="cents", group="cost", short="run_winter"
    )
    deposit_cents: int | None = field(
        "whole", "Deposit", least=0, most=10**12, unit="cents", group="cost", short="dep_cents"
    )
    ownership: str = field("choice", "Ownership", v.Ownership.UNKNOWN.value, of=v.Ownership, group="owner")
    owner_name: str | None = field("text", "Owner’s name", group="owner", short="own_name")
    owner_email: str | None = field("text", "Owner’s e-mail", group="owner", short="own_email")
    owner_phone: str | None = field("text", "Owner’s telephone", group="owner", short="own_phone")
    owner_do_not_contact: bool = field("flag", "Do not contact the owner", False, group="owner", short="own_nocont")
    consent: str = field(
        "choice", "The owner’s word on publishing", v.Consent.UNASKED.value, of=v.Consent, group="owner"
    )
    consent_on: date | None = field("day", "Said on", group="owner")
    location_level: str | None = field(
        "choice", "Precision of the public place", of=v.LocationLevel, group="where", short="loc_level"
    )
    location_release_on: date | None = field("day", "Exact place public from", group="where", short="loc_rel_on")
    source: str | None = field("text", "Source", fixed=True)
    source_ref: str | None = field("text", "Number in the source", fixed=True)
    source_licence: str | None = field("text", "Licence of the source", group="office", short="src_licenc")
    source_fields: dict[str, str] = field("map", "What else the source says", dict, fixed=True, short="src_fields")
    corrected_fields: tuple[str, ...] = field("list", "Corrected by hand", (), fixed=True, short="corrected")
    certainty: str | None = field("choice", "Certainty", of=v.Certainty, group="state", guessed=False)
    checked_on: date | None = field("day", "Last checked on", group="state", before="certainty")
    retired_on: date | None = field("day", "Ended on", fixed=True)
    retired_why: str | None = field("text", "Why it ended", fixed=True, short="retir_why")
    created_at: datetime | None = field("instant", "Added on", fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)
    revision: int = field("whole", "Revision", 1, fixed=True)
    excluded_uses: tuple[str, ...] = field(
        "list", "What the owner does not want", (), of=v.UseCategory, group="use", before="rules", short="not_wanted"
    )
    favoured_themes: tuple[str, ...] = field(
        "list", "What the owner would like", (), of=v.Theme, group="use", before="rules", short="themes"
    )
    registered_only: bool | None = field(
        "flag", "Registered groups only", group="use", before="rules", short="registered"
    )
    insurance_required: bool | None = field(
        "flag", "The group must be insured", group="use", before="rules", short="insurance"
    )
    wants_public_access: bool | None = field(
        "flag", "The owner would like it open to everybody", group="use", before="rules", short="pub_access"
    )
    may_share: bool | None = field("flag", "Several groups may share it", group="use", before="rules")
    surroundings: str = field(
        "choice", "Around it", v.Surroundings.UNKNOWN.value, of=v.Surroundings, group="state", short="around"
    )
    highest_step_cm: int | None = field(
        "whole", "Highest step on the way in", least=0, most=300, unit="cm", group="size", short="step_cm"
    )
    shown_since: date | None = field("day", "Public since", fixed=True, short="public_fr")
    sought_by: int | None = field("whole", "Groups that look for such a space, at least", fixed=True)
    owner_limit: str | None = field(
        "choice", "Most that is seen while an owner’s word waits", of=v.OwnerLimit, fixed=True, short="own_limit"
    )
    consent_how: str | None = field("choice", "How the owner’s word came", of=v.WordHow, fixed=True, short="said_how")
    consent_by: str | None = field("text", "Who said so for the owner", fixed=True, longest=200, short="said_by")
    consent_document: str | None = field("text", "Paper of the owner’s word", fixed=True, short="said_paper")


@dataclass(slots=True, kw_only=True)
class Period:
    """A stretch of a space's past: who was there, and what came after.

    Both days belong to it. ``precision`` says how much of the days is known: day, month or year.
    """

    RULES: ClassVar = (InOrder("starts_on", "ends_on", "space.end_before_start"),)

    starts_on: date | None = field("day")
    ends_on: date | None = field("day")
    precision: str = field("text", default="day")
    occupancy: str = field("choice", default=v.Occupancy.TEMPORARY_USE.value, of=v.Occupancy)
    title: str = field("text", default="")
    what_came: str | None = field("long")
    source: str | None = field("text")


FIELDS = fields_of(Space)
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
        known: the office has looked at the space and stands for its facts: it is one of the city's.
        checked: its facts are looked at again in time.
        may_be_seen: partners see it, and the public once the owner and the city's rule allow.
        next: the move that usually comes next, empty where none does.
    """

    known: bool = False
    checked: bool = False
    may_be_seen: bool = False
    next: str = ""


MEANING: dict[str, Meaning] = {
    _S.REPORTED: Meaning(next="verify"),
    _S.VERIFIED: Meaning(known=True, checked=True, may_be_seen=True, next="offer"),
    _S.OFFERED: Meaning(known=True, checked=True, may_be_seen=True),
    _S.WITHHELD: Meaning(known=True, next="release"),
    _S.RETIRED: Meaning(next="reinstate"),
}
COUNTED = tuple(status for status, meaning in MEANING.items() if meaning.known)
CHECKED = tuple(status for status, meaning in MEANING.items() if meaning.checked)


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


# What an import keeps beside of a place that it only proposes: a list's words for the address, and where that is.
PROPOSED_ADDRESS, PROPOSED_PLACE = "proposed_address", "proposed_place"


def check_value(name: str, value: Any) -> str:
    """What is wrong with one value of a space: a message id, empty when it fits its field."""
    return fields.check_value(Space, name, value)


def check_space(space: Space, names: Collection[str] = tuple(FIELDS)) -> list[Issue]:
    """Everything that is wrong with a space by itself; a list, empty when nothing is.

    Args:
        space: the space as it would be stored.
        names: which fields to look at; a form looks at those it sent.
    """
    issues = fields.check_record(space, names)
    if space.within_ref and space.within_ref == space.ref:
        issues.append(Issue.of("within_ref", space.within_ref, "space.within_itself"))
    return issues
