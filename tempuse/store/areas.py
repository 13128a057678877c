"""Queries for areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.areas import CITY, DISTRICTS, Area, union
from tempuse.errors import NotFound
from tempuse.store.tables import areas
from tempuse.vocabulary import AreaKind


def _area(row: Row[Any]) -> Area:
    values = dict(row._mapping)
    values.pop("id")
    return Area(**values)


def find(con: Connection, *kinds: AreaKind) -> list[Area]:
    """The areas in force, of these kinds or all."""
    query = select(areas).where(areas.c.retired_on.is_(None)).order_by(areas.c.id)
    if kinds:
        query = query.where(areas.c.kind.in_(kinds))
    return [_area(row) for row in con.execute(query)]


def get(con: Connection, ref: str) -> Area:
    """One area.

    Raises:
        NotFound: the register has no area of this ref.
    """
    row = con.execute(select(areas).where(areas.c.ref == ref)).first()
    if row is None:
        raise NotFound("area.not_found", ref=ref)
    return _area(row)


def add_many(con: Connection, these: Sequence[Area]) -> None:
    """Insert new areas."""
    if these:
        con.execute(insert(areas), [{each.name: getattr(area, each.name) for each in fields(Area)} for area in these])


def save(con: Connection, area: Area) -> None:
    """Write an area back over its row."""
    con.execute(update(areas).where(areas.c.ref == area.ref).values(**asdict(area)))


def numbered(con: Connection) -> list[tuple[int, Area]]:
    """Every area in force with its row number."""
    query = select(areas).where(areas.c.retired_on.is_(None)).order_by(areas.c.id)
    return [(row._mapping["id"], _area(row)) for row in con.execute(query)]


def districts(con: Connection) -> list[Area]:
    """The areas that spaces are said to lie in: districts, or the municipalities where there are none."""
    return _first(con, DISTRICTS)


def tally(con: Connection) -> dict[str, int]:
    """How many areas of each kind are in force."""
    return dict(Counter(area.kind for area in find(con)))


def boundary(con: Connection) -> Any:
    """The outline of the city: its municipality's, or that of its districts; None when neither is drawn."""
    return union(_first(con, CITY))


def _first(con: Connection, kinds: Sequence[AreaKind]) -> list[Area]:
    """The areas of the first of these kinds that there is."""
    return next((found for kind in kinds if (found := find(con, kind))), [])
