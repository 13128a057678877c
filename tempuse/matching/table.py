"""The criteria as data: one line each, with the function that answers it, what it weighs, and the version of it all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tempuse.matching import functions
from tempuse.matching.functions import Answer
from tempuse.settings import Settings
from tempuse.vocabulary import Facility
from tempuse.wanted import KEYS, NEVER_OFFERED, Wanted
from tempuse.weights import ENOUGH, Weights

# The day on which a line below was last changed.
CODE_DATE = "2026-11-27"
THOUSAND = 1000
# What all facilities weigh together at most.
FACILITIES_AT_MOST = 4
# By places in KEYS.
PLACES = {key: place for place, key in enumerate(KEYS)}
_STEP_FREE = f"facility:{Facility.STEP_FREE_ACCESS.value}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the table.

    Attributes:
        key: one of ``wanted.KEYS``.
        id: of its function, for good.
        inputs: what the function is given, in this order: ``offer.`` from the space, ``want.`` from the question,
            ``pair.`` from both (``matching.pairs``).
        weight: 0 to 5, unless a city says another.
        price: of a concession by a thousandth, for the order of near misses; None: it is never suggested.
    """

    key: str
    id: str
    inputs: tuple[str, ...]
    weight: int
    price: int | None

    @property
    def function(self) -> Callable[..., Answer]:
        """The function of its id."""
        found: Callable[..., Answer] = getattr(functions, self.id)
        return found


def _line(key: str, function: str, inputs: str, weight: int, price: int) -> Criterion:
    return Criterion(key, function, tuple(inputs.split()), weight, None if key in NEVER_OFFERED else price)


def _facility(facility: Facility) -> Criterion:
    key = f"facility:{facility.value}"
    if key == _STEP_FREE:
        return _line(key, "step_free_1", "offer.yes offer.no pair.bit offer.step", 2, 1)
    return _line(key, "facility_1", "offer.yes offer.no pair.bit", 1, 1)


_LINES = (
    _line("use", "use_1", "offer.uses offer.excluded want.uses", 3, 3),
    _line("kind", "kind_1", "offer.kind want.kinds", 1, 2),
    _line("size", "size_1", "offer.area_low offer.area_high want.area_least want.area_most", 3, 2),
    _line("start", "start_1", "offer.from_low offer.from_high want.today want.by", 2, 1),
    _line("term", "term_1", "pair.stay_low pair.stay_high offer.longest offer.shortest want.days", 2, 1),
    _line("hours", "hours_1", "offer.shared pair.taken want.hours", 2, 2),
    _line("place", "place_1", "pair.near_m pair.far_m pair.district want.within", 2, 2),
    _line("cost", "cost_1", "offer.cost_low offer.cost_high want.budget_month", 3, 3),
    _line("start_money", "cost_1", "offer.start_low offer.start_high want.budget_start", 1, 1),
    *map(_facility, Facility),
    _line("ceiling", "enough_1", "offer.ceiling want.ceiling", 1, 2),
    _line("door", "enough_1", "offer.door want.door", 1, 2),
    _line("floor_load", "enough_1", "offer.floor_load want.floor_load", 1, 2),
    _line("persons", "enough_1", "offer.persons want.persons", 2, 2),
    _line("noise", "noise_1", "offer.noise want.noise", 2, 2),
    _line("quiet", "quiet_1", "offer.surroundings", 1, 1),
    _line("condition", "condition_1", "offer.condition offer.kind want.works", 1, 1),
    _line("soil", "soil_1", "offer.soil", 1, 1),
    _line("terms", "terms_1", "offer.registered offer.insurance want.group want.insured", 2, 1),
    _line("wishes", "wishes_1", "offer.favoured offer.public_access want.themes want.gives", 1, 1),
)
CRITERIA: dict[str, Criterion] = {each.key: each for each in _LINES}
# Today's line of each, by its place in KEYS.
BY_PLACE = tuple(CRITERIA[key] for key in KEYS)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a city weighs.

    Attributes:
        weights: by key, what it changed of the table: 0 to 5; 0 takes a criterion away.
        enough: how much of what is asked must be known of what fits, in thousandths.
    """

    weights: Weights = field(default_factory=dict)
    enough: int = ENOUGH

    def weight(self, key: str) -> int:
        """What a criterion weighs."""
        return self.weights.get(key, CRITERIA[key].weight)


USUAL = Scale()


def scale_of(settings: Settings) -> Scale:
    """How the city of these settings weighs."""
    return Scale(settings.match_weights, settings.match_enough)


def weigh(wanted: Wanted, scale: Scale = USUAL) -> dict[str, int]:
    """What is looked at for a question, and what each weighs, in thousandths; it never depends on a space.

    What weighs 0 in a city is not looked at. Hours and the owner's terms are looked at always: where the seeker says
    nothing of them they are a gate, and weigh nothing. All facilities together weigh as much as four.
    """
    found = {key: weight for key in wanted.asked if (weight := scale.weight(key))}
    facilities = sum(weight for key, weight in found.items() if key.startswith("facility:"))
    many = max(facilities, FACILITIES_AT_MOST)

    def thousandths(key: str, weight: int) -> int:
        if key.startswith("facility:"):
            return THOUSAND * weight * FACILITIES_AT_MOST // many
        is_gate = (key == "hours" and not wanted.hours) or (
            key == "terms" and wanted.group is None and wanted.insured is None
        )
        return 0 if is_gate else THOUSAND * weight

    return {key: thousandths(key, weight) for key, weight in found.items()}


def version(scale: Scale = USUAL) -> str:
    """What says by which functions, constants and weights something was computed: ``2026-11-27-1a2b3c4d``."""
    table = [[each.key, each.id, each.inputs, scale.weight(each.key), each.price] for each in _LINES]
    constants = [functions.RELATED, functions.LATE_DAYS, functions.SHORT_DAYS, functions.QUIET_DB,
                 functions.LOW_STEP_CM, FACILITIES_AT_MOST, scale.enough]  # fmt: skip
    canonical = json.dumps([table, constants], separators=(",", ":"))
    return f"{CODE_DATE}-{hashlib.sha256(canonical.encode()).hexdigest()[:8]}"
