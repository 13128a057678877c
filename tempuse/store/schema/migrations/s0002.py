"""0002: a register knows who it is, which home it belongs to and when it was last decided what the public sees;
the number of a list's row stands in one space.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, column, insert, select, table, text, update
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column
from tempuse.store.types import Instant, Packed

_SPACES = table(
    "spaces", column("id", BigInteger), column("ref", Text), column("status", Text), column("source", Text),
    column("source_ref", Text), column("revision", BigInteger), column("updated_at", Instant()),
)  # fmt: skip
_EVENTS = table(
    "events", column("at", Instant()), column("actor", Text), column("noun", Text), column("ref", Text),
    column("what", Text), column("status", Text), column("changes", Packed()), column("note", Text),
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Bring a register of version 0001 to version 0002."""
    add_column(con, "register_state", "register_id", Text())
    add_column(con, "register_state", "home_id", Text())
    add_column(con, "register_state", "decided_at", Instant())
    add_column(con, "register_state", "clock_held_at", Instant())
    con.execute(text("UPDATE register_state SET register_id = :new"), {"new": secrets.token_hex(8)})
    _tell_doubles_apart(con, now, progress)
    con.exec_driver_sql("DROP INDEX IF EXISTS spaces_source")
    con.exec_driver_sql("CREATE UNIQUE INDEX spaces_source ON spaces (source, source_ref)")


def _tell_doubles_apart(con: Connection, now: datetime, progress: Progress) -> None:
    """The later of two spaces with one number in one list gets " (2)" behind it, as an import does."""
    con.execute(update(_SPACES).where(_SPACES.c.source_ref == "").values(source_ref=None))
    several = text(
        "SELECT source, source_ref FROM spaces WHERE source IS NOT NULL AND source_ref IS NOT NULL"
        " GROUP BY source, source_ref HAVING count(*) > 1 ORDER BY source, source_ref"
    )
    found = con.execute(several).all()
    for done, (source, number) in enumerate(found, 1):
        alike = select(_SPACES).where(_SPACES.c.source == source, _SPACES.c.source_ref == number)
        count = 1
        for space in con.execute(alike.order_by(_SPACES.c.id)).all()[1:]:
            count = _next_free(con, source, number, count)
            _rename(con, now, space, f"{number} ({count})")
        progress("spaces", done, len(found))


def _next_free(con: Connection, source: str, number: str, count: int) -> int:
    """The first count after this one that makes a number no space of the list has."""
    while True:
        count += 1
        like = _SPACES.c.source_ref == f"{number} ({count})"
        if con.scalar(select(_SPACES.c.id).where(_SPACES.c.source == source, like).limit(1)) is None:
            return count


def _rename(con: Connection, now: datetime, space: Any, number: str) -> None:
    values = {"source_ref": number, "revision": space.revision + 1, "updated_at": now}
    con.execute(update(_SPACES).where(_SPACES.c.id == space.id).values(**values))
    con.execute(insert(_EVENTS), [{
        "at": now, "actor": "command line", "noun": "space", "ref": space.ref, "what": "edit", "status": space.status,
        "changes": {"source_ref": [space.source_ref, number]}, "note": None,
    }])  # fmt: skip
