"""Queries for permits whose space got another owner, until the office says who grants them from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from tempuse.permits import CLAIMING, OPEN
from tempuse.store.permit_tables import owner_changes, permits


class OwnerChange(NamedTuple):
    """A permit whose space got another owner on a day."""

    permit_ref: str
    space_ref: str
    on: date
    at: datetime


def note(con: Connection, permit_refs: Sequence[str], space_ref: str, on: date, now: datetime) -> None:
    """Write down that a space of these permits got another owner."""
    if permit_refs:
        row = {"space_ref": space_ref, "on_day": on, "at": now}
        con.execute(insert(owner_changes), [{"permit_ref": ref, **row} for ref in permit_refs])


def settle(con: Connection, permit_ref: str, now: datetime) -> int:
    """Write down that the office has said what becomes of a permit; how many changes that settles."""
    c = owner_changes.c
    return con.execute(
        update(owner_changes).where(c.permit_ref == permit_ref, c.settled_at.is_(None)).values(settled_at=now)
    ).rowcount


def waiting(con: Connection, permit_ref: str | None = None, limit: int | None = None) -> list[OwnerChange]:
    """The changes that nobody has settled, of one permit or of all that are not over, the oldest first."""
    c = owner_changes.c
    query = select(c.permit_ref, c.space_ref, c.on_day, c.at).join(permits, permits.c.ref == c.permit_ref)
    query = query.where(c.settled_at.is_(None), permits.c.status.in_((*OPEN, *CLAIMING))).order_by(c.id).limit(limit)
    if permit_ref is not None:
        query = query.where(c.permit_ref == permit_ref)
    return [OwnerChange(*row) for row in con.execute(query)]
