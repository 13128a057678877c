"""What a published space is and when it is free, as sentences of its page; what is not known is not said."""

from __future__ import annotations

from flask_babel import gettext

from tempuse.spaces import FACILITIES, FIELDS
from tempuse.vocabulary import Condition, PreviousUse, SpaceKind, UseCategory
from web import database, words
from web.presenters import cards, labels
from web.presenters.cards import Properties

# Fields that a sentence, a heading or the map tells, or that say nothing to who looks for a space. Every other field
# that is published stands on the page by its own word.
SAID = frozenset({
    "ref", "kind", "status", "name", "description", "rules", "within_ref", "address", "locality", "postcode",
    "placed_by", "district_ref", "parcel_refs", "floor_area_m2", "plot_area_m2", "plot_area_measured",
    "building_year", "storey", "previous_use", "occupancy", "vacant_since", "condition", *FACILITIES,
    "ceiling_height_cm", "door_width_cm", "heritage", "contamination", "fire_capacity_persons", "noise_limit_db",
    "floor_load_kg_m2", "suitable_uses", "available_from", "available_until", "shortest_term_days",
    "longest_term_days", "cost_model", "cost_cents", "cost_period", "running_cost_month_cents",
    "running_cost_winter_cents", "deposit_cents", "ownership", "location_level", "source", "source_ref",
    "source_licence", "sought_by", "certainty", "checked_on", "retired_on", "geometry",
})  # fmt: skip


def this(shown: Properties) -> str:
    """The space as a sentence names it: this hall, this plot."""
    return {
        "plot": gettext("this plot"),
        "unit": gettext("this unit"),
        "shop": gettext("this shop"),
        "hall": gettext("this hall"),
    }.get(_noun(shown), gettext("this building"))


def noun(shown: Properties) -> str:
    """The space as a heading names it: The hall."""
    return {
        "plot": gettext("The plot"),
        "unit": gettext("The unit"),
        "shop": gettext("The shop"),
        "hall": gettext("The hall"),
    }.get(_noun(shown), gettext("The building"))


def _noun(shown: Properties) -> str:
    if shown["kind"] == SpaceKind.BUILDING:
        return "hall" if "hall" in str(shown.get("name", "")).lower().split() else "building"
    if shown["kind"] == SpaceKind.UNIT and list(shown.get("suitable_uses") or [])[:1] == [UseCategory.SHOP]:
        return "shop"
    return str(shown["kind"])


def say(shown: Properties) -> str:
    """The one sentence: you can use this hall from 1 March to 31 August 2027."""
    today, it = database.today(), this(shown)
    how = cards.outlook(shown)
    if how == "shut":
        return gettext("You cannot use %(it)s just now.", it=it)
    start, end = cards.free_from(shown), cards.free_until(shown)
    begins = start if start and start > today else None
    if how == "used":
        if begins is None:
            return gettext("A group uses %(it)s just now.", it=it)
        return gettext("A group uses %(it)s just now. It is free again from %(day)s.", it=it, day=words.day(begins))
    if begins and end:
        same = begins.year == end.year
        first = words.day(begins, year=not same)
        return gettext(
            "You can use %(it)s from %(start)s to %(end)s.", it=it, start=first, end=words.day(end, year=True)
        )
    if begins:
        return gettext("You can use %(it)s from %(start)s.", it=it, start=words.day(begins, year=True))
    if end:
        return gettext("You can use %(it)s from today to %(end)s.", it=it, end=words.day(end, year=True))
    return gettext("You can use %(it)s from today.", it=it)


def more(shown: Properties) -> str:
    """How short or long a group may stay."""
    shortest, longest = shown.get("shortest_term_days"), shown.get("longest_term_days")
    if shortest and longest:
        if shortest == longest:
            return gettext("For %(time)s.", time=words.duration(shortest))
        least, most = words.duration(shortest), words.duration(longest)
        return gettext("For %(shortest)s at least, %(longest)s at most.", shortest=least, longest=most)
    if shortest:
        return gettext("For %(shortest)s at least.", shortest=words.duration(shortest))
    return gettext("For %(longest)s at most.", longest=words.duration(longest)) if longest else ""


def what(shown: Properties) -> list[tuple[str, str]]:
    """What a space is in itself, wherever it lies: pairs of a word and a fact."""
    found = [
        (gettext("Size"), _size(shown)),
        (gettext("Kind"), _kind(shown)),
        (gettext("Built"), str(shown.get("building_year") or "")),
        (gettext("Condition"), _condition(shown)),
        (gettext("Before"), _before(shown)),
        (gettext("Where"), where(shown)),
    ]
    return [(name, said) for name, said in found if said]


def rows(shown: Properties) -> list[tuple[str, str]]:
    """All that is known of a space: pairs of a word and a fact."""
    found = what(shown)
    found += [
        (labels.label(name), labels.told(name, shown[name])) for name in shown if name in FIELDS and name not in SAID
    ]
    return [(name, said) for name, said in found if said]


def _size(shown: Properties) -> str:
    parts = [cards.size(shown)]
    if height := shown.get("ceiling_height_cm"):
        parts.append(gettext("%(height)s high", height=words.metres(height)))
    floor, plot = shown.get("floor_area_m2"), shown.get("plot_area_m2")
    if shown["kind"] == SpaceKind.BUILDING and plot and floor and not shown.get("plot_area_measured"):
        parts.append(gettext("on a plot of %(area)s", area=words.square_metres(plot)))
    if shown["kind"] == SpaceKind.PLOT and shown.get("plot_area_measured") and parts[0]:
        parts.append(gettext("measured on the map"))
    return ", ".join(part for part in parts if part)


def _kind(shown: Properties) -> str:
    parts = [labels.term(SpaceKind, shown["kind"])]
    storey = shown.get("storey")
    if storey is not None:
        ground = gettext("ground floor") if storey == 0 else gettext("basement") if storey < 0 else ""
        parts.append(ground or gettext("floor %(number)s", number=storey))
    return ", ".join(parts)


def _condition(shown: Properties) -> str:
    value = shown.get("condition")
    if not value or value in (Condition.UNKNOWN, Condition.NOT_APPLICABLE):
        return ""
    return f"{gettext(Condition(value).label)}. {gettext(Condition(value).definition)}"


def _before(shown: Properties) -> str:
    previous = shown.get("previous_use")
    label = "" if previous in (None, PreviousUse.UNKNOWN) else gettext(PreviousUse(previous).label)
    since = cards.day_of(shown.get("vacant_since"))
    if since:
        empty = gettext("empty since %(month)s", month=words.span_part(since, "month"))
        return f"{label}, {empty}" if label else empty[:1].upper() + empty[1:]
    return label


def where(shown: Properties) -> str:
    """A space's address and district, as far as they are shown."""
    street = shown.get("address") or ""
    town = " ".join(part for part in (shown.get("postcode"), shown.get("locality")) if part)
    district = shown.get("district") or ""
    # A name that is its own address is not said twice; nor is a town that is the city itself.
    parts = [street, town if town != database.settings().municipality else "", district]
    return ", ".join(dict.fromkeys(part for part in parts if part))
