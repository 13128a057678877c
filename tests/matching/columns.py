"""Spaces and questions for the tests of matching: one at a time by what matters of it, many at random."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tempuse.facts import CONDITIONS, SOILS, SURROUNDINGS, More
from tempuse.offers import COLUMNS, EARLY, KINDS, LATE, Offers
from tempuse.vocabulary import Facility, SpaceKind, Theme, UseCategory

TODAY = date(2027, 1, 15)
HERE = (3.725, 51.054)
KIND = [each.value for each in SpaceKind]
USE = {each.value: 1 << each.bit for each in UseCategory}
THEME = {each.value: 1 << each.bit for each in Theme}
HAS = {each.value: 1 << each.bit for each in Facility}

# A space of which nobody said anything but that it is offered from today on, and where it is.
NOTHING_SAID: dict[str, Any] = {
    **dict.fromkeys(COLUMNS, 0),
    **dict.fromkeys(
        ("area_low", "area_high", "longest", "shortest", "persons", "ceiling", "door", "floor_load", "noise", "step"),
        np.nan,
    ),
    "lon": HERE[0], "lat": HERE[1], "district": -1, "kind": KIND.index("unit"), "from_low": EARLY, "from_high": EARLY,
    "until": LATE, "cost_low": 0, "cost_high": np.inf, "start_low": 0, "start_high": np.inf,
    "condition": CONDITIONS.index("unknown"), "surroundings": SURROUNDINGS.index("unknown"),
    "soil": SOILS.index("unknown"), "shown_since": LATE,
}  # fmt: skip


def spaces(*told: dict[str, Any]) -> Offers:
    """Spaces by what is told of each; their numbers are 1, 2, 3 unless they say otherwise."""
    rows = [
        {**NOTHING_SAID, "number": number, "until_high": each.get("until", LATE), **each}
        for number, each in enumerate(told, 1)
    ]
    more = {
        place: More(row.get("taken", 0), np.array(row.get("further", ()), np.int32).reshape(-1, 2))
        for place, row in enumerate(rows)
        if row["shared"] == 1 or "further" in row
    }
    return Offers(**{name: np.array([row[name] for row in rows], KINDS[name]) for name in COLUMNS}, more=more)


def of(low: float, high: float | None = None) -> dict[str, Any]:
    """An area, or a band of it."""
    return {"area_low": low, "area_high": low if high is None else high}


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


def north_of_here(metres: float) -> dict[str, Any]:
    """A place so far to the north of HERE."""
    return {"lon": HERE[0], "lat": HERE[1] + metres / (12_742_000 * np.pi / 360)}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """What is told of one space, near the edges of the questions of ``tests.test_questions``."""

    def maybe(most: int) -> float:
        value = draw(st.none() | st.integers(0, most))
        return np.nan if value is None else value

    def span(most: int) -> tuple[float, float]:
        low = draw(st.integers(0, most))
        return low, draw(st.sampled_from([low, low + 50, np.inf]))

    bits = st.integers(0, (1 << 14) - 1) | st.just(0)
    area = draw(st.sampled_from([(np.nan, np.nan), (50, 50), (60.25, 60.25), (20, 50), (50, 100), (200, np.inf)]))
    first = draw(st.sampled_from([EARLY, TODAY.toordinal(), *(TODAY.toordinal() + each for each in (1, 45, 200, 400))]))
    yes = draw(st.integers(0, (1 << 13) - 1))
    told: dict[str, Any] = {
        "kind": draw(st.integers(0, 2)), "uses": draw(bits), "excluded": draw(bits), "yes": yes,
        "favoured": draw(st.integers(0, 4095)), "no": draw(st.integers(0, (1 << 13) - 1)) & ~yes,
        "area_low": area[0], "area_high": area[1], "from_low": first,
        "from_high": draw(st.sampled_from([first, max(first, 0) + 30, LATE])),
        "until": draw(st.sampled_from([LATE, *(TODAY.toordinal() + each for each in (0, 10, 29, 100, 364, 365, 800))])),
        "longest": maybe(800), "shortest": maybe(800), "persons": maybe(60), "ceiling": maybe(500), "door": maybe(300),
        "floor_load": maybe(900), "noise": maybe(100), "step": maybe(20),
        "condition": draw(st.integers(0, len(CONDITIONS) - 1)),
        "surroundings": draw(st.integers(0, len(SURROUNDINGS) - 1)), "soil": draw(st.integers(0, len(SOILS) - 1)),
        **{name: draw(st.integers(0, 2)) for name in ("registered", "insurance", "public_access", "may_share")},
        "district": draw(st.integers(-1, 4)), "shared": draw(st.integers(0, 2)),
        "taken": draw(st.sampled_from([0, 0b111 << 43, (1 << 168) - 1, 1 << 100])),
    }  # fmt: skip
    told["cost_low"], told["cost_high"] = span(40_000)
    told["start_low"], told["start_high"] = span(80_000)
    where = draw(st.sampled_from([None, 0.0, 500.0, 999.6, 1_900.0, 2_010.0, 3_400.0, 900_000.0]))
    told.update({"lon": np.nan, "lat": np.nan, "spread": np.inf} if where is None else north_of_here(where))
    if where is not None:
        told["spread"] = draw(st.sampled_from([0.0, 353.55, 4_000.0, np.inf]))
    if draw(st.booleans()):
        begin = max(min(told["until"], TODAY.toordinal() + 900), TODAY.toordinal()) + draw(st.integers(5, 100))
        told["further"] = [(begin, begin + draw(st.integers(0, 500)))]
    return told
