"""Private addresses of calendars, given to an organisation or a person of the office; a new one ends the one before.

An address holds a number and what proves it, made with the house's key; the register keeps the number alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tempuse.access import Actor, check_allowed, is_allowed
from tempuse.errors import NotAllowed
from tempuse.permits import CLAIMING, Permit
from tempuse.store import calendars, organisations, people, permits
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.store.permit_tables import permits as permits_table
from tempuse.store.permit_tables import terms as terms_table
from tempuse.vocabulary import Permission, PermitStatus

ORGANISATION, PERSON = "organisation", "person"
# What ended longer ago is in no calendar; and so many permits are in one.
_KEPT = timedelta(days=366)
MOST_PERMITS = 2000
_SHOWN = (*CLAIMING, PermitStatus.HANDED_BACK.value)


def _check(con: Connection, actor: Actor, noun: str, ref: str) -> None:
    """Return in silence when an actor may give and end this address. Afterwards the connection is idle."""
    if noun == ORGANISATION:
        organisation = organisations.get(con, ref)
        con.rollback()
        check_allowed(actor, Permission.ORGANISATION_TEND, organisation)
        return
    check_allowed(actor, Permission.PERMIT_READ)
    if noun != PERSON or actor.person_ref != ref:
        raise NotAllowed("actor.not_allowed", name=actor.name, permission=Permission.PERMIT_READ.value)


def give_address(con: Connection, actor: Actor, noun: str, ref: str, now: datetime) -> int:
    """Give a private address; the number of it. The one before opens nothing any more.

    Args:
        con: an idle connection.
        actor: a contact of the organisation, or the person of the office themselves.
        noun: ``organisation`` or ``person``.
        ref: whose.
        now: the instant.

    Raises:
        NotAllowed: it is not theirs.
        NotFound: there is no such organisation.
    """
    _check(con, actor, noun, ref)
    with writing(con):
        number = calendars.give(con, noun, ref, now)
        add_event(con, actor, now, noun, ref, "calendar_given")
    return number


def end_address(con: Connection, actor: Actor, noun: str, ref: str, now: datetime) -> None:
    """Let a private address open nothing any more.

    Raises:
        NotAllowed: it is not theirs.
    """
    _check(con, actor, noun, ref)
    with writing(con):
        if calendars.number_of(con, noun, ref) is not None:
            calendars.end(con, noun, ref, now)
            add_event(con, actor, now, noun, ref, "calendar_ended")


def permits_behind(con: Connection, noun: str, ref: str, today: date) -> list[permits.Ruled] | None:
    """What the calendar behind an address tells of; None where nobody may read it any more.

    An organisation that ended, and a person who left the office, have none.
    """
    if noun == ORGANISATION:
        organisation = organisations.find_one(con, ref)
        if organisation is None or organisation.retired_on is not None:
            return None
        mine = [(permits_table.c.holder_ref == ref) | (permits_table.c.grantor_ref == ref)]
    else:
        person = people.find_one(con, ref)
        if person is None or person.ended_at is not None or not is_allowed(person.actor(), Permission.PERMIT_READ):
            return None
        mine = []
    lasting = terms_table.c.ends_on >= today - _KEPT
    order = terms_table.c.starts_on, permits_table.c.id
    return permits.ruled(
        con, *mine, lasting, permits_table.c.status.in_(_SHOWN), order=order, limit=MOST_PERMITS
    )  # fmt: skip


def one_permit(con: Connection, actor: Actor, ref: str) -> permits.Ruled:
    """A permit with its terms, for whoever may read it. What the connection read before is let go.

    Raises:
        NotAllowed: they may not, whether there is one or not.
    """
    permit = permits.rows.one(con, permits_table.c.ref == ref) or Permit(ref=ref)
    con.rollback()
    check_allowed(actor, Permission.PERMIT_READ, permit)
    return permits.one_ruled(con, ref)
