"""0005, its pictures: of a space, and whether somebody found that everybody may see them; those that people send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column
from tempuse.store.types import WHOLE, Instant, Packed

_PICTURES = Table(
    "space_pictures", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("space_ref", Text, nullable=False), Column("name", Text, nullable=False), Column("sizes", Packed),
    Column("alt", Text), Column("credit", Text), Column("place", WHOLE), Column("added_at", Instant),
    Column("added_by", Text), Column("looked_at", Instant), Column("looked_by", Text),
    UniqueConstraint("space_ref", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _PICTURES.create(con)
    add_column(con, "reports", "photos", Packed())
