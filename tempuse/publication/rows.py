"""What a published thing is: one row for the public, and the facts by which it can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tempuse.vocabulary import LocationLevel, Term


@dataclass(slots=True, kw_only=True)
class Published:
    """One row of what the public may see (``store.published``).

    Attributes:
        collection: which collection it belongs to.
        ref: what it is called.
        geometry: what is drawn, None for nothing.
        feature: its GeoJSON, as every door gives it.
        lon: where the map index holds it: inside the exact shape, the middle of its square, its district's anchor.
        lat: the same.
        facts: the values of its collection's queryables; what is not there is empty.
        next_change_at: when the calendar will change the row, None when it will not.
        seen_on: the first day on which the public sees it, where its record does not keep that yet.
    """

    collection: str
    ref: str
    geometry: Any
    feature: str
    lon: float | None = None
    lat: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    next_change_at: datetime | None = None
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Queryable:
    """A fact by which published things can be found: a column of ``published``, and one of the map index.

    Attributes:
        name: of the column.
        kind: ``choice`` (a value of a list), ``bits`` (a set of such values as one whole number), ``ref``, ``number``,
            ``day`` (stored as its proleptic ordinal; 1 is 0001-01-01), ``text`` (folded) or ``facts`` (bytes, see
            ``tempuse.facts``).
        value: what it is of a thing, given whatever its collection gives.
        of: the list of values.
        noun: of a ref, whose.
        late: whether a day that is not known counts as late as can be; else as early.
    """

    name: str
    kind: str
    value: Callable[[Any], Any]
    of: type[Term] | None = None
    noun: str | None = None
    late: bool = False

    @property
    def empty(self) -> Any:
        """What stands where nothing is known."""
        return 0 if self.kind == "bits" else None


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of thing that the public may see.

    Attributes:
        name: as addresses and rows have it.
        noun: whose refs its rows bear.
        queryables: by what they can be found.
        levels: how precisely their places may be shown.
        has_rule: whether settings, districts and the calendar decide what is seen of them.
        publish: makes the public row of a record, None where the public sees nothing of it; for a collection whose
            rows follow from their records alone. The others have a row of their own in ``registry.origins``.
    """

    name: str
    noun: str
    queryables: tuple[Queryable, ...]
    levels: tuple[LocationLevel, ...] = (LocationLevel.EXACT,)
    has_rule: bool = False
    publish: Callable[[Any], Published | None] | None = None


def facts(queryables: Sequence[Queryable], thing: Any) -> dict[str, Any]:
    """The values of queryables for one thing."""
    return {each.name: each.value(thing) for each in queryables}


def ordinal(day: date | None) -> int | None:
    """A day as a whole number."""
    return None if day is None else day.toordinal()
