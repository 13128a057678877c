"""The values that a setting can have, each with its words and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from flask_babel import gettext

from tempuse import geometry
from tempuse.folding import fold
from tempuse.io.places import usual
from tempuse.licences import USUAL as USUAL_LICENCES
from tempuse.settings import GEOCODERS, LANGUAGES
from tempuse.vocabulary import LocationLevel
from web import database, words
from web.map import services


@cache
def zones() -> list[tuple[str, ...]]:
    """Time zones by place; those of no place, and old spellings, are left out."""
    places = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    named = sorted(name for name in available_timezones() if name.split("/")[0] in places)
    return [(name, name.replace("_", " ")) for name in [*named, "UTC"]]


def countries() -> list[tuple[str, ...]]:
    """The countries of the world by their names."""
    return [("", gettext("Not said")), *_named(words.locale().territories, r"(?!EU|EZ|QO|UN|X[AB]|ZZ)[A-Z]{2}")]


def currencies() -> list[tuple[str, ...]]:
    """What somebody pays with today, by its name."""
    return _named({code: words.locale().currencies.get(code, code) for code in usual.currencies()}, "[A-Z]{3}")


def _named(names: Mapping[str, str], those: str) -> list[tuple[str, ...]]:
    found = [(code, f"{name} ({code})") for code, name in names.items() if re.fullmatch(those, code)]
    return sorted(found, key=lambda pair: fold(pair[1]))


def systems() -> list[tuple[str, str]]:
    """The coordinate reference systems in use in the country, with their names."""
    return [(crs, geometry.name_of(crs)) for crs in usual.crs_in(database.settings().country)]


def licences() -> list[tuple[str, str]]:
    """Licences of open data as cities write them."""
    return [(name, "") for name in USUAL_LICENCES]


def languages() -> list[tuple[str, ...]]:
    """The languages that the pages speak, each in its own words."""
    return [(code, words.NAMES[code]) for code in LANGUAGES]


def levels() -> list[tuple[str, ...]]:
    """How precisely a place is shown."""
    return [(level.value, gettext(level.label), gettext(level.definition)) for level in LocationLevel]


def publish_from() -> list[tuple[str, ...]]:
    """From which status publicly owned spaces are public."""
    return [
        ("offered", gettext("Offered"), gettext("Only spaces that are offered for temporary use are public.")),
        ("verified", gettext("Verified"), gettext("Every space that the office has verified is public.")),
    ]


def private_rules() -> list[tuple[str, ...]]:
    """How spaces of other owners become public."""
    return [
        (
            "consent",
            gettext("After the owner’s consent"),
            gettext("Nothing of a private space is public before its owner’s yes is written down."),
        ),
        (
            "objection",
            gettext("Unless the owner objects"),
            gettext(
                "Public when the owner was told and did not object in time, as German building law has it. "
                "An objection hides the space at once."
            ),
        ),
    ]


def office_tiles() -> list[tuple[str, ...]]:
    """Known services of map tiles."""
    return [("", gettext("None")), *((key, each.name) for key, each in services.KNOWN.items())]


def geocoders() -> list[tuple[str, ...]]:
    """Who finds addresses."""
    names = {
        "": gettext("None"),
        "nominatim": "Nominatim",
        "photon": "Photon",
        "banfrance": "Base adresse nationale",
        "pelias": "Pelias",
    }
    return [(name, names.get(name, name)) for name in GEOCODERS]


def rivals_rules() -> list[tuple[str, ...]]:
    """How several requests for one space are treated."""
    return [
        ("first", gettext("First come"), gettext("The request that came first is decided first.")),
        ("together", gettext("Together"), gettext("Those that came within some days are decided together.")),
    ]


def uses_public_from() -> list[tuple[str, ...]]:
    """From when everybody sees a use."""
    return [
        ("handed_over", gettext("When the keys are handed over"), ""),
        ("signed", gettext("When both sides have signed"), ""),
        ("never", gettext("Never"), gettext("Everybody sees only that a space is in use.")),
    ]


def own_requests() -> list[tuple[str, ...]]:
    """Who decides on a request of their own group."""
    return [
        ("never", gettext("Somebody else decides"), gettext("Nobody decides on a request of their own group.")),
        ("allowed", gettext("They may decide"), gettext("Where the office is one person; the history says so.")),
    ]


def moderate_needs() -> list[tuple[str, ...]]:
    """Who reads first what a group wants everybody to read."""
    return [
        ("always", gettext("The office reads it first"), gettext("Everybody reads what the office lets them.")),
        (
            "never",
            gettext("Everybody reads it at once"),
            gettext("In the group’s own words. What waits now still waits."),
        ),
    ]


def public_need_counts() -> list[tuple[str, ...]]:
    """Whether a space's page tells how many groups look for such a space."""
    return [
        (
            "nightly",
            gettext("Counted each night"),
            gettext("From three groups on, in steps, by use, kind, size and district alone."),
        ),
        ("never", gettext("Not told"), ""),
    ]


def watch_letters() -> list[tuple[str, ...]]:
    """When people hear of spaces that begin to fit."""
    return [
        ("morning", gettext("In the morning"), gettext("All at one hour, so that nobody is first by telephone.")),
        ("at_once", gettext("At once"), gettext("As soon as it is known.")),
    ]
