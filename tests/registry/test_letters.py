"""Letters are rows: written with their event or not at all, taken by one, settled, held, and dropped when moot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, NotAllowed, NotFound
from tempuse.letters import PAUSES, TAKEN_FOR
from tempuse.people import Person
from tempuse.registry import letters, people, reports
from tempuse.registry.care import backups
from tempuse.reports import Report
from tempuse.store import letters as rows
from tempuse.store.engine import Connection, Register, open_register, writing
from tempuse.store.tables import letters as table
from tempuse.vocabulary import LetterStatus
from tests.builders import prove
from tests.mailing import Clock, Server, an_app, deliver
from web.letters import delivery

SECRET = "jo.vermeer@example.org"


def a_report(**values: Any) -> Report:
    return Report(address="9 Quay Lane", text="Empty.", contact=SECRET, contact_consent=True, **values)


def statuses(con: Connection) -> list[tuple[str, str]]:
    con.rollback()
    found = [(letter.template, letter.status) for letter in rows.find(con)]
    con.rollback()
    return found


def test_an_event_writes_its_letter_or_neither_is_there(con: Connection, now: datetime) -> None:
    people.add_person(con, SYSTEM, Person(name="Ilse", email="ilse@example.org"), now, invite=True)
    with pytest.raises(Conflict):
        people.add_person(con, SYSTEM, Person(name="Ada", email="ilse@example.org"), now, invite=True)
    with pytest.raises(NotFound):
        reports.send_report(con, PUBLIC, a_report(kind="wrong", space_ref="SP-0404"), now)
    assert statuses(con) == [("invitation", "waiting")]


def test_one_event_writes_one_letter(con: Connection, now: datetime) -> None:
    ref = reports.send_report(con, PUBLIC, a_report(), now).report.ref
    prove(con, ref, now)
    reports.judge_report(con, SYSTEM, ref, "answer", now, answer="Thank you.")
    prove(con, ref, now)
    assert statuses(con) == [("report_confirm", "waiting"), ("report_answer", "waiting")]
    reports.judge_report(con, SYSTEM, ref, "reopen", now)
    reports.judge_report(con, SYSTEM, ref, "answer", now + timedelta(hours=1), answer="Once more.")
    assert len(statuses(con)) == 3


def test_nothing_in_a_letter_names_its_reader_or_lets_anybody_in(con: Connection, now: datetime) -> None:
    ilse = people.add_person(con, SYSTEM, Person(name="Ilse Maes", email="ilse@example.org"), now, invite=True)
    people.send_link_to(con, SYSTEM, " Ilse@Example.org", now)
    people.send_link_to(con, SYSTEM, "nobody@example.org", now)
    reports.send_report(con, PUBLIC, a_report(), now)
    held = str(rows.find(con))
    assert not [word for word in ("@example.org", "Maes", "vermeer", "http") if word in held]
    assert [letter.to_ref for letter in rows.find(con)] == [ilse.ref, ilse.ref, "", "RP-0001"]


def test_a_letter_is_taken_by_one_alone_and_again_when_whoever_had_it_died(
    register: Register, con: Connection, now: datetime
) -> None:
    for _ in range(6):
        people.send_link_to(con, SYSTEM, "nobody@example.org", now)
    taken: list[int] = []

    def take() -> None:
        with register.connect() as own:
            while (letter := letters.take_letter(own, SYSTEM, now)) is not None:
                taken.append(letter.id)

    takers = [threading.Thread(target=take) for _ in range(4)]
    for each in takers:
        each.start()
    for each in takers:
        each.join()
    assert sorted(taken) == [1, 2, 3, 4, 5, 6]
    assert letters.take_letter(con, SYSTEM, now + TAKEN_FOR - timedelta(seconds=1)) is None
    again = letters.take_letter(con, SYSTEM, now + TAKEN_FOR)
    assert again is not None
    assert again.message_id == rows.find(con)[0].message_id, "a mailbox knows it again"


def ilse(con: Connection, now: datetime) -> str:
    return people.add_person(con, SYSTEM, Person(name="Ilse", email="ilse@example.org"), now).ref


def test_a_letter_is_put_off_longer_each_time_and_given_up_at_last(con: Connection, now: datetime) -> None:
    people.send_link(con, SYSTEM, ilse(con, now), now, first=False)
    for minutes in PAUSES:
        letter = letters.take_letter(con, SYSTEM, now)
        assert letter is not None
        assert letters.settle_letter(con, SYSTEM, letter, LetterStatus.WAITING, "451", now) is LetterStatus.WAITING
        assert letters.take_letter(con, SYSTEM, now + timedelta(minutes=minutes - 1)) is None
        now += timedelta(minutes=minutes)
    letter = letters.take_letter(con, SYSTEM, now)
    assert letter is not None
    assert letters.settle_letter(con, SYSTEM, letter, LetterStatus.WAITING, "451", now) is LetterStatus.FAILED
    assert statuses(con) == [("new_password", "failed")]
    assert letters.send_letters_again(con, SYSTEM, now) == 1
    assert letters.take_letter(con, SYSTEM, now) is not None


def test_what_is_known_of_letters_goes_in_time_but_not_while_they_wait(con: Connection, now: datetime) -> None:
    ref = ilse(con, now)
    for _ in range(2):
        people.send_link(con, SYSTEM, ref, now, first=False)
    letter = letters.take_letter(con, SYSTEM, now)
    assert letter is not None
    letters.settle_letter(con, SYSTEM, letter, LetterStatus.SENT, "", now)
    assert letters.forget_letters(con, SYSTEM, now) == 0
    assert letters.forget_letters(con, SYSTEM, now + timedelta(days=1)) == 1
    assert statuses(con) == [("new_password", "waiting")]


def test_the_public_does_nothing_with_letters(con: Connection, now: datetime) -> None:
    for work in (
        lambda: letters.take_letter(con, PUBLIC, now),
        lambda: letters.send_letters_again(con, PUBLIC, now),
        lambda: letters.put_letters_off(con, PUBLIC, "x", now),
        lambda: letters.forget_letters(con, PUBLIC, now),
        lambda: letters.take_in_files(con, PUBLIC, ["x.json"], LetterStatus.WAITING, now),
        lambda: people.send_link(con, PUBLIC, "PE-0001", now, first=True),
        lambda: people.send_link_to(con, PUBLIC, "a@b.example", now),
        lambda: reports.expect_secret(con, PUBLIC, "RP-0001", "x"),
    ):
        with pytest.raises(NotAllowed):
            work()


@pytest.fixture
def restored(register: Register, con: Connection, tmp_path: Path, now: datetime) -> Iterator[Register]:
    """A register that was brought back, whose backup had a letter that waited."""
    people.add_person(con, SYSTEM, Person(name="Ilse", email="ilse@example.org"), now, invite=True)
    backups.backup(register, tmp_path / "backup.zip", now)
    back = open_register(str(tmp_path / "back.gpkg"), tmp_path / "back-home", create=True)
    backups.restore(back, tmp_path / "backup.zip", now)
    yield back
    back.close()


def test_a_register_that_is_brought_back_sends_no_letter_by_surprise(
    restored: Register, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(restored, clock, f"smtp://127.0.0.1:{port}")
    clock.forward(hours=2)
    assert deliver(app).sent == 0
    with restored.connect() as con:
        assert statuses(con) == [("invitation", "held")]
        assert letters.send_letters_again(con, SYSTEM, clock.now) == 1
    assert deliver(app).sent == 1


# ---- judged once more when it is delivered ------------------------------------------------------------------


def outcomes(register: Register) -> list[tuple[str, str | None]]:
    with register.connect() as con:
        return [(letter.status, letter.problem) for letter in rows.find(con)]


def test_a_letter_to_an_address_that_was_blanked_is_dropped_and_nothing_of_it_remains(
    register: Register, con: Connection, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    ref = reports.send_report(con, PUBLIC, a_report(), clock.now).report.ref
    clock.forward(days=400)
    reports.blank_contacts(con, SYSTEM, clock.now)
    deliver(app)
    assert server.letters == []
    assert outcomes(register) == [("dropped", "no address")]
    with writing(con):
        assert SECRET not in str(con.execute(table.select()).all())
    assert ref == "RP-0001"


def test_letters_to_whoever_left_or_to_nobody_are_dropped(
    register: Register, con: Connection, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    for name in ("Ada", "Ilse"):
        person = Person.with_role("administrator", name=name, email=f"{name.lower()}@example.org")
        people.add_person(con, SYSTEM, person, clock.now, invite=name == "Ilse")
    people.end_person(con, SYSTEM, "PE-0002", clock.now)
    people.send_link_to(con, SYSTEM, "ilse@example.org", clock.now)
    deliver(app)
    assert server.letters == []
    assert outcomes(register) == [("dropped", "left")]


def test_an_answer_that_was_taken_back_is_not_sent(
    register: Register, con: Connection, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    ref = reports.send_report(con, PUBLIC, a_report(), clock.now).report.ref
    prove(con, ref, clock.now)
    reports.judge_report(con, SYSTEM, ref, "answer", clock.now, answer="Wrong words.")
    reports.judge_report(con, SYSTEM, ref, "reopen", clock.now)
    clock.forward(minutes=1)
    reports.judge_report(con, SYSTEM, ref, "answer", clock.now, answer="Right words.")
    deliver(app)
    assert ["Right words." in letter.get_content() for letter in server.letters] == [True]
    assert outcomes(register) == [("dropped", "confirmed"), ("dropped", "judged again"), ("sent", None)]


def test_a_letter_that_is_sent_twice_says_the_same_twice(
    register: Register, con: Connection, clock: Clock, server: Server, port: int
) -> None:
    """Whoever sent it was killed before it could be written down; both links work, and a mailbox knows it again."""
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    reports.send_report(con, PUBLIC, a_report(), clock.now)
    deliver(app)
    with writing(con):
        con.execute(table.update().values(status="waiting"))
    deliver(app)
    first, second = (str(letter) for letter in server.letters)
    assert first == second


def test_letters_that_an_older_program_left_as_files_are_taken_in_once(
    register: Register, clock: Clock, server: Server, port: int
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    outbox, failed = (register.home / "mail" / name for name in ("outbox", "failed"))
    for place, name in ((outbox, "1764000000.3.one.json"), (outbox, "1764000000.0.two.taken"), (failed, "three.json")):
        place.mkdir(parents=True, exist_ok=True)
        letter = {"to": "ada@example.org", "subject": name, "body": "x\n", "sender": "s@example.org", "reply_to": "",
                  "language": "en", "at": clock.now.isoformat(), "id": f"<{name}@example.org>"}  # fmt: skip
        (place / name).write_text(json.dumps(letter))
    for _ in range(2):
        with app.test_request_context():
            delivery.take_in_files()
        deliver(app)
    assert sorted(letter["Subject"] for letter in server.letters) == ["1764000000.0.two.taken", "1764000000.3.one.json"]
    with register.connect() as con:
        letters.send_letters_again(con, SYSTEM, clock.now)
    deliver(app)
    assert server.letters[-1]["Subject"] == "three.json"
    assert not [*outbox.iterdir(), *failed.iterdir()]
