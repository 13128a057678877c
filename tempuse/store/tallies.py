"""Counting spaces by several columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from tempuse.store.tables import spaces


def combined(con: Connection, names: Sequence[str], *, source: str | None = None) -> list[tuple[dict[str, Any], int]]:
    """Each combination of values that these columns have, with how many spaces (of one source) have it."""
    columns = [spaces.c[name] for name in names]
    query = select(*columns, func.count().label("how_many")).group_by(*columns)
    if source is not None:
        query = query.where(spaces.c.source == source)
    return [
        ({name: value for name, value in row._mapping.items() if name != "how_many"}, row.how_many)
        for row in con.execute(query)
    ]
