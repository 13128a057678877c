"""Lists of needs by a filter, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.engine import Connection

from tempuse.needs import Need
from tempuse.store.needs import rows
from tempuse.store.tables import needs


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedChoice:
    """Which needs; of each list any one is enough, and a list that is empty asks nothing.

    Attributes:
        refs: these.
        status: in these statuses.
        initiative_refs: of any of these organisations.
        source: from these lists.
    """

    refs: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    initiative_refs: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


def walk(con: Connection, wanted: NeedChoice) -> Iterator[list[Need]]:
    """The needs that a filter keeps, in batches; memory stays flat."""
    columns = (
        ("refs", needs.c.ref), ("status", needs.c.status), ("initiative_refs", needs.c.initiative_ref),
        ("source", needs.c.source),
    )  # fmt: skip
    where: list[ColumnElement[bool]] = [
        column.in_(given) for name, column in columns if (given := getattr(wanted, name))
    ]
    for batch in rows.walk(con, *where):
        yield [need for _, need in batch]
