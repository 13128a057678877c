"""A clock that is wrong makes nothing public for long, and a leap of it makes nothing public at all."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.errors import WrongState
from tempuse.registry import setup
from tempuse.registry.care import checking, mending
from tempuse.registry.clock import ClockWatch
from tempuse.registry.publishing import republish_due
from tempuse.registry.reports import send_report
from tempuse.registry.spaces import add_space, edit_space
from tempuse.reports import Report
from tempuse.store import reports
from tempuse.store.common import clock_of
from tempuse.store.engine import Connection, Register
from tests.builders import a_place, a_space
from web import create_app, tasks

AHEAD = timedelta(days=90)
MINUTE = timedelta(minutes=1)


class Machine:
    """A clock that can be set, and the time that passes whatever it says."""

    def __init__(self, at: datetime) -> None:
        self.at, self.seconds = at, 1000.0

    def pass_time(self, time: timedelta) -> datetime:
        self.at += time
        self.seconds += time.total_seconds()
        return self.at

    def running(self) -> float:
        return self.seconds


@pytest.fixture
def waiting(con: Connection, now: datetime) -> Connection:
    """A private house whose owner may object for 30 days, and a space whose place may be told in 20."""
    setup.change_settings(con, SYSTEM, {"private_rule": "objection", "objection_days": "30"}, now)
    day = date(2026, 11, 23)
    add_space(con, SYSTEM, a_space(ownership="private", consent="notified", consent_on=day), now)
    later = day + timedelta(days=20)
    add_space(con, SYSTEM, a_space(location_level="cell", location_release_on=later, geometry=a_place(0.01)), now)
    return con


def seen(con: Connection) -> dict[str, str]:
    """What the public sees: the level at which each space is shown."""
    con.rollback()
    found = {row.ref: row.level for row in con.execute(text("SELECT ref, level FROM published ORDER BY ref"))}
    con.rollback()
    return found


RIGHT = {"SP-0002": "cell"}
EARLY = {"SP-0001": "cell", "SP-0002": "exact"}


def test_what_a_clock_that_was_ahead_made_public_is_taken_back(waiting: Connection, now: datetime) -> None:
    assert seen(waiting) == RIGHT
    assert republish_due(waiting, SYSTEM, now + AHEAD) == 2
    assert seen(waiting) == EARLY
    assert republish_due(waiting, SYSTEM, now + MINUTE) == 2
    assert seen(waiting) == RIGHT
    last = waiting.execute(text("SELECT what, changes FROM events ORDER BY id DESC LIMIT 1")).one()
    assert last.what == "republish"
    assert '"clock":["2027-02-21T08:30:00.000Z","2026-11-23T08:31:00.000Z"]' in last.changes
    waiting.rollback()
    assert checking.check_register(waiting, now + MINUTE) == []


def test_it_is_taken_back_once_and_the_calendar_goes_on(waiting: Connection, now: datetime) -> None:
    republish_due(waiting, SYSTEM, now + AHEAD)
    assert [republish_due(waiting, SYSTEM, now + MINUTE * minute) for minute in range(1, 5)] == [2, 0, 0, 0]
    count = waiting.scalar(text("SELECT count(*) FROM events WHERE what = 'republish'"))
    waiting.rollback()
    assert count == 1
    assert republish_due(waiting, SYSTEM, now + timedelta(days=21)) == 1
    assert seen(waiting) == {"SP-0002": "exact"}


@pytest.mark.parametrize("way", ["edit", "add", "settings", "mend"])
def test_it_is_taken_back_whoever_decided_while_the_clock_was_ahead(
    waiting: Connection, now: datetime, way: str
) -> None:
    then = now + AHEAD
    if way == "edit":
        edit_space(waiting, SYSTEM, "SP-0001", {"name": "Mill"}, then)
    elif way == "add":
        day = date(2026, 11, 23)
        add_space(waiting, SYSTEM, a_space(ownership="private", consent="notified", consent_on=day), then)
    elif way == "settings":
        setup.change_settings(waiting, SYSTEM, {"publish_from": "verified"}, then)
    else:
        mending.mend_register(waiting, SYSTEM, then)
    assert seen(waiting) != RIGHT
    assert republish_due(waiting, SYSTEM, now + MINUTE) >= 1
    assert seen(waiting) == RIGHT


def test_clocks_that_differ_a_little_are_not_wrong(waiting: Connection, now: datetime) -> None:
    edit_space(waiting, SYSTEM, "SP-0002", {"name": "Mill"}, now + MINUTE)
    assert republish_due(waiting, SYSTEM, now) == 0
    assert waiting.scalar(text("SELECT count(*) FROM events WHERE what = 'republish'")) == 0


def test_a_clock_that_leaps_while_the_worker_runs_makes_nothing_public(waiting: Connection, now: datetime) -> None:
    machine = Machine(now)
    watch = ClockWatch(machine.running)
    assert republish_due(waiting, SYSTEM, machine.at, watch) == 0
    machine.at += AHEAD
    for _ in range(3):
        with pytest.raises(WrongState) as told:
            republish_due(waiting, SYSTEM, machine.pass_time(MINUTE), watch)
        assert told.value.message == "clock.held"
        assert seen(waiting) == RIGHT
    machine.at -= AHEAD
    assert republish_due(waiting, SYSTEM, machine.pass_time(MINUTE), watch) == 0
    assert clock_of(waiting).held_at is None
    waiting.rollback()
    # The days that truly pass are not a leap.
    for _ in range(4 * 31):
        republish_due(waiting, SYSTEM, machine.pass_time(timedelta(hours=6)), watch)
    assert seen(waiting) == EARLY


def test_a_machine_that_was_off_goes_on_by_itself_after_a_start(waiting: Connection, now: datetime) -> None:
    machine = Machine(now)
    republish_due(waiting, SYSTEM, machine.at, ClockWatch(machine.running))
    machine.at += timedelta(days=40)
    assert republish_due(waiting, SYSTEM, machine.at, ClockWatch(machine.running)) == 2
    assert seen(waiting) == EARLY


def test_somebody_may_say_that_the_clock_is_right(waiting: Connection, now: datetime) -> None:
    machine = Machine(now)
    watch, other = ClockWatch(machine.running), ClockWatch(machine.running)
    for each in (watch, other):
        republish_due(waiting, SYSTEM, machine.at, each)
    machine.at += timedelta(days=40)
    for each in (watch, other):
        with pytest.raises(WrongState):
            republish_due(waiting, SYSTEM, machine.pass_time(MINUTE), each)
    mending.mend_register(waiting, SYSTEM, machine.at)
    assert seen(waiting) == EARLY
    for each in (watch, other):
        assert republish_due(waiting, SYSTEM, machine.pass_time(MINUTE), each) == 0


def test_the_log_and_the_doctor_say_what_is_wrong_with_the_clock(
    register: Register, waiting: Connection, now: datetime, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str,
) -> None:  # fmt: skip
    machine = Machine(now)
    app: Flask = create_app(register, {"TESTING": True}, clock=lambda: machine.at)
    app.extensions["tempuse.tasks"].watch = ClockWatch(machine.running)

    def minute(*work: object) -> str:
        caplog.clear()
        machine.pass_time(MINUTE)
        with caplog.at_level(logging.WARNING):
            for each in work or (tasks.republish,):
                app.extensions["tempuse.tasks"].guarded(each)
        return caplog.text

    def doctor() -> str:
        monkeypatch.setattr("tempuse.cli.health.now", lambda: machine.at)
        place = {"TEMPUSE_HOME": str(tmp_path / "home"), "COLUMNS": "400"}
        return CliRunner().invoke(main, ["--register", address, "doctor"], env=place).output

    assert "clock" not in minute() + doctor()
    machine.at += AHEAD
    assert "The clock leapt ahead" in minute()
    assert "The clock leapt ahead" in doctor()
    edit_space(waiting, SYSTEM, "SP-0002", {"name": "Mill"}, machine.at)
    machine.at -= AHEAD
    assert "something was done in the register at 2027-02-21" in doctor()
    assert "something was done in the register at 2027-02-21" in minute()
    assert seen(waiting) == RIGHT
    assert "clock" not in minute() + doctor()


def test_nothing_is_blanked_for_good_by_a_clock_that_leapt(
    register: Register, waiting: Connection, now: datetime
) -> None:
    report = Report(kind="vacant", geometry=a_place(), text="Empty", contact="a@example.org", contact_consent=True)
    send_report(waiting, SYSTEM, report, now)
    machine = Machine(now)
    app = create_app(register, {"TESTING": True}, clock=lambda: machine.at)
    queue = app.extensions["tempuse.tasks"]
    queue.watch = ClockWatch(machine.running)
    queue.guarded(tasks.blank_contacts)
    machine.at += timedelta(days=4000)
    machine.pass_time(MINUTE)
    queue.guarded(tasks.blank_contacts)
    assert reports.get(waiting, "RP-0001").contact == "a@example.org"
