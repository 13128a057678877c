"""0005, its watches: what somebody wants to hear of, and which space began to fit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant

_NEW = MetaData()
Table(
    "watches", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("email", Text), Column("language", Text), Column("person_ref", Text),
    Column("question", Text, nullable=False), Column("question_sha256", Text, nullable=False),
    Column("every", Text, nullable=False), Column("secret_sha256", Text), Column("made_at", Instant, nullable=False),
    Column("confirmed_at", Instant), Column("ends_on", Date, nullable=False), Column("asked_again_at", Instant),
    Column("told_at", Instant), Column("paused_at", Instant), Column("paused_why", Text), Column("ended_at", Instant),
    Column("ended_how", Text),
    UniqueConstraint("secret_sha256"),
    Index("watches_email", "email"),
    Index("watches_ended", "ended_at"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "watch_hits", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("watch_id", WHOLE, nullable=False), Column("space_ref", Text, nullable=False),
    Column("episode", WHOLE, nullable=False), Column("tier", WHOLE, nullable=False),
    Column("met_seq", WHOLE, nullable=False), Column("met_at", Instant, nullable=False), Column("told_at", Instant),
    Column("letter_key", Text), Column("left_at", Instant),
    UniqueConstraint("watch_id", "space_ref", "episode"),
    Index("watch_hits_space", "space_ref"),
    Index("watch_hits_told", "told_at", "watch_id"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _NEW.create_all(con)
