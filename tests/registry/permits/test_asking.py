"""Questions to the group: they stop the clock, several at once, answered, taken back, overdue; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tempuse.access import SYSTEM
from tempuse.errors import Invalid, NotAllowed, WrongState
from tempuse.registry import setup
from tempuse.registry.permits.asking import answer_ask, ask_holder, clock_of, remind_of_ask, withdraw_ask
from tempuse.registry.permits.deciding import approve_permit, refuse_request
from tempuse.registry.spaces import add_space, move_space
from tempuse.store import checks, letters, people, permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.permitting import a_request, terms

SENT = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MAY = terms(date(2027, 7, 1), date(2027, 7, 31))


def april(day: int) -> datetime:
    return datetime(2027, 4, day, 9, 0, tzinfo=UTC)


@pytest.fixture
def hall(con: Connection) -> str:
    setup.change_settings(con, SYSTEM, {"contact_email": "office@city.example"}, SENT)
    return add_space(con, SYSTEM, a_space(), SENT)


@pytest.fixture
def ref(con: Connection, hall: str) -> str:
    return a_request(con, SENT, [hall], MAY)


def clock(con: Connection, ref: str, on: date) -> Any:
    found = clock_of(con, permits.get(con, ref), get_settings(con), on)
    con.rollback()
    return found


def written(con: Connection, template: str) -> list[str]:
    found = [f"{each.to_noun} {each.to_ref}" for each in letters.find(con) if each.template == template]
    con.rollback()
    return found


def status(con: Connection, ref: str) -> str:
    found = permits.get(con, ref).status
    con.rollback()
    return found


def test_the_clock_stands_still_for_the_union_of_the_questions_and_not_their_sum(con: Connection, ref: str) -> None:
    first = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    second = ask_holder(con, SYSTEM, ref, april(10), "Who has the key?", date(2027, 4, 24))
    answer_ask(con, SYSTEM, ref, first.number, "80 dB at the door.", april(15), by="Ada, by telephone")
    assert status(con, ref) == "information_requested"
    answer_ask(con, SYSTEM, ref, second.number, "Ada.", april(20))
    assert status(con, ref) == "under_review"
    stands = clock(con, ref, date(2027, 5, 1))
    assert stands.decide_by_on == date(2027, 6, 11)
    assert (stands.stopped, stands.applicant_days, stands.office_days) == (15, 15, 15)
    spelling = ask_holder(con, SYSTEM, ref, april(22), "Rep café or repair?", date(2027, 4, 30), stops_clock=False)
    answer_ask(con, SYSTEM, ref, spelling.number, "Repair.", april(25))
    stands = clock(con, ref, date(2027, 5, 1))
    assert stands.decide_by_on == date(2027, 6, 11)
    assert (stands.stopped, stands.applicant_days, stands.office_days) == (15, 18, 12)


def test_while_a_question_is_open_the_last_day_moves_on_and_nothing_is_approved(con: Connection, ref: str) -> None:
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    assert clock(con, ref, date(2027, 4, 6)).decide_by_on == date(2027, 5, 28)
    assert clock(con, ref, date(2027, 4, 9)).decide_by_on == date(2027, 5, 31)
    with pytest.raises(WrongState):
        approve_permit(con, SYSTEM, ref, april(6))
    answer_ask(con, SYSTEM, ref, ask.number, "Not loud.", april(9))
    assert approve_permit(con, SYSTEM, ref, april(10)).status == "approved"


def test_the_group_is_asked_by_letter_and_the_office_hears_of_the_answer_once(con: Connection, ref: str) -> None:
    contact = people.by_email(con, "ada@group.example")
    con.rollback()
    assert contact is not None
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    assert written(con, "permit_question") == [f"person {contact.ref}"]
    for _ in range(2):
        assert answer_ask(con, contact.actor(), ref, ask.number, "Not loud.", april(9)).answered_by == "Ada"
    assert written(con, "permit_answered") == ["office office"]
    with pytest.raises(WrongState) as caught:
        answer_ask(con, contact.actor(), ref, ask.number, "Very loud.", april(9))
    assert caught.value.message == "ask.over"


def test_nobody_answers_for_another_group_or_asks_for_the_office(con: Connection, hall: str, ref: str) -> None:
    a_request(con, SENT, [hall], MAY, group="Choir", email="bo@choir.example", name="Bo")
    stranger = people.by_email(con, "bo@choir.example")
    con.rollback()
    assert stranger is not None
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    for act in (
        lambda: answer_ask(con, stranger.actor(), ref, ask.number, "Loud.", april(6)),
        lambda: ask_holder(con, stranger.actor(), ref, april(6), "Why?", date(2027, 4, 20)),
        lambda: withdraw_ask(con, stranger.actor(), ref, ask.number, april(6)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_question_whose_day_is_over_is_a_task_with_two_ways_out(con: Connection, ref: str) -> None:
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    assert checks.overdue_asks(con, date(2027, 4, 20)) == []
    assert [each.number for each in checks.overdue_asks(con, date(2027, 4, 21))] == [ask.number]
    con.rollback()
    for _ in range(2):
        remind_of_ask(con, SYSTEM, ref, ask.number, april(21))
    assert len(written(con, "permit_question")) == 2
    withdraw_ask(con, SYSTEM, ref, ask.number, april(22), note="We know it from the police.")
    assert status(con, ref) == "under_review"
    assert checks.overdue_asks(con, date(2027, 4, 30)) == []
    con.rollback()
    assert clock(con, ref, date(2027, 5, 1)).stopped == 17
    with pytest.raises(WrongState):
        answer_ask(con, SYSTEM, ref, ask.number, "Not loud.", april(23))


def test_an_answer_is_taken_whatever_became_of_the_space_and_not_after_a_decision(
    con: Connection, hall: str, ref: str
) -> None:
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud is it?", date(2027, 4, 20))
    other = ask_holder(con, SYSTEM, ref, april(5), "How many?", date(2027, 4, 20))
    move_space(con, SYSTEM, hall, "retire", april(6), retired_on=date(2027, 4, 6), note="Sold")
    answer_ask(con, SYSTEM, ref, ask.number, "Not loud.", april(7))
    refuse_request(con, SYSTEM, ref, april(8), "It is sold.")
    with pytest.raises(WrongState) as caught:
        answer_ask(con, SYSTEM, ref, other.number, "Twenty.", april(9))
    assert caught.value.message == "permit.decided"


def test_a_question_says_something_and_has_a_day_to_come(con: Connection, ref: str) -> None:
    for question, due_on, message in (
        ("How loud?", date(2027, 4, 4), "ask.past"),
        ("x" * 4001, date(2027, 4, 20), "ask.too_long"),
        ("  ", date(2027, 4, 20), "field.needed"),
    ):
        with pytest.raises(Invalid) as caught:
            ask_holder(con, SYSTEM, ref, april(5), question, due_on)
        assert [issue.message for issue in caught.value.issues] == [message]
    ask = ask_holder(con, SYSTEM, ref, april(5), "How loud?", date(2027, 4, 5))
    with pytest.raises(Invalid):
        answer_ask(con, SYSTEM, ref, ask.number, " ", april(5) + timedelta(hours=1))
    assert status(con, ref) == "information_requested"
