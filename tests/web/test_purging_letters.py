"""When a permit's time is over, the letters about it go as well, those too that lie as files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.registry.permits.deciding import refuse_request
from tempuse.registry.spaces import add_space
from tempuse.store import letters, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.permitting import a_request, terms
from web import create_app, tasks
from web.letters import writing

pytestmark = pytest.mark.both_engines


@pytest.fixture
def aged(register: Register, now: datetime) -> Flask:
    """The app, so many days later that the data of today's refused requests go."""
    return create_app(register, {"TESTING": True}, clock=lambda: now + timedelta(days=366))


def test_the_nightly_purge_removes_letters_and_their_files(aged: Flask, con: Connection, now: datetime) -> None:
    space = add_space(con, SYSTEM, a_space(), now)
    ref = a_request(con, now, [space], terms(date(2027, 5, 1), date(2027, 5, 31)), private_text="Call Ada")
    refuse_request(con, SYSTEM, ref, now, "No.")
    about = letters.find(con)[0].message_id
    con.rollback()
    paths = []
    with aged.test_request_context():
        for name, message_id in (("one", about), ("two", "<another@x.example>")):
            letter = EmailMessage()
            letter["To"], letter["Message-ID"] = "ada@group.example", message_id
            paths.append(writing.folder("") / f"{name}.eml")
            paths[-1].write_bytes(letter.as_bytes())
        tasks.purge_permits()
    assert [path.exists() for path in paths] == [False, True]
    assert permits.get(con, ref).private_text is None
    assert [each for each in letters.find(con) if each.refs.get("permit") == ref] == []
