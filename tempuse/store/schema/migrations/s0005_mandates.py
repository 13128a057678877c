"""0005, its mandates: for which spaces a mediator finds users, and until when; what somebody filled in is found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_MANDATES = Table(
    "mandates", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("mediator_ref", Text, nullable=False), Column("space_refs", Packed),
    Column("may_visit", Boolean(create_constraint=False)), Column("may_propose", Boolean(create_constraint=False)),
    Column("may_head", Boolean(create_constraint=False)), Column("from_on", Date), Column("until_on", Date),
    Column("document", Text), Column("ended_at", Instant), Column("created_at", Instant),
    Column("updated_at", Instant), Column("revision", WHOLE),
    UniqueConstraint("ref"),
    Index("mandates_mediator", "mediator_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _MANDATES.create(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('mandate', 0)")
    con.exec_driver_sql("CREATE INDEX permits_helper ON permits (helper_ref)")
