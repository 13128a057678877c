"""Numbers and measures: any writing, any unit, into square metres, centimetres, days and cents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tempuse.folding import fold
from tempuse.spaces import FIELDS

# What a value becomes: the value, and the message id of what was wrong ("" when nothing was).
Parsed = tuple[Any, str]
Parser = Callable[[Any], Parsed]

_NUMBER = re.compile(r"[-+]?\d[\d.,' \u00a0\u202f\u2019]*\d|[-+]?\d")
# Four decimals or more: of hectares, perhaps; of a few square metres only by mistake.
_FINE = re.compile(r"[.,]\d{4}")
SMALLEST_WRITTEN_M2 = 4
_SPACES = re.compile(r"[ '\u00a0\u202f\u2019]")
LONGEST = 200  # letters; what is longer is no number, no day and no word of a list
_MOST = 1e15  # beyond it a float counts no single units any more, and nothing here is so large
NUMERIC_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})\b")

# Into square metres, centimetres, days, by the folded unit.
AREA_UNITS = {
    "ha": 10_000.0, "hectare": 10_000.0, "hectares": 10_000.0, "are": 100.0, "a": 100.0, "km2": 1_000_000.0,
    "sq ft": 0.09290304, "sqft": 0.09290304, "ft2": 0.09290304, "acre": 4046.8564224, "acres": 4046.8564224,
}  # fmt: skip
LENGTH_UNITS = {"m": 100.0, "meter": 100.0, "metre": 100.0, "metres": 100.0, "mm": 0.1, "ft": 30.48}
_TERMS = (
    (r"d|day|days|dag|dagen|jour|jours|tag|tage|pv", 1), (r"w|week|weeks|weken|semaine|semaines|woche|wochen", 7),
    (r"m|mo|month|months|maand|maanden|mois|monat|monate|kk|mies|mesic|luni", 30),
    (r"y|yr|year|years|jaar|jaren|an|ans|jahr|jahre|v|rok|roky|lat", 365),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: its decimal sign (empty: not known) and whether days come before months."""

    decimal: str = ""
    day_first: bool = True


def learn(texts: Iterable[Any], wanted: str) -> Style:
    """How these values write numbers (``wanted`` number) or days (``wanted`` day)."""
    given = [text for text in texts if isinstance(text, str)]
    if wanted == "day":
        firsts = [match for text in given if (match := NUMERIC_DAY.match(text.strip()))]
        month_first = any(int(m[2]) > 12 for m in firsts) and not any(int(m[1]) > 12 for m in firsts)
        return Style(day_first=not month_first)
    signs = {sign for text in given if (sign := _decimal_sign(text))}
    return Style(decimal=signs.pop() if len(signs) == 1 else "")


def _decimal_sign(text: str) -> str:
    """The decimal sign that one number gives away, empty when it might be either."""
    match = _NUMBER.search(text) if len(text) <= LONGEST else None
    digits = _SPACES.sub("", match[0]) if match else ""
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    sign = "," if comma >= 0 else "." if dot >= 0 else ""
    if not sign or digits.count(sign) > 1:
        return {",": ".", ".": ","}.get(sign, "")  # twice the same: it groups thousands
    whole, _, part = digits.lstrip("+-").partition(sign)
    return sign if len(part) != 3 or len(whole) > 3 or whole in ("", "0") else ""


def number(value: Any, style: Style) -> Parsed:
    """A number in any writing; what could be two numbers is left open and said so."""
    if isinstance(value, bool):
        return None, "value.not_a_number"
    if isinstance(value, (int, float)):
        return (float(value), "") if abs(value) <= _MOST else (None, "value.not_a_number")
    text = str(value).strip()
    match = _NUMBER.search(text) if len(text) <= LONGEST else None
    if not match:
        return None, "value.not_a_number"
    digits = _SPACES.sub("", match[0])
    comma, dot = digits.count(","), digits.count(".")
    if comma and dot:
        decimal = "," if digits.rfind(",") > digits.rfind(".") else "."
    elif comma + dot > 1:
        decimal = "." if comma else ","
    elif comma or dot:
        own = _decimal_sign(digits)
        decimal = own if own and own == (style.decimal or own) else style.decimal
        if not decimal or (own and own != decimal):
            return None, "value.dot_or_comma"
    else:
        decimal = "."
    group = "," if decimal == "." else "."
    whole, _, part = digits.partition(decimal)
    if decimal in part or group in part:
        return None, "value.dot_or_comma"
    if group in whole and not re.fullmatch(rf"[-+]?\d{{1,3}}(?:\{group}\d{{3}})+", whole):
        return None, "value.dot_or_comma"
    found = float(whole.replace(group, "") + "." + (part or "0"))
    return (found, "") if abs(found) <= _MOST else (None, "value.not_a_number")


