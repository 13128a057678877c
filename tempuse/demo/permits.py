"""The permits of Rivermouth: asked, decided, used and handed back by the use cases themselves, each at its time.

Their data is ``data/demo/rivermouth-permits.csv``; its README says how it is to be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tempuse.access import PUBLIC, Actor
from tempuse.agreements import Afterlife, Handover, Signature
from tempuse.checks import CheckAnswer
from tempuse.demo.dates import moved
from tempuse.demo.rivermouth import SETTINGS, rows_of
from tempuse.permits import Permit
from tempuse.registry import letters
from tempuse.registry.permits.asking import ask_holder
from tempuse.registry.permits.checking import answer_check, ask_departments
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit, refuse_request, revoke_permit, take_up_request
from tempuse.registry.permits.renewing import renew_permit
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.subletting import request_within
from tempuse.registry.permits.using import hand_back, hand_over, look_at_condition, write_afterlife
from tempuse.registry.permits.withdrawing import call_off_permit, withdraw_request
from tempuse.store import checks, permits
from tempuse.store.engine import Connection
from tempuse.terms import Hours, Terms, TermsCondition, digest
from tempuse.vocabulary import LetterStatus, Verdict

_WEEKDAYS = {name: number for number, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))}
_HOURS = re.compile(r"((?:[A-Z][a-z](?:-[A-Z][a-z])? ?)+) (\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_MOST_AHEAD = timedelta(days=60)
# How far a permit came, step by step; the other states leave the way somewhere.
_WAY = ("draft", "submitted", "under_review", "approved", "signed", "running", "back")
_AS_FAR_AS = {
    "question": "under_review", "refused": "under_review", "withdrawn": "submitted", "called_off": "approved",
    "revoked": "approved", "overdue": "running",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPermit:
    """One row of the data: what was asked, how far it came, and what came of it."""

    row: Mapping[str, str]
    starts_on: date
    ends_on: date
    asked_on: date
    conditions: tuple[TermsCondition, ...]

    @property
    def far(self) -> int:
        """How many steps of the way it made."""
        return _WAY.index(_AS_FAR_AS.get(self.row["state"], self.row["state"]))


def read_permits(months: int, today: date) -> Iterator[DemoPermit]:
    """Every permit of the data, those that were asked first first, all dates moved by so many months."""
    found = []
    for row in rows_of("demo/rivermouth-permits.csv"):
        start, end = (moved(date.fromisoformat(row[name]), months) for name in ("starts_on", "ends_on"))
        asked = moved(date.fromisoformat(row["asked_on"]), months) if row["asked_on"] else start - _MOST_AHEAD
        conditions = tuple(conditions_of(row["conditions"], months))
        found.append(DemoPermit(row, start, end, min(asked, today - timedelta(days=1)), conditions))
    yield from sorted(found, key=lambda told: told.asked_on)


def conditions_of(text: str, months: int) -> Iterator[TermsCondition]:
    """``quiet 2026-10-15; waste 2026-11-16`` as conditions of the town's catalogue, each with its day to look."""
    known = {each["key"]: each["text"]["en"] for each in json.loads(SETTINGS["city_conditions"])}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        key, day = part.split()
        yield TermsCondition(key=key, text=known[key], check_on=moved(date.fromisoformat(day), months))


def hours_of(text: str) -> tuple[Hours, ...]:
    """``Tu Th 19:00-22:00; Sa 9:00-13:00`` as hours."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        match = _HOURS.fullmatch(part)
        assert match is not None, part
        days, *numbers = match.groups()
        begin_hour, begin_minute, end_hour, end_minute = map(int, numbers)
        found.append(Hours(
            weekdays=sum(1 << day for day in _days(days)), from_minute=begin_hour * 60 + begin_minute,
            until_minute=end_hour * 60 + end_minute,
        ))  # fmt: skip
    return tuple(found)


def _days(text: str) -> set[int]:
    days: set[int] = set()
    for each in text.split():
        first, _, last = each.partition("-")
        days.update(range(_WEEKDAYS[first], _WEEKDAYS[last or first] + 1))
    return days


def make_permits(
    con: Connection, actor: Actor, refs: Mapping[str, str], months: int, today: date, now: datetime
) -> dict[str, str]:
    """Let every permit of the data go its way up to now; their refs by what they are called.

    Args:
        con: an idle connection.
        actor: who handles them.
        refs: the spaces' refs by their keys in the data.
        months: by how many months all dates are moved.
        today: the day it is in the town.
        now: the instant; nothing happens later.
    """
    made: dict[str, str] = {}
    for told in read_permits(months, today):
        made[told.row["title"]] = _go(con, actor, told, refs, made, now)
    while (letter := letters.take_letter(con, actor, now)) is not None:  # nobody of that town has a mailbox
        letters.settle_letter(con, actor, letter, LetterStatus.SENT, "", now)
    return made


class _Clock:
    """The instants of one permit's steps, in their order and never after now."""

    def __init__(self, begin: date, now: datetime) -> None:
        self.now = now
        self.at = min(datetime.combine(begin, time(9), UTC), now - timedelta(hours=2))

    def later(self, days: int = 0, on: date | None = None) -> datetime:
        """The instant of the next step: so many days later, or on a day."""
        wanted = self.at + timedelta(days=days, minutes=5)
        if on is not None:
            wanted = max(wanted, datetime.combine(on, time(10), UTC))
        self.at = max(min(wanted, self.now), self.at)
        return self.at


