"""A published space in words: its title, its state, its size, its cost. Reads only published properties."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import orjson
from flask_babel import gettext

from tempuse.spaces import outlook as outlook_on
from tempuse.vocabulary import CostPeriod, LocationLevel, Occupancy, SpaceKind
from web import database, words
from web.presenters import labels, pictures

Properties = dict[str, Any]


def of_feature(text: str) -> Properties:
    """The properties of a published feature; geometry beside them under ``geometry``."""
    feature = orjson.loads(text)
    return {**feature["properties"], "geometry": feature["geometry"], "bbox": feature.get("bbox")}


def day_of(text: str | None) -> date | None:
    """A published day, None where none is."""
    return date.fromisoformat(text) if text else None


def outlook(shown: Properties) -> str:
    """``free``, ``used`` or ``shut`` today."""
    until = day_of(shown.get("available_until"))
    occupancy = Occupancy.TEMPORARY_USE.value if shown.get("in_use") else shown.get("occupancy", "unknown")
    return outlook_on(shown["status"], occupancy, until, database.today())


def free_from(shown: Properties) -> date | None:
    """From when it is to be had: when its days are free, or when it is available; None where nobody said."""
    return day_of(shown.get("free_from") or shown.get("available_from"))


def free_until(shown: Properties) -> date | None:
    """Until when it is to be had from then on; None where nobody said."""
    return day_of(shown.get("free_until") or shown.get("available_until"))


def near_day(value: date) -> str:
    """A day in words without its year while nobody could mistake it: within the eleven months to come."""
    ahead = (value - database.today()).days
    return words.day(value, year=not -31 <= ahead <= 335)


def state(shown: Properties, *, long: bool = False) -> str:
    """The most used question answered: is it free, and from when? ``long`` names the year."""
    today = database.today()
    say = words.day if long else near_day
    start, end = free_from(shown), day_of(shown.get("available_until"))
    how = outlook(shown)
    if how == "used" and shown.get("free_from") and shown["location_level"] != LocationLevel.EXACT and start:
        return gettext("In temporary use, free from %(day)s", day=say(start))  # its last day is not told
    if how == "used":
        until = start - timedelta(days=1) if start and start > today else used_until(shown)
        if until is None:
            return gettext("In temporary use")
        # In a row, of a day that is far away the month is enough, and fits a phone.
        far = not long and (until - today).days > 335
        return gettext("In temporary use until %(day)s", day=words.month(until) if far else say(until))
    if how == "shut":
        if end and end < today:
            return gettext("Not available since %(day)s", day=say(end))
        return gettext("Not available")
    if start and start > today:
        return gettext("Free from %(day)s", day=say(start))
    return gettext("Free from today")


def current_use(shown: Properties) -> dict[str, Any]:
    """The period of use that runs today, as far as it is published; empty when none is."""
    today = database.today()
    for period in shown.get("history") or []:
        start, end = day_of(period.get("starts_on")), day_of(period.get("ends_on"))
        in_it = (start is None or start <= today) and (end is None or end >= today)
        if period["occupancy"] == Occupancy.TEMPORARY_USE and in_it:
            return dict(period)
    return {}


def used_until(shown: Properties) -> date | None:
    """The last day of the use that runs today, None when it is not known."""
    return day_of(current_use(shown).get("ends_on"))


def title(shown: Properties) -> str:
    """A space's name; where the name would locate it, what it is and the district."""
    if shown.get("name"):
        return str(shown["name"])
    if shown.get("address"):
        return str(shown["address"])
    what = _a_what(shown)
    if shown.get("district"):
        return gettext("%(what)s in %(district)s", what=what, district=shown["district"])
    return what


def _a_what(shown: Properties) -> str:
    uses = shown.get("suitable_uses") or ("",)
    match shown["kind"], uses[0]:
        case SpaceKind.PLOT.value, _:
            return gettext("A plot")
        case _, "workshop":
            return gettext("A workshop")
        case _, "studio":
            return gettext("A studio")
        case _, "shop":
            return gettext("A shop")
        case _, "office":
            return gettext("An office")
        case _, "storage":
            return gettext("A storeroom")
        case SpaceKind.UNIT.value, _:
            return gettext("A unit")
    return gettext("A building")


