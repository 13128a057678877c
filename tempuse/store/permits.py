"""Queries for permits and their terms. Nothing here is ever read by a public page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from tempuse.errors import NotFound
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.store import organisations
from tempuse.store.permit_tables import permit_spaces, permits
from tempuse.store.permit_tables import terms as terms_table
from tempuse.store.records import Records
from tempuse.terms import Terms

_AT_ONCE = 500


_RULES = and_(terms_table.c.permit_ref == permits.c.ref, terms_table.c.version == permits.c.terms_version)


class _Permits(Records[Permit]):
    """Permits, with the rows by which those of a space are found, and the days by which those that wait are."""

    def add(self, con: Connection, record: Permit) -> int:
        """Insert a permit; gives its row number."""
        number = super().add(con, record)
        _note_spaces(con, record)
        note_days(con, record.ref)
        return number

    def save(self, con: Connection, record: Permit) -> None:
        """Write a permit back over its row."""
        super().save(con, record)
        _note_spaces(con, record)
        note_days(con, record.ref)


def note_days(con: Connection, ref: str) -> None:
    """Write down the days of a permit that follow from the terms that rule; nothing where there are none yet."""
    t = terms_table.c
    query = select(t.starts_on, t.ends_on, t.conditions, permits.c.ended_on).join_from(permits, terms_table, _RULES)
    row = con.execute(query.where(permits.c.ref == ref)).first()
    if row is None:
        return
    looks = sorted(day for each in row.conditions or () if (day := each.get("check_on")))
    days = {
        "first_on": row.starts_on, "last_on": row.ended_on or row.ends_on,
        "check_on": date.fromisoformat(looks[0]) if looks else None,
    }  # fmt: skip
    con.execute(update(permits).where(permits.c.ref == ref).values(**days))


def _note_spaces(con: Connection, permit: Permit) -> None:
    of_it = permit_spaces.c.permit_ref == permit.ref
    held = set(con.scalars(select(permit_spaces.c.space_ref).where(of_it)))
    asked = set(permit.space_refs)
    if held - asked:
        con.execute(delete(permit_spaces).where(of_it, permit_spaces.c.space_ref.in_(held - asked)))
    new = [{"permit_ref": permit.ref, "space_ref": ref} for ref in dict.fromkeys(permit.space_refs) if ref not in held]
    if new:
        con.execute(insert(permit_spaces), new)


rows = _Permits(permits, Permit, "permit")
terms_rows = Records(terms_table, Terms, "terms")
get, lock, add, save, find, count = rows.get, rows.lock, rows.add, rows.save, rows.find, rows.count


class Ruled(NamedTuple):
    """A permit with the terms that rule, or are under decision."""

    permit: Permit
    terms: Terms


def terms_of(con: Connection, ref: str, version: int) -> Terms:
    """One version of the terms of a permit.

    Raises:
        NotFound: there is none.
    """
    found = terms_rows.one(con, terms_table.c.permit_ref == ref, terms_table.c.version == version)
    if found is None:
        raise NotFound("permit.no_terms", ref=ref, version=version)
    return found


def versions_of(con: Connection, ref: str) -> list[Terms]:
    """Every version of the terms of a permit, the first one first."""
    return terms_rows.find(con, terms_table.c.permit_ref == ref, order=(terms_table.c.version,))


def newest_terms(con: Connection, ref: str) -> Terms:
    """The newest version of a permit's terms: the one that rules, or one that is proposed in its place.

    Raises:
        NotFound: there is none.
    """
    found = terms_rows.find(con, terms_table.c.permit_ref == ref, order=(terms_table.c.version.desc(),), limit=1)
    if not found:
        raise NotFound("permit.not_found", ref=ref)
    return found[0]


def next_version(con: Connection, ref: str) -> int:
    """The number of the next version."""
    return int(con.scalar(select(func.max(terms_table.c.version)).where(terms_table.c.permit_ref == ref)) or 0) + 1


def add_terms(con: Connection, terms: Terms) -> None:
    """Insert one version."""
    terms_rows.add(con, terms)
    note_days(con, terms.permit_ref)


def ruled(
    con: Connection, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = (), limit: int | None = None,
    offset: int = 0,
) -> list[Ruled]:  # fmt: skip
    """The permits that fulfil these conditions (on ``permits`` and ``terms``), each with the terms that rule."""
    query = select(permits, terms_table).join_from(permits, terms_table, _RULES).where(*where)
    query = query.order_by(*(order or (permits.c.id,))).limit(limit).offset(offset or None)
    width = len(permits.columns)
    found = con.execute(query).all()
    return [Ruled(rows.from_row(row[:width]), terms_rows.from_row(row[width:])) for row in found]  # type: ignore[arg-type]


def one_ruled(con: Connection, ref: str) -> Ruled:
    """One permit with the terms that rule.

    Raises:
        NotFound: the register has no such permit.
    """
    found = ruled(con, permits.c.ref == ref)
    return found[0] if found else Ruled(get(con, ref), Terms(permit_ref=ref))


def count_ruled(con: Connection, *where: ColumnElement[bool]) -> int:
    """How many permits fulfil these conditions on ``permits`` and ``terms``."""
    query = select(func.count()).select_from(permits).join(terms_table, _RULES).where(*where)
    return int(con.scalar(query) or 0)


def tally(con: Connection) -> dict[str, int]:
    """How many permits there are in each status."""
    query = select(permits.c.status, func.count()).group_by(permits.c.status)
    return {row[0]: row[1] for row in con.execute(query)}


def of_spaces(con: Connection, space_refs: Collection[str], statuses: Collection[str] = ()) -> list[Ruled]:
    """The permits that were asked for any of these spaces, in these statuses or all, the oldest first."""
    found: dict[str, Ruled] = {}
    for some in _parts(space_refs):
        asked = permits.c.ref.in_(select(permit_spaces.c.permit_ref).where(permit_spaces.c.space_ref.in_(some)))
        state = (permits.c.status.in_(list(statuses)),) if statuses else ()
        found.update((each.permit.ref, each) for each in ruled(con, asked, *state))
    return list(found.values())


def of_parties(con: Connection, organisation_refs: Collection[str], person_ref: str, limit: int) -> list[Ruled]:
    """The permits that these organisations hold, ask for or grant, and those that a person asked for and has not
    confirmed; the newest first.
    """
    c, refs = permits.c, list(organisation_refs)
    mine = and_(c.holder_ref.is_(None), c.contact_ref == person_ref)
    theirs = or_(c.holder_ref.in_(refs), c.grantor_ref.in_(refs), mine)
    return ruled(con, theirs, order=(c.id.desc(),), limit=limit)


def filled_in_by(con: Connection, person_ref: str, limit: int) -> list[Permit]:
    """The requests that somebody filled in for others, but for those within a permit; the newest first."""
    c = permits.c
    return rows.find(con, c.helper_ref == person_ref, c.head_ref.is_(None), order=(c.id.desc(),), limit=limit)


def going_on_from(con: Connection, ref: str) -> list[Permit]:
    """The permits that go on from one, or are asked to, the oldest first."""
    return rows.find(con, permits.c.continues_ref == ref)


def live_of(con: Connection, organisation_ref: str) -> list[str]:
    """Refs of what an organisation asks for, holds or grants, and that is not over."""
    c = permits.c
    theirs = (c.holder_ref == organisation_ref) | (c.grantor_ref == organisation_ref)
    return list(con.scalars(select(c.ref).where(theirs, c.status.in_((*OPEN, *CLAIMING))).order_by(c.id)))


def granted_by(con: Connection, organisation_refs: Collection[str]) -> list[str]:
    """The refs of the spaces that these organisations give out today by permits of their own."""
    c = permits.c
    theirs = c.grantor_ref.in_(list(organisation_refs)) & c.head_ref.is_(None) & c.status.in_(CLAIMING)
    query = select(permit_spaces.c.space_ref).join(permits, permit_spaces.c.permit_ref == c.ref).where(theirs)
    return list(con.scalars(query.distinct().order_by(permit_spaces.c.space_ref)))


def of_contact(con: Connection, person_ref: str) -> list[Permit]:
    """What a person asked for, or is written to about."""
    return rows.find(con, permits.c.contact_ref == person_ref)


def unreachable(con: Connection) -> list[str]:
    """Refs of requests and decided permits whose group has no contact any more, the oldest first."""
    c, lonely = permits.c, organisations.without_contact(con)
    live = c.status.in_((*OPEN, *CLAIMING)), c.continued_by_ref.is_(None)
    found = (
        ref for some in _parts(lonely)
        for ref in con.execute(select(c.id, c.ref).where(c.holder_ref.in_(some), *live))
    )  # fmt: skip
    return [ref for _, ref in sorted(map(tuple, found))]


def of_link(con: Connection, confirm_token: str) -> Permit | None:
    """The request whose contact's address this fingerprint proves, held until the transaction ends."""
    return rows.one(con, permits.c.confirm_token == confirm_token, held=True)


def unconfirmed_before(con: Connection, before: Any) -> list[str]:
    """Refs of drafts that somebody sent before an instant and nobody confirmed."""
    query = select(permits.c.ref).where(
        permits.c.status == "draft", permits.c.confirm_token.is_not(None), permits.c.created_at < before
    )
    return list(con.scalars(query.order_by(permits.c.id)))


def ending(con: Connection, first: date, last: date, statuses: Collection[str]) -> list[Ruled]:
    """The permits in these statuses whose terms' last day is from one day to another, the first to end first."""
    return ruled(
        con, terms_table.c.ends_on.between(first, last), permits.c.status.in_(list(statuses)),
        order=(terms_table.c.ends_on, permits.c.id),
    )  # fmt: skip


def _parts(refs: Collection[str]) -> Iterator[list[str]]:
    listed = list(dict.fromkeys(refs))
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
