"""A register of the first version is brought up to today's: whole or not at all, with everything in it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text, select, text

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Unusable
from tempuse.registry import setup
from tempuse.registry.care import checking
from tempuse.registry.reports import send_report
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import schema
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.schema.migrations import STEPS, Step, work
from tempuse.store.tables import metadata
from tempuse.store.tables import spaces as spaces_table
from tempuse.store.types import GEOMETRY, WHOLE
from tests import kept
from tests.builders import a_space
from tests.kept import findings
from tests.store.shapes import shape_of

LATER = timedelta(hours=3)


def steps_from(version: str) -> list[str]:
    """The steps from a version to today's."""
    return [step.version for step in STEPS if step.version > version]


first_version = pytest.mark.parametrize("version", ["0001"], indirect=True)
# How an upgrade goes wrong does not depend on where it began: all the steps, and the last one alone.
both_ends = pytest.mark.parametrize("version", [kept.EARLIER[0], kept.EARLIER[-1]], indirect=True)


def held(con: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is there, without today's definitions; geometries as they come."""
    found = {}
    for name in sorted(schema.columns_of(con)):
        if name in metadata.tables:
            rows = con.execute(text(f'SELECT * FROM "{name}" ORDER BY 1'))
            found[name] = [dict(row._mapping) for row in rows]
    con.rollback()
    return found


def test_the_steps_lead_to_the_schema_that_is_made_today(
    old: Register, version: str, address: str, tmp_path: Path, now: datetime
) -> None:
    with old.connect_unchecked() as con:
        assert setup.upgrade_register(con, SYSTEM, now + LATER) == steps_from(version)
        upgraded = shape_of(con)
    new = open_register(
        f"{address}_new" if not old.is_file else str(tmp_path / "new.gpkg"), tmp_path / "n", create=True
    )
    with new.connect() as con:
        setup.create_register(con, SYSTEM, now)
        made = shape_of(con)
        if not new.is_file:
            con.exec_driver_sql(f"DROP SCHEMA {schema.of(con)[:-1]} CASCADE")
            con.commit()
    new.close()
    assert upgraded.keys() == made.keys()
    for name in made:
        assert upgraded[name] == made[name], name


@first_version
def test_an_upgrade_keeps_everything_that_the_register_holds(old: Register, now: datetime) -> None:
    with old.connect_unchecked() as con:
        before = held(con)
        setup.upgrade_register(con, SYSTEM, now + LATER)
    with old.connect() as con:
        after = held(con)
        assert findings(con, now + LATER) == []
    for row in before["reports"]:
        del row["form_token"]
    for name in ("use_ref", "sender_name", "wish", "level", "area_m2", "free_from", "photos"):
        assert {row.pop(name) for row in after["reports"]} == {None}
    for name in before.keys() - {"spaces", "events", "register_state", "published", "people"}:
        more = len(before[name]) if name == "counters" else None  # one for each noun that is new
        assert after[name][:more] == before[name], name
    roles = {row["ref"]: row.pop("role") for row in before["people"]}
    assert {row.pop("digest") for row in after["people"]} == {False}
    assert after["people"] == before["people"]
    assert {row["person_ref"]: row["role"] for row in after["memberships"]} == roles
    assert [row["since"] for row in after["memberships"]] == [row["added_at"] for row in before["people"]]
    empty = ("over_noun", "over_ref", "ended_at", "invited_at", "invited_by")
    assert {row[name] for row in after["memberships"] for name in empty} == {None}
    assert [row["confirmed_at"] for row in after["memberships"]] == [row["since"] for row in after["memberships"]]
    kept = sorted(before["spaces"][0].keys() - {"source_ref", "revision", "updated_at"})
    was, is_now = ([[row[name] for name in kept] for row in rows["spaces"]] for rows in (before, after))
    assert is_now == was
    assert after["events"][: len(before["events"])] == before["events"]
    # One has a use without a date in its past, which stood first in PostgreSQL.
    public = [{row["ref"]: orjson.loads(row["feature"]) for row in rows["published"]} for rows in (before, after)]
    undated = next(row["ref"] for row in after["spaces"] if row["name"] == "Mill")
    since = {row["ref"]: str(row["shown_since"] or "") for row in after["spaces"]}
    for ref, feature in public[1].items():
        assert feature["properties"].pop("shown_since", "") == since.get(ref, ""), ref
    assert {"", "2026-11-23"} <= set(since.values())
    assert [each.pop(undated) is not None for each in public] == [True, True]
    assert public[0] == public[1]
    state, was = after["register_state"][0], before["register_state"][0]
    assert (state["made_at"], state["made_by"]) == (was["made_at"], was["made_by"])
    assert state["register_id"]


@first_version
def test_two_spaces_with_one_number_of_one_list_are_told_apart(old: Register, now: datetime) -> None:
    with old.connect_unchecked() as con:
        first = con.scalar(text("SELECT ref FROM spaces WHERE source_ref = 'N1' ORDER BY id LIMIT 1"))
        con.rollback()
        setup.upgrade_register(con, SYSTEM, now + LATER)
        named = {row.name: row for row in con.execute(select(spaces_table).where(spaces_table.c.source == "list"))}
        assert [named[each].source_ref for each in ("House 1", "Named like a second", "Twice", "Thrice")] == [
            "N1", "N1 (2)", "N1 (3)", "N1 (4)",
        ]  # fmt: skip
        assert named["House 1"].ref == first
        assert (named["House 2"].source_ref, named["Other twice"].source_ref) == ("N2", "N2 (2)")
        nameless = con.scalars(text("SELECT source_ref FROM spaces WHERE name LIKE 'No list %'")).all()
        assert nameless == ["77", "77"]  # of no list: they are nobody's doubles
        said = con.execute(
            text("SELECT ref, changes FROM events WHERE what = 'edit' AND changes LIKE '%source_ref%' ORDER BY id")
        ).all()
        assert {(row.ref, row.changes) for row in said} == {
            (named["Twice"].ref, '{"source_ref":["N1","N1 (3)"]}'),
            (named["Thrice"].ref, '{"source_ref":["N1","N1 (4)"]}'),
            (named["Other twice"].ref, '{"source_ref":["N2","N2 (2)"]}'),
        }


def test_a_report_that_was_sent_before_an_upgrade_is_not_made_again_after_it(
    old: Register, version: str, now: datetime
) -> None:
    with old.connect_unchecked() as con:
        with writing(con):
            if version < "0003":
                con.exec_driver_sql("UPDATE reports SET form_token = 'form-1' WHERE ref = 'RP-0001'")
            else:
                con.exec_driver_sql("UPDATE sent_forms SET token = 'form-1' WHERE noun = 'report' AND ref = 'RP-0001'")
        setup.upgrade_register(con, SYSTEM, now + LATER)
    with old.connect() as con:
        told = Report(kind="vacant", address="Kaai 4")
        assert send_report(con, PUBLIC, told, now + LATER, "form-1").report.ref == "RP-0001"
        assert send_report(con, PUBLIC, told, now + LATER, "form-2").report.ref != "RP-0001"
        assert findings(con, now + LATER) == []


def test_after_an_upgrade_work_goes_on_where_it_was(old: Register, now: datetime) -> None:
    with old.connect_unchecked() as con:
        last = con.scalar(text("SELECT last FROM counters WHERE noun = 'space'"))
        con.rollback()
        setup.upgrade_register(con, SYSTEM, now + LATER)
    with old.connect() as con:
        assert add_space(con, SYSTEM, a_space(), now + LATER) == f"SP-{last + 1:04d}"
        assert findings(con, now + LATER) == []


@pytest.fixture
def child(old: Register, address: str) -> Iterator[Callable[[int], int]]:
    """Another process upgrades, and is killed before so many statements; how it ended."""
    command = [sys.executable, "-m", "tests.upgrade_child", address, str(old.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def upgrade(statements: int) -> int:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{statements}\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield upgrade


@both_ends
def test_an_upgrade_that_is_killed_anywhere_has_not_happened(
    old: Register, version: str, child: Callable[[int], int]
) -> None:
    with old.connect_unchecked() as con:
        before, shape = held(con), shape_of(con)
    old.close()
    killed = 0
    for statements in (1, 4, 9, 14, 22, 30, 45, 70):
        if child(statements) == -signal.SIGKILL:
            killed += 1
            with old.connect_unchecked() as con:
                assert schema.version_of(con) == version
                con.rollback()
                assert held(con) == before
                assert shape_of(con) == shape
            old.close()
    assert killed >= 6
    assert child(0) == 0
    with old.connect() as con:
        assert findings(con, datetime.fromisoformat("2026-11-23T12:00:00+00:00")) == []


def fails(con: Connection, now: datetime, progress: work.Progress) -> None:
    work.add_column(con, "spaces", "half", Text())
    con.exec_driver_sql("INSERT INTO no_such_thing VALUES (1)")


def stops(con: Connection, now: datetime, progress: work.Progress) -> None:
    work.add_column(con, "areas", "half", Text())
    raise RuntimeError("the step is wrong")


@both_ends
@pytest.mark.parametrize(("step", "error"), [(fails, Exception), (stops, RuntimeError)])
def test_a_step_that_fails_leaves_the_old_version_whole(
    old: Register, version: str, now: datetime, step: Any, error: type[Exception]
) -> None:
    with old.connect_unchecked() as con:
        before, shape = held(con), shape_of(con)
        with pytest.raises(error), writing(con):
            schema.upgrade(con, now, steps=(*STEPS, Step("9999", step)))
        assert schema.version_of(con) == version
        con.rollback()
        assert held(con) == before
        assert shape_of(con) == shape


def changes(con: Connection, now: datetime, progress: work.Progress) -> None:
    """One of each kind that a step can be."""
    work.add_column(con, "spaces", "letters", WHOLE)
    con.exec_driver_sql('ALTER TABLE "spaces" RENAME COLUMN "letters" TO "name_length"')
    work.fill(con, "spaces", "id", "name_length = length(name)", progress)
    if con.dialect.name == "sqlite":
        areas = Table(
            "areas", MetaData(), Column("id", WHOLE, primary_key=True, autoincrement=True),
            Column("ref", Text, nullable=False, unique=True), Column("kind", Text, nullable=False),
            Column("code", Text), Column("name", Text, nullable=False, server_default="no name"),
            Column("geometry", GEOMETRY), Column("source", Text), Column("retired_on", Text),
            Column("population", BigInteger), Index("areas_kind", "kind"), sqlite_autoincrement=True,
        )  # fmt: skip
        work.rebuild(con, areas, progress)
    else:
        con.exec_driver_sql("ALTER TABLE areas ADD COLUMN population bigint, ALTER COLUMN name SET NOT NULL")
        con.exec_driver_sql("CREATE INDEX areas_kind ON areas (kind)")


@both_ends
def test_a_step_may_add_rename_fill_and_rebuild(old: Register, version: str, now: datetime) -> None:
    said: list[tuple[str, int, int]] = []
    with old.connect_unchecked() as con:
        before = held(con)["areas"]
        with writing(con):
            con.exec_driver_sql("DELETE FROM areas WHERE ref = 'AR-0003'")  # its number is not given again
        with writing(con):
            steps = (*STEPS, Step("9999", changes))
            assert schema.upgrade(con, now, lambda *each: said.append(each), steps) == [*steps_from(version), "9999"]
        assert con.scalar(text("SELECT count(*) FROM spaces WHERE name_length <> length(name)")) == 0
        assert con.scalar(text("SELECT max(name_length) FROM spaces")) > 3
        con.rollback()
        assert [{**row, "population": None} for row in before if row["ref"] != "AR-0003"] == held(con)["areas"]
        assert not [each for each in checking.check_register(con, now + LATER) if each.message == "check.tree"]
        con.rollback()
        with writing(con):
            con.execute(metadata.tables["areas"].insert().values(ref="AR-9", kind="water", name="x"))
        assert con.scalar(text("SELECT id FROM areas WHERE ref = 'AR-9'")) == before[-1]["id"] + 1
        made = shape_of(con)
    if old.is_file:
        names = [name for kind, name, table in made["objects"] if kind == "trigger" and table == "areas"]
        assert len(names) == 9
    assert (
        {"spaces", "areas", "organisations", "reports", "people", "memberships", "published", "letters"}
        >= {what for what, _, _ in said}
        >= {"spaces"}
    )


def test_a_large_table_is_filled_in_many_steps(con: Connection, now: datetime) -> None:
    def fill(con: Connection, now: datetime, progress: work.Progress) -> None:
        work.fill(con, "unpublished", "id", "ref = collection", progress)

    said: list[tuple[str, int, int]] = []
    count = 2 * work.BATCH + 5
    with writing(con):
        rows = [{"seq": 1, "collection": f"c{number}", "ref": "r"} for number in range(count)]
        con.execute(metadata.tables["unpublished"].insert(), rows)
    with writing(con):
        assert schema.upgrade(con, now, lambda *each: said.append(each), (*STEPS, Step("9999", fill))) == ["9999"]
    assert [done for _, done, _ in said] == [work.BATCH, 2 * work.BATCH, count]
    assert con.scalar(text("SELECT count(*) FROM unpublished WHERE ref <> collection")) == 0


@both_ends
def test_two_upgrades_at_once_are_one(old: Register, version: str, now: datetime) -> None:
    """The second begins in the middle of the first, waits, and finds nothing left to do."""
    made: list[list[str]] = []

    def second() -> None:
        with old.connect_unchecked() as other:
            made.append(setup.upgrade_register(other, SYSTEM, now + LATER))

    beside = threading.Thread(target=second)

    def in_the_middle(what: str, done: int, of: int) -> None:
        if not beside.ident:
            beside.start()
            time.sleep(0.5)

    with old.connect_unchecked() as con:
        first = setup.upgrade_register(con, SYSTEM, now + LATER, in_the_middle)
    beside.join(30)
    assert (first, made) == (steps_from(version), [[]])


@both_ends
def test_what_an_old_register_lacks_is_said(old: Register, version: str, now: datetime) -> None:
    with old.connect_unchecked() as con:
        with writing(con):
            con.exec_driver_sql("DROP TABLE periods")
        with pytest.raises(Unusable) as told:
            setup.upgrade_register(con, SYSTEM, now)
        assert told.value.message in ("register.incomplete", "register.damaged", "register.not_there")
        assert schema.version_of(con) == version
        con.rollback()
