"""Queries for the published uses: how many stand where, page by page, those of a box, those of which the days are told.

What everybody reads is read here from ``published`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from tempuse.geometry import Box
from tempuse.store.tables import published
from tempuse.vocabulary import LocationLevel, UseState

# So many are drawn at once; who sees more at once sees no single one.
MOST_DRAWN = 500


def tally(con: Connection) -> dict[str, int]:
    """How many uses there are in each state."""
    state = published.c.use_state
    query = select(state, func.count()).where(state.in_(list(UseState))).group_by(state)
    return {row[0]: row[1] for row in con.execute(query)}


def of_state(con: Connection, state: str, *, limit: int, offset: int = 0) -> list[str]:
    """The features of the uses in a state, those that began last first."""
    order = published.c.begins.desc().nulls_last(), published.c.ref.desc()
    query = select(published.c.feature).where(published.c.use_state == state).order_by(*order)
    return list(con.scalars(query.limit(limit).offset(offset or None)))


def running_in(con: Connection, box: Box) -> list[str]:
    """The features of the uses that run within a box, as far as they have a place on the map."""
    query = select(published.c.feature).where(
        published.c.use_state == UseState.RUNNING.value, published.c.lon.between(box.west, box.east),
        published.c.lat.between(box.south, box.north),
    )  # fmt: skip
    return list(con.scalars(query.order_by(published.c.key).limit(MOST_DRAWN)))


def exact(con: Connection, *, ended_after: int, batch: int = 500) -> Iterator[str]:
    """The features of the uses of which everybody reads the days, that run, come, or began after a day's ordinal."""
    query = select(published.c.feature).where(
        published.c.use_state.in_(list(UseState)), published.c.level == LocationLevel.EXACT.value,
        (published.c.use_state != UseState.ENDED.value) | (published.c.begins >= ended_after),
    )  # fmt: skip
    result = con.execute(query.order_by(published.c.begins, published.c.ref))
    while rows := result.fetchmany(batch):
        yield from (row[0] for row in rows)
