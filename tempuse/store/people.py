"""Queries for people, each with the memberships that count: confirmed and not ended. Others stay in the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.engine import Connection

from tempuse.access import Membership, Over
from tempuse.errors import NotFound
from tempuse.people import Person
from tempuse.store.tables import memberships, people
from tempuse.vocabulary import Role

_STANDS = and_(memberships.c.ended_at.is_(None), memberships.c.confirmed_at.is_not(None))
# What they are in the office is over the whole register; its last end does not take it from them if they come back.
_OF_OFFICE = people.c.ref.in_(select(memberships.c.person_ref).where(memberships.c.over_noun.is_(None), _STANDS))


def _read(con: Connection, query: Select[Any]) -> list[Person]:
    """The people that a query for rows of theirs finds, with what they are."""
    rows = [dict(row._mapping) for row in con.execute(query)]
    held: dict[str, list[Membership]] = {}
    of_them = memberships.c.person_ref.in_([row["ref"] for row in rows])
    for each in con.execute(select(memberships).where(_STANDS, of_them).order_by(memberships.c.id)):
        over = None if each.over_noun is None else Over(each.over_noun, each.over_ref)
        held.setdefault(each.person_ref, []).append(Membership(each.role, over))
    for row in rows:
        del row["id"]
    return [Person(**row, memberships=tuple(held.get(row["ref"], ()))) for row in rows]


def find(con: Connection, *, with_ended: bool = False) -> list[Person]:
    """The people whom the register knows, by name; those who left only when asked for."""
    query = select(people).order_by(people.c.name, people.c.id)
    return _read(con, query if with_ended else query.where(people.c.ended_at.is_(None)))


def find_office(con: Connection, *, with_ended: bool = False) -> list[Person]:
    """The people of the office, by name; those who left it only when asked for."""
    query = select(people).where(_OF_OFFICE).order_by(people.c.name, people.c.id)
    return _read(con, query if with_ended else query.where(people.c.ended_at.is_(None)))


def by_refs(con: Connection, refs: Collection[str]) -> dict[str, Person]:
    """The people of these refs, who may have left."""
    return {each.ref: each for each in _read(con, select(people).where(people.c.ref.in_(list(refs))))}


def find_one(con: Connection, ref: str) -> Person | None:
    """One person, who may have left; None when there is none."""
    return next(iter(_read(con, select(people).where(people.c.ref == ref))), None)


def get(con: Connection, ref: str) -> Person:
    """One person, who may have left.

    Raises:
        NotFound: the register has no person of this ref.
    """
    if (person := find_one(con, ref)) is None:
        raise NotFound("person.not_found", ref=ref)
    return person


def by_email(con: Connection, email: str) -> Person | None:
    """The person of an e-mail address in its tidy form, who may have left."""
    return next(iter(_read(con, select(people).where(people.c.email == email))), None)


def wants_digest(con: Connection, ref: str) -> bool:
    """Whether somebody wants the letters of a day in one."""
    return bool(con.scalar(select(people.c.digest).where(people.c.ref == ref)))


def lock_administrators(con: Connection) -> list[str]:
    """The refs of the administrators who have not left, locked until the end of the transaction."""
    query = (
        select(people.c.ref)
        .join(memberships, memberships.c.person_ref == people.c.ref)
        .where(memberships.c.role == Role.ADMINISTRATOR.value, memberships.c.over_noun.is_(None), _STANDS)
        .where(people.c.ended_at.is_(None))
    )
    return list(con.scalars(query.order_by(people.c.id).with_for_update()))


def _values(person: Person) -> dict[str, Any]:
    return {each.name: getattr(person, each.name) for each in fields(person) if each.name != "memberships"}


def add(con: Connection, person: Person, now: datetime) -> None:
    """Insert a person with what they are."""
    con.execute(insert(people).values(**_values(person)))
    _begin(con, person.ref, person.memberships, now)


def save(con: Connection, person: Person, now: datetime) -> None:
    """Write a person back over their row; what they are no longer ends now, what they are anew begins."""
    con.execute(update(people).where(people.c.ref == person.ref).values(**_values(person)))
    before = set(get(con, person.ref).memberships)
    for each in before.difference(person.memberships):
        noun, ref = each.over or (None, None)
        con.execute(
            update(memberships)
            .where(memberships.c.person_ref == person.ref, memberships.c.role == each.role, _STANDS)
            .where(memberships.c.over_noun.is_not_distinct_from(noun), memberships.c.over_ref.is_not_distinct_from(ref))
            .values(ended_at=now)
        )
    _begin(con, person.ref, [each for each in person.memberships if each not in before], now)


def end_memberships(con: Connection, ref: str, now: datetime) -> None:
    """Let somebody be nothing any more, nor be asked to be: in the office, in an organisation, for a department."""
    stands = and_(memberships.c.person_ref == ref, memberships.c.ended_at.is_(None))
    con.execute(update(memberships).where(stands).values(ended_at=now))


def _begin(con: Connection, ref: str, begun: Iterable[Membership], now: datetime) -> None:
    for each in dict.fromkeys(begun):
        noun, of = each.over or (None, None)
        values = {"role": each.role, "over_noun": noun, "over_ref": of, "since": now, "confirmed_at": now}
        con.execute(insert(memberships).values(person_ref=ref, **values))
