"""Queries for areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from tempuse.areas import CITY, DISTRICTS, Area, Districts, union
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


class StoredDistricts(Districts):
    """The districts of a register, read as they are asked for: whoever publishes one space needs one of them.

    For one transaction.
    """

    FEW = 10

    def __init__(self, con: Connection) -> None:
        super().__init__()
        self._con = con
        self._known: dict[str, Area | None] = {}

    def all(self) -> Sequence[Area]:
        """All of them, read now."""
        return districts(self._con)

    def get(self, ref: str) -> Area | None:
        """One of them; from some on all are read at once."""
        if "locator" in self.__dict__ or len(self._known) > self.FEW:
            return super().get(ref)
        if ref not in self._known:
            found = rows.one(self._con, areas.c.ref == ref, areas.c.retired_on.is_(None))
            self._known[ref] = found if found and found.kind == self._kind else None
        return self._known[ref]

    @cached_property
    def _kind(self) -> str | None:
        """The first kind of districts that there is."""
        return next((kind for kind in DISTRICTS if self._has(kind)), None)

    def _has(self, kind: AreaKind) -> bool:
        query = select(areas.c.id).where(areas.c.retired_on.is_(None), areas.c.kind == kind).limit(1)
        return self._con.execute(query).first() is not None


def tally(con: Connection) -> dict[str, int]:
    """How many areas of each kind are in force."""
    return dict(Counter(area.kind for area in find(con)))


def boundary(con: Connection) -> Any:
    """The outline of the city: its municipality's, or that of its districts; None when neither is drawn."""
    return union(_first(con, CITY))


def _first(con: Connection, kinds: Sequence[AreaKind]) -> list[Area]:
    """The areas of the first of these kinds that there is."""
    return next((found for kind in kinds if (found := find(con, kind))), [])
