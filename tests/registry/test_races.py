"""Two who write at once: what the second does rests on what the first has done, on either engine.

The first is stopped at the very moment of its commit while the second begins, so that a second that looks before
it waits would be caught each time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, TempuseError, Unusable, WrongState
from tempuse.registry import publishing, reports, setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking
from tempuse.registry.importing import merging
from tempuse.registry.spaces import add_space, edit_space, move_space, move_spaces
from tempuse.reports import Report
from tempuse.store import published, spaces
from tempuse.store import reports as report_rows
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.engine.transactions import Patience
from tempuse.store.events import of as events_of
from tempuse.store.import_staging import Staging
from tempuse.vocabulary import AreaKind
from tests import store_child
from tests.builders import a_district, a_place, a_space
from tests.staged import a_line, staged

Work = Callable[[Connection], Any]


def said(work: Work, con: Connection) -> str:
    """How a piece of work ended, in one word."""
    try:
        work(con)
    except TempuseError as error:
        return error.message
    return "done"


def one_after_the_other(address: str, home: Path, first: Work, second: Work) -> tuple[str, str]:
    """Let the second begin when the first has done everything but its commit; how both ended."""
    registers = [open_register(address, home) for _ in range(2)]
    reached, go_on = threading.Event(), threading.Event()

    def run(register: Register, work: Work) -> str:
        with register.connect() as con:
            return said(work, con)

    with ThreadPoolExecutor() as pool:
        with registers[0].connect():
            pass

        @event.listens_for(registers[0].engine, "commit")
        def wait(_: Connection) -> None:
            reached.set()
            go_on.wait(20)

        one = pool.submit(run, registers[0], first)
        assert reached.wait(20)
        other = pool.submit(run, registers[1], second)
        time.sleep(0.7)  # so that it stands where it waits
        go_on.set()
        ended = one.result(), other.result()
    for register in registers:
        register.close()
    return ended


def all_is_well(con: Connection, now: datetime) -> None:
    con.rollback()
    assert [finding.message for finding in checking.check_register(con, now)] == []


# ---- what is decided rests on what the first wrote ---------------------------------------------------------


def test_a_space_offered_while_a_setting_decides_anew_is_published_by_the_new_rule(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    ended = one_after_the_other(
        address, register.home,
        lambda one: setup.change_settings(one, SYSTEM, {"public_level": "cell"}, now),
        lambda two: move_space(two, SYSTEM, ref, "offer", now),
    )  # fmt: skip
    assert ended == ("done", "done")
    assert '"cell"' in (published.feature(con, "spaces", ref) or "")
    all_is_well(con, now)


def test_a_space_added_edited_or_taken_by_the_calendar_follows_the_new_rule(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)

    def write(two: Connection) -> None:
        add_space(two, SYSTEM, a_space(geometry=a_place(0.01)), now)
        edit_space(two, SYSTEM, ref, {"geometry": a_place(0.02)}, now)
        publishing.republish_due(two, SYSTEM, now)

    change = {"publish_from": "verified", "public_level": "district"}
    ended = one_after_the_other(
        address, register.home, lambda one: setup.change_settings(one, SYSTEM, change, now), write
    )
    assert ended == ("done", "done")
    all_is_well(con, now)
    assert {published.count(con, "spaces")} == {2}


def test_an_import_that_comes_in_while_a_setting_decides_anew_follows_the_new_rule(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    change = {"publish_from": "verified", "public_level": "cell"}
    with staged(con, tmp_path, now, "first", [a_line(1), a_line(2)]) as staging:
        ended = one_after_the_other(
            address, register.home, lambda one: setup.change_settings(one, SYSTEM, change, now),
            lambda two: merging.merge_import(two, SYSTEM, staging, now),
        )  # fmt: skip
    assert ended == ("done", "done")
    assert '"cell"' in (published.feature(con, "spaces", "SP-0001") or "")
    all_is_well(con, now)


def test_a_space_moved_while_districts_come_lies_in_the_new_ones(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(geometry=a_place(2.0)), now)
    ended = one_after_the_other(
        address, register.home,
        lambda one: load_areas(one, SYSTEM, AreaKind.DISTRICT, [a_district()], now),
        lambda two: edit_space(two, SYSTEM, ref, {"geometry": a_place()}, now),
    )  # fmt: skip
    assert ended == ("done", "done")
    assert spaces.get(con, ref).district_ref == "AR-0001"
    all_is_well(con, now)


def test_what_was_corrected_by_hand_is_never_overwritten_by_an_import_that_waited(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    with staged(con, tmp_path, now, "first", [a_line(1, 111)]) as staging:
        merging.merge_import(con, SYSTEM, staging, now)
    with staged(con, tmp_path, now, "second", [a_line(1, 222)]) as staging:
        ended = one_after_the_other(
            address, register.home,
            lambda one: edit_space(one, SYSTEM, "SP-0001", {"floor_area_m2": 777.0}, now),
            lambda two: merging.merge_import(two, SYSTEM, staging, now),
        )  # fmt: skip
    assert ended == ("done", "import.changed_since")
    assert spaces.get(con, "SP-0001").floor_area_m2 == 777.0


def test_a_form_that_was_filled_before_an_import_came_in_is_told(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    with staged(con, tmp_path, now, "first", [a_line(1, 111)]) as staging:
        merging.merge_import(con, SYSTEM, staging, now)
    seen = spaces.get(con, "SP-0001").revision
    con.rollback()
    with staged(con, tmp_path, now, "second", [a_line(1, 222)]) as staging:
        ended = one_after_the_other(
            address, register.home, lambda one: merging.merge_import(one, SYSTEM, staging, now),
            lambda two: edit_space(two, SYSTEM, "SP-0001", {"floor_area_m2": 777.0}, now, revision=seen),
        )  # fmt: skip
    assert ended == ("done", "space.changed_since")


def test_two_lists_of_one_source_that_come_in_at_once_make_no_doubles(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    with (
        staged(con, tmp_path, now, "one", [a_line(1), a_line(2)]) as one,
        staged(con, tmp_path, now, "two", [a_line(2), a_line(3)]) as two,
    ):
        ended = one_after_the_other(
            address, register.home, lambda first: merging.merge_import(first, SYSTEM, one, now),
            lambda second: merging.merge_import(second, SYSTEM, two, now),
        )  # fmt: skip
    assert ended == ("done", "import.came_since")
    assert spaces.count(con, spaces.SpaceFilter()) == 2


def test_a_form_sent_twice_at_once_makes_one_space_and_one_report(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    def add(one: Connection) -> None:
        add_space(one, SYSTEM, a_space(), now, form_token="form-1")

    def send(one: Connection) -> None:
        told = Report(kind="vacant", address="Kaai 4", text="Empty for years.")
        reports.send_report(one, PUBLIC, told, now, "form-2")

    for work in (add, send):
        assert one_after_the_other(address, register.home, work, work) == ("done", "done")
    assert spaces.count(con, spaces.SpaceFilter()) == 1
    assert len(report_rows.find(con)) == 1


# ---- many at once ------------------------------------------------------------------------------------------


def test_one_import_confirmed_four_times_at_once_comes_in_once(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    start = threading.Barrier(4)

    def confirm(path: Path) -> str:
        own, staging = open_register(address, register.home), Staging(path)
        with own.connect() as its:
            start.wait()
            ended = said(lambda one: merging.merge_import(one, SYSTEM, staging, now), its)
        staging.close()
        own.close()
        return ended

    with (
        staged(con, tmp_path, now, "list", [a_line(number) for number in range(1, 11)]) as staging,
        ThreadPoolExecutor() as pool,
    ):
        ended = sorted(pool.map(confirm, [staging.path] * 4))
    assert ended == ["done"] + ["import.merged_already"] * 3
    assert spaces.count(con, spaces.SpaceFilter()) == 10
    all_is_well(con, now)


def test_an_import_that_was_stopped_at_its_last_step_can_be_confirmed_again(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    stopped = open_register(address, register.home)

    @event.listens_for(stopped.engine, "commit")
    def stop(_: Connection) -> None:
        raise KeyboardInterrupt

    with staged(con, tmp_path, now, "list", [a_line(1)]) as staging:
        with stopped.connect() as its, pytest.raises(KeyboardInterrupt):
            merging.merge_import(its, SYSTEM, staging, now)
        stopped.close()
        assert merging.merge_import(con, SYSTEM, staging, now).new == 1
        with pytest.raises(Conflict) as told:
            merging.merge_import(con, SYSTEM, staging, now)
    assert told.value.message == "import.merged_already"


def test_two_bulk_moves_in_opposite_order_never_block_each_other(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    refs = [add_space(con, SYSTEM, a_space(geometry=a_place(i / 1000)), now) for i in range(40)]
    start = threading.Barrier(2)

    def withhold(these: list[str]) -> str:
        own = open_register(address, register.home)
        with own.connect() as its:
            start.wait()
            ended = said(lambda one: move_spaces(one, SYSTEM, these, "withhold", now), its)
        own.close()
        return ended

    with ThreadPoolExecutor() as pool:
        ended = sorted(pool.map(withhold, (refs, refs[::-1])))
    assert ended == ["done", "space.wrong_state"]
    all_is_well(con, now)


def test_of_rival_moves_one_wins_and_the_others_are_told(address: str, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    told = sorted(store_child.race("offer", address, [ref] * 4))
    assert told == ["done"] + ["space.wrong_state"] * 3
    con.rollback()
    assert spaces.get(con, ref).status == "offered"
    assert [each.what for each in events_of(con, ref)].count("offer") == 1


def test_a_register_made_twice_at_once_is_made_once(address: str, tmp_path: Path, now: datetime) -> None:
    start = threading.Barrier(3)

    def make(_: int) -> str:
        own = open_register(address, tmp_path / "home", create=True)
        start.wait()
        with own.connect() as its:
            ended = said(lambda one: setup.create_register(one, SYSTEM, now), its)
        own.close()
        return ended

    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(make, range(3))) == ["done"] + ["register.exists"] * 2


# ---- waiting -----------------------------------------------------------------------------------------------


def test_a_writer_waits_for_another_and_is_told_when_it_takes_too_long(
    register: Register, con: Connection, now: datetime
) -> None:
    register.patience = Patience(0.2)
    with register.connect() as other, writing(con):
        begun = time.monotonic()
        with pytest.raises(Unusable) as told:
            add_space(other, SYSTEM, a_space(), now)
        assert time.monotonic() - begun < 5
    assert told.value.message == "register.locked"
    with register.connect() as other:
        add_space(other, SYSTEM, a_space(), now)


def test_when_all_places_are_taken_the_next_is_told_at_once(register: Register, con: Connection, now: datetime) -> None:
    register.patience = Patience(3.0, places=1)

    def wait(_: int) -> str:
        with register.connect() as its:
            return said(lambda one: add_space(one, SYSTEM, a_space(), now), its)

    with writing(con), ThreadPoolExecutor() as pool:
        first = pool.submit(wait, 1)
        time.sleep(0.5)
        begun = time.monotonic()
        assert wait(2) == "register.locked"
        assert time.monotonic() - begun < 2
    assert first.result() in ("done", "register.locked")


def test_readers_do_not_wait_for_a_writer(register: Register, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(), now)
    with writing(con), register.connect() as other:
        spaces.set_district(con, ref, "AR-0009")
        assert spaces.get(other, ref).district_ref is None


def test_a_use_case_refuses_a_connection_in_the_middle_of_something(con: Connection, now: datetime) -> None:
    spaces.count(con, spaces.SpaceFilter())
    with pytest.raises(RuntimeError):
        add_space(con, SYSTEM, a_space(), now)


def test_a_move_that_lost_says_so_and_writes_nothing(
    address: str, register: Register, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    one_after_the_other(
        address, register.home, lambda one: move_space(one, SYSTEM, ref, "offer", now),
        lambda two: move_space(two, SYSTEM, ref, "offer", now),
    )  # fmt: skip
    with pytest.raises(WrongState):
        move_space(con, SYSTEM, ref, "offer", now)
    assert [each.what for each in events_of(con, ref)] == ["offer", "add"]
