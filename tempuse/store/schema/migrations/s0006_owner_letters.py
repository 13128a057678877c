"""0006, its letters to owners: to whom, about which spaces, and what was said; whom nobody has asked is found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Date, Index, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_OWNER_LETTERS = Table(
    "owner_letters", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("space_refs", Packed), Column("owner_name", Text),
    Column("owner_email", Text), Column("way", Text, nullable=False), Column("language", Text),
    Column("asked_at", Instant), Column("asked_by", Text), Column("again_at", Instant), Column("times", WHOLE),
    Column("told_on", Date), Column("secret_sha256", Text), Column("ends_on", Date), Column("answered_at", Instant),
    Column("answer", Text), Column("choices", Packed), Column("answered_by", Text), Column("remark", Text),
    Column("later_on", Date), Column("revision", WHOLE), Column("updated_at", Instant),
    UniqueConstraint("ref"), UniqueConstraint("secret_sha256"),
    Index("owner_letters_open", "answered_at", "asked_at"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _OWNER_LETTERS.create(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('owner_letter', 0)")
    where = "consent = 'unasked' AND status IN ('verified', 'offered')"
    where += " AND ownership NOT IN ('municipality', 'public_body')"
    con.execute(text(f"CREATE INDEX spaces_to_ask ON spaces (owner_email, owner_name, ref) WHERE {where}"))
