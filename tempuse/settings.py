"""What a city sets: names, languages, time zone, CRS, tiles, publication policies. Typed, with defaults."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

import orjson

from tempuse import colour, geometry, permit_kinds, weights
from tempuse.emails import wrong_with_email
from tempuse.errors import Invalid, Issue, NotFound, TempuseError
from tempuse.vocabulary import LocationLevel, SpaceStatus
from tempuse.weights import Weights

# Languages that the pages speak in full; a test counts the words.
LANGUAGES = ("en", "nl")

PRIVATE_RULES = ("consent", "objection")
# How requests for one space are treated: the first is decided first, or all that came within ``rivals_days``.
RIVALS_RULES = ("first", "together")
USES_PUBLIC_FROM = ("handed_over", "signed", "never")
# Whether somebody may decide on a request of their own organisation.
OWN_REQUESTS = ("never", "allowed")
# When people hear of spaces that begin to fit: all at one hour, or as soon as it is known.
WATCH_LETTERS = ("morning", "at_once")
# Whether the office reads what a group looks for before everybody does.
MODERATE_NEEDS = ("always", "never")
PUBLIC_NEED_COUNTS = ("nightly", "never")
# A list of maps, as ``tempuse.permit_kinds`` reads them.
Catalogue = tuple[Mapping[str, Any], ...]
# Known services of map tiles, for the office alone; where each lies is said in ``web.map.services``.
OFFICE_TILES = ("", "openstreetmap", "basemap_at", "basemap_de", "brt", "cartoweb", "plan_ign")
GEOCODERS = ("", "nominatim", "photon", "banfrance", "pelias")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one register.

    ``publish_from`` is the status from which publicly owned spaces are public. ``private_rule`` is how
    other owners' spaces become public: after their recorded consent, or unless they objected within
    ``objection_days`` of notice (Germany, section 200(3) BauGB: one month).
    """

    municipality: str = ""
    site_name: str = "Spaces for a while"
    logo: str = ""
    accent: str = "#0b5a4a"
    languages: tuple[str, ...] = LANGUAGES
    time_zone: str = "Europe/Brussels"
    country: str = ""
    national_crs: str = ""
    currency: str = "EUR"
    tile_url: str = ""
    tile_attribution: str = ""
    office_tiles: str = ""
    background_source: str = ""
    ground: str = ""
    ground_addresses: str = ""
    ground_source: str = ""
    publish_from: str = SpaceStatus.OFFERED.value
    private_rule: str = "consent"
    objection_days: int = 30
    public_level: str = LocationLevel.EXACT.value
    private_level: str = LocationLevel.CELL.value
    licence: str = ""
    attribution: str = ""
    geocoder: str = ""
    geocoder_url: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_address: str = ""
    emergency_number: str = "112"
    mail_from: str = ""
    report_answer_days: int = 10
    report_contact_days: int = 365
    recheck_months: int = 12
    permit_kinds: Catalogue = ()
    departments: Catalogue = ()
    city_conditions: Catalogue = ()
    rivals_rule: str = "first"
    rivals_days: int = 14
    uses_public_from: str = "handed_over"
    own_requests: str = "never"
    ends_soon_days: int = 90
    request_data_days: int = 365
    permit_data_days: int = 1826
    still_looking_days: int = 180
    still_looking_grace_days: int = 30
    need_data_days: int = 365
    moderate_needs: str = "always"
    public_need_counts: str = "nightly"
    match_enough: int = weights.ENOUGH
    match_weights: Weights = field(default_factory=dict)
    watch_letters: str = "morning"
    watch_hour: int = 7

    def today(self, now: datetime) -> date:
        """The day it is in the city at this instant."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()


NAMES = tuple(each.name for each in dataclasses.fields(Settings))
_TYPES = get_type_hints(Settings)


def _one_of(values: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: text in values


def _within(name: str) -> Callable[[int], bool]:
    return lambda number: RANGES[name][0] <= number <= RANGES[name][1]


def _is_crs(text: str) -> bool:
    try:
        return not text or bool(geometry.coded_crs(text))
    except TempuseError:
        return False


def _is_kept(ending: str) -> Callable[[str], bool]:
    """Whether a text is the name of a kept file with this ending, or of none."""
    return lambda text: re.fullmatch(rf"(?:[0-9a-f]{{64}}\.{ending})?", text) is not None


_HTTP = re.compile(r"https?://[^\s\"'<>]+")
# By https from one host, which stands as it is in each page's Content-Security-Policy.
_TILES = re.compile(
    r"https://(?:\{s\}\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?"
    r"(?=.*\{z\})(?=.*\{x\})(?=.*\{-?y\})/[!#-&(-:=?-\[\]-~]*",
    re.IGNORECASE,
)
_LONGEST_LINE = 500
_LEVELS = tuple(level.value for level in LocationLevel)

# The least and the most of each number.
RANGES = {
    "objection_days": (1, 365),
    "report_answer_days": (1, 365),
    "report_contact_days": (1, 3650),
    "recheck_months": (1, 120),
    "rivals_days": (0, 365),
    "ends_soon_days": (1, 730),
    "request_data_days": (1, 36_500),
    "permit_data_days": (1, 36_500),
    "still_looking_days": (7, 3650),
    "still_looking_grace_days": (1, 365),
    "need_data_days": (1, 36_500),
    "match_enough": (0, 1000),
    "watch_hour": (0, 23),
}

CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "accent": (colour.is_hex, "setting.not_a_colour"),
    "time_zone": (lambda text: text in available_timezones(), "setting.time_zone"),
    "languages": (lambda these: bool(these) and set(these) <= set(LANGUAGES), "setting.languages"),
    "country": (lambda text: re.fullmatch(r"|[A-Z]{2}", text) is not None, "setting.country"),
    "currency": (lambda text: re.fullmatch(r"[A-Z]{3}", text) is not None, "setting.currency"),
    "national_crs": (_is_crs, "setting.crs"),
    "tile_url": (lambda text: not text or bool(_TILES.fullmatch(text)), "setting.tile_url"),
    "ground": (_is_kept("pmtiles"), "setting.ground"),
    "ground_addresses": (_is_kept("csv"), "setting.ground"),
    "ground_source": (lambda text: text.isprintable() and len(text) <= _LONGEST_LINE, "setting.one_line"),
    "tile_attribution": (lambda text: text.isprintable() and len(text) <= _LONGEST_LINE, "setting.one_line"),
    "licence": (lambda text: text.isprintable() and len(text) <= _LONGEST_LINE, "setting.one_line"),
    "attribution": (lambda text: text.isprintable() and len(text) <= _LONGEST_LINE, "setting.one_line"),
    "geocoder_url": (lambda text: not text or bool(_HTTP.fullmatch(text)), "setting.url"),
    "office_tiles": (_one_of(OFFICE_TILES), "setting.one_of"),
    "geocoder": (_one_of(GEOCODERS), "setting.one_of"),
    "publish_from": (_one_of(("offered", "verified")), "setting.one_of"),
    "private_rule": (_one_of(PRIVATE_RULES), "setting.one_of"),
    "public_level": (_one_of(_LEVELS), "setting.one_of"),
    "private_level": (_one_of(_LEVELS), "setting.one_of"),
    "objection_days": (_within("objection_days"), "setting.range"),
    "report_answer_days": (_within("report_answer_days"), "setting.range"),
    "report_contact_days": (_within("report_contact_days"), "setting.range"),
    "recheck_months": (_within("recheck_months"), "setting.range"),
    "rivals_rule": (_one_of(RIVALS_RULES), "setting.one_of"),
    "rivals_days": (_within("rivals_days"), "setting.range"),
    "uses_public_from": (_one_of(USES_PUBLIC_FROM), "setting.one_of"),
    "own_requests": (_one_of(OWN_REQUESTS), "setting.one_of"),
    "ends_soon_days": (_within("ends_soon_days"), "setting.range"),
    "request_data_days": (_within("request_data_days"), "setting.range"),
    "permit_data_days": (_within("permit_data_days"), "setting.range"),
    "still_looking_days": (_within("still_looking_days"), "setting.range"),
    "still_looking_grace_days": (_within("still_looking_grace_days"), "setting.range"),
    "need_data_days": (_within("need_data_days"), "setting.range"),
    "moderate_needs": (_one_of(MODERATE_NEEDS), "setting.one_of"),
    "public_need_counts": (_one_of(PUBLIC_NEED_COUNTS), "setting.one_of"),
    "match_enough": (_within("match_enough"), "setting.range"),
    "match_weights": (weights.fits, "setting.weight"),
    "watch_letters": (_one_of(WATCH_LETTERS), "setting.one_of"),
    "watch_hour": (_within("watch_hour"), "setting.range"),
    "contact_email": (lambda text: not text or not wrong_with_email(text), "email.odd"),
    "mail_from": (lambda text: not text or not wrong_with_email(text), "email.odd"),
}

CHOICES: dict[str, tuple[str, ...]] = {
    "languages": LANGUAGES,
    "office_tiles": OFFICE_TILES,
    "geocoder": GEOCODERS,
    "publish_from": ("offered", "verified"),
    "private_rule": PRIVATE_RULES,
    "public_level": _LEVELS,
    "private_level": _LEVELS,
    "rivals_rule": RIVALS_RULES,
    "uses_public_from": USES_PUBLIC_FROM,
    "own_requests": OWN_REQUESTS,
    "moderate_needs": MODERATE_NEEDS,
    "public_need_counts": PUBLIC_NEED_COUNTS,
    "watch_letters": WATCH_LETTERS,
}


def parse(name: str, text: str) -> Any:
    """A setting's value from the text a person typed.

    Raises:
        NotFound: there is no setting of this name.
        Invalid: the text is not a value of this setting.
    """
    if name not in NAMES:
        raise NotFound("setting.unknown", name=name)
    value: Any = text.strip()
    if _TYPES[name] == Catalogue:
        return _catalogue(name, value)
    if _TYPES[name] == Weights:
        return _weights(value)
    if _TYPES[name] is int:
        if not re.fullmatch(r"\d{1,6}", value):
            raise Invalid("setting.number", [Issue.of(name, text, "setting.number")], name=name, value=text)
        value = int(value)
    elif _TYPES[name] == tuple[str, ...]:
        value = tuple(re.findall(r"[a-z]{2,3}", value.lower()))
    elif name == "national_crs" and value and _is_crs(value):
        value = geometry.coded_crs(value)
    check, message = CHECKS.get(name, (lambda _: True, ""))
    if not check(value):
        choices = ", ".join(choice for choice in CHOICES.get(name, ()) if choice)
        least, most = RANGES.get(name, (None, None))
        issue = Issue.of(name, text, message, name=name, value=text, choices=choices, least=least, most=most)
        raise Invalid(message, [issue], **issue.values)
    if name == "accent" and not colour.is_readable(value):
        values = {"value": value, "better": colour.readable(value)}
        raise Invalid("setting.accent_pale", [Issue.of(name, text, "setting.accent_pale", **values)], **values)
    return value


def _weights(text: str) -> Weights:
    found, issues = weights.read(text)
    if issues:
        raise Invalid(issues[0].message, issues, **issues[0].values)
    return found


def _catalogue(name: str, text: str) -> Catalogue:
    """A list of maps from JSON; nothing for an empty text."""
    try:
        held = orjson.loads(text or "[]")
    except ValueError:
        held = None
    if issues := permit_kinds.check_catalogue(name, held):
        raise Invalid(issues[0].message, issues, **issues[0].values)
    return tuple(held)


def from_stored(stored: Mapping[str, Any]) -> Settings:
    """Settings from the register's rows; names of older or newer versions are passed over.

    So is an address of tiles that could not be set today: it would stand in the head of every page.
    """
    known = {name: value for name, value in stored.items() if name in NAMES}
    if not CHECKS["tile_url"][0](known.get("tile_url", "")):
        del known["tile_url"]
    for name in known.keys() & {"languages", *permit_kinds.CATALOGUES}:
        known[name] = tuple(known[name])
    return Settings(**known)
