"""A cell with numbers, from its first sign to its last: never searched, so that nothing of it is lost in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from tempuse.io.values.words import taken, tokens

# What a value becomes: the value, and the message id of what was wrong ("" when nothing was).
Parsed = tuple[Any, str]

LONGEST = 200  # letters; what is longer is no number, no day and no word of a list
_MOST = 1e15  # beyond it a float counts no single units any more, and nothing here is so large
_PLAIN = re.compile(r"-?[0-9]{1,15}+")
_GROUPED = re.compile(r"[0-9]{1,3}(?P<by>[ '])[0-9]{3}(?:(?P=by)[0-9]{3})*+(?:[.,][0-9]+)?")
_POWER = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?e([+-]?)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: its decimal sign (empty: not known), and whether days come before months (None: both)."""

    decimal: str = ""
    day_first: bool | None = True


@dataclass(slots=True)
class CellNumber:
    """One number of a cell as it is written, and the words behind it, up to the next one."""

    digits: str
    more: float = 0.0
    sign: int = 1
    behind: list[str] = field(default_factory=list)

    def value(self, style: Style) -> Parsed:
        """The number that it is."""
        found, wrong = literal(self.digits, style.decimal)
        return (None, wrong) if wrong else (self.sign * (found + self.more), "")


@dataclass(slots=True)
class Cell:
    """A cell taken apart: the words before its first number, and its numbers."""

    lead: list[str]
    parts: list[CellNumber]


def read(text: str) -> Cell:
    """A cell's numbers and words, folded; brackets and full stops stand for nothing."""
    cell = Cell([], [])
    minus = False
    for kind, told in tokens(text) if len(text) <= LONGEST else ():
        if kind == "number":
            cell.parts.append(CellNumber(told, sign=-1 if minus else 1))
        elif kind == "part":
            if cell.parts and not cell.parts[-1].behind and not cell.parts[-1].more:
                cell.parts[-1].more = float(told[1:])
            else:
                cell.parts.append(CellNumber("0", float(told[1:])))
        elif told == "-" and not cell.parts and not minus and cell.lead[-1:] not in (["+"], ["/"]):
            minus = True
            continue
        elif told not in ("(", ")", "[", "]", "."):
            if minus and not cell.parts:
                cell.lead.append("-")
            (cell.parts[-1].behind if cell.parts else cell.lead).append(told)
        minus = False
    return cell


def literal(digits: str, decimal: str) -> Parsed:
    """A number as its figures and signs write it; what could be two numbers is left open and said so.

    Args:
        digits: figures with the signs between them: ``1.250,5``, ``1 250``, ``1.25e+05``.
        decimal: the decimal sign of the file, empty where it is not known.
    """
    if _PLAIN.fullmatch(digits):
        return float(digits), ""
    if "e" in digits:
        power = _POWER.fullmatch(digits)
        if power is None or not (power[2] or power[3]):
            return None, "value.not_a_number"
        return _bounded(float(f"{power[1]}.{power[2] or 0}e{power[3]}{power[4]}"))
    if " " in digits or "'" in digits:
        if _GROUPED.fullmatch(digits) is None:
            return None, "value.dot_or_comma"
        return _bounded(float(digits.replace(" ", "").replace("'", "").replace(",", ".")))
    own, signs = own_sign(digits), digits.count(",") + digits.count(".")
    sign = own if signs > 1 else (own or decimal) if signs else "."
    if not sign or (signs == 1 and own and decimal and own != decimal):
        return None, "value.dot_or_comma"
    group = "," if sign == "." else "."
    whole, _, part = digits.partition(sign)
    grouped = re.fullmatch(rf"[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+", whole)
    if sign in part or group in part or (group in whole and grouped is None):
        return None, "value.dot_or_comma"
    return _bounded(float(f"{whole.replace(group, '')}.{part or 0}"))


def _bounded(found: float) -> Parsed:
    return (found, "") if abs(found) <= _MOST else (None, "value.not_a_number")


def own_sign(digits: str) -> str:
    """The decimal sign that one number gives away, empty when it might be either or has none."""
    if " " in digits or "'" in digits:
        return "," if "," in digits else "." if "." in digits else ""
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    sign = "," if comma >= 0 else "." if dot >= 0 else ""
    if not sign or "e" in digits:
        return ""
    if digits.count(sign) > 1:
        return "." if sign == "," else ","  # twice the same: it groups thousands
    whole, _, part = digits.partition(sign)
    return sign if len(part) != 3 or len(whole) > 3 or whole in ("", "0") else ""


def number(value: Any, style: Style) -> Parsed:
    """A number and nothing beside it, in any writing; what could be two numbers is left open and said so."""
    if (plain := typed(value)) is not None:
        return plain
    cell = read(str(value))
    if len(cell.parts) != 1 or cell.lead or cell.parts[0].behind:
        return None, several(cell) if len(cell.parts) > 1 else "value.not_a_number"
    return cell.parts[0].value(style)


def typed(value: Any) -> Parsed | None:
    """A value that is a number, or never one; None for a text that has to be read."""
    if isinstance(value, bool):
        return None, "value.not_a_number"
    if isinstance(value, (date, time)):
        return None, "value.made_a_date"
    if isinstance(value, (int, float)):
        return (float(value), "") if abs(value) <= _MOST else (None, "value.not_a_number")
    text = str(value).strip()
    if len(text) > LONGEST:
        return None, "value.not_a_number"
    return _bounded(float(text)) if text.isascii() and _PLAIN.fullmatch(text) else None


def several(cell: Cell) -> str:
    """What to say of a cell with several numbers: from one to another, or just several."""
    joints = [part.behind for part in cell.parts[:-1]]
    ranged = all(joint and taken(joint[-1:], "to") for joint in joints)
    return "value.range" if ranged else "value.several_numbers"
