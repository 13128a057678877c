"""Queries for private addresses of calendars: which one of an organisation, or of a person of the office, counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from tempuse.store.tables import calendars


def number_of(con: Connection, noun: str, ref: str) -> int | None:
    """The number of the address that counts, None where there is none; numbers are never used twice."""
    query = select(calendars.c.number).where(
        calendars.c.noun == noun, calendars.c.ref == ref, calendars.c.ended_at.is_(None)
    )
    return con.scalar(query)


def give(con: Connection, noun: str, ref: str, now: datetime) -> int:
    """Give a new address its number; the one before ends."""
    where = calendars.c.noun == noun, calendars.c.ref == ref
    before = con.scalar(select(calendars.c.number).where(*where).with_for_update())
    if before is None:
        con.execute(insert(calendars).values(noun=noun, ref=ref, number=1, given_at=now))
        return 1
    con.execute(update(calendars).where(*where).values(number=before + 1, given_at=now, ended_at=None))
    return int(before) + 1


def end(con: Connection, noun: str, ref: str, now: datetime) -> None:
    """End the address that counts."""
    con.execute(update(calendars).where(calendars.c.noun == noun, calendars.c.ref == ref).values(ended_at=now))
