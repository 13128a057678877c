"""What the office counts and lists: quick with a million spaces, because each answer has its index or its limit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, case, extract, func, not_, or_, select
from sqlalchemy.engine import Connection

from tempuse.areas import DISTRICTS
from tempuse.durations import DAYS_A_MONTH
from tempuse.geometry import Box
from tempuse.spaces import CHECKED, Space
from tempuse.store.boxes import in_box
from tempuse.store.searching import some
from tempuse.store.spaces import SpaceFilter, conditions, rows
from tempuse.store.tables import areas, spaces
from tempuse.vocabulary import Occupancy, PlacedBy, SpaceStatus

_EMPTY = (Occupancy.VACANT, Occupancy.PARTLY_OCCUPIED)
_DAY = 86_400
# Sorting by these follows an index; for others the table is read once, which is quicker without NULLS LAST.
_INDEXED = ("id", "name", "checked_on")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many spaces are in one status and occupancy; ``over`` of them are no longer available.

    ``dated`` of them have a day since when they stand empty; ``empty_days`` is the sum until today.
    """

    status: str
    occupancy: str
    count: int
    over: int
    dated: int
    empty_days: float


def standing(con: Connection, today: date, only: Collection[str] | None = None) -> list[Standing]:
    """Where the register stands, from one index alone; or where these spaces stand."""
    over = func.sum(case((spaces.c.available_until < today, 1), else_=0))
    since = func.sum(extract("epoch", spaces.c.vacant_since))
    query = select(
        spaces.c.status, spaces.c.occupancy, func.count(), over, func.count(spaces.c.vacant_since), since
    ).group_by(spaces.c.status, spaces.c.occupancy)
    if only is not None:
        query = query.where(spaces.c.ref.in_(only))
    now = (today - date(1970, 1, 1)).days
    return [
        Standing(status, occupancy, count, int(ended or 0), dated, dated * now - float(seconds or 0) / _DAY)
        for status, occupancy, count, ended, dated, seconds in con.execute(query)
    ]


def less(groups: Sequence[Standing], some: Sequence[Standing]) -> list[Standing]:
    """Where those stand that are not among ``some``, which are of them."""
    out = {(each.status, each.occupancy): each for each in some}
    none = Standing("", "", 0, 0, 0, 0.0)
    return [
        Standing(each.status, each.occupancy, each.count - held.count, each.over - held.over, each.dated - held.dated,
                 each.empty_days - held.empty_days)
        for each in groups for held in (out.get((each.status, each.occupancy), none),)
    ]  # fmt: skip


def months_empty(groups: Sequence[Standing]) -> float | None:
    """How long the spaces that stand empty have done so, in months on average; None when nobody knows."""
    empty = [each for each in groups if each.occupancy in _EMPTY and each.status != SpaceStatus.RETIRED]
    dated = sum(each.dated for each in empty)
    return sum(each.empty_days for each in empty) / dated / DAYS_A_MONTH if dated else None


def count_in_status(con: Connection, status: str) -> int:
    """How many spaces are in a status, from one index alone."""
    return int(con.scalar(select(func.count()).where(spaces.c.status == status)) or 0)


def in_status(con: Connection, status: str, limit: int, without: Collection[str] = ()) -> list[Space]:
    """Some spaces in a status, those that came first, without some refs."""
    query = select(spaces.c.id, spaces.c.ref).where(spaces.c.status == status).order_by(spaces.c.id)
    # Those without are few: to leave them out here keeps the database from sorting all that are in the status.
    found = [row.id for row in con.execute(query.limit(limit + len(without))) if row.ref not in without]
    return at(con, found[:limit])


def size(con: Connection) -> int:
    """About how many spaces the register has: the last row's number, found at once."""
    return int(con.scalar(select(func.max(spaces.c.id))) or 0)


# A filter by one of these leads to few rows by an index of its own.
_LEADING = ("refs", "consent", "district_ref", "source")


