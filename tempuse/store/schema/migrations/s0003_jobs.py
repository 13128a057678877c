"""0003, its jobs: long work that somebody began stands in the register."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_JOBS = Table(
    "jobs", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False), Column("kind", Text, nullable=False), Column("state", Text, nullable=False),
    Column("step", WHOLE, nullable=False), Column("person_ref", Text), Column("actor", Text),
    Column("begun_at", Instant, nullable=False), Column("moved_at", Instant, nullable=False),
    Column("version", Text, nullable=False), Column("tries", WHOLE), Column("about", Packed), Column("problem", Packed),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _JOBS.create(con)
