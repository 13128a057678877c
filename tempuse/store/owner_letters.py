"""Queries for letters to owners, and for the spaces whose owners nobody has asked yet. No public page reads them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.engine import Connection

from tempuse.owner_letters import OfOwner, OwnerLetter, owner_key
from tempuse.store.owner_tables import owner_letters
from tempuse.store.records import Records
from tempuse.store.tables import TO_ASK, spaces
from tempuse.vocabulary import OwnerAnswer

rows = Records(owner_letters, OwnerLetter, "owner_letter")
get, lock, add, save = rows.get, rows.lock, rows.add, rows.save

_BATCH = 500
# As the index has it, word by word: with values bound from outside no engine would find that it fits.
_IS_TO_ASK = text(f"({TO_ASK})")


def of_secret(con: Connection, sha256: str, *, held: bool = False) -> OwnerLetter | None:
    """The letter of whoever holds a secret, by its fingerprint."""
    return rows.one(con, owner_letters.c.secret_sha256 == sha256, held=held)


def spaces_to_ask(con: Connection, most: int, refs: Collection[str] | None = None) -> list[OfOwner]:
    """Spaces whose owners are to be asked and have not been, by owner; so many at most.

    Args:
        con: a connection.
        most: how many.
        refs: only those among these.
    """
    c = spaces.c
    among: list[ColumnElement[bool]] = [] if refs is None else [c.ref.in_(list(refs))]
    query = select(c.ref, c.owner_name, c.owner_email, c.owner_do_not_contact).where(_IS_TO_ASK, *among)
    found = con.execute(query.order_by(c.owner_email, c.owner_name, c.ref).limit(most)).all()
    denied = _not_theirs(con)
    return [
        OfOwner(
            row.ref, row.owner_name, row.owner_email, bool(row.owner_do_not_contact),
            (row.ref, owner_key(row.owner_name, row.owner_email)) in denied,
        )
        for row in found
    ]  # fmt: skip


def _not_theirs(con: Connection) -> set[tuple[str, str]]:
    """What people said is not theirs, as they are noted: (space, owner)."""
    found = rows.find(con, owner_letters.c.answer == OwnerAnswer.NOT_OWNER.value)
    return {(ref, each.owner) for each in found for ref in each.space_refs}


def unanswered(con: Connection, limit: int | None = None) -> list[OwnerLetter]:
    """The letters that nobody has answered, the oldest first."""
    c = owner_letters.c
    return rows.find(con, c.answered_at.is_(None), order=(c.asked_at, c.id), limit=limit)


def to_ask_later(con: Connection, today: date) -> list[OwnerLetter]:
    """The letters whose owners wanted to be asked again later, and that is now; the longest due first."""
    c = owner_letters.c
    return rows.find(con, c.later_on <= today, order=(c.later_on, c.id))


def answered(con: Connection, limit: int) -> list[OwnerLetter]:
    """The letters that were answered, the latest answer first."""
    c = owner_letters.c
    return rows.find(con, c.answered_at.is_not(None), order=(c.answered_at.desc(), c.id.desc()), limit=limit)


def consents(con: Connection, refs: Collection[str]) -> dict[str, str]:
    """What the owners of some spaces said, a value of Consent by ref."""
    these, found = sorted(set(refs)), {}
    for start in range(0, len(these), _BATCH):
        c = spaces.c
        query = select(c.ref, c.consent).where(c.ref.in_(these[start : start + _BATCH]))
        found.update({row.ref: row.consent for row in con.execute(query)})
    return found


def forget(con: Connection, answered_before: datetime, ended_before: date) -> int:
    """Blank whom letters were to that were answered, or whose link ended, before these; how many."""
    c = owner_letters.c
    nobody = {"owner_name": None, "owner_email": None, "answered_by": None, "remark": None, "secret_sha256": None}
    known = c.owner_name.is_not(None) | c.owner_email.is_not(None) | c.answered_by.is_not(None)
    over = (c.answered_at < answered_before) | and_(c.answered_at.is_(None), c.ends_on < ended_before)
    return con.execute(update(owner_letters).where(known, over).values(**nobody)).rowcount
