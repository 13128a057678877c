"""0006, in parts: each says what it is for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations import (
    s0006_letters,
    s0006_owner_letters,
    s0006_stands,
    s0006_words,
)
from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    s0006_letters.make(con, now, progress)
    s0006_words.make(con, now, progress)
    s0006_owner_letters.make(con, now, progress)
    s0006_stands.make(con, now, progress)
