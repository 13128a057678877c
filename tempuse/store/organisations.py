"""Queries for organisations and for who belongs to them: asked, confirmed, or no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, exists, insert, or_, select, type_coerce, union, update
from sqlalchemy.engine import Connection

from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.store import people as person_rows
from tempuse.store.records import Records
from tempuse.store.searching import holds
from tempuse.store.tables import memberships, organisations, people
from tempuse.vocabulary import OrganisationKind, Role

rows = Records(organisations, Organisation, "organisation")
get, lock, add, save = rows.get, rows.lock, rows.add, rows.save

NOUN = "organisation"
_STANDS = and_(memberships.c.over_noun == NOUN, memberships.c.ended_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody's part in an organisation: invited, and a member once they said yes.

    Attributes:
        organisation_ref: of which.
        person: who.
        part: a value of ``PARTS``.
        invited_at: None for whoever was never asked by letter.
        invited_by: the ref of whoever asked, None where the program did.
        confirmed_at: when they said yes; until then they have no right, and nobody counts on them.
    """

    organisation_ref: str
    person: Person
    part: str
    invited_at: datetime | None = None
    invited_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether they said yes, and have not left the register since."""
        return self.confirmed_at is not None and self.person.ended_at is None

    @property
    def is_contact(self) -> bool:
        """Whether letters to the organisation go to them."""
        return self.counts and self.part == Role.CONTACT


def find_one(con: Connection, ref: str) -> Organisation | None:
    """One organisation, which may have ended; None when there is none."""
    return rows.one(con, organisations.c.ref == ref)


def with_email(con: Connection, email: str) -> list[Organisation]:
    """The organisations whose own address this is, those that ended among them."""
    return rows.find(con, organisations.c.email == email)


def _conditions(text: str, kind: OrganisationKind | None, *, ended: bool | None) -> list[ColumnElement[bool]]:
    these: list[ColumnElement[bool]] = []
    if text:
        names = (organisations.c.name, organisations.c.public_name, organisations.c.registered_no, organisations.c.ref)
        these.append(or_(*(holds(each, text) for each in names)))
    if kind is not None:
        these.append(type_coerce(organisations.c.kinds, Text).like(f'%"{kind.value}"%'))
    if ended is not None:
        these.append(organisations.c.retired_on.is_not(None) if ended else organisations.c.retired_on.is_(None))
    return these


def find(
    con: Connection, text: str = "", *, kind: OrganisationKind | None = None, ended: bool | None = False,
    limit: int | None = None, offset: int = 0,
) -> list[Organisation]:  # fmt: skip
    """The organisations with a text in a name, number or ref, by name; ``ended`` None for those that ended, too."""
    order = (organisations.c.name, organisations.c.id)
    return rows.find(con, *_conditions(text, kind, ended=ended), order=order, limit=limit, offset=offset)


def count(
    con: Connection, text: str = "", *, kind: OrganisationKind | None = None, ended: bool | None = False
) -> int:  # fmt: skip
    """How many ``find`` would find."""
    return rows.count(con, *_conditions(text, kind, ended=ended))


def by_refs(con: Connection, refs: Collection[str]) -> dict[str, Organisation]:
    """The organisations of these refs."""
    return {each.ref: each for each in rows.find(con, organisations.c.ref.in_(list(refs)))}


# ---- who belongs to them -----------------------------------------------------------------------------------


def _members(con: Connection, *where: ColumnElement[bool]) -> Iterator[Member]:
    found = con.execute(select(memberships).where(_STANDS, *where).order_by(memberships.c.id)).all()
    known = person_rows.by_refs(con, {row.person_ref for row in found})
    for row in found:
        yield Member(
            organisation_ref=row.over_ref, person=known[row.person_ref], part=row.role, invited_at=row.invited_at,
            invited_by=row.invited_by, confirmed_at=row.confirmed_at,
        )  # fmt: skip


def members(con: Connection, ref: str) -> list[Member]:
    """Everybody who has a part in an organisation, or was asked to, in the order in which they came."""
    return list(_members(con, memberships.c.over_ref == ref))


def parts_of(con: Connection, person_ref: str) -> list[Member]:
    """What a person is in organisations, or was asked to be."""
    return list(_members(con, memberships.c.person_ref == person_ref))


def invite(con: Connection, member: Member, now: datetime) -> None:
    """Note that somebody was asked, or is a member at once where the time of their yes is known."""
    con.execute(insert(memberships), [{
        "person_ref": member.person.ref, "role": member.part, "over_noun": NOUN, "over_ref": member.organisation_ref,
        "since": now, "invited_at": member.invited_at, "invited_by": member.invited_by,
        "confirmed_at": member.confirmed_at,
    }])  # fmt: skip


def confirm(con: Connection, ref: str, person_ref: str, now: datetime) -> list[str]:
    """Note somebody's yes to everything that an organisation asked them to be; which parts these are."""
    waits = and_(
        _STANDS, memberships.c.over_ref == ref, memberships.c.person_ref == person_ref,
        memberships.c.confirmed_at.is_(None),
    )  # fmt: skip
    parts = list(con.scalars(select(memberships.c.role).where(waits).order_by(memberships.c.id)))
    con.execute(update(memberships).where(waits).values(confirmed_at=now, since=now))
    return parts


