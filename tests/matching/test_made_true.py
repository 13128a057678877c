"""Case 13: what a near miss says, done as it is said, brings the space; less does not, and nothing smaller does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from tempuse import matching
from tempuse.matching import CRITERIA, NearMiss
from tempuse.matching.concessions import eased
from tempuse.matching.functions import FULL
from tempuse.wanted import NEVER_OFFERED, Wanted
from tests.matching.columns import TODAY
from tests.matching.crowds import crowd, pressed

NEEDS, MOST = 500, 4
OFFERS = crowd(300, 13)
MONTH, LATEST = 31, 180
# What is said of each number is rounded to so much, in the direction in which less is asked.
ROUNDED = {
    "place": ("within_m", 100), "cost": ("budget_month_cents", 100), "start_money": ("budget_start_cents", 100),
    "ceiling": ("ceiling_cm", -1), "door": ("door_cm", -1), "floor_load": ("floor_load_kg_m2", -1),
    "persons": ("persons", -1), "noise": ("noise_db", -1),
}  # fmt: skip


def listed(questions: list[Wanted], rows: Any) -> list[set[int]]:
    """By question the places among these rows that it lists."""
    found: list[set[int]] = [set() for _ in questions]
    hits = matching.sweep(OFFERS.take(np.atleast_1d(rows)), matching.wants(questions, TODAY))
    for place, pick in zip(hits.rows.tolist(), hits.picks.tolist(), strict=True):
        found[pick].add(place)
    return found


def a_little_less(wanted: Wanted, miss: NearMiss) -> Wanted | None:
    """The question with a change that is smaller by what it is rounded to; None for what is there or not."""
    (change,), changed = miss.changes, miss.wanted
    key, value = change.key, change.value
    if key in ROUNDED and value is not None:
        field, by = ROUNDED[key]
        return eased(wanted, **{field: getattr(changed, field) - by})
    if key == "size":
        if changed.area_least_m2 != wanted.area_least_m2:
            return eased(wanted, area_least_m2=(changed.area_least_m2 or 0) + 1)
        return eased(wanted, area_most_m2=(changed.area_most_m2 or 0) - 1)
    if key == "start" and isinstance(value, date):
        in_months = (value - (wanted.last_start or value)).days > MONTH
        return eased(wanted, starts_by=(value.replace(day=1) if in_months else value) - timedelta(days=1))
    if key == "term" and changed.term_months is not None:
        return eased(wanted, term_months=changed.term_months + 1)
    if key == "term":
        return eased(wanted, term_months=None, term_days=(changed.term_days or 0) + 1)
    return None


def every_change(wanted: Wanted, key: str) -> Iterator[Wanted]:
    """What could be said of a must: that it is none where something is there or not, or each lesser number."""
    if key in ("kind", "use") or key.startswith("facility:"):
        yield wanted.without(key)
    elif key in ROUNDED and (value := getattr(wanted, ROUNDED[key][0])) is not None:
        field, by = ROUNDED[key]
        ends = range(value + by, 2 * value + by, by) if by > 0 else range(value - 1, value // 2, -1)
        yield from (eased(wanted, **{field: each}) for each in ends)
    elif key == "size":
        least, most = int(wanted.area_least_m2 or 0), int(wanted.area_most_m2 or 0)
        yield from (eased(wanted, area_least_m2=float(each)) for each in range(1, least))
        yield from (eased(wanted, area_most_m2=float(each)) for each in range(most + 1, 2 * most))
    elif key == "start" and (last := wanted.last_start) is not None:
        yield from (eased(wanted, starts_by=last + timedelta(days=each)) for each in range(1, LATEST))
    elif key == "term":
        yield from (eased(wanted, term_months=None, term_days=each) for each in range(1, wanted.days_least(TODAY) or 1))


def missed_by_one(wanted: Wanted) -> dict[int, tuple[str, int]]:
    """The slow way: of each space that misses by one must alone which, and the price of all that it lacks of it.

    What has no part of what is asked, where it could have a part, is far off and not near.
    """
    judged = matching.judge(OFFERS, wanted, TODAY)
    failed = (judged.hi < FULL) & judged.musts[:, None]
    alone = np.flatnonzero(failed.sum(axis=0) == 1)
    at = np.argmax(failed[:, alone], axis=0)
    lacks = FULL - judged.hi[at, alone]
    return {
        row: (key, int(lack) * (CRITERIA[key].price or 0))
        for row, key, lack in zip(alone.tolist(), (judged.keys[each] for each in at), lacks, strict=True)
        if key not in NEVER_OFFERED and (lack < FULL or key == "kind" or key.startswith("facility:"))
    }


def test_five_hundred_needs_get_what_they_are_told() -> None:
    told: dict[str, int] = {}
    for wanted in map(pressed, range(NEEDS)):
        ranking = matching.rank(OFFERS, wanted, TODAY, most_near=MOST)
        before = np.flatnonzero(matching.judge(OFFERS, wanted, TODAY).tier != matching.NEAR)
        for miss in ranking.near:
            both = np.append(before, miss.row)
            assert listed([miss.wanted], both) == [set(range(len(both)))], (wanted, miss)
            for change in miss.changes:
                told[change.key] = told.get(change.key, 0) + 1
        alone = missed_by_one(wanted)
        singles = [miss for miss in ranking.near if len(miss.changes) == 1]
        assert [(miss.changes[0].key, miss.cost) for miss in singles] == [alone[miss.row] for miss in singles]
        for miss in singles:
            if (less := a_little_less(wanted, miss)) is not None:
                assert listed([less], miss.row) == [set()], (wanted, miss)
        enough = ranking.near[-1].cost if len(singles) == MOST else None
        for row, (key, cost) in alone.items():
            if (enough is None or cost < enough) and row not in {miss.row for miss in singles}:
                assert not any(listed(list(every_change(wanted, key)), row)), (wanted, row, key)
    assert {"use", "kind", "size", "start", "place", "cost", "ceiling", "noise"} <= set(told), told
