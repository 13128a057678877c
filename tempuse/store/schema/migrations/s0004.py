"""0004, in parts: each says what it is for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations import s0004_checks, s0004_organisations, s0004_owners, s0004_permits, s0004_uses
from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    s0004_organisations.make(con, now, progress)
    s0004_permits.make(con, now, progress)
    s0004_checks.make(con, now, progress)
    s0004_uses.make(con, now, progress)
    s0004_owners.make(con, now, progress)
