"""Why a space fits a question or does not: for each criterion its state and the numbers that a sentence needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tempuse.facts import CONDITIONS, NOT_SAID, SOILS, SURROUNDINGS, YES
from tempuse.matching.functions import ENDLESS, FULL, RELATED_TO
from tempuse.matching.pairs import Pairs
from tempuse.matching.table import USUAL, Scale
from tempuse.matching.wants import BITS, wants
from tempuse.offers import LATE, Offers
from tempuse.refs import ref_of
from tempuse.vocabulary import BitTerm, SpaceKind, Theme, UseCategory
from tempuse.wanted import KEYS, Wanted
from tempuse.week import ALL

Values = dict[str, Any]

_KINDS = tuple(each.value for each in SpaceKind)
_FOREVER = 365_000  # days of a stretch that has no end


@dataclass(frozen=True, slots=True)
class Reason:
    """What one criterion says of one space.

    Attributes:
        key: of the criterion.
        state: ``met``, ``partly``, ``not``, or ``open`` where more must be known.
        lo: thousandths that are certain; ``hi`` those that may still turn out.
        is_must: whether a space that fails it is no match.
        weight: thousandths.
        values: what a sentence needs, as ``reasons`` says.
    """

    key: str
    state: str
    lo: int
    hi: int
    is_must: bool
    weight: int
    values: Values


def reasons(offers: Offers, row: int, wanted: Wanted, today: date, scale: Scale = USUAL) -> list[Reason]:
    """Why one space fits a question or does not: failed musts first, then musts before wishes, the heavier first.

    Hours are said where they are named or not met, the owner's terms where the owner named some.
    By key, the ``values`` (None is not known, or not asked, or without end):

    - use: ``wanted`` the uses that are asked, ``suits`` those that it suits, ``meets`` those of both, ``related``
      those of it that are only related, ``excluded`` those of the wanted that the owner does not want; all names
    - kind: ``kind``, ``wanted`` names
    - size: ``area_low``, ``area_high`` m2 (a band where they differ, its upper end is no longer of it), ``least``,
      ``most``, ``less_m2`` how much is missing at best, ``more_m2`` how much is too much at best
    - start: ``day`` the first, None for today or earlier, ``last`` the latest that it may turn out to be, ``by``,
      ``late_days`` at best, ``open`` whether somebody uses it and nobody said until when
    - term: ``days_have`` at best, ``days_want``, ``months_want``, ``until`` the last day, ``longest``, ``shortest``
    - hours: ``wanted``, ``taken`` those of them that others have, bits of the week, ``free`` and ``count`` how many,
      ``named`` whether the seeker named any, ``shared`` as ``Facts.shared``
    - place: ``low_m``, ``high_m`` (None without a place), ``within_m`` where a point is named, ``over_m`` at best,
      ``district`` its ref,
      ``in_district`` whether that is one of those that are named
    - cost, start_money: ``low``, ``high``, ``budget``, ``over`` at best, cents
    - facility: ``facility`` its name, ``step_cm`` the highest step
    - ceiling, door, floor_load, persons, noise: ``have``, ``need``, ``less``
    - quiet: ``surroundings``; condition: ``condition``, ``works``; soil: ``soil``
    - terms: ``registered``, ``insurance`` whether the owner wants it, ``group``, ``insured``
    - wishes: ``favoured``, ``themes``, ``meets`` names, ``public_access`` whether the owner wants it, ``gives``
    """
    asked = wants([wanted], today, scale)
    pairs = Pairs(offers, row, asked, 0)
    found: list[Reason] = []
    for place in asked.keys_of(0):
        key = KEYS[place]
        lo, hi = (int(end) for end in pairs.answer(place))
        if _is_said(key, lo, wanted, pairs):
            values = _facility(pairs, wanted, key) if key in BITS else _VALUES[key](pairs, wanted, key)
            must, weight = bool(asked.musts[place, 0]), int(asked.weights[place, 0])
            found.append(Reason(key, state_of(lo, hi), lo, hi, must, weight, values))
    return in_order(found)


def in_order(these: Iterable[Reason]) -> list[Reason]:
    """Reasons in the order in which they are given; equals stay in the order of KEYS."""
    return sorted(these, key=lambda each: (not (each.is_must and each.hi < FULL), not each.is_must, -each.weight))


def state_of(lo: int, hi: int) -> str:
    """What an answer is called."""
    if lo == FULL:
        return "met"
    return "not" if hi == 0 else "partly" if lo == hi else "open"


def _is_said(key: str, lo: int, wanted: Wanted, pairs: Pairs) -> bool:
    if key == "hours":
        return bool(wanted.hours) or lo < FULL
    if key == "terms":
        return YES in (pairs.offer("registered"), pairs.offer("insurance"))
    return True


def _number(value: Any, scale: int = 1) -> Any:
    """A number of the functions as people know it: None for what is not known or has no end."""
    whole = int(value)
    return None if whole < 0 or whole >= ENDLESS else whole if scale == 1 else whole / scale


def _over(value: Any, most: float | None) -> Any:
    return None if value is None or most is None else max(value - most, 0)


def _flag(value: Any) -> bool | None:
    return None if value == NOT_SAID else bool(value == YES)


def _names(of: type[BitTerm], bits: int) -> tuple[str, ...]:
    return tuple(each.value for each in of if bits >> each.bit & 1)


def _use(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    suits, excluded, uses = int(pairs.offer("uses")), int(pairs.offer("excluded")), pairs.want("uses")
    welcome = uses & ~excluded
    return {
        "wanted": wanted.uses, "suits": _names(UseCategory, suits), "meets": _names(UseCategory, suits & welcome),
        "related": _names(UseCategory, suits & int(RELATED_TO[welcome]) & ~welcome),
        "excluded": _names(UseCategory, uses & excluded),
    }  # fmt: skip


def _kind(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    return {"kind": _KINDS[int(pairs.offer("kind"))], "wanted": wanted.kinds}


def _size(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    low, high = (_number(pairs.input(f"offer.{name}", key), 100) for name in ("area_low", "area_high"))
    least, most = wanted.area_least_m2, wanted.area_most_m2
    less = None if least is None or high is None else max(least - high, 0)
    return {"area_low": low, "area_high": high, "least": least, "most": most, "less_m2": less,
            "more_m2": _over(low, most)}  # fmt: skip


def _day(ordinal: int, today: date) -> date | None:
    return date.fromordinal(ordinal) if today.toordinal() < ordinal <= date.max.toordinal() else None


def _start(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    today = pairs.wants.today
    low, high = int(pairs.offer("from_low")), int(pairs.offer("from_high"))
    by = wanted.last_start
    late = None if by is None else max(max(low, today.toordinal()) - by.toordinal(), 0)
    return {"day": _day(low, today), "last": _day(high, today), "by": by, "late_days": late, "open": high == LATE}


def _term(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    longest, shortest = (_number(pairs.input(f"offer.{name}", key)) for name in ("longest", "shortest"))
    until, stay = int(pairs.offer("until")), int(pairs.input("pair.stay_high", key))
    ends = until != LATE and stay < _FOREVER
    have = min((each for each in (stay if ends else None, longest) if each is not None), default=None)
    return {
        "days_have": have, "days_want": pairs.want("days"), "months_want": wanted.term_months,
        "until": date.fromordinal(until) if 0 < until <= date.max.toordinal() else None,
        "longest": longest, "shortest": shortest,
    }  # fmt: skip


def _hours(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    more = pairs.offers.more.get(pairs.rows) if isinstance(pairs.rows, int) else None
    hours, count = wanted.hours or ALL, pairs.want("hours")
    return {
        "wanted": hours, "taken": more.taken & hours if more else 0, "named": bool(wanted.hours), "count": count,
        "free": count - int(pairs.input("pair.taken", key)), "shared": int(pairs.offer("shared")),
    }  # fmt: skip


def _place(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    low, high = pairs.metres()
    far = None if wanted.near is None else _number(high)
    near = None if far is None else int(low)
    within = None if wanted.near is None else wanted.within_m
    number, inside = int(pairs.offer("district")), int(pairs.district())
    return {
        "low_m": near, "high_m": far, "within_m": within, "over_m": _over(near, within),
        "district": None if number < 0 else ref_of("area", number),
        "in_district": None if inside == 2 or not wanted.districts else inside == 1,
    }  # fmt: skip


def _money(low: str, high: str, budget: str) -> Callable[[Pairs, Wanted, str], Values]:
    def values(pairs: Pairs, wanted: Wanted, key: str) -> Values:
        least, most = (_number(pairs.input(f"offer.{name}", key)) for name in (low, high))
        asked = getattr(wanted, budget)
        return {"low": least, "high": most, "budget": asked, "over": _over(least, asked)}

    return values


def _facility(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    return {"facility": key.partition(":")[2], "step_cm": _number(pairs.input("offer.step", key))}


def _enough(field: str) -> Callable[[Pairs, Wanted, str], Values]:
    def values(pairs: Pairs, wanted: Wanted, key: str) -> Values:
        have, need = _number(pairs.input(f"offer.{key}", key)), getattr(wanted, field)
        return {"have": have, "need": need, "less": None if have is None else max(need - have, 0)}

    return values


def _terms(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    return {
        "registered": _flag(pairs.offer("registered")), "insurance": _flag(pairs.offer("insurance")),
        "group": wanted.group, "insured": wanted.insured,
    }  # fmt: skip


def _wishes(pairs: Pairs, wanted: Wanted, key: str) -> Values:
    favoured = _names(Theme, int(pairs.offer("favoured")))
    return {
        "favoured": favoured, "themes": wanted.themes,
        "meets": tuple(each for each in favoured if each in wanted.themes),
        "public_access": _flag(pairs.offer("public_access")), "gives": wanted.gives_public_access,
    }  # fmt: skip


_VALUES: dict[str, Callable[[Pairs, Wanted, str], Values]] = {
    "use": _use, "kind": _kind, "size": _size, "start": _start, "term": _term, "hours": _hours, "place": _place,
    "cost": _money("cost_low", "cost_high", "budget_month_cents"),
    "start_money": _money("start_low", "start_high", "budget_start_cents"),
    "ceiling": _enough("ceiling_cm"), "door": _enough("door_cm"), "floor_load": _enough("floor_load_kg_m2"),
    "persons": _enough("persons"), "noise": _enough("noise_db"),
    "quiet": lambda pairs, wanted, key: {"surroundings": SURROUNDINGS[int(pairs.offer("surroundings"))]},
    "condition": lambda pairs, wanted, key: {
        "condition": CONDITIONS[int(pairs.offer("condition"))], "works": wanted.works,
    },
    "soil": lambda pairs, wanted, key: {"soil": SOILS[int(pairs.offer("soil"))]},
    "terms": _terms, "wishes": _wishes,
}  # fmt: skip
