"""Who may see what of a space, and why. The one place where privacy is decided.

Two tables hold the whole rule: ``PUBLIC_WHEN`` (status x ownership -> whether) and ``SHOWN_FROM`` (field ->
the least precise level at which it is shown). The README shows both; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from tempuse.settings import Settings
from tempuse.spaces import FACILITIES, Space
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Consent, LocationLevel, OwnerLimit, SpaceStatus

# Whether the public sees a space: by status, for owners that are public bodies and for all others.
# "policy": from the status that the city's setting publish_from names. "owner": when the owner's word allows.
# A status without a row is seen by nobody.
PUBLIC_WHEN: dict[str, dict[str, str]] = {
    SpaceStatus.REPORTED: {"public body": "never", "other owner": "never"},
    SpaceStatus.VERIFIED: {"public body": "policy", "other owner": "policy and owner"},
    SpaceStatus.OFFERED: {"public body": "always", "other owner": "owner"},
    SpaceStatus.WITHHELD: {"public body": "never", "other owner": "never"},
    SpaceStatus.RETIRED: {"public body": "that it ended", "other owner": "that it ended, if owner"},
}

# The least precise level at which the public still sees a field. Exact: anything that tells where it is,
# alone or together with what people know of a neighbourhood (a listed church, the year a shop closed).
SHOWN_FROM: dict[str, LocationLevel] = {
    **dict.fromkeys(
        (
            "name", "description", "rules", "within_ref", "address", "locality", "postcode", "placed_by",
            "parcel_refs", "floor_area_m2", "plot_area_m2", "plot_area_measured", "building_year", "storey",
            "previous_use", "vacant_since", "heritage", "contamination", "ownership", "source", "source_ref",
            "history", "used_by_ref", "use_refs", "taken_hours", "also_free", "pictures", "plans",
        ),
        LocationLevel.EXACT,
    ),
    "district_ref": LocationLevel.DISTRICT,
    "district": LocationLevel.DISTRICT,
    **dict.fromkeys(
        (
            "ref", "kind", "status", "area_band_m2", "occupancy", "condition", *FACILITIES,
            "ceiling_height_cm", "door_width_cm", "fire_capacity_persons", "noise_limit_db",
            "floor_load_kg_m2", "suitable_uses", "available_from", "available_until", "shortest_term_days",
            "longest_term_days", "cost_model", "cost_cents", "cost_period", "running_cost_month_cents",
            "running_cost_winter_cents", "deposit_cents", "source_licence", "certainty", "checked_on",
            "location_level", "in_use", "free_from", "free_until", "shared", "excluded_uses", "favoured_themes",
            "registered_only", "insurance_required", "wants_public_access", "may_share", "surroundings",
            "highest_step_cm", "shown_since", "sought_by",
        ),
        LocationLevel.HIDDEN,
    ),
}  # fmt: skip

PUBLIC, OTHER = "public body", "other owner"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the public sees of one space today, and why.

    Attributes:
        shown: ``all`` of its level, ``ended`` (that it ended, and when), or ``nothing``.
        level: how precisely its place is shown; only where all is shown.
        reason: a message id: why nothing is seen, or how much is.
        values: what stands in the message.
        finer_on: the day from which its place is shown exactly, None when the calendar changes nothing.
    """

    shown: str
    reason: str
    level: LocationLevel | None = None
    values: dict[str, Any] = field(default_factory=dict)
    finer_on: date | None = None

    @property
    def is_seen(self) -> bool:
        """Whether there is anything for everybody to see."""
        return self.shown != "nothing"

    @property
    def is_exact(self) -> bool:
        """Whether the public may know where it is: only then may another space's row name it."""
        return self.shown == "all" and self.level is LocationLevel.EXACT


_NEVER: dict[str, str] = {SpaceStatus.REPORTED: "publication.reported", SpaceStatus.WITHHELD: "publication.withheld"}
_SHOWN = {
    LocationLevel.EXACT: "publication.exact",
    LocationLevel.CELL: "publication.cell",
    LocationLevel.DISTRICT: "publication.district",
    LocationLevel.HIDDEN: "publication.hidden",
}


PRECISION = {level: rank for rank, level in enumerate(LocationLevel)}  # exact 0 ... hidden 3


def coarser(one: LocationLevel, other: LocationLevel) -> LocationLevel:
    """Of two levels the one that tells less."""
    return max(one, other, key=PRECISION.__getitem__)


class Rule:
    """Decides for one day, under one city's settings; made once, asked for many spaces."""

    # What of a space it looks at, and what a question about another space must read of that one.
    LOOKS_AT: ClassVar[tuple[str, ...]] = (
        "status", "ownership", "consent", "consent_on", "location_level", "location_release_on", "owner_limit",
    )  # fmt: skip

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.settings = settings
        self.zone = ZoneInfo(settings.time_zone)
        self.today = settings.today(now)

    def decide(self, space: Space) -> Ruling:
        """What the public sees of this space today, and why."""
        owner = PUBLIC if space.ownership in PUBLIC_OWNERSHIP else OTHER
        when = PUBLIC_WHEN.get(space.status, {}).get(owner, "never")
        if when == "never":
            return Ruling("nothing", _NEVER.get(space.status, "publication.undecided"))
        # The owner's word: an objection hides at once, whoever the owner is.
        if (silent := self._owner_forbids(space)) is not None:
            return silent
        if when.startswith("policy") and self.settings.publish_from != SpaceStatus.VERIFIED:
            return Ruling("nothing", "publication.not_offered")
        if when.startswith("that it ended"):
            return Ruling("ended", "publication.ended")
        level, release = self._level(space), space.location_release_on
        later = release is not None and release > self.today and level is not LocationLevel.EXACT
        finer_on = release if later and not space.owner_limit else None
        return Ruling("all", _SHOWN[level], level, finer_on=finer_on)

    def _owner_forbids(self, space: Space) -> Ruling | None:
        """Why the owner's word keeps the space from the public today; None when it does not."""
        if space.owner_limit == OwnerLimit.OFF:
            return Ruling("nothing", "publication.objection_waits")
        if space.consent == Consent.OBJECTED:
            return Ruling("nothing", "publication.objected")
        if space.ownership in PUBLIC_OWNERSHIP or space.consent == Consent.GIVEN:
            return None
        if space.consent != Consent.NOTIFIED:
            asked = space.consent == Consent.ASKED
            return Ruling("nothing", "publication.asked" if asked else "publication.unasked")
        if self.settings.private_rule != "objection":
            return Ruling("nothing", "publication.notified")
        if space.consent_on is None:
            return Ruling("nothing", "publication.no_day")
        ends_on = space.consent_on + timedelta(days=self.settings.objection_days)
        if self.today >= ends_on:
            return None
        return Ruling("nothing", "publication.in_notice", values={"day": ends_on - timedelta(days=1)})

    def _level(self, space: Space) -> LocationLevel:
        """How precisely the place of a space that is seen is shown today: no finer than an owner's word that waits."""
        level = self.agreed_level(space)
        return level if not space.owner_limit else coarser(level, LocationLevel(space.owner_limit))

    def agreed_level(self, space: Space) -> LocationLevel:
        """How precisely its place may be shown today, by what was agreed and the city's settings."""
        if space.location_release_on is not None and self.today >= space.location_release_on:
            return LocationLevel.EXACT
        if space.location_level is not None:
            return LocationLevel(space.location_level)
        public = space.ownership in PUBLIC_OWNERSHIP
        return LocationLevel(self.settings.public_level if public else self.settings.private_level)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins in the city."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)
