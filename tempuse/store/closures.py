"""Queries for closures: the days on which an owner keeps a space to themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from tempuse.errors import NotFound
from tempuse.store.permit_tables import closures

PREFIX = "CL-"


class Closure(NamedTuple):
    """Some days on which nobody else uses a space; both days belong to it."""

    ref: str
    space_ref: str
    starts_on: date
    ends_on: date
    because: str
    by: str
    ended_at: datetime | None = None


_COLUMNS = tuple(closures.c[name] for name in Closure._fields)


def add(con: Connection, closure: Closure, now: datetime) -> str:
    """Insert a closure; its ref."""
    last = con.scalar(select(func.max(closures.c.id))) or 0  # the register's one lock is held
    ref = f"{PREFIX}{int(last) + 1:04d}"
    con.execute(insert(closures), [{**closure._replace(ref=ref)._asdict(), "at": now}])
    return ref


def get(con: Connection, ref: str) -> Closure:
    """One closure.

    Raises:
        NotFound: there is none of this ref.
    """
    if found := by_refs(con, [ref]):
        return found[ref]
    raise NotFound("closure.not_found", ref=ref)


def end(con: Connection, ref: str, now: datetime) -> None:
    """Write down that a closure is no more."""
    con.execute(update(closures).where(closures.c.ref == ref).values(ended_at=now))


def by_refs(con: Connection, refs: Collection[str]) -> dict[str, Closure]:
    """Those of some refs that are closures."""
    asked = [each for each in refs if each.startswith(PREFIX)]
    return {each.ref: each for each in _find(con, closures.c.ref.in_(asked))} if asked else {}


def of_spaces(con: Connection, space_refs: Sequence[str], from_on: date) -> list[Closure]:
    """The closures of some spaces that are not over on a day, the first to begin first."""
    return _find(con, closures.c.space_ref.in_(list(space_refs)), *_there(from_on))


def between(con: Connection, first: date, last: date) -> list[Closure]:
    """Every closure that has a day within these, the first to begin first."""
    return _find(con, closures.c.starts_on <= last, *_there(first))


def in_force(con: Connection, from_on: date) -> list[Closure]:
    """Every closure that is not over on a day."""
    return _find(con, *_there(from_on))


def _there(from_on: date) -> tuple[Any, ...]:
    return closures.c.ended_at.is_(None), closures.c.ends_on >= from_on


def _find(con: Connection, *where: Any) -> list[Closure]:
    query = select(*_COLUMNS).where(*where).order_by(closures.c.starts_on, closures.c.id)
    return [Closure(*row) for row in con.execute(query)]
