"""Many spaces at random, as columns, and questions as people press them: for properties of lists, and for speed."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np

from tempuse.facts import CONDITIONS, SOILS, SURROUNDINGS, More
from tempuse.geometry import morton_keys
from tempuse.offers import EARLY, KINDS, LATE, Offers
from tempuse.vocabulary import Facility, UseCategory, Works
from tempuse.wanted import Wanted
from tests.matching.columns import HERE, TODAY

_FACILITIES = [each.value for each in Facility]


def crowd(count: int, seed: int, *, wide: float = 0.2, rare: float = 0.02) -> Offers:
    """So many spaces in the map's order, strewn over ``wide`` degrees around HERE; a ``rare`` part of them is shared or
    free again.
    """
    rng = np.random.default_rng(seed)

    def gaps(values: Any, share: float) -> Any:
        return np.where(rng.random(count) < share, np.nan, values)

    today = TODAY.toordinal()
    area = np.round(np.exp(rng.normal(4.6, 1.1, count)), 1)
    bands = np.array([0, 20, 50, 100, 200, 500, 1000, 2000, 5000, np.inf])
    place = np.searchsorted(bands, area, side="right")
    exact = rng.random(count) < 0.7
    low, high = np.where(exact, area, bands[place - 1]), np.where(exact, area, bands[place])
    measured = rng.random(count) < 0.9
    begins = np.where(rng.random(count) < 0.6, EARLY, today + rng.integers(1, 400, count))
    in_use = rng.random(count) < 0.05
    ends = np.where(rng.random(count) < 0.5, LATE, today + rng.integers(0, 1500, count))
    cost = rng.choice([0, 5_000, 12_000, 20_000, 45_000, 90_000], count)
    money = rng.choice([0, 0, 30_000, 100_000], count)
    yes = rng.integers(0, 1 << 13, count) & rng.integers(0, 1 << 13, count)
    no = ~yes & rng.integers(0, 1 << 13, count) & rng.integers(0, 1 << 13, count)
    uses = (1 << rng.integers(0, 14, count)) | (1 << rng.integers(0, 14, count))
    placed = rng.random(count) < 0.97
    coarse = rng.random(count) < 0.2
    more: dict[int, More] = {}
    shared = np.where(rng.random(count) < rare, rng.integers(1, 3, count), 0)
    later = rng.random(count) < rare / 4
    for row in np.flatnonzero((shared == 1) | later).tolist():
        start = int(max(min(ends[row], today + 900), today)) + 30
        further = [(start, start + 300)] if later[row] else []
        more[row] = More(0b111 << int(rng.integers(0, 160)), np.array(further, np.int32).reshape(-1, 2))
    values: dict[str, Any] = {
        "number": np.arange(1, count + 1), "lon": np.where(placed, HERE[0] + rng.normal(0, wide, count), np.nan),
        "lat": np.where(placed, np.clip(HERE[1] + rng.normal(0, wide / 2, count), -89, 89), np.nan),
        "spread": np.where(placed, np.where(coarse, 353.55, 0), np.inf), "district": rng.integers(-1, 12, count),
        "kind": rng.integers(0, 3, count), "uses": np.where(rng.random(count) < 0.15, 0, uses),
        "excluded": np.where(rng.random(count) < 0.9, 0, rng.integers(0, 1 << 14, count)),
        "favoured": np.where(rng.random(count) < 0.9, 0, 1 << rng.integers(0, 12, count)), "yes": yes, "no": no,
        "area_low": np.where(measured, low, np.nan), "area_high": np.where(measured, high, np.nan),
        "from_low": begins, "from_high": np.where(in_use, LATE, begins), "until": ends,
        "until_high": np.where((ends < LATE) & (rng.random(count) < 0.1), ends + 30, ends),
        "longest": gaps(rng.choice([180, 365, 1095], count), 0.7), "shortest": gaps(rng.choice([30, 365], count), 0.8),
        "cost_low": cost, "cost_high": np.where(rng.random(count) < 0.2, np.inf, cost), "start_low": money,
        "start_high": np.where(rng.random(count) < 0.3, np.inf, money),
        "persons": gaps(rng.integers(0, 200, count), 0.6),
        "ceiling": gaps(rng.integers(220, 600, count), 0.6), "door": gaps(rng.integers(70, 300, count), 0.6),
        "floor_load": gaps(rng.integers(150, 2000, count), 0.8), "noise": gaps(rng.integers(45, 90, count), 0.6),
        "step": gaps(rng.integers(0, 30, count), 0.7), "condition": rng.integers(0, len(CONDITIONS), count),
        "surroundings": rng.integers(0, len(SURROUNDINGS), count), "soil": rng.integers(0, len(SOILS), count),
        **{name: np.where(rng.random(count) < 0.8, 0, rng.integers(1, 3, count))
           for name in ("registered", "insurance", "public_access", "may_share")},
        "shared": shared, "shown_since": today - rng.integers(0, 2000, count),
    }  # fmt: skip
    where = _in_order(values["lon"], values["lat"])
    values |= {name: values[name][where] for name in ("lon", "lat", "spread")}
    return Offers(**{name: np.asarray(column, KINDS[name]) for name, column in values.items()}, more=more)


def _in_order(lon: Any, lat: Any) -> Any:
    """The order of the map: what has no place first, neighbours near each other."""
    known = np.isfinite(lon)
    keys = np.full(len(lon), -1, np.int64)
    keys[known] = morton_keys(lon[known], lat[known])
    return np.argsort(keys, kind="stable")


def pressed(seed: int, *, placed: bool | None = None, wide: float = 0.2) -> Wanted:
    """A question as somebody might press it: a use, a size, a day, a term, money, two or three facilities, a place."""
    rng = random.Random(seed)
    least = rng.choice([20, 40, 60, 100, 200])
    starts = TODAY + timedelta(rng.choice([0, 14, 45, 100]))
    is_placed = rng.random() < 0.6 if placed is None else placed
    return Wanted(
        uses=tuple(rng.sample([each.value for each in UseCategory], rng.choice([1, 1, 2]))),
        kinds=rng.choice([(), ("unit",), ("building", "unit")]), area_least_m2=float(least),
        area_most_m2=rng.choice([None, least * 2.0, least * 4.0]), starts_on=starts,
        starts_by=starts + timedelta(rng.choice([0, 60, 120])), term_months=rng.choice([None, 6, 12, 24]),
        hours=rng.choice([0, 0, 0b111 << rng.randrange(165)]),
        near=(HERE[0] + rng.uniform(-wide, wide), HERE[1] + rng.uniform(-wide / 2, wide / 2)) if is_placed else None,
        within_m=rng.choice([1000, 2000, 5000]) if is_placed else None,
        facilities=tuple(rng.sample(_FACILITIES, rng.choice([0, 1, 2, 3]))),
        persons=rng.choice([None, None, 20]), ceiling_cm=rng.choice([None, None, 300]),
        noise_db=rng.choice([None, 55, 70]), works=rng.choice([None, *(each.value for each in Works)]),
        budget_month_cents=rng.choice([None, 0, 15_000, 25_000, 60_000]),
        budget_start_cents=rng.choice([None, None, 50_000]), group=rng.choice([None, "registered", "informal"]),
        insured=rng.choice([None, True]), quiet=rng.random() < 0.1,
    )  # fmt: skip
