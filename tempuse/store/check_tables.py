"""The tables of what is asked while a request is looked at: departments, the group, the neighbours."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from tempuse.checks import Ask, Check, CheckAnswer, Comment, Notice
from tempuse.store.columns import columns, metadata, row_number

checks = Table(
    "checks", metadata, row_number(), *columns(Check),
    UniqueConstraint("ref"), UniqueConstraint("permit_ref", "department"),
    Index("checks_department", "department"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Written once each; a later answer stands beside the one before.
check_answers = Table(
    "check_answers", metadata, row_number(), *columns(CheckAnswer),
    Index("check_answers_check", "check_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

asks = Table(
    "asks", metadata, row_number(), *columns(Ask),
    UniqueConstraint("permit_ref", "number"),
    Index("asks_due", "answered_at", "withdrawn_at", "due_on"),
    sqlite_autoincrement=True,
)  # fmt: skip

notices = Table(
    "notices", metadata, row_number(), *columns(Notice),
    UniqueConstraint("permit_ref", "number"), UniqueConstraint("token"),
    sqlite_autoincrement=True,
)  # fmt: skip

comments = Table(
    "comments", metadata, row_number(), *columns(Comment),
    UniqueConstraint("permit_ref", "number"),
    Index("comments_answered", "answered_at"),
    sqlite_autoincrement=True,
)  # fmt: skip
