"""What the timeline of the office draws: some spaces, and whoever has or asks for them within a stretch of days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.engine import Connection

from tempuse.occurrences import minute_of
from tempuse.permits import OPEN
from tempuse.spaces import COUNTED, Space
from tempuse.store import closures
from tempuse.store import permits as permit_rows
from tempuse.store.closures import Closure
from tempuse.store.permit_tables import claims, permit_spaces, permits, terms
from tempuse.store.permits import Ruled
from tempuse.store.spaces import rows as space_rows
from tempuse.store.tables import spaces
from tempuse.vocabulary import PermitStatus, SpaceStatus

# What a timeline shows of all the spaces that the office stands for.
STATES = ("all", "used", "empty", "ending", "asked")
# A status that is asked for by what it is not: SQLite would look for it first, and sort all that it finds.
_NOT_COUNTED = tuple(status for status in SpaceStatus if status not in COUNTED)
_NOW = (*OPEN, PermitStatus.APPROVED.value, PermitStatus.SIGNED.value, PermitStatus.HANDED_OVER.value)
_DRAWN = (*_NOW, PermitStatus.HANDED_BACK.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineWanted:
    """Which spaces: in a district, of a kind, in a state on a day; or one space with what lies within it."""

    state: str = "all"
    district_ref: str | None = None
    kind: str | None = None
    space_ref: str | None = None


def find(
    con: Connection, wanted: TimelineWanted, today: date, soon: date, limit: int, offset: int
) -> list[tuple[int, Space]]:
    """The spaces to draw with their row numbers, by district; one more than the limit where there are more.

    Args:
        con: any connection.
        wanted: which.
        today: the day on which a space is in use or empty.
        soon: the last day on which a use is said to end soon.
        limit: how many.
        offset: how many come before.
    """
    conditions: list[ColumnElement[bool]] = []
    if wanted.space_ref:
        conditions.append((spaces.c.ref == wanted.space_ref) | (spaces.c.within_ref == wanted.space_ref))
    else:
        conditions.append(spaces.c.status.not_in(_NOT_COUNTED))
    if wanted.district_ref:
        conditions.append(spaces.c.district_ref == wanted.district_ref)
    if wanted.kind:
        conditions.append(spaces.c.kind == wanted.kind)
    if (state := _state(wanted.state, today, soon)) is not None:
        conditions.append(state)
    ids = _by_district(con, conditions, limit + 1, offset)
    held = dict(space_rows.numbered(con, spaces.c.id.in_(ids)))
    return [(number, held[number]) for number in ids]


def _by_district(con: Connection, conditions: list[ColumnElement[bool]], limit: int, offset: int) -> list[int]:
    """The row numbers of spaces in the order of their districts; those that lie in none come last.

    In two queries, of which each walks along the index of districts and stops at its limit.
    """
    placed, query = spaces.c.district_ref.is_not(None), select(spaces.c.id).where(*conditions)
    order = (spaces.c.district_ref, spaces.c.id)
    ids = list(con.scalars(query.where(placed).order_by(*order).limit(limit).offset(offset)))
    if len(ids) == limit:
        return ids
    if offset and not ids:
        offset -= con.scalar(select(func.count()).select_from(query.where(placed).subquery())) or 0
    else:
        offset = 0
    rest = query.where(~placed).order_by(spaces.c.id).limit(limit - len(ids)).offset(offset)
    return [*ids, *con.scalars(rest)]


def _state(state: str, today: date, soon: date) -> ColumnElement[bool] | None:
    minute = minute_of(today, 720)
    here = (claims.c.space_id == spaces.c.id, claims.c.head_id == 0)
    if state in ("used", "empty"):
        used = exists().where(*here, claims.c.from_minute <= minute, claims.c.until_minute > minute)
        return used if state == "used" else ~used
    if state == "ending":
        ends = (
            select(permit_spaces.c.space_ref)
            .join(permits, permits.c.ref == permit_spaces.c.permit_ref)
            .where(permits.c.status == PermitStatus.HANDED_OVER.value)
            .where(permits.c.last_on <= soon)
        )
        return spaces.c.ref.in_(ends)
    if state == "asked":
        asks = (
            select(permit_spaces.c.space_ref)
            .join(permits, permits.c.ref == permit_spaces.c.permit_ref)
            .where(permits.c.status.in_(OPEN))
        )
        return spaces.c.ref.in_(asks)
    return None


def uses(con: Connection, these: Sequence[tuple[int, Space]], first: date, last: date) -> dict[str, list[Ruled]]:
    """Who has or asks for each of these spaces within some days, by the space's ref; the first to begin first.

    Whoever holds a building holds its rooms: that follows from the claims. Requests and what was brought in from a
    list of the past have none, and stand with the spaces that they name.
    """
    ref_of = {number: space.ref for number, space in these}
    pairs: set[tuple[str, str]] = set()
    within = select(claims.c.space_id, claims.c.ref).where(
        claims.c.space_id.in_(list(ref_of)), claims.c.from_minute < minute_of(last) + 1440,
        claims.c.until_minute > minute_of(first),
    )  # fmt: skip
    pairs.update((ref_of[number], ref) for number, ref in con.execute(within.distinct()))
    named = select(permit_spaces.c.space_ref, permit_spaces.c.permit_ref).where(
        permit_spaces.c.space_ref.in_(list(ref_of.values()))
    )
    pairs.update((space_ref, ref) for space_ref, ref in con.execute(named))
    found = _within(con, {ref for _, ref in pairs}, first, last)
    by_space: dict[str, list[Ruled]] = {}
    for space_ref, ref in pairs:
        if ref in found:
            by_space.setdefault(space_ref, []).append(found[ref])
    for held in by_space.values():
        held.sort(key=lambda each: (each.terms.starts_on or date.min, each.permit.ref))
    return by_space


def shut(con: Connection, these: Sequence[tuple[int, Space]], first: date, last: date) -> dict[str, list[Closure]]:
    """The days within some on which each of these spaces is kept free, its own or those of what it lies within."""
    ref_of = {number: space.ref for number, space in these}
    query = select(claims.c.space_id, claims.c.ref).where(
        claims.c.space_id.in_(list(ref_of)), claims.c.ref.startswith(closures.PREFIX),
        claims.c.from_minute < minute_of(last) + 1440, claims.c.until_minute > minute_of(first),
    )  # fmt: skip
    pairs = [(ref_of[number], ref) for number, ref in con.execute(query.distinct())]
    known = closures.by_refs(con, {ref for _, ref in pairs})
    found: dict[str, list[Closure]] = {}
    for space_ref, ref in sorted(pairs):
        if ref in known and known[ref].ended_at is None:
            found.setdefault(space_ref, []).append(known[ref])
    return found


def _within(con: Connection, refs: Collection[str], first: date, last: date) -> dict[str, Ruled]:
    found: dict[str, Ruled] = {}
    listed = sorted(refs)
    for start in range(0, len(listed), 500):
        still = permits.c.status == PermitStatus.HANDED_OVER.value
        meets = (permits.c.last_on >= first) | still
        these = (permits.c.ref.in_(listed[start : start + 500]), permits.c.status.in_(_DRAWN))
        some = permit_rows.ruled(con, *these, terms.c.starts_on <= last, meets)
        found.update((each.permit.ref, each) for each in some)
    return found


def used_today(con: Connection) -> int:
    """How many permits have their keys out."""
    held = permits.c.status == PermitStatus.HANDED_OVER.value
    return int(con.scalar(select(func.count()).select_from(permits).where(held)) or 0)
