"""The public rows of spaces: what the rule lets everybody see, and no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import shapely

from tempuse import geometry
from tempuse.areas import Area, Districts, Locator, anchor
from tempuse.facts import pack
from tempuse.geojson import feature_text
from tempuse.pictures import SpacePicture
from tempuse.publication.offer import facts_of
from tempuse.publication.rows import Collection, Published, Queryable, facts, ordinal
from tempuse.publication.rule import PRECISION, SHOWN_FROM, Rule, Ruling
from tempuse.publication.seen import Seen, band_of
from tempuse.publication.stretches import NOT_USED, Used, available
from tempuse.settings import Settings
from tempuse.spaces import FIELDS, Period, Space, area_of
from tempuse.vocabulary import Facility, LocationLevel, Occupancy, SpaceKind, SpaceStatus, UseCategory

_ENDED_FIELDS = ("ref", "status", "retired_on")

_ALWAYS = ("ref", "kind", "status", "occupancy", "location_level")
_FIELDS_AT = {
    level: tuple(
        name for name, lowest in SHOWN_FROM.items()
        if name in FIELDS and name != "shown_since" and PRECISION[level] <= PRECISION[lowest]
    )
    for level in LocationLevel
}  # fmt: skip


_FACILITIES = tuple((each.value, each.flag) for each in Facility)
_USES = {each.value: each.flag for each in UseCategory}


def _there(seen: Seen) -> int:
    return sum(flag for name, flag in _FACILITIES if getattr(seen.space, name))


def _known(seen: Seen) -> int:
    return sum(flag for name, flag in _FACILITIES if getattr(seen.space, name) is not None)


QUERYABLES = (
    Queryable("kind", "choice", lambda seen: seen.space.kind, of=SpaceKind),
    Queryable("status", "choice", lambda seen: seen.space.status, of=SpaceStatus),
    Queryable("occupancy", "choice", lambda seen: seen.occupancy, of=Occupancy),
    Queryable("level", "choice", lambda seen: seen.level.value, of=LocationLevel),
    Queryable("district_ref", "ref", lambda seen: seen.district_ref, noun="area"),
    Queryable("area_m2", "number", lambda seen: seen.area_m2),
    # What is there; and of what it is known whether it is: else it is neither a yes nor a no.
    Queryable("facilities", "bits", _there, of=Facility),
    Queryable("uses", "bits", lambda seen: sum(_USES[use] for use in seen.space.suitable_uses), of=UseCategory),
    Queryable("free_from", "day", lambda seen: ordinal(seen.free_from)),
    Queryable("free_until", "day", lambda seen: ordinal(seen.free_until), late=True),
    Queryable("facilities_known", "bits", _known, of=Facility),
    Queryable("facts", "facts", lambda seen: pack(facts_of(seen))),
    Queryable("words", "text", lambda seen: seen.words),
    Queryable("within_ref", "ref", lambda seen: seen.shown.get("within_ref"), noun="space"),
)
COLLECTION = Collection("spaces", "space", QUERYABLES, tuple(LocationLevel), has_rule=True)


class Publisher(Rule):
    """Makes public rows by the rule of one day, under one city's settings, with its districts."""

    def __init__(self, settings: Settings, districts: Sequence[Area] | Districts, now: datetime) -> None:
        super().__init__(settings, now)
        self._districts = districts if isinstance(districts, Districts) else Districts(districts)
        self._anchors: dict[str, tuple[float, float]] = {}
        self._spreads: dict[str, float] = {}

    @property
    def locator(self) -> Locator:
        """Tells in which district a place lies."""
        return self._districts.locator

    def publish(
        self, space: Space, history: list[Period] | None = None, building: Space | None = None, used: Used = NOT_USED,
        pictures: Sequence[SpacePicture] = (),
    ) -> Published | None:  # fmt: skip
        """The public row of a space, None when the public sees nothing of it.

        Args:
            space: the space.
            history: its past.
            building: the space that it lies within, or as much of it as LOOKS_AT names. Who sees a unit exactly
                sees where its building is; so the two are tied only where the building's place is public, too.
            used: the days on which it is taken, and its uses that everybody may read of.
            pictures: of the space and its plans, in their order; shown are those that somebody has looked at.
        """
        decision = self.decide(space)
        if not decision.is_seen:
            return None
        if decision.level is None:
            ended = {name: getattr(space, name) for name in _ENDED_FIELDS}
            text = feature_text(space.ref, None, ended)
            return Published(
                collection="spaces", ref=space.ref, geometry=None, feature=text, facts={"status": space.status}
            )
        return self._row(space, decision, decision.level, history, building, used, pictures)

    def _row(
        self, space: Space, decision: Ruling, level: LocationLevel,
        history: list[Period] | None, building: Space | None, used: Used, pictures: Sequence[SpacePicture],
    ) -> Published:  # fmt: skip
        place, district, (lon, lat) = self.place(space, level)
        shown = self._properties(space, level, district)
        if building is None or not self.decide(building).is_exact:
            shown.pop("within_ref", None)
        if history and level is LocationLevel.EXACT:
            shown["history"] = [told(period) for period in history]
        if level is LocationLevel.EXACT:
            shown |= _looked_at(pictures)
        taken = used.at(exactly=level is LocationLevel.EXACT, today=self.today, available=available(space))
        since = min(space.shown_since or self.today, self.today)
        shown |= taken.shown | {"shown_since": since}
        changes = [day for day in (decision.finer_on, taken.changes_on) if day is not None]
        seen = Seen(space, level, district, self._spread(place, level, district, (lon, lat)), taken, since, shown)
        return Published(
            collection="spaces", ref=space.ref, geometry=place, feature=feature_text(space.ref, place, shown),
            lon=lon, lat=lat, facts=facts(QUERYABLES, seen),
            next_change_at=self.midnight(min(changes)) if changes else None,
            seen_on=None if since == space.shown_since else since,
        )  # fmt: skip

    def _spread(
        self, place: Any, level: LocationLevel, district: str | None, at: tuple[float | None, float | None]
    ) -> float:
        """How far from where it is held, in metres, a space may truly be: of a square, of a district."""
        lon, lat = at
        if lon is None or lat is None:
            return math.inf
        if level is LocationLevel.EXACT:
            return 0.0
        if level is LocationLevel.CELL:
            return _farthest(place, (lon, lat))
        if district is None or (area := self._districts.get(district)) is None:
            return math.inf
        if district not in self._spreads:
            self._spreads[district] = _farthest(area.geometry, (lon, lat))
        return self._spreads[district]

    def place(self, space: Space, level: LocationLevel) -> tuple[Any, str | None, tuple[float | None, float | None]]:
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
        if ref is None or (area := self._districts.get(ref)) is None:
            return None, None
        if ref not in self._anchors:
            self._anchors[ref] = anchor(area)
        return self._anchors[ref]

    def district_name(self, ref: str) -> str | None:
        """The name of a district."""
        area = self._districts.get(ref)
        return area.name if area else None

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
            shown["district"] = self.district_name(district)
        if self.settings.public_need_counts == "never":
            shown.pop("sought_by", None)
        if not space.plot_area_measured:
            shown.pop("plot_area_measured", None)
        size = area_of(space)
        if level is not LocationLevel.EXACT and size is not None:
            low, high = band_of(size)
            shown["area_band_m2"] = f"{low}-{high}" if high else f"{low}-"
        return shown


