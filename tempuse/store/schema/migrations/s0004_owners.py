"""0004, its owners: the days that they keep to themselves, permits whose space was sold, and what goes on from what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant

_NEW = MetaData()
Table(
    "closures", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    Column("starts_on", Date, nullable=False), Column("ends_on", Date, nullable=False),
    Column("because", Text), Column("by", Text), Column("at", Instant, nullable=False), Column("ended_at", Instant),
    UniqueConstraint("ref"),
    Index("closures_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "owner_changes", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    Column("on_day", Date, nullable=False), Column("at", Instant, nullable=False), Column("settled_at", Instant),
    Index("owner_changes_permit", "permit_ref"),
    Index("owner_changes_open", "settled_at"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _NEW.create_all(con)
    if con.dialect.name == "postgresql":
        con.exec_driver_sql("ALTER TABLE claims ADD CONSTRAINT claims_last CHECK (from_minute < until_minute)")
    con.exec_driver_sql("CREATE INDEX permits_continues ON permits (continues_ref)")
