"""What a seeker may ask for: the parts of a question, each with its name in an address and what it keeps.

A new part is a field of ``Filter`` and a row of ``PARTS``: addresses, links and the map index follow. A fact that the
index does not hold yet is a queryable of ``publication.spaces`` first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.refs import number_of
from tempuse.vocabulary import Facility, SpaceKind, UseCategory

KINDS = tuple(kind.value for kind in SpaceKind)
OUTLOOKS = ("free", "used", "shut")
CHIPS = (Facility.STEP_FREE_ACCESS, Facility.POWER, Facility.WATER, Facility.HEATING, Facility.TOILETS)
# Upper ends of the sizes to choose from, in m2. They are bounds of the publication's bands, so that a space
# whose area is shown only as a band falls into exactly one size.
SIZES_M2 = (50, 100, 200, 500, 1000)
# "Free from": now, within 1, 3, 6 months; later is the rest.
MONTHS = (0, 1, 3, 6)

FACILITIES = {each.value: each.flag for each in Facility}
USES = {each.value: each.flag for each in UseCategory}

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a seeker asks for; a part that is empty asks nothing.

    Within ``kinds``, ``outlooks``, ``uses`` and ``sizes`` any one is enough; of ``facilities`` all must be
    there. ``sizes`` are indexes into SIZES_M2, one more for what is larger. ``free_within`` is an index into
    MONTHS, ``free_by`` any day. ``text`` is what somebody looks for by its name, street, district or ref.
    """

    kinds: frozenset[str] = frozenset()
    outlooks: frozenset[str] = frozenset()
    facilities: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    sizes: frozenset[int] = frozenset()
    free_within: int | None = None
    free_by: date | None = None
    district: str | None = None
    text: str | None = None


class Columns:
    """Some rows of the index, column by column, read only as far as they are asked for."""

    def __init__(self, columns: dict[str, Any], outlook: Any, rows: Any, holding: Callable[[str], Mask]) -> None:
        self._columns, self._outlook, self._rows, self._holding = columns, outlook, rows, holding

    def __getitem__(self, name: str) -> Any:
        return self._columns[name][self._rows]

    @property
    def is_free(self) -> Any:
        """Which of them are free, now or soon."""
        return self._outlook[self._rows] == 0

    def holding(self, text: str) -> Mask:
        """Which of them hold the words of a text."""
        return np.asarray(self._holding(text)[self._rows])


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question.

    Attributes:
        name: in an address.
        field: of ``Filter``.
        kind: ``several`` or ``one`` of the choices, a ``day``, a ``ref`` or a ``text``.
        choices: the texts that an address may give.
        is_number: whether a place among the choices is meant, not the text.
        keep: which rows of the index's columns fit a value that is asked for, given the rows' outlooks too; None
            where the facts are folded into the patterns (``facets``).
    """

    name: str
    field: str
    kind: str = "several"
    choices: tuple[str, ...] = ()
    is_number: bool = False
    keep: Callable[[Columns, Any], Mask | None] | None = None

    def is_asked(self, wanted: Filter) -> bool:
        """Whether a filter asks it."""
        return bool(getattr(wanted, self.field) != self.nothing)

    @property
    def nothing(self) -> Any:
        """What a filter has in this field when it does not ask it."""
        return frozenset() if self.kind == "several" else None


def _for_uses(rows: Columns, uses: frozenset[str]) -> Mask:
    return np.asarray((rows["uses"] & sum(USES[use] for use in uses)) != 0)


def _with_rare(rows: Columns, facilities: frozenset[str]) -> Mask | None:
    """Of facilities, those that have no chip; the others are folded in."""
    rare = sum(FACILITIES[name] for name in facilities.difference(CHIPS))
    return np.asarray((rows["facilities"] & rare) == rare) if rare else None


def _free_by(rows: Columns, day: date) -> Mask:
    return np.asarray((rows["free_from"] <= day.toordinal()) & rows.is_free)


def _in_district(rows: Columns, ref: str) -> Mask:
    return np.asarray(rows["district_ref"] == number_of(ref, -1))


SIZE_CHOICES = tuple(str(i) for i in range(len(SIZES_M2) + 1))
_MONTH_CHOICES = ("now", *(str(month) for month in MONTHS[1:]))

# In the order in which an address writes them.
PARTS: dict[str, Part] = {
    each.name: each
    for each in (
        Part("kind", "kinds", choices=KINDS),
        Part("outlook", "outlooks", choices=OUTLOOKS),
        Part("use", "uses", choices=tuple(USES), keep=_for_uses),
        Part("size", "sizes", choices=SIZE_CHOICES, is_number=True),
        Part("has", "facilities", choices=tuple(FACILITIES), keep=_with_rare),
        Part("free", "free_within", "one", _MONTH_CHOICES, is_number=True),
        Part("from", "free_by", "day", keep=_free_by),
        Part("district", "district", "ref", keep=_in_district),
        Part("q", "text", "text", keep=Columns.holding),
    )
}


def narrowing(rows: Columns, wanted: Filter) -> list[Mask]:
    """Which rows fit each part that is asked for and is not folded in."""
    asked = (part for part in PARTS.values() if part.keep is not None and part.is_asked(wanted))
    masks = (part.keep(rows, getattr(wanted, part.field)) for part in asked if part.keep)
    return [mask for mask in masks if mask is not None]
