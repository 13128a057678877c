"""What every noun's queries share: numbering, the change counter, events, settings, bulk loading."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table, insert, or_, select, update
from sqlalchemy.engine import Connection

from tempuse.access import Actor
from tempuse.errors import Unusable
from tempuse.refs import ref_of
from tempuse.settings import Settings, from_stored
from tempuse.store import schema
from tempuse.store.tables import NOUNS, counters, events, register_state, settings
from tempuse.store.types import instant_text, wkb_of

# The tables that grow with a register; and so many rows written at once change what the planner should know.
LARGE = (
    "spaces", "published", "events", "periods", "unpublished", "areas", "permits", "permit_spaces", "terms", "claims",
    "decisions", "letters", "organisations", "people", "memberships", "needs",
)  # fmt: skip
MANY = 1000
_LOADED_AT_ONCE = 2000


def next_refs(con: Connection, noun: str, count: int = 1) -> list[str]:
    """The next free refs of a noun, in order; a ref is never given twice."""
    first = next_number(con, noun, count)
    return [ref_of(noun, number) for number in range(first, first + count)]


def next_number(con: Connection, noun: str, count: int) -> int:
    """Take the next so many numbers of a noun; the first of them."""
    last = con.scalar(select(counters.c.last).where(counters.c.noun == noun).with_for_update())
    if last is None:
        con.execute(insert(counters), [{"noun": noun, "last": count}])
        last = 0
    else:
        con.execute(update(counters).where(counters.c.noun == noun).values(last=last + count))
    return int(last) + 1


def start(con: Connection, now: datetime, version: str) -> None:
    """Write the first rows of an empty register; each noun's counter, so that two who count first do not collide."""
    con.execute(insert(register_state), [{"seq": 0, "made_at": now, "made_by": version}])
    become_another(con)
    con.execute(insert(counters), [{"noun": noun, "last": 0} for noun in NOUNS])


def become_another(con: Connection) -> None:
    """Give a register that is made, or brought back, an id of its own: what was said of another is not said of it."""
    con.execute(update(register_state).values(register_id=secrets.token_hex(8)))


class State(NamedTuple):
    """What a register shows: two answers of the same state are the same, of whatever register. As text: ``id-seq``."""

    register: str
    seq: int

    def __str__(self) -> str:
        return f"{self.register}-{self.seq}"


def current_state(con: Connection) -> State:
    """The state of a register: which one it is, and the number of its last change."""
    row = con.execute(select(register_state.c.register_id, register_state.c.seq)).first()
    return State("", 0) if row is None else State(str(row.register_id), int(row.seq or 0))


def next_seq(con: Connection) -> int:
    """Count one more change; on PostgreSQL the row lock makes changes become visible in their order."""
    con.execute(update(register_state).values(seq=register_state.c.seq + 1))
    return current_seq(con)


def current_seq(con: Connection) -> int:
    """The number of the last change."""
    return int(con.scalar(select(register_state.c.seq)) or 0)


class Clock(NamedTuple):
    """What the register knows of the clock of whoever worked in it.

    Attributes:
        latest: the latest instant at which it was decided what the public sees, or of its newest event.
        held_at: the instant at which the calendar was held, because the clock leapt; None while it is not.
    """

    latest: datetime | None
    held_at: datetime | None


def clock_of(con: Connection) -> Clock:
    """What the register knows of the clock."""
    row = con.execute(select(register_state.c.decided_at, register_state.c.clock_held_at)).first()
    decided_at, held_at = row or (None, None)
    newest = con.scalar(select(events.c.at).order_by(events.c.id.desc()).limit(1))
    return Clock(max((each for each in (decided_at, newest) if each), default=None), held_at)


def note_decided(con: Connection, now: datetime) -> None:
    """Note that it was decided now what the public sees of something; the latest such instant stays."""
    earlier = or_(register_state.c.decided_at.is_(None), register_state.c.decided_at < now)
    con.execute(update(register_state).where(earlier).values(decided_at=now))


def note_all_decided(con: Connection, now: datetime) -> None:
    """Note that it was decided now for everything: no decision at a later instant stands, nothing is held."""
    con.execute(update(register_state).values(decided_at=now, clock_held_at=None))


def hold_calendar(con: Connection, at: datetime | None) -> None:
    """Note that the calendar is held since an instant, or no more."""
    con.execute(update(register_state).values(clock_held_at=at))


