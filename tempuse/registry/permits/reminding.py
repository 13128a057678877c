"""Reminders: an end that comes near, a renewal's last day, keys that are out too long, a signature that is missing.

Nothing is scheduled ahead. At each run the calendar says what is due today, and of one permit the most urgent alone
goes; it is judged once more when it is delivered. One letter for a permit, a kind, a reader and the day it is about: an
end that moved is another day, and has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tempuse.access import Actor, check_allowed
from tempuse.permits import CLAIMING, Permit
from tempuse.registry.letters import key_of, tell
from tempuse.registry.permits.holding import PermitReader, readers_at_grantor, readers_at_holder
from tempuse.standing import last_on, standing
from tempuse.store import letters, reminders
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.store.permits import Ruled, one_ruled
from tempuse.terms import Terms
from tempuse.vocabulary import Permission, PermitStatus

# Days before an end; the fewest are the most urgent.
STEPS = (7, 30, 90)
SIGN_DAYS = 7
_SUPERSEDED = "another is more urgent"


class Reminder(NamedTuple):
    """What is due: of what kind, the day that it is about, and how many days before it; 0 where that does not count."""

    template: str
    about: date
    step: int = 0

    @property
    def event(self) -> str:
        """What tells it from the others of the same permit and reader."""
        return f"{self.step} {self.about}"


def due_of(con: Connection, permit: Permit, terms: Terms, today: date, renewal: str | None) -> list[Reminder]:
    """Everything that is due today about one permit, the most urgent first.

    Args:
        con: any connection.
        permit: which.
        terms: those that rule.
        today: the day, in the city.
        renewal: where a renewal of it stands, None while nobody has asked for one.
    """
    if permit.status == PermitStatus.APPROVED:
        return _to_sign(con, permit, today)
    last = last_on(permit, terms)
    if permit.status != PermitStatus.HANDED_OVER or permit.continued_by_ref or last is None:
        return []
    stands = standing(permit, terms, today)
    if stands.state == "overdue":
        return [Reminder("permit_overdue", last)]
    due = []
    by = stands.ask_renewal_by_on
    if by == today and renewal is None and permit.ended_on is None and terms.starts_on and by > terms.starts_on:
        due.append(Reminder("permit_renew_by", by))
    step = next((each for each in STEPS if (last - today).days <= each), None)
    if step is not None and renewal not in CLAIMING and last - timedelta(days=step) > (terms.starts_on or last):
        due.append(Reminder("permit_ends_soon", last, step))
    return due


def _to_sign(con: Connection, permit: Permit, today: date) -> list[Reminder]:
    by = permit.sign_by_on
    if by is None or not today <= by <= today + timedelta(days=SIGN_DAYS):
        return []
    granted = reminders.granted_on(con, permit.ref)
    if granted is None or granted >= by - timedelta(days=SIGN_DAYS):
        return []  # they were told so a few days ago
    return [Reminder("permit_sign_soon", by)]


def is_still_due(con: Connection, ref: str, reminder: Reminder, today: date) -> bool:
    """Whether a reminder that was written is still the most urgent of its permit on the day it is delivered."""
    permit, terms = one_ruled(con, ref)
    due = due_of(con, permit, terms, today, reminders.renewed(con, [ref]).get(ref))
    return bool(due) and due[0] == reminder


def remind_due(con: Connection, actor: Actor, now: datetime) -> int:
    """Write the reminders that are due today and were not written yet; how many letters.

    Args:
        con: an idle connection.
        actor: the program.
        now: the instant.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    today = get_settings(con).today(now)
    found = {
        each.permit.ref: each
        for each in (
            *reminders.ending_by(con, today + timedelta(days=max(STEPS))), *reminders.to_renew_on(con, today),
            *reminders.to_sign_by(con, today, today + timedelta(days=SIGN_DAYS)),
        )
    }  # fmt: skip
    renewals = reminders.renewed(con, found)
    due = [
        (each, these)
        for ref, each in found.items()
        if (these := due_of(con, each.permit, each.terms, today, renewals.get(ref)))
    ]
    wanted = [(each, these) for each, these in due if _missing(con, each, these[0])]
    con.rollback()
    return sum(_write(con, each, these, now) for each, these in wanted)


def _readers(con: Connection, permit: Permit, reminder: Reminder) -> list[PermitReader]:
    readers = readers_at_holder(con, permit)
    if reminder.template == "permit_ends_soon":
        readers += readers_at_grantor(con, permit)
    return list(dict.fromkeys(readers))


def _missing(con: Connection, of: Ruled, reminder: Reminder) -> list[PermitReader]:
    """Who has not been written this yet."""
    readers = _readers(con, of.permit, reminder)
    keys = {key_of(reminder.template, each.ref, _event(of.permit, reminder)): each for each in readers}
    held = letters.known_keys(con, list(keys))
    return [each for key, each in keys.items() if key not in held]


def _event(permit: Permit, reminder: Reminder) -> str:
    return f"{permit.ref} {reminder.event}"


def _write(con: Connection, of: Ruled, due: Sequence[Reminder], now: datetime) -> int:
    """Write the first of what is due to whoever has it not; the others are noted as done with."""
    first, *others = due
    with writing(con):
        missing = _missing(con, of, first)
        for reader in missing:
            _tell(con, of.permit, first, reader, now)
        for other in others:
            for reader in _missing(con, of, other):
                _tell(con, of.permit, other, reader, now)
                letters.drop(con, key_of(other.template, reader.ref, _event(of.permit, other)), now, _SUPERSEDED)
    return len(missing)


def _tell(con: Connection, permit: Permit, reminder: Reminder, reader: PermitReader, now: datetime) -> None:
    refs = {"permit": permit.ref, "about": reminder.about.isoformat(), "step": str(reminder.step)}
    tell(
        con, now, reminder.template, reader.noun, reader.ref, reader.language, event=_event(permit, reminder), refs=refs
    )  # fmt: skip