def _go(
    con: Connection, actor: Actor, told: DemoPermit, refs: Mapping[str, str], made: Mapping[str, str], now: datetime
) -> str:  # fmt: skip
    """The ref of a permit that went its way; ``made`` are those before it."""
    row, clock = told.row, _Clock(told.asked_on, now)
    if row["renews"]:
        return renew_permit(con, actor, made[row["renews"]], {"ends_on": told.ends_on}, clock.at).permit.ref
    ref = _ask(con, actor, told, refs, made, clock.at)
    _come_as_far(con, actor, told, ref, clock)
    return ref


def _come_as_far(con: Connection, actor: Actor, told: DemoPermit, ref: str, clock: _Clock) -> None:
    row = told.row
    if told.far < 1:
        return
    expect_secret(con, actor, ref, f"the demo, {ref}")
    confirm_request(con, PUBLIC, f"the demo, {ref}", clock.later())
    if row["state"] == "withdrawn":
        withdraw_request(con, actor, ref, clock.later(5), note="We found another place.")
    if told.far < 2:
        return
    take_up_request(con, actor, ref, clock.later(1))
    if row["state"] == "question":
        at = clock.later(3)
        ask_holder(con, actor, ref, at, row["because"], max(at.date(), clock.now.date()) + timedelta(days=7))
    _ask_departments(con, actor, ref, row["departments"].split(), clock)
    if row["state"] == "refused":
        refuse_request(con, actor, ref, clock.later(9), row["because"])
    if told.far < 3:
        return
    approve_permit(con, actor, ref, clock.later(10), agreed_by=row["agreed_by"] or None)
    if row["state"] == "revoked":
        revoke_permit(con, actor, ref, clock.later(20), row["because"])
    if row["state"] == "called_off":
        call_off_permit(con, actor, ref, clock.later(8), row["because"])
    if told.far < 4:
        return
    _sign(con, actor, ref, row["contact"], clock.later(6))
    if told.far < 5:
        return
    keys = ({"label": "Front door", "count": 2},)
    over = Handover(on=told.starts_on, keys=keys, present=row["contact"], condition_text="Swept and empty.")
    hand_over(con, actor, ref, clock.later(on=told.starts_on), over)
    if row["broken"]:
        look_at_condition(con, actor, ref, clock.later(on=told.conditions[0].check_on), number=0, kept=False,
                          note=row["broken"])  # fmt: skip
    if told.far < 6:
        return
    back = Handover(on=told.ends_on, keys=keys, present=row["contact"], condition_text="Swept, and as it was.")
    hand_back(con, actor, ref, clock.later(on=told.ends_on), back)
    write_afterlife(con, actor, ref, clock.later(7), Afterlife(
        outcome=row["outcome"], note=row["note"] or None, moved_to_text=row["moved_to"] or None,
    ))  # fmt: skip


def _ask_departments(con: Connection, actor: Actor, ref: str, names: Sequence[str], clock: _Clock) -> None:
    """Ask some departments; the first has answered."""
    if not names:
        return
    ask_departments(con, actor, ref, clock.later(2), names)
    first = checks.checks_of(con, ref)[0]
    con.rollback()
    answer = CheckAnswer(sha256=first.sha256, verdict=Verdict.OK_WITH_CONDITIONS.value, text="Keep the ways out free.")
    answer_check(con, actor, first.ref, answer, clock.later(6), by="The fire service")


def _ask(
    con: Connection, actor: Actor, told: DemoPermit, refs: Mapping[str, str], made: Mapping[str, str], at: datetime
) -> str:  # fmt: skip
    row = told.row
    slug = re.sub(r"[^a-z]+", "-", row["group"].lower()).strip("-")
    permit = Permit(
        kind=row["kind"], space_refs=tuple(refs[key] for key in row["spaces"].split()), title=row["title"],
        use_categories=tuple(row["uses"].split()), purpose=row["purpose"] or None,
    )  # fmt: skip
    terms = Terms(
        starts_on=told.starts_on, ends_on=told.ends_on, hours=hours_of(row["hours"]), conditions=told.conditions
    )
    who = Requester(name=row["contact"], email=f"{slug}@groups.example", group=row["group"])
    if row["within"]:
        return request_within(con, actor, made[row["within"]], permit, terms, who, at).permit.ref
    return request_permit(con, PUBLIC, permit, terms, who, at).permit.ref


def _sign(con: Connection, actor: Actor, ref: str, name: str, at: datetime) -> None:
    permit, terms = permits.one_ruled(con, ref)
    sha256 = digest(terms, permit.space_refs, permit.holder_ref)
    con.rollback()
    both = [
        Signature(party=party, name=who, how="paper", signed_on=at.date())
        for party, who in (("holder", name), ("grantor", "Ilse Maes"))
    ]
    sign_permit(con, actor, ref, at, both, sha256=sha256)
