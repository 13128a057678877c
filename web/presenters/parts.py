"""A building and its units: each tells of the other, as far as everybody may know both."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from tempuse.store import published
from tempuse.vocabulary import SpaceStatus
from web import database
from web.map import index
from web.presenters import cards
from web.presenters.cards import Properties

# More units than these stand in the list of spaces alone.
MOST = 60


class Unit(NamedTuple):
    """A unit of a building: its name, its page, its state and its size."""

    title: str
    href: str
    outlook: str
    state: str
    size: str


def building_of(shown: Properties) -> Properties | None:
    """The published building that a unit lies in; None where it lies in none that is shown."""
    ref = shown.get("within_ref")
    text = published.feature(database.connection(), "spaces", ref) if ref else None
    found = cards.of_feature(text) if text else None
    return None if found is None or found["status"] == SpaceStatus.RETIRED else found


def part_of(building: Properties) -> tuple[str, Markup]:
    """The fact that a unit is part of a building: a word, and a link."""
    href = url_for("public.space", ref=building["ref"])
    return gettext("Part of"), Markup('<a href="{}">{}</a>').format(href, cards.title(building))


def at_its_address(shown: Properties, building: Properties | None) -> Properties:
    """A unit as it is shown, with its building's address where it has none of its own."""
    if building is None or shown.get("address"):
        return shown
    return {**shown, **{name: building.get(name) for name in ("address", "postcode", "locality")}}


def units_of(shown: Properties) -> list[Unit]:
    """The published units of a building, by name."""
    held = index.current()
    rows = held.within(shown["ref"])[:MOST]
    texts = published.features(database.connection(), held.key[rows].tolist())
    found = [cards.of_feature(text) for text in texts.values()]
    units = [
        Unit(
            cards.title(each), url_for("public.space", ref=each["ref"]), cards.outlook(each), cards.state(each),
            cards.size(each),
        )
        for each in found
    ]  # fmt: skip
    return sorted(units, key=lambda unit: unit.title.casefold())
