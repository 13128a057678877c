"""Queries for what groups look for, as everybody reads it: from ``published`` alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import Connection

from tempuse.store.tables import published
from tempuse.vocabulary import UseCategory

_NEEDS = published.c.collection == "needs"


def _for(use: UseCategory | None) -> list[ColumnElement[bool]]:
    return [_NEEDS] if use is None else [_NEEDS, published.c.uses.bitwise_and(use.flag) != 0]


def count(con: Connection, use: UseCategory | None = None) -> int:
    """How many there are, or how many of them for a use."""
    return int(con.scalar(select(func.count()).select_from(published).where(*_for(use))) or 0)


def page(con: Connection, use: UseCategory | None = None, *, limit: int, offset: int = 0) -> list[str]:
    """The features of some of them, the newest first."""
    newest = func.length(published.c.ref).desc(), published.c.ref.desc()
    query = select(published.c.feature).where(*_for(use)).order_by(*newest)
    return list(con.scalars(query.limit(limit).offset(offset or None)))
