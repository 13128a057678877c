"""Counts as of a past day: from events, which say where things stood, and from the days of permits and periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.store.permit_tables import permit_spaces, permits, terms
from tempuse.store.tables import events, periods, spaces
from tempuse.vocabulary import Occupancy, PermitStatus

# The keys were over, whatever became of it later.
_USED = (PermitStatus.HANDED_OVER.value, PermitStatus.HANDED_BACK.value)


def statuses(con: Connection, noun: str, before: datetime) -> dict[str, int]:
    """In which status how many things of a noun stood at an instant, as their last event before it says."""
    last = (
        select(func.max(events.c.id).label("id"))
        .where(events.c.noun == noun, events.c.at < before, events.c.status.is_not(None))
        .group_by(events.c.ref)
        .subquery()
    )
    query = select(events.c.status, func.count()).join(last, events.c.id == last.c.id).group_by(events.c.status)
    return {row[0]: int(row[1]) for row in con.execute(query)}


def running(con: Connection, on: date) -> list[tuple[str, str]]:
    """The uses whose days hold a day and whose keys were given: (permit's ref, space's ref) for each of its spaces."""
    its_last: Any = func.coalesce(permits.c.ended_on, terms.c.ends_on)
    query = (
        select(permits.c.ref, permit_spaces.c.space_ref)
        .join(terms, and_(terms.c.permit_ref == permits.c.ref, terms.c.version == permits.c.terms_version))
        .join(permit_spaces, permit_spaces.c.permit_ref == permits.c.ref)
        .where(permits.c.status.in_(_USED), terms.c.starts_on <= on, or_(its_last.is_(None), its_last >= on))
    )
    return [(row[0], row[1]) for row in con.execute(query)]


def periods_of_use(con: Connection, on: date) -> list[str]:
    """The spaces whose written history tells of a temporary use on a day, each once."""
    query = select(periods.c.space_ref).where(
        periods.c.occupancy == Occupancy.TEMPORARY_USE.value, periods.c.starts_on <= on,
        or_(periods.c.ends_on.is_(None), periods.c.ends_on >= on),
    )  # fmt: skip
    return list(con.scalars(query.distinct()))


def areas_of(con: Connection, refs: list[str]) -> dict[str, tuple[float | None, str | None]]:
    """Of each of these spaces how large it is, by its floor or else its plot, and within which it lies."""
    size: Any = func.coalesce(spaces.c.floor_area_m2, spaces.c.plot_area_m2)
    found: dict[str, tuple[float | None, str | None]] = {}
    for start in range(0, len(refs), 500):
        query = select(spaces.c.ref, size, spaces.c.within_ref).where(spaces.c.ref.in_(refs[start : start + 500]))
        found |= {row[0]: (None if row[1] is None else float(row[1]), row[2]) for row in con.execute(query)}
    return found
