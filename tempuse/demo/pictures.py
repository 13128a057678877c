"""The demo's pictures: drawn from the facts of some spaces that everybody sees exactly, and saying that they are."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tempuse.access import Actor
from tempuse.io.drawn import Look, draw
from tempuse.pictures import SIDES, SpacePicture
from tempuse.registry import pictures, publishing
from tempuse.spaces import Space, area_of
from tempuse.store import attachments
from tempuse.store.engine import Connection, reading
from tempuse.vocabulary import Condition, Occupancy, SpaceKind, SpaceStatus

# One of each kind in each district, and the first of the data: enough to see what pictures do, few enough that the demo
# is there at once.
_CREDIT = "Drawn by the program for this invented town"
_HALL_CM = 500
_STOREYS = ((150, 1), (500, 2), (1500, 3))  # up to how many m² a house has so many


def make_pictures(
    con: Connection, actor: Actor, home: Path, spaces: Sequence[Space], refs: Mapping[str, str], now: datetime
) -> int:
    """Give some of the demo's spaces a picture; how many.

    Args:
        con: an idle connection.
        actor: who looked at them.
        home: where their files are kept.
        spaces: of the invented town, in the order of the data.
        refs: by source_ref.
        now: the instant.
    """
    with reading(con):
        rule = publishing.publisher(con, now)
    drawn: set[tuple[str, str | None, bool]] = set()
    for space in sorted(spaces, key=_free_from):
        offered = space.status == SpaceStatus.OFFERED and rule.decide(space).is_exact
        group = (space.kind, space.district_ref, space is spaces[0])
        if not offered or group in drawn:
            continue
        drawn.add(group)
        ref, look = refs[str(space.source_ref)], look_of(space)
        sizes = tuple(_kept(home, look))
        picture = SpacePicture(space_ref=ref, name=sizes[-1]["jpg"], sizes=sizes)
        pictures.add_picture(con, actor, picture, now)
        pictures.show_picture(con, actor, ref, picture.name, told(look), _CREDIT, now)
    return len(drawn)


def _free_from(space: Space) -> date:
    """What is free soonest stands first in lists, and has a picture first."""
    return space.available_from or date.min


def _kept(home: Path, look: Look) -> list[dict[str, Any]]:
    return [
        {
            "width": each.width, "height": each.height,
            "jpg": attachments.put(home, each.jpg, "jpg"), "webp": attachments.put(home, each.webp, "webp"),
        }
        for each in draw(look, SIDES[:-1])
    ]  # fmt: skip


def look_of(space: Space) -> Look:
    """What is drawn of a space: the same each time."""
    size = area_of(space) or 0
    is_hall = (space.ceiling_height_cm or 0) >= _HALL_CM and space.kind == SpaceKind.BUILDING
    is_shop = space.kind == SpaceKind.UNIT and ("shop" in space.suitable_uses or space.previous_use == "commerce")
    return Look(
        kind="plot" if space.kind == SpaceKind.PLOT else "unit" if is_shop else "building",
        storeys=next((storeys for most, storeys in _STOREYS if size <= most), 4) + (space.kind == SpaceKind.UNIT),
        is_hall=is_hall, is_used=space.occupancy == Occupancy.TEMPORARY_USE,
        is_worn=space.condition in (Condition.POOR, Condition.UNSAFE), seed=zlib.crc32(str(space.source_ref).encode()),
    )  # fmt: skip


def told(look: Look) -> str:
    """What a drawing shows, for those who do not see it."""
    if look.kind == "plot":
        beds = ", with four raised beds" if look.is_used else ""
        return f"Drawing: a green plot from above, with trees{beds}, between a street and houses."
    if look.is_hall:
        return "Drawing: a hall from the street, with two gates, under a roof like a saw."
    what = "a shop with an awning" if look.kind == "unit" else "a house"
    storeys = ("one storey", "two storeys", "three storeys", "four storeys", "five storeys")[look.storeys - 1]
    worn = ", some of its windows boarded up" if look.is_worn else ""
    lit = ", with light in its windows" if look.is_used else ""
    return f"Drawing: {what} of {storeys} from the street{worn}{lit}."
