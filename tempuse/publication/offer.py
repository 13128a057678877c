"""What a space offers to who looks for one, as it is seen: packed for its public row, and of a record for the office.

Whatever is packed stands in the row's feature in words, too: nothing here may tell more than those do.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import shapely

from tempuse.durations import DAYS_A_MONTH
from tempuse.facts import Facts, pack, unpack
from tempuse.offers import EARLY, LATE, Offers, offers_of
from tempuse.publication.seen import Seen, band_of
from tempuse.publication.stretches import Used, available
from tempuse.refs import number_of
from tempuse.spaces import Space, area_of
from tempuse.vocabulary import (
    Contamination,
    CostModel,
    CostPeriod,
    Facility,
    LocationLevel,
    Occupancy,
    SpaceKind,
    Theme,
    UseCategory,
)

_KINDS = tuple(each.value for each in SpaceKind)
_USES = {each.value: each.flag for each in UseCategory}
_THEMES = {each.value: each.flag for each in Theme}
_PER_MONTH = {CostPeriod.DAY.value: DAYS_A_MONTH, CostPeriod.MONTH.value: 1.0, CostPeriod.YEAR.value: 1 / 12}
_NO_RENT = (CostModel.FREE, CostModel.RUNNING_COSTS)

Span = tuple[float, float]


def facts_of(seen: Seen) -> Facts:
    """What a space offers beside its queryables, at its level."""
    space, taken = seen.space, seen.taken
    cost, start = _per_month(space), _once(space)
    return Facts(
        area_high=_area_high(seen), spread=seen.spread,
        cost_low=cost[0], cost_high=cost[1], start_low=start[0], start_high=start[1],
        no=sum(each.flag for each in Facility if getattr(space, each.value) is False),
        excluded=sum(_USES[use] for use in space.excluded_uses),
        favoured=sum(_THEMES[theme] for theme in space.favoured_themes),
        longest=space.longest_term_days, shortest=space.shortest_term_days,
        persons=space.fire_capacity_persons, ceiling=space.ceiling_height_cm, door=space.door_width_cm,
        floor_load=space.floor_load_kg_m2, noise=space.noise_limit_db, step=space.highest_step_cm,
        shown_since=seen.since, condition=space.condition, surroundings=space.surroundings,
        soil=space.contamination if seen.is_exact else Contamination.UNKNOWN.value,
        registered=space.registered_only, insurance=space.insurance_required,
        public_access=space.wants_public_access, may_share=space.may_share,
        shared=0 if not taken.is_shared else 1 if seen.is_exact else 2, taken=taken.taken,
        open_end=seen.occupancy == Occupancy.TEMPORARY_USE and taken.free_from is None,
        month_only=not seen.is_exact and taken.free_from is not None,
        until_month=not seen.is_exact and taken.free_until is not None,
        further=tuple((first, last or date.max) for first, last in taken.further),
    )  # fmt: skip


def _area_high(seen: Seen) -> float | None:
    area = area_of(seen.space)
    if area is None or seen.is_exact:
        return area
    return float(band_of(area)[1] or math.inf)


def _per_month(space: Space) -> Span:
    """What it costs a month, in cents: rent, and the dearer of the running costs and those in winter."""
    rent, running = _rent(space), _running(space)
    return rent[0] + running[0], rent[1] + running[1]


def _rent(space: Space) -> Span:
    cents, period = space.cost_cents, space.cost_period
    if not cents:
        return (0, 0) if cents == 0 or space.cost_model in _NO_RENT else (0, math.inf)
    if period is None:
        return 0, math.inf
    rent = 0 if period == CostPeriod.ONCE else round(cents * _PER_MONTH[period])
    return rent, rent


def _running(space: Space) -> Span:
    known = [each for each in (space.running_cost_month_cents, space.running_cost_winter_cents) if each is not None]
    if known:
        return max(known), max(known)
    return (0, 0) if space.cost_model == CostModel.FREE else (0, math.inf)


def _once(space: Space) -> Span:
    """What is paid once at the start, in cents: the deposit, and a rent that is paid once."""
    rent = space.cost_cents or 0
    least = rent if space.cost_period == CostPeriod.ONCE else 0
    most = rent if space.cost_period in (None, CostPeriod.ONCE) else 0
    deposit = space.deposit_cents
    if deposit is None:
        return least, math.inf
    return least + deposit, most + deposit


def offer_of(space: Space, used: Used, today: date) -> Offers:
    """The offer of a record itself, as only the office knows it: one row, whatever the public sees of it.

    Args:
        space: the space.
        used: the days and hours on which it is taken.
        today: the day it is in the city.
    """
    taken = used.at(exactly=True, today=today, available=available(space))
    inside = None if space.geometry is None else shapely.point_on_surface(space.geometry)
    lon, lat = (math.nan, math.nan) if inside is None else (inside.x, inside.y)
    spread = math.inf if inside is None else 0.0
    seen = Seen(space, LocationLevel.EXACT, space.district_ref, spread, taken, space.shown_since)
    facts, more = unpack([pack(facts_of(seen))])
    held = {
        "number": number_of(space.ref, -1), "lon": lon, "lat": lat,
        "district_ref": number_of(space.district_ref or "", -1), "kind": _KINDS.index(space.kind),
        "uses": sum(_USES[use] for use in space.suitable_uses),
        "facilities": sum(each.flag for each in Facility if getattr(space, each.value)),
        "area_m2": math.nan if seen.area_m2 is None else seen.area_m2,
        "free_from": EARLY if seen.free_from is None else seen.free_from.toordinal(),
        "free_until": LATE if seen.free_until is None else seen.free_until.toordinal(),
    }  # fmt: skip
    columns = {**{name: np.array([value]) for name, value in held.items()}, "facts": facts}
    return offers_of(columns, np.array([0]), today, more)
