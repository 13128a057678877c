"""Queries for lists of uses: what spaces are called, which permits came with a list, how organisations are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.store.permit_tables import permit_spaces, permits, terms
from tempuse.store.records import walk
from tempuse.store.tables import organisations, spaces
from tempuse.vocabulary import PermitStatus

BATCH = 5000
_NEVER = (PermitStatus.DRAFT.value, PermitStatus.REFUSED.value, PermitStatus.WITHDRAWN.value)


class Called(NamedTuple):
    """How a space is called."""

    ref: str
    name: str
    address: str
    locality: str
    source_ref: str
    status: str


def space_names(con: Connection) -> Iterator[Called]:
    """How every space is called."""
    columns = [spaces.c[name] for name in ("ref", "name", "address", "locality", "source_ref", "status")]
    for batch in walk(con, select(spaces.c.id, *columns), spaces.c.id, BATCH):
        for row in batch:
            yield Called(*(value or "" for value in row[1:]))


def of_source(con: Connection, source: str) -> dict[str, str]:
    """The permits that came with a list: their refs by the list's own numbers."""
    query = select(permits.c.source_ref, permits.c.ref).where(permits.c.source == source)
    return {row[0]: row[1] for row in con.execute(query) if row[0]}


def organisation_names(con: Connection) -> Iterator[tuple[str, str]]:
    """The organisations that have not ended: (ref, name)."""
    query = select(organisations.c.ref, organisations.c.name).where(organisations.c.retired_on.is_(None))
    return ((row[0], row[1]) for row in con.execute(query.order_by(organisations.c.id.desc())).all())


def met(con: Connection, space_ref: str, first: date, last: date, without: str) -> list[str]:
    """The permits that had a space on any of these days, whatever was claimed; what came to nothing is none."""
    its_last: Any = func.coalesce(permits.c.ended_on, terms.c.ends_on)
    query = (
        select(permits.c.ref)
        .join(permit_spaces, permit_spaces.c.permit_ref == permits.c.ref)
        .join(terms, and_(terms.c.permit_ref == permits.c.ref, terms.c.version == permits.c.terms_version))
        .where(permit_spaces.c.space_ref == space_ref, permits.c.ref != without)
        .where(permits.c.status.not_in(_NEVER), terms.c.starts_on <= last, or_(its_last.is_(None), its_last >= first))
    )
    return list(con.scalars(query.order_by(permits.c.id).limit(5)))
