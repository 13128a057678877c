"""The public rows of uses: who uses which space, from when to when, and what came after; as much as its spaces show.

The level of a use is the least precise of its spaces' levels and its own. Below exact neither name, title nor days:
a group's name can be searched for, and equal days join two rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import shapely

from tempuse.agreements import Afterlife
from tempuse.geojson import feature_text
from tempuse.organisations import Organisation
from tempuse.permits import Permit
from tempuse.publication.rows import Collection, Published, Queryable, facts, ordinal
from tempuse.publication.rule import Rule
from tempuse.publication.seen import band_of
from tempuse.publication.spaces import Publisher
from tempuse.settings import Settings
from tempuse.spaces import Space, area_of
from tempuse.standing import last_on
from tempuse.terms import DAY, Hours, Terms
from tempuse.vocabulary import LocationLevel, PermitStatus, UseCategory, UseState

# From which status on a use may be shown, by the city's setting.
_SHOWN_IN: dict[str, tuple[str, ...]] = {
    "signed": (PermitStatus.SIGNED.value, PermitStatus.HANDED_OVER.value, PermitStatus.HANDED_BACK.value),
    "handed_over": (PermitStatus.HANDED_OVER.value, PermitStatus.HANDED_BACK.value),
    "never": (),
}
# Every status in which some city may show a use.
MAY_BE_SHOWN = _SHOWN_IN["signed"]

# The least precise level at which the public still sees a field of a use.
USE_SHOWN_FROM: dict[str, LocationLevel] = {
    **dict.fromkeys(
        ("ref", "state", "use_categories", "start_year", "end_year", "location_level"), LocationLevel.HIDDEN
    ),
    **dict.fromkeys(
        (
            "title", "purpose", "space_refs", "organisation", "organisation_url", "starts_on", "ends_on", "hours",
            "season_from", "season_until", "except_on", "extra_on", "open_to_public", "outcome", "moved_to_ref",
        ),
        LocationLevel.EXACT,
    ),
    "area_band_m2": LocationLevel.CELL,
    "district_ref": LocationLevel.DISTRICT,
    "district": LocationLevel.DISTRICT,
}  # fmt: skip
_RANK = {level: rank for rank, level in enumerate(LocationLevel)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Use:
    """A permit with everything that its public row may be made of.

    ``spaces`` are those that it was asked for, ``is_whole`` says that all of them are there.
    """

    permit: Permit
    terms: Terms
    spaces: tuple[Space, ...] = ()
    holder: Organisation | None = None
    afterlife: Afterlife | None = None
    moved_to: Space | None = None

    @property
    def is_whole(self) -> bool:
        """Whether each of its spaces is known, and there is one."""
        return bool(self.spaces) and len(self.spaces) == len(set(self.permit.space_refs))


@dataclass(frozen=True, slots=True)
class SeenUse:
    """A use as the public sees it: the only thing that its queryables are made of, at its level."""

    use: Use
    level: LocationLevel
    state: UseState
    district_ref: str | None

    @property
    def begins(self) -> date | None:
        """Its first day; below exact the first of that year."""
        start = self.use.terms.starts_on
        return start if start is None or self.level is LocationLevel.EXACT else date(start.year, 1, 1)


_USES = {each.value: each.flag for each in UseCategory}
QUERYABLES = (
    Queryable("level", "choice", lambda seen: seen.level.value, of=LocationLevel),
    Queryable("district_ref", "ref", lambda seen: seen.district_ref, noun="area"),
    Queryable("uses", "bits", lambda seen: sum(_USES[use] for use in seen.use.permit.use_categories), of=UseCategory),
    Queryable("use_state", "choice", lambda seen: seen.state.value, of=UseState),
    Queryable("begins", "day", lambda seen: ordinal(seen.begins)),
)
COLLECTION = Collection("uses", "permit", QUERYABLES, tuple(LocationLevel), has_rule=True)


def state_of(use: Use, on: date) -> UseState:
    """Whether a use is to come, runs, or is over on a day."""
    last, start = last_on(use.permit, use.terms), use.terms.starts_on
    if use.permit.status == PermitStatus.HANDED_BACK or (last is not None and on > last):
        return UseState.ENDED
    begun = use.permit.status == PermitStatus.HANDED_OVER and (start is None or on >= start)
    return UseState.RUNNING if begun else UseState.COMING


def is_shown(settings: Settings, use: Use, on: date) -> bool:
    """Whether a use is one that the city shows at all, whatever may be said of its place."""
    permit = use.permit
    if permit.unlisted or permit.status not in _SHOWN_IN.get(settings.uses_public_from, ()):
        return False
    # What was signed and never begun is no use.
    return permit.status != PermitStatus.SIGNED or state_of(use, on) is not UseState.ENDED


def level_of(rule: Rule, use: Use) -> LocationLevel | None:
    """How precisely a use is shown today, None where it is not: the least precise of its spaces' levels and its own."""
    if not use.is_whole or not is_shown(rule.settings, use, rule.today):
        return None
    levels = [] if use.permit.location_level is None else [LocationLevel(use.permit.location_level)]
    for space in use.spaces:
        ruling = rule.decide(space)
        if not ruling.is_seen:
            return None
        levels.append(ruling.level or LocationLevel.HIDDEN)  # of a space that is gone nobody reads where it was
    return max(levels, key=_RANK.__getitem__, default=None)


