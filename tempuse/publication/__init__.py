"""Record and audience -> what may be seen. The one place where privacy is decided.

Two tables hold the whole rule: ``PUBLIC_WHEN`` (status x ownership -> whether) and ``SHOWN_FROM`` (field ->
the least precise level at which it is shown). The README shows both; a test compares them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from tempuse import geometry
from tempuse.areas import Area, Locator, anchor
from tempuse.geojson import feature_text
from tempuse.settings import Settings
from tempuse.spaces import FACILITIES, FIELDS, Period, Space, area_of
from tempuse.vocabulary import (
    PUBLIC_OWNERSHIP,
    Consent,
    LocationLevel,
    SpaceStatus,
    UseCategory,
)

# Whether the public sees a space: by status, for owners that are public bodies and for all others.
# "policy": from the status that the city's setting publish_from names. "owner": when the owner's word allows.
PUBLIC_WHEN: dict[SpaceStatus, dict[str, str]] = {
    SpaceStatus.REPORTED: {"public body": "never", "other owner": "never"},
    SpaceStatus.VERIFIED: {"public body": "policy", "other owner": "policy and owner"},
    SpaceStatus.OFFERED: {"public body": "always", "other owner": "owner"},
    SpaceStatus.WITHHELD: {"public body": "never", "other owner": "never"},
    SpaceStatus.RETIRED: {"public body": "that it ended", "other owner": "that it ended, if owner"},
}

_PRECISION = {level: rank for rank, level in enumerate(LocationLevel)}  # exact 0 ... hidden 3

# The least precise level at which the public still sees a field. Exact: anything that tells where it is,
# alone or together with what people know of a neighbourhood (a listed church, the year a shop closed).
SHOWN_FROM: dict[str, LocationLevel] = {
    **dict.fromkeys(
        (
            "name", "description", "rules", "within_ref", "address", "locality", "postcode", "placed_by",
            "parcel_refs", "floor_area_m2", "plot_area_m2", "plot_area_measured", "building_year", "storey",
            "previous_use", "vacant_since", "heritage", "contamination", "ownership", "source", "source_ref",
            "history",
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
            "location_level",
        ),
        LocationLevel.HIDDEN,
    ),
}  # fmt: skip

ENDED_FIELDS = ("ref", "status", "retired_on")

AREA_BANDS_M2 = (0, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000)

# What decides who sees a space and how precisely: what a question about another space must read of it.
DECISIVE = ("status", "ownership", "consent", "consent_on", "location_level", "location_release_on")

_BITS = {use.value: 1 << i for i, use in enumerate(UseCategory)}
_ALWAYS = ("ref", "kind", "status", "occupancy", "location_level")


@dataclass(slots=True)
class Published:
    """One row of what the public may see (``store.published``)."""

    collection: str
    ref: str
    geometry: Any
    feature: str
    lon: float | None = None
    lat: float | None = None
    kind: str | None = None
    status: str | None = None
    occupancy: str | None = None
    level: str | None = None
    district_ref: str | None = None
    area_m2: float | None = None
    facilities: int = 0
    uses: int = 0
    free_from: int | None = None
    free_until: int | None = None
    next_change_at: datetime | None = None


def band_of(area_m2: float) -> tuple[int, int | None]:
    """The band that an area falls into: from, up to (None: no upper end), in m2."""
    for low, high in itertools.pairwise(AREA_BANDS_M2):
        if area_m2 < high:
            return low, high
    return AREA_BANDS_M2[-1], None


class Publisher:
    """Decides for one day, under one city's settings, with its districts; made once, asked for many spaces."""

    def __init__(self, settings: Settings, districts: list[Area], now: datetime) -> None:
        self.settings = settings
        self.zone = ZoneInfo(settings.time_zone)
        self.today = settings.today(now)
        self.locator = Locator(districts)
        self._districts = {area.ref: area for area in districts}
        self._anchors: dict[str, tuple[float, float]] = {}

    def owner_allows(self, space: Space) -> bool:
        """Whether the owner's word, under the law of the place, lets the space be public today."""
        if space.consent == Consent.OBJECTED:
            return False
        if space.ownership in PUBLIC_OWNERSHIP or space.consent == Consent.GIVEN:
            return True
        due = self._objection_ends_on(space)
        return due is not None and self.today >= due

    def _objection_ends_on(self, space: Space) -> date | None:
        if self.settings.private_rule != "objection" or space.consent != Consent.NOTIFIED or not space.consent_on:
            return None
        return space.consent_on + timedelta(days=self.settings.objection_days)

    def sees(self, space: Space) -> str:
        """What the public sees of this space today: ``all`` of its level, ``ended``, or ``nothing``."""
        owner = "public body" if space.ownership in PUBLIC_OWNERSHIP else "other owner"
        when = PUBLIC_WHEN[SpaceStatus(space.status)][owner]
        # The owner's word: an objection hides at once, whoever the owner is.
        if when == "never" or not self.owner_allows(space):
            return "nothing"
        if when.startswith("policy") and self.settings.publish_from != SpaceStatus.VERIFIED:
            return "nothing"
        return "ended" if when.startswith("that it ended") else "all"

    def level(self, space: Space) -> LocationLevel:
        """How precisely the public sees this space's place today."""
        if space.location_release_on is not None and self.today >= space.location_release_on:
            return LocationLevel.EXACT
        if space.location_level is not None:
            return LocationLevel(space.location_level)
        public = space.ownership in PUBLIC_OWNERSHIP
        return LocationLevel(self.settings.public_level if public else self.settings.private_level)

    def shows_exactly(self, space: Space) -> bool:
        """Whether the public may know today where this space is: only then may another space's row name it."""
        return self.sees(space) == "all" and self.level(space) is LocationLevel.EXACT

    def publish(
        self, space: Space, history: list[Period] | None = None, building: Space | None = None
    ) -> Published | None:
        """The public row of a space, None when the public sees nothing of it.

        Args:
            space: the space.
            history: its past.
            building: the space that it lies within, or as much of it as DECISIVE names. Who sees a unit exactly
                sees where its building is; so the two are tied only where the building's place is public, too.
        """
        seen = self.sees(space)
        if seen == "nothing":
            return None
        if seen == "ended":
            ended = {"ref": space.ref, "status": space.status, "retired_on": space.retired_on}
            return Published("spaces", space.ref, None, feature_text(space.ref, None, ended), status=space.status)
        level = self.level(space)
        place, district, at = self._place(space, level)
        shown = self._properties(space, level, district)
        if building is None or not self.shows_exactly(building):
            shown.pop("within_ref", None)
        if history and level is LocationLevel.EXACT:
            shown["history"] = [told(period) for period in history]
        area = area_of(space)
        if area is not None and level is not LocationLevel.EXACT:
            area = float(band_of(area)[0])
        return Published(
            "spaces", space.ref, place, feature_text(space.ref, place, shown), *at, space.kind, space.status,
            space.occupancy, level.value, shown.get("district_ref"), area,
            sum(1 << i for i, name in enumerate(FACILITIES) if getattr(space, name)),
            sum(_BITS[use] for use in space.suitable_uses), _ordinal(space.available_from),
            _ordinal(space.available_until),
            self._next_change(space, level),
        )  # fmt: skip

    def _place(self, space: Space, level: LocationLevel) -> tuple[Any, str | None, tuple[float | None, float | None]]:
        """What is drawn, the district that may be named, and where the map index holds the row."""
        shape = space.geometry
        if level is LocationLevel.HIDDEN or (shape is None and level is LocationLevel.CELL):
            return None, None, (None, None)
        if shape is None:
            return None, space.district_ref, (None, None)
        if level is LocationLevel.DISTRICT:
            return None, space.district_ref, self._district_anchor(space.district_ref)
        if level is LocationLevel.EXACT:
            inside = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
            return shape, space.district_ref, (inside.x, inside.y)
        # Everything said with the cell comes from the cell: the space's own district would cut it in two.
        middle = shapely.point_on_surface(shape)
        cell = geometry.cell_of(middle.x, middle.y)
        centre = cell.centroid
        district = self.locator.locate(centre.x, centre.y)
        at = (round(centre.x, geometry.DECIMALS), round(centre.y, geometry.DECIMALS))
        return cell, district.ref if district else None, at

    def _district_anchor(self, ref: str | None) -> tuple[float | None, float | None]:
        if ref is None or ref not in self._districts:
            return None, None
        if ref not in self._anchors:
            self._anchors[ref] = anchor(self._districts[ref])
        return self._anchors[ref]

    def _properties(self, space: Space, level: LocationLevel, district: str | None) -> dict[str, Any]:
        """The fields shown at this level, those that are not known left out."""
        shown: dict[str, Any] = {}
        for name in _FIELDS_AT[level]:
            value = getattr(space, name)
            if value is not None and value != () and value != "unknown":
                shown[name] = value
        for name in _ALWAYS:
            shown[name] = getattr(space, name)
        shown["location_level"] = level.value
        shown.pop("district_ref", None)
        if district is not None:
            shown["district_ref"] = district
            area = self._districts.get(district)
            shown["district"] = area.name if area else None
        if not space.plot_area_measured:
            shown.pop("plot_area_measured", None)
        size = area_of(space)
        if level is not LocationLevel.EXACT and size is not None:
            low, high = band_of(size)
            shown["area_band_m2"] = f"{low}-{high}" if high else f"{low}-"
        return shown

    def _next_change(self, space: Space, level: LocationLevel) -> datetime | None:
        """When the calendar will change this row, None when it will not."""
        release = space.location_release_on
        if release is not None and release > self.today and level is not LocationLevel.EXACT:
            return self.midnight(release)
        return None

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins in the city."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


_FIELDS_AT = {
    level: tuple(
        name for name, lowest in SHOWN_FROM.items() if name in FIELDS and _PRECISION[level] <= _PRECISION[lowest]
    )
    for level in LocationLevel
}


def publish_area(area: Area) -> Published:
    """The public row of an area; boundaries and names are no secret."""
    shown = {"ref": area.ref, "kind": area.kind, "code": area.code, "name": area.name}
    lon, lat = anchor(area)
    return Published(
        "areas",
        area.ref,
        area.geometry,
        feature_text(area.ref, area.geometry, shown),
        lon,
        lat,
        kind=area.kind,
    )


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def told(period: Period) -> dict[str, Any]:
    """A stretch of a space's past as features carry it, what is not known left out."""
    return {
        name: value
        for name in ("starts_on", "ends_on", "precision", "occupancy", "title", "what_came", "source")
        if (value := getattr(period, name)) is not None
    }