def _farthest(shape: Any, here: tuple[float, float]) -> float:
    """Whole metres to the farthest corner of a shape."""
    corners = shapely.get_coordinates(shape)
    return float(math.ceil(geometry.distance_m(corners[:, 0], corners[:, 1], here).max()))


def told(period: Period) -> dict[str, Any]:
    """A stretch of a space's past as features carry it, what is not known left out."""
    return {
        name: value
        for name in ("starts_on", "ends_on", "precision", "occupancy", "title", "what_came", "source")
        if (value := getattr(period, name)) is not None
    }


def _looked_at(pictures: Sequence[SpacePicture]) -> dict[str, list[dict[str, Any]]]:
    """The pictures that somebody has looked at, and the plans, where there are any."""
    seen = [each for each in pictures if each.looked_at]
    found = {
        "pictures": [told_of(each) for each in seen if not each.is_plan],
        "plans": [_plan(each) for each in seen if each.is_plan],
    }
    return {name: these for name, these in found.items() if these}


def told_of(picture: SpacePicture) -> dict[str, Any]:
    """A picture as features carry it: what it shows, who made it, and its files by size."""
    return {"alt": picture.alt, **_credit(picture), "sizes": [dict(each) for each in picture.sizes]}


def _plan(plan: SpacePicture) -> dict[str, Any]:
    """A plan as features carry it: what it is called, who made it, its file, how many pages, how large."""
    return {"title": plan.alt, **_credit(plan), **plan.sizes[0]}


def _credit(picture: SpacePicture) -> dict[str, str]:
    return {"credit": picture.credit} if picture.credit else {}
