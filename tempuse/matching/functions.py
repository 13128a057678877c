"""How well one fact of a space meets one thing that is asked: the functions of the criteria, (lo, hi) in thousandths.

``lo`` is certain to be had, ``hi`` may still turn out: equal where all is known, 0 and 1000 where nothing is. Every
input is a whole number, or an array of them; inputs broadcast, so that many spaces against one question and many
questions against one space are the same code, and answer the same on every machine. What is missing is NOTHING.

A function is never changed: kept matches name theirs by its id. ``size_2`` is added beside ``size_1``, and a file of
truth tables (``tests/matching/golden.json``) fails on an edit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.facts import CONDITIONS, NO, NOT_SAID, SOILS, SURROUNDINGS, YES
from tempuse.vocabulary import Condition, Contamination, SpaceKind, Surroundings, UseCategory, Works

Whole = NDArray[np.int64]
Answer = tuple[Whole, Whole]

FULL = 1000
# A number that is not known or not asked, and one that no number of ours reaches.
NOTHING, ENDLESS = -1, 10**12
# Days after the last on which it may begin, until a later start is worth nothing.
LATE_DAYS = 180
SHORT_DAYS = 30  # a stay that is shorter than this, and than what is needed, is none
QUIET_DB = 45  # who makes no more than this disturbs nobody
LOW_STEP_CM = 7  # a step that a wheelchair gets over with help

# Uses that a space which suits one may well suit too: to be asked, not to be taken for granted.
RELATED = (
    ("workshop", "studio"), ("rehearsal", "event"), ("meeting", "learning"), ("meeting", "event"),
    ("office", "learning"), ("shop", "food"), ("food", "event"),
)  # fmt: skip


def _related() -> Whole:
    """By every set of uses, as bits, those that are related to one of them."""
    bits = {each.value: 1 << each.bit for each in UseCategory}
    found = np.zeros(1 << (max(each.bit for each in UseCategory) + 1), np.int64)
    every = np.arange(len(found))
    for one, other in RELATED:
        found[every & bits[one] > 0] |= bits[other]
        found[every & bits[other] > 0] |= bits[one]
    return found


RELATED_TO = _related()

# By works (none, small, large) and condition; what is not in it is not known.
_REPAIRS = {
    Works.NONE: {"good": (1000, 1000), "fair": (500, 500), "poor": (0, 0), "unsafe": (0, 0)},
    Works.SMALL: {
        "good": (1000, 1000), "fair": (1000, 1000), "poor": (500, 500), "unsafe": (0, 0), "mixed": (500, 1000),
    },
    Works.LARGE: {
        "good": (1000, 1000), "fair": (1000, 1000), "poor": (1000, 1000), "unsafe": (500, 500), "mixed": (1000, 1000),
    },
}  # fmt: skip
REPAIRS = np.array([[_REPAIRS[works].get(each, (0, FULL)) for each in CONDITIONS] for works in Works], np.int64)
REPAIRS[:, CONDITIONS.index(Condition.NOT_APPLICABLE)] = FULL
WORKS = tuple(each.value for each in Works)
PLOT = [each.value for each in SpaceKind].index(SpaceKind.PLOT.value)

_CALM = {Surroundings.QUIET: (1000, 1000), Surroundings.LIVELY: (500, 500), Surroundings.LOUD: (0, 0)}
CALM = np.array([_CALM.get(Surroundings(each), (0, FULL)) for each in SURROUNDINGS], np.int64)
_CLEAN = {
    Contamination.NONE: (1000, 1000), Contamination.TREATED: (1000, 1000), Contamination.UNLIKELY: (500, 1000),
    Contamination.SUSPECTED: (0, 500), Contamination.CONFIRMED: (0, 0),
}  # fmt: skip
CLEAN = np.array([_CLEAN.get(Contamination(each), (0, FULL)) for each in SOILS], np.int64)


def _within(value: Any) -> Whole:
    """A value brought between nothing and all of it."""
    return np.asarray(np.clip(value, 0, FULL), np.int64)


def use_1(suitable: Any, excluded: Any, uses: Any) -> Answer:
    """What it suits; any one of the uses is enough. Bits of the uses, ``suitable`` 0 where nobody said."""
    welcome = uses & ~excluded
    named = suitable != 0
    suits = suitable & welcome != 0
    related = suitable & RELATED_TO[welcome] != 0
    some = welcome != 0
    lo = np.where(suits, FULL, np.where(named & related, 500, 0))
    hi = np.where(~named | suits | related, FULL, 500)
    return np.where(some, lo, 0), np.where(some, hi, 0)


def kind_1(kind: Any, kinds: Any) -> Answer:
    """What it is: its place in the list, and the bits of those that are asked."""
    found = np.where(kinds >> kind & 1, FULL, 0)
    return found, found


def size_1(area_low: Any, area_high: Any, least: Any, most: Any) -> Answer:
    """How large it is, all in hundredths of a m2; ``area_high`` ENDLESS for a band without end.

    A band is half open: its upper end is the first that is no longer of it.
    """
    known = area_low >= 0
    top = np.where((area_high > area_low) & (area_high < ENDLESS), area_high - 1, area_high)

    def fit(area: Any) -> Whole:
        up = np.where(least > 0, 2000 * area // np.maximum(least, 1) - 1000, FULL)
        down = np.where(most > 0, 2000 + -1000 * area // np.maximum(most, 1), FULL)
        return _within(np.minimum(up, down))

    at_low, at_top = fit(area_low), fit(top)
    meets = (top >= least) & ((most <= 0) | (area_low <= most))
    lo, hi = np.minimum(at_low, at_top), np.where(meets, FULL, np.maximum(at_low, at_top))
    return np.where(known, lo, 0), np.where(known, hi, FULL)


def start_1(from_low: Any, from_high: Any, today: Any, by: Any) -> Answer:
    """When it is free, as days; what was free before is free today."""

    def fit(day: Any) -> Whole:
        late = np.maximum(np.maximum(day, today) - by, 0)
        return _within(FULL + -FULL * late // LATE_DAYS)

    return fit(from_high), fit(from_low)


def term_1(stay_low: Any, stay_high: Any, longest: Any, shortest: Any, days: Any) -> Answer:
    """For how long it is to be had, in days, against the least that is needed.

    ``stay_low`` and ``stay_high``: days in a row from the day on which it could begin. An owner who wants somebody
    for longer than is asked is to be asked: who needs a year at least may well stay for two.
    """

    def fit(stay: Any) -> Whole:
        have = np.where(longest >= 0, np.minimum(stay, longest), stay)
        none = (have < SHORT_DAYS) & (have < days)
        return np.where(none, 0, _within(FULL * np.minimum(have, days) // np.maximum(days, 1)))

    lo, hi = fit(stay_low), fit(stay_high)
    asked_more = np.where(shortest > days, FULL * days // np.maximum(shortest, 1), FULL)
    return np.minimum(lo, asked_more), hi


def hours_1(shared: Any, taken: Any, hours: Any) -> Answer:
    """How many of the wanted ``hours`` of a week are free; ``taken``: those that others have.

    ``shared``: 0 nobody shares it, 1 somebody does and says when, 2 somebody does and nobody says when.
    """
    free = FULL * (hours - taken) // np.maximum(hours, 1)
    lo = np.where(shared == 0, FULL, np.where(shared == 1, free, 0))
    return lo, np.where(shared == 1, free, FULL)


def place_1(near_m: Any, far_m: Any, district: Any, within: Any) -> Answer:
    """Where it is: in metres from a point, at least and at most, or in one of the districts; the better of both.

    ``district``: 0 in none of them, 1 in one, 2 not known. ``within`` NOTHING: only districts are named.
    """

    def fit(far: Any) -> Whole:
        return np.where(within > 0, _within(2000 + -1000 * far // np.maximum(within, 1)), 0)

    lo, hi = np.where(district == 1, FULL, 0), np.where(district == 0, 0, FULL)
    return np.maximum(fit(far_m), lo), np.maximum(fit(near_m), hi)


def cost_1(cost_low: Any, cost_high: Any, budget: Any) -> Answer:
    """What it costs, in cents, at least and at most (ENDLESS: a part is not known); half as much again is too much."""

    def fit(cost: Any) -> Whole:
        over = _within((3000 * budget - 2000 * cost) // np.maximum(budget, 1))
        return np.where(cost <= budget, FULL, np.where(budget > 0, over, 0))

    return fit(cost_high), fit(cost_low)


def facility_1(yes: Any, no: Any, bit: Any) -> Answer:
    """Whether a facility is there; bits of those that are, of those that are not, and of the one that is asked."""
    return np.where(yes & bit, FULL, 0), np.where(no & bit, 0, FULL)


def step_free_1(yes: Any, no: Any, bit: Any, step: Any) -> Answer:
    """Whether it is reached without a step; a low one, in cm, is half of it."""
    low = (step >= 0) & (step <= LOW_STEP_CM)
    missing = np.where(low, 500, 0)
    return np.where(yes & bit, FULL, np.where(no & bit, missing, 0)), np.where(no & bit, missing, FULL)


def enough_1(have: Any, need: Any) -> Answer:
    """A height, a width, a load, a number of people: nothing below four fifths of what is needed."""
    fit = _within((5000 * have - 4000 * need) // np.maximum(need, 1))
    return np.where(have >= 0, fit, 0), np.where(have >= 0, fit, FULL)


def noise_1(limit: Any, made: Any) -> Answer:
    """How loud one may be, in dB; ten more than allowed is worth nothing."""
    fit = _within(FULL - 100 * (made - limit))
    calm = made <= QUIET_DB
    return np.where(calm, FULL, np.where(limit >= 0, fit, 0)), np.where(calm | (limit < 0), FULL, fit)


def quiet_1(surroundings: Any) -> Answer:
    """How loud it is around, by its place in the list."""
    return CALM[surroundings, 0], CALM[surroundings, 1]


def condition_1(condition: Any, kind: Any, works: Any) -> Answer:
    """In what state it is, by what the group would mend itself; land has none."""
    lo, hi = REPAIRS[works, condition, 0], REPAIRS[works, condition, 1]
    return np.where(kind == PLOT, FULL, lo), np.where(kind == PLOT, FULL, hi)


def soil_1(soil: Any) -> Answer:
    """Whether harmful substances were found, by its place in the list."""
    return CLEAN[soil, 0], CLEAN[soil, 1]


# By group: not said, registered, guaranteed, informal.
_REGISTERED = np.array([(0, 1000), (1000, 1000), (500, 1000), (0, 0)], np.int64)
_INSURED = np.array([(0, 1000), (0, 0), (1000, 1000)], np.int64)


def terms_1(registered: Any, insurance: Any, group: Any, insured: Any) -> Answer:
    """Whether the group meets what the owner asks of it; the worse of both, met where nothing is asked."""

    def fit(end: int) -> Whole:
        one = np.where(registered == YES, _REGISTERED[group, end], FULL)
        return np.minimum(one, np.where(insurance == YES, _INSURED[insured, end], FULL))

    return fit(0), fit(1)


def wishes_1(favoured: Any, public_access: Any, themes: Any, gives: Any) -> Answer:
    """What the owner hoped for, as far as both sides name it; the worse of both."""
    by_theme = np.where((favoured != 0) & (themes != 0), np.where(favoured & themes, FULL, 500), NOTHING)
    by_access = np.where((public_access == YES) & (gives != NOT_SAID), np.where(gives == NO, 500, FULL), NOTHING)
    named = (by_theme >= 0) | (by_access >= 0)
    worse = np.minimum(np.where(by_theme >= 0, by_theme, FULL), np.where(by_access >= 0, by_access, FULL))
    return np.where(named, worse, 0), np.where(named, worse, FULL)
