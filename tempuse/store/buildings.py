"""Queries between buildings and the units within them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from tempuse.publication import Rule
from tempuse.spaces import Space
from tempuse.store.planning import few
from tempuse.store.tables import published, spaces
from tempuse.vocabulary import SpaceStatus

_AT_ONCE = 500


def _parts(refs: Collection[str]) -> Iterator[list[str]]:
    listed = list(refs)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def of_units(con: Connection, units: Iterable[Space]) -> dict[str, Space]:
    """The buildings of these units by ref, each with the fields of ``Rule.LOOKS_AT`` and no other."""
    found: dict[str, Space] = {}
    for some in _parts({unit.within_ref for unit in units if unit.within_ref}):
        query = select(spaces.c.ref, *(spaces.c[name] for name in Rule.LOOKS_AT)).where(spaces.c.ref.in_(some))
        found.update((row.ref, Space(**row._mapping)) for row in con.execute(query))
    return found


def awaited(con: Connection) -> set[str]:
    """The refs that units name as their building and no space has."""
    building = spaces.alias()
    query = (
        select(spaces.c.within_ref).distinct()
        # As a range: SQLite leads no IS NOT NULL to an index that holds all rows.
        .where(spaces.c.within_ref > "", ~select(building.c.id).where(building.c.ref == spaces.c.within_ref).exists())
    )  # fmt: skip
    return set(con.scalars(query))


def units_within(con: Connection, refs: Collection[str]) -> list[str]:
    """The refs of the units within any of these buildings."""
    found: list[str] = []
    for some in _parts(refs):
        # Put in order here: asked for it, both databases may walk the whole table in its order instead.
        within = con.execute(select(spaces.c.id, spaces.c.ref).where(few(spaces.c.within_ref.in_(some))))
        found += [ref for _, ref in sorted(map(tuple, within))]
    return found


def owned_by(con: Connection, email: str) -> list[str]:
    """The refs of the spaces of whose owner the office noted this address."""
    query = select(spaces.c.ref).where(spaces.c.owner_email.is_not(None), func.lower(spaces.c.owner_email) == email)
    return list(con.scalars(query.order_by(spaces.c.ref)))


def units_shown(con: Connection, refs: Sequence[str]) -> int:
    """How many units within these buildings the public sees, besides those that are among them."""
    among, number = set(refs), 0
    for some in _parts(refs):
        query = (
            select(spaces.c.ref)
            .join(published, (published.c.ref == spaces.c.ref) & (published.c.collection == "spaces"))
            .where(few(spaces.c.within_ref.in_(some)), published.c.status != SpaceStatus.RETIRED)
        )
        number += sum(ref not in among for ref in con.scalars(query))
    return number
