"""Queries for kept matches: those of a request, and of a need."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.engine import Connection

from tempuse.matches import Match
from tempuse.store.permit_tables import permits
from tempuse.store.records import Records
from tempuse.store.tables import matches, needs, spaces

rows = Records(matches, Match, "match")
get, add, save, walk = rows.get, rows.add, rows.save, rows.walk

_AT_ONCE, _FEW = 500, 1000


def of_permit(con: Connection, permit_ref: str) -> list[Match]:
    """What was kept with a request, the first first."""
    return rows.find(con, matches.c.permit_ref == permit_ref)


def of_need(con: Connection, need_ref: str) -> list[Match]:
    """What was kept of a need, the latest first."""
    return rows.find(con, matches.c.need_ref == need_ref, order=(matches.c.id.desc(),))


def of_permits(con: Connection, permit_refs: Collection[str]) -> dict[str, list[Match]]:
    """What was kept with these requests, by their refs."""
    found: dict[str, list[Match]] = {}
    listed = list(permit_refs)
    for start in range(0, len(listed), _AT_ONCE):
        for each in rows.find(con, matches.c.permit_ref.in_(listed[start : start + _AT_ONCE])):
            found.setdefault(each.permit_ref or "", []).append(each)
    return found


def orphans(con: Connection) -> Iterator[tuple[str, str]]:
    """What leads nowhere: (the match's ref, the field)."""
    for field, table in (("permit_ref", permits), ("need_ref", needs), ("space_ref", spaces)):
        own = matches.c[field]
        known = select(table.c.ref).where(table.c.ref.is_not(None))
        query = select(matches.c.ref).where(own.is_not(None), own.not_in(known))
        yield from ((str(ref), field) for ref in con.scalars(query.limit(_FEW)))
