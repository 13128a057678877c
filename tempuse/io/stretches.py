"""Stretches of time as lists write them: *2007-2017*, *May 2014 to June 2015*, *2019-*, *by 2016*."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from tempuse.folding import fold
from tempuse.io.values.cells import LONGEST, Style
from tempuse.io.values.days import day

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*[^*]*\*")
_DASH = re.compile(r"\s*(?:[-–—/]|\b(?:to|until|till|tot|t/m|jusqu'a|bis)\b)\s*")
_SINCE = re.compile(r"(?:since|from|sinds|vanaf|van|depuis|ab|seit)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:to|until|till|tot|jusqu'à|jusqu'a|bis)\s+", re.IGNORECASE)
_BY = re.compile(r"(?:by|in|tegen|en|um)\s+", re.IGNORECASE)
_DECADE = re.compile(r"(\d{3}0)s")
_AT_LEAST = re.compile(r"(\d{4})\+")
_ISO_LOOK = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
_SHORT_YEAR = re.compile(r"\d{2}")
_SEASONS = {
    "spring": 3, "lente": 3, "printemps": 3, "fruhjahr": 3, "summer": 6, "zomer": 6, "ete": 6, "sommer": 6,
    "autumn": 9, "fall": 9, "herfst": 9, "automne": 9, "herbst": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedStretch:
    """A stretch as a list tells it.

    Attributes:
        starts_on: the first day; where only a month or a year is told, the first of it.
        ends_on: the last day, or the last of what is told; None where none is told.
        precision: how much of the days is known: day, month or year.
        is_open: the list says that it goes on.
        wrong: message id of what a person should know; empty when all was told.
    """

    starts_on: date | None
    ends_on: date | None
    precision: str = "day"
    is_open: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Moment:
    first: date
    last: date
    precision: str


def read_stretches(text: str, style: Style) -> list[ListedStretch]:
    """Every stretch that a cell tells of, in its order; an empty list where none can be read.

    What stands in brackets is a remark. Pieces behind a semicolon that are no stretch are remarks, too.
    """
    if len(text) > LONGEST:
        return []
    plain = " ".join(_ASIDE.sub(" ", text).split())
    found = [_stretch(piece.strip(), style) for piece in plain.split(";")]
    return [each for each in found if each is not None]


def read_ends(start: str, end: str, style: Style) -> tuple[ListedStretch | None, str]:
    """A stretch from a column with the first and one with the last day.

    Args:
        start: as the list has it; empty where it says nothing.
        end: likewise.
        style: how the columns write days.

    Returns:
        The stretch, None where it cannot be read; and which of the two could not: ``starts_on`` or ``ends_on``.
    """
    start, end = ("" if day(text, style)[1] == "value.no_real_day" else text for text in (start, end))
    first = _moment(start, style) if start else None
    last = _moment(end, style) if end else None
    if start and first is None:
        return None, "starts_on"
    if end and last is None:
        return None, "ends_on"
    if first is None and last is None:
        return None, ""
    return _joined(first, last, is_open=last is None), ""


def _stretch(text: str, style: Style) -> ListedStretch | None:
    if not text:
        return None
    if since := _SINCE.match(text):
        first = _moment(text[since.end() :], style)
        if first is not None:
            return _joined(first, None, is_open=True)
        text = text[since.end() :]
    if (until := _UNTIL.match(text)) and (last := _moment(text[until.end() :], style)):
        return _joined(None, last)
    if (by := _BY.match(text)) and (then := _moment(text[by.end() :].split("-")[0], style)):
        return ListedStretch(then.first, then.last, then.precision, wrong="use.known_then")
    if (whole := _moment(text, style)) and not re.fullmatch(r"\d{4}-\d{2}", text):
        return ListedStretch(
            whole.first, whole.last, whole.precision, wrong="" if whole.precision == "day" else "use.one_time"
        )
    if _ISO_LOOK.fullmatch(text):  # a day that no calendar has
        return None
    for dash in _DASH.finditer(text):
        first = _moment(text[: dash.start()], style)
        rest = text[dash.end() :]
        if first is None:
            continue
        if not rest:
            return _joined(first, None, is_open=True)
        if _SHORT_YEAR.fullmatch(rest):
            rest = f"{first.first.year // 100}{rest}"
        if (last := _moment(rest, style)) is not None:
            return _joined(first, last)
    return None


def _joined(first: _Moment | None, last: _Moment | None, *, is_open: bool = False) -> ListedStretch:
    told = [each.precision for each in (first, last) if each is not None]
    precision = next(each for each in ("year", "month", "day") if each in told)
    if first is None:
        assert last is not None
        return ListedStretch(date(last.last.year, 1, 1), last.last, "year", wrong="use.start_unknown")
    return ListedStretch(first.first, None if last is None else last.last, precision, is_open)


def _moment(text: str, style: Style) -> _Moment | None:
    """A day, a month, a season, a year or a decade, as its first and last day."""
    text = text.strip(" .,")
    if not text:
        return None
    if match := _DECADE.fullmatch(text):
        return _Moment(date(int(match[1]), 1, 1), date(int(match[1]) + 9, 12, 31), "year")
    if match := _AT_LEAST.fullmatch(text):
        text = match[1]
    season, _, year = text.rpartition(" ")
    if (month := _SEASONS.get(fold(season))) and re.fullmatch(r"\d{4}", year):
        return _Moment(date(int(year), month, 1), _end_of_month(int(year), month + 2), "month")
    found, wrong = day(text, style)
    if found is None:
        return None
    if wrong == "value.year_only":
        return _Moment(found, date(found.year, 12, 31), "year")
    if wrong == "value.month_only":
        return _Moment(found, _end_of_month(found.year, found.month), "month")
    return _Moment(found, found, "day")


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, 1) + timedelta(days=calendar.monthrange(year, month)[1] - 1)
