"""0005, its requests: what a kind asks besides stands by itself, and a group may send files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column
from tempuse.store.types import WHOLE, Instant, Packed

_FILES = Table(
    "permit_files", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("name", Text, nullable=False), Column("called", Text),
    Column("by", Text), Column("at", Instant),
    UniqueConstraint("permit_ref", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _FILES.create(con)
    add_column(con, "permits", "answers", Packed())
