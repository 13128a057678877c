"""The tables, the same on both engines. The nouns' columns are made from the nouns' own fields."""

from __future__ import annotations

from sqlalchemy import Column, Date, Double, Index, Table, Text, UniqueConstraint, text

from tempuse.areas import Area
from tempuse.checks import Check
from tempuse.imports import Import
from tempuse.mandates import Mandate
from tempuse.matches import Match
from tempuse.needs import Need
from tempuse.organisations import Organisation
from tempuse.owner_letters import OwnerLetter
from tempuse.people import Person
from tempuse.permits import Permit
from tempuse.pictures import SpacePicture
from tempuse.publication import QUERYABLES
from tempuse.refs import called
from tempuse.reports import Report
from tempuse.spaces import Period, Space
from tempuse.store.check_tables import checks
from tempuse.store.columns import DECLARED as DECLARED
from tempuse.store.columns import columns, place, row_number
from tempuse.store.columns import metadata as metadata
from tempuse.store.owner_tables import owner_letters
from tempuse.store.permit_tables import permits
from tempuse.store.types import COLUMN_TYPES, QUERYABLE_TYPES, WHOLE, Instant, Packed

ENDED = text("status = 'retired'")
# Spaces whose owners are to be asked and have not been.
TO_ASK = (
    "consent = 'unasked' AND status IN ('verified', 'offered') AND ownership NOT IN ('municipality', 'public_body')"
)

