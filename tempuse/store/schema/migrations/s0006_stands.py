"""0006, where things stand: what has ended of what everybody sees, and the first spaces in a status."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    con.execute(text("CREATE INDEX published_ended ON published (collection) WHERE status = 'retired'"))
    con.execute(text("CREATE INDEX spaces_in_status ON spaces (status, id)"))
