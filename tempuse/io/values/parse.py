"""Values: theirs to ours, one by one; what does not fit becomes an Issue, never an exception."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time
from typing import Any

from tempuse.folding import fold
from tempuse.io.values import money
from tempuse.io.values.cells import LONGEST, Parsed, Style
from tempuse.io.values.days import day
from tempuse.io.values.measures import Parser, measured
from tempuse.spaces import FIELDS
from tempuse.texts import without_controls

_SPLIT = re.compile(r"[|;\n]+|,(?!\d)")


def parser_for(target: str, unit: str, style: Style, words: dict[str, str], currency: str = "EUR") -> Parser:
    """The parser of one column.

    Args:
        target: our field.
        unit: the column's unit as the sender or the crosswalk names it.
        style: how the column writes numbers and days.
        words: the sender's folded words against our values.
        currency: the register's.
    """
    about: Any = FIELDS.get(target, {"kind": "flag" if target == "withhold" else "text"})
    kind = about["kind"]
    if kind == "choice":
        return lambda value: _choice(value, words, {term.value for term in about["of"]})
    if kind == "list" and about.get("of"):
        return lambda value: _choices(value, words)
    if kind == "list":
        return _no_date(lambda value: (tuple(parts_of(value)), ""))
    if kind == "flag":
        return lambda value: _flag(value, words)
    if kind == "day":
        return _to_its_end(style) if target.endswith("_until") else lambda value: day(value, style)
    if about.get("unit") == "cents":
        return _in_range(money.parser(unit, style, currency), about)
    if kind in ("number", "whole"):
        return _in_range(measured(target, unit, style), about)
    return _no_date(_longest(2000)) if kind == "text" else _longest(100_000)


def _to_its_end(style: Style) -> Parser:
    """A day until which something is: of a month or a year alone the last."""

    def parse(value: Any) -> Parsed:
        found, wrong = day(value, style)
        if wrong == "value.year_only":
            return date(found.year, 12, 31), wrong
        if wrong == "value.month_only":
            return date(found.year, found.month, monthrange(found.year, found.month)[1]), wrong
        return found, wrong

    return parse


def _no_date(parser: Parser) -> Parser:
    """A text in which no date can stand: a house number 12-14 of which a spreadsheet made December is none any more."""

    def parse(value: Any) -> Parsed:
        if type(value) is not str and isinstance(value, (date, time)):
            return None, "value.made_a_date"
        return parser(value)

    return parse


def _longest(most: int) -> Parser:
    """Text; what is longer is cut, and said so."""

    def parse(value: Any) -> Parsed:
        found = value.strip() or None if type(value) is str and value.isprintable() else text(value)[0]
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