def measured(target: str, unit: str, style: Style) -> Parser:
    """The parser of a field that counts or measures."""
    counted = FIELDS[target].get("unit", "")
    if counted == "m2":
        factor = AREA_UNITS.get(unit.replace("²", "2"), 1.0)
        return lambda value: _area(value, style, factor)
    if counted == "cm":
        return lambda value: _length(value, unit, style)
    if counted == "cents":
        return lambda value: _scaled(value, style, 100.0, {}, whole=True)
    if counted == "days":
        return lambda value: _term(value, unit, style)
    if counted == "storey":
        return lambda value: _storey(value, style)
    if counted == "year":
        return _building_year
    if FIELDS[target]["kind"] == "whole":
        return lambda value: _scaled(value, style, 1.0, {}, whole=True)
    return lambda value: number(value, style)


def _scaled(value: Any, style: Style, factor: float, units: dict[str, float], *, whole: bool = False) -> Parsed:
    found, wrong = number(value, style)
    if wrong:
        return None, wrong
    if isinstance(value, str) and units:
        written = fold(re.sub(r"^[-+\d.,'\s\u00a0\u202f\u2019]+", "", value)).replace("²", "2")
        factor = units.get(written, 1.0 if written in ("m2", "sqm", "qm") else factor)
    found = found * factor
    return (round(found) if whole else round(found, 2)), ""


def _area(value: Any, style: Style, factor: float) -> Parsed:
    """Square metres. Nobody lets 1.2500 m²: a sign that leaves so little of so many figures means something else."""
    found, wrong = _scaled(value, style, factor, AREA_UNITS)
    if isinstance(value, str) and not wrong and 0 < found < SMALLEST_WRITTEN_M2 and _FINE.search(value):
        return None, "value.dot_or_comma"
    return found, wrong


def _length(value: Any, unit: str, style: Style) -> Parsed:
    found, wrong = number(value, style)
    if wrong:
        return None, wrong
    written = fold(re.sub(r"^[-+\d.,'\s]+", "", value)) if isinstance(value, str) else ""
    unit = written or unit
    factor = 1.0 if unit == "cm" else LENGTH_UNITS.get(unit, 100.0 if found < 40 else 1.0)
    return round(found * factor), ""


def _term(value: Any, unit: str, style: Style) -> Parsed:
    found, wrong = number(value, style)
    if wrong:
        return None, wrong
    written = fold(re.sub(r"^[-+\d.,'\s]+", "", value)) if isinstance(value, str) else ""
    for pattern, days in _TERMS:
        if re.fullmatch(pattern, written or unit):
            return round(found * days), ""
    return None, "value.term_unit"


_GROUND = frozenset({"ground", "ground floor", "gf", "gelijkvloers", "begane grond", "bg", "rdc", "rez de chaussee",
                     "rez-de-chaussee", "erdgeschoss", "eg", "parter", "prizemi", "katutaso", "p", "pt"})  # fmt: skip
_CELLAR = frozenset(
    {"basement", "cellar", "kelder", "souterrain", "cave", "sous-sol", "keller", "ug", "piwnica", "sklep"}
)


def _storey(value: Any, style: Style) -> Parsed:
    if isinstance(value, str) and len(value) <= LONGEST and fold(value) in _GROUND | _CELLAR:
        return (0 if fold(value) in _GROUND else -1), ""
    return _scaled(value, style, 1.0, {}, whole=True)


def _building_year(value: Any) -> Parsed:
    if isinstance(value, (datetime, date)):
        return value.year, ""
    text = str(value)
    match = re.search(r"\b(1\d|20|21)\d\d\b", text) if len(text) <= LONGEST else None
    if not match:
        return None, "value.not_a_year"
    return int(match[0]), "" if fold(text) in (match[0], f"{match[0]}.0") else "value.year_taken"
