"""What every act on a permit shares: who may, the record held with its terms, its event, and who is told."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tempuse.access import Actor, check_allowed
from tempuse.errors import WrongState
from tempuse.occurrences import minute_of
from tempuse.permit_kinds import PermitKind, kind_named
from tempuse.permits import PERMIT_LIFECYCLE, Permit, values_for
from tempuse.registry import records
from tempuse.registry.letters import tell
from tempuse.registry.organisations import address_of
from tempuse.registry.records import changing
from tempuse.settings import Settings
from tempuse.store import claims, permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.permit_tables import permits as permits_table
from tempuse.terms import Terms, digest
from tempuse.vocabulary import Permission, PermitStatus

# Whose letters go to the office's own address.
OFFICE = "office"


@dataclass(slots=True)
class Held:
    """A permit that is held for an act.

    Attributes:
        permit: the record; whoever changes it writes into this one.
        terms: the version that rules, or is under decision.
        settings: the city's.
        today: the day it is in the city.
        told: what the event says besides the status: [before, after] by name.
    """

    permit: Permit
    terms: Terms
    settings: Settings
    today: date
    told: dict[str, Any]

    @property
    def kind(self) -> PermitKind:
        """The permit's kind, as the city has it today."""
        return kind_named(self.settings.permit_kinds, self.permit.kind)

    @property
    def sha256(self) -> str:
        """What an assent or a signature must be given to."""
        return digest(self.terms, self.permit.space_refs, self.permit.holder_ref)


def allow(con: Connection, actor: Actor, permission: Permission, ref: str) -> None:
    """Return in silence if an actor may do this with a permit.

    Whoever may not does not learn whether there is one of this ref. Afterwards the connection is idle.

    Raises:
        NotAllowed: they may not.
    """
    permit = permits.rows.one(con, permits_table.c.ref == ref) or Permit(ref=ref)
    lifted = get_settings(con).own_requests == "allowed"
    con.rollback()
    if lifted and permission in (Permission.PERMIT_DECIDE, Permission.PERMIT_REVOKE):
        permit = replace(permit, holder_ref=None)  # where there is only one person, whose request it is does not count
    check_allowed(actor, permission, permit)


@contextlib.contextmanager
def holding(
    con: Connection, actor: Actor, ref: str, now: datetime, what: str, *, revision: int | None = None,
    note: str | None = None, **details: Any,
) -> Iterator[Held]:  # fmt: skip
    """Hold a permit for an act within a writing transaction, and write it with its event.

    A move of PERMIT_LIFECYCLE is checked and made at once; anything else leaves the status as it is.

    Args:
        con: a connection within a writing transaction.
        actor: who acts.
        ref: which permit.
        now: the instant.
        what: the move, or another word for the event.
        revision: what the actor saw; when the permit was changed since, nothing is written.
        note: why, as the history tells it.
        details: what the move needs.

    Raises:
        NotFound: there is no such permit.
        Conflict: it was changed since.
        WrongState: the move does not leave from its status.
        Invalid: a detail is missing.
    """
    with changing(
        con, actor, permits.rows, ref, now, what, revision=revision, note=note, only=("status",), always=True
    ) as change:
        permit = change.record
        terms = permits.terms_of(con, ref, permit.terms_version)
        if what in PERMIT_LIFECYCLE.moves:
            known = values_for(permit, starts_on=terms.starts_on, ends_on=terms.ends_on)
            records.move(permit, PERMIT_LIFECYCLE, what, **(known | details))
        settings = get_settings(con)
        yield Held(permit, terms, settings, settings.today(now), change.told)


def expect(permit: Permit, statuses: Collection[str]) -> None:
    """Return in silence when a permit stands where an act may follow that is no move.

    Raises:
        WrongState: it does not.
    """
    if permit.status not in statuses:
        raise WrongState("permit.decided", ref=permit.ref, status=PermitStatus(permit.status))


def minute_now(settings: Settings, now: datetime) -> int:
    """The minute it is on the city's clock."""
    local = now.astimezone(ZoneInfo(settings.time_zone))
    return minute_of(local.date(), local.hour * 60 + local.minute)


# ---- who is told --------------------------------------------------------------------------------------------


class PermitReader(NamedTuple):
    """To whom a letter goes: a person, an organisation's own address, or the office; in which language."""

    noun: str
    ref: str
    language: str


def readers_at_holder(con: Connection, permit: Permit) -> list[PermitReader]:
    """Whoever asks for the space or holds it; the office where nobody of them can be reached."""
    if permit.holder_ref is None:
        return [PermitReader("person", permit.contact_ref, permit.language)] if permit.contact_ref else []
    return readers_at(con, permit.holder_ref, permit.language)


def readers_at_grantor(con: Connection, permit: Permit) -> list[PermitReader]:
    """The grantor; nobody where it is the city itself."""
    return readers_at(con, permit.grantor_ref, permit.language) if permit.grantor_ref else []


def readers_at(con: Connection, organisation_ref: str, language: str) -> list[PermitReader]:
    """Whoever letters to an organisation go to; the office, in this language, where nobody of it can be reached."""
    readers = [
        PermitReader("person", each.person.ref, each.language) if each.person
        else PermitReader("organisation", organisation_ref, each.language)
        for each in address_of(con, organisation_ref)
    ]  # fmt: skip
    return readers or [PermitReader(OFFICE, OFFICE, language)]


def tell_holder(con: Connection, permit: Permit, template: str, now: datetime, event: str = "") -> None:
    """Write to whoever asks for the space or holds it; to the office where nobody of them can be reached.

    Args:
        con: a connection within a writing transaction.
        permit: which.
        template: what is said.
        now: the instant.
        event: tells this event from the others of the same template; the instant where nothing is given.
    """
    for reader in readers_at_holder(con, permit):
        _tell(con, permit, template, *reader, now, event)


def tell_contact(con: Connection, permit: Permit, template: str, now: datetime, event: str = "") -> None:
    """Write to the one person who asks, or is asked to take over."""
    if permit.contact_ref:
        _tell(con, permit, template, "person", permit.contact_ref, permit.language, now, event)


def tell_grantor(con: Connection, permit: Permit, template: str, now: datetime, event: str = "") -> None:
    """Write to the grantor; nobody where it is the city itself."""
    for reader in readers_at_grantor(con, permit):
        _tell(con, permit, template, *reader, now, event)


def tell_office(con: Connection, permit: Permit, template: str, now: datetime, event: str = "") -> None:
    """Write to the office's own address."""
    _tell(con, permit, template, OFFICE, OFFICE, get_settings(con).languages[0], now, event)


def _tell(
    con: Connection, permit: Permit, template: str, noun: str, ref: str, language: str, now: datetime, event: str
) -> None:
    tell(con, now, template, noun, ref, language, event=f"{permit.ref} {event or now.isoformat()}",
         refs={"permit": permit.ref})  # fmt: skip


def parties_told(con: Connection, permit: Permit, template: str, now: datetime) -> None:
    """Write to both sides."""
    tell_holder(con, permit, template, now)
    tell_grantor(con, permit, template, now)


def refs_of(rivals: Sequence[claims.Rival]) -> list[str]:
    """The permits that rivals belong to, each once."""
    return list(dict.fromkeys(each.ref for each in rivals))
