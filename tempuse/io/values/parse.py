"""Values: theirs to ours, one by one; what does not fit becomes an Issue, never an exception."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from tempuse.folding import fold
from tempuse.io.values.measures import LONGEST, NUMERIC_DAY, Parsed, Parser, Style, measured
from tempuse.spaces import FIELDS
from tempuse.texts import without_controls

_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_SPLIT = re.compile(r"[|;\n]+|,(?!\d)")
_NAMED_DAY = re.compile(r"(?:(\d{1,2})[.\s-]*)?([^\W\d]{3,})\.?[\s,-]+(\d{4}|\d{2})$")
# The first letters of the months in the languages around: maart, mars, maj, août, Dezember.
_MONTHS = {
    "jan": 1, "feb": 2, "fev": 2, "mar": 3, "maa": 3, "mrt": 3, "apr": 4, "avr": 4, "may": 5, "mei": 5, "mai": 5,
    "maj": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "sep": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_EXCEL_EPOCH = date(1899, 12, 30)


def day(value: Any, style: Style) -> Parsed:
    """A day in any usual writing; a year alone is its first day, and said so."""
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 1500 <= value <= 2200 and float(value).is_integer():
            return date(int(value), 1, 1), "value.year_only"
        if 10_000 <= value <= 80_000:  # a day as Excel counts them
            return _EXCEL_EPOCH + timedelta(days=int(value)), ""
        return None, "value.not_a_day"
    text = str(value).strip()
    if len(text) > LONGEST:
        return None, "value.not_a_day"
    if match := _ISO_DAY.match(text):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMERIC_DAY.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        year += (2000 if year < 70 else 1900) if year < 100 else 0
        month, dom = (second, first) if style.day_first else (first, second)
        if month > 12:
            found, wrong = _made(year, dom, month)
            return found, wrong or "value.month_first"
        return _made(year, month, dom)
    if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/](\d{4})", text):
        year, month = int(match[1] or match[4]), int(match[2] or match[3])
        found, wrong = _made(year, month, 1)
        return found, wrong or "value.month_only"
    if (match := _NAMED_DAY.fullmatch(text)) and (month := _month(match[2])):
        year = int(match[3]) + ((2000 if int(match[3]) < 70 else 1900) if len(match[3]) == 2 else 0)
        found, wrong = _made(year, month, int(match[1] or 1))
        return found, wrong or ("" if match[1] else "value.month_only")
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), "value.year_only"
    return None, "value.not_a_day"


def _month(name: str) -> int:
    """The number of a month by its name, 0 when it is none."""
    folded = fold(name)
    return _MONTHS.get(folded[:4], _MONTHS.get(folded[:3], 0))


def _made(year: int, month: int, dom: int) -> Parsed:
    try:
        return date(year, month, dom), ""
    except ValueError:
        return None, "value.no_such_day"


def parser_for(target: str, unit: str, style: Style, words: dict[str, str]) -> Parser:
    """The parser of one column.

    Args:
        target: our field.
        unit: the column's unit as the sender or the crosswalk names it.
        style: how the column writes numbers and days.
        words: the sender's folded words against our values.
    """
    about: Any = FIELDS.get(target, {"kind": "flag" if target == "withhold" else "text"})
    kind, unit = about["kind"], fold(unit)
    if kind == "choice":
        return lambda value: _choice(value, words, {term.value for term in about["of"]})
    if kind == "list" and about.get("of"):
        return lambda value: _choices(value, words)
    if kind == "list":
        return lambda value: (tuple(parts_of(value)), "")
    if kind == "flag":
        return lambda value: _flag(value, words)
    if kind == "day":
        return lambda value: day(value, style)
    if kind in ("number", "whole"):
        return _in_range(measured(target, unit, style), about)
    return _longest(2000 if kind == "text" else 100_000)


def _longest(most: int) -> Parser:
    """Text; what is longer is cut, and said so."""

    def parse(value: Any) -> Parsed:
        found, _ = text(value)
        if found is not None and len(found) > most:
            return found[:most], "value.too_long"
        return found, ""

    return parse


def _in_range(parser: Parser, about: Any) -> Parser:
    least, most = about.get("least", float("-inf")), about.get("most", float("inf"))

    def parse(value: Any) -> Parsed:
        found, wrong = parser(value)
        if found is not None and not least <= found <= most:
            return None, "value.out_of_range"
        return found, wrong

    return parse


def text(value: Any) -> Parsed:
    """Text as it stands, without control characters; whole numbers without a point, days as ISO."""
    if value is None:
        return None, ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    told = value if isinstance(value, str) else str(value)
    return (told if told.isprintable() else without_controls(told)).strip() or None, ""


def _word(value: Any, words: dict[str, str], allowed: set[str]) -> str | None:
    told = text(value)[0] or ""
    if len(told) > LONGEST:
        return None
    folded = fold(told)
    if folded in words:
        return words[folded]
    if folded.replace(" ", "_") in allowed:
        return folded.replace(" ", "_")
    wild = next(
        (ours for theirs, ours in words.items() if theirs.endswith("*") and folded.startswith(theirs[:-1])), None
    )
    return wild if folded else None


def _choice(value: Any, words: dict[str, str], allowed: set[str]) -> Parsed:
    if (found := _word(value, words, allowed)) is not None:
        return found, ""
    if isinstance(value, str) and len(value) > LONGEST:
        return None, "value.not_in_list"
    parts = [part for part in re.split(r"[|;,\s]+", text(value)[0] or "") if part]
    several = {_word(part, words, allowed) for part in parts}
    if len(parts) > 1 and None not in several:
        return (
            (several.pop(), "")
            if len(several) == 1
            else ("mixed", "")
            if "mixed" in allowed
            else (None, "value.several")
        )
    return None, "value.not_in_list"


def parts_of(value: Any) -> list[str]:
    """The several answers in one cell."""
    return [part.strip() for part in _SPLIT.split(text(value)[0] or "") if part.strip()]


def _choices(value: Any, words: dict[str, str]) -> Parsed:
    found: dict[str, None] = {}
    wrong = ""
    for part in parts_of(value):
        if (word := _word(part, words, set(words.values()))) is not None:
            found[word] = None
        else:
            wrong = "value.not_in_list"
    return tuple(found) or None, wrong


def _flag(value: Any, words: dict[str, str]) -> Parsed:
    if isinstance(value, bool):
        return value, ""
    told = text(value)[0] or ""
    word = words.get(fold(told)) if len(told) <= LONGEST else None
    if word is None:
        return None, "value.not_yes_or_no"
    return {"yes": True, "no": False}.get(word), ""