def end(
    con: Connection, ref: str, person_ref: str, now: datetime, part: str | None = None, *, asked: bool = False
) -> list[str]:  # fmt: skip
    """Let somebody have no part in an organisation any more, or not this one; which parts they had.

    Args:
        con: a connection within a writing transaction.
        ref: which organisation.
        person_ref: who.
        now: the instant.
        part: one part alone, None for all.
        asked: those alone to which they have not said yes.
    """
    these = and_(_STANDS, memberships.c.over_ref == ref, memberships.c.person_ref == person_ref)
    if part is not None:
        these = and_(these, memberships.c.role == part)
    if asked:
        these = and_(these, memberships.c.confirmed_at.is_(None))
    parts = list(con.scalars(select(memberships.c.role).where(these).order_by(memberships.c.id)))
    con.execute(update(memberships).where(these).values(ended_at=now))
    return parts


# They have a contact who said yes.
_HAS_CONTACT = exists().where(
    memberships.c.over_noun == NOUN, memberships.c.over_ref == organisations.c.ref,
    memberships.c.role == Role.CONTACT.value, memberships.c.confirmed_at.is_not(None),
    memberships.c.ended_at.is_(None), people.c.ref == memberships.c.person_ref, people.c.ended_at.is_(None),
)  # fmt: skip


def without_contact(con: Connection, refs: Collection[str] | None = None) -> list[str]:
    """Organisations that have not ended and have no confirmed contact; among these alone where some are named."""
    query = select(organisations.c.ref).where(organisations.c.retired_on.is_(None), ~_HAS_CONTACT)
    if refs is not None:
        query = query.where(organisations.c.ref.in_(list(refs)))
    return list(con.scalars(query.order_by(organisations.c.id)))


def lost_contact(con: Connection) -> list[str]:
    """Of these, those that had one: their last contact left, or was removed."""
    had = and_(
        memberships.c.over_noun == NOUN, memberships.c.role == Role.CONTACT.value,
        memberships.c.confirmed_at.is_not(None),
    )  # fmt: skip
    gone = select(people.c.ref).where(people.c.ended_at.is_not(None))
    # From those who left, who are few; not from every organisation.
    left = union(
        select(memberships.c.over_ref).where(had, memberships.c.ended_at.is_not(None)),
        select(memberships.c.over_ref).where(had, memberships.c.person_ref.in_(gone)),
    )
    query = select(organisations.c.ref).where(
        organisations.c.ref.in_(left), organisations.c.retired_on.is_(None), ~_HAS_CONTACT
    )
    return list(con.scalars(query.order_by(organisations.c.id)))
