"""Permits by the hundred thousand for a large register of spaces.

    tempuse demo big --spaces 100000 --no-serve
    python -m tests.bench.large_permits big/demo.gpkg

Ten years of them: most are over, a sixth runs or is agreed, some are asked for; one space in twenty is shared by
hours, so that three hundred thousand permits have about two million claims. Everything that a permit brings along is
there: terms, claims, the owner's word, decisions with what their papers are made of, signatures, keys, what came after,
events, letters, groups and their contacts. It is written in bulk, and ``tempuse check`` finds nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Boolean, Date, Table, select
from sqlalchemy.engine import Connection

from tempuse.agreements import Afterlife, Assent, Decision, Handover, Signature
from tempuse.occurrences import occurrences
from tempuse.organisations import Organisation
from tempuse.permit_kinds import DEFAULT
from tempuse.permits import Permit
from tempuse.refs import ref_of
from tempuse.registry import publishing
from tempuse.settings import Settings
from tempuse.store import permit_tables as tables
from tempuse.store import schema
from tempuse.store.common import get_settings, load, next_number, renew_statistics
from tempuse.store.engine import open_register, writing
from tempuse.store.gpkg import without_triggers
from tempuse.store.records import Records
from tempuse.store.tables import events, letters, memberships, organisations, people, spaces
from tempuse.store.types import Instant, Packed, instant_text
from tempuse.terms import Hours, Terms, TermsCondition, digest
from tempuse.vocabulary import UseCategory
from tests.bench.permit_plans import CLAIMED, SEED, Place, Plan, plans

BATCH = 4000
CACHE_KB = 800_000
GROUPS, OWNERS = 20_000, 400
PLANNER = "Ilse Maes"
LETTERS_KEPT = timedelta(days=90)
_WORDS = (
    "Repair café",
    "Choir",
    "Studio",
    "Food bank",
    "Theatre group",
    "Wood workshop",
    "Neighbours’ garden",
    "Fablab",
)
_CONDITIONS: tuple[TermsCondition, ...] = (
    TermsCondition(text="The way out stays free at all times.", key="way_out", because="Fire safety."),
    TermsCondition(text="After ten in the evening it is quiet in the yard.", key="quiet"),
)
_OUTCOMES = ("ended_as_planned", "ended_as_planned", "moved", "rebuilt", "re_let", "empty_again", "unknown")


def _converter(column: Any) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Packed | Instant):
        kind = column.type
        if isinstance(kind, Instant):
            return lambda value: None if value is None else instant_text(value)
        return lambda value: kind.process_bind_param(value, None)  # type: ignore[arg-type]
    if isinstance(column.type, Date):
        return lambda value: None if value is None else value.isoformat()
    return bool if isinstance(column.type, Boolean) else None


class Bulk:
    """The rows of some tables, collected, and written together as plain values."""

    def __init__(self, con: Connection) -> None:
        self.con = con
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._about: dict[str, tuple[Table, tuple[str, ...], tuple[Callable[[Any], Any] | None, ...]]] = {}

    def add(self, table: Table, values: dict[str, Any]) -> None:
        """One row by the names of its columns; each row of a table has the same."""
        if table.name not in self._about:
            names = tuple(values)
            self._about[table.name] = table, names, tuple(_converter(table.c[name]) for name in names)
        _, names, converters = self._about[table.name]
        self._rows.setdefault(table.name, []).append(
            tuple(value if to is None else to(value) for to, value in zip(converters, values.values(), strict=True))
        )

    def put(self, records: Records[Any], record: Any) -> None:
        """One record of a noun."""
        self.add(records.table, records.values_of(record))

    def write(self) -> None:
        """Write what was collected."""
        for name, some in self._rows.items():
            table, names, _ = self._about[name]
            load(self.con, table, names, some)
        self._rows = {}


@dataclass(slots=True)
class Maker:
    """Writes permits with all that they bring along."""

    bulk: Bulk
    random: Random
    settings: Settings
    now: datetime
    today: date
    groups: int
    owners: int
    contacts: int

    def write(self, number: int, row_id: int, plan: Plan, place: Place) -> None:
        """One permit with its ref's number and its row."""
        ref, group = ref_of("permit", number), self.random.randrange(GROUPS)
        holder, contact = ref_of("organisation", self.groups + group), ref_of("person", self.contacts + group)
        owner = None if place.is_citys else ref_of("organisation", self.owners + place.id % OWNERS)
        title = f"{_WORDS[group % len(_WORDS)]} {group}"
        asked_at = self._at(plan.asked_on, 9)
        terms = self._terms(ref, plan, asked_at)
        is_draft, decided = plan.status == "draft", self._decided(plan)
        permit = Permit(
            ref=ref, status=plan.status, space_refs=(place.ref,), title=title, holder_ref=None if is_draft else holder,
            use_categories=(list(UseCategory)[group % len(UseCategory)].value,), holder_name=title, contact_ref=contact,
            purpose="We meet, mend and build; everybody from the quarter may come and learn, and nothing is sold.",
            private_text="Please ring in the morning.", persons=10 + group % 90, grantor_ref=owner,
            confirmed_at=None if is_draft else asked_at, submitted_at=None if is_draft else asked_at,
            sign_by_on=decided + timedelta(days=DEFAULT.sign_days) if plan.status in CLAIMED else None,
            created_at=asked_at, updated_at=asked_at, revision=6,
        )  # fmt: skip
        self.bulk.add(tables.permits, {"id": row_id, **_PERMITS.values_of(permit)})
        self.bulk.add(tables.permit_spaces, {"permit_ref": ref, "space_ref": place.ref})
        self.bulk.put(_TERMS, terms)
        self._event(ref, plan.asked_on, "draft", "draft", title)
        if not is_draft:
            self._event(ref, plan.asked_on, "submit", "submitted", title)
            self._course(permit, terms, plan, place, decided)

    def _terms(self, ref: str, plan: Plan, asked_at: datetime) -> Terms:
        hours = (Hours(weekdays=plan.weekdays, from_minute=19 * 60, until_minute=22 * 60),) if plan.weekdays else ()
        conditions = _CONDITIONS
        if self.random.random() < 0.2:
            looked = TermsCondition(text="The extinguishers are looked at.", check_on=plan.starts_on)
            conditions = (*_CONDITIONS, looked)
        return Terms(
            permit_ref=ref, proposed_at=asked_at, proposed_by="Ada", starts_on=plan.starts_on, ends_on=plan.ends_on,
            hours=hours, persons_most=60, open_to_public=True, conditions=conditions, cost_model="running_costs",
        )  # fmt: skip

    def _decided(self, plan: Plan) -> date:
        return min(plan.asked_on + timedelta(days=self.random.randint(1, 13)), self.today)

    def _course(self, permit: Permit, terms: Terms, plan: Plan, place: Place, decided: date) -> None:
        """What happened to it since it was asked for."""
        ref, status = permit.ref, plan.status
        if status == "submitted":
            return
        if status == "withdrawn":
            self._event(ref, decided, "withdraw", status, "Ada")
            return
        self._event(ref, decided, "take_up", "under_review")
        if status == "information_requested":
            self._event(ref, decided, "ask", status)
        if status in ("under_review", "information_requested"):
            return
        sha256 = digest(terms, permit.space_refs, permit.holder_ref)
        if status == "refused":
            self._event(ref, decided, "refuse", status)
            self._decision(permit, terms, sha256, "refuse", decided)
            return
        self.bulk.put(_ASSENTS, Assent(
            permit_ref=ref, sha256=sha256, owner_ref=permit.grantor_ref, says_yes=True, how="letter", by="The owner",
            at=self._at(decided, 10),
        ))  # fmt: skip
        self._event(ref, decided, "approve", "approved")
        self._decision(permit, terms, sha256, "grant", decided)
        if status == "revoked":
            self._event(ref, decided, "revoke", status)
            self._decision(permit, terms, sha256, "revoke", decided)
            return
        for each in occurrences(terms):
            self.bulk.add(tables.claims, {
                "ref": ref, "space_id": place.id, "head_id": 0, "from_minute": each.from_minute,
                "until_minute": each.until_minute, "on_day": each.on,
            })  # fmt: skip
        if status != "approved":
            self._agreed(permit, sha256, plan, decided)

    def _agreed(self, permit: Permit, sha256: str, plan: Plan, decided: date) -> None:
        ref = permit.ref
        for party, name in (("holder", "Ada"), ("grantor", "The mayor")):
            self.bulk.put(_SIGNATURES, Signature(
                permit_ref=ref, sha256=sha256, party=party, name=name, how="paper", signed_on=decided,
                at=self._at(decided, 11),
            ))  # fmt: skip
            self._event(ref, decided, "signature", "approved")
        self._event(ref, decided, "sign", "signed")
        if plan.status == "signed":
            return
        ways = [("over", plan.starts_on)] + ([("back", plan.ends_on)] if plan.status == "handed_back" else [])
        for way, on in ways:
            self.bulk.put(_HANDOVERS, Handover(
                permit_ref=ref, way=way, on=on, present="Ada", keys=({"label": "front door", "count": 2},),
                meters=({"kind": "power", "number": "A1", "reading": 1200, "unit": "kWh"},), by=PLANNER,
                condition_text="Swept and dry.", at=self._at(on, 15),
            ))  # fmt: skip
            self._event(ref, on, f"hand_{way}", f"handed_{way}")
        if plan.status == "handed_back":
            outcome = _OUTCOMES[self.random.randrange(len(_OUTCOMES))]
            self.bulk.put(_AFTERLIVES, Afterlife(
                permit_ref=ref, outcome=outcome, on=plan.ends_on, by=PLANNER, at=self._at(plan.ends_on, 16)
            ))  # fmt: skip
            self._event(ref, plan.ends_on, "afterlife", plan.status)

    def _decision(self, permit: Permit, terms: Terms, sha256: str, kind: str, on: date) -> None:
        said = {
            "municipality": self.settings.municipality, "site_name": self.settings.site_name, "permit": permit.ref,
            "contact": {"email": "office@town.example", "phone": "+32 2 555 00 00", "address": "Market 1"},
            "currency": "EUR", "languages": ["en"], "language": "en", "kind": permit.kind, "kind_title": DEFAULT.title,
            "title": permit.title, "purpose": permit.purpose, "use_categories": permit.use_categories, "persons": 20,
            "holder": {"ref": permit.holder_ref, "name": permit.holder_name, "address": "Mill Street 3"},
            "grantor": {"ref": permit.grantor_ref, "name": self.settings.municipality, "address": None},
            "spaces": [{"ref": each, "name": "Workshop", "address": "Mill Street 7"} for each in permit.space_refs],
            "terms": {name: getattr(terms, name) for name in _TERMS.names}, "sha256": sha256,
        }  # fmt: skip
        self.bulk.put(_DECISIONS, Decision(
            permit_ref=permit.ref, kind=kind, on=on, by=PLANNER, because=None if kind == "grant" else "No.",
            sha256=sha256, snapshot=said, sent_on=on, object_until_on=on + timedelta(days=30), at=self._at(on, 10),
        ))  # fmt: skip

    def _event(self, ref: str, on: date, what: str, status: str, actor: str = PLANNER) -> None:
        at = self._at(on, 12)
        self.bulk.add(events, {
            "at": at, "actor": actor, "noun": "permit", "ref": ref, "what": what, "status": status,
            "changes": {"status": [None, status]}, "note": None,
        })  # fmt: skip
        if self.now - at < LETTERS_KEPT:
            self.bulk.add(letters, {
                "key": f"permit_{what} {ref} {at.isoformat()} {self.random.random()}", "template": "permit_received",
                "language": "en", "to_noun": "person", "to_ref": ref_of("person", self.contacts),
                "refs": {"permit": ref}, "permit_ref": ref,
                "message_id": f"<{ref}.{what}.{self.random.random()}@town.example>", "written_at": at, "status": "sent",
                "due_at": at, "tries": 0, "tried_at": at, "ended_at": at,
            })  # fmt: skip

    def _at(self, on: date, hour: int) -> datetime:
        return min(datetime(on.year, on.month, on.day, hour, tzinfo=UTC), self.now)


