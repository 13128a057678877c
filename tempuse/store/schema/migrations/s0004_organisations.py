"""0004, its organisations: groups, owners, mediators, departments; a membership counts once it is confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill
from tempuse.store.types import WHOLE, Instant, Packed

_ORGANISATIONS = Table(
    "organisations", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("kinds", Packed), Column("name", Text, nullable=False),
    Column("public_name", Text), Column("name_public", Boolean(create_constraint=False)),
    Column("legal_form", Text), Column("registered_no", Text), Column("informal", Boolean(create_constraint=False)),
    Column("guarantor_ref", Text), Column("url", Text), Column("email", Text), Column("phone", Text),
    Column("address", Text), Column("language", Text), Column("retired_on", Date),
    Column("created_at", Instant), Column("updated_at", Instant), Column("revision", WHOLE),
    UniqueConstraint("ref"),
    Index("organisations_name", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Who is somebody in the office already was never asked, and counts from the beginning."""
    _ORGANISATIONS.create(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('organisation', 0)")
    add_column(con, "memberships", "invited_at", Instant())
    add_column(con, "memberships", "invited_by", Text())
    add_column(con, "memberships", "confirmed_at", Instant())
    fill(con, "memberships", "id", "confirmed_at = since", progress)
    con.exec_driver_sql("CREATE INDEX memberships_over ON memberships (over_noun, over_ref)")
