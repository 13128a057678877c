"""Queries for the purge of permits and needs: what is over and since when, and whatever tells of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, delete, func, or_, select, type_coerce, update
from sqlalchemy.engine import Connection

from tempuse.permits import ENDED
from tempuse.store.permit_tables import (
    afterlives,
    assents,
    condition_looks,
    decisions,
    handovers,
    permit_files,
    permits,
    signatures,
    terms,
)
from tempuse.store.tables import events, letters, memberships, needs, organisations

PURGE = "purge"
# What ends a permit, as events call it; the last of them counts.
_ENDS = ("refuse", "withdraw", "call_off", "revoke", "hand_back", "import")
_BATCH = 500
# In which column the names of files stand, where it is not "document".
_PAPER_IN = {"handovers": "photos", "permit_files": "name"}


def ended(con: Connection, requests: Collection[str], asked_before: datetime, begun_before: datetime) -> list[str]:
    """The permits that are over and of which something was written since they were purged, the oldest first.

    Args:
        con: any connection.
        requests: the statuses of those that never were permits.
        asked_before: of these only what was begun up to this instant.
        begun_before: of the others likewise.
    """
    purge = (
        select(events.c.ref, func.max(events.c.id).label("id"))
        .where(events.c.noun == "permit", events.c.what == PURGE)
        .group_by(events.c.ref)
        .subquery()
    )
    later = events.alias()
    newer = select(later.c.id).where(later.c.noun == "permit", later.c.ref == permits.c.ref, later.c.id > purge.c.id)
    asked, begun = permits.c.status.in_(list(requests)), permits.c.created_at
    old = or_(and_(asked, begun <= asked_before), and_(~asked, begun <= begun_before))
    query = select(permits.c.ref).outerjoin(purge, purge.c.ref == permits.c.ref)
    query = query.where(permits.c.status.in_(ENDED), old, or_(purge.c.id.is_(None), newer.exists()))
    return list(con.scalars(query.order_by(permits.c.id)))


def ended_at(con: Connection, ref: str) -> datetime | None:
    """When a permit came to its end, as its events tell; None where none does."""
    query = select(func.max(events.c.id)).where(
        events.c.noun == "permit", events.c.ref == ref, events.c.what.in_(_ENDS)
    )  # fmt: skip
    return con.scalar(select(events.c.at).where(events.c.id == query.scalar_subquery()))


def goes_on_in(con: Connection, ref: str) -> list[tuple[str, str]]:
    """The permits that go on from one: (ref, status) of each."""
    query = select(permits.c.ref, permits.c.status).where(permits.c.continues_ref == ref)
    return [(row[0], row[1]) for row in con.execute(query)]


class Told(NamedTuple):
    """An event of a permit, with whatever in it may tell of persons."""

    id: int
    actor: str
    person_ref: str | None
    changes: dict[str, Any] | None
    note: str | None


def events_of(con: Connection, noun: str, ref: str) -> list[Told]:
    """Every event of a thing but its purges."""
    query = select(events.c.id, events.c.actor, events.c.person_ref, events.c.changes, events.c.note)
    query = query.where(events.c.noun == noun, events.c.ref == ref, events.c.what != PURGE)
    found = con.execute(query.order_by(events.c.id))
    return [Told(*row) for row in found]


def rewrite(con: Connection, told: Told) -> None:
    """Put an event back without what told of persons."""
    values = told._asdict()
    con.execute(update(events).where(events.c.id == values.pop("id")).values(**values))


def in_office(con: Connection, person_refs: Sequence[str]) -> set[str]:
    """Those of these persons who work or worked in the office."""
    query = select(memberships.c.person_ref).where(
        memberships.c.over_ref.is_(None), memberships.c.person_ref.in_(list(person_refs))
    )
    return set(con.scalars(query))


def papers_of(con: Connection, ref: str) -> list[str]:
    """The papers, scans and photos of a permit, by their names in ``attachments``."""
    return list(_papers(con, ref))


def all_papers(con: Connection) -> Iterator[str]:
    """The names of all papers, scans and photos that permits refer to."""
    return _papers(con, None)


def _papers(con: Connection, ref: str | None) -> Iterator[str]:
    for table in (assents, decisions, signatures, handovers, permit_files):
        column = table.c[_PAPER_IN.get(table.name, "document")]
        query = select(column).where(column.is_not(None))
        for held in con.scalars(query if ref is None else query.where(table.c.permit_ref == ref)):
            if table is handovers:
                yield from (_name(photo, "jpg") for photo in held)
            else:
                yield _name(held, "pdf")


def _name(held: str, ending: str) -> str:
    """The name of a file of which a row has the name, or the hash alone."""
    return held if "." in held else f"{held}.{ending}"


def blank(con: Connection, ref: str, by: str, mark: str) -> None:
    """Take out of what was agreed whatever tells of persons: names, words, papers; days, numbers and kinds stay.

    Args:
        con: a connection within a writing transaction.
        ref: which permit.
        by: stands where a name stood.
        mark: stands where words stood.
    """
    for table, values in (
        (assents, {"by": by, "document": None}),
        (signatures, {"name": by, "role_said": None, "person_ref": None, "document": None}),
        (decisions, {"document": None}),
        (handovers, {"present": None, "condition_text": None, "remarks_holder": None, "remarks_grantor": None,
                     "photos": None}),
        (afterlives, {"note": None}),
        (condition_looks, {"note": None}),
    ):  # fmt: skip
        con.execute(update(table).where(table.c.permit_ref == ref).values(**values))
    con.execute(delete(permit_files).where(permit_files.c.permit_ref == ref))
    for table in (assents, decisions):
        said = (table.c.permit_ref == ref, table.c.because.is_not(None))
        con.execute(update(table).where(*said).values(because=mark))


def snapshots_of(con: Connection, ref: str) -> list[tuple[int, dict[str, Any]]]:
    """What the decisions about a permit keep of what was agreed, by their row."""
    query = select(decisions.c.id, decisions.c.snapshot).where(decisions.c.permit_ref == ref)
    return [(row[0], row[1] or {}) for row in con.execute(query)]


def put_snapshot(con: Connection, row_id: int, kept: dict[str, Any]) -> None:
    """Keep less of what was agreed."""
    con.execute(update(decisions).where(decisions.c.id == row_id).values(snapshot=kept))


def rename_authors(con: Connection, ref: str, names: Sequence[str], by: str) -> None:
    """Put another word where one of these names proposed terms, noted keys, or wrote down what came after."""
    if not names:
        return
    con.execute(
        update(terms).where(terms.c.permit_ref == ref, terms.c.proposed_by.in_(names)).values(proposed_by=by)
    )  # fmt: skip
    for table in (handovers, afterlives, decisions, condition_looks):
        con.execute(update(table).where(table.c.permit_ref == ref, table.c.by.in_(names)).values(by=by))


def take_letters(con: Connection, noun: str, ref: str) -> list[str]:
    """Remove every letter about a permit or need; their message ids, by which their files are known."""
    about = type_coerce(letters.c.refs, Text).like(f'%"{noun}":"{ref}"%')
    found = con.execute(select(letters.c.id, letters.c.message_id).where(about)).all()
    for start in range(0, len(found), _BATCH):
        some = [row[0] for row in found[start : start + _BATCH]]
        con.execute(delete(letters).where(letters.c.id.in_(some)))
    return [row[1] for row in found if row[1]]


def purged_since(con: Connection, at: datetime) -> list[dict[str, Any]]:
    """What the purges since an instant left to be removed from the home."""
    query = select(events.c.changes).where(events.c.what == PURGE, events.c.at >= at)
    return [changes for changes in con.scalars(query) if changes]


def is_needed(con: Connection, person_ref: str) -> bool:
    """Whether a permit or need that was not purged, or anything but organisations without one, tells of a person."""
    over: Any = memberships.c.over_ref
    stands = (memberships.c.person_ref == person_ref, memberships.c.ended_at.is_(None))
    theirs = select(over).where(*stands, memberships.c.over_noun == "organisation")
    query = select(permits.c.ref).where(
        or_(permits.c.contact_ref == person_ref, permits.c.helper_ref == person_ref,
            permits.c.holder_ref.in_(theirs), permits.c.grantor_ref.in_(theirs))
    )  # fmt: skip
    purged = select(events.c.ref).where(events.c.noun == "permit", events.c.what == PURGE)
    if con.execute(query.where(permits.c.ref.not_in(purged)).limit(1)).first():
        return True
    looks = or_(needs.c.contact_ref == person_ref, needs.c.helper_ref == person_ref, needs.c.initiative_ref.in_(theirs))
    if con.execute(select(needs.c.id).where(looks, needs.c.title.is_not(None)).limit(1)).first():
        return True
    other = select(memberships.c.id).where(
        memberships.c.person_ref == person_ref, or_(over.is_(None), memberships.c.over_noun != "organisation")
    )
    return con.execute(other.limit(1)).first() is not None


def organisations_called(con: Connection, name: str, refs: Sequence[str]) -> list[str]:
    """Those of these organisations that bear a person's name."""
    query = select(organisations.c.ref).where(organisations.c.name == name, organisations.c.ref.in_(list(refs)))
    return list(con.scalars(query))


def members_of(con: Connection, organisation_ref: str) -> list[str]:
    """Everybody who has or had a part in an organisation."""
    query = select(memberships.c.person_ref).where(
        memberships.c.over_noun == "organisation", memberships.c.over_ref == organisation_ref
    )
    return list(dict.fromkeys(con.scalars(query)))