spaces = Table(
    "spaces", metadata, row_number(), *columns(Space),
    UniqueConstraint("ref"),
    Index("spaces_source", "source", "source_ref", unique=True),
    Index("spaces_district", "district_ref"),
    Index("spaces_within", "within_ref"),
    Index("spaces_consent", "consent", "consent_on"),
    # What the office counts and sorts by, so that its pages are as quick with a million spaces.
    Index("spaces_standing", "status", "occupancy", "available_until", "vacant_since"),
    Index("spaces_in_status", "status", "id"),
    Index("spaces_checked", "checked_on"),
    Index("spaces_name", "name"),
    # What the office looks for words in. PostgreSQL's indexes have no room for texts as long as these may be.
    Index("spaces_named", "name", "address", "source_ref", "ref", info={"only": "sqlite"}).ddl_if(dialect="sqlite"),
    Index(
        "spaces_owner", "owner_email", "ref",
        sqlite_where=text("owner_email IS NOT NULL"), postgresql_where=text("owner_email IS NOT NULL"),
    ),
    Index(
        "spaces_word_papers", "consent_document",
        sqlite_where=text("consent_document IS NOT NULL"), postgresql_where=text("consent_document IS NOT NULL"),
    ),
    Index(
        "spaces_to_ask", "owner_email", "owner_name", "ref",
        sqlite_where=text(TO_ASK), postgresql_where=text(TO_ASK),
    ),
    Index("spaces_placeless", "id", sqlite_where=text("geometry IS NULL"), postgresql_where=text("geometry IS NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip

periods = Table(
    "periods", metadata, row_number(),
    Column("space_ref", Text, nullable=False),
    *columns(Period),
    Index("periods_space", "space_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

pictures = Table(
    "space_pictures", metadata, row_number(), *columns(SpacePicture),
    UniqueConstraint("space_ref", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip

areas = Table(
    "areas", metadata, row_number(), *columns(Area),
    UniqueConstraint("ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

reports = Table(
    "reports", metadata, row_number(), *columns(Report),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("reports_status", "status"),
    Index("reports_space", "space_ref"),
    Index("reports_use", "use_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# A form that comes twice, known by its token, makes one thing; some days later nobody sends it again.
sent_forms = Table(
    "sent_forms", metadata, row_number(),
    Column("noun", Text, nullable=False), Column("token", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("noun", "token"),
    Index("sent_forms_at", "at"),
    sqlite_autoincrement=True,
)  # fmt: skip

people = Table(
    "people", metadata, row_number(),
    Column("ref", Text, nullable=False), Column("name", Text), Column("email", Text, nullable=False),
    Column("language", Text),
    Column("added_at", Instant), Column("ended_at", Instant), Column("digest", COLUMN_TYPES["flag"]),
    UniqueConstraint("ref"), UniqueConstraint("email"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What people are: in the whole register, or over one named thing; what they are no longer has an end. Who was invited
# is nothing yet: ``confirmed_at`` says when they said yes.
memberships = Table(
    "memberships", metadata, row_number(),
    Column("person_ref", Text, nullable=False), Column("role", Text, nullable=False),
    Column("over_noun", Text), Column("over_ref", Text),
    Column("since", Instant, nullable=False), Column("ended_at", Instant),
    Column("invited_at", Instant), Column("invited_by", Text), Column("confirmed_at", Instant),
    Index("memberships_person", "person_ref"),
    Index("memberships_over", "over_noun", "over_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

organisations = Table(
    "organisations", metadata, row_number(), *columns(Organisation),
    UniqueConstraint("ref"),
    Index("organisations_name", "name"),
    sqlite_autoincrement=True,
)  # fmt: skip

mandates = Table(
    "mandates", metadata, row_number(), *columns(Mandate),
    UniqueConstraint("ref"),
    Index("mandates_mediator", "mediator_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

needs = Table(
    "needs", metadata, row_number(), *columns(Need),
    UniqueConstraint("ref"), UniqueConstraint("confirm_token"),
    Index("needs_status", "status", "confirmed_on"),
    Index("needs_initiative", "initiative_ref"),
    Index("needs_contact", "contact_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

matches = Table(
    "matches", metadata, row_number(), *columns(Match),
    UniqueConstraint("ref"),
    Index("matches_permit", "permit_ref"),
    Index("matches_need", "need_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What happened: who, when, what, why. Never deleted, and updated only to erase what tells of a person.
events = Table(
    "events", metadata, row_number(),
    Column("at", Instant, nullable=False), Column("actor", Text, nullable=False), Column("person_ref", Text),
    Column("noun", Text, nullable=False), Column("ref", Text, nullable=False),
    Column("what", Text, nullable=False), Column("status", Text), Column("changes", Packed),
    Column("note", Text), Column("import_ref", Text),
    Index("events_ref", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

imports = Table(
    "imports", metadata, row_number(), *columns(Import),
    UniqueConstraint("ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Letters that an event wrote, in its own transaction: to whom by ref, about what by refs; neither an address nor a
# secret. They are worded when they are delivered. ``key`` names the event: it writes one letter.
letters = Table(
    "letters", metadata, row_number(),
    Column("key", Text, nullable=False), Column("template", Text, nullable=False), Column("language", Text),
    Column("to_noun", Text, nullable=False), Column("to_ref", Text, nullable=False), Column("refs", Packed),
    Column("message_id", Text, nullable=False), Column("written_at", Instant, nullable=False),
    Column("status", Text, nullable=False), Column("due_at", Instant, nullable=False), Column("tries", WHOLE),
    Column("taken_until", Instant), Column("tried_at", Instant), Column("ended_at", Instant), Column("problem", Text),
    Column("permit_ref", Text),  # of ``refs``, so that those about a permit are found
    UniqueConstraint("key"),
    Index("letters_due", "status", "due_at"),
    Index("letters_permit", "permit_ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Long work that somebody began: what it is, where it stands, what was chosen. Its files, how far it is just now and
# the wish to stop it lie in a folder of TEMPUSE_HOME: they change while the register is being written.
jobs = Table(
    "jobs", metadata, row_number(),
    Column("key", Text, nullable=False), Column("kind", Text, nullable=False), Column("state", Text, nullable=False),
    Column("step", WHOLE, nullable=False), Column("person_ref", Text), Column("actor", Text),
    Column("begun_at", Instant, nullable=False), Column("moved_at", Instant, nullable=False),
    Column("version", Text, nullable=False), Column("tries", WHOLE), Column("about", Packed), Column("problem", Packed),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)  # fmt: skip

settings = Table(
    "settings", metadata, row_number(), Column("name", Text), Column("value", Text), UniqueConstraint("name")
)

# The last number given to each noun; refs are never used twice.
counters = Table(
    "counters", metadata, row_number(), Column("noun", Text), Column("last", WHOLE), UniqueConstraint("noun")
)

# One row: the number of the last change, by which every reader knows what it has not seen yet; who the register
# is, new whenever one is made or brought back; the home it belongs to; when it was last decided what the public
# sees; since when the calendar is held, because the clock leapt.
register_state = Table(
    "register_state", metadata, row_number(),
    Column("seq", WHOLE), Column("made_at", Instant), Column("made_by", Text),
    Column("register_id", Text), Column("home_id", Text), Column("decided_at", Instant),
    Column("clock_held_at", Instant),
)  # fmt: skip

# What the public may see, and nothing else (architecture, decision 5). ``key`` is a Morton key with a
# sequence, so that neighbours on the ground are neighbours on the disk; lon and lat are where the map index
# holds the row: inside the exact shape, the middle of the cell, or the district's anchor.
# Those of 0005 stand behind all others, where an upgrade puts them.
_LATER = ("facts", "words", "within_ref")
_FOUND_BY = [
    Column(name, QUERYABLE_TYPES[QUERYABLES[name].kind])
    for name in [*(name for name in QUERYABLES if name not in _LATER), *_LATER]
]
# So many were there from the beginning; what came later stands at the end, where an upgrade puts it.
_FIRST = 10
published = Table(
    "published", metadata,
    Column("key", WHOLE, primary_key=True, autoincrement=False),
    Column("collection", Text, nullable=False), Column("ref", Text, nullable=False),
    place(), Column("feature", Text, nullable=False),
    Column("lon", Double), Column("lat", Double), *_FOUND_BY[:_FIRST],
    Column("next_change_at", Instant), Column("seq", WHOLE, nullable=False), *_FOUND_BY[_FIRST:],
    UniqueConstraint("collection", "ref"),
    Index("published_seq", "seq"),
    Index("published_next_change", "next_change_at"),
    Index("published_uses", "use_state", "begins"),
    Index("published_ended", "collection", sqlite_where=ENDED, postgresql_where=ENDED),
)  # fmt: skip

# What left ``published``, so that a reader who has seen it can forget it.
unpublished = Table(
    "unpublished", metadata, row_number(),
    Column("seq", WHOLE, nullable=False),
    Column("collection", Text, nullable=False), Column("ref", Text, nullable=False),
    Index("unpublished_seq", "seq"),
    sqlite_autoincrement=True,
)  # fmt: skip

# The private address of a calendar that counts: of an organisation, or of a person of the office. What proves it is
# made with the house's key and stands nowhere.
calendars = Table(
    "calendars", metadata, row_number(),
    Column("noun", Text, nullable=False), Column("ref", Text, nullable=False), Column("number", WHOLE, nullable=False),
    Column("given_at", Instant), Column("ended_at", Instant),
    UniqueConstraint("noun", "ref"),
    sqlite_autoincrement=True,
)  # fmt: skip

# What somebody wants to hear of, and what began to fit. Whoever holds a link is known by its fingerprint alone.
watches = Table(
    "watches", metadata, row_number(),
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

watch_hits = Table(
    "watch_hits", metadata, row_number(),
    Column("watch_id", WHOLE, nullable=False), Column("space_ref", Text, nullable=False),
    Column("episode", WHOLE, nullable=False), Column("tier", WHOLE, nullable=False),
    Column("met_seq", WHOLE, nullable=False), Column("met_at", Instant, nullable=False), Column("told_at", Instant),
    Column("letter_key", Text), Column("left_at", Instant),
    UniqueConstraint("watch_id", "space_ref", "episode"),
    Index("watch_hits_space", "space_ref"),
    Index("watch_hits_told", "told_at", "watch_id"),
    sqlite_autoincrement=True,
)  # fmt: skip

GEOMETRY_TABLES = {"spaces": "id", "areas": "id", "reports": "id", "published": "key"}
_RECORDS = {
    Space: spaces, Area: areas, Report: reports, Person: people, Import: imports, Organisation: organisations,
    Permit: permits, Check: checks, Mandate: mandates, Need: needs, Match: matches,
    OwnerLetter: owner_letters,
}  # fmt: skip
# Every noun with refs, and where its records lie.
NOUNS = {called(declared): table for declared, table in _RECORDS.items()}
