"""0004, its uses: what is published of them can be found, a report may tell of one, calendars have addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column
from tempuse.store.types import WHOLE, Instant

_CALENDARS = Table(
    "calendars", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("noun", Text, nullable=False), Column("ref", Text, nullable=False), Column("number", WHOLE, nullable=False),
    Column("given_at", Instant), Column("ended_at", Instant),
    UniqueConstraint("noun", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Nothing was a use before: the columns stay empty."""
    _CALENDARS.create(con)
    add_column(con, "published", "use_state", Text())
    add_column(con, "published", "begins", WHOLE)
    con.exec_driver_sql("CREATE INDEX published_uses ON published (use_state, begins)")
    add_column(con, "reports", "use_ref", Text())
    con.exec_driver_sql("CREATE INDEX reports_use ON reports (use_ref)")
    con.exec_driver_sql("CREATE INDEX afterlives_moved ON afterlives (moved_to_ref)")
