"""Queries for letters: those that wait, that somebody has taken to send, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.letters import LONGEST_PAUSE, TAKEN_FOR, Letter
from tempuse.store.tables import letters
from tempuse.vocabulary import LetterStatus

_WAITS = letters.c.status == LetterStatus.WAITING.value


class Waiting(NamedTuple):
    """The letters that wait: how many, the earliest that is due, when one was last tried, and what was wrong then."""

    many: int
    due_at: datetime | None
    tried_at: datetime | None
    problem: str


def _letter(row: Row[Any]) -> Letter:
    values = {**row._mapping, "refs": row.refs or {}, "tries": row.tries or 0}
    del values["permit_ref"]
    return Letter(**values)


def add(con: Connection, letter: Letter) -> None:
    """Insert a letter, if its event has not written one yet. Within a writing transaction."""
    if con.scalar(select(letters.c.id).where(letters.c.key == letter.key)) is None:
        values = asdict(letter)
        del values["id"]
        con.execute(insert(letters), [{**values, "permit_ref": letter.refs.get("permit")}])


def known_keys(con: Connection, keys: Collection[str]) -> set[str]:
    """Those of these keys under which there is a letter."""
    return set(con.scalars(select(letters.c.key).where(letters.c.key.in_(list(keys)))))


def drop(con: Connection, key: str, now: datetime, problem: str) -> None:
    """Let a letter that waits not be sent."""
    values = {"status": LetterStatus.DROPPED.value, "ended_at": now, "problem": problem}
    con.execute(update(letters).where(letters.c.key == key, _WAITS).values(**values))


def find(con: Connection, status: Collection[str] = tuple(LetterStatus)) -> list[Letter]:
    """The letters in these statuses, the oldest first."""
    query = select(letters).where(letters.c.status.in_(list(status))).order_by(letters.c.id)
    return [_letter(row) for row in con.execute(query)]


def _due(now: datetime) -> ColumnElement[bool]:
    """Waits, its time has come, and nobody has it; or it was dated by a clock that was ahead."""
    return and_(
        _WAITS,
        or_(letters.c.due_at <= now, letters.c.due_at > now + LONGEST_PAUSE),
        or_(
            letters.c.taken_until.is_(None), letters.c.taken_until <= now, letters.c.taken_until > now + TAKEN_FOR
        ),
    )  # fmt: skip


def take(con: Connection, now: datetime) -> Letter | None:
    """The letter that is due first, for whoever asks alone; None when none is. Within a writing transaction."""
    row = con.execute(select(letters).where(_due(now)).order_by(letters.c.due_at, letters.c.id).limit(1)).first()
    if row is None:
        return None
    con.execute(update(letters).where(letters.c.id == row.id).values(taken_until=now + TAKEN_FOR))
    return _letter(row)


def take_to(
    con: Connection, person_ref: str, now: datetime, fits: Callable[[str], bool], most: int
) -> list[Letter]:  # fmt: skip
    """The letters to a person that are due, of the templates that fit, for whoever asks alone; the oldest first."""
    query = select(letters).where(_due(now), letters.c.to_noun == "person", letters.c.to_ref == person_ref)
    found = [_letter(row) for row in con.execute(query.order_by(letters.c.id)) if fits(row.template)][:most]
    taken = letters.c.id.in_([each.id for each in found])
    con.execute(update(letters).where(taken).values(taken_until=now + TAKEN_FOR))
    return found


def settle(con: Connection, letter: Letter, **values: Any) -> None:
    """Write down what became of a letter that was taken."""
    con.execute(update(letters).where(letters.c.id == letter.id, _WAITS).values(taken_until=None, **values))


def put_off(con: Connection, now: datetime, due_at: datetime, problem: str) -> None:
    """Let every letter wait that is due and was not tried."""
    con.execute(update(letters).where(_due(now)).values(due_at=due_at, tried_at=now, problem=problem))


def put_back(con: Connection, status: Collection[str], now: datetime) -> int:
    """Let letters in these statuses wait as if they were new; how many."""
    values = {"status": LetterStatus.WAITING.value, "due_at": now, "tries": 0, "ended_at": None, "problem": None}
    return con.execute(update(letters).where(letters.c.status.in_(list(status))).values(**values)).rowcount


def hold(con: Connection) -> None:
    """Keep every letter that waits from being sent."""
    con.execute(update(letters).where(_WAITS).values(status=LetterStatus.HELD.value, taken_until=None))


def tally(con: Connection) -> dict[str, int]:
    """How many letters there are in each status."""
    return {row[0]: row[1] for row in con.execute(select(letters.c.status, func.count()).group_by(letters.c.status))}


def waiting(con: Connection) -> Waiting:
    """What is known of the letters that wait."""
    count, due_at = con.execute(select(func.count(), func.min(letters.c.due_at)).where(_WAITS)).one()
    tried = select(letters.c.tried_at, letters.c.problem).where(_WAITS, letters.c.tried_at.is_not(None))
    last = con.execute(tried.order_by(letters.c.tried_at.desc()).limit(1)).first()
    return Waiting(count, due_at, last and last.tried_at, (last and last.problem) or "")


def remove_one(con: Connection, letter: Letter) -> None:
    """Remove a letter that is to nobody."""
    con.execute(delete(letters).where(letters.c.id == letter.id))


def remove(con: Connection, ended_before: datetime) -> int:
    """Remove what is known of letters that ended before an instant; how many."""
    return con.execute(delete(letters).where(letters.c.ended_at < ended_before)).rowcount


def readers_of(con: Connection, noun: str, status: str, since: datetime) -> list[str]:
    """The refs of readers of a noun with a letter that ended like this since an instant."""
    query = select(letters.c.to_ref).where(
        letters.c.to_noun == noun, letters.c.status == status, letters.c.ended_at >= since
    )
    return list(con.scalars(query.distinct()))
