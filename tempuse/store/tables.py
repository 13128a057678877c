"""The tables, the same on both engines. The nouns' columns are made from the nouns' own fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Column, Date, Double, Index, MetaData, Table, Text, UniqueConstraint, event, text

from tempuse.agreements import Afterlife, Assent, Decision, Handover, Signature
from tempuse.areas import Area
from tempuse.fields import Noun, fields_of
from tempuse.imports import Import
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.permits import Permit
from tempuse.publication import QUERYABLES
from tempuse.refs import called
from tempuse.reports import Report
from tempuse.spaces import Period, Space
from tempuse.store.types import COLUMN_TYPES, GEOMETRY, QUERYABLE_TYPES, WHOLE, Instant, Packed
from tempuse.terms import Terms

metadata = MetaData()
# The nouns whose fields are columns here, in the order of their tables.
DECLARED: list[Noun] = []


def _id() -> Column[int]:
    return Column("id", WHOLE, primary_key=True, autoincrement=True)


def _geom() -> Column[Any]:
    return Column("geometry", GEOMETRY)


def _columns(noun: Noun) -> list[Column[Any]]:
    """A noun's columns, as its fields are declared."""
    DECLARED.append(noun)
    return [
        Column(name, COLUMN_TYPES[about["kind"]], nullable=not about.get("needed"))
        for name, about in fields_of(noun).items()
    ]


