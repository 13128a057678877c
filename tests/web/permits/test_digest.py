"""Whoever wants one letter a day gets the letters about permits together in the morning."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tempuse.access import SYSTEM
from tempuse.registry.permits.asking import ask_holder
from tempuse.registry.spaces import add_space
from tempuse.store import people
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import post
from tests.permitting import a_request, terms
from web.accounts import links
from web.letters import joining

SPRING = terms(date(2026, 12, 1), date(2027, 5, 31))


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Letters go alike on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.mark.parametrize("longest", [joining.LONGEST, 10])
def test_the_letters_of_a_day_come_as_one_in_the_morning(
    register: Register, con: Connection, clock: Clock, port: int, server: Server, monkeypatch: pytest.MonkeyPatch,
    longest: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(joining, "LONGEST", longest)
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    hall = add_space(con, SYSTEM, a_space(), clock.now)
    refs = [a_request(con, clock.now, [hall], SPRING, title=title) for title in ("Repair café", "Choir")]
    deliver(app)
    server.letters.clear()
    ada, client = people.by_email(con, "ada@group.example"), app.test_client()
    con.rollback()
    assert ada is not None
    with app.test_request_context():
        link = links.entry_link(ada, "")
    post(client, link, {})
    account = {"what": "account", "name": "Ada", "language": "en", "digest": "yes"}
    assert post(client, "/my/account", account).status_code == 302
    for ref in refs:
        ask_holder(con, SYSTEM, ref, clock.now, f"How loud is {ref}?", date(2026, 11, 30))
    deliver(app)
    assert server.letters == []
    clock.forward(hours=21)  # half past five, UTC
    deliver(app)
    assert server.letters == []
    clock.forward(hours=1)
    for _ in range(2):
        deliver(app)
    (letter,) = server.letters
    said = letter.get_content()
    assert letter["Subject"] == "2 letters of today"
    assert "How loud is PM-0001?" in said
    assert ("How loud is PM-0002?" in said) == (longest > 10)
    assert ("These did not fit in here" in said) == (longest == 10)
    assert "A question about your request: PM-0002" in said
