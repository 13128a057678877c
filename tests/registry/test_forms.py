"""A form that comes twice makes one thing, whatever happened in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import forms, reports
from tempuse.registry.importing import merging
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import reports as report_rows
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tempuse.store.events import of as events_of
from tempuse.store.tables import sent_forms
from tests.builders import a_space
from tests.staged import a_line, staged


def count(con: Connection) -> int:
    found = con.scalar(select(func.count()).select_from(sent_forms)) or 0
    con.rollback()
    return found


def test_a_form_of_a_space_that_comes_again_after_a_large_import_makes_no_second_space(
    con: Connection, now: datetime, tmp_path: Path
) -> None:
    first = add_space(con, SYSTEM, a_space(), now, form_token="form-1")
    with staged(con, tmp_path, now, "list", [a_line(number) for number in range(1, 2002)]) as staging:
        assert merging.merge_import(con, SYSTEM, staging, now).new == 2001
    assert add_space(con, SYSTEM, a_space(), now + timedelta(hours=1), form_token="form-1") == first
    assert [each.what for each in events_of(con, first)] == ["add"]
    assert spaces.count(con, spaces.SpaceFilter()) == 2002
    con.rollback()
    assert add_space(con, SYSTEM, a_space(), now) == "SP-2003", "no number was spent on the second"


def test_a_token_of_one_noun_says_nothing_of_another(con: Connection, now: datetime) -> None:
    add_space(con, SYSTEM, a_space(), now, form_token="one")
    told = Report(kind="vacant", address="Kaai 4")
    assert reports.send_report(con, PUBLIC, told, now, "one").report.ref == "RP-0001"
    assert add_space(con, SYSTEM, a_space(), now, form_token="other") == "SP-0002"


def test_forms_without_a_token_are_each_their_own(con: Connection, now: datetime) -> None:
    assert [add_space(con, SYSTEM, a_space(), now, form_token=token) for token in (None, "", None)] == [
        "SP-0001", "SP-0002", "SP-0003",
    ]  # fmt: skip
    assert count(con) == 0


def test_old_forms_are_forgotten_and_what_they_made_stays(con: Connection, now: datetime) -> None:
    add_space(con, SYSTEM, a_space(), now, form_token="old")
    reports.send_report(con, PUBLIC, Report(kind="vacant", address="Kaai 4"), now, "older")
    later = now + forms.REMEMBERED
    add_space(con, SYSTEM, a_space(), later, form_token="young")
    assert forms.forget_forms(con, later) == 0
    assert forms.forget_forms(con, later + timedelta(seconds=1)) == 2
    assert count(con) == 1
    assert spaces.count(con, spaces.SpaceFilter()) == 2
    assert len(report_rows.find(con)) == 1
