"""The tables of permits: what was asked, on what terms, what is claimed, what was agreed, and what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Column, Date, Index, Table, Text, UniqueConstraint, event

from tempuse.agreements import Afterlife, Assent, Decision, Handover, RequestFile, Signature
from tempuse.permits import Permit
from tempuse.store.columns import columns, metadata, row_number
from tempuse.store.types import COLUMN_TYPES, WHOLE, Instant
from tempuse.terms import Terms

_of_permit = {column.name: column for column in columns(Permit)}
_answers = _of_permit.pop("answers")  # came later than all others, and stands last in a register that was upgraded

# Three columns follow from the terms that rule, so that what waits is found by an index: the first and the
# last day, and the first day on which somebody is to look after a condition (``store.permits`` writes them).
permits = Table(
    "permits", metadata, row_number(), *_of_permit.values(),
    Column("first_on", Date), Column("last_on", Date), Column("check_on", Date), _answers,
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("permits_status", "status", "submitted_at"),
    Index("permits_holder", "holder_ref"),
    Index("permits_grantor", "grantor_ref"),
    Index("permits_contact", "contact_ref"),
    Index("permits_helper", "helper_ref"),
    Index("permits_head", "head_ref"),
    Index("permits_continues", "continues_ref"),
    Index("permits_first", "status", "first_on"),
    Index("permits_last", "status", "last_on"),
    Index("permits_checks", "status", "check_on"),
    Index("permits_named", "title", "holder_name", "ref"),  # what words are looked for in
    sqlite_autoincrement=True,
)  # fmt: skip

# For which spaces a permit was asked, so that those of a space are found.
permit_spaces = Table(
    "permit_spaces", metadata, row_number(),
    Column("permit_ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    UniqueConstraint("permit_ref", "space_ref"),
    Index("permit_spaces_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Versions; a row is never changed.
terms = Table(
    "terms", metadata, row_number(), *columns(Terms),
    UniqueConstraint("permit_ref", "version"),
    Index("terms_ends", "ends_on"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Whose a space is in which minutes of the city's clock: an index of what was decided. ``ref`` is the permit's;
# ``head_id`` is 0 for what the city gives, else the row of the permit within which it is given. Two claims of one
# space and head never meet; a row is never changed, and a claim that is cut is written anew.
claims = Table(
    "claims", metadata, row_number(),
    Column("ref", Text, nullable=False), Column("space_id", WHOLE, nullable=False),
    Column("head_id", WHOLE, nullable=False), Column("from_minute", WHOLE, nullable=False),
    Column("until_minute", WHOLE, nullable=False), Column("on_day", Date, nullable=False),
    Index("claims_free", "space_id", "head_id", "from_minute", "until_minute"),
    Index("claims_ref", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
# Behind the check in ``registry.permits``: whatever writes, what is taken is not given twice. Stored claims are
# disjoint, so only the one that begins last before an end can reach in: one step in the index.
_FREE = """
CREATE TRIGGER claims_free BEFORE INSERT ON claims
BEGIN
  SELECT RAISE(ABORT, 'claim.overlap') WHERE NEW.until_minute <= NEW.from_minute OR NEW.from_minute < (
    SELECT until_minute FROM claims
    WHERE space_id = NEW.space_id AND head_id = NEW.head_id AND from_minute < NEW.until_minute
    ORDER BY from_minute DESC LIMIT 1);
END
"""
_KEPT = "CREATE TRIGGER claims_kept BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claim.changed'); END"
_EXCLUDED = """
ALTER TABLE claims ADD CONSTRAINT claims_apart EXCLUDE USING gist (
  int8range(space_id, space_id, '[]') WITH =, int8range(head_id, head_id, '[]') WITH =,
  int8range(from_minute, until_minute) WITH &&)
"""
# An empty range meets none: nothing else would refuse a claim that ends where it begins.
_LASTING = "ALTER TABLE claims ADD CONSTRAINT claims_last CHECK (from_minute < until_minute)"
# The same in PostgreSQL, by their names.
GUARDS = {"claims_apart": _EXCLUDED.strip(), "claims_last": _LASTING}
for _statement, _engine in (
    (_FREE, "sqlite"), (_KEPT, "sqlite"), *((each, "postgresql") for each in GUARDS.values()),
):  # fmt: skip
    _written: Any = DDL(_statement.strip())  # type: ignore[no-untyped-call]
    event.listen(claims, "after_create", _written.execute_if(dialect=_engine))

assents = Table(
    "assents", metadata, row_number(), *columns(Assent),
    Index("assents_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

decisions = Table(
    "decisions", metadata, row_number(), *columns(Decision),
    Index("decisions_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

signatures = Table(
    "signatures", metadata, row_number(), *columns(Signature),
    UniqueConstraint("permit_ref", "sha256", "party"),
    sqlite_autoincrement=True,
)  # fmt: skip

handovers = Table(
    "handovers", metadata, row_number(), *columns(Handover),
    Index("handovers_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What a group sent with its request; the same file once.
permit_files = Table(
    "permit_files", metadata, row_number(), *columns(RequestFile),
    UniqueConstraint("permit_ref", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip

afterlives = Table(
    "afterlives", metadata, row_number(), *columns(Afterlife),
    Index("afterlives_permit", "permit_ref"),
    Index("afterlives_moved", "moved_to_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Whether the conditions of a version of the terms were kept, each by its number from 0; the last look counts.
condition_looks = Table(
    "condition_looks", metadata, row_number(),
    Column("permit_ref", Text, nullable=False), Column("terms_version", WHOLE, nullable=False),
    Column("number", WHOLE, nullable=False), Column("on_day", Date, nullable=False), Column("by", Text),
    Column("kept", COLUMN_TYPES["flag"]), Column("note", Text), Column("at", Instant, nullable=False),
    Index("condition_looks_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# The days on which an owner keeps a space to themselves; their claims bear this ref.
closures = Table(
    "closures", metadata, row_number(),
    Column("ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    Column("starts_on", Date, nullable=False), Column("ends_on", Date, nullable=False),
    Column("because", Text), Column("by", Text), Column("at", Instant, nullable=False), Column("ended_at", Instant),
    UniqueConstraint("ref"),
    Index("closures_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Permits whose space got another owner, until the office says who grants them from now on.
owner_changes = Table(
    "owner_changes", metadata, row_number(),
    Column("permit_ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    Column("on_day", Date, nullable=False), Column("at", Instant, nullable=False), Column("settled_at", Instant),
    Index("owner_changes_permit", "permit_ref"),
    Index("owner_changes_open", "settled_at"),
    sqlite_autoincrement=True,
)  # fmt: skip
