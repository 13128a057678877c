"""0003, its letters: what somebody is to be told stands in the register, beside the event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_LETTERS = Table(
    "letters", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False), Column("template", Text, nullable=False), Column("language", Text),
    Column("to_noun", Text, nullable=False), Column("to_ref", Text, nullable=False), Column("refs", Packed),
    Column("message_id", Text, nullable=False), Column("written_at", Instant, nullable=False),
    Column("status", Text, nullable=False), Column("due_at", Instant, nullable=False), Column("tries", WHOLE),
    Column("taken_until", Instant), Column("tried_at", Instant), Column("ended_at", Instant), Column("problem", Text),
    UniqueConstraint("key"),
    Index("letters_due", "status", "due_at"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _LETTERS.create(con)
