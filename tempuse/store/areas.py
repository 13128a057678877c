"""Queries for areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from tempuse.areas import CITY, DISTRICTS, Area, union
from tempuse.store.records import Records
from tempuse.store.tables import areas
from tempuse.vocabulary import AreaKind

rows = Records(areas, Area, "area")
get, save, add_many = rows.get, rows.save, rows.add_many


def find(con: Connection, *kinds: AreaKind) -> list[Area]:
    """The areas in force, of these kinds or all."""
    where = [areas.c.kind.in_(kinds)] if kinds else []
    return rows.find(con, areas.c.retired_on.is_(None), *where)


def numbered(con: Connection) -> list[tuple[int, Area]]:
    """Every area in force with its row number."""
    return rows.numbered(con, areas.c.retired_on.is_(None))


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
