"""Offers: published spaces that may be asked for, as columns; what a question is matched against.

The map index makes them of its rows (``MapIndex.offers``), the office of a record itself
(``publication.offer.offer_of``). A column has one element a space, shape (n,); what is not known is NaN in a column of
decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tempuse.durations import least_days, most_days
from tempuse.facts import EPOCH, TRAITS, UNKNOWN, UNKNOWN_NOISE, More

# Days as proleptic ordinals; before and after everything.
EARLY, LATE = -(2**31), 2**31 - 1

Array = NDArray[Any]

_HOURS = 21  # bytes of the hours of a week
# What a processor keeps beside it while it asks a few musts; spaces in the order of the map lie near each other.
BLOCK = 32_768


class Few(NamedTuple):
    """What few spaces have, as columns.

    Attributes:
        rows: places of those that others share, ascending, shape (k,).
        taken: uint8, bits of the hours of the week that others have, shape (k, 21).
        again: places of those that are free again later, one for each further stretch, ascending, shape (s,).
        first: the first day of that stretch; ``last`` its last.
    """

    rows: Array
    taken: Array
    again: Array
    first: Array
    last: Array


def _few(more: Mapping[int, More]) -> Few:
    rows = sorted(more)
    taken = b"".join(more[row].taken.to_bytes(_HOURS, "little") for row in rows)
    stretches = [(row, first, last) for row in rows for first, last in more[row].further.tolist()]
    days = np.array(stretches, np.int64).reshape(-1, 3)
    held = np.frombuffer(taken, np.uint8).reshape(-1, _HOURS)
    return Few(np.array(rows, np.int64), held, days[:, 0], days[:, 1], days[:, 2])


def _bounds(lon: Array, lat: Array, spread: Array) -> Array:
    starts = np.arange(0, len(lon), BLOCK)
    if not len(starts):
        return np.zeros((0, 5))
    ends = ((np.minimum, lon), (np.minimum, lat), (np.maximum, lon), (np.maximum, lat), (np.maximum, spread))
    return np.stack([end.reduceat(column, starts) for end, column in ends], axis=1, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Offers:
    """Columns of spaces that may be asked for: offered, not occupied for good, and not over.

    Attributes:
        number: int32, the digits of the ref.
        lon: float64, EPSG:4326, as the public may know it; NaN without a place.
        lat: likewise.
        spread: float32, metres that the true place may lie from there; inf without a place.
        district: int32, number of the district's ref, -1 for none.
        kind: uint8, place in the list of SpaceKind.
        uses: uint16, bits of the uses that it suits; 0 where nobody said.
        excluded: uint16, bits of the uses that the owner does not want.
        favoured: uint16, bits of the themes that the owner would like.
        yes: uint16, bits of the facilities that are there; ``no`` of those that are known not to be.
        area_low: float32, m2, NaN where it was not measured; ``area_high`` likewise, inf where a band has no end.
        from_low: int32, the earliest day on which it may be free; EARLY where that is already so.
        from_high: int32, the latest such day; LATE where somebody uses it and nobody said until when.
        until: int32, the last day on which it is to be had for sure, LATE where none is named.
        until_high: int32, the last day on which it may still be; later only where ``until`` is told by the month.
        longest: float32, longest stay in days, NaN for none named; ``shortest`` likewise. Who named months or years
            has so many of the calendar's, as ``durations`` says.
        cost_low: float32, cents a month at least; ``cost_high`` at most, inf where a part is not known.
        start_low: float32, cents once at the start at least; ``start_high`` at most.
        persons: float32, people who may be in it; ``ceiling`` cm, ``door`` cm, ``floor_load`` kg/m2, ``noise`` dB,
            ``step`` cm.
        condition: uint8, place in ``facts.CONDITIONS``; ``surroundings`` and ``soil`` likewise in their lists.
        registered: uint8, ``facts.NOT_SAID``, NO or YES; ``insurance``, ``public_access`` and ``may_share`` likewise.
        shared: uint8, as ``Facts.shared``.
        shown_since: int32, the first day on which the public saw it, LATE where that is not known.
        more: by row, what few have: taken hours and further free stretches.
        few: the same as columns.
        bounds: float64, of each BLOCK of rows the least lon and lat, the most of both, and the most spread; NaN where
            a place is not known, shape (blocks, 5).
    """

    number: Array
    lon: Array
    lat: Array
    spread: Array
    district: Array
    kind: Array
    uses: Array
    excluded: Array
    favoured: Array
    yes: Array
    no: Array
    area_low: Array
    area_high: Array
    from_low: Array
    from_high: Array
    until: Array
    until_high: Array
    longest: Array
    shortest: Array
    cost_low: Array
    cost_high: Array
    start_low: Array
    start_high: Array
    persons: Array
    ceiling: Array
    door: Array
    floor_load: Array
    noise: Array
    step: Array
    condition: Array
    surroundings: Array
    soil: Array
    registered: Array
    insurance: Array
    public_access: Array
    may_share: Array
    shared: Array
    shown_since: Array
    more: Mapping[int, More]
    few: Few = field(init=False, repr=False, compare=False)
    bounds: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "few", _few(self.more))
        object.__setattr__(self, "bounds", _bounds(self.lon, self.lat, self.spread))

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: Array) -> Offers:
        """Some of them, by their places, in that order."""
        rare = np.flatnonzero(np.isin(rows, np.fromiter(self.more, np.int64, len(self.more))))
        held = {name: getattr(self, name)[rows] for name in COLUMNS}
        return Offers(**held, more={place: self.more[int(rows[place])] for place in rare.tolist()})


COLUMNS = tuple(each.name for each in fields(Offers) if each.name not in ("more", "few", "bounds"))
# How each column is held.
KINDS: dict[str, Any] = {
    **dict.fromkeys(COLUMNS, np.float32), **dict.fromkeys(("lon", "lat"), np.float64),
    **dict.fromkeys(("number", "district", "from_low", "from_high", "until", "until_high"), np.int32),
    "shown_since": np.int32,
    **dict.fromkeys(("uses", "excluded", "favoured", "yes", "no"), np.uint16),
    **dict.fromkeys(("kind", "condition", "surroundings", "soil", "shared"), np.uint8),
    **dict.fromkeys(("registered", "insurance", "public_access", "may_share"), np.uint8),
}  # fmt: skip
# Facts of LAYOUT that are decimals here, and those that are a trait of one byte.
_AS_THEY_ARE = ("spread", "area_high", "cost_low", "cost_high", "start_low", "start_high", "excluded", "favoured", "no")
_SMALL = ("persons", "ceiling", "door", "floor_load", "step")
_TRAITS = (
    "condition", "surroundings", "soil", "registered", "insurance", "public_access", "may_share", "shared",
)  # fmt: skip
_HELD = (
    "number", "lon", "lat", "district_ref", "kind", "uses", "facilities", "area_m2", "free_from", "free_until", "facts",
)  # fmt: skip
_UNIX = date(1970, 1, 1).toordinal()
# Packed facts lie one space after the other: so many are read again and again while they are near at hand.
_BLOCK = 16_384


def offers_of(held: Mapping[str, Array], rows: Array, today: date, more: Mapping[int, More]) -> Offers:
    """Offers as of a day: 123 bytes each.

    Args:
        held: columns of the same length: ``facts`` (of ``facts.LAYOUT``), number, lon, lat, district_ref (its number,
            -1 for none), kind (its place in the list), uses and facilities (bits), area_m2 (NaN where not measured),
            free_from and free_until (days; EARLY and LATE where none is named).
        rows: which of them.
        today: the day; what was free before is free.
        more: by place among the rows, what few have.
    """
    found = {name: np.empty(len(rows), KINDS[name]) for name in COLUMNS}
    for start in range(0, len(rows), _BLOCK):
        some = rows[start : start + _BLOCK]
        for name, values in _some({name: held[name].take(some) for name in _HELD}, today.toordinal()).items():
            found[name][start : start + _BLOCK] = values
    return Offers(**found, more=more)


def _some(held: Mapping[str, Array], today: int) -> dict[str, Array]:
    """The columns of a few of them."""
    facts = held["facts"]
    traits = facts["traits"].astype(np.uint32)
    from_low, from_high = _from(held["free_from"], traits, today)
    until = held["free_until"]
    since = facts["shown_since"].astype(np.int32)
    return {
        **{name: held[name] for name in ("number", "lon", "lat", "kind", "uses")},
        **{name: facts[name] for name in _AS_THEY_ARE},
        **{name: _known(facts[name], UNKNOWN) for name in _SMALL},
        **{name: TRAITS[name].of(traits) for name in _TRAITS},
        "longest": most_days(_known(facts["longest"], UNKNOWN)),
        "shortest": least_days(_known(facts["shortest"], UNKNOWN)),
        "district": held["district_ref"], "yes": held["facilities"], "area_low": held["area_m2"],
        "noise": _known(facts["noise"], UNKNOWN_NOISE), "from_low": from_low, "from_high": from_high,
        "until": until, "until_high": _until_high(until, traits),
        "shown_since": np.where(since == UNKNOWN, LATE, since + EPOCH),
    }  # fmt: skip


def _known(values: Array, unknown: int) -> Array:
    found = values.astype(np.float32)
    found[values == unknown] = np.nan
    return found


def _from(days: Array, traits: Array, today: int) -> tuple[Array, Array]:
    """The earliest and the latest day on which each may be free."""
    high = np.where(days <= today, EARLY, days)
    low = high.copy()
    by_month = np.flatnonzero(TRAITS["month_only"].of(traits) & (high > today))
    # The first of a month stands for any day after the first of the month before.
    low[by_month] = _months_on(high[by_month], -1) + 1
    low[low <= today] = EARLY
    high[(TRAITS["open_end"].of(traits) > 0) & (high == EARLY)] = LATE
    return low, high


def _until_high(until: Array, traits: Array) -> Array:
    """The latest last day of each: the last of a month stands for any day until the one before the next month's."""
    by_month = np.flatnonzero(TRAITS["until_month"].of(traits))
    if not len(by_month):
        return until
    high = until.copy()
    high[by_month] = _months_on(until[by_month] + 1, 1) - 2
    return high


def _months_on(firsts: Array, months: int) -> Array:
    """From the first day of a month that of some months later."""
    month = (firsts.astype(np.int64) - _UNIX).astype("M8[D]").astype("M8[M]") + months
    return np.asarray(month.astype("M8[D]").astype(np.int64) + _UNIX)
