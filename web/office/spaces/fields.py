"""The fields of a space as texts of a form, there and back. What does not fit becomes an Issue; the text stays."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tempuse.emails import wrong_with_email
from tempuse.errors import Invalid, Issue
from tempuse.io.places import typed
from tempuse.io.places.extents import Extent
from tempuse.io.values.cells import Style, number
from tempuse.spaces import EDITABLE, FIELDS, Period, Space, check_value
from web.site import arguments

Texts = dict[str, str]

UNITS = {"day": 1, "month": 30, "year": 365}
_TERMS = tuple(name for name, about in FIELDS.items() if about.get("unit") == "days")
_HUNDREDTHS = tuple(name for name, about in FIELDS.items() if about.get("unit") in ("cents", "cm"))
_SAID = {"value.dot_or_comma": "fact.dot_or_comma"}
PERIOD_FIELDS = ("title", "starts_on", "ends_on", "occupancy", "what_came", "source")


def texts_of(space: Space) -> Texts:
    """Every field that a form may change, as the form writes it."""
    return {name: text_of(name, getattr(space, name)) for name in EDITABLE}


def text_of(name: str, value: Any) -> str:
    """One value as the form writes it; empty when unknown."""
    kind = FIELDS[name]["kind"]
    if value is None or value == ():
        return ""
    if kind == "geometry":
        return typed.shown(value)
    if kind == "flag":
        return "yes" if value else "" if is_tick(name) else "no"
    if kind == "list":
        return ", ".join(value)
    if name in _TERMS:
        unit = next(each for each in ("year", "month", "day") if value % UNITS[each] == 0)
        return f"{value // UNITS[unit]} {unit}"
    if name in _HUNDREDTHS:
        return f"{value / 100:.2f}".removesuffix(".00") if FIELDS[name]["unit"] == "cents" else f"{value / 100:g}"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else str(value)


def is_tick(name: str) -> bool:
    """Whether a field is said or not said, with no third answer."""
    return FIELDS[name]["kind"] == "flag" and getattr(Space(), name) is not None


def values_of(
    texts: Mapping[str, str], *, national_crs: str = "", extent: Extent | None = None
) -> tuple[dict[str, Any], list[Issue], str]:
    """The values that these texts mean, what is wrong with the others, and a note on how the place was read."""
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    note = ""
    for name, text in texts.items():
        wrong = ""
        if name == "geometry":
            try:
                values[name], note = typed.parse_place(text, national_crs, extent) if text else (None, "")
            except Invalid as error:
                issues += error.issues
            continue
        value, wrong = _value(name, text)
        wrong = wrong or check_value(name, value)
        if wrong:
            about = FIELDS[name]
            scale = 100 if name in _HUNDREDTHS else 1
            bounds = {side: about[side] / scale for side in ("least", "most") if side in about}
            limits: dict[str, Any] = {
                side: f"{bound:,.0f}" if bound == int(bound) else f"{bound:g}" for side, bound in bounds.items()
            }
            issues.append(Issue(None, name, text, wrong, values=limits))
        else:
            values[name] = value
    return values, issues, note


def _value(name: str, text: str) -> tuple[Any, str]:
    about = FIELDS[name]
    kind = about["kind"]
    if kind == "flag":
        empty = False if is_tick(name) else None
        return {"yes": True, "no": False}.get(text, empty), ""
    if kind == "list":
        return tuple(dict.fromkeys(part for each in re.split(r"[,;\n]", text) if (part := each.strip()))), ""
    if not text:
        return (FIELDS_DEFAULT.get(name), "")
    if kind == "day":
        return _day(text)
    if kind in ("number", "whole"):
        return _figure(name, kind, text)
    if name == "within_ref":
        return text.upper(), ""
    return text, wrong_with_email(text) if name == "owner_email" else ""


def _figure(name: str, kind: str, text: str) -> tuple[Any, str]:
    amount, _, unit = text.rpartition(" ") if name in _TERMS else (text, "", "")
    found, wrong = number(amount, Style())
    if wrong or not math.isfinite(found) or not re.fullmatch(r"[-+\d.,'’\s\u00a0\u202f]+", amount):
        return None, _SAID.get(wrong, "fact.not_a_number")
    scale = UNITS.get(unit, 1) if name in _TERMS else 100 if name in _HUNDREDTHS else 1
    found *= scale
    if kind == "number":
        return found, ""
    if abs(found - round(found)) > 1e-6:
        return None, "fact.too_fine" if name in _HUNDREDTHS else "fact.not_whole"
    return round(found), ""


def _day(text: str) -> tuple[date | None, str]:
    found = arguments.day(text)
    return found, "" if found else "fact.not_a_date"


FIELDS_DEFAULT = {name: getattr(Space(), name) for name, about in FIELDS.items() if about["kind"] == "choice"}


# ---- the past ------------------------------------------------------------------------------------------------


def rows_of(past: list[Period]) -> list[Texts]:
    """A space's past as rows of the form."""
    return [
        {
            "title": period.title,
            "starts_on": _shown(period.starts_on, period.precision),
            "ends_on": _shown(period.ends_on, period.precision),
            "occupancy": str(period.occupancy),
            "what_came": period.what_came or "",
            "source": period.source or "",
        }
        for period in past
    ]


def _shown(day: date | None, precision: str) -> str:
    return "" if day is None else day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def past_of(rows: list[Texts]) -> tuple[list[Period], list[Issue]]:
    """The periods that these rows mean; a row without a title and days is none. The latest comes first."""
    past: list[Period] = []
    issues: list[Issue] = []
    for i, row in enumerate(rows):
        if not (row["title"] or row["starts_on"] or row["ends_on"] or row["what_came"]):
            continue
        starts, fine = _end(row["starts_on"], last=False)
        ends, coarse = _end(row["ends_on"], last=True)
        for name, found in (("starts_on", starts), ("ends_on", ends)):
            if row[name] and found is None:
                issues.append(Issue(None, f"past-{i}-{name}", row[name], "period.not_a_date"))
        if starts and ends and ends < starts:
            issues.append(Issue(None, f"past-{i}-ends_on", row["ends_on"], "space.end_before_start"))
        if not row["title"]:
            issues.append(Issue(None, f"past-{i}-title", "", "period.title"))
        precision = max((fine, coarse), key=("day", "month", "year").index)
        past.append(
            Period(
                starts_on=starts, ends_on=ends, precision=precision, title=row["title"],
                occupancy=row["occupancy"] or Period().occupancy,
                what_came=row["what_came"] or None, source=row["source"] or None,
            )
        )  # fmt: skip
    return sorted(past, key=lambda period: period.starts_on or date.min, reverse=True), issues


def _end(text: str, *, last: bool) -> tuple[date | None, str]:
    """An end of a stretch written as 2024, 2024-05 or 2024-05-12, and how fine that is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if not match:
        return None, "day"
    year, month, day = int(match[1]), match[2], match[3]
    precision = "day" if day else "month" if month else "year"
    try:
        in_month = int(month) if month else (12 if last else 1)
        of_month = int(day) if day else (calendar.monthrange(year, in_month)[1] if last else 1)
        return date(year, in_month, of_month), precision
    except (ValueError, calendar.IllegalMonthError):
        return None, "day"
