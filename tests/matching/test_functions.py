"""The functions of the criteria against the formulas as the page of the criteria writes them, and what they keep."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse import matching
from tempuse.matching import functions
from tempuse.matching.functions import ENDLESS, FULL, NOTHING
from tempuse.matching.judging import Tally
from tempuse.wanted import Wanted
from tests.matching.columns import HERE, TODAY, of, rows, spaces
from tests.matching.questions import questions

whole = st.integers(1, 100_000)


def floor(value: Fraction | float) -> int:
    """Thousandths of a value, brought between nothing and all of it."""
    return math.floor(min(max(Fraction(value), Fraction(0)), Fraction(1)) * FULL)


def answer(function: Any, *inputs: int) -> tuple[int, int]:
    lo, hi = function(*(np.array(value) for value in inputs))
    return int(lo), int(hi)


@given(whole, whole, whole)
def test_size_is_as_written(area: int, least: int, more: int) -> None:
    most = least + more
    fit = floor(min(Fraction(2 * area, least) - 1, 2 - Fraction(area, most)))
    assert answer(functions.size_1, area, area, least, most) == (fit, fit)


@given(whole, whole, whole)
def test_money_places_and_heights_are_as_written(have: int, need: int, far: int) -> None:
    cost = floor(1 - Fraction(2 * (have - need), need))
    assert answer(functions.cost_1, have, have, need) == (cost, cost)
    place = floor(2 - Fraction(far, need)), floor(2 - Fraction(far + have, need))
    assert answer(functions.place_1, far, far + have, 0, need) == place[::-1]
    enough = floor((have - Fraction(4 * need, 5)) / Fraction(need, 5))
    assert answer(functions.enough_1, have, need) == (enough, enough)


@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000))
def test_days_are_as_written(day: int, today: int, by: int) -> None:
    late = floor(1 - Fraction(max(day, today) - by, functions.LATE_DAYS))
    assert answer(functions.start_1, day, day, today, by) == (late, late)
    days = by + 1
    stay = 0 if day < functions.SHORT_DAYS and day < days else floor(Fraction(day, days))
    assert answer(functions.term_1, day, day, NOTHING, NOTHING, days) == (stay, stay)


@settings(max_examples=40, deadline=None)
@given(st.lists(rows(), min_size=1, max_size=4), questions())
def test_a_row_that_tells_less_is_never_judged_otherwise(told: list[dict[str, Any]], wanted: Wanted) -> None:
    """A band for an area, a square for a place, a month for a day, nothing for a fact: each holds what is so."""
    exact, coarse = [], []
    for row in told:
        each = {**row, "spread": 0.0, **of(row["area_low"]), "from_high": row["from_low"], "shared": 0}
        exact.append(each)
        low = each["area_low"]
        band = of(low // 50 * 50, low // 50 * 50 + 50) if low == low else of(np.nan)
        told_later = {"from_high": max(each["from_low"], each["from_low"] + 30)}
        coarse.append({**each, **band, **told_later, "lat": each["lat"] + 0.002, "spread": 353.55, "shared": 2,
                       "ceiling": np.nan, "no": each["no"] & 0b101})  # fmt: skip
    before, after = (matching.judge(spaces(*some), wanted, TODAY) for some in (exact, coarse))
    assert ((after.lo <= before.lo) & (before.hi <= after.hi)).all()
    worse = {(matching.FITS, matching.NEAR), (matching.NEAR, matching.FITS)}
    assert not worse & set(zip(before.tier.tolist(), after.tier.tolist(), strict=True))
    assert (after.completeness <= before.completeness).all()


answers = st.lists(
    st.tuples(st.integers(1, 5), st.booleans(), st.integers(0, FULL), st.integers(0, FULL)), min_size=1, max_size=6
).map(lambda held: [(weight * 1000, must, min(ends), max(ends)) for weight, must, *ends in held])


def tallied(held: list[tuple[int, bool, int, int]]) -> tuple[int, int, int]:
    tally = Tally.of(1)
    for weight, must, lo, hi in held:
        tally.add(slice(None), np.array([lo]), np.array([hi]), weight, must)
    total = sum(weight for weight, *_ in held)
    return int(tally.lead()[0]), int(tally.score()[0]), int(tally.tier(total)[0])


@given(answers, st.integers(0, FULL), st.data())
def test_more_of_something_is_never_worse(
    held: list[tuple[int, bool, int, int]], raised: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(held) - 1))
    weight, must, lo, hi = held[place]
    lead, score, tier = tallied(held)

    def with_it(low: int, high: int) -> tuple[int, int, int]:
        return tallied([*held[:place], (weight, must, low, high), *held[place + 1 :]])

    surer = with_it(min(max(lo, raised), hi), hi)
    assert surer[0] >= lead
    assert surer[1] >= score
    assert surer[2] <= tier
    maybe = with_it(lo, max(hi, raised))
    assert maybe[0] >= lead
    assert maybe[1] >= score or maybe[1] == -1
    known = [(weight, must, value, value) for value in sorted((lo, raised))]
    less, more = (tallied([*held[:place], each, *held[place + 1 :]]) for each in known)
    assert (more[0] >= less[0], more[1] >= less[1], more[2] <= less[2]) == (True, True, True)


def test_a_band_without_end_and_a_place_without_a_place_are_open() -> None:
    offers = spaces({**of(50_000, np.inf), "lon": np.nan, "lat": np.nan, "spread": np.inf})
    judged = matching.judge(offers, Wanted(area_most_m2=60_000, near=HERE, within_m=500), TODAY)
    found = dict(zip(judged.keys, zip(judged.lo[:, 0].tolist(), judged.hi[:, 0].tolist(), strict=True), strict=True))
    assert (found["size"], found["place"]) == ((0, FULL), (0, FULL))
    assert ENDLESS > 10**10
