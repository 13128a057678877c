"""Hours of the week as lists write them: *Tue 19:00-22:00*, *ma-vr 9u-17u; za 10-12*."""

from __future__ import annotations

import re

from tempuse.folding import fold
from tempuse.io.values.cells import LONGEST
from tempuse.terms import EVERY_DAY, Hours

# The first letters of the weekdays in the languages around, Monday first; where two languages differ it is left out.
_DAYS = (
    ("mo", "mon", "ma", "maa", "lu", "lun"), ("tu", "tue", "di", "din", "die", "mar"),
    ("we", "wed", "wo", "woe", "mi", "mit", "mer"), ("th", "thu", "do", "don", "je", "jeu"),
    ("fr", "fri", "fre", "vr", "vri", "ve", "ven"), ("sa", "sat", "sam", "za", "zat"),
    ("su", "sun", "zo", "zon", "so", "son", "dim"),
)  # fmt: skip
_NUMBER = {start: number for number, starts in enumerate(_DAYS) for start in starts}
_EVERY = frozenset({"daily", "every day", "dagelijks", "elke dag", "tous les jours", "taglich", "jeden tag"})
_TIME = r"(\d{1,2})(?:[:.hu](\d{2}))?\s*(?:h|u|uur|uhr)?"
_PIECE = re.compile(rf"(?P<days>\D*?)\s*{_TIME}\s*(?:-|–|to|tot|until|bis|a)\s*{_TIME}")
_BETWEEN = re.compile(r"[;\n]|,(?=\s*[^\W\d])|(?<=\d)\s+(?!to|tot|until|bis)(?=[^\W\d]{3})")
_AND = re.compile(r"\s*(?:,|/|\+|&|\band\b|\ben\b|\bet\b|\bund\b)\s*")


def read_hours(text: str) -> tuple[Hours, ...]:
    """The hours of a week that a cell tells of; empty where not all of it can be read."""
    if len(text) > LONGEST:
        return ()
    found: list[Hours] = []
    waiting = ""
    for piece in _BETWEEN.split(fold(text)):
        match = _PIECE.fullmatch(f"{waiting} {piece.strip()}".strip())
        if match is None:
            waiting = f"{waiting} {piece.strip()},".strip()
            continue
        waiting, days = "", _days(match["days"].strip(" ,:"))
        start, end = (int(match[at]) * 60 + int(match[at + 1] or 0) for at in (2, 4))
        hours = Hours(weekdays=days, from_minute=start, until_minute=end)
        if not days or start == end or not hours.is_right():
            return ()
        found.append(hours)
    return () if waiting else tuple(found)


def _days(text: str) -> int:
    """Weekdays as bits, 0 where one of them cannot be read."""
    if text in _EVERY:
        return EVERY_DAY
    bits = 0
    for part in _AND.split(text):
        ends = [_number(each.strip(" .")) for each in re.split(r"\s*(?:-|–|\bto\b|\btot\b|\bbis\b)\s*", part)]
        if not 1 <= len(ends) <= 2 or None in ends:
            return 0
        first, last = ends[0] or 0, ends[-1] or 0
        for day in range(first, (last if last >= first else last + 7) + 1):
            bits |= 1 << day % 7
    return bits


def _number(word: str) -> int | None:
    """The number of a weekday by its name or its first letters, Monday 0; None for anything else."""
    if not re.fullmatch(r"[a-z]{2,12}", word):
        return None
    return _NUMBER.get(word[:3], _NUMBER.get(word) if len(word) == 2 else None)
