"""Queries for events: what was moved together, who changed what since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection

from tempuse.store.tables import events


def last(con: Connection) -> int:
    """The number of the last event: whatever somebody did since is a further one."""
    return int(con.scalar(select(func.max(events.c.id))) or 0)


def only_of(con: Connection, noun: str, after: int, until: int, most: int = 2000) -> bool:
    """Whether whatever happened between two events was to things of one noun; False where that was very much."""
    if until - after > most:
        return False
    other = select(events.c.id).where(events.c.id > after, events.c.id <= until, events.c.noun != noun)
    return con.execute(other.limit(1)).first() is None


def _recent(con: Connection, count: int) -> int:
    return last(con) - count


def moved_at(con: Connection, what: str, at: datetime, person_ref: str | None, most: int) -> list[tuple[str, str]]:
    """Refs of the spaces that a person moved together at an instant, each with the status it had before."""
    query = select(events.c.ref, events.c.changes).where(
        events.c.id > _recent(con, 4 * most),
        events.c.noun == "space",
        events.c.what == what,
        events.c.at == at,
        events.c.person_ref == person_ref if person_ref else events.c.person_ref.is_(None),
    )
    return [(ref, changes["status"][0]) for ref, changes in con.execute(query.order_by(events.c.id))]


def told_of(con: Connection, noun: str, ref: str) -> list[tuple[int, dict[str, Any] | None, str | None]]:
    """The events of one thing that tell of changes or have a note, held until the transaction ends.

    Each with its id, its changes and its note.
    """
    query = select(events.c.id, events.c.changes, events.c.note).where(
        events.c.noun == noun, events.c.ref == ref, or_(events.c.changes.is_not(None), events.c.note.is_not(None))
    )
    return [(row.id, row.changes, row.note) for row in con.execute(query.order_by(events.c.id).with_for_update())]


def rewrite(con: Connection, event_id: int, changes: dict[str, Any], note: str | None) -> None:
    """Put other changes and another note into an event. Only for erasing: what happened is never told otherwise."""
    con.execute(update(events).where(events.c.id == event_id).values(changes=changes, note=note))


def forget_actor(con: Connection, person_ref: str, instead: str) -> None:
    """Let no event bear the name of a person any more. Only for erasing: that it was one person stays."""
    con.execute(update(events).where(events.c.person_ref == person_ref).values(actor=instead))


def of(con: Connection, ref: str, *nouns: str, limit: int = 200) -> list[Any]:
    """What happened to one thing, the latest first; of these nouns, where a ref may be one of several's."""
    query = select(events).where(events.c.ref == ref)
    if nouns:
        query = query.where(events.c.noun.in_(nouns))
    return list(con.execute(query.order_by(events.c.id.desc()).limit(limit)))
