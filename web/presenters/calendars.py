"""Uses and permits as calendars (RFC 5545): whole days, or each time on the city's clock.

The end of whole days is the day after the last. Times bear the name of the city's time zone, with its rules beside
them; each is an event of its own, so that no program has to know what "every second Tuesday but not on these" means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext
from icalendar import Calendar, Event

from tempuse.occurrences import Occurrence, day_of, occurrences
from tempuse.permits import Permit
from tempuse.standing import last_on, standing
from tempuse.store.permits import Ruled
from tempuse.terms import DAY, Hours, Terms
from tempuse.vocabulary import PermitStatus
from web import database
from web.presenters import cards, uses
from web.site import addresses

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# No calendar has more events; and of many uses at once the times within these days around today.
MOST_EVENTS = 20_000
_AROUND = (timedelta(days=-31), timedelta(days=366))


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing in a calendar: what it is called, when it is, and where to read more."""

    ref: str
    title: str
    times: tuple[Occurrence, ...]
    href: str = ""
    where: str = ""
    about: str = ""


def of_use(text: str) -> CalendarEntry | None:
    """A published use as an entry; None where its days are not told."""
    shown = cards.of_feature(text)
    if not shown.get("starts_on") or not shown.get("ends_on"):
        return None
    terms = Terms(
        starts_on=cards.day_of(shown["starts_on"]), ends_on=cards.day_of(shown["ends_on"]),
        hours=tuple(map(_hours, shown.get("hours") or ())), season_from=shown.get("season_from"),
        season_until=shown.get("season_until"), except_on=tuple(shown.get("except_on") or ()),
        extra_on=tuple(shown.get("extra_on") or ()),
    )  # fmt: skip
    parts = [shown.get("organisation") or "", uses.for_what(shown), shown.get("purpose") or ""]
    where = ", ".join(each.title for each in uses.places(shown.get("space_refs") or []))
    href = addresses.full("public.use", ref=shown["ref"])
    about = "\n".join(part for part in parts if part)
    return CalendarEntry(shown["ref"], uses.title(shown), tuple(occurrences(terms)), href, where, about)


def _hours(told: dict[str, Any]) -> Hours:
    """One row of hours as features carry it, read back."""
    bits = sum(1 << _WEEKDAYS.index(day) for day in told["weekdays"])
    return Hours(
        weekdays=bits, from_minute=_minute(told["from"]), until_minute=_minute(told["until"]),
        every_weeks=told.get("every_weeks", 1), nth_in_month=told.get("nth_in_month"),
    )  # fmt: skip


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def of_permit(found: Ruled, spaces: dict[str, str]) -> list[CalendarEntry]:
    """A permit as entries for those whom it concerns: its times, and the days by which something is to be done.

    Args:
        found: the permit with the terms that rule.
        spaces: what its spaces are called, by ref.
    """
    permit, terms = found
    where = ", ".join(spaces.get(ref, ref) for ref in permit.space_refs)
    title = f"{permit.title or permit.ref} ({permit.ref})"
    entries = [CalendarEntry(permit.ref, title, tuple(_until_last(permit, terms)), where=where)]
    stands = standing(permit, terms, database.today())
    if permit.status == PermitStatus.APPROVED and permit.sign_by_on:
        entries.append(_day(permit, "sign", gettext("To be signed: %(title)s", title=title), permit.sign_by_on))
    if permit.status == PermitStatus.HANDED_OVER and stands.ask_renewal_by_on and not permit.ended_on:
        said = gettext("Last day to ask for a renewal: %(title)s", title=title)
        entries.append(_day(permit, "renew", said, stands.ask_renewal_by_on))
    return entries


def _until_last(permit: Permit, terms: Terms) -> Iterator[Occurrence]:
    """Its times up to its last day, where it ended before its terms did."""
    last = last_on(permit, terms)
    end = None if last is None else (last.toordinal() + 1) * DAY
    for each in occurrences(terms):
        if end is None or each.until_minute <= end or each.on == last:
            yield each
        elif each.from_minute < end:
            yield each._replace(until_minute=end)


def _day(permit: Permit, what: str, title: str, on: date) -> CalendarEntry:
    start = on.toordinal() * DAY
    return CalendarEntry(f"{permit.ref}-{what}", title, (Occurrence(start, start + DAY, on),))


def calendar(name: str, entries: Iterable[CalendarEntry], *, near: bool = False) -> bytes:
    """A calendar as a file.

    Args:
        name: what it is called.
        entries: what is in it.
        near: only times around today; whole days stay, however long ago.
    """
    made = Calendar()
    made.add("prodid", "-//tempuse//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    host = urlsplit(addresses.root()).netloc
    zone, today = ZoneInfo(database.settings().time_zone), database.today()
    low, high = (today + each for each in _AROUND)
    first, last, count = date.max, date.min, 0
    for entry in entries:
        for number, each in enumerate(entry.times):
            is_day = not each.from_minute % DAY and not each.until_minute % DAY
            if count >= MOST_EVENTS or (near and not is_day and not low <= each.on <= high):
                continue
            count += 1
            if not is_day:
                first, last = min(first, each.on), max(last, each.on)
            made.add_component(_event(entry, each, f"{entry.ref}.{number}@{host}", None if is_day else zone))
    if first <= last:
        made.add_missing_timezones(first - timedelta(days=366), last + timedelta(days=366))
    return bytes(made.to_ical())


def _event(entry: CalendarEntry, each: Occurrence, uid: str, zone: ZoneInfo | None) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", database.now())
    event.add("summary", entry.title)
    event.add("dtstart", _at(each.from_minute, zone))
    event.add("dtend", _at(each.until_minute, zone))
    for name, value in (("url", entry.href), ("location", entry.where), ("description", entry.about)):
        if value:
            event.add(name, value)
    return event


def _at(minute: int, zone: ZoneInfo | None) -> date:
    day, rest = day_of(minute), minute % DAY
    return day if zone is None else datetime.combine(day, time(*divmod(rest, 60)), zone)


def answer(body: bytes, name: str, *, public: bool) -> Response:
    """A calendar as an answer; a private one is kept by nobody on the way."""
    made = Response(body, mimetype="text/calendar")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    made.headers["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    if public:
        made.headers["Access-Control-Allow-Origin"] = "*"
    else:
        made.headers["X-Robots-Tag"] = "noindex"
    return made