def _unled_by_status(wanted: SpaceFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, the status said so that its index does not lead: it keeps too many rows."""
    where = conditions(replace(wanted, status=()))
    if wanted.status:
        where.append(spaces.c.status.concat("").in_(wanted.status))
    return where


def count_to(con: Connection, wanted: SpaceFilter, most: int) -> int:
    """How many spaces a filter keeps, counted no further than ``most``."""
    led = any(getattr(wanted, name) for name in _LEADING)
    where = _unled_by_status(wanted) if led else conditions(wanted)
    some = select(spaces.c.id).where(*where).limit(most).subquery()
    return int(con.scalar(select(func.count()).select_from(some)) or 0)


def row_ids(
    con: Connection, wanted: SpaceFilter, order: str, *, down: bool = False, limit: int = 50, offset: int = 0
) -> list[int]:  # fmt: skip
    """The rows of what a filter keeps, in order of a column; spaces without a value of it come last."""
    column = spaces.c["id" if order == "ref" else order]
    query = select(spaces.c.id).where(*_unled_by_status(wanted))
    by = column.desc() if down else column.asc()
    if column.name in _INDEXED and down:
        return _down(con, query, column, limit, offset)
    first = [] if column.name in _INDEXED else [column.is_(None)]
    query = query.order_by(*first, by.nulls_last() if not first else by, spaces.c.id)
    return list(con.scalars(query.limit(limit).offset(offset)))


def _down(con: Connection, query: Select[Any], column: Column[Any], limit: int, offset: int) -> list[int]:
    """The last by an index first. It has those without a value at its end, so PostgreSQL would sort the whole table
    to have them last: they are asked for by themselves, where the page reaches them.
    """
    known = query.where(column.is_not(None))
    found = list(con.scalars(known.order_by(column.desc(), spaces.c.id).limit(limit).offset(offset)))
    if len(found) == limit:
        return found
    before = offset + len(found)
    if not found and offset:
        before = int(con.scalar(select(func.count()).select_from(known.limit(offset).subquery())) or 0)
    rest = query.where(column.is_(None)).order_by(spaces.c.id)
    return found + list(con.scalars(rest.limit(limit - len(found)).offset(max(offset - before, 0))))


def at(con: Connection, ids: Sequence[int]) -> list[Space]:
    """The spaces in these rows, in this order."""
    found = dict(rows.numbered(con, spaces.c.id.in_(ids), order=None))
    return [found[row_id] for row_id in ids if row_id in found]


def longest_unchecked(con: Connection, before: date, limit: int, without: Collection[str] = ()) -> list[Space]:
    """Spaces to be checked whose facts nobody has checked since a day; the oldest first, never checked before.

    ``without`` are refs of spaces that nobody is to look at.
    """
    shown = (spaces.c.status.concat("").in_(CHECKED), spaces.c.ref.not_in(without))
    found = rows.find(con, spaces.c.checked_on.is_(None), *shown, limit=limit)
    order, left = (spaces.c.checked_on, spaces.c.id), limit - len(found)
    return found + rows.find(con, spaces.c.checked_on < before, *shown, order=order, limit=left)


def count_unchecked(con: Connection, before: date, most: int, without: Collection[str] = ()) -> int:
    """How many spaces nobody has checked since a day, but for some, counted no further than ``most``."""
    shown = spaces.c.status.in_(CHECKED)
    due = or_(spaces.c.checked_on.is_(None), spaces.c.checked_on < before)
    some = select(spaces.c.id).where(shown, due, spaces.c.ref.not_in(without)).limit(most).subquery()
    return int(con.scalar(select(func.count()).select_from(some)) or 0)


def placeless(con: Connection, after: int = 0, limit: int = 1) -> list[tuple[int, Space]]:
    """Spaces in the register that wait for a place, by row number, after one of them."""
    return rows.numbered(con, *_placeless(), spaces.c.id > after, limit=limit)


def count_placeless(con: Connection) -> int:
    """How many spaces in the register wait for a place; the index holds only those."""
    return int(con.scalar(select(func.count()).select_from(spaces).where(*_placeless())) or 0)


def _placeless() -> list[ColumnElement[bool]]:
    return [spaces.c.geometry.is_(None), spaces.c.status != SpaceStatus.RETIRED]


def in_no_district(con: Connection, limit: int, without: Collection[str] = ()) -> list[Space]:
    """Spaces that a list, an address or a file placed where none of the city's districts is, but for some; the oldest
    first. None where nothing is drawn.
    """
    drawn = (areas.c.kind.in_(DISTRICTS), areas.c.retired_on.is_(None))
    if con.scalar(select(areas.c.id).where(*drawn).limit(1)) is None:
        return []
    by_hand = spaces.c.placed_by == PlacedBy.PLANNER
    where = (
        spaces.c.district_ref.is_(None), spaces.c.geometry.is_not(None), spaces.c.status != SpaceStatus.RETIRED,
        or_(spaces.c.placed_by.is_(None), not_(by_hand)), spaces.c.ref.not_in(without),
    )  # fmt: skip
    return rows.find(con, *where, order=(spaces.c.id,), limit=limit)


def notices(con: Connection, first: date, last: date, limit: int) -> list[Space]:
    """Spaces whose owners were told between two days and have not answered, the earliest first."""
    told = spaces.c.consent_on.between(first, last)
    where = (spaces.c.consent == "notified", told, spaces.c.status != SpaceStatus.RETIRED)
    return rows.find(con, *where, order=(spaces.c.consent_on, spaces.c.id), limit=limit)


def find_some(con: Connection, text: str, limit: int) -> list[Space]:
    """The space whose ref this is; else those with this in their ref, name, address or source's number."""
    exact = rows.one(con, spaces.c.ref == text.upper())
    if exact is not None:
        return [exact]
    led = (spaces.c.name, spaces.c.address)
    ids = some(con, spaces.c.id, and_(*conditions(SpaceFilter(text=text))), limit, led=led)
    return rows.find(con, spaces.c.id.in_(ids))


def units_of(con: Connection, ref: str, limit: int = 200) -> list[Space]:
    """The units within a building."""
    return rows.find(con, spaces.c.within_ref == ref, limit=limit)


def district_names(con: Connection) -> dict[str, str]:
    """The names of the districts by ref, in the order of their names; of the municipalities where there are none."""
    query = select(areas.c.ref, areas.c.name).where(areas.c.retired_on.is_(None)).order_by(areas.c.name)
    for kind in DISTRICTS:
        found = {ref: name or ref for ref, name in con.execute(query.where(areas.c.kind == kind))}
        if found:
            return found
    return {}


def near(con: Connection, box: Box, limit: int) -> list[Space]:
    """Spaces whose place lies in a box, retired ones too: what has ended may be told of again."""
    return rows.find(con, in_box(con, spaces, box), limit=limit)
