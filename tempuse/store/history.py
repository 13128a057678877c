"""Queries for events: what a form made, what was moved together, who changed what since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from tempuse.store.tables import events

# A form that is sent twice is sent within minutes; older events are not looked through.
RECENT = 2000


def _recent(con: Connection, count: int) -> int:
    return int(con.scalar(select(func.max(events.c.id))) or 0) - count


def ref_of_form(con: Connection, noun: str, form_token: str) -> str | None:
    """The thing that the form with this token has made already, None when it has made none."""
    query = select(events.c.ref).where(
        events.c.id > _recent(con, RECENT),
        events.c.noun == noun,
        events.c.what == "add",
        events.c.changes == {"form": form_token},
    )
    return con.scalar(query)


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


def of(con: Connection, nouns: Sequence[str], ref: str, limit: int = 200) -> list[Any]:
    """What happened to one thing, the latest first."""
    query = select(events).where(events.c.ref == ref, events.c.noun.in_(nouns))
    return list(con.execute(query.order_by(events.c.id.desc()).limit(limit)))
