"""Claims: whose a space is in which minutes of the city's clock; checked here, and by the database behind it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from tempuse.errors import Conflict
from tempuse.occurrences import Occurrence, day_of, minute_of
from tempuse.store.permit_tables import claims, permits
from tempuse.store.planning import few
from tempuse.store.tables import spaces
from tempuse.vocabulary import SpaceStatus

CITY = 0
_AT_ONCE = 500
_MOST_NAMED = 20


class Claim(NamedTuple):
    """One space that is taken in one stretch of minutes, by a permit (``ref``) at the level of a head (0: the city)."""

    ref: str
    space_id: int
    head_id: int
    from_minute: int
    until_minute: int
    on: date


class Rival(NamedTuple):
    """A claim of another that meets a wanted one: whose, on which space, and where both are."""

    ref: str
    space_ref: str
    from_minute: int
    until_minute: int


def closure(con: Connection, space_refs: Collection[str]) -> dict[int, str]:
    """These spaces and everything within them, however deep, by row number; what is retired is left out.

    ``within_ref`` may run in a circle: each space is taken once.
    """
    of_each = (spaces.c.id, spaces.c.ref, spaces.c.status)
    reached = select(*of_each).where(spaces.c.ref.in_(list(space_refs))).cte("reached", recursive=True)
    reached = reached.union(select(*of_each).join(reached, few(spaces.c.within_ref == reached.c.ref)))
    # The status comes along: joined with the spaces afterwards SQLite would look at every one of them.
    query = select(reached.c.id, reached.c.ref).where(reached.c.status != SpaceStatus.RETIRED.value)
    query = query.order_by(reached.c.id)
    return {row[0]: row[1] for row in con.execute(query)}


def above(con: Connection, space_refs: Collection[str]) -> list[str]:
    """Everything that these spaces lie within, however high; in a circle each once."""
    top = select(spaces.c.within_ref.label("ref")).where(spaces.c.ref.in_(list(space_refs)))
    reached = top.cte("reached", recursive=True)
    reached = reached.union(select(spaces.c.within_ref).join(reached, spaces.c.ref == reached.c.ref))
    return [ref for ref in con.scalars(select(reached.c.ref)) if ref is not None]


def wanted(space_ids: Iterable[int], occurrences: Sequence[Occurrence], ref: str, head_id: int = CITY) -> list[Claim]:
    """Every stretch on every space, by space and minute."""
    return [
        Claim(ref, space_id, head_id, each.from_minute, each.until_minute, each.on)
        for space_id in sorted(space_ids) for each in occurrences
    ]  # fmt: skip


def rivals(con: Connection, asked: Sequence[Claim], without: Collection[str] = ()) -> tuple[list[Rival], int]:
    """Claims of others that meet the asked ones: the first twenty, and how many there are in all.

    Args:
        con: any connection.
        asked: what is wanted; nothing wanted is refused before any query.
        without: whose claims do not count: the permit's own.

    Raises:
        ValueError: nothing is wanted.
    """
    if not asked:
        raise ValueError("no claim is wanted")
    heads = {each.head_id for each in asked}
    assert len(heads) == 1
    by_space: dict[int, list[Claim]] = {}
    for each in asked:
        by_space.setdefault(each.space_id, []).append(each)
    low, high = min(each.from_minute for each in asked), max(each.until_minute for each in asked)
    c, found = claims.c, []
    ids = list(by_space)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(c.ref, c.space_id, spaces.c.ref, c.from_minute, c.until_minute).join(
            spaces, spaces.c.id == c.space_id
        )
        query = query.where(
            c.space_id.in_(ids[start : start + _AT_ONCE]), c.head_id == next(iter(heads)), c.from_minute < high,
            c.until_minute > low, c.ref.not_in(list(without)),
        )  # fmt: skip
        for ref, space_id, space_ref, begin, end in con.execute(query.order_by(c.space_id, c.from_minute)):
            for want in by_space[space_id]:
                if want.from_minute < end and begin < want.until_minute:
                    where = max(begin, want.from_minute), min(end, want.until_minute)
                    found.append(Rival(ref, space_ref, *where))
                    break
    return found[:_MOST_NAMED], len(found)


def put(con: Connection, these: Sequence[Claim]) -> None:
    """Write claims.

    Raises:
        Conflict: one meets another's; the check before should have seen it.
    """
    if not these:
        return
    values = [{**each._asdict(), "on_day": each.on} for each in these]
    for each in values:
        del each["on"]
    try:
        con.execute(insert(claims), values)
    except IntegrityError as error:
        logging.getLogger(__name__).error("a claim met another that no check had seen: %s", these[0].ref)
        raise Conflict("permit.overlaps", ref=these[0].ref, rivals=[], more=0) from error


def cut(con: Connection, ref: str, from_minute: int) -> int:
    """End the claims of a permit at a minute: later ones go, one that is under way ends; how many were changed."""
    c = claims.c
    under_way = con.execute(
        select(claims).where(c.ref == ref, c.from_minute < from_minute, c.until_minute > from_minute)
    ).all()
    gone = con.execute(delete(claims).where(c.ref == ref, c.until_minute > from_minute)).rowcount
    put_back = [
        Claim(ref, row.space_id, row.head_id, row.from_minute, from_minute, row.on_day) for row in under_way
    ]  # fmt: skip
    if put_back:
        put(con, put_back)
    return gone


def of_permit(con: Connection, ref: str) -> list[Claim]:
    """The claims of a permit, by space and minute."""
    c = claims.c
    query = select(c.ref, c.space_id, c.head_id, c.from_minute, c.until_minute, c.on_day).where(c.ref == ref)
    return [Claim(*row) for row in con.execute(query.order_by(c.space_id, c.from_minute))]


def of_permits(con: Connection, refs: Collection[str]) -> dict[str, list[Claim]]:
    """The claims of some permits, by ref."""
    c, found = claims.c, dict[str, list[Claim]]()
    query = select(c.ref, c.space_id, c.head_id, c.from_minute, c.until_minute, c.on_day)
    for some in _parts(refs):
        for row in con.execute(query.where(c.ref.in_(some)).order_by(c.space_id, c.from_minute)):
            found.setdefault(row[0], []).append(Claim(*row))
    return found


def of_spaces(con: Connection, space_ids: Collection[int], from_minute: int, head_id: int = CITY) -> list[Claim]:
    """The claims on some spaces that end after a minute, by space and minute."""
    c, found, ids = claims.c, [], list(space_ids)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(c.ref, c.space_id, c.head_id, c.from_minute, c.until_minute, c.on_day).where(
            c.space_id.in_(ids[start : start + _AT_ONCE]), c.head_id == head_id, c.until_minute > from_minute
        )
        found += [Claim(*row) for row in con.execute(query.order_by(c.space_id, c.from_minute))]
    return found


def holders(con: Connection, space_ref: str, today: date) -> list[str]:
    """The permits that hold a space today or later, or still have its keys, and its closures; each once."""
    c = claims.c
    query = (
        select(c.ref).join(spaces, spaces.c.id == c.space_id).outerjoin(permits, permits.c.ref == c.ref)
        .where(spaces.c.ref == space_ref)
        .where((c.until_minute > minute_of(today)) | (permits.c.status == "handed_over"))
    )  # fmt: skip
    return list(con.scalars(query.distinct().order_by(c.ref)))


def after(con: Connection, space_ref: str, last: date) -> list[str]:
    """The permits that have a space, or something within it, after a day; each once."""
    return _holding(con, space_ref, claims.c.until_minute > minute_of(last + timedelta(days=1)))


def before(con: Connection, space_ref: str, first: date, today: date) -> list[str]:
    """The permits that have a space, or something within it, before a day and not before today; each once."""
    return _holding(con, space_ref, claims.c.from_minute < minute_of(first), claims.c.until_minute > minute_of(today))


def _holding(con: Connection, space_ref: str, *where: ColumnElement[bool]) -> list[str]:
    c, ids = claims.c, list(closure(con, [space_ref]))
    query = select(c.ref).join(permits, permits.c.ref == c.ref).where(c.space_id.in_(ids), *where)
    return list(con.scalars(query.distinct().order_by(c.ref)))


def take_over(con: Connection, new: Mapping[str, str]) -> list[str]:
    """Give spaces that are new within others every claim on those: whoever holds a building holds its rooms.

    Gives the refs of those that took one over.

    Args:
        con: a connection within the writing transaction that adds them.
        new: for each new space, by ref, in what it lies. What lies within a new space takes over after it.
    """
    left, took = dict(new), list[str]()
    while ready := {ref: within for ref, within in left.items() if within not in left}:  # none: a circle
        for some in _parts(ready):
            took += _take_over(con, {ref: ready[ref] for ref in some})
        left = {ref: within for ref, within in left.items() if ref not in ready}
    return took


def _take_over(con: Connection, new: Mapping[str, str]) -> list[str]:
    c = claims.c
    query = select(claims, spaces.c.ref.label("within")).join(spaces, spaces.c.id == c.space_id)
    held: dict[str, list[Any]] = {}
    for row in con.execute(query.where(spaces.c.ref.in_(set(new.values())))):
        held.setdefault(row.within, []).append(row)
    if not held:
        return []
    numbers = con.execute(select(spaces.c.ref, spaces.c.id).where(spaces.c.ref.in_(list(new))))
    put(con, [
        Claim(row.ref, number, row.head_id, row.from_minute, row.until_minute, row.on_day)
        for ref, number in numbers for row in held.get(new[ref], ())
    ])  # fmt: skip
    return [ref for ref, within in new.items() if within in held]


def _parts(refs: Iterable[str]) -> Iterator[list[str]]:
    listed = list(refs)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def count(con: Connection) -> int:
    """How many claims there are."""
    return int(con.scalar(select(func.count()).select_from(claims)) or 0)


def id_of(con: Connection, permit_ref: str) -> int:
    """The row number of a permit, which names the level of what is given within it."""
    return int(con.scalar(text("SELECT id FROM permits WHERE ref = :ref"), {"ref": permit_ref}) or 0)


def day_of_rival(rival: Rival) -> date:
    """The first day on which a rival is met."""
    return day_of(rival.from_minute)


def keys_out_before(con: Connection, ref: str) -> list[str]:
    """The permits whose keys are out, and that had one of this permit's spaces before it, and not beside it.

    A permit that shares the space at other hours goes on beside it and is none of them; neither is the one that this
    one goes on from.
    """
    own = of_permit(con, ref)
    if not own:
        return []
    mine, theirs = claims.alias("mine"), claims.alias("theirs")
    begins = select(mine.c.space_id, func.min(mine.c.from_minute).label("begins")).where(mine.c.ref == ref)
    first = begins.group_by(mine.c.space_id).subquery()
    query = (
        select(theirs.c.ref)
        .join(first, first.c.space_id == theirs.c.space_id)
        .join(permits, permits.c.ref == theirs.c.ref)
        .where(permits.c.status == "handed_over", theirs.c.ref != ref, permits.c.continued_by_ref.is_(None))
        .where(theirs.c.head_id == own[0].head_id)
        .group_by(theirs.c.ref, theirs.c.space_id, first.c.begins)
        .having(func.max(theirs.c.until_minute) <= first.c.begins)
    )
    return sorted(set(con.scalars(query)))
