"""Queries for people: who has a role in the office."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.errors import NotFound
from tempuse.people import Person
from tempuse.store.tables import people
from tempuse.vocabulary import Role


def _person(row: Row[Any]) -> Person:
    values = dict(row._mapping)
    values.pop("id")
    return Person(**values)


def find(con: Connection, *, with_ended: bool = False) -> list[Person]:
    """The people in the office, by name; those who left only when asked for."""
    query = select(people).order_by(people.c.name, people.c.id)
    if not with_ended:
        query = query.where(people.c.ended_at.is_(None))
    return [_person(row) for row in con.execute(query)]


def find_one(con: Connection, ref: str) -> Person | None:
    """One person, who may have left; None when there is none."""
    row = con.execute(select(people).where(people.c.ref == ref)).first()
    return None if row is None else _person(row)


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
    row = con.execute(select(people).where(people.c.email == email)).first()
    return None if row is None else _person(row)


def lock_administrators(con: Connection) -> list[str]:
    """The refs of the administrators who have not left, locked until the end of the transaction."""
    query = select(people.c.ref).where(people.c.role == Role.ADMINISTRATOR.value, people.c.ended_at.is_(None))
    return list(con.scalars(query.order_by(people.c.id).with_for_update()))


def add(con: Connection, person: Person) -> None:
    """Insert a person."""
    con.execute(insert(people).values(**asdict(person)))


def save(con: Connection, person: Person) -> None:
    """Write a person back over their row."""
    con.execute(update(people).where(people.c.ref == person.ref).values(**asdict(person)))
