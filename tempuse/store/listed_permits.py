"""Lists of permits by a filter, for the terminal and for files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.agreements import Afterlife
from tempuse.store import permits as rows
from tempuse.store.agreements import afterlife_rows
from tempuse.store.permit_tables import afterlives, permit_spaces, permits, terms
from tempuse.store.permits import Ruled
from tempuse.store.tables import spaces
from tempuse.terms import Hours, TermsCondition

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitChoice:
    """Which permits; of each list any one is enough, and a list that is empty asks nothing.

    Attributes:
        refs: these.
        status: in these statuses.
        kind: of these kinds.
        space_refs: asked for any of these spaces.
        holder_refs: of any of these organisations.
        source: from these lists.
        on: whose days hold this day; None for any.
    """

    refs: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    space_refs: tuple[str, ...] = ()
    holder_refs: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    on: date | None = None


def conditions(wanted: PermitChoice) -> list[ColumnElement[bool]]:
    """A filter as conditions on ``permits`` and ``terms``."""
    columns = (
        ("refs", permits.c.ref), ("status", permits.c.status), ("kind", permits.c.kind),
        ("holder_refs", permits.c.holder_ref), ("source", permits.c.source),
    )  # fmt: skip
    where: list[ColumnElement[bool]] = [
        column.in_(given) for name, column in columns if (given := getattr(wanted, name))
    ]
    if wanted.space_refs:
        asked = select(permit_spaces.c.permit_ref).where(permit_spaces.c.space_ref.in_(wanted.space_refs))
        where.append(permits.c.ref.in_(asked))
    if wanted.on is not None:
        last: Any = func.coalesce(permits.c.ended_on, terms.c.ends_on)
        where.append(and_(terms.c.starts_on <= wanted.on, or_(last.is_(None), last >= wanted.on)))
    return where


def count(con: Connection, wanted: PermitChoice) -> int:
    """How many permits a filter keeps."""
    return rows.count_ruled(con, *conditions(wanted))


def walk(con: Connection, wanted: PermitChoice) -> Iterator[list[Ruled]]:
    """The permits that a filter keeps, in batches; memory stays flat."""
    last = 0
    while True:
        some = rows.ruled(con, permits.c.id > last, *conditions(wanted), limit=BATCH)
        if some:
            yield some
        if len(some) < BATCH:
            return
        last = int(con.scalar(select(permits.c.id).where(permits.c.ref == some[-1].permit.ref)) or 0)


def spaces_of(con: Connection, refs: Sequence[str]) -> dict[str, Row[Any]]:
    """How these spaces are called and where they are, by ref."""
    columns = [spaces.c[name] for name in ("ref", "name", "address", "geometry")]
    return {row.ref: row for row in con.execute(select(*columns).where(spaces.c.ref.in_(refs)))}


def afterlives_of(con: Connection, refs: Sequence[str]) -> dict[str, Afterlife]:
    """What became of each of these uses, as it was written down last, by the permit's ref."""
    return {each.permit_ref: each for each in afterlife_rows.find(con, afterlives.c.permit_ref.in_(refs))}


def plain(row: Hours | TermsCondition) -> dict[str, Any]:
    """A row of hours or a condition as plain values, what is not known left out."""
    return {name: value for name, value in asdict(row).items() if value is not None}
