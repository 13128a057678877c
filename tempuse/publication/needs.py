"""The public rows of needs: what groups look for, as far as they and the office let everybody read it.

Such a row has no place on the map: neither a point nor a distance, for a group's door is found by either. It names
the districts that are looked in. Nobody reads what a group can pay, when exactly it would be there, or whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tempuse.geojson import feature_text
from tempuse.needs import Need, lapses_on, state_of, wanted_of
from tempuse.occurrences import last_day
from tempuse.organisations import Organisation
from tempuse.publication.rows import Collection, Published, Queryable, facts
from tempuse.publication.seen import band_of
from tempuse.publication.spaces import Publisher
from tempuse.vocabulary import LocationLevel, NeedAudience, NeedState, UseCategory
from tempuse.wanted import Wanted

# What everybody reads of a need; whatever does not stand here is never shown.
NEED_SHOWN = (
    "ref", "title", "text", "organisation", "use_categories", "themes", "kinds", "area_band_m2", "starts_month",
    "months", "facilities", "district_ref", "district", "districts", "opened_on", "location_level",
)  # fmt: skip
# Uses that are never shown, whatever the group or the office says: who needs a roof is nobody's business.
NEVER_SHOWN = frozenset({UseCategory.SHELTER.value})
_LOOKING = (NeedState.WAITING, NeedState.ASKED)
# Groups are counted from the first of these on, and no more closely than by them.
STEPS = (3, 5, 10, 20)
_DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Sought:
    """A need with everything that its public row may be made of."""

    need: Need
    group: Organisation | None = None


@dataclass(frozen=True, slots=True)
class SeenNeed:
    """A need as the public sees it: the only thing that its queryables are made of."""

    wanted: Wanted
    level: LocationLevel
    district_ref: str | None


_USES = {each.value: each.flag for each in UseCategory}
QUERYABLES = (
    Queryable("level", "choice", lambda seen: seen.level.value, of=LocationLevel),
    Queryable("district_ref", "ref", lambda seen: seen.district_ref, noun="area"),
    Queryable("uses", "bits", lambda seen: sum(_USES[use] for use in seen.wanted.uses), of=UseCategory),
)
COLLECTION = Collection(
    "needs", "need", QUERYABLES, (LocationLevel.DISTRICT, LocationLevel.HIDDEN), has_rule=True
)  # fmt: skip


def publish_need(rule: Publisher, sought: Sought) -> Published | None:
    """The public row of a need, None when the public sees nothing of it.

    It is seen while its group looks for a space and nobody stopped hearing from it, if the group wants everybody to
    read of it and the office let them. While nobody understands a part of its question, it is not.
    """
    need = sought.need
    wanted, unclear = wanted_of(need)
    is_open = state_of(need, rule.settings, rule.today) in _LOOKING
    if not is_open or unclear or not need.released_text or need.unlisted or NEVER_SHOWN & set(wanted.uses):
        return None
    if need.audience != NeedAudience.PUBLIC:
        return None
    names = {ref: name for ref in wanted.districts if (name := rule.district_name(ref))}
    district = next(iter(names), None)
    level = LocationLevel.HIDDEN if district is None else LocationLevel.DISTRICT
    values = _values(sought, wanted) | {
        "district_ref": district, "district": names.get(district or ""), "districts": list(names.values()),
        "opened_on": rule.settings.today(need.opened_at) if need.opened_at else None, "location_level": level.value,
    }  # fmt: skip
    shown = {name: value for name in NEED_SHOWN if (value := values.get(name)) not in (None, "", [])}
    lapses = lapses_on(need, rule.settings)
    return Published(
        collection="needs", ref=need.ref, geometry=None, feature=feature_text(need.ref, None, shown),
        facts=facts(QUERYABLES, SeenNeed(wanted, level, district)),
        next_change_at=rule.midnight(lapses) if lapses else None,
    )  # fmt: skip


# ---- as others than everybody may know it --------------------------------------------------------------------------


def in_steps(count: int) -> int:
    """A number of groups as it is told outside the office: at least so many, 0 for too few to be told."""
    return max((step for step in STEPS if step <= count), default=0)


def coarse(wanted: Wanted) -> Wanted:
    """A question as far as it is told outside the office: what for, how large in bands, which months, which districts.

    Without a point nobody finds a group's door by asking for many spaces; what it can pay, its hours and what it says
    of itself are left out as well.
    """
    least, most, last = wanted.area_least_m2, wanted.area_most_m2, wanted.last_start
    return Wanted(
        uses=wanted.uses, kinds=wanted.kinds, themes=wanted.themes, districts=wanted.districts,
        area_least_m2=band_of(least)[0] or None if least is not None else None,
        area_most_m2=band_of(most)[1] if most is not None else None,
        starts_on=wanted.starts_on and wanted.starts_on.replace(day=1),
        starts_by=last and last_day(last.replace(day=1), 1),
        term_months=_months(wanted), facilities=wanted.facilities, musts=wanted.musts, nices=wanted.nices,
    )  # fmt: skip


def told_partners(rule: Publisher, sought: Sought, *, named: bool) -> dict[str, Any] | None:
    """What a mediator, or the owner of a space that fits, reads of a need; None where it is nothing.

    Args:
        rule: as of today.
        sought: the need with its group.
        named: as a mediator reads it; an owner reads words and a name only if the group lets owners, or everybody does.
    """
    need = sought.need
    wanted, unclear = wanted_of(need)
    is_open = state_of(need, rule.settings, rule.today) in _LOOKING
    hidden = need.audience == NeedAudience.PRIVATE or need.unlisted or NEVER_SHOWN & set(wanted.uses)
    if not is_open or unclear or hidden:
        return None
    names = [name for ref in wanted.districts if (name := rule.district_name(ref))]
    values = _values(sought, wanted) | {"districts": names}
    opens = sought.group is not None and sought.group.seen_by_owners
    if opens and not named:
        values["organisation"] = sought.group.public_name or sought.group.name if sought.group else ""
    if not (named or opens or publish_need(rule, sought)):
        values |= {"title": None, "text": None, "organisation": None}
    if need.opened_at:
        values["opened_on"] = rule.settings.today(need.opened_at).isoformat()
    return {name: value for name in NEED_SHOWN if (value := values.get(name)) not in (None, "", [])}


def _values(sought: Sought, wanted: Wanted) -> dict[str, Any]:
    need, start = sought.need, wanted.starts_on
    return {
        "ref": need.ref, "title": need.title, "text": need.released_text,
        "organisation": sought.group.shown_name if sought.group else "",
        "use_categories": list(wanted.uses), "themes": list(wanted.themes), "kinds": list(wanted.kinds),
        "area_band_m2": _band(wanted), "starts_month": start.isoformat()[:7] if start else None,
        "months": _months(wanted), "facilities": list(wanted.facilities),
    }  # fmt: skip


def _band(wanted: Wanted) -> str | None:
    """The bands of what is the least and the most, as one: ``50-200``, ``50-`` where there is no most."""
    least, most = wanted.area_least_m2, wanted.area_most_m2
    if least is None and most is None:
        return None
    high = None if most is None else band_of(most)[1]
    return f"{band_of(least or 0)[0]}-{high or ''}"


def _months(wanted: Wanted) -> int | None:
    """For how many months it is looked for at least; days in whole months, one at least."""
    if wanted.term_months is not None or wanted.term_days is None:
        return wanted.term_months
    return max(round(wanted.term_days / _DAYS_A_MONTH), 1)