spaces = Table(
    "spaces", metadata, _id(), *_columns(Space),
    UniqueConstraint("ref"),
    Index("spaces_source", "source", "source_ref", unique=True),
    Index("spaces_district", "district_ref"),
    Index("spaces_within", "within_ref"),
    Index("spaces_consent", "consent", "consent_on"),
    # What the office counts and sorts by, so that its pages are as quick with a million spaces.
    Index("spaces_standing", "status", "occupancy", "available_until", "vacant_since"),
    Index("spaces_checked", "checked_on"),
    Index("spaces_name", "name"),
    Index("spaces_placeless", "id", sqlite_where=text("geometry IS NULL"), postgresql_where=text("geometry IS NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip

periods = Table(
    "periods", metadata, _id(),
    Column("space_ref", Text, nullable=False),
    *_columns(Period),
    Index("periods_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

areas = Table(
    "areas", metadata, _id(), *_columns(Area),
    UniqueConstraint("ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

reports = Table(
    "reports", metadata, _id(), *_columns(Report),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("reports_status", "status"),
    Index("reports_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# A form that comes twice, known by its token, makes one thing; some days later nobody sends it again.
sent_forms = Table(
    "sent_forms", metadata, _id(),
    Column("noun", Text, nullable=False), Column("token", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("noun", "token"),
    Index("sent_forms_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

permits = Table(
    "permits", metadata, _id(), *_columns(Permit),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("permits_status", "status", "submitted_at"),
    Index("permits_holder", "holder_ref"),
    Index("permits_grantor", "grantor_ref"),
    Index("permits_contact", "contact_ref"),
    Index("permits_head", "head_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# For which spaces a permit was asked, so that those of a space are found.
permit_spaces = Table(
    "permit_spaces", metadata, _id(),
    Column("permit_ref", Text, nullable=False), Column("space_ref", Text, nullable=False),
    UniqueConstraint("permit_ref", "space_ref"),
    Index("permit_spaces_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Versions; a row is never changed.
terms = Table(
    "terms", metadata, _id(), *_columns(Terms),
    UniqueConstraint("permit_ref", "version"),
    Index("terms_ends", "ends_on"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Whose a space is in which minutes of the city's clock: an index of what was decided. ``ref`` is the permit's;
# ``head_id`` is 0 for what the city gives, else the row of the permit within which it is given. Two claims of one
# space and head never meet; a row is never changed, and a claim that is cut is written anew.
claims = Table(
    "claims", metadata, _id(),
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
for _statement, _engine in ((_FREE, "sqlite"), (_KEPT, "sqlite"), (_EXCLUDED, "postgresql")):
    _written: Any = DDL(_statement.strip())  # type: ignore[no-untyped-call]
    event.listen(claims, "after_create", _written.execute_if(dialect=_engine))

assents = Table(
    "assents", metadata, _id(), *_columns(Assent),
    Index("assents_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

decisions = Table(
    "decisions", metadata, _id(), *_columns(Decision),
    Index("decisions_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

signatures = Table(
    "signatures", metadata, _id(), *_columns(Signature),
    UniqueConstraint("permit_ref", "sha256", "party"),
    sqlite_autoincrement=True,
)  # fmt: skip

handovers = Table(
    "handovers", metadata, _id(), *_columns(Handover),
    Index("handovers_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

afterlives = Table(
    "afterlives", metadata, _id(), *_columns(Afterlife),
    Index("afterlives_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Whether the conditions of a version of the terms were kept, each by its number from 0; the last look counts.
condition_looks = Table(
    "condition_looks", metadata, _id(),
    Column("permit_ref", Text, nullable=False), Column("terms_version", WHOLE, nullable=False),
    Column("number", WHOLE, nullable=False), Column("on_day", Date, nullable=False), Column("by", Text),
    Column("kept", COLUMN_TYPES["flag"]), Column("note", Text), Column("at", Instant, nullable=False),
    Index("condition_looks_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

people = Table(
    "people", metadata, _id(),
    Column("ref", Text, nullable=False), Column("name", Text), Column("email", Text, nullable=False),
    Column("language", Text),
    Column("added_at", Instant), Column("ended_at", Instant),
    UniqueConstraint("ref"), UniqueConstraint("email"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What people are: in the whole register, or over one named thing; what they are no longer has an end. Who was invited
# is nothing yet: ``confirmed_at`` says when they said yes.
memberships = Table(
    "memberships", metadata, _id(),
    Column("person_ref", Text, nullable=False), Column("role", Text, nullable=False),
    Column("over_noun", Text), Column("over_ref", Text),
    Column("since", Instant, nullable=False), Column("ended_at", Instant),
    Column("invited_at", Instant), Column("invited_by", Text), Column("confirmed_at", Instant),
    Index("memberships_person", "person_ref"),
    Index("memberships_over", "over_noun", "over_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

organisations = Table(
    "organisations", metadata, _id(), *_columns(Organisation),
    UniqueConstraint("ref"),
    Index("organisations_name", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What happened: who, when, what, why. Never deleted, and updated only to erase what tells of a person.
events = Table(
    "events", metadata, _id(),
    Column("at", Instant, nullable=False), Column("actor", Text, nullable=False), Column("person_ref", Text),
    Column("noun", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("what", Text, nullable=False), Column("status", Text), Column("changes", Packed),
    Column("note", Text), Column("import_ref", Text),
    Index("events_ref", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

imports = Table(
    "imports", metadata, _id(), *_columns(Import),
    UniqueConstraint("ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Letters that an event wrote, in its own transaction: to whom by ref, about what by refs; neither an address nor a
# secret. They are worded when they are delivered. ``key`` names the event: it writes one letter.
letters = Table(
    "letters", metadata, _id(),
    Column("key", Text, nullable=False), Column("template", Text, nullable=False), Column("language", Text),
    Column("to_noun", Text, nullable=False), Column("to_ref", Text, nullable=False), Column("refs", Packed),
    Column("message_id", Text, nullable=False), Column("written_at", Instant, nullable=False),
    Column("status", Text, nullable=False), Column("due_at", Instant, nullable=False), Column("tries", WHOLE),
    Column("taken_until", Instant), Column("tried_at", Instant), Column("ended_at", Instant), Column("problem", Text),
    UniqueConstraint("key"),
    Index("letters_due", "status", "due_at"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Long work that somebody began: what it is, where it stands, what was chosen. Its files, how far it is just now and
# the wish to stop it lie in a folder of TEMPUSE_HOME: they change while the register is being written.
jobs = Table(
    "jobs", metadata, _id(),
    Column("key", Text, nullable=False), Column("kind", Text, nullable=False), Column("state", Text, nullable=False),
    Column("step", WHOLE, nullable=False), Column("person_ref", Text), Column("actor", Text),
    Column("begun_at", Instant, nullable=False), Column("moved_at", Instant, nullable=False),
    Column("version", Text, nullable=False), Column("tries", WHOLE), Column("about", Packed), Column("problem", Packed),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)  # fmt: skip

settings = Table("settings", metadata, _id(), Column("name", Text), Column("value", Text), UniqueConstraint("name"))

# The last number given to each noun; refs are never used twice.
counters = Table("counters", metadata, _id(), Column("noun", Text), Column("last", WHOLE), UniqueConstraint("noun"))

# One row: the number of the last change, by which every reader knows what it has not seen yet; who the register
# is, new whenever one is made or brought back; the home it belongs to; when it was last decided what the public
# sees; since when the calendar is held, because the clock leapt.
register_state = Table(
    "register_state", metadata, _id(),
    Column("seq", WHOLE), Column("made_at", Instant), Column("made_by", Text),
    Column("register_id", Text), Column("home_id", Text), Column("decided_at", Instant),
    Column("clock_held_at", Instant),
)  # fmt: skip

# What the public may see, and nothing else (architecture, decision 5). ``key`` is a Morton key with a
# sequence, so that neighbours on the ground are neighbours on the disk; lon and lat are where the map index
# holds the row: inside the exact shape, the middle of the cell, or the district's anchor.
_FOUND_BY = [Column(each.name, QUERYABLE_TYPES[each.kind]) for each in QUERYABLES.values()]
# So many were there from the beginning; what came later stands at the end, where an upgrade puts it.
_FIRST = 10
published = Table(
    "published", metadata,
    Column("key", WHOLE, primary_key=True, autoincrement=False),
    Column("collection", Text, nullable=False), Column("ref", Text, nullable=False),
    _geom(), Column("feature", Text, nullable=False),
    Column("lon", Double), Column("lat", Double), *_FOUND_BY[:_FIRST],
    Column("next_change_at", Instant), Column("seq", WHOLE, nullable=False), *_FOUND_BY[_FIRST:],
    UniqueConstraint("collection", "ref"),
    Index("published_seq", "seq"),
    Index("published_next_change", "next_change_at"),
)  # fmt: skip

# What left ``published``, so that a reader who has seen it can forget it.
unpublished = Table(
    "unpublished", metadata, _id(),
    Column("seq", WHOLE, nullable=False),
    Column("collection", Text, nullable=False), Column("ref", Text, nullable=False),
    Index("unpublished_seq", "seq"),
    sqlite_autoincrement=True,
)  # fmt: skip

GEOMETRY_TABLES = {"spaces": "id", "areas": "id", "reports": "id", "published": "key"}
_RECORDS = {
    Space: spaces, Area: areas, Report: reports, Person: people, Import: imports, Organisation: organisations,
    Permit: permits,
}  # fmt: skip
# Every noun with refs, and where its records lie.
NOUNS = {called(declared): table for declared, table in _RECORDS.items()}
