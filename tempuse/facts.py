"""Facts: what a published space offers, packed into a few bytes, for the matching of a million of them.

Each row of spaces in ``published`` carries one such text of bytes (column ``facts``). Everything in it stands in the
row's feature as words too: nobody must read it. It begins with the number of its layout, and a register whose rows
have another layout is published anew. Numbers are little-endian. ``Facts`` tells of one space, ``LAYOUT`` of many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tempuse.vocabulary import Condition, Contamination, Surroundings

# The number of the layout below; another layout has another number.
VERSION = 1
# A small number that is not known; and the day that ``shown_since`` counts from.
UNKNOWN, LARGEST = 65_535, 65_534
EPOCH = date(2000, 1, 1).toordinal()

LAYOUT = np.dtype([
    ("version", "u1"), ("noise", "u1"), ("traits", "<u4"),
    ("area_high", "<f4"), ("spread", "<f4"), ("cost_low", "<f4"), ("cost_high", "<f4"), ("start_low", "<f4"),
    ("start_high", "<f4"), ("no", "<u2"), ("excluded", "<u2"), ("favoured", "<u2"), ("longest", "<u2"),
    ("shortest", "<u2"), ("persons", "<u2"), ("ceiling", "<u2"), ("door", "<u2"), ("floor_load", "<u2"),
    ("step", "<u2"), ("shown_since", "<u2"),
])  # fmt: skip
UNKNOWN_NOISE = 255
_HOURS = 21  # bytes of the hours of a week

CONDITIONS = tuple(each.value for each in Condition)
SURROUNDINGS = tuple(each.value for each in Surroundings)
SOILS = tuple(each.value for each in Contamination)
# Flags of three values as two bits.
NOT_SAID, NO, YES = 0, 1, 2


class Trait(NamedTuple):
    """Where a fact of few values stands among the bits of ``traits``."""

    shift: int
    width: int

    def of(self, traits: Any) -> Any:
        """Its value in one or many ``traits``."""
        return (traits >> self.shift) & ((1 << self.width) - 1)


# The last two: whether days come from claims that are told by the month only.
TRAITS = {
    "condition": Trait(0, 4), "surroundings": Trait(4, 2), "soil": Trait(6, 3), "registered": Trait(9, 2),
    "insurance": Trait(11, 2), "public_access": Trait(13, 2), "may_share": Trait(15, 2), "shared": Trait(17, 2),
    "open_end": Trait(19, 1), "month_only": Trait(20, 1),
    "until_month": Trait(21, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one published space offers, beside its queryables. What is None is not known.

    Attributes:
        area_high: upper end of its area in m2, inf where a band has none; equals the lower end where it is exact.
        spread: how far, in metres, its true place may lie from the place that is shown; inf without a place.
        cost_low: the least that it costs a month, in cents; ``cost_high`` the most, inf where a part is not known.
        start_low: the least that is paid once at the start, in cents; ``start_high`` likewise.
        no: bits of the facilities of which it is known that they are not there.
        excluded: bits of the uses that the owner does not want.
        favoured: bits of the themes that the owner would like.
        longest: longest stay in days; ``shortest`` likewise.
        noise: dB that are allowed.
        step: height of the highest step on the way in, in cm.
        shown_since: the first day on which the public saw it.
        condition: a value of Condition; ``surroundings`` of Surroundings, ``soil`` of Contamination.
        registered: whether only registered groups may have it; ``insurance`` whether they must be insured.
        public_access: whether the owner wants it open to everybody; ``may_share`` whether several groups may be in it.
        shared: 0 nobody shares it, 1 somebody does and ``taken`` says when, 2 somebody does and nobody says when.
        taken: bits of the hours of the week that others have (``tempuse.week``).
        open_end: whether somebody uses it and nobody said until when, unless its ``free_from`` is still to come.
        month_only: whether its ``free_from`` comes from a claim and is told by the month: the day may lie up to a
            month earlier.
        until_month: whether its ``free_until`` comes from a claim and is told by the month: the day may lie up to a
            month later.
        further: further stretches in which it is free, as first and last days (``date.max`` where none is named); only
            where the place is exact.
    """

    area_high: float | None = None
    spread: float = math.inf
    cost_low: float = 0.0
    cost_high: float = math.inf
    start_low: float = 0.0
    start_high: float = math.inf
    no: int = 0
    excluded: int = 0
    favoured: int = 0
    longest: int | None = None
    shortest: int | None = None
    persons: int | None = None
    ceiling: int | None = None
    door: int | None = None
    floor_load: int | None = None
    noise: int | None = None
    step: int | None = None
    shown_since: date | None = None
    condition: str = Condition.UNKNOWN.value
    surroundings: str = Surroundings.UNKNOWN.value
    soil: str = Contamination.UNKNOWN.value
    registered: bool | None = None
    insurance: bool | None = None
    public_access: bool | None = None
    may_share: bool | None = None
    shared: int = 0
    taken: int = 0
    open_end: bool = False
    month_only: bool = False
    until_month: bool = False
    further: tuple[tuple[date, date], ...] = ()


