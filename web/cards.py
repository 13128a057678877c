"""A published space in words: its title, its state, its size, its cost. Reads only published properties."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from flask_babel import gettext, ngettext

from tempuse.spaces import outlook as outlook_on
from tempuse.vocabulary import CostPeriod, LocationLevel, SpaceKind, Term, UseCategory
from web import database, words

Properties = dict[str, Any]


def of_feature(text: str) -> Properties:
    """The properties of a published feature; geometry beside them under ``geometry``."""
    feature = orjson.loads(text)
    return {**feature["properties"], "geometry": feature["geometry"], "bbox": feature.get("bbox")}


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def outlook(shown: Properties) -> str:
    """``free``, ``used`` or ``shut`` today."""
    until = _date(shown.get("available_until"))
    return outlook_on(shown["status"], shown.get("occupancy", "unknown"), until, database.today())


def state(shown: Properties) -> str:
    """The most used question answered: is it free, and from when?"""
    today = database.today()
    start, end = _date(shown.get("available_from")), _date(shown.get("available_until"))
    how = outlook(shown)
    if how == "used":
        free_again = start if start and start > today else None
        return (
            gettext("In temporary use until %(day)s", day=words.day(free_again))
            if free_again
            else gettext("In temporary use")
        )
    if how == "shut":
        if end and end < today:
            return gettext("Not available since %(day)s", day=words.day(end))
        return gettext("Not available")
    if start and start > today:
        return gettext("Free from %(day)s", day=words.day(start))
    return gettext("Free until %(day)s", day=words.day(end)) if end else gettext("Free now")


def label(kind: type[Term], value: str | None) -> str:
    """The word for a value of a list, in the reader's language."""
    return gettext(kind(value).label) if value else ""


def noun(shown: Properties) -> str:
    """What to call it in a sentence: hall, shop, plot."""
    kind, uses = shown["kind"], shown.get("suitable_uses") or []
    if kind == SpaceKind.PLOT:
        return gettext("plot")
    if kind == SpaceKind.UNIT:
        return gettext("shop") if list(uses[:1]) == [UseCategory.SHOP] else gettext("unit")
    return gettext("building")


def title(shown: Properties) -> str:
    """Its name; where the name would locate it, what it is and the district."""
    if shown.get("name"):
        return str(shown["name"])
    if shown.get("address"):
        return str(shown["address"])
    what = {
        SpaceKind.BUILDING.value: gettext("A building"),
        SpaceKind.UNIT.value: gettext("A unit"),
        SpaceKind.PLOT.value: gettext("A plot"),
    }[shown["kind"]]
    uses = shown.get("suitable_uses") or []
    if uses and shown["kind"] != SpaceKind.PLOT:
        what = {
            "workshop": gettext("A workshop"), "studio": gettext("A studio"), "shop": gettext("A shop"),
            "office": gettext("An office"), "storage": gettext("A storeroom"),
        }.get(uses[0], what)  # fmt: skip
    if shown.get("district"):
        return gettext("%(what)s in %(district)s", what=what, district=shown["district"])
    return what


def size(shown: Properties) -> str:
    """Its area, exact or as a band."""
    if band := shown.get("area_band_m2"):
        low, _, high = band.partition("-")
        if not high:
            return gettext("more than %(low)s m²", low=words.figure(float(low)))
        if low == "0":
            return gettext("up to %(high)s m²", high=words.figure(float(high)))
        return gettext("%(low)s to %(high)s m²", low=words.figure(float(low)), high=words.figure(float(high)))
    first, second = shown.get("floor_area_m2"), shown.get("plot_area_m2")
    area = second if shown["kind"] == SpaceKind.PLOT else first
    return words.square_metres(area)


def meta(shown: Properties) -> str:
    """Kind, size, district: the line under the name."""
    parts = [label(SpaceKind, shown["kind"]), size(shown), shown.get("district") or ""]
    return ", ".join(part for part in parts if part)


def cost(shown: Properties) -> str:
    """What it costs, in one line."""
    model, cents, period = shown.get("cost_model"), shown.get("cost_cents"), shown.get("cost_period")
    running = shown.get("running_cost_month_cents")
    if cents:
        per = label(CostPeriod, period) if period else ""
        return f"{words.money(cents)} {per}".strip()
    if model == "free":
        return gettext("Free of charge")
    if running:
        return gettext("Running costs, about %(amount)s a month", amount=words.money(running))
    if model == "running_costs":
        return gettext("Running costs only")
    return {"reduced": gettext("Less than market rent"), "market": gettext("Market rent")}.get(model or "", "")


def why_coarse(shown: Properties) -> str:
    """Why the place is not shown exactly, empty when it is."""
    level = shown.get("location_level")
    if level == LocationLevel.CELL:
        return gettext("Somewhere in this square. The owner shows only the area.")
    if level == LocationLevel.DISTRICT:
        return gettext(
            "Somewhere in %(district)s. The owner shows only the district.",
            district=shown.get("district") or "",
        )
    if level == LocationLevel.HIDDEN:
        return gettext("The owner does not show where it is.")
    return ""


def counted(total: int) -> str:
    """So many spaces."""
    return ngettext("%(num)s space", "%(num)s spaces", total, num=words.figure(total))
