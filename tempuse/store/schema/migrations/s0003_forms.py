"""0003, forms: one table for the forms that were sent, whatever they made; reports have no column for it any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, MetaData, Table, Text, UniqueConstraint, bindparam, text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, rebuild
from tempuse.store.types import GEOMETRY, WHOLE, Instant

_METADATA = MetaData()
_SENT_FORMS = Table(
    "sent_forms", _METADATA, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("noun", Text, nullable=False), Column("token", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("noun", "token"),
    Index("sent_forms_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip
_REPORTS = Table(
    "reports", _METADATA, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False), Column("space_ref", Text), Column("space_kind", Text),
    Column("geometry", GEOMETRY), Column("address", Text), Column("since", Text), Column("text", Text),
    Column("contact", Text), Column("contact_consent", Boolean(create_constraint=False)),
    Column("contact_removed_at", Instant),
    Column("confirm_token", Text), Column("confirmed_at", Instant), Column("sent_at", Instant),
    Column("answer", Text), Column("judged_at", Instant), Column("judged_by", Text), Column("language", Text),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("reports_status", "status"), Index("reports_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _SENT_FORMS.create(con)
    moved = text(
        "INSERT INTO sent_forms (noun, token, ref, at) SELECT 'report', form_token, ref, coalesce(sent_at, :now)"
        " FROM reports WHERE form_token IS NOT NULL ORDER BY id"
    )
    con.execute(moved.bindparams(bindparam("now", now, type_=Instant())))
    if con.dialect.name == "sqlite":
        rebuild(con, _REPORTS, progress)
    else:
        con.exec_driver_sql("ALTER TABLE reports DROP COLUMN form_token")
