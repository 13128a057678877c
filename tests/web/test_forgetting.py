"""When a citizen's address goes, our letters to it go as well, wherever they lie."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import PUBLIC
from tempuse.registry import reports
from tempuse.reports import Report
from tempuse.store.engine import Connection, Register
from web import create_app
from web.letters import forgetting, writing

pytestmark = pytest.mark.both_engines

SECRET = "jeanne.petit@example.org"


@pytest.fixture
def aged(register: Register, now: datetime) -> Flask:
    """The app, so many days later that the addresses of today's reports go."""
    return create_app(register, {"TESTING": True}, clock=lambda: now + timedelta(days=400))


def a_letter(app: Flask, folder: str, name: str, to: str, at: datetime) -> Path:
    """A letter as delivery, or an older program, leaves it."""
    with app.test_request_context():
        path = writing.folder(folder) / name
    letter = {"to": to, "subject": "Thanks", "body": "…", "sender": "a@b.example", "reply_to": "", "language": "en",
              "at": at.isoformat(), "id": "<1@b.example>"}  # fmt: skip
    if path.suffix == ".eml":
        with app.test_request_context():
            path.write_bytes(writing.message(letter).message().as_bytes())
    else:
        path.write_text(json.dumps(letter))
    return path


def test_the_letters_go_with_the_address(aged: Flask, con: Connection, now: datetime) -> None:
    report = Report(kind="vacant", address="4 Quay", text="Empty", contact=SECRET, contact_consent=True)
    reports.send_report(con, PUBLIC, report, now)
    # Young letters: only whom they are to speaks against them.
    young = now + timedelta(days=399)
    gone = [
        a_letter(aged, "", "one.eml", SECRET.upper(), young),
        a_letter(aged, "failed", "two.json", SECRET, young),
        a_letter(aged, "outbox", "1.0.three.json", SECRET, young),
    ]
    kept = [
        a_letter(aged, "", "four.eml", "ilse@rivermouth.example", young),
        a_letter(aged, "failed", "five.json", "ilse@rivermouth.example", young),
    ]
    with aged.test_request_context():
        forgetting.forget()
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in kept)
    [after] = [reports.report_rows.get(con, report.ref)]
    assert after.contact is None
    assert after.contact_removed_at is not None


def test_no_letter_lies_about_for_longer_than_an_address(app: Flask, now: datetime) -> None:
    old = now - timedelta(days=366)
    gone = [
        a_letter(app, "", "one.eml", SECRET, old),
        a_letter(app, "failed", "two.json", SECRET, old),
    ]
    waiting = a_letter(app, "outbox", "1.0.three.json", SECRET, old)
    torn = a_letter(app, "failed", "four.json", SECRET, old)
    torn.write_text("{")
    with app.test_request_context():
        forgetting.forget()
    assert not any(path.exists() for path in gone)
    assert waiting.exists(), "it is on its way"
    assert torn.exists(), "its file is young"
