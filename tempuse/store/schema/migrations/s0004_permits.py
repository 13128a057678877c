"""0004, its permits: requests, terms, what is claimed, what was agreed, the keys' way, what came after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress
from tempuse.store.types import WHOLE, Instant, Packed

_NEW = MetaData()
Table(
    "permits", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("status", Text), Column("kind", Text), Column("space_refs", Packed),
    Column("use_categories", Packed), Column("title", Text), Column("purpose", Text),
    Column("purpose_released", Text), Column("private_text", Text), Column("persons", WHOLE),
    Column("holder_ref", Text), Column("holder_name", Text), Column("contact_ref", Text), Column("helper_ref", Text),
    Column("confirm_token", Text), Column("confirmed_at", Instant), Column("handler_ref", Text),
    Column("grantor_ref", Text), Column("head_ref", Text), Column("continues_ref", Text),
    Column("continued_by_ref", Text), Column("change", Text), Column("terms_version", WHOLE),
    Column("submitted_at", Instant), Column("sign_by_on", Date), Column("ended_on", Date), Column("ended_how", Text),
    Column("ended_why", Text), Column("location_level", Text), Column("unlisted", Boolean(create_constraint=False)),
    Column("language", Text), Column("source", Text), Column("source_ref", Text), Column("source_fields", Packed),
    Column("created_at", Instant), Column("updated_at", Instant), Column("revision", WHOLE),
    Column("first_on", Date), Column("last_on", Date), Column("check_on", Date),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("permits_checks", "status", "check_on"),
    Index("permits_first", "status", "first_on"),
    Index("permits_last", "status", "last_on"),
    Index("permits_contact", "contact_ref"),
    Index("permits_grantor", "grantor_ref"),
    Index("permits_head", "head_ref"),
    Index("permits_holder", "holder_ref"),
    Index("permits_status", "status", "submitted_at"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "permit_spaces", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    UniqueConstraint("permit_ref", "space_ref"),
    Index("permit_spaces_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "terms", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("version", WHOLE, nullable=False),
    Column("proposed_at", Instant), Column("proposed_by", Text), Column("from_on", Date), Column("starts_on", Date),
    Column("ends_on", Date), Column("hours", Packed), Column("season_from", Text), Column("season_until", Text),
    Column("except_on", Packed), Column("extra_on", Packed), Column("part", Text), Column("uses_permitted", Packed),
    Column("persons_most", WHOLE), Column("noise_limit_db", WHOLE), Column("quiet_from", WHOLE),
    Column("quiet_until", WHOLE), Column("open_to_public", Boolean(create_constraint=False)),
    Column("insurance_required", Boolean(create_constraint=False)), Column("sublet", Text), Column("tenure", Text),
    Column("instrument", Text), Column("cost_model", Text), Column("fee_cents", WHOLE), Column("fee_period", Text),
    Column("deposit_cents", WHOLE), Column("notice_days_holder", WHOLE), Column("notice_days_grantor", WHOLE),
    Column("renew_ask_days", WHOLE), Column("longest_total_days", WHOLE), Column("on_sale", Text),
    Column("conditions", Packed),
    UniqueConstraint("permit_ref", "version"),
    Index("terms_ends", "ends_on"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "claims", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False), Column("space_id", WHOLE, nullable=False),
    Column("head_id", WHOLE, nullable=False), Column("from_minute", WHOLE, nullable=False),
    Column("until_minute", WHOLE, nullable=False), Column("on_day", Date, nullable=False),
    Index("claims_free", "space_id", "head_id", "from_minute", "until_minute"),
    Index("claims_ref", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "assents", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("terms_version", WHOLE, nullable=False),
    Column("sha256", Text, nullable=False), Column("owner_ref", Text),
    Column("says_yes", Boolean(create_constraint=False)), Column("because", Text), Column("how", Text),
    Column("by", Text), Column("document", Text), Column("at", Instant),
    Index("assents_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "decisions", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("kind", Text, nullable=False), Column("on", Date),
    Column("by", Text), Column("because", Text), Column("terms_version", WHOLE), Column("sha256", Text),
    Column("snapshot", Packed), Column("sent_on", Date), Column("object_until_on", Date), Column("document", Text),
    Column("at", Instant),
    Index("decisions_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "signatures", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("sha256", Text, nullable=False),
    Column("party", Text, nullable=False), Column("person_ref", Text), Column("name", Text),
    Column("role_said", Text), Column("how", Text), Column("signed_on", Date), Column("document", Text),
    Column("at", Instant),
    UniqueConstraint("permit_ref", "sha256", "party"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "handovers", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("way", Text, nullable=False), Column("on", Date),
    Column("present", Text), Column("keys", Packed), Column("meters", Packed), Column("condition_text", Text),
    Column("photos", Packed), Column("remarks_holder", Text), Column("remarks_grantor", Text),
    Column("agreed_by_holder_at", Instant), Column("agreed_by_grantor_at", Instant),
    Column("deposit_returned_cents", WHOLE), Column("by", Text), Column("at", Instant),
    Index("handovers_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "afterlives", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("outcome", Text), Column("moved_to_ref", Text),
    Column("moved_to_text", Text), Column("note", Text), Column("on", Date), Column("by", Text),
    Column("at", Instant),
    Index("afterlives_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip
Table(
    "condition_looks", _NEW, Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("permit_ref", Text, nullable=False), Column("terms_version", WHOLE, nullable=False),
    Column("number", WHOLE, nullable=False), Column("on_day", Date, nullable=False), Column("by", Text),
    Column("kept", Boolean(create_constraint=False)), Column("note", Text), Column("at", Instant, nullable=False),
    Index("condition_looks_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

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


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    _NEW.create_all(con)
    if con.dialect.name == "sqlite":
        con.exec_driver_sql(_FREE.strip())
        con.exec_driver_sql(_KEPT)
    else:
        con.exec_driver_sql(_EXCLUDED.strip())
    counter = "INSERT INTO counters (noun, last) VALUES ('permit', 0)"
    con.exec_driver_sql(counter)
