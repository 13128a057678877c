"""Measures: any writing, any unit, into square metres, centimetres, days and cents."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tempuse.io.values.cells import Cell, Parsed, Style, number, read, several, typed
from tempuse.io.values.days import day
from tempuse.io.values.words import factors, phrase, table, taken
from tempuse.spaces import FIELDS

Parser = Callable[[Any], Parsed]

SMALLEST_WRITTEN_M2 = 4
_FINE = 4  # decimals: of hectares, perhaps; of a few square metres only by mistake
# Kinds of units by what a field counts in.
_KINDS = {"m2": "area", "cm": "length", "days": "term", "persons": "persons", "db": "noise", "kg_m2": "load"}
_WHOLE = 1e-6
_NO_UNIT = "no unit"  # the field knows what to say of it


def kind_of_unit(target: str) -> str:
    """The kind of units in which a field may be told: area, length, term, currency ...; empty where it has none."""
    counted = str(FIELDS[target].get("unit", "")) if target in FIELDS else ""
    return "currency" if counted == "cents" else _KINDS.get(counted, "")


def measured(target: str, unit: str, style: Style) -> Parser:
    """The parser of a field that counts or measures; money has its own.

    A unit that the column names and nobody knows never counts as the usual one: all is left open.
    """
    counted = FIELDS[target].get("unit", "")
    if counted == "storey":
        return lambda value: _storey(value, style)
    if counted == "year":
        return lambda value: _building_year(value, style)
    kind = _KINDS.get(counted, "")
    factor = factors(kind).get(phrase(unit)) if unit and kind else None
    if unit and kind and factor is None:
        return lambda _: (None, "value.unit_unknown")
    if counted == "m2":
        return lambda value: _area(value, style, factor or 1.0)
    if counted == "cm":
        return lambda value: _length(value, style, factor)
    if counted == "days":
        return lambda value: _term(value, style, factor)
    if kind == "load":  # a kilonewton is no whole number of kilograms
        return lambda value: _rounded(_quantity(value, style, kind, factor or 1.0, limit=True))
    if kind:
        return lambda value: _whole(_quantity(value, style, kind, factor or 1.0, limit=True))
    return lambda value: _whole(number(value, style)) if FIELDS[target]["kind"] == "whole" else number(value, style)


def _whole(parsed: Parsed) -> Parsed:
    found, wrong = parsed
    if found is None:
        return parsed
    return (round(found), wrong) if abs(found - round(found)) < _WHOLE else (None, "value.not_whole")


def _rounded(parsed: Parsed) -> Parsed:
    found, wrong = parsed
    return (None, wrong) if found is None else (round(found), wrong)


def _quantity(value: Any, style: Style, kind: str, usual: float | None, *, limit: bool = False) -> Parsed:
    """A value in units of one kind, in ours.

    Args:
        value: of the cell.
        style: how the column writes numbers.
        kind: the kind of units, as the table of words has it.
        usual: how many of ours the column's unit is, where the cell names none; None where nobody knows.
        limit: a field that is a limit by itself: "max. 200" is 200.
    """
    if (plain := typed(value)) is not None:
        found, wrong = plain
        return plain if wrong else _scaled(found, usual)
    cell = read(str(value))
    if not cell.parts:
        return None, "value.not_a_number"
    if len(cell.parts) > 1:
        return _together(cell, style, kind)
    (part,) = cell.parts
    kinds = (kind, "about", *(("most",) if limit else ()), "remark", "times")
    said = taken(cell.lead, *kinds, "in"), taken(part.behind, *kinds)
    if said[0] is None or said[1] is None:
        return None, _not_understood(cell)
    units = [factors(kind)[told] for what, told in (*said[0], *said[1]) if what == kind]
    if len(units) > 1:
        return None, "value.not_all_read"
    found, wrong = part.value(style)
    if wrong:
        return None, wrong
    for what, told in said[1]:
        found *= factors("times")[told] if what == "times" else 1
    found, wrong = _scaled(found, units[0] if units else usual)
    return found, wrong or ("value.with_remark" if any(what == "remark" for what, _ in (*said[0], *said[1])) else "")


def _scaled(found: float, factor: float | None) -> Parsed:
    return (None, _NO_UNIT) if factor is None else (found * factor, "")


def _not_understood(cell: Cell) -> str:
    """Why the words beside a single number are not understood: a bound is no number, the rest is just not known."""
    beside = [*cell.lead, *cell.parts[0].behind]
    bound = any(word in table("least") or word in table("most") for word in beside)
    return "value.bound" if bound else "value.not_all_read"


def _together(cell: Cell, style: Style, kind: str) -> Parsed:
    """Several numbers of one cell as one: 1 ha 20 a 50 ca, 1 year 6 months; or twice the same in two units."""
    if kind not in ("area", "length", "term") or taken(cell.lead, "about") is None:
        return None, several(cell)
    steps: list[tuple[float, float, str]] = []
    for part in cell.parts:
        factor, joint = _unit_of(part.behind, kind, [each for _, each, _ in steps])
        found, wrong = part.value(style)
        if factor is None or wrong or (joint and part is cell.parts[-1]):
            return None, several(cell)
        steps.append((found, factor, joint))
    (one, of, joint), (other, by, _) = steps[:2]
    if len(steps) == 2 and of != by and joint in ("", "=", "/") and abs(one * of - other * by) <= 0.01 * abs(one * of):
        return one * of, ""
    for (found, factor, joint), (more, smaller, _) in itertools.pairwise(steps):
        is_step = smaller < factor and found == int(found) and found >= 0 and 0 <= more * smaller < factor
        if not is_step or joint not in ("", ",", "+", *_AND):
            return None, several(cell)
    return sum(found * factor for found, factor, _ in steps), ""


_AND = ("and", "en", "et", "und", "y", "e", "ja", "i", "a", "si", "un", "και")


def _unit_of(behind: list[str], kind: str, before: list[float]) -> tuple[float | None, str]:
    """The unit behind one of several numbers, and what joins it to the next."""
    told, known = " ".join(behind), factors(kind)
    if kind == "area" and told == "ca" and before:
        return 1.0, ""  # behind hectares and ares; alone it is "about"
    if kind == "area" and told == "m2" and before == [100.0]:
        return None, ""  # 35 a 50 m²: from 35 to 50, where *a* means to
    if kind == "length" and not told and before[-1:] == [100.0]:
        return 1.0, ""  # 3 m 20
    if told in known:
        return known[told], ""
    return known.get(" ".join(behind[:-1])), behind[-1] if behind else ""


def _area(value: Any, style: Style, factor: float) -> Parsed:
    """Square metres. Nobody lets 1.2500 m²: a sign that leaves so little of so many figures means something else."""
    found, wrong = _quantity(value, style, "area", factor)
    if found is None:
        return None, wrong
    if isinstance(value, str) and 0 < found < SMALLEST_WRITTEN_M2:
        parts = read(value).parts
        if any(len(part.digits) - max(part.digits.rfind(","), part.digits.rfind(".")) > _FINE for part in parts):
            return None, "value.dot_or_comma"
    return round(found, 2), wrong


def _length(value: Any, style: Style, factor: float | None) -> Parsed:
    """Centimetres; without a unit, what is less than 40 are metres."""
    found, wrong = _quantity(value, style, "length", factor)
    if wrong == _NO_UNIT:
        bare, wrong = _quantity(value, style, "length", 1.0)
        found = None if bare is None else bare * (100.0 if bare < 40 else 1.0)
    return _rounded((found, wrong))


def _term(value: Any, style: Style, factor: float | None) -> Parsed:
    found, wrong = _quantity(value, style, "term", factor)
    return _rounded((found, "value.term_unit" if wrong == _NO_UNIT else wrong))


def _storey(value: Any, style: Style) -> Parsed:
    if (plain := typed(value)) is not None:
        return _whole(plain)
    cell = read(str(value))
    if not cell.parts:
        said = taken(cell.lead, "storey", "floor")
        levels = {table("storey")[told][0] for what, told in said or [] if what == "storey"}
        return (int(levels.pop()), "") if len(levels) == 1 else (None, "value.not_a_number")
    if len(cell.parts) > 1:
        return None, several(cell)
    found, wrong = _whole(cell.parts[0].value(style))
    said = taken([*cell.lead, *cell.parts[0].behind], "floor", "storey")
    if wrong or said is None:
        return None, wrong or "value.not_all_read"
    moved = {table(what)[told][0] for what, told in said if what == "floor"}
    below = {table(what)[told][0] for what, told in said if what == "storey"}
    if below == {"-1"} and not moved and found > 0:
        return -found, ""
    if below or len(moved) > 1:
        return None, "value.not_all_read"
    return found + (int(moved.pop()) if moved else 0), ""


def _building_year(value: Any, style: Style) -> Parsed:
    if isinstance(value, (datetime, date)):
        return value.year, ""
    if (plain := typed(value)) is not None:
        return _year(plain[0], "")
    cell = read(str(value))
    if len(cell.parts) == 1 and not cell.parts[0].more:
        (part,) = cell.parts
        said = taken([*cell.lead, *part.behind], "built", "year", "about")
        if said is not None:
            return _year(part.value(Style("."))[0], "value.year_taken" if said else "")
    found, _ = day(value, style)
    if found is not None:
        return found.year, "value.year_taken"
    return None, several(cell) if len(cell.parts) > 1 else "value.not_a_year"


def _year(found: float | None, wrong: str) -> Parsed:
    is_year = found is not None and found.is_integer() and 1000 <= found < 2200
    return (int(found), wrong) if is_year and found is not None else (None, "value.not_a_year")
