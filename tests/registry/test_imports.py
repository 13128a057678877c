"""The import: compared outside the lock, merged all or none, told field by field, and the same twice as once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tempuse import geometry
from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound, TempuseError, Unusable
from tempuse.io.crosswalk import read as read_crosswalk
from tempuse.registry import areas, setup
from tempuse.registry import spaces as registry
from tempuse.registry.importing import duplicates, incoming, merging
from tempuse.registry.importing.opening import ImportRequest, open_import
from tempuse.registry.importing.prepare import prepare_import
from tempuse.spaces import Space
from tempuse.store import imports as import_rows
from tempuse.store import published, spaces
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.engine.transactions import Patience
from tempuse.store.events import of as events_of
from tempuse.store.import_staging import Staging
from tempuse.store.tables import events
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space
from tests.io import lists

ROOT = Path(__file__).resolve().parents[2]
HEAD = ["Ref", "Name", "Address", "Lon", "Lat", "Floor area", "Heating", "Ownership"]


def a_row(number: int, **changes: Any) -> list[Any]:
    """One row of a list; a change names the column by its first word in small letters."""
    row = {
        "ref": f"{number:03d}", "name": f"Store {number}", "address": f"{number} Ferry Street",
        "lon": round(3.71 + number * 0.002, 6), "lat": 51.05, "floor": 100 + number, "heating": "yes", "owner": None,
    }  # fmt: skip
    row.update(changes)
    return list(row.values())


def a_list(path: Path, rows: list[list[Any]], head: list[str] = HEAD) -> Path:
    """A list as CSV."""
    return lists.write_csv(path, [head, *rows])


@dataclass
class Brought:
    """What an import noticed and did."""

    counts: dict[str, int]
    issues: list[Any]
    merged: merging.Merged | None
    vanished: list[Any]

    def said(self) -> list[tuple[int | None, str, str]]:
        return [(issue.row, issue.message, issue.done) for issue in self.issues]


@contextlib.contextmanager
def prepared(con: Connection, path: Path, now: datetime, **request: Any) -> Iterator[Staging]:
    """An import up to the moment when somebody confirms it."""
    asked = {"within": "BE", "source": "list", "status": "verified", **request}
    with tempfile.TemporaryDirectory() as scratch:
        opened = open_import(con, ImportRequest(path, **asked), Path(scratch))
        con.rollback()
        staging = prepare_import(con, SYSTEM, opened, now, Path(scratch) / "staging")
        yield staging
        staging.close()


def bring(
    con: Connection, path: Path, now: datetime, *, merge: bool = True, retire_on: date | None = None, **request: Any
) -> Brought:
    """A whole import."""
    with prepared(con, path, now, **request) as staging:
        merged = merging.merge_import(con, SYSTEM, staging, now, retire_vanished_on=retire_on) if merge else None
        counts = {name: number for name, number in staging.get("counts").items() if number}
        return Brought(counts, staging.issues(), merged, staging.vanished())


def held(con: Connection, source: str = "list") -> dict[str, Space]:
    """The spaces of a list by their number there."""
    found = {
        space.source_ref or "": space
        for batch in spaces.walk(con, spaces.SpaceFilter(source=source))
        for _, space in batch
    }
    con.rollback()
    return found


# ---- a first import -------------------------------------------------------------------------------------


def test_a_list_becomes_spaces_with_their_places_districts_and_events(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    areas.load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    rows = [a_row(i, owner="municipality") for i in range(1, 6)]
    brought = bring(con, a_list(tmp_path / "list.csv", rows), now, within=None, status="offered")
    assert brought.counts == {"rows": 5, "new": 5}
    assert brought.issues == []
    assert brought.merged == merging.Merged("IM-0001", 5, 0, 0)
    found = held(con)
    assert set(found) == {"001", "002", "003", "004", "005"}
    first = found["001"]
    assert (first.name, first.floor_area_m2, first.heating, first.status) == ("Store 1", 101, True, "offered")
    assert (first.geometry.x, first.geometry.y, first.placed_by) == (3.712, 51.05, "file")
    assert first.district_ref == "AR-0001"
    assert first.occupancy == "vacant"
    (event,) = events_of(con, first.ref)
    assert (event.what, event.import_ref, event.actor) == ("import", "IM-0001", "command line")
    assert published.count(con, "spaces") == 5
    record = import_rows.get(con, "IM-0001")
    assert (record.source, record.counts["merged_new"], record.file_name) == ("list", 5, "list.csv")


def test_rows_without_coordinates_become_spaces_without_a_place(con: Connection, tmp_path: Path, now: datetime) -> None:
    rows = [[f"{i} Ferry Street", "9000", "Ghent"] for i in range(1, 4)]
    brought = bring(con, a_list(tmp_path / "l.csv", rows, ["Adres", "Postcode", "Gemeente"]), now)
    assert brought.counts == {"rows": 3, "without_place": 3}
    found = held(con)
    assert sorted(found) == ["1 ferry street 9000", "2 ferry street 9000", "3 ferry street 9000"]
    assert all(space.geometry is None and space.placed_by is None for space in found.values())


def test_rows_that_say_nothing_or_the_same_again_are_left_behind_and_told(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    nothing = ["009", None, None, None, None, 12, "yes", None]
    rows = [a_row(1), a_row(1), nothing, a_row(1, name="Another"), a_row(2)]
    brought = bring(con, a_list(tmp_path / "list.csv", rows), now)
    assert brought.counts["left_behind"] == 2
    assert brought.counts["new"] == 3
    assert sorted(held(con)) == ["001", "001 (2)", "002"]
    said = [each for each in brought.said() if each[1].startswith("row.")]
    assert sorted(said, key=lambda each: each[0] or 0) == [
        (3, "row.same_again", "row.left_behind"),
        (4, "row.nothing_known", "row.left_behind"),
        (5, "row.ref_twice", "row.ref_given"),
    ]


def test_nothing_that_is_privately_owned_becomes_public_by_an_import(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    rows = [a_row(1, owner="private"), a_row(2), a_row(3, owner="municipality")]
    path = a_list(tmp_path / "list.csv", rows)
    bring(con, path, now, status="offered")
    assert published.count(con, "spaces") == 1
    owners = {ref: space.ownership for ref, space in held(con).items()}
    assert owners == {"001": "private", "002": "unknown", "003": "municipality"}


def test_who_owns_what_does_not_say_and_the_owners_word_are_told_once_for_the_list(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    head = [*HEAD, "consent", "consent on"]
    crosswalk = "what,theirs,field\n" + "".join(
        f"column,{theirs},{field}\n" for theirs, field in
        [("Ref", "source_ref"), ("Name", "name"), ("Lon", "lon"), ("Lat", "lat"), ("Ownership", "ownership"),
         ("consent", "consent"), ("consent on", "consent_on")]
    )  # fmt: skip
    rows = [
        [*a_row(1), None, None], [*a_row(2, owner="company"), None, None], [*a_row(3), "objected", None],
        [*a_row(4), "given", "2025-01-02"], [*a_row(5), "given", None],
    ]  # fmt: skip
    defaults = {"ownership": "private_person", "consent": "given", "consent_on": date(2026, 10, 1)}
    bring(con, a_list(tmp_path / "list.csv", rows, head), now, status="offered",
          crosswalk=read_crosswalk(crosswalk, "mine"), defaults=defaults)  # fmt: skip
    found = {ref: (space.ownership, space.consent, space.consent_on) for ref, space in held(con).items()}
    assert found == {
        "001": ("private_person", "given", date(2026, 10, 1)),
        "002": ("company", "given", date(2026, 10, 1)),
        "003": ("private_person", "objected", None),
        "004": ("private_person", "given", date(2025, 1, 2)),
        "005": ("private_person", "unasked", None),  # a word without its day is no record
    }
    assert published.count(con, "spaces") == 3


# ---- again ----------------------------------------------------------------------------------------------


def test_a_second_import_of_the_same_file_changes_nothing(con: Connection, tmp_path: Path, now: datetime) -> None:
    head = ["Name", "Address", "WKT", "Uses", "Since", "Odd"]
    rows = [
        ["Loft", "1 Quay Lane", "POINT (3.7200000001 51.05)", "garden; workshop", "1/3/2025", "x"],
        ["Field", "2 Quay Lane", "POLYGON ((3.7 51.04, 3.701 51.04, 3.701 51.041, 3.7 51.04))", None, None, None],
        ["Bow", "3 Quay Lane", "POLYGON ((3.71 51, 3.712 51.002, 3.712 51, 3.71 51.002, 3.71 51))", None, "2025", "y"],
        ["Shed", "4 Quay Lane", None, "kiosk", "soon", None],
    ]  # fmt: skip
    path = a_list(tmp_path / "list.csv", rows, head)
    first = bring(con, path, now)
    before = held(con)
    seen = con.execute(select(func.count()).select_from(events).where(events.c.noun == "space")).scalar()
    con.rollback()
    second = bring(con, path, now)
    assert first.counts["rows"] == second.counts["unchanged"] == 4
    assert (second.merged.new, second.merged.changed, second.merged.retired) == (0, 0, 0)  # type: ignore[union-attr]
    assert held(con) == before
    assert con.execute(select(func.count()).select_from(events).where(events.c.noun == "space")).scalar() == seen


def test_a_changed_row_changes_its_space_and_the_event_names_the_fields(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    areas.load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    bring(con, a_list(tmp_path / "list.csv", [a_row(1), a_row(2)]), now)
    before = held(con)
    rows = [a_row(1, floor=250, heating="no", lon=4.2), a_row(2)]
    brought = bring(con, a_list(tmp_path / "list.csv", rows), now)
    assert brought.counts == {"rows": 2, "changed": 1, "unchanged": 1}
    after = held(con)
    assert after["002"] == before["002"]
    assert (after["001"].floor_area_m2, after["001"].heating, after["001"].geometry.x) == (250, False, 4.2)
    assert (after["001"].district_ref, after["001"].revision) == (None, before["001"].revision + 1)
    latest = events_of(con, after["001"].ref)[0]
    assert (latest.what, latest.import_ref) == ("import", "IM-0002")
    assert set(latest.changes) == {"floor_area_m2", "heating", "geometry", "district_ref"}
    assert latest.changes["floor_area_m2"] == [101, 250]


def test_an_empty_cell_is_silence_and_changes_nothing(con: Connection, tmp_path: Path, now: datetime) -> None:
    bring(con, a_list(tmp_path / "list.csv", [a_row(1)]), now)
    brought = bring(con, a_list(tmp_path / "list.csv", [a_row(1, heating=None, floor=None, name=None)]), now)
    assert brought.counts == {"rows": 1, "unchanged": 1}
    assert held(con)["001"].heating is True


def test_what_a_planner_corrected_is_kept_and_told(con: Connection, tmp_path: Path, now: datetime) -> None:
    path = a_list(tmp_path / "list.csv", [a_row(1), a_row(2)])
    bring(con, path, now)
    ref = held(con)["001"].ref
    registry.edit_space(con, SYSTEM, ref, {"floor_area_m2": 99.0, "geometry": a_place()}, now)
    brought = bring(con, a_list(tmp_path / "list.csv", [a_row(1, heating="no"), a_row(2)]), now)
    assert brought.counts == {"rows": 2, "changed": 1, "unchanged": 1}
    space = held(con)["001"]
    assert (space.floor_area_m2, space.geometry.x, space.heating) == (99.0, 3.72, False)
    assert sorted((issue.field, issue.message, issue.done) for issue in brought.issues) == [
        ("floor_area_m2", "row.corrected_by_hand", "row.ours_kept"),
        ("geometry", "row.corrected_by_hand", "row.ours_kept"),
    ]


def test_what_the_list_has_no_more_is_told_and_retired_only_on_request(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    bring(
        con, a_list(tmp_path / "list.csv", [a_row(i, owner="municipality") for i in (1, 2, 3)]), now, status="offered"
    )
    shorter = a_list(tmp_path / "list.csv", [a_row(1, owner="municipality")])
    brought = bring(con, shorter, now)
    assert brought.counts == {"rows": 1, "unchanged": 1, "vanished": 2}
    assert [row[1:] for row in brought.vanished] == [("002", "Store 2"), ("003", "Store 3")]
    assert {space.status for space in held(con).values()} == {"offered"}
    brought = bring(con, shorter, now, retire_on=date(2026, 11, 1))
    assert brought.merged.retired == 2  # type: ignore[union-attr]
    found = held(con)
    assert [(found[ref].status, found[ref].retired_on) for ref in ("001", "002", "003")] == [
        ("offered", None), ("retired", date(2026, 11, 1)), ("retired", date(2026, 11, 1)),
    ]  # fmt: skip
    assert events_of(con, found["002"].ref)[0].what == "retire"
    con.rollback()
    # Retired once, they are not missed again; and one that comes back is told, not brought back by itself.
    again = bring(con, a_list(tmp_path / "list.csv", [a_row(1), a_row(2)]), now)
    assert "vanished" not in again.counts
    assert [(issue.message, issue.done) for issue in again.issues] == [("row.back_again", "row.stays_retired")]
    assert held(con)["002"].status == "retired"


def test_another_list_is_another_list(con: Connection, tmp_path: Path, now: datetime) -> None:
    path = a_list(tmp_path / "list.csv", [a_row(1)])
    bring(con, path, now)
    brought = bring(con, path, now, source="another")
    assert brought.counts["new"] == 1
    assert "vanished" not in brought.counts
    assert [issue.message for issue in brought.issues] == ["duplicate.space"]


def test_the_columns_of_a_list_are_remembered_for_its_next_version(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    lines = ("what,theirs,field,ours", "column,Titel,name,", "column,Wo,address,", "column,Wie,condition,")
    text = "\n".join([*lines, "value,so lala,condition,fair", ""])
    path = a_list(tmp_path / "list.csv", [["Loft", "1 Quay Lane", "so lala"]], ["Titel", "Wo", "Wie"])
    bring(con, path, now, crosswalk=read_crosswalk(text, "mine"))
    path = a_list(tmp_path / "list.csv", [["Loft", "1 Quay Lane", "so lala"], ["Shed", "2 Quay Lane", "so lala"]],
                  ["Titel", "Wo", "Wie"])  # fmt: skip
    assert bring(con, path, now).counts == {"rows": 2, "unchanged": 1, "without_place": 1}
    assert {space.condition for space in held(con).values()} == {"fair"}


# ---- duplicates -----------------------------------------------------------------------------------------


def test_near_and_alike_is_told_never_joined(con: Connection, tmp_path: Path, now: datetime) -> None:
    registry.add_space(con, SYSTEM, a_space(name="Net loft", address="14 Ferry Street"), now)
    rows = [
        a_row(1, name="The net loft", address="14 Ferry St", lon=3.7203, lat=51.05),  # 21 m from the register's
        a_row(2, name="Net loft", address="15 Ferry Street", lon=3.73, lat=51.05),  # too far
        a_row(3, name="Unit 1", address="1 Quay Lane", lon=3.70, lat=51.05),
        a_row(4, name="Unit 2", address="1 Quay Lane", lon=3.70, lat=51.05),  # another unit of one house
        a_row(5, name="Fish shop", address="3 Quay Lane", lon=3.69, lat=51.05),
        a_row(6, name="fish-shop", address="3 Quay Ln", lon=3.6902, lat=51.0501),
    ]
    brought = bring(con, a_list(tmp_path / "list.csv", rows), now)
    assert brought.counts == {"rows": 6, "new": 6, "duplicates": 2}
    told = {(issue.row, issue.message, issue.values["other"], issue.values["line"]) for issue in brought.issues}
    assert told == {(2, "duplicate.space", "SP-0001", 0), (7, "duplicate.row", "", 6)}
    assert spaces.count(con, spaces.SpaceFilter()) == 7


def test_a_large_register_is_compared_as_a_small_one_is(
    con: Connection, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add_space(con, SYSTEM, a_space(name="Net loft"), now)
    monkeypatch.setattr(duplicates, "_FEW", 0)
    monkeypatch.setattr(duplicates, "_AT_ONCE", 2)
    brought = bring(con, a_list(tmp_path / "list.csv", [a_row(1, name="net loft", lon=3.7201)]), now)
    assert [(issue.message, issue.values["other"]) for issue in brought.issues] == [("duplicate.space", "SP-0001")]


NEARBY = st.floats(-0.002, 0.002)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(st.tuples(NEARBY, NEARBY, st.sampled_from(["Loft", "Shed 1", "Shed 2"])), min_size=2,
                       max_size=25), lat=st.floats(-60, 70))  # fmt: skip
def test_every_near_pair_of_one_name_is_found_anywhere_on_earth(
    con: Connection, tmp_path: Path, things: list[tuple[float, float, str]], lat: float
) -> None:
    at = [(10 + x / max(np.cos(np.radians(lat)), 0.1), lat + y, name) for x, y, name in things]
    wanted: dict[int, int] = {}
    for i, one in enumerate(at, 1):
        for j, other in enumerate(at[: i - 1], 1):
            metres = geometry.distance_m(np.array([one[0]]), np.array([one[1]]), other[:2])[0]
            if one[2] == other[2] and metres < duplicates.NEAR_M * 0.99:
                wanted.setdefault(i, j)
    with contextlib.closing(Staging(tmp_path / "staging", create=True)) as staging:
        likely = duplicates.Likely(staging)
        likely.add_rows([(i, {"geometry": shapely.Point(x, y), "name": name}) for i, (x, y, name) in enumerate(at, 1)])
        likely.report(con, None)
        told = {issue.row: issue.values["line"] for issue in staging.issues()}
    con.rollback()
    # Each is told with the first that it resembles; that may lie a little farther than those that must be found.
    assert {i: j for i, j in wanted.items() if told.get(i, len(at)) > j} == {}


# ---- all or none ----------------------------------------------------------------------------------------


# Enough rows for a whole batch and the beginning of another.
LONG = 2100


def a_long_list(path: Path, count: int = LONG) -> Path:
    """A list that is brought in batch by batch."""
    rows = [
        [f"{i}", f"Store {i}", f"{i} Ferry Street", 3.5 + (i % 100) * 0.009, 50.85 + (i // 100) * 0.0004]
        for i in range(count)
    ]
    return a_list(path, rows, ["Ref", "Name", "Address", "Lon", "Lat"])


def nothing_came(con: Connection) -> bool:
    """Whether the register is as empty as before."""
    counts = spaces.count(con, spaces.SpaceFilter()), published.count(con, "spaces"), len(import_rows.find(con))
    of_spaces = con.execute(select(func.count()).select_from(events).where(events.c.noun != "register")).scalar()
    con.rollback()
    return counts == (0, 0, 0) and of_spaces == 0


def child(what: str, address: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.import_child", what, address, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_merge_that_is_killed_in_the_middle_leaves_nothing(
    register: Register, address: str, con: Connection, tmp_path: Path, now: datetime
) -> None:
    path = a_long_list(tmp_path / "list.csv")
    with child("killed", address, path) as process:
        said = process.stdout.read() if process.stdout else ""
        process.wait(60)
    assert process.returncode == -signal.SIGKILL
    assert "merging 2000" in said
    assert nothing_came(con)
    assert bring(con, path, now, source="list").counts["new"] == LONG  # and it can be done again


def test_a_full_disk_in_the_middle_leaves_nothing_and_says_so(tmp_path: Path, now: datetime) -> None:
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        pages = con.exec_driver_sql("PRAGMA page_count").scalar()
        con.exec_driver_sql(f"PRAGMA max_page_count = {pages + 200}")
        con.rollback()
        path = a_long_list(tmp_path / "list.csv")
        with pytest.raises(Unusable) as caught:
            bring(con, path, now)
        assert caught.value.message == "register.disk_full"
        con.exec_driver_sql("PRAGMA max_page_count = 1073741823")
        con.rollback()
        assert nothing_came(con)
        assert bring(con, path, now).counts["new"] == LONG
    register.close()


def test_a_value_that_does_not_fit_in_the_last_batch_leaves_nothing(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    with prepared(con, a_long_list(tmp_path / "list.csv"), now) as staging:
        *_, last = staging.batches("new")
        rows = list(incoming.unpacked(last))[-1:]
        rows[0][1]["kind"] = "castle"  # what no reader lets through
        staging.add_batch("new", incoming.packed(rows))
        with pytest.raises(Invalid):
            merging.merge_import(con, SYSTEM, staging, now)
    assert nothing_came(con)


def test_whoever_writes_meanwhile_waits_and_then_writes(
    register: Register, address: str, con: Connection, tmp_path: Path, now: datetime
) -> None:
    with child("slow", address, a_long_list(tmp_path / "list.csv")) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "prepared\n"
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("merging")
        begun = time.monotonic()
        ref = registry.add_space(con, SYSTEM, a_space(), now)  # waits until all are in
        waited = time.monotonic() - begun
        assert process.stdout.read().splitlines()[-1] == "IM-0001"
    assert waited > 0.2
    assert ref == f"SP-{LONG + 1}"


def test_whoever_waits_too_long_gets_a_sentence(tmp_path: Path, now: datetime) -> None:
    register = open_register(str(tmp_path / "register.gpkg"), create=True)
    register.patience = Patience(seconds=0.05)
    with register.connect() as con, register.connect() as other:
        setup.create_register(con, SYSTEM, now)
        with prepared(con, a_long_list(tmp_path / "list.csv"), now) as staging:
            refused: list[TempuseError] = []

            def meanwhile(stage: str, done: int, total: int | None) -> None:
                if not refused:
                    with pytest.raises(Unusable) as caught:
                        registry.add_space(other, SYSTEM, a_space(), now)
                    refused.append(caught.value)

            merging.merge_import(con, SYSTEM, staging, now, progress=meanwhile)
        assert [error.message for error in refused] == ["register.locked"]
        assert spaces.count(con, spaces.SpaceFilter()) == LONG
    register.close()


# ---- two at once ----------------------------------------------------------------------------------------


def test_what_was_changed_since_the_comparison_is_not_overwritten(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    bring(con, a_list(tmp_path / "list.csv", [a_row(1), a_row(2)]), now)
    path = a_list(tmp_path / "list.csv", [a_row(1, heating="no"), a_row(2)])
    ref = held(con)["001"].ref
    with prepared(con, path, now) as staging:
        registry.edit_space(con, SYSTEM, ref, {"name": "Mine"}, now)
        with pytest.raises(Conflict) as caught:
            merging.merge_import(con, SYSTEM, staging, now)
    assert (caught.value.message, caught.value.values["refs"]) == ("import.changed_since", [ref])
    assert (held(con)["001"].name, held(con)["001"].heating) == ("Mine", True)
    assert bring(con, path, now).counts["changed"] == 1  # compared anew it goes in


def test_a_change_of_something_else_does_not_disturb(con: Connection, tmp_path: Path, now: datetime) -> None:
    bring(con, a_list(tmp_path / "list.csv", [a_row(1), a_row(2)]), now)
    other = held(con)["002"].ref
    with prepared(con, a_list(tmp_path / "list.csv", [a_row(1, heating="no"), a_row(2)]), now) as staging:
        registry.edit_space(con, SYSTEM, other, {"name": "Mine"}, now)
        assert merging.merge_import(con, SYSTEM, staging, now).changed == 1


def test_the_same_list_brought_in_by_two_people_comes_in_once(con: Connection, tmp_path: Path, now: datetime) -> None:
    path = a_list(tmp_path / "list.csv", [a_row(1), a_row(2)])
    with prepared(con, path, now) as first, prepared(con, path, now) as second:
        merging.merge_import(con, SYSTEM, first, now)
        with pytest.raises(Conflict) as caught:
            merging.merge_import(con, SYSTEM, second, now)
        assert (caught.value.message, caught.value.values["refs"]) == ("import.came_since", ["SP-0001", "SP-0002"])
        with pytest.raises(Conflict) as caught:
            merging.merge_import(con, SYSTEM, first, now)
        assert (caught.value.message, caught.value.values["ref"]) == ("import.merged_already", "IM-0001")
    assert spaces.count(con, spaces.SpaceFilter()) == 2


def test_what_changes_while_the_file_is_read_is_noticed(
    register: Register, con: Connection, tmp_path: Path, now: datetime
) -> None:
    bring(con, a_long_list(tmp_path / "list.csv"), now)
    ref = held(con)["0"].ref
    rows = [[f"{i}", f"New name {i}", None, None, None] for i in range(LONG)]
    path = a_list(tmp_path / "list.csv", rows, ["Ref", "Name", "Address", "Lon", "Lat"])
    edited = []

    def meanwhile(stage: str, done: int, total: int | None) -> None:
        if stage == "rows" and done >= 2000 and not edited:  # the space was compared already
            with register.connect() as other:
                registry.edit_space(other, SYSTEM, ref, {"name": "Mine"}, now)
            edited.append(ref)

    with tempfile.TemporaryDirectory() as scratch:
        opened = open_import(con, ImportRequest(path, within="BE", source="list"), Path(scratch))
        con.rollback()
        staging = prepare_import(con, SYSTEM, opened, now, Path(scratch) / "staging", meanwhile)
        with pytest.raises(Conflict):
            merging.merge_import(con, SYSTEM, staging, now)
        staging.close()
    assert held(con)["0"].name == "Mine"


# ---- who may, what may not ------------------------------------------------------------------------------


def test_only_the_office_brings_lists_in(con: Connection, tmp_path: Path, now: datetime) -> None:
    path = a_list(tmp_path / "list.csv", [a_row(1)])
    opened = open_import(con, ImportRequest(path, within="BE"), tmp_path / "scratch")
    con.rollback()
    with pytest.raises(NotAllowed):
        prepare_import(con, PUBLIC, opened, now, tmp_path / "staging")
    with prepared(con, path, now) as staging, pytest.raises(NotAllowed):
        merging.merge_import(con, PUBLIC, staging, now)
    assert nothing_came(con)


def test_a_comparison_writes_nothing(con: Connection, tmp_path: Path, now: datetime) -> None:
    before = current_seq(con)
    con.rollback()
    assert bring(con, a_long_list(tmp_path / "list.csv"), now, merge=False).counts["new"] == LONG
    assert current_seq(con) == before
    con.rollback()
    assert nothing_came(con)


def test_a_register_is_no_list(register: Register, con: Connection, tmp_path: Path, now: datetime) -> None:
    other = open_register(str(tmp_path / "other.gpkg"), create=True)
    with other.connect() as theirs:
        setup.create_register(theirs, SYSTEM, now)
        registry.add_space(theirs, SYSTEM, a_space(), now)
    other.close()
    with pytest.raises(Invalid) as caught:
        bring(con, tmp_path / "other.gpkg", now)
    assert caught.value.message == "import.is_register"
    con.rollback()
    if register.path is not None:
        with writing(con):  # its files are known by whatever name, and never opened
            pass
        linked = tmp_path / "innocent.gpkg"
        os.link(register.path, linked)
        for path in (register.path, linked, Path(f"{register.path}-wal")):
            with pytest.raises(Invalid) as caught:
                bring(con, path, now)
            assert caught.value.message == "import.own_register"
            con.rollback()
        with pytest.raises(Invalid):
            bring(con, a_list(tmp_path / "l.csv", [a_row(1)]), now, addresses=register.path)


def test_a_list_of_which_no_column_is_known_is_refused_with_its_columns(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    path = a_list(tmp_path / "list.csv", [["a", "b"]], ["Qwertz", "Uiop"])
    with pytest.raises(Invalid) as caught:
        bring(con, path, now)
    assert (caught.value.message, caught.value.values["columns"]) == ("crosswalk.nothing_known", ["Qwertz", "Uiop"])


def test_an_address_service_is_asked_only_when_the_city_names_one(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    path = a_list(tmp_path / "list.csv", [["1 Quay Lane"]], ["Address"])
    with pytest.raises(Unusable) as caught:
        bring(con, path, now, ask_geocoder=True)
    assert caught.value.message == "geocoder.not_set"
    con.rollback()
    setup.change_settings(con, SYSTEM, {"geocoder": "nominatim"}, now)
    with tempfile.TemporaryDirectory() as scratch:
        asks = [
            open_import(con, ImportRequest(path, ask_geocoder=ask), Path(scratch)).geocode is not None
            for ask in (True, False)
        ]
        con.rollback()
    assert asks == [True, False]


def test_an_unknown_crs_or_extent_is_refused(con: Connection, tmp_path: Path, now: datetime) -> None:
    path = a_list(tmp_path / "list.csv", [a_row(1)])
    for options, message in (({"crs": "EPSG:99999"}, "crs.unknown"), ({"within": "Atlantis"}, "extent.unknown"),
                             ({"profile": "brownfield"}, "crosswalk.unknown"),
                             ({"profile": "england-brownfield"}, "crosswalk.columns_missing")):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            bring(con, path, now, **options)
        assert caught.value.message == message
        con.rollback()


def test_a_staging_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        Staging(tmp_path / "away")
    assert caught.value.message == "import.gone"


def test_of_many_alike_issues_a_thousand_are_kept_and_all_are_counted(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    rows = [a_row(i, heating="partly", lon=3.7 + (i % 100) * 0.005, lat=50.9 + (i // 100) * 0.005) for i in range(1500)]
    with prepared(con, a_list(tmp_path / "list.csv", rows), now) as staging:
        kind = ("Heating", "value.not_yes_or_no", "value.kept_unknown")
        assert staging.more_issues() == [(*kind, 500)]
        assert staging.issue_count() == 1500
        assert len(staging.issues_of(kind)) == 1000


# ---- memory ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_memory_does_not_grow_with_the_list(tmp_path: Path, now: datetime) -> None:
    """Ten times the rows, about the same memory; what grows is the register's own file, which the system maps."""
    peaks = []
    for count in (2_000, 20_000):
        address = str(tmp_path / f"{count}.gpkg")
        register = open_register(address, create=True)
        with register.connect() as con:
            setup.create_register(con, SYSTEM, now)
        register.close()
        with child("memory", address, a_long_list(tmp_path / f"{count}.csv", count)) as process:
            peaks.append(int(process.communicate()[0]))
        grown = Path(address).stat().st_size / 2**20
        peaks[-1] -= min(int(grown), 256) + min(int(grown), 64)  # mmap_size and cache_size of the engine
    assert peaks[1] - peaks[0] < 30, peaks


def test_two_imports_of_two_lists_at_once_both_come_in(
    register: Register, address: str, con: Connection, tmp_path: Path
) -> None:
    paths = [a_long_list(tmp_path / f"list{i}.csv") for i in range(2)]
    children = [child("plain", address, path) for path in paths]
    said: list[str] = []
    readers = [threading.Thread(target=lambda each=each: said.append(each.communicate()[0])) for each in children]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(120)
    assert sorted(text.splitlines()[-1] for text in said) == ["IM-0001", "IM-0002"]
    assert spaces.count(con, spaces.SpaceFilter()) == 2 * LONG
