"""Queries for spaces and their periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from tempuse.geometry import Box
from tempuse.spaces import FIELDS, Period, Space
from tempuse.store import schema
from tempuse.store.boxes import in_box
from tempuse.store.common import load_columns
from tempuse.store.gpkg import load_rtree
from tempuse.store.records import BATCH as BATCH
from tempuse.store.records import Records
from tempuse.store.records import walk as walk_rows
from tempuse.store.searching import holds
from tempuse.store.tables import periods, spaces
from tempuse.store.types import gpkg_blobs, instant_text

rows = Records(spaces, Space, "space")
_past = Records(periods, Period, "period")
get, lock, add, save = rows.get, rows.lock, rows.add, rows.save


@dataclass(frozen=True, slots=True)
class SpaceFilter:
    """Which spaces; every part that is given must hold."""

    refs: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    occupancy: tuple[str, ...] = ()
    ownership: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()
    district_ref: str | None = None
    source: str | None = None
    has_place: bool | None = None
    text: str | None = None
    checked_before: date | None = None


# How each kind of field is stored where a plain value is not enough.
_PLAIN: dict[str, Any] = {
    "choice": str,  # a Term becomes its text
    "flag": int,
    "day": date.isoformat,
    "instant": instant_text,
    "list": lambda value: orjson.dumps(value).decode() if value else None,
    "map": lambda value: orjson.dumps(value).decode() if value else None,
}
_ALL_VALUES = attrgetter(*rows.names)


def _plain_columns(these: Sequence[Space]) -> dict[str, Sequence[Any]]:
    """Spaces as columns of plain values for ``common.load_columns``.

    Days and instants are ISO text, flags 0 or 1, lists and maps JSON, geometries GeoPackageBinary.
    """
    held = zip(rows.names, zip(*map(_ALL_VALUES, these), strict=True), strict=True)
    columns: dict[str, Sequence[Any]] = dict(held)
    for name, values in columns.items():
        to_plain = _PLAIN.get(FIELDS[name]["kind"])
        if name == "geometry":
            columns[name] = gpkg_blobs(values)
        elif to_plain and values.count(None) < len(values):
            columns[name] = [None if value is None else to_plain(value) for value in values]
    return columns


def sought_by(con: Connection) -> dict[str, int]:
    """By ref, how many groups at least are said to look for such a space; where that is said."""
    query = select(spaces.c.ref, spaces.c.sought_by).where(spaces.c.sought_by.is_not(None))
    return {row[0]: row[1] for row in con.execute(query)}


def put_sought_by(con: Connection, these: Mapping[str, int | None]) -> None:
    """Write down how many groups at least look for such a space, by ref; nobody changed anything of the spaces."""
    by_count: dict[int | None, list[str]] = {}
    for ref, count in these.items():
        by_count.setdefault(count, []).append(ref)
    for count, refs in by_count.items():
        for start in range(0, len(refs), BATCH):
            some = spaces.c.ref.in_(refs[start : start + BATCH])
            con.execute(update(spaces).where(some).values(sought_by=count))


def load_new(con: Connection, these: Sequence[Space]) -> None:
    """Insert many new spaces fast, in the order in which they are given."""
    if not these:
        return
    ids = _next_ids(con, len(these))
    load_columns(con, spaces, {"id": ids, **_plain_columns(these)})
    load_rtree(con, "spaces", ids, [space.geometry for space in these])


def _next_ids(con: Connection, count: int) -> list[int]:
    """Take the next row numbers, in order.

    Taking refs first holds the counter of spaces until the end of the transaction: nobody else numbers rows now.
    """
    if con.dialect.name == "sqlite":
        last = con.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'spaces'").scalar()
        if last is None:
            con.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('spaces', 0)")
        con.exec_driver_sql("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'spaces'", (count,))
        return list(range((last or 0) + 1, (last or 0) + count + 1))
    query = "SELECT nextval(pg_get_serial_sequence(%(table)s, 'id')) FROM generate_series(1, %(count)s)"
    return [row[0] for row in con.exec_driver_sql(query, {"table": f"{schema.of(con)}spaces", "count": count})]


def load_periods(con: Connection, past: Sequence[tuple[str, Period]]) -> None:
    """Insert periods of new spaces, each with its space's ref."""
    if past:
        con.execute(insert(periods), [{"space_ref": ref, **asdict(period)} for ref, period in past])


def numbered(con: Connection, these: Sequence[str]) -> list[tuple[int, Space]]:
    """Several spaces with their row numbers, which are never published."""
    return rows.numbered(con, spaces.c.ref.in_(these))


def set_district(con: Connection, ref: str, district_ref: str | None) -> None:
    """Write down in which district a space lies."""
    con.execute(update(spaces).where(spaces.c.ref == ref).values(district_ref=district_ref))


