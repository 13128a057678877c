"""Days in any usual writing, read from the first sign to the last."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tempuse.folding import fold
from tempuse.io.values.cells import LONGEST, Parsed, Style
from tempuse.io.values.words import months, table, taken, tokens

_TIME = (
    r"(?:[ t]++\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?+)?+ ?(?:[ap]\.?m\.?)?+ ?(?:z|utc|gmt|[+-]\d{2}:?\d{2})?+)?+"
)
_ISO = re.compile(
    rf"(\d{{4}})\. ?(\d{{1,2}})\. ?(\d{{1,2}})\.?|(\d{{4}})([-/])(\d{{1,2}})\5(\d{{1,2}}){_TIME}", re.ASCII
)
_NUMERIC = re.compile(
    rf"(\d{{1,2}})(?: ?[-/.] ?| )(\d{{1,2}})(?: ?[-/.] ?| )(\d{{4}}|\d{{2}})\.?{_TIME}(?: ?[rgj]\.?)?", re.ASCII
)
_SERIAL = re.compile(r"[2-6][0-9]{4}")  # 1954 to 2091
_CLEARLY = 2  # times as many
_HALF_OF_DAY = re.compile(r"[0-9] ?[ap]\.?m\.?$")
_MONTH_ONLY = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_YEAR = re.compile(r"(1[5-9]\d\d|20\d\d)(?:[.,]0)?", re.ASCII)
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {name: number for number, name in enumerate(_NUMERALS, 1)}
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "e", "ere", "de", "ste", "o", "a", "\u00b0", "ησ", "η", "ta"})
_EXCEL_EPOCH = date(1899, 12, 30)
_EARLIEST, _LATEST = 1700, 2200
# What programs write where they have no day.
_NO_DAYS = frozenset({date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(2099, 12, 31)})


def day_first(texts: Iterable[Any]) -> bool | None:
    """Whether the day comes before the month, as it does unless most of these tell otherwise; None where both do."""
    firsts = [match for text in texts if isinstance(text, str) and (match := _NUMERIC.fullmatch(fold(text[:LONGEST])))]
    days = sum(int(m[1]) > 12 for m in firsts)
    # 3/1/2027 12:00:00 AM is written where the month comes first.
    months = sum(
        int(m[1]) <= 12 and (int(m[2]) > 12 or ("/" in m[0] and _HALF_OF_DAY.search(m[0]) is not None)) for m in firsts
    )
    if not months or days >= _CLEARLY * months:
        return True
    return False if months >= _CLEARLY * days else None


def has_dots(texts: Iterable[Any]) -> bool:
    """Whether these are days as 12.03.2021, which nobody writes who puts a dot before decimals."""
    return any(isinstance(text, str) and re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text.strip()) for text in texts)


def day(value: Any, style: Style) -> Parsed:
    """A day in any usual writing; a year alone is its first day, and said so."""
    if isinstance(value, datetime):
        return _real(value.date(), "")
    if isinstance(value, date):
        return _real(value, "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_number(value)
    text = str(value).strip()
    if len(text) > LONGEST:
        return None, "value.not_a_day"
    if _SERIAL.fullmatch(text):  # a day as Excel counts them, in a file that keeps no formats
        return _of_number(int(text))
    found = _of_figures(fold(text), style)
    return found if found is not None else _of_words(text, style)


def _of_number(value: float) -> Parsed:
    if not float(value).is_integer():
        if 10_000 <= value <= 80_000:  # a day with its hour
            return _real(_EXCEL_EPOCH + timedelta(days=int(value)), "")
        return None, "value.not_a_day"
    if 1500 <= value <= 2200:
        return date(int(value), 1, 1), "value.year_only"
    if 10_000 <= value <= 80_000:  # a day as Excel counts them
        return _real(_EXCEL_EPOCH + timedelta(days=int(value)), "")
    return _of_figures(str(int(value)), Style()) or (None, "value.not_a_day")


def _of_figures(text: str, style: Style) -> Parsed | None:
    """A day written in figures alone; None where it is not."""
    if match := _ISO.fullmatch(text):
        year, month, dom = (match[1], match[2], match[3]) if match[1] else (match[4], match[6], match[7])
        return _made(int(year), int(month), int(dom))
    if match := _NUMERIC.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        year_of = _full_year(match[3])
        if style.day_first is None and max(first, second) <= 12 and first != second:
            return None, "value.day_or_month"
        month_of, dom_of = (first, second) if style.day_first is False else (second, first)
        if month_of > 12:
            found, wrong = _made(year_of, dom_of, month_of)
            return found, wrong or "value.month_first"
        return _made(year_of, month_of, dom_of)
    if match := _YEAR.fullmatch(text):
        return date(int(match[1]), 1, 1), "value.year_only"
    if match := _MONTH_ONLY.fullmatch(text):
        return _made(int(match[1] or match[4]), int(match[2] or match[3]), 1, "value.month_only")
    if match := _COMPACT.fullmatch(text):
        # 20220301, and 01032022 where no year begins with its first two figures
        for year, month, dom in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
            if _EARLIEST <= int(year) <= _LATEST and 1 <= int(month) <= 12:
                return _made(int(year), int(month), int(dom))
    return None


def _of_words(text: str, style: Style) -> Parsed:
    """A day with the name of its month, or with words before it: since, about."""
    whole = [told for _, told in tokens(text)]
    if whole and {whole[0], whole[-1]} & {"-", "/"}:
        return None, "value.not_a_day"  # a stretch without an end
    given = [told for told in whole if told not in (".", ",", "-", "/", "(", ")", "'")]
    about = ""
    for what in ("since", "about", "since"):
        while given and not given[0].isdigit() and given[0] not in months() and given[0] in _phrases(what):
            about = "value.about" if what == "about" else about
            given = given[1:]
    bare = given
    while bare and not bare[-1][0].isdigit() and (bare[-1] in table("since") or bare[-1] in table("year")):
        bare = bare[:-1]
    found, wrong = (len(bare) == 1 and _of_figures(bare[0], style)) or _named(given)
    return (None, wrong) if found is None else (found, wrong or about)


def _phrases(what: str) -> frozenset[str]:
    return frozenset(word for told in table(what) for word in told.split())


def _named(given: list[str]) -> Parsed:
    figures = [told for told in given if told.isdecimal()]
    words = [told for told in given if not told.isdecimal()]
    rest = [told for told in words if told not in _ORDINALS and told not in table("year")]
    if not rest and len(figures) == 1 and _YEAR.fullmatch(figures[0]):
        return date(int(figures[0]), 1, 1), "value.year_only"
    if len(rest) > 1 and taken(rest[:1], "weekday"):
        rest = rest[1:]
    named = months().get(rest[0]) if len(rest) == 1 else None
    if named is None and len(rest) == 1 and len(figures) == 2:
        named = _ROMAN.get(rest[0])  # 1.III.2022
    if named is None:
        return None, "value.not_a_day"
    if len(figures) == 1:
        year = figures[0] if len(figures[0]) in (2, 4) else ""
        return _made(_full_year(year), named, 1, "value.month_only") if year else (None, "value.not_a_day")
    if len(figures) != 2:
        return None, "value.not_a_day"
    first, second = figures
    dom, year = (second, first) if len(first) == 4 else (first, second)
    if len(dom) > 2 or len(year) not in (2, 4):
        return None, "value.not_a_day"
    return _made(_full_year(year), named, int(dom))


def _full_year(figures: str) -> int:
    year = int(figures)
    return year + ((2000 if year < 70 else 1900) if len(figures) == 2 else 0)


def _made(year: int, month: int, dom: int, wrong: str = "") -> Parsed:
    try:
        return _real(date(year, month, dom), wrong)
    except ValueError:
        return None, "value.no_such_day"


def _real(found: date, wrong: str) -> Parsed:
    """A day that somebody meant: not the first or the last that a program knows."""
    if found in _NO_DAYS or not _EARLIEST <= found.year <= _LATEST:
        return None, "value.no_real_day"
    return found, wrong