_PERMITS, _TERMS = Records(tables.permits, Permit, "permit"), Records(tables.terms, Terms, "terms")
_ASSENTS, _DECISIONS = Records(tables.assents, Assent, "assent"), Records(tables.decisions, Decision, "decision")
_SIGNATURES = Records(tables.signatures, Signature, "signature")
_HANDOVERS = Records(tables.handovers, Handover, "handover")
_AFTERLIVES = Records(tables.afterlives, Afterlife, "afterlife")
_ORGANISATIONS = Records(organisations, Organisation, "organisation")


def _organisations(con: Connection, bulk: Bulk, now: datetime) -> tuple[int, int, int]:
    """Groups, each with a confirmed contact, and owners; the first number of each, and of the contacts."""
    groups, owners = next_number(con, "organisation", GROUPS), next_number(con, "organisation", OWNERS)
    contacts = next_number(con, "person", GROUPS)
    for number in range(GROUPS):
        ref, person = ref_of("organisation", groups + number), ref_of("person", contacts + number)
        name = f"{_WORDS[number % len(_WORDS)]} {number}"
        bulk.put(_ORGANISATIONS, Organisation(
            ref=ref, kinds=("initiative",), name=name, name_public=number % 2 == 0, created_at=now, updated_at=now
        ))  # fmt: skip
        bulk.add(people, {
            "ref": person, "name": f"Contact {number}", "email": f"c{number}@group.example", "language": "en",
            "added_at": now,
        })  # fmt: skip
        bulk.add(memberships, {
            "person_ref": person, "role": "contact", "over_noun": "organisation", "over_ref": ref, "since": now,
            "confirmed_at": now,
        })  # fmt: skip
    for number in range(OWNERS):
        bulk.put(_ORGANISATIONS, Organisation(
            ref=ref_of("organisation", owners + number), kinds=("owner",), name=f"Owner {number}",
            email=f"o{number}@owner.example", created_at=now, updated_at=now,
        ))  # fmt: skip
    bulk.write()
    return groups, owners, contacts


