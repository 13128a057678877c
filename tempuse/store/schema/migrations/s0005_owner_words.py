"""0005, its owners' words: what they say of how a space is shown, and what is hidden until somebody has looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Date, Double, Text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    add_column(con, "spaces", "owner_limit", Text())
    add_column(con, "reports", "sender_name", Text())
    add_column(con, "reports", "wish", Text())
    add_column(con, "reports", "level", Text())
    add_column(con, "reports", "area_m2", Double())
    add_column(con, "reports", "free_from", Date())
