"""When three hundred thousand permits are, and how they stand: what a large register of them is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import numpy as np

SEED = 2711
# Value, weight: how three hundred thousand permits stand after ten years.
MIX = (
    ("handed_back", 0.70), ("handed_over", 0.12), ("signed", 0.03), ("approved", 0.02), ("submitted", 0.025),
    ("under_review", 0.02), ("information_requested", 0.01), ("draft", 0.005), ("refused", 0.04), ("withdrawn", 0.02),
    ("revoked", 0.01),
)  # fmt: skip
CLAIMED = frozenset({"handed_back", "handed_over", "signed", "approved"})
SHARED = 0.046  # of the spaces: by hours
LANES = (1, 4, 16)  # Monday, Wednesday, Friday


@dataclass(slots=True)
class Plan:
    """One permit before it is written: where, how it stands, its days; the weekday's bit where it is by hours."""

    place: int
    status: str
    asked_on: date
    starts_on: date
    ends_on: date
    weekdays: int = 0


class Place(NamedTuple):
    """What a permit needs to know of its space."""

    id: int
    ref: str
    is_citys: bool
    is_there: bool


def plans(places: Sequence[Place], count: int, today: date) -> list[Plan]:
    """So many permits on these spaces, the first to be asked for first; what is claimed never meets."""
    rng, random = np.random.default_rng(SEED), Random(SEED)
    made: list[Plan] = []
    for place, number in enumerate(rng.multinomial(count, np.full(len(places), 1 / len(places))).tolist()):
        made += _of_space(random, place, places[place].is_there, number, today)
    return sorted(made, key=lambda each: (each.asked_on, each.place))


def _of_space(random: Random, place: int, is_there: bool, number: int, today: date) -> Iterator[Plan]:
    values, weights = zip(*MIX, strict=True)
    statuses = random.choices(values, weights, k=number)
    if not is_there:  # retired or withheld: only what is over
        statuses = [each if each in ("handed_back", "refused", "withdrawn") else "handed_back" for each in statuses]
    lanes = LANES if random.random() < SHARED else (0,)
    for lane, weekdays in enumerate(lanes):
        claimed = [each for each in statuses if each in CLAIMED][lane :: len(lanes)]
        yield from _lane(random, place, claimed, weekdays, today)
    for status in statuses:
        if status in CLAIMED:
            continue
        is_open = status not in ("refused", "withdrawn", "revoked")
        asked = today - timedelta(days=random.randint(0, 60) if is_open else random.randint(40, 3500))
        starts = asked + timedelta(days=random.randint(65, 300))
        yield Plan(place, status, asked, starts, starts + timedelta(days=random.randint(6, 700)),
                   random.choice(lanes))  # fmt: skip


def _lane(random: Random, place: int, claimed: Sequence[str], weekdays: int, today: date) -> Iterator[Plan]:
    """What follows one upon the other: stays that are over, one that runs, those to come."""
    longest = 1826 if weekdays else 700
    days = timedelta(days=1)
    lately = today - 4 * days
    past = claimed.count("handed_back") + max(claimed.count("handed_over") - 1, 0)
    first_free = today + random.randint(-3, 90) * days
    if "handed_over" in claimed:
        starts = today - random.randint(1, longest) * days
        ends = today + (random.randint(-40, -1) if random.random() < 0.02 else random.randint(0, longest)) * days
        ends = max(ends, starts)
        yield Plan(place, "handed_over", _before(random, starts, today), starts, ends, weekdays)
        lately, first_free = starts, max(ends, today) + random.randint(1, 30) * days
    for _ in range(past):
        ends = lately - random.randint(1, 120) * days
        starts = ends - random.randint(30, longest) * days
        yield Plan(place, "handed_back", _before(random, starts, today), starts, ends, weekdays)
        lately = starts
    for status in claimed:
        if status in ("signed", "approved"):
            ends = first_free + random.randint(6, longest) * days
            yield Plan(place, status, _before(random, first_free, today), first_free, ends, weekdays)
            first_free = ends + random.randint(1, 30) * days


def _before(random: Random, starts: date, today: date) -> date:
    return min(starts, today) - timedelta(days=random.randint(15, 120))
