"""Counting spaces by several columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from tempuse.store.tables import spaces

AXES = ("status", "kind", "occupancy", "ownership", "consent", "district_ref", "source")


def combined(
    con: Connection, names: Sequence[str], *, source: str | None = None, placed: bool = False
) -> list[tuple[dict[str, Any], int]]:  # fmt: skip
    """Each combination of values that these columns have, with how many spaces have it.

    One pass over the whole table: for registers of up to a hundred thousand spaces, or for few columns.

    Args:
        con: any connection.
        names: the columns.
        source: count the spaces of one source only.
        placed: count those with and without a place apart, as ``has_place``.
    """
    columns: list[Any] = [spaces.c[name] for name in names]
    if placed:
        columns.append(spaces.c.geometry.is_not(None).label("has_place"))
    query = select(*columns, func.count()).group_by(*columns)
    if source is not None:
        query = query.where(spaces.c.source == source)
    keys = [column.name for column in columns]
    return [(dict(zip(keys, row, strict=False)), int(row[-1])) for row in con.execute(query)]