_SMALL = ("longest", "shortest", "persons", "ceiling", "door", "floor_load", "step")
_PLAIN = ("spread", "cost_low", "cost_high", "start_low", "start_high", "no", "excluded", "favoured")


def pack(facts: Facts) -> bytes:
    """The bytes of one space: LAYOUT, then its taken hours where they are told, then further free stretches."""
    row = np.zeros((), LAYOUT)
    row["version"] = VERSION
    for name in _PLAIN:
        row[name] = getattr(facts, name)
    row["area_high"] = math.nan if facts.area_high is None else facts.area_high
    for name in _SMALL:
        value = getattr(facts, name)
        row[name] = UNKNOWN if value is None else min(max(value, 0), LARGEST)
    row["noise"] = UNKNOWN_NOISE if facts.noise is None else min(max(facts.noise, 0), UNKNOWN_NOISE - 1)
    since = None if facts.shown_since is None else facts.shown_since.toordinal() - EPOCH
    row["shown_since"] = UNKNOWN if since is None else min(max(since, 0), LARGEST)
    row["traits"] = _traits(facts)
    more = b""
    if facts.shared == 1 or facts.further:
        days = np.array([[day.toordinal() for day in pair] for pair in facts.further], "<i4")
        more = facts.taken.to_bytes(_HOURS, "little") + days.tobytes()
    return row.tobytes() + more


def _traits(facts: Facts) -> int:
    values = {
        "condition": CONDITIONS.index(facts.condition), "surroundings": SURROUNDINGS.index(facts.surroundings),
        "soil": SOILS.index(facts.soil), "shared": facts.shared, "open_end": facts.open_end,
        "month_only": facts.month_only, "until_month": facts.until_month,
        **{name: _flag(getattr(facts, name)) for name in ("registered", "insurance", "public_access", "may_share")},
    }  # fmt: skip
    return sum(int(value) << TRAITS[name].shift for name, value in values.items())


def _flag(value: bool | None) -> int:
    return NOT_SAID if value is None else YES if value else NO


class More(NamedTuple):
    """What few spaces have: hours that others take, and further stretches in which a space is free.

    Attributes:
        taken: bits of the hours of the week.
        further: first and last days as ordinals, shape (stretches, 2).
    """

    taken: int
    further: NDArray[np.int32]


def unpack(packed: Sequence[bytes | None]) -> tuple[NDArray[Any], dict[int, More]]:
    """The facts of many rows.

    Args:
        packed: the bytes of each; None, or another layout, tells nothing.

    Returns:
        An array of LAYOUT, one element a row; and by row what few have. A row that tells nothing is that of
        ``Facts()``.
    """
    size, nothing = LAYOUT.itemsize, pack(Facts())
    known = [each if each and each[0] == VERSION and len(each) >= size else nothing for each in packed]
    rows = np.frombuffer(b"".join([each[:size] for each in known]), LAYOUT)
    more = {
        number: More(
            int.from_bytes(each[size : size + _HOURS], "little"),
            np.frombuffer(each[size + _HOURS :], "<i4").reshape(-1, 2),
        )
        for number, each in enumerate(known)
        if len(each) >= size + _HOURS
    }
    return rows, more
