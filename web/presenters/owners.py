"""What is shown of an owner's space at each level, in an owner's words; and one invented shop at each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import shapely
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.areas import Area
from tempuse.publication import Publisher
from tempuse.registry import publishing
from tempuse.spaces import Space
from tempuse.vocabulary import (
    AreaKind,
    Consent,
    LocationLevel,
    Occupancy,
    Ownership,
    SpaceKind,
    SpaceStatus,
    UseCategory,
)
from web import database
from web.presenters import cards

_LEVELS: dict[LocationLevel, tuple[LazyString, LazyString]] = {
    LocationLevel.EXACT: (
        lazy_gettext("The exact place"), lazy_gettext("Its name, its address and its place on the map."),
    ),
    LocationLevel.CELL: (
        lazy_gettext("A square of 500 metres"),
        lazy_gettext("It is somewhere in it. Neither its name nor its address is shown."),
    ),
    LocationLevel.DISTRICT: (
        lazy_gettext("Only the district"), lazy_gettext("In the list, without a point on the map."),
    ),
    LocationLevel.HIDDEN: (
        lazy_gettext("Nothing of where it is"), lazy_gettext("In the list, with its size and what is there."),
    ),
}  # fmt: skip
# Any place will do: the pictures are drawn by hand.
_HERE = (3.72, 51.05)


@dataclass(frozen=True, slots=True)
class Example:
    """The invented shop at one level: what the level is called, and its row and address as everybody reads them."""

    level: str
    title: str
    hint: str
    card: cards.Card
    address: str


def level_word(level: str | None) -> str:
    """A level as an owner reads it; empty where none is said."""
    return str(_LEVELS[LocationLevel(level)][0]) if level in set(LocationLevel) else ""


def level_choices(without: LocationLevel | None = None) -> list[tuple[str, str, str]]:
    """The levels to choose from, the most precise first, each with what it shows."""
    return [(level.value, str(title), str(hint)) for level, (title, hint) in _LEVELS.items() if level is not without]


def examples() -> list[Example]:
    """The invented shop at each level, as the rule of publication itself would show it today."""
    today = database.today()
    district = Area(
        ref="AR-0001", kind=AreaKind.DISTRICT.value, name=gettext("Old Docks"),
        geometry=shapely.box(_HERE[0] - 0.05, _HERE[1] - 0.05, _HERE[0] + 0.05, _HERE[1] + 0.05),
    )  # fmt: skip
    shop = Space(
        ref="SP-0001", kind=SpaceKind.UNIT.value, status=SpaceStatus.OFFERED.value, name=gettext("Ann’s bakery"),
        address=gettext("12 Ferry Street"), geometry=shapely.Point(_HERE), district_ref=district.ref,
        floor_area_m2=94.0, occupancy=Occupancy.VACANT.value, ownership=Ownership.PRIVATE.value,
        consent=Consent.GIVEN.value, consent_on=today, suitable_uses=(UseCategory.SHOP.value,),
        available_from=today - timedelta(days=1),
    )  # fmt: skip
    return _at_levels(Publisher(database.settings(), [district], database.now()), shop)


def of_space(space: Space) -> list[Example]:
    """A space at each level, as the rule of publication would show it today if its owner agreed and it was offered."""
    rule = publishing.publisher(database.connection(), database.now())
    agreed = replace(
        space, status=SpaceStatus.OFFERED.value, consent=Consent.GIVEN.value, owner_limit=None, location_release_on=None
    )
    return _at_levels(rule, agreed)


def _at_levels(rule: Publisher, space: Space) -> list[Example]:
    found = []
    for level, (title, hint) in _LEVELS.items():
        row = rule.publish(replace(space, location_level=level.value))
        if row is not None:
            shown = cards.of_feature(row.feature)
            found.append(
                Example(level.value, str(title), str(hint), cards.row(shown, *_HERE), shown.get("address", ""))
            )
    return found
