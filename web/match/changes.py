"""What would have to give way, in words: "It is 12 m² smaller", "If heating is not a must"."""

from __future__ import annotations

from flask_babel import gettext

from tempuse.matching import Concession, NearMiss
from tempuse.wanted import NEVER_OFFERED, Wanted
from web import words
from web.match import wording


def may_be_offered(key: str) -> bool:
    """Whether somebody may be told to do without it."""
    return key not in NEVER_OFFERED


def without(wanted: Wanted, key: str) -> str:
    """If heating is not a must."""
    facility = wording.facility_of(key)
    what = words.in_sentence(facility) if facility else words.lower_first(wording.label(key))
    return gettext("If this is not a must: %(what)s", what=what)


def told(wanted: Wanted, miss: NearMiss) -> list[str]:
    """The changes of a near miss, one sentence each."""
    return [_told(wanted, miss.wanted, each) for each in miss.changes]


def _told(before: Wanted, after: Wanted, change: Concession) -> str:
    """One change, read off the question that was proven to fit."""
    key = change.key
    if key == "size":
        least, new = before.area_least_m2, after.area_least_m2
        if least is not None and new is not None and new < least:
            return gettext("It is %(area)s smaller than you asked.", area=words.square_metres(least - new))
        most, new = before.area_most_m2, after.area_most_m2
        if most is not None and new is not None and new > most:
            return gettext("It is %(area)s larger than you asked.", area=words.square_metres(new - most))
    if key == "start" and after.last_start is not None and after.last_start != before.last_start:
        return gettext("If you could begin on %(day)s.", day=words.day(after.last_start))
    if key == "term" and wording.term(after) and wording.term(after) != wording.term(before):
        return gettext("If you came %(time)s, not %(asked)s.", time=wording.term(after), asked=wording.term(before))
    if (
        key == "place"
        and after.within_m is not None
        and before.within_m is not None
        and after.within_m > before.within_m
    ):
        return gettext("It is %(distance)s farther away.", distance=wording.distance(after.within_m - before.within_m))
    if key == "cost" and after.budget_month_cents is not None and before.budget_month_cents is not None:
        more = after.budget_month_cents - before.budget_month_cents
        if more > 0:
            return gettext("With %(amount)s more a month.", amount=words.money(more))
    if key == "start_money" and after.budget_start_cents is not None and before.budget_start_cents is not None:
        more = after.budget_start_cents - before.budget_start_cents
        if more > 0:
            return gettext("With %(amount)s more at the start.", amount=words.money(more))
    if key == "hours" and after.hours != before.hours:
        return gettext("Only at these hours: %(hours)s.", hours=wording.hours(after.hours))
    measure = _measure(before, after, key)
    return measure or f"{without(before, key)}."


def _measure(before: Wanted, after: Wanted, key: str) -> str:
    """A measure that would be less, or one that would be more."""
    fields = {"ceiling": "ceiling_cm", "door": "door_cm", "floor_load": "floor_load_kg_m2", "persons": "persons",
              "noise": "noise_db"}  # fmt: skip
    name = fields.get(key)
    if name is None or getattr(before, name) is None or getattr(after, name) in (None, getattr(before, name)):
        return ""
    return gettext("%(what)s: %(after)s, not %(before)s.", what=wording.label(key),
                   after=wording.asked(after, key), before=wording.asked(before, key))  # fmt: skip
