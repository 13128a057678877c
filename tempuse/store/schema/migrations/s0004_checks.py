"""0004, what is asked: departments and what they answer, questions to the group, notices to neighbours, comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill
from tempuse.store.types import WHOLE, Instant

_NEW = MetaData()
Table(
    "checks", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("permit_ref", Text, nullable=False),
    Column("department", Text, nullable=False), Column("required", Boolean(create_constraint=False)),
    Column("asked_at", Instant), Column("due_on", Date), Column("terms_version", WHOLE), Column("sha256", Text),
    Column("waived_at", Instant), Column("waived_by", Text), Column("waived_because", Text), Column("revision", WHOLE),
    UniqueConstraint("ref"), UniqueConstraint("permit_ref", "department"),
    Index("checks_department", "department"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "check_answers", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("check_ref", Text, nullable=False), Column("terms_version", WHOLE, nullable=False),
    Column("sha256", Text, nullable=False), Column("verdict", Text, nullable=False), Column("text", Text),
    Column("office_text", Text), Column("document", Text), Column("by", Text), Column("person_ref", Text),
    Column("at", Instant),
    Index("check_answers_check", "check_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "asks", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("number", WHOLE, nullable=False), Column("asked_at", Instant),
    Column("asked_by", Text), Column("text", Text), Column("due_on", Date),
    Column("stops_clock", Boolean(create_constraint=False)), Column("answered_at", Instant), Column("answer", Text),
    Column("answered_by", Text), Column("withdrawn_at", Instant),
    UniqueConstraint("permit_ref", "number"),
    Index("asks_due", "answered_at", "withdrawn_at", "due_on"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "notices", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("number", WHOLE, nullable=False), Column("opens_on", Date),
    Column("closes_on", Date), Column("text", Text), Column("posted_on", Date), Column("token", Text),
    Column("opened_at", Instant), Column("by", Text),
    UniqueConstraint("permit_ref", "number"), UniqueConstraint("token"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "comments", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("number", WHOLE, nullable=False), Column("at", Instant),
    Column("name", Text), Column("contact", Text), Column("text", Text), Column("released_text", Text),
    Column("late", Boolean(create_constraint=False)), Column("answer", Text), Column("answered_at", Instant),
    Column("answered_by", Text),
    UniqueConstraint("permit_ref", "number"),
    Index("comments_answered", "answered_at"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Whoever is in the register gets letters at once, as before."""
    _NEW.create_all(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('check', 0)")
    add_column(con, "people", "digest", Boolean(create_constraint=False))
    fill(con, "people", "id", "digest = false", progress)
