"""Queries for watches and their hits: who asks what, what began to fit, what nobody was told of yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.store.common import current_seq
from tempuse.store.tables import counters, watch_hits, watches
from tempuse.watches import Watch, WatchHit

_BATCH = 500
# The last change of the register whose hits were looked for stands among the counters.
_CURSOR = "watch_cursor"


def _watch(row: Row[Any]) -> Watch:
    return Watch(**row._mapping)


def _hit(row: Row[Any]) -> WatchHit:
    return WatchHit(**{name: value for name, value in row._mapping.items() if name != "id"})


def add(con: Connection, watch: Watch) -> int:
    """Insert a watch; its number."""
    values = asdict(watch)
    del values["id"]
    return int(con.execute(insert(watches).values(**values)).inserted_primary_key[0])  # type: ignore[index]


def save(con: Connection, watch: Watch) -> None:
    """Write a watch as it is now."""
    values = asdict(watch)
    con.execute(update(watches).where(watches.c.id == values.pop("id")).values(**values))


def find_one(con: Connection, number: int, *, lock: bool = False) -> Watch | None:
    """The watch of a number."""
    query = select(watches).where(watches.c.id == number)
    row = con.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _watch(row)


def of_secret(con: Connection, sha256: str, *, lock: bool = False) -> Watch | None:
    """The watch of whoever holds a secret, by its fingerprint."""
    query = select(watches).where(watches.c.secret_sha256 == sha256)
    row = con.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _watch(row)


def same(con: Connection, email: str, question_sha256: str) -> Watch | None:
    """The watch of an address that asks the same already and has not ended."""
    query = select(watches).where(
        watches.c.email == email, watches.c.question_sha256 == question_sha256, watches.c.ended_at.is_(None)
    )
    row = con.execute(query.order_by(watches.c.id).limit(1)).first()
    return None if row is None else _watch(row)


def of_email(con: Connection, email: str) -> list[Watch]:
    """Every watch of an address."""
    return [_watch(row) for row in con.execute(select(watches).where(watches.c.email == email).order_by(watches.c.id))]


def naming(con: Connection, words: Collection[str]) -> list[Watch]:
    """The watches that have not ended in whose question one of these words stands."""
    some = or_(*(watches.c.question.contains(word, autoescape=True) for word in words))
    query = select(watches).where(watches.c.ended_at.is_(None), some)
    return [_watch(row) for row in con.execute(query.order_by(watches.c.id))]


def asking(con: Connection) -> list[Watch]:
    """The watches for which hits are looked for, in the order in which they were made."""
    query = select(watches).where(
        watches.c.ended_at.is_(None), watches.c.confirmed_at.is_not(None), watches.c.paused_at.is_(None)
    )
    return [_watch(row) for row in con.execute(query.order_by(watches.c.id))]


def paused(con: Connection, limit: int = 1000) -> list[Watch]:
    """The watches that ask nothing at present, the longest so first."""
    query = select(watches).where(watches.c.ended_at.is_(None), watches.c.paused_at.is_not(None))
    return [_watch(row) for row in con.execute(query.order_by(watches.c.paused_at, watches.c.id).limit(limit))]


def bounced_since(con: Connection, instant: datetime) -> int:
    """How many ended since an instant because their letters came back."""
    came_back = watches.c.ended_how == "bounce", watches.c.ended_at >= instant
    return int(con.scalar(select(func.count()).select_from(watches).where(*came_back)) or 0)


def tally(con: Connection) -> dict[str, int]:
    """How many ask, wait for their address to be confirmed, are paused, and ended by their letters coming back."""
    c = watches.c
    open_ones = c.ended_at.is_(None)
    counted = {
        "asking": and_(open_ones, c.confirmed_at.is_not(None), c.paused_at.is_(None)),
        "unconfirmed": and_(open_ones, c.confirmed_at.is_(None)),
        "paused": and_(open_ones, c.paused_at.is_not(None)),
        "bounced": c.ended_how == "bounce",
    }
    return {
        name: int(con.scalar(select(func.count()).select_from(watches).where(each)) or 0)
        for name, each in counted.items()
    }


def over(con: Connection, today: date) -> list[int]:
    """The numbers of watches whose last day is over."""
    query = select(watches.c.id).where(watches.c.ended_at.is_(None), watches.c.ends_on < today)
    return list(con.scalars(query))


def forget(con: Connection, unconfirmed_before: datetime, ended_before: datetime) -> int:
    """Remove what nobody confirmed, and blank whose watch ended, before these instants; how many of both."""
    stale = select(watches.c.id).where(watches.c.confirmed_at.is_(None), watches.c.made_at < unconfirmed_before)
    con.execute(delete(watch_hits).where(watch_hits.c.watch_id.in_(stale)))
    gone = con.execute(delete(watches).where(watches.c.id.in_(stale))).rowcount
    ended = watches.c.ended_at < ended_before, watches.c.email.is_not(None)
    nobody = {"email": None, "person_ref": None, "secret_sha256": None, "question": "", "question_sha256": ""}
    return gone + con.execute(update(watches).where(*ended).values(**nobody)).rowcount


def cursor(con: Connection) -> int:
    """The last change whose hits were looked for; a register that never looked begins with now."""
    held = con.scalar(select(counters.c.last).where(counters.c.noun == _CURSOR).with_for_update())
    if held is None:
        con.execute(insert(counters).values(noun=_CURSOR, last=current_seq(con)))
        return current_seq(con)
    return int(held)


def move_cursor(con: Connection, seq: int) -> None:
    """Note up to which change hits were looked for; never back."""
    con.execute(update(counters).where(counters.c.noun == _CURSOR, counters.c.last < seq).values(last=seq))


# ---- hits -------------------------------------------------------------------------------------------------


def hits_of(con: Connection, space_refs: Collection[str]) -> list[WatchHit]:
    """Every hit of these spaces, the last episode of a pair last."""
    found: list[WatchHit] = []
    refs = sorted(space_refs)
    for start in range(0, len(refs), _BATCH):
        query = select(watch_hits).where(watch_hits.c.space_ref.in_(refs[start : start + _BATCH]))
        found += [_hit(row) for row in con.execute(query.order_by(watch_hits.c.id))]
    return found


def hits_of_watch(con: Connection, watch_id: int) -> list[WatchHit]:
    """Every hit of a watch, in order."""
    query = select(watch_hits).where(watch_hits.c.watch_id == watch_id).order_by(watch_hits.c.id)
    return [_hit(row) for row in con.execute(query)]


def refs_fitting(con: Connection) -> set[str]:
    """The spaces that fit some watch, as far as was found."""
    return set(con.scalars(select(watch_hits.c.space_ref).where(watch_hits.c.left_at.is_(None)).distinct()))


def untold(con: Connection) -> dict[int, list[WatchHit]]:
    """By watch, the hits that nobody was told of and that have not ended."""
    query = select(watch_hits).where(watch_hits.c.told_at.is_(None), watch_hits.c.left_at.is_(None))
    found: dict[int, list[WatchHit]] = {}
    for row in con.execute(query.order_by(watch_hits.c.watch_id, watch_hits.c.id)):
        found.setdefault(row.watch_id, []).append(_hit(row))
    return found


def add_hits(con: Connection, hits: Sequence[WatchHit]) -> None:
    """Insert hits."""
    for start in range(0, len(hits), _BATCH):
        con.execute(insert(watch_hits), [asdict(each) for each in hits[start : start + _BATCH]])


def change_hits(con: Connection, hits: Sequence[WatchHit], **values: Any) -> None:
    """Set the same in these hits: told_at, letter_key or left_at."""
    for start in range(0, len(hits), _BATCH // 2):
        these = or_(*(
            and_(watch_hits.c.watch_id == each.watch_id, watch_hits.c.space_ref == each.space_ref,
                 watch_hits.c.episode == each.episode)
            for each in hits[start : start + _BATCH // 2]
        ))  # fmt: skip
        con.execute(update(watch_hits).where(these).values(**values))
