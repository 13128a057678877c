"""Money: an amount, in which currency, for how long, for the whole or for a square metre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tempuse.io.values.cells import Parsed, Style, read, several, typed
from tempuse.io.values.words import factors, table, taken, tokens

_KINDS = ("currency", "per", "period", "area", "about", "remark", "times")
# How many months an amount is paid for.
MONTHS = {"day": 12 / 365, "week": 12 * 7 / 365, "month": 1.0, "year": 12.0}


class Amount(int):
    """Cents, and what they are paid for where the cell or its heading says so.

    Attributes:
        period: day, week, month, year or once; empty where nothing is said.
        per_m2: for each square metre.
    """

    period: str
    per_m2: bool

    def __new__(cls, cents: int, period: str = "", per_m2: bool = False) -> Amount:
        """So many cents."""
        made = super().__new__(cls, cents)
        made.period, made.per_m2 = period, per_m2
        return made


@dataclass(slots=True)
class _Beside:
    """What the words beside an amount say."""

    currencies: set[str]
    period: str = ""
    per_m2: bool = False
    times: float = 1.0
    remark: bool = False
    wrong: str = ""


def parser(unit: str, style: Style, currency: str) -> Callable[[Any], Parsed]:
    """The parser of a column of amounts.

    Args:
        unit: what the heading says: ``€/m²``, ``Monat``, ``PLN``.
        style: how the column writes numbers.
        currency: the register's.
    """
    words = [told for _, told in tokens(unit)]
    usual = _beside(words, currency)

    def parse(value: Any) -> Parsed:
        if usual.wrong:
            return None, "value.unit_unknown" if usual.wrong == "value.not_all_read" else usual.wrong
        return _amount(value, style, usual, currency)

    return parse


def is_unit(text: str) -> bool:
    """Whether a heading may end so: a currency, a period, or both."""
    words = [told for _, told in tokens(text)]
    found = _beside(words, "") if words else None
    return found is not None and found.wrong in ("", "value.other_currency") and bool(
        found.currencies or found.period or found.per_m2
    )  # fmt: skip


def _amount(value: Any, style: Style, usual: _Beside, currency: str) -> Parsed:
    if (plain := typed(value)) is not None:
        found, wrong = plain
        return (None, wrong) if wrong else (_made(found, _Beside(set()), usual), "")
    cell = read(str(value))
    if len(cell.parts) != 1:
        return None, several(cell) if cell.parts else "value.not_a_number"
    (part,) = cell.parts
    behind = [told for told in part.behind if told not in (",-", ".-", ",--", ".--", ", -")]
    said = _beside([*cell.lead, *behind], currency)
    if said.wrong:
        return None, said.wrong
    found, wrong = part.value(style)
    if wrong:
        return None, wrong
    return _made(found, said, usual), "value.with_remark" if said.remark else ""


def _made(found: float, said: _Beside, usual: _Beside) -> int:
    cents = round(found * said.times * usual.times * 100)
    period, per_m2 = said.period or usual.period, said.per_m2 or usual.per_m2
    return Amount(cents, period, per_m2) if period or per_m2 else cents


def _beside(words: list[str], currency: str) -> _Beside:
    found = _Beside(set())
    said = taken(words, *_KINDS)
    if said is None:
        bound = any(word in table("least") or word in table("most") for word in words)
        found.wrong = "value.bound" if bound else "value.not_all_read"
        return found
    before = ""
    for what, told in said:
        if what == "currency":
            means = set(table("currency")[told])
            if currency and currency not in means:
                found.wrong = "value.other_currency"
            found.currencies |= means
        elif what == "period":
            if found.period:
                found.wrong = found.wrong or "value.not_all_read"
            found.period = table("period")[told][0]
        elif what == "area":
            if before != "per" or factors("area")[told] != 1:
                found.wrong = found.wrong or "value.not_all_read"
            found.per_m2 = True
        elif what == "times":
            found.times *= factors("times")[told]
        elif what == "remark":
            found.remark = True
        before = what
    return found
