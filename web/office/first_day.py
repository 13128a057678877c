"""The first day: what leads from an empty register to a public map, step by step, until that is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from tempuse.store import areas, space_lists
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import AreaKind, Permission, SpaceStatus
from web import database
from web.accounts import guard

_TOWN = (AreaKind.MUNICIPALITY.value, AreaKind.DISTRICT.value)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what it is called, what it brings, where it is done, whether it is; and another way to it."""

    name: str
    why: str
    href: str
    done: bool
    other: tuple[str, str] | None = None


def steps() -> list[Stage]:
    """The steps that this person may take; none once spaces are offered and people know whom to ask."""
    con, held = database.connection(), database.settings()
    reached = bool(held.contact_email or held.contact_phone)
    offered = bool(space_lists.in_status(con, SpaceStatus.OFFERED, 1))
    if reached and offered:
        return []
    some = space_rows.count(con, space_rows.SpaceFilter()) > 0
    drawn = bool(held.ground or held.tile_url or held.office_tiles) or any(map(areas.tally(con).get, _TOWN))
    placeless = space_lists.count_placeless(con) > 0
    asked = [
        (Permission.SETTINGS_EDIT, Stage(
            gettext("Say who you are, and whom people ask"),
            gettext("The city’s name stands on every page, the address on every space’s."),
            url_for("office.setting_section", key="city" if not held.municipality else "contact"),
            bool(held.municipality) and reached,
        )),
        (Permission.SETTINGS_EDIT, Stage(
            gettext("Give the map its ground"),
            gettext("Your districts, from any map file: then the map has something to find places on."),
            url_for("office.areas"), drawn,
            (gettext("No file? Streets out of OpenStreetMap"), url_for("office.setting_ground")),
        )),
        (Permission.SPACE_IMPORT, Stage(
            gettext("Bring in your list"), gettext("Any table or map file. You look before anything changes."),
            url_for("office.imports"), some,
        )),
        (Permission.SPACE_EDIT, Stage(
            gettext("Put the spaces on the map"), gettext("One click a space, where the list does not say it."),
            url_for("office.places"), some and not placeless,
        )),
        (Permission.SPACE_OFFER, Stage(
            gettext("Offer them"), gettext("What is offered, everybody finds, and groups ask for it."),
            url_for("office.spaces", status=SpaceStatus.VERIFIED.value), offered,
        )),
    ]  # fmt: skip
    return [step for permission, step in asked if guard.may(permission)]
