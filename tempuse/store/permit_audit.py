"""Queries that hold what permits took, and what was signed, against what was decided: for ``tempuse check``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from tempuse.occurrences import minute_of
from tempuse.permits import CLAIMING
from tempuse.store import claims as claim_rows
from tempuse.store import permits as permit_rows
from tempuse.store.permit_tables import claims, closures, permit_spaces, permits, signatures, terms
from tempuse.store.permits import Ruled
from tempuse.store.records import walk
from tempuse.store.tables import spaces

_FEW = 1000


def claims_of_nobody(con: Connection, today: date) -> list[str]:
    """Refs that have taken days after tomorrow's first minute, and are neither a decided permit nor a closure."""
    decided = select(permits.c.ref).where(permits.c.status.in_(CLAIMING))
    shut = select(closures.c.ref).where(closures.c.ended_at.is_(None))
    c = claims.c
    ahead = c.until_minute > minute_of(today + timedelta(days=1))
    query = select(c.ref).where(ahead, c.ref.not_in(decided), c.ref.not_in(shut)).distinct()
    return list(con.scalars(query.limit(_FEW)))


def claims_that_meet(con: Connection) -> list[tuple[str, str, str]]:
    """Claims of one space and level that meet: (ref, the other's ref, the space's)."""
    c = claims.c
    apart, order = (c.space_id, c.head_id), (c.from_minute, c.id)
    until = func.lag(c.until_minute).over(partition_by=apart, order_by=order)
    other = func.lag(c.ref).over(partition_by=apart, order_by=order)
    rows = select(c.ref, c.space_id, c.from_minute, until.label("until"), other.label("other")).subquery()
    query = select(rows.c.ref, rows.c.other, spaces.c.ref).outerjoin(spaces, spaces.c.id == rows.c.space_id)
    found = con.execute(query.where(rows.c.until > rows.c.from_minute).limit(_FEW))
    return [(str(row[0]), str(row[1]), str(row[2])) for row in found]


def claiming(con: Connection, today: date) -> Iterator[list[tuple[Ruled, list[claim_rows.Claim]]]]:
    """The decided permits that still have days after today, with what they took, in batches."""
    rules = (terms.c.permit_ref == permits.c.ref) & (terms.c.version == permits.c.terms_version)
    query = select(permits.c.id, permits.c.ref).join(terms, rules)
    query = query.where(permits.c.status.in_(CLAIMING), terms.c.ends_on > today)
    for batch in walk(con, query, permits.c.id):
        refs = [row.ref for row in batch]
        taken = claim_rows.of_permits(con, refs)
        yield [(each, taken.get(each.permit.ref, [])) for each in permit_rows.ruled(con, permits.c.ref.in_(refs))]


def begins_of_next(con: Connection) -> dict[str, date]:
    """For each permit that another goes on from: the day on which that one takes its place."""
    rules = (terms.c.permit_ref == permits.c.ref) & (terms.c.version == permits.c.terms_version)
    query = select(permits.c.continues_ref, func.min(terms.c.starts_on)).join(terms, rules)
    query = query.where(permits.c.continues_ref.is_not(None), permits.c.status.in_((*CLAIMING, "handed_back")))
    return {row[0]: row[1] for row in con.execute(query.group_by(permits.c.continues_ref)) if row[1] is not None}


class Within:
    """What lies within each space, read once: for whoever asks it of many."""

    def __init__(self, con: Connection) -> None:
        self._ids: dict[str, int | None] = {}
        self._inner: dict[str, list[str]] = {}
        query = select(spaces.c.id, spaces.c.ref, spaces.c.within_ref, spaces.c.status)
        for number, ref, within_ref, status in con.execute(query):
            self._ids[ref] = None if status == "retired" else number
            if within_ref is not None:
                self._inner.setdefault(within_ref, []).append(ref)

    def closure(self, space_refs: Collection[str]) -> list[int]:
        """The rows of these spaces and of everything within them, but for what is retired."""
        waiting, seen = list(space_refs), set[str]()
        while waiting:
            ref = waiting.pop()
            if ref not in seen:
                seen.add(ref)
                waiting += self._inner.get(ref, ())
        return [number for ref in seen if (number := self._ids.get(ref)) is not None]


def signed(con: Connection) -> Iterator[list[str]]:
    """Refs of the permits that bear a signature, in batches."""
    query = select(permits.c.id, permits.c.ref).where(permits.c.ref.in_(select(signatures.c.permit_ref)))
    for batch in walk(con, query, permits.c.id):
        yield [row.ref for row in batch]


def without_terms(con: Connection) -> list[tuple[str, int]]:
    """Permits whose version of the terms is not there: (ref, version)."""
    rules = (terms.c.permit_ref == permits.c.ref) & (terms.c.version == permits.c.terms_version)
    query = select(permits.c.ref, permits.c.terms_version).outerjoin(terms, rules).where(terms.c.id.is_(None))
    return [(str(row[0]), row[1]) for row in con.execute(query.limit(_FEW))]


def wrongly_found(con: Connection) -> list[str]:
    """Refs of permits whose spaces or days are others than those by which they are found."""
    c, found = permit_spaces.c, _other_days(con)
    for batch in walk(con, select(permits.c.id, permits.c.ref, permits.c.space_refs), permits.c.id):
        held: dict[str, set[str]] = {}
        for ref, space_ref in con.execute(
            select(c.permit_ref, c.space_ref).where(c.permit_ref.in_([row.ref for row in batch]))
        ):
            held.setdefault(ref, set()).add(space_ref)
        found += [row.ref for row in batch if held.get(row.ref, set()) != set(row.space_refs or ())]
    return list(dict.fromkeys(found))


def _other_days(con: Connection) -> list[str]:
    rules = (terms.c.permit_ref == permits.c.ref) & (terms.c.version == permits.c.terms_version)
    last = func.coalesce(permits.c.ended_on, terms.c.ends_on)
    other = permits.c.first_on.is_distinct_from(terms.c.starts_on) | permits.c.last_on.is_distinct_from(last)
    query = select(permits.c.ref).join(terms, rules).where(other).order_by(permits.c.id)
    return list(con.scalars(query.limit(_FEW)))


def find_anew(con: Connection, ref: str) -> None:
    """Write down anew for which spaces a permit was asked."""
    con.execute(delete(permit_spaces).where(permit_spaces.c.permit_ref == ref))
    permit_rows.save(con, permit_rows.get(con, ref))


def chains(con: Connection) -> dict[str, str]:
    """From what each permit goes on, where it does."""
    query = select(permits.c.ref, permits.c.continues_ref).where(permits.c.continues_ref.is_not(None))
    return {row[0]: row[1] for row in con.execute(query)}


def heads(con: Connection) -> dict[str, str]:
    """Within what each permit is given, where it is within another."""
    query = select(permits.c.ref, permits.c.head_ref).where(permits.c.head_ref.is_not(None))
    return {row[0]: row[1] for row in con.execute(query)}


def within(con: Connection) -> dict[str, str]:
    """In what each space lies, where it lies in another."""
    query = select(spaces.c.ref, spaces.c.within_ref).where(spaces.c.within_ref.is_not(None))
    return {row[0]: row[1] for row in con.execute(query)}
