"""Makes the register of today's version that is kept in the tests: ``python -m tests.keep_register``.

Run it once, by the last commit of a version and before the schema changes: it writes ``data/register-NNNN.zip`` and
``data/register-NNNN.sql.gz``, where NNNN is the version that the program reads. The tests of the upgrade run from every
version before the newest. What a later version has one more of (a noun, a status) belongs into ``fill``, before that.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import shapely

from tempuse.access import PUBLIC, SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations, people, reports, setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import backups
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.reports import Report
from tempuse.spaces import Period
from tempuse.store import accounts, attachments, schema
from tempuse.store.engine import Connection, Register, open_register
from tempuse.vocabulary import (
    OFFICE_ROLES,
    PARTS,
    AreaKind,
    LocationLevel,
    Occupancy,
    ReportKind,
    SpaceKind,
    SpaceStatus,
)
from tests import kept, kept_permits, kept_seekers, postgres
from tests.builders import HERE, a_district, a_place, a_space, an_outline, several_spaces
from tests.registry.test_imports import HEAD, a_list, a_row, bring
from web import config

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
_TOWN = shapely.box(HERE[0] - 0.1, HERE[1] - 0.1, HERE[0] + 0.1, HERE[1] + 0.1)


def fill(register: Register, now: datetime) -> None:
    """One of everything: each kind and status of each noun, what hangs on them, and what happened to them."""
    config.secret_key(register.home)
    logo = attachments.put(register.home, b"\x89PNG\r\n\x1a\n of a town", "png")
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        setup.adopt_home(con, SYSTEM, register.home, now)
        setup.change_settings(con, SYSTEM, {
            "municipality": "Rivermouth", "country": "BE", "private_rule": "objection", "publish_from": "verified",
            "report_contact_days": "30", "logo": f"/logo/{logo}", "languages": "nl, en",
        }, now)  # fmt: skip
        _areas(con, now)
        _spaces(con, now)
        _reports(con, now)
        _imports(con, now)
        _people(con, register, now)
        _organisations(con, now)
        kept_permits.fill(con, now)
        kept_seekers.fill(con, register, now)


def _areas(con: Connection, now: datetime) -> None:
    for kind in AreaKind:
        outline = _TOWN if kind is AreaKind.MUNICIPALITY else an_outline(0.001, side=0.003)
        load_areas(con, SYSTEM, kind, [a_district(kind.label)], now)
        load_areas(con, SYSTEM, kind, [a_district(kind.label), a_district("Later", west=3.75)], now)
        area = a_district(kind.label)
        area.geometry = outline if kind is not AreaKind.DISTRICT else area.geometry
        load_areas(con, SYSTEM, kind, [area], now + timedelta(minutes=1))  # changed, and the later one retired


def _spaces(con: Connection, now: datetime) -> None:
    for number, status in enumerate(SpaceStatus):
        ended = {"retired_on": date(2026, 1, 31), "retired_why": "sold"} if status == SpaceStatus.RETIRED else {}
        for kind in SpaceKind:
            add_space(con, SYSTEM, a_space(name=f"{kind} {status}", kind=kind.value, status=status.value,
                                           geometry=a_place(0.001 * number), **ended), now)  # fmt: skip
    for level in LocationLevel:
        add_space(con, SYSTEM, a_space(name=f"level {level}", location_level=level.value, geometry=an_outline()), now)
    for occupancy in Occupancy:
        add_space(con, SYSTEM, a_space(name=f"occupancy {occupancy}", occupancy=occupancy.value), now)
    for space in several_spaces():
        add_space(con, SYSTEM, space, now)
    past = [
        Period(starts_on=date(2019, 5, 1), ends_on=date(2020, 4, 30), precision="month", title="Night market"),
        Period(title="A choir", what_came="It became a school", source="neighbours"),
    ]
    hall = add_space(con, SYSTEM, a_space(name="Hall with a past"), now, past=past, note="by hand", form_token="f1")
    hidden = add_space(con, SYSTEM, a_space(name="Hall that is withheld", location_level="cell"), now)
    for name, within in (("Shop", hall), ("Back room", hidden)):
        add_space(con, SYSTEM, a_space(name=name, kind="unit", within_ref=within), now)
    add_space(con, SYSTEM, a_space(name="Released later", location_level="cell",
                                   location_release_on=date(2027, 1, 1)), now)  # fmt: skip
    add_space(con, SYSTEM, a_space(name="In its notice", ownership="company", consent="notified",
                                   consent_on=date(2026, 11, 20)), now)  # fmt: skip
    edit_space(con, SYSTEM, hall, {"water": True, "heating": False, "geometry": an_outline()}, now)
    for move in ("withhold", "release", "offer", "close", "doubt", "verify", "withhold"):
        move_space(con, SYSTEM, hidden, move, now, note=f"why {move}")
    gone = add_space(con, SYSTEM, a_space(name="Gone and back", source="list", source_ref="G"), now)
    move_space(con, SYSTEM, gone, "retire", now, retired_on=date(2026, 3, 1), note="sold")
    move_space(con, SYSTEM, gone, "reinstate", now)


def _reports(con: Connection, now: datetime) -> None:
    told = [
        Report(kind=kind.value, space_kind="unit", geometry=a_place(), address="9 Quay Lane", since="Since spring",
               text="The baker left.", contact=f"jo{number}@example.org", contact_consent=True, language="nl",
               space_ref=None if kind in (ReportKind.VACANT, ReportKind.OFFER) else "SP-0001",
               sender_name="Jo", level="cell", wish="less" if kind == ReportKind.OWNER else None)
        for number, kind in enumerate([*ReportKind, ReportKind.VACANT, ReportKind.VACANT])
    ]  # fmt: skip
    sent = [reports.send_report(con, PUBLIC, report, now, f"form {number}") for number, report in enumerate(told)]
    reports.expect_secret(con, SYSTEM, sent[0].report.ref, "a secret in a link")
    reports.confirm_report(con, PUBLIC, "a secret in a link", now)
    refs = [each.report.ref for each in sent]
    reports.judge_report(con, SYSTEM, refs[1], "join", now, space_ref="SP-0002")
    reports.judge_report(con, SYSTEM, refs[2], "answer", now, answer="Somebody is in it.")
    reports.judge_report(con, SYSTEM, refs[3], "make", now, space=a_space(name="Told by Jo"))
    reports.judge_report(con, SYSTEM, refs[4], "answer", now, answer="A slip.")
    reports.judge_report(con, SYSTEM, refs[4], "reopen", now)
    reports.send_report(con, PUBLIC, Report(kind="vacant", address="Old street 1", contact="old@example.org",
                                            contact_consent=True), now - timedelta(days=40))  # fmt: skip
    reports.blank_contacts(con, SYSTEM, now)


def _imports(con: Connection, now: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [a_row(number) for number in range(1, 5)]
        rows[1][5], rows[2][6], rows[3][3] = "many", "perhaps", ""
        for again in (rows, [*rows[:2], a_row(3, floor=999)]):
            path = a_list(Path(folder) / "list.csv", again, HEAD)
            bring(con, path, now, retire_on=date(2026, 11, 23))


def _people(con: Connection, register: Register, now: datetime) -> None:
    held = accounts.Accounts(register)
    for number, role in enumerate(OFFICE_ROLES):
        language = "nl" if number else "en"
        who = Person.with_role(role.value, name=f"A {role.label}", email=f"{role}@example.org", language=language)
        person = people.add_person(con, SYSTEM, who, now)
        account = held.of_person(person.ref, now)
        account.password = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"
        held.commit()
    left = people.add_person(con, SYSTEM, Person.with_role("planner", name="Who left", email="left@example.org"), now)
    people.change_person(con, SYSTEM, left.ref, {"name": "Who has left"}, now)
    people.end_person(con, SYSTEM, left.ref, now)
    held.session.remove()


def _organisations(con: Connection, now: datetime) -> None:
    parish = organisations.add_organisation(con, SYSTEM, Organisation(name="Parish", kinds=("owner", "mediator")), now)
    told = Organisation(
        name="Choir", kinds=("initiative", "department"), informal=True, guarantor_ref=parish, public_name="The Choir",
        name_public=True, legal_form="none", registered_no="1", url="https://choir.example", email="choir@example.org",
        phone="1", address="Kaai 4", language="nl",
    )  # fmt: skip
    choir = organisations.add_organisation(con, SYSTEM, told, now)
    asked = [
        members.invite_member(con, SYSTEM, choir, f"A {part.label}", f"{part}@example.org", "nl", part.value, now)
        for part in PARTS
    ]
    for each in asked[1:]:
        members.confirm_membership(con, each.actor(), choir, now)
    members.leave_organisation(con, asked[1].actor(), choir, now)
    for number, what in enumerate(("decline", "remove", "forget")):
        other = members.invite_member(con, SYSTEM, choir, what, f"other{number}@example.org", "en", "contact", now)
        if what == "decline":
            members.decline_membership(con, other.actor(), choir, now)
        elif what == "remove":
            members.end_membership(con, SYSTEM, choir, other.ref, now)
        else:
            people.forget_person(con, SYSTEM, other.ref, now)
    organisations.edit_organisation(con, SYSTEM, choir, {"phone": "2"}, now)
    organisations.retire_organisation(con, SYSTEM, parish, now, on=date(2026, 1, 31), note="merged")
    organisations.reinstate_organisation(con, SYSTEM, parish, now)


def dump(url: str, schemas: tuple[str, ...]) -> str:
    """Some schemas as SQL that any PostgreSQL with PostGIS reads."""
    folder = postgres.binaries()
    assert folder is not None, "PostgreSQL with PostGIS is not installed"
    asked = [part for name in schemas for part in ("-n", name)]
    command = [str(folder / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", *asked, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kept_lines = (line for line in said.splitlines() if not re.match(r"--|\\|SET transaction_timeout|$", line))
    return "\n".join(kept_lines) + "\n"


def main() -> None:
    """Make both."""
    version = schema.newest()
    assert not kept.archive_of(version).exists(), "this version is kept already"
    with tempfile.TemporaryDirectory() as folder, postgres.cluster() as url:
        assert url is not None, "PostgreSQL with PostGIS is not installed"
        register = open_register(f"{folder}/register.gpkg", Path(folder) / "home", create=True)
        fill(register, NOW)
        with register.connect() as con:
            assert kept.findings(con, NOW) == []
        backups.backup(register, kept.archive_of(version), NOW)
        register.close()
        name = f"register_{version}"
        database = open_register(f"{url}?schema={name}", Path(folder) / "home", create=True)
        fill(database, NOW)
        database.close()
        content = gzip.compress(dump(url, (name, f"{name}_accounts")).encode(), 9, mtime=0)
        kept.text_of(version).write_bytes(content)


if __name__ == "__main__":
    main()