def get_settings(con: Connection, *, anew: Collection[str] = ()) -> Settings:
    """The register's settings.

    Args:
        con: any connection.
        anew: names that are about to be set: what stands there need not be readable.

    Raises:
        Unusable: a setting cannot be read. Another value in its place might publish what it keeps back.
    """
    held = {}
    for name, value in con.execute(select(settings.c.name, settings.c.value)):
        try:
            held[name] = orjson.loads(value)
        except (ValueError, TypeError) as error:
            if name not in anew:
                raise Unusable("register.setting_damaged", name=name) from error
    return from_stored(held)


def put_setting(con: Connection, name: str, value: Any) -> None:
    """Store one setting."""
    text = orjson.dumps(value).decode()
    done = con.execute(update(settings).where(settings.c.name == name).values(value=text))
    if not done.rowcount:
        con.execute(insert(settings), [{"name": name, "value": text}])


def add_event(
    con: Connection, actor: Actor, now: datetime, noun: str, ref: str, what: str, *, status: str | None = None,
    changes: dict[str, Any] | None = None, note: str | None = None, import_ref: str | None = None,
) -> None:  # fmt: skip
    """Write down who did what to which thing, when and why."""
    con.execute(insert(events), [{
        "at": now, "actor": actor.name, "person_ref": actor.person_ref, "noun": noun, "ref": ref, "what": what,
        "status": status, "changes": changes, "note": note, "import_ref": import_ref,
    }])  # fmt: skip


def add_events(
    con: Connection, actor: Actor, now: datetime, noun: str, what: str, done: Iterable[tuple[str, str | None]], *,
    note: str | None = None, import_ref: str | None = None,
) -> None:  # fmt: skip
    """Write down that one thing was done to many: (ref, status after it) each."""
    columns = ("at", "actor", "person_ref", "noun", "ref", "what", "status", "note", "import_ref")
    at = instant_text(now)
    rows = ((at, actor.name, actor.person_ref, noun, ref, what, status, note, import_ref) for ref, status in done)
    load(con, events, columns, rows)


def load(con: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert many rows of plain values fast.

    Args:
        con: a connection within a writing transaction.
        table: where to.
        columns: the database names of the columns, in the order of the rows' values.
        rows: plain values as the GeoPackage holds them; geometries as GeoPackageBinary.
    """
    every = iter(rows)
    while some := list(islice(every, _LOADED_AT_ONCE)):
        load_columns(con, table, dict(zip(columns, zip(*some, strict=True), strict=True)))


def load_columns(con: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert some rows fast, given by columns: executemany on SQLite, COPY on PostgreSQL.

    Columns of which no row has anything are left out. Most of a space's are, and for each None SQLite's driver looks
    for somebody who adapts it (measured: without them the rows of spaces go in in half of the time).
    """
    held = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    names = ", ".join(f'"{name}"' for name in held)
    cursor: Any = con.connection.cursor()
    if con.dialect.name == "sqlite":
        marks = ", ".join("?" * len(held))
        insertion = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
        cursor.executemany(insertion, zip(*held.values(), strict=True))
        return
    if "geometry" in held:
        held["geometry"] = [blob and ewkb_of(blob) for blob in held["geometry"]]
    with cursor.copy(f'COPY {schema.of(con)}"{table.name}" ({names}) FROM STDIN') as copy:
        for row in zip(*held.values(), strict=True):
            copy.write_row(row)


def renew_statistics(con: Connection) -> None:
    """Let the planner know how much there is of what, after much was written. Within its transaction.

    PostgreSQL would find out by itself, minutes later; SQLite never. It looks at some rows of each index only.
    """
    if con.dialect.name == "sqlite":
        con.exec_driver_sql("PRAGMA analysis_limit = 1000")
    for name in LARGE:
        con.exec_driver_sql(f"ANALYZE {schema.of(con)}{name}")


def ewkb_of(blob: bytes) -> str:
    """A GeoPackageBinary of ours as the hex EWKB that PostGIS reads: SRID 4326 within."""
    wkb = wkb_of(blob)
    kind = int.from_bytes(wkb[1:5], "little") | 0x2000_0000
    return (wkb[:1] + kind.to_bytes(4, "little") + (4326).to_bytes(4, "little") + wkb[5:]).hex()
