"""0005, its matches: how well a space fitted what somebody looked for, kept with the request that came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_MATCHES = Table(
    "matches", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("permit_ref", Text), Column("need_ref", Text),
    Column("space_ref", Text, nullable=False), Column("because", Text), Column("on", Date), Column("version", Text),
    Column("tier", Text), Column("question", Text), Column("facts", Packed), Column("criteria", Packed),
    Column("good", WHOLE), Column("bad", WHOLE), Column("total", WHOLE), Column("enough", WHOLE),
    Column("sha256", Text), Column("made_at", Instant),
    UniqueConstraint("ref"),
    Index("matches_permit", "permit_ref"),
    Index("matches_need", "need_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _MATCHES.create(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('match', 0)")
