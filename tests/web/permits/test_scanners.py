"""Case 15: programs that open every link, presses that come twice, and a bounce that comes too late."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tempuse.access import SYSTEM
from tempuse.checks import CheckAnswer, matter
from tempuse.registry import setup, spaces
from tempuse.registry.permits import agreeing, checking
from tempuse.store import agreements, checks, permits
from tempuse.store import letters as letter_rows
from tempuse.store.engine import Connection, Register
from tempuse.store.tables import metadata
from tests.builders import a_space
from tests.mailing import Clock, Server, deliver
from tests.office import post, token_of
from tests.permitting import a_request, terms
from tests.web.test_permit_letters import JAN, an_owner
from web import create_app

MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
FIRE = {"name": "fire", "title": {"en": "Fire service"}, "email": "fire@rivermouth.example"}
AGENTS = ("Mozilla/5.0 (compatible; LinkScanner/2.1)", "SafeLinks")
pytestmark = pytest.mark.both_engines


class SlowServer(Server):
    """A mail server during whose answer something else may happen."""

    meanwhile: Callable[[], None] | None = None

    async def handle_RCPT(self, *args: Any) -> str:
        if self.meanwhile is not None:
            self.meanwhile()
        return await super().handle_RCPT(*args)


@pytest.fixture
def server() -> SlowServer:
    return SlowServer()


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    settings = {"TESTING": True, "SMTP_URL": f"smtp://127.0.0.1:{port}", "PUBLIC_URL": "https://spaces.example"}
    return create_app(register, settings, clock=clock)  # with its limits: a scanner must not use them up


@pytest.fixture
def barn(con: Connection, clock: Clock) -> str:
    city = {
        "municipality": "Rivermouth",
        "contact_email": "spaces@rivermouth.example",
        "departments": json.dumps([FIRE]),
    }
    setup.change_settings(con, SYSTEM, city, clock.now)
    private = a_space(name="The Old Barn", ownership="private", consent="given", owner_name="Jan Peeters")
    return spaces.add_space(con, SYSTEM, private, clock.now)


def whole(con: Connection) -> dict[str, list[Any]]:
    """Every row of the register."""
    con.rollback()
    found = {
        table.name: [tuple(map(str, row)) for row in con.execute(select(table))] for table in metadata.sorted_tables
    }
    con.rollback()
    return {name: sorted(rows) for name, rows in found.items()}


def test_a_scanner_moves_nothing_and_counts_nothing_and_two_presses_are_one_word(
    app: Flask, con: Connection, clock: Clock, server: SlowServer, barn: str
) -> None:
    ref = a_request(con, clock.now, [barn], MAY)
    an_owner(con, clock, ref)
    agreeing.ask_grantor(con, SYSTEM, ref, clock.now)
    deliver(app)
    (letter,) = [each for each in server.letters if str(each["To"]) == JAN and ref in str(each["Subject"])]
    link = re.search(r"https://spaces\.example(/\S+)", letter.get_content())
    assert link
    before, assent = whole(con), f"/my/permits/{ref}/assent"
    for agent in AGENTS * 20:
        scanner = app.test_client()
        for open_it in (scanner.get, scanner.get, scanner.head):
            assert open_it(link[1], headers={"User-Agent": agent}).status_code == 200
            assert open_it(assent, headers={"User-Agent": agent}).status_code == 302, "nobody came in by looking"
    assert whole(con) == before

    jan = app.test_client()
    assert post(jan, link[1], {}).status_code == 302
    came_in = whole(con)
    for open_it in (jan.get, jan.get, jan.head):
        assert open_it(assent).status_code == 200
    assert whole(con) == came_in
    page = jan.get(assent).text
    sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert sha256
    sent = {"csrf_token": token_of(page), "sha256": sha256[1], "says": "yes"}
    for _ in range(2):
        assert jan.post(assent, data=sent, headers={"Origin": "http://localhost"}).status_code == 302
    con.rollback()
    (word,) = agreements.assents_of(con, ref)
    assert (word.says_yes, word.sha256) == (True, sha256[1])
    con.rollback()


@pytest.mark.parametrize("bounce", ["550 no such mailbox", "450 try again later"])
def test_a_bounce_after_the_answer_moves_nothing(
    app: Flask, con: Connection, register: Register, clock: Clock, server: SlowServer, barn: str, bounce: str
) -> None:
    ref = a_request(con, clock.now, [barn], MAY)
    deliver(app)
    checking.ask_departments(con, SYSTEM, ref, clock.now, ["fire"])
    (check,) = checks.checks_of(con, ref)
    con.rollback()

    def answer() -> None:
        server.meanwhile = None
        with register.connect() as other:
            permit, newest = permits.get(other, ref), permits.newest_terms(other, ref)
            other.rollback()
            said = CheckAnswer(verdict="ok", text="Keep the exits free.", sha256=matter(newest, permit.space_refs))
            checking.answer_check(other, SYSTEM, check.ref, said, clock.now, by="Fien")

    server.answer, server.meanwhile = bounce, answer
    deliver(app)
    assert server.meanwhile is None, "the letter was on its way"
    con.rollback()
    status = {each.template: each.status for each in letter_rows.find(con)}["permit_check_asked"]
    assert status == ("failed" if bounce.startswith("5") else "waiting")
    answered = whole(con)
    answered.pop("letters")
    clock.forward(hours=1)
    deliver(app)
    after = whole(con)
    after.pop("letters")
    assert after == answered, "neither the bounce nor the next try moves a thing"
    ((given,),) = checks.answers_of(con, [check.ref]).values()
    assert (given.verdict, given.by) == ("ok", "Fien")
    assert letter_rows.find(con)
    con.rollback()
