"""What a waiting list says of a space, cell by cell, as the parts of a question: sizes, times, money, things."""

from __future__ import annotations

import re
from functools import cache

from tempuse.folding import fold
from tempuse.io.crosswalk import Crosswalk, shipped
from tempuse.io.crosswalk.phrases import Phrases, found_in, phrases_of
from tempuse.io.values.cells import LONGEST, Style, number
from tempuse.vocabulary import Facility

_SQUARE = re.compile(r"m\s?[2²]|sqm|qm|sq\.? ?m")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)*")
_AT_MOST = re.compile(
    r"\b(?:max\w*|at most|up to|tot|bis|hoogstens|hochstens|au plus|jusqu\w*|less than|minder dan)\b|<"
)
_AT_LEAST = re.compile(r"\b(?:min\w*|at least|from|vanaf|ab|des|au moins|more than|meer dan)\b|>|\+")
_UNITS = tuple((re.compile(pattern), unit, many) for pattern, unit, many in (
    (r"d|days?|dag(?:en)?|jours?|tage?", "d", 1), (r"w|weeks?|weken|semaines?|wochen?", "d", 7),
    (r"m|mo|months?|maand(?:en)?|mois|monate?", "m", 1), (r"y|yrs?|years?|jaar|jaren|j|ans?|jahre?", "m", 12),
))  # fmt: skip
_MANY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]*)")
_YEARLY = re.compile(r"\b(?:y|yr|years?|annum|jaar|jaarlijks|ans?|jahr|jahrlich)\b")
_WEEKLY = re.compile(r"\b(?:weeks?|weekly|wekelijks|semaine|woche)\b")
_WEEKS_A_MONTH = 52 / 12
_BETWEEN = re.compile(r"[|;\n/+&]+|,(?!\d)|(?<!\S)(?:and|en|et|und)(?!\S)")
_NOT = re.compile(r"(?:no|not|without|geen|niet|zonder|pas de|pas d'|sans|kein\w*|ohne)\b")


def _numbers(text: str, style: Style) -> list[float]:
    """Every number of a text; a sign that may be either groups thousands, for nobody looks for 1.2 m² or pays €1.2."""
    found = []
    for piece in _NUMBER.findall(text):
        value, wrong = number(piece, style)
        if wrong == "value.dot_or_comma":
            value, wrong = number(piece, Style(decimal="," if "." in piece else "."))
        if not wrong:
            found.append(float(value))
    return found


def read_area(text: str, style: Style) -> str:
    """A size as an address writes it: ``60-120``, ``60-``, ``-120``; empty where it cannot be read."""
    if len(text) > LONGEST:
        return ""
    plain = _SQUARE.sub(" ", fold(text))
    found = _numbers(plain, style)
    if re.search(r"\bha\b|\bhectares?\b", plain):
        found = [each * 10_000 for each in found]
    ends = [_plain(each) for each in sorted(found)]
    if len(ends) == 2:
        return "-".join(ends)
    if len(ends) != 1:
        return ""
    at_most = _AT_MOST.search(plain) and not _AT_LEAST.search(plain)
    return f"-{ends[0]}" if at_most else f"{ends[0]}-"


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def read_count(text: str, style: Style) -> str:
    """A number of people, of several the largest; empty where there is none."""
    found = _numbers(text, style) if len(text) <= LONGEST else []
    return str(round(max(found))) if found else ""


def read_term(text: str, heading: str, style: Style) -> tuple[str, bool]:
    """A length of time as an address writes it, ``12m`` or ``10d``; of several the shortest.

    Args:
        text: of the cell.
        heading: of its column, which may say the unit.
        style: how the file writes numbers.

    Returns:
        The time, empty where it cannot be read; and whether nobody said in what it counts, so that months were taken.
    """
    pieces = _MANY.findall(fold(text)) if len(text) <= LONGEST else []
    if not 1 <= len(pieces) <= 2:
        return "", False
    counts = [float(count.replace(",", ".")) for count, _ in pieces]
    units = [_unit(word) for _, word in pieces]
    own = units[-1] or next(filter(None, map(_unit, fold(heading).replace("(", " ").replace(")", " ").split())), None)
    unit, many = own or ("m", 1)
    if units[0] and units[-1] and units[0] != units[-1]:  # a year and six months
        (first, per), count = units[0], counts[0]
        return (f"{round(count * per + counts[1] * many)}m", False) if first == unit == "m" else ("", False)
    return f"{max(round(min(counts) * many), 1)}{unit}", own is None


def _unit(word: str) -> tuple[str, int] | None:
    """In what a time is counted: an address's unit, and how many of them one is."""
    return next(((unit, many) for pattern, unit, many in _UNITS if pattern.fullmatch(word)), None)


def read_money(text: str, heading: str, style: Style) -> str:
    """What can be paid a month, of several amounts the highest; empty where it cannot be read."""
    found = _numbers(fold(text), style) if len(text) <= LONGEST else []
    if not found or len(found) > 2:
        return ""
    amount = max(found)
    for where in (fold(text), fold(heading)):
        if _YEARLY.search(where):
            return _plain(amount / 12)
        if _WEEKLY.search(where):
            return _plain(amount * _WEEKS_A_MONTH)
    return _plain(amount)


# ---- what must be there, in words -----------------------------------------------------------------------------


@cache
def _facilities() -> Phrases:
    """What facilities are called, as the headings of lists have them and as we call them."""
    ours_are = {each.value for each in Facility}
    said = [(each.theirs, each.field) for each in shipped("generic").columns if each.field in ours_are]
    return phrases_of([*said, *((each.label, each.value) for each in Facility)])


def parts_in(text: str) -> list[str]:
    """The several things that a cell names."""
    return [part.strip(" .") for part in _BETWEEN.split(text[:2000]) if part.strip(" .")]


def read_must(part: str, crosswalk: Crosswalk) -> list[tuple[str, str]]:
    """What one thing that must be there asks, as pairs of a question; nothing where nobody knows it.

    A thing that is not wanted is none that must be there: of such only what the list of words names is known.
    """
    told = fold(part)
    for theirs, ours in crosswalk.values.get("musts", {}).items():
        if told == theirs or (theirs.endswith("*") and told.startswith(theirs[:-1])):
            name, _, value = ours.partition("=")
            return [(name, value)]
    if _NOT.match(told):
        return []
    return [("has", each) for each in found_in(part, _facilities())]
