"""0005, its needs: what groups look for, and what a group says of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill
from tempuse.store.types import WHOLE, Instant, Packed

_NEEDS = Table(
    "needs", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("status", Text), Column("initiative_ref", Text),
    Column("group_name", Text), Column("contact_ref", Text), Column("helper_ref", Text), Column("confirm_token", Text),
    Column("title", Text), Column("purpose", Text), Column("released_text", Text), Column("private_text", Text),
    Column("question", Text), Column("near_label", Text), Column("experience", Text), Column("never_offer", Packed),
    Column("audience", Text), Column("unlisted", Boolean(create_constraint=False)), Column("met_how", Text),
    Column("met_by_ref", Text), Column("confirmed_on", Date), Column("opened_at", Instant), Column("language", Text),
    Column("source", Text), Column("source_ref", Text), Column("source_fields", Packed),
    Column("created_at", Instant), Column("updated_at", Instant), Column("revision", WHOLE),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("needs_contact", "contact_ref"),
    Index("needs_initiative", "initiative_ref"),
    Index("needs_status", "status", "confirmed_on"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. No group had said anything of itself: owners read no name of theirs."""
    _NEEDS.create(con)
    con.exec_driver_sql("INSERT INTO counters (noun, last) VALUES ('need', 0)")
    add_column(con, "organisations", "about", Text())
    add_column(con, "organisations", "private_text", Text())
    add_column(con, "organisations", "themes", Packed())
    add_column(con, "organisations", "serves", Packed())
    add_column(con, "organisations", "seen_by_owners", Boolean(create_constraint=False))
    fill(con, "organisations", "id", "seen_by_owners = false", progress)