def publish_use(rule: Publisher, use: Use) -> Published | None:
    """The public row of a use, None when the public sees nothing of it."""
    level = level_of(rule, use)
    if level is None:
        return None
    state = state_of(use, rule.today)
    shape, district, (lon, lat) = _place(rule, use, level)
    values = _values(rule, use, state)
    if district is not None:
        values |= {"district_ref": district, "district": rule.district_name(district)}
    shown = {
        name: value for name, lowest in USE_SHOWN_FROM.items()
        if _RANK[level] <= _RANK[lowest] and (value := values.get(name)) not in (None, (), [], "")
    } | {"location_level": level.value}  # fmt: skip
    changes = _changes(rule, use)
    return Published(
        collection="uses", ref=use.permit.ref, geometry=shape, feature=feature_text(use.permit.ref, shape, shown),
        lon=lon, lat=lat, facts=facts(QUERYABLES, SeenUse(use, level, state, district)),
        next_change_at=rule.midnight(min(changes)) if changes else None,
    )  # fmt: skip


def _values(rule: Rule, use: Use, state: UseState) -> dict[str, Any]:
    """Every field of the row, whoever may see it."""
    permit, terms, holder, after = use.permit, use.terms, use.holder, use.afterlife
    last = last_on(permit, terms)
    name = holder.shown_name if holder else ""
    moved = use.moved_to is not None and rule.decide(use.moved_to).is_exact
    return {
        "ref": permit.ref, "state": state.value, "use_categories": list(permit.use_categories),
        "start_year": terms.starts_on.year if terms.starts_on else None, "end_year": last.year if last else None,
        "area_band_m2": _band(use), "title": permit.title, "purpose": permit.purpose_released,
        "space_refs": list(permit.space_refs), "organisation": name,
        "organisation_url": holder.url if holder and name else None,
        "starts_on": terms.starts_on, "ends_on": last, "hours": [_told(each) for each in terms.hours],
        "season_from": terms.season_from, "season_until": terms.season_until, "except_on": list(terms.except_on),
        "extra_on": list(terms.extra_on), "open_to_public": terms.open_to_public,
        "outcome": after.outcome if after and state is UseState.ENDED else None,
        "moved_to_ref": use.moved_to.ref if use.moved_to is not None and moved else None,
    }  # fmt: skip


def _told(hours: Hours) -> dict[str, Any]:
    """One row of hours as features carry it."""
    days = [name for bit, name in enumerate(_WEEKDAYS) if hours.weekdays >> bit & 1]
    shown: dict[str, Any] = {"weekdays": days, "from": _clock(hours.from_minute), "until": _clock(hours.until_minute)}
    if hours.every_weeks > 1:
        shown["every_weeks"] = hours.every_weeks
    if hours.nth_in_month is not None:
        shown["nth_in_month"] = hours.nth_in_month
    return shown


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % DAY if minute > DAY else minute, 60)
    return f"{hour:02}:{rest:02}"


def _band(use: Use) -> str | None:
    areas = [area_of(space) for space in use.spaces]
    known = [area for area in areas if area is not None]
    if not known or len(known) < len(areas):
        return None
    low, high = band_of(sum(known))
    return f"{low}-{high}" if high else f"{low}-"


def _place(
    rule: Publisher, use: Use, level: LocationLevel
) -> tuple[Any, str | None, tuple[float | None, float | None]]:  # fmt: skip
    """What is drawn, the district where it is one for all, and where it is found on the map."""
    if level is LocationLevel.HIDDEN:
        return None, None, (None, None)
    places = [rule.place(space, level) for space in use.spaces]
    shapes = [shape for shape, _, _ in places if shape is not None]
    districts = {district for _, district, _ in places}
    district = districts.pop() if len(districts) == 1 else None
    points = [(lon, lat) for _, _, (lon, lat) in places if lon is not None]
    at = points[0] if points and (level is not LocationLevel.DISTRICT or district) else (None, None)
    return _joined(shapes), district, at


def _joined(shapes: list[Any]) -> Any:
    """The shapes of several spaces as one: what touches is one outline; points among outlines are left to those."""
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    outlines = [shape for shape in shapes if shape.geom_type != "Point"]
    if not outlines:
        return shapely.MultiPoint(list(dict.fromkeys((shape.x, shape.y) for shape in shapes)))
    return shapely.orient_polygons(shapely.union_all(outlines))


def _changes(rule: Rule, use: Use) -> list[date]:
    """The days to come on which the calendar changes the row."""
    last = last_on(use.permit, use.terms)
    days = [use.terms.starts_on, last + timedelta(days=1) if last else None]
    seen = [*use.spaces, *([use.moved_to] if use.moved_to else [])]
    days += [rule.decide(space).finer_on for space in seen]
    return [day for day in days if day is not None and day > rule.today]