def size(shown: Properties) -> str:
    """A space's area, exact or as a band."""
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
    """Kind, size, district: the line under the name; the street where no district is known and the name is another."""
    place = shown.get("district") or (shown.get("address") if shown.get("name") else "")
    parts = [labels.term(SpaceKind, shown["kind"]), size(shown), place or ""]
    return ", ".join(part for part in parts if part)


def cost(shown: Properties) -> str:
    """What a space costs, in one line."""
    model, cents, period = shown.get("cost_model"), shown.get("cost_cents"), shown.get("cost_period")
    running = shown.get("running_cost_month_cents")
    if cents:
        per = labels.term(CostPeriod, period) if period else ""
        return f"{words.money(cents)} {per}".strip()
    if model == "free":
        return gettext("Free of charge")
    if running:
        return gettext("Running costs, about %(amount)s a month", amount=words.money(running))
    if model == "running_costs":
        return gettext("Running costs only")
    if model == "reduced":
        return gettext("Less than market rent")
    return gettext("Market rent") if model == "market" else ""


def why_coarse(shown: Properties) -> str:
    """Why a space's place is not shown exactly, empty when it is."""
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


def mark(shown: Properties, x: float, y: float) -> Properties:
    """A space as a small map draws it; x and y are fractions of the world square."""
    return {
        "ref": shown["ref"], "x": x, "y": y, "kind": shown["kind"], "outlook": outlook(shown), "name": title(shown),
        "state": state(shown), "level": shown["location_level"], "cell": shown["geometry"],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A space in a list: what the row shows, and where the map has it."""

    ref: str
    kind: str
    outlook: str
    state: str
    title: str
    meta: str
    third: str
    level: str
    lon: float | None
    lat: float | None
    picture: pictures.ShownPicture | None = None
    address: str = ""

    @property
    def is_coarse(self) -> bool:
        """Whether its place is not shown exactly."""
        return self.level != LocationLevel.EXACT


def row(shown: Properties, lon: float, lat: float, said: str = "") -> Card:
    """A published space as a row of a list; ``said`` is told instead of its state."""
    placed = math.isfinite(lon)
    return Card(
        shown["ref"], shown["kind"], outlook(shown), said or state(shown), title(shown), meta(shown), third(shown),
        shown["location_level"], lon if placed else None, lat if placed else None,
        pictures.first(shown), str(shown.get("address") or ""),
    )  # fmt: skip


def told_apart(rows: list[Card]) -> list[Card]:
    """The rows of a list; those of one name say their street as well, or their number where none is shown."""
    often = Counter(row.title for row in rows)
    return [
        replace(row, meta=f"{row.meta}, {said}")
        if often[row.title] > 1 and (said := row.address or row.ref) not in (row.title, *row.meta.split(", "))
        else row
        for row in rows
    ]


def third(shown: Properties) -> str:
    """The last line of a row: who is there, or how little the owner shows, or what it costs."""
    level = shown["location_level"]
    if level == LocationLevel.CELL:
        return gettext("The owner shows only the area")
    if level == LocationLevel.DISTRICT:
        return gettext("The owner shows only the district")
    if level == LocationLevel.HIDDEN:
        return gettext("The owner does not show where it is")
    if outlook(shown) == "used" and (use := current_use(shown)).get("title"):
        start = day_of(use.get("starts_on"))
        if start is None:
            return gettext("By %(who)s", who=use["title"])
        when = words.span_part(start, "year") if use.get("precision") == "year" else words.month(start)
        return gettext("By %(who)s, since %(when)s", who=use["title"], when=when)
    return cost(shown) or _before(shown)


def _before(shown: Properties) -> str:
    """What was there last and until which year; empty for what one can have, or without a past."""
    past = [each for each in shown.get("history") or [] if each.get("title")]
    if outlook(shown) != "shut" or not past:
        return ""
    last = max(past, key=lambda each: each.get("ends_on") or each.get("starts_on") or "")
    end = day_of(last.get("ends_on"))
    if end is None or end >= database.today():
        return str(last["title"])
    return gettext("Until %(year)s: %(what)s", year=words.span_part(end, "year"), what=last["title"])
