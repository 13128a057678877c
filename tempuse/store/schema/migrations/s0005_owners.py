"""0005, its owners: the spaces of one are found by the address that is noted of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    con.execute(text("CREATE INDEX spaces_owner ON spaces (owner_email, ref) WHERE owner_email IS NOT NULL"))
