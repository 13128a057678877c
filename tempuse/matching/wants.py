"""Questions as columns, for the matching of many of them at once; one question is a column of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.facts import NO, NOT_SAID, YES
from tempuse.matching.functions import NOTHING, WORKS
from tempuse.matching.table import PLACES, USUAL, Scale, weigh
from tempuse.offers import LATE
from tempuse.refs import number_of
from tempuse.vocabulary import Facility, SpaceKind, Theme, UseCategory
from tempuse.wanted import GROUPS, KEYS, Wanted
from tempuse.week import ALL

_KINDS = tuple(each.value for each in SpaceKind)
_HOURS = 21  # bytes of the hours of a week
_USES = {each.value: 1 << each.bit for each in UseCategory}
_THEMES = {each.value: 1 << each.bit for each in Theme}
BITS = {f"facility:{each.value}": 1 << each.bit for each in Facility}


@dataclass(frozen=True, slots=True)
class Wants:
    """Columns of questions as they are on one day, under one city's weights; one element a question, shape (m,).

    Attributes:
        today: the day.
        scale: how the city weighs.
        columns: int64, by name, what the functions read; NOTHING for what is not asked.
        lon: float64, degrees, NaN where no point is named; ``lat`` likewise.
        hours: uint8, bits of the hours of the week that are wanted, all of them where none are named, shape (m, 21).
        districts: int32, numbers of the districts that are named, shape (m, most), -2 where there are fewer.
        asked: bool, which criteria are looked at, shape (len(KEYS), m).
        musts: bool, likewise, which are musts.
        weights: int32, likewise, thousandths; 0 for what is not looked at.
        total: int64, the sum of the weights.
        asking: by the place of a key, the questions that ask it; ``bound`` those of which it is a must.
    """

    today: date
    scale: Scale
    columns: Mapping[str, NDArray[np.int64]]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    hours: NDArray[np.uint8]
    districts: NDArray[np.int32]
    asked: NDArray[np.bool_]
    musts: NDArray[np.bool_]
    weights: NDArray[np.int32]
    total: NDArray[np.int64]
    asking: tuple[NDArray[np.int64], ...]
    bound: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        return len(self.total)

    def keys_of(self, pick: int) -> list[int]:
        """The places, in KEYS, of what one question looks at."""
        return np.flatnonzero(self.asked[:, pick]).tolist()

    def musts_of(self, pick: int) -> list[int]:
        """The places, in KEYS, of one question's musts."""
        return np.flatnonzero(self.musts[:, pick]).tolist()


def wants(questions: Sequence[Wanted], today: date, scale: Scale = USUAL) -> Wants:
    """Questions as columns.

    Args:
        questions: any number of them.
        today: the day on which they are asked, in the city's time zone.
        scale: how the city weighs.
    """
    held = [_columns(each, today) for each in questions]
    columns = {name: np.array([each[name] for each in held], np.int64) for name in _NAMES}
    points = [each.near or (np.nan, np.nan) for each in questions]
    lon, lat = np.array(points, np.float64).reshape(-1, 2).T
    hours = b"".join((each.hours or ALL).to_bytes(_HOURS, "little") for each in questions)
    most = max((len(each.districts) for each in questions), default=0)
    districts = np.full((len(questions), most), -2, np.int32)
    for row, each in enumerate(questions):
        districts[row, : len(each.districts)] = [_district(ref) for ref in each.districts]
    weighed = np.zeros((len(KEYS), len(questions)), np.int32)
    asked, musts = np.zeros(weighed.shape, bool), np.zeros(weighed.shape, bool)
    for column, each in enumerate(questions):
        for key, weight in weigh(each, scale).items():
            place = PLACES[key]
            weighed[place, column], asked[place, column] = weight, True
            musts[place, column] = each.is_must(key)
    return Wants(
        today, scale, columns, np.ascontiguousarray(lon), np.ascontiguousarray(lat),
        np.frombuffer(hours, np.uint8).reshape(-1, _HOURS), districts, asked, musts, weighed,
        weighed.sum(axis=0, dtype=np.int64), _by_place(asked), _by_place(musts),
    )  # fmt: skip


def _district(ref: str) -> int:
    """The number of a district, -2 for one that no register has: an address may name any."""
    number = number_of(ref, -2)
    return number if number <= np.iinfo(np.int32).max else -2


def _by_place(flags: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
    """By the place of a key, the questions with a flag, in one pass."""
    places, picks = np.nonzero(flags)
    begins = np.searchsorted(places, np.arange(len(KEYS) + 1)).tolist()
    return tuple(picks[start:end] for start, end in pairwise(begins))


def _columns(wanted: Wanted, today: date) -> dict[str, Any]:
    """The numbers of one question."""

    def number(value: float | None, scale: int = 1) -> int:
        return NOTHING if value is None else round(value * scale)

    def flag(value: bool | None) -> int:
        return NOT_SAID if value is None else YES if value else NO

    first = max(wanted.starts_on or today, today).toordinal()
    return {
        "uses": sum(_USES[each] for each in wanted.uses),
        "kinds": sum(1 << _KINDS.index(each) for each in wanted.kinds),
        "themes": sum(_THEMES[each] for each in wanted.themes),
        "area_least": number(wanted.area_least_m2, 100),
        "area_most": number(wanted.area_most_m2, 100),
        "persons": number(wanted.persons),
        "today": today.toordinal(),
        "earliest": first,
        "by": LATE if wanted.last_start is None else wanted.last_start.toordinal(),
        "days": number(wanted.days_least(today)),
        "hours": (wanted.hours or ALL).bit_count(),
        "within": NOTHING if wanted.near is None else number(wanted.within_m),
        "ceiling": number(wanted.ceiling_cm),
        "door": number(wanted.door_cm),
        "floor_load": number(wanted.floor_load_kg_m2),
        "noise": number(wanted.noise_db),
        "works": NOTHING if wanted.works is None else WORKS.index(wanted.works),
        "budget_month": number(wanted.budget_month_cents),
        "budget_start": number(wanted.budget_start_cents),
        "group": 0 if wanted.group is None else GROUPS.index(wanted.group) + 1,
        "insured": flag(wanted.insured),
        "gives": flag(wanted.gives_public_access),
    }


_NAMES = tuple(_columns(Wanted(), date.min))
