"""Reminders: once each, the most urgent alone, anew where an end moved; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tempuse.access import SYSTEM
from tempuse.registry.permits.deciding import revoke_permit
from tempuse.registry.permits.reminding import Reminder, is_still_due, remind_due
from tempuse.registry.permits.using import end_early
from tempuse.registry.spaces import add_space
from tempuse.store import letters
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.permitting import approved, bring_back, running, terms

NOW = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
YEAR = terms(date(2027, 1, 1), date(2027, 12, 31))  # a renewal is asked until 2 October, 90 days before


def noon(day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=UTC)


def reminded(con: Connection) -> list[tuple[str, str, str]]:
    """Every reminder that goes: (template, the day it is about, step)."""
    found = [
        (each.template, each.refs["about"], each.refs["step"])
        for each in letters.find(con, ["waiting"]) if "about" in each.refs
    ]  # fmt: skip
    con.rollback()
    return found


def days(con: Connection, first: date, last: date) -> list[tuple[str, str, str]]:
    """Two runs a day; which reminders came, with the day on which they did."""
    found, day = [], first
    while day <= last:
        before = len(reminded(con))
        remind_due(con, SYSTEM, noon(day))
        remind_due(con, SYSTEM, noon(day) + timedelta(hours=1))
        found += [(day.isoformat(), template, step) for template, _, step in reminded(con)[before:]]
        day += timedelta(days=1)
    return found


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


@pytest.fixture
def ref(con: Connection, hall: str) -> str:
    return running(con, NOW, [hall], YEAR, on=date(2027, 1, 1))


def test_each_comes_once_on_its_day(con: Connection, ref: str) -> None:
    assert days(con, date(2027, 9, 28), date(2028, 1, 10)) == [
        ("2027-10-02", "permit_renew_by", "0"),
        ("2027-12-01", "permit_ends_soon", "30"),
        ("2027-12-24", "permit_ends_soon", "7"),
        ("2028-01-01", "permit_overdue", "0"),
    ]


def test_after_days_without_a_worker_the_most_urgent_goes_alone(con: Connection, ref: str) -> None:
    assert days(con, date(2027, 12, 26), date(2027, 12, 28)) == [("2027-12-26", "permit_ends_soon", "7")]
    assert days(con, date(2028, 1, 9), date(2028, 1, 10)) == [("2028-01-09", "permit_overdue", "0")]


def test_an_end_that_moved_has_reminders_of_its_own(con: Connection, ref: str) -> None:
    remind_due(con, SYSTEM, noon(date(2027, 12, 1)))
    end = {"ended_on": date(2027, 12, 20), "ended_how": "agreed", "because": "Works"}
    end_early(con, SYSTEM, ref, noon(date(2027, 12, 2)), **end)  # type: ignore[arg-type]
    assert days(con, date(2027, 12, 2), date(2027, 12, 22)) == [
        ("2027-12-02", "permit_ends_soon", "30"),
        ("2027-12-13", "permit_ends_soon", "7"),
        ("2027-12-21", "permit_overdue", "0"),
    ]
    assert {about for _, about, _ in reminded(con)[1:]} == {"2027-12-20"}


def test_what_is_over_is_judged_again_at_delivery(con: Connection, ref: str) -> None:
    soon = Reminder("permit_ends_soon", date(2027, 12, 31), 30)
    assert is_still_due(con, ref, soon, date(2027, 12, 20))
    assert not is_still_due(con, ref, soon, date(2027, 12, 25))  # that of the last seven days is on its way
    con.rollback()
    end = {"ended_on": date(2027, 12, 22), "ended_how": "agreed", "because": "Works"}
    end_early(con, SYSTEM, ref, noon(date(2027, 12, 5)), **end)  # type: ignore[arg-type]
    assert not is_still_due(con, ref, soon, date(2027, 12, 8))
    con.rollback()
    bring_back(con, ref, noon(date(2027, 12, 10)), date(2027, 12, 10))
    assert not is_still_due(con, ref, Reminder("permit_ends_soon", date(2027, 12, 22), 30), date(2027, 12, 11))


def test_a_use_of_a_few_days_is_not_told_on_its_first_that_it_ends(con: Connection, hall: str) -> None:
    running(con, NOW, [hall], terms(date(2027, 1, 1), date(2027, 1, 6)), on=date(2027, 1, 1))
    assert days(con, date(2027, 1, 1), date(2027, 1, 6)) == []


def test_a_signature_that_is_missing_is_asked_for_once(con: Connection, hall: str) -> None:
    ref = approved(con, NOW, [hall], terms(date(2027, 4, 1), date(2027, 5, 31)))
    assert days(con, date(2027, 1, 20), date(2027, 2, 2)) == [("2027-01-24", "permit_sign_soon", "0")]
    soon = Reminder("permit_sign_soon", date(2027, 1, 31))
    assert is_still_due(con, ref, soon, date(2027, 1, 25))
    con.rollback()
    revoke_permit(con, SYSTEM, ref, noon(date(2027, 1, 26)), "Nobody signs.")
    assert not is_still_due(con, ref, soon, date(2027, 1, 27))
