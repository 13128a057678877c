"""What a seeker would have to ask less of for one space: read off the space, rounded so that it is enough."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tempuse import week
from tempuse.matching.functions import ENDLESS
from tempuse.matching.pairs import Pairs
from tempuse.occurrences import last_day
from tempuse.wanted import Wanted

# A number of the criterion's unit, a day, or None: it is no must.
Value = float | int | date | None
Changed = tuple[Wanted, Value]

# So many days are told to the day, more of them in months.
_DAYS = 31
_METRES, _CENTS = 100, 100


def eased(wanted: Wanted, **parts: Any) -> Wanted:
    """The same question with other parts; what was a must stays one, what was a wish stays a wish."""
    musts = frozenset(wanted.must_keys)
    plain = dataclasses.replace(wanted, musts=frozenset(), nices=frozenset(), **parts)
    return dataclasses.replace(plain, musts=musts, nices=frozenset(plain.asked) - musts)


def conceded(key: str, pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    """The least change of a must by which a space meets it, and the new value; None where it could never do so.

    Args:
        key: the must that fails.
        pairs: the space with the question.
        wanted: the question.
        today: in the city's time zone.
    """
    by_key = _BY_KEY.get(key)
    return by_key(pairs, wanted, today) if by_key else (wanted.without(key), None)


def _size(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    low, high = (int(pairs.input(f"offer.{name}", "size")) for name in ("area_low", "area_high"))
    top = high - 1 if low < high < ENDLESS else high
    least = wanted.area_least_m2
    if least is not None and top < round(least * 100):
        return (eased(wanted, area_least_m2=float(top // 100)), top // 100) if top >= 100 else None
    most = -(-low // 100)
    return eased(wanted, area_most_m2=float(most)), most


def _start(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    asked, first = wanted.last_start, max(int(pairs.input("offer.from_low", "start")), today.toordinal())
    if asked is None or first > date.max.toordinal() - 366:
        return None
    day = date.fromordinal(first)
    if (day - asked).days > _DAYS:
        day = last_day(day.replace(day=1), 1)
    return eased(wanted, starts_by=day), day


def _term(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    longest, stay = (int(pairs.input(name, "term")) for name in ("offer.longest", "pair.stay_high"))
    have, need = min(stay, longest) if longest >= 0 else stay, wanted.days_least(today) or 0
    if have <= 0:
        return None
    if wanted.term_months is None or need - have <= _DAYS:
        return eased(wanted, term_months=None, term_days=have), have
    first, months = max(wanted.starts_on or today, today), wanted.term_months
    while months and (last_day(first, months) - first + timedelta(days=1)).days > have:
        months -= 1
    changed = eased(wanted, term_months=months) if months else eased(wanted, term_months=None, term_days=have)
    return changed, changed.days_least(today)


def _hours(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    """Without the evenings that others touch; who wants all the time, without their hours alone."""
    row = pairs.rows
    taken = pairs.offers.more[row].taken if isinstance(row, int) and row in pairs.offers.more else 0
    if not wanted.hours:
        left = week.ALL & ~taken
    else:
        left = sum(bits for text in week.texts(wanted.hours) if not (bits := week.read(text) or 0) & taken)
    return (eased(wanted, hours=left), left) if left else None


def _place(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
    if wanted.within_m is None or wanted.near is None:
        return wanted.without("place"), None
    within = -(-int(pairs.input("pair.near_m", "place")) // _METRES) * _METRES
    return eased(wanted, within_m=within), within


def _money(column: str, field: str, key: str) -> Callable[[Pairs, Wanted, date], Changed | None]:
    def change(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
        cents = -(-int(pairs.input(column, key)) // _CENTS) * _CENTS
        return eased(wanted, **{field: cents}), cents

    return change


def _number(column: str, field: str, key: str) -> Callable[[Pairs, Wanted, date], Changed | None]:
    def change(pairs: Pairs, wanted: Wanted, today: date) -> Changed | None:
        value = int(pairs.input(column, key))
        return eased(wanted, **{field: value}), value

    return change


_BY_KEY: dict[str, Callable[[Pairs, Wanted, date], Changed | None]] = {
    "size": _size, "start": _start, "term": _term, "hours": _hours, "place": _place,
    "cost": _money("offer.cost_low", "budget_month_cents", "cost"),
    "start_money": _money("offer.start_low", "budget_start_cents", "start_money"),
    "ceiling": _number("offer.ceiling", "ceiling_cm", "ceiling"),
    "door": _number("offer.door", "door_cm", "door"),
    "floor_load": _number("offer.floor_load", "floor_load_kg_m2", "floor_load"),
    "persons": _number("offer.persons", "persons", "persons"),
    "noise": _number("offer.noise", "noise_db", "noise"),
}  # fmt: skip