def conditions(wanted: SpaceFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on the table."""
    these: list[ColumnElement[bool]] = []
    for name in ("status", "kind", "occupancy", "ownership", "consent"):
        if values := getattr(wanted, name):
            these.append(spaces.c[name].in_(values))
    if wanted.refs:
        these.append(spaces.c.ref.in_(wanted.refs))
    if wanted.district_ref:
        these.append(spaces.c.district_ref == wanted.district_ref)
    if wanted.source:
        these.append(spaces.c.source == wanted.source)
    if wanted.has_place is not None:
        these.append(spaces.c.geometry.is_not(None) if wanted.has_place else spaces.c.geometry.is_(None))
    if wanted.checked_before is not None:
        these.append(or_(spaces.c.checked_on.is_(None), spaces.c.checked_on < wanted.checked_before))
    if wanted.text:
        columns = (spaces.c.ref, spaces.c.name, spaces.c.address, spaces.c.source_ref)
        these.append(or_(*(holds(column, wanted.text) for column in columns)))
    return these


def find(
    con: Connection, wanted: SpaceFilter, *, order: str = "ref", down: bool = False,
    limit: int | None = None, offset: int = 0,
) -> list[Space]:  # fmt: skip
    """The spaces that a filter keeps, in order of a column."""
    column = spaces.c[order] if order != "ref" else spaces.c.id
    by = (column.desc() if down else column.asc(), spaces.c.id)
    return rows.find(con, *conditions(wanted), order=by, limit=limit, offset=offset)


def count(con: Connection, wanted: SpaceFilter) -> int:
    """How many spaces a filter keeps."""
    return int(con.scalar(select(func.count()).select_from(spaces).where(*conditions(wanted))) or 0)


def tally(con: Connection, column: str, wanted: SpaceFilter | None = None) -> dict[str, int]:
    """How many spaces have each value of a column."""
    query = select(spaces.c[column], func.count()).group_by(spaces.c[column])
    if wanted is not None:
        query = query.where(*conditions(wanted))
    return {value or "": number for value, number in con.execute(query)}


def refs(con: Connection, wanted: SpaceFilter) -> list[str]:
    """The refs of the spaces that a filter keeps."""
    return list(con.scalars(select(spaces.c.ref).where(*conditions(wanted)).order_by(spaces.c.id)))


def statuses(con: Connection, wanted: SpaceFilter) -> dict[str, str]:
    """The status of each space that a filter keeps, by ref."""
    query = select(spaces.c.ref, spaces.c.status).where(*conditions(wanted)).order_by(spaces.c.id)
    return {row[0]: row[1] for row in con.execute(query)}


def walk(con: Connection, wanted: SpaceFilter | None = None) -> Iterator[list[tuple[int, Space]]]:
    """All spaces that a filter keeps with their row numbers, in batches by row number; memory stays flat."""
    return rows.walk(con, *(conditions(wanted) if wanted else []))


def by_source(con: Connection, source: str, source_refs: Sequence[str]) -> dict[str, Space]:
    """The spaces of one source that carry these references, by reference."""
    found = rows.find(con, spaces.c.source == source, spaces.c.source_ref.in_(source_refs), order=None)
    return {space.source_ref or "": space for space in found}


def sources(con: Connection) -> list[str]:
    """The names of all sources."""
    query: Select[tuple[str]] = select(spaces.c.source).where(spaces.c.source.is_not(None)).distinct()
    return sorted(con.scalars(query))


def periods_of(con: Connection, ref: str) -> list[Period]:
    """A space's past, the latest first."""
    return periods_of_many(con, [ref]).get(ref, [])


def periods_of_many(con: Connection, these: Sequence[str]) -> dict[str, list[Period]]:
    """The past of several spaces, by ref, the latest first; what has no date comes last on either engine."""
    order = periods.c.starts_on.desc().nulls_last(), periods.c.id
    query = select(periods).where(periods.c.space_ref.in_(these)).order_by(*order)
    found: dict[str, list[Period]] = {}
    for row in con.execute(query):
        found.setdefault(row.space_ref, []).append(_past.from_row(row))
    return found


def put_periods(con: Connection, ref: str, past: Sequence[Period]) -> None:
    """Write a space's past anew; the event beside it keeps what it was before."""
    con.execute(delete(periods).where(periods.c.space_ref == ref))
    if past:
        con.execute(insert(periods), [{"space_ref": ref, **asdict(period)} for period in past])


def names_in(con: Connection, box: Box) -> list[Any]:
    """What the spaces in a box are called: (ref, name, address, geometry)."""
    columns = (spaces.c.ref, spaces.c.name, spaces.c.address, spaces.c.geometry)
    return list(con.execute(select(*columns).where(in_box(con, spaces, box))))


def walk_names(con: Connection) -> Iterator[list[Any]]:
    """What all spaces with a place are called, batch by batch: (ref, name, address, geometry)."""
    columns = (spaces.c.id, spaces.c.ref, spaces.c.name, spaces.c.address, spaces.c.geometry)
    query = select(*columns).where(spaces.c.geometry.is_not(None))
    return ([row[1:] for row in batch] for batch in walk_rows(con, query, spaces.c.id, BATCH * 10))


def some_places(con: Connection, most: int) -> list[Any]:
    """The geometries of some spaces that are not retired, those that came last."""
    here = spaces.c.geometry.is_not(None) & spaces.c.retired_on.is_(None)
    return list(con.execute(select(spaces.c.geometry).where(here).order_by(spaces.c.id.desc()).limit(most)).scalars())


def any_placed(con: Connection) -> bool:
    """Whether any space has a place."""
    return con.execute(select(spaces.c.id).where(spaces.c.geometry.is_not(None)).limit(1)).first() is not None


def word_papers(con: Connection) -> list[str]:
    """The names of the papers on which owners said their word."""
    c = spaces.c.consent_document
    return [str(each) for each in con.scalars(select(c).where(c.is_not(None)).distinct())]
