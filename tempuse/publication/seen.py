"""A space as the public sees it: the only thing that what it can be found by, and matched by, is made of."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tempuse.folding import fold
from tempuse.publication.stretches import Taken
from tempuse.spaces import Space, area_of
from tempuse.vocabulary import LocationLevel, Occupancy

AREA_BANDS_M2 = (0, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000)
_WORDS = ("ref", "name", "address", "postcode", "locality", "district")


@dataclass(frozen=True, slots=True)
class Seen:
    """A space at its level.

    Attributes:
        spread: how far, in metres, its true place may lie from the one that is shown; inf without a place.
        taken: what is told of its use.
        since: the first day on which the public saw it.
        shown: the properties of its feature.
    """

    space: Space
    level: LocationLevel
    district_ref: str | None
    spread: float
    taken: Taken
    since: date | None
    shown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        """Whether its place is shown as it is."""
        return self.level is LocationLevel.EXACT

    @property
    def words(self) -> str:
        """By what everybody finds it: its ref, its name, its street and its district, as far as they are shown."""
        return fold(" ".join(str(self.shown[name]) for name in _WORDS if self.shown.get(name)))

    @property
    def area_m2(self) -> float | None:
        """Its area, below exact only the lower end of its band."""
        area = area_of(self.space)
        return area if area is None or self.is_exact else float(band_of(area)[0])

    @property
    def free_from(self) -> date | None:
        """From when it is to be had."""
        return self.taken.free_from or self.space.available_from

    @property
    def free_until(self) -> date | None:
        """Until when it is to be had from then on."""
        return self.taken.free_until or self.space.available_until

    @property
    def occupancy(self) -> str:
        """As it is known today: what was observed, or that a permit's days are running."""
        return Occupancy.TEMPORARY_USE.value if self.taken.in_use else self.space.occupancy


def band_of(area_m2: float) -> tuple[int, int | None]:
    """The band that an area falls into: from, up to (None: no upper end), in m2."""
    for low, high in itertools.pairwise(AREA_BANDS_M2):
        if area_m2 < high:
            return low, high
    return AREA_BANDS_M2[-1], None