# What ``store.permits`` writes with each permit.
_DAYS = """
UPDATE permits SET
  first_on = (SELECT starts_on FROM terms t WHERE t.permit_ref = permits.ref AND t.version = permits.terms_version),
  last_on = coalesce(ended_on, (SELECT ends_on FROM terms t
                                WHERE t.permit_ref = permits.ref AND t.version = permits.terms_version))
"""


def make_permits(
    con: Connection, count: int, now: datetime, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Fill a register of many spaces with so many permits; then publish what everybody may read of them."""
    c = spaces.c
    with writing(con):
        settings = get_settings(con)
        found = con.execute(select(c.id, c.ref, c.ownership, c.status).order_by(c.id))
        places = [
            Place(row[0], row[1], row[2] == "municipality", row[3] not in ("retired", "withheld")) for row in found
        ]
        today = settings.today(now)
        these = plans(places, count, today)
        bulk = Bulk(con)
        if con.dialect.name == "sqlite":
            con.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KB}")  # so that each page is written once
        with without_triggers(con, "events"):
            maker = Maker(bulk, Random(SEED), settings, now, today, *_organisations(con, bulk, now))
            first, row = next_number(con, "permit", len(these)), _first_row(con, len(these))
            for at, plan in enumerate(these):
                maker.write(first + at, row + at, plan, places[plan.place])
                if at % BATCH == BATCH - 1:
                    bulk.write()
                    progress(at + 1)
            bulk.write()
        con.exec_driver_sql(_DAYS)
        renew_statistics(con)
    with writing(con):
        publishing.decide_all(con, now)
        renew_statistics(con)


def _first_row(con: Connection, count: int) -> int:
    """Take the next row numbers of permits."""
    if con.dialect.name == "sqlite":
        return int(con.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM permits").scalar() or 1)
    table = {"table": f"{schema.of(con)}permits", "count": count}
    query = "SELECT min(nextval(pg_get_serial_sequence(%(table)s, 'id'))) FROM generate_series(1, %(count)s)"
    return int(con.exec_driver_sql(query, table).scalar() or 1)


def counted(con: Connection, names: Iterable[str]) -> str:
    """How many rows some tables have."""
    rows = {name: con.exec_driver_sql(f"SELECT count(*) FROM {schema.of(con)}{name}").scalar() for name in names}
    return ", ".join(f"{count:,} {name}" for name, count in rows.items())


def main() -> None:
    """Make them, and say how many and how long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("register")
    parser.add_argument("--permits", type=int, default=300_000)
    asked = parser.parse_args()
    begun, register = time.perf_counter(), open_register(asked.register)
    with register.connect() as con:
        make_permits(con, asked.permits, datetime.now(UTC))
        took = time.perf_counter() - begun
        print(f"{counted(con, ('permits', 'claims', 'events', 'letters', 'spaces'))} in {took:.0f} s")
        con.rollback()
    register.close()


if __name__ == "__main__":
    main()
