"""Part of 0003: a person's role becomes a membership in the whole register; others are over one named thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    column,
    func,
    insert,
    literal,
    select,
    table,
)
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, rebuild
from tempuse.store.types import WHOLE, Instant

_METADATA = MetaData()
_PEOPLE = Table(
    "people", _METADATA, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("name", Text), Column("email", Text, nullable=False),
    Column("language", Text), Column("added_at", Instant), Column("ended_at", Instant),
    UniqueConstraint("ref"), UniqueConstraint("email"),
    sqlite_autoincrement=True,
)  # fmt: skip
_MEMBERSHIPS = Table(
    "memberships", _METADATA, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("person_ref", Text, nullable=False), Column("role", Text, nullable=False),
    Column("over_noun", Text), Column("over_ref", Text),
    Column("since", Instant, nullable=False), Column("ended_at", Instant),
    Index("memberships_person", "person_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip


_BEFORE = table(
    "people", column("id", WHOLE), column("ref", Text), column("role", Text), column("added_at", Instant()),
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Who had left keeps the role that they will have if they come back."""
    _MEMBERSHIPS.create(con)
    since = func.coalesce(_BEFORE.c.added_at, literal(now, Instant()))
    had = select(_BEFORE.c.ref, _BEFORE.c.role, since).order_by(_BEFORE.c.id)
    con.execute(insert(_MEMBERSHIPS).from_select(["person_ref", "role", "since"], had))
    if con.dialect.name == "sqlite":
        rebuild(con, _PEOPLE, progress)
    else:
        con.exec_driver_sql("ALTER TABLE people DROP COLUMN role")
