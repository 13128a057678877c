"""Departments are asked and answer; a yes is for these terms; on both engines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tempuse.access import SYSTEM
from tempuse.checks import CheckAnswer, matter
from tempuse.errors import Conflict, Invalid, NotAllowed
from tempuse.people import Person
from tempuse.registry import setup
from tempuse.registry.permits.agreeing import give_assent, propose_terms
from tempuse.registry.permits.checking import (
    answer_check,
    ask_departments,
    checks_seen,
    remind_department,
    waive_check,
)
from tempuse.registry.permits.deciding import approve_permit, take_up_request
from tempuse.registry.permits.reviewing import end_reviewer, name_reviewer
from tempuse.registry.permits.taking_in import take_condition
from tempuse.registry.permits.withdrawing import edit_request
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, checks, letters, people, permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.terms import Hours
from tempuse.vocabulary import CheckState
from tests.builders import a_space
from tests.permitting import a_request, sha_of, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
TODAY = date(2027, 4, 1)
EVENING = Hours(weekdays=16, from_minute=19 * 60, until_minute=22 * 60)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31), hours=(EVENING,))
DEPARTMENTS: list[dict[str, Any]] = [
    {"name": "noise", "title": {"en": "Noise", "nl": "Geluid"}, "email": "noise@city.example", "answer_days": 21},
    {"name": "fire", "title": {"en": "Fire brigade"}, "answer_days": 14, "silence": "no_concern", "silence_days": 30},
]


@pytest.fixture
def hall(con: Connection) -> str:
    kind = {"name": "use", "title": {"en": "Use"}, "departments": ["noise", "fire"]}
    changes = {
        "departments": json.dumps(DEPARTMENTS),
        "permit_kinds": json.dumps([kind]),
        "contact_email": "office@city.example",
    }
    setup.change_settings(con, SYSTEM, changes, NOW)
    return add_space(con, SYSTEM, a_space(), NOW)


@pytest.fixture
def ref(con: Connection, hall: str) -> str:
    made = a_request(con, NOW, [hall], MAY)
    take_up_request(con, SYSTEM, made, NOW)
    return made


def seen(con: Connection, ref: str, on: date = TODAY) -> dict[str, Any]:
    permit, ruled = permits.get(con, ref), permits.newest_terms(con, ref)
    found = checks_seen(con, permit, ruled, get_settings(con), on)
    con.rollback()
    return {each.check.department: each for each in found}


def matter_of(con: Connection, ref: str) -> str:
    found = matter(permits.newest_terms(con, ref), permits.get(con, ref).space_refs)
    con.rollback()
    return found


def say(con: Connection, ref: str, department: str, verdict: str = "ok", **values: Any) -> CheckAnswer:
    check = seen(con, ref)[department].check
    said = CheckAnswer(verdict=verdict, sha256=matter_of(con, ref), **values)
    return answer_check(con, SYSTEM, check.ref, said, NOW, by=f"{department} by telephone")


def obstacles(con: Connection, ref: str, now: datetime = NOW) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, ref, now)
    return [(issue.message, str(issue.values.get("department", ""))) for issue in caught.value.issues]


def a_reviewer(con: Connection, department: str = "fire", name: str = "Fien") -> Person:
    person = name_reviewer(con, SYSTEM, department, name, f"{name.lower()}@city.example", "nl", NOW)
    found = people.get(con, person.ref)
    con.rollback()
    return found


def test_whoever_takes_a_request_up_asks_the_departments_of_its_kind(con: Connection, ref: str) -> None:
    stands = seen(con, ref)
    assert {name: each.standing.state for name, each in stands.items()} == {"noise": "waiting", "fire": "waiting"}
    assert [stands[name].check.due_on for name in ("noise", "fire")] == [date(2027, 4, 22), date(2027, 4, 15)]
    # The mailbox of the one reads for it; nobody reads for the other yet.
    mailbox = people.by_email(con, "noise@city.example")
    assert mailbox is not None
    told = [each.to_ref for each in letters.find(con) if each.template == "permit_check_asked"]
    con.rollback()
    assert told == [mailbox.ref]
    assert ask_departments(con, SYSTEM, ref, NOW) == ["fire"]
    assert obstacles(con, ref) == [("check.waits", "Noise"), ("check.waits", "Fire brigade")]
    say(con, ref, "noise", "not_concerned")
    say(con, ref, "fire", "ok_with_conditions", text="Keep the second door free.")
    assert approve_permit(con, SYSTEM, ref, NOW).status == "approved"


def test_a_request_is_not_approved_before_its_departments_were_asked(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY)
    assert obstacles(con, ref) == [("check.not_asked", "Noise"), ("check.not_asked", "Fire brigade")]


def test_a_yes_is_for_these_terms(con: Connection) -> None:
    kind = {"name": "use", "title": {"en": "Use"}, "departments": ["noise"]}
    changes = {"departments": json.dumps(DEPARTMENTS), "permit_kinds": json.dumps([kind])}
    setup.change_settings(con, SYSTEM, changes, NOW)
    shop = add_space(con, SYSTEM, a_space(ownership="company", consent="given"), NOW)
    ref = a_request(con, NOW, [shop], MAY)
    take_up_request(con, SYSTEM, ref, NOW)
    give_assent(con, SYSTEM, ref, NOW, says_yes=True, sha256=sha_of(con, ref), by="Mrs Peeters")
    say(con, ref, "noise", "ok", text="Until ten it is fine.")
    late = Hours(weekdays=16, from_minute=19 * 60, until_minute=24 * 60)
    propose_terms(con, SYSTEM, ref, {"hours": (late,)}, NOW)
    assert obstacles(con, ref) == [("permit.assent_for_other_terms", ""), ("check.stale", "Noise")]
    say(con, ref, "noise", "objection", text="Not until midnight.")
    given = seen(con, ref)["noise"]
    assert [(each.terms_version, each.verdict, each.text) for each in given.answers] == [
        (1, "ok", "Until ten it is fine."), (2, "objection", "Not until midnight."),
    ]  # fmt: skip
    assert [(each.terms_version, each.says_yes) for each in agreements.assents_of(con, ref)] == [(1, True)]
    con.rollback()
    assert obstacles(con, ref)[1] == ("check.objects", "Noise")


def test_other_spaces_are_another_matter_and_another_title_is_not(con: Connection, hall: str, ref: str) -> None:
    say(con, ref, "noise")
    edit_request(con, SYSTEM, ref, {"title": "Bicycle clinic"}, NOW)
    assert seen(con, ref)["noise"].standing.state is CheckState.ANSWERED
    other = add_space(con, SYSTEM, a_space(), NOW)
    edit_request(con, SYSTEM, ref, {"space_refs": (hall, other)}, NOW)
    assert seen(con, ref)["noise"].standing.state is CheckState.STALE
    ask_departments(con, SYSTEM, ref, NOW + timedelta(hours=1), ["noise"])
    assert seen(con, ref)["noise"].standing.state is CheckState.WAITING


def test_a_condition_that_a_department_asked_for_is_taken_in_and_nobody_is_asked_again(
    con: Connection, ref: str
) -> None:
    say(con, ref, "fire")
    say(con, ref, "noise", "ok_with_conditions", text="Windows shut after nine.")
    check = seen(con, ref)["noise"].check
    new = take_condition(con, SYSTEM, check.ref, "Windows are shut after nine.", NOW, check_on=date(2027, 5, 10))
    assert (new.version, new.conditions[-1].from_check_ref) == (2, check.ref)
    assert approve_permit(con, SYSTEM, ref, NOW).status == "approved"


def test_the_office_does_without_an_answer_for_these_terms_with_a_reason(con: Connection, ref: str) -> None:
    say(con, ref, "fire")
    check = seen(con, ref)["noise"].check
    with pytest.raises(Invalid):
        waive_check(con, SYSTEM, check.ref, " ", NOW)
    waive_check(con, SYSTEM, check.ref, "Nobody lives there.", NOW)
    assert seen(con, ref)["noise"].standing.state is CheckState.WAIVED
    propose_terms(con, SYSTEM, ref, {"noise_limit_db": 90}, NOW)
    assert obstacles(con, ref) == [("check.waits", "Noise"), ("check.stale", "Fire brigade")]
    waive_check(con, SYSTEM, check.ref, "Still nobody.", NOW)
    say(con, ref, "fire", "objection", text="No.")
    waive_check(con, SYSTEM, seen(con, ref)["fire"].check.ref, "The mayor decides so.", NOW)
    assert approve_permit(con, SYSTEM, ref, NOW).status == "approved"


def test_silence_blocks_or_counts_as_no_concern_as_is_published(con: Connection, ref: str) -> None:
    def states(on: date) -> list[str]:
        return [seen(con, ref, on)[name].standing.state.value for name in ("noise", "fire")]

    assert states(date(2027, 4, 15)) == ["waiting", "waiting"]
    assert states(date(2027, 4, 16)) == ["waiting", "overdue"]
    assert states(date(2027, 5, 1)) == ["overdue", "overdue"]
    assert states(date(2027, 5, 2)) == ["overdue", "silent"]
    later = datetime(2027, 5, 2, 8, 0, tzinfo=UTC)
    assert obstacles(con, ref, later) == [("check.overdue", "Noise")]
    propose_terms(con, SYSTEM, ref, {"hours": ()}, NOW)  # what it was silent about was something else
    assert states(date(2027, 5, 2)) == ["overdue", "overdue"]


def test_a_reviewer_answers_for_the_own_department_alone(con: Connection, ref: str) -> None:
    fien = a_reviewer(con)
    stands = seen(con, ref)
    said = CheckAnswer(verdict="ok", sha256=matter_of(con, ref), office_text="I know these people.")
    for _ in range(2):
        noted = answer_check(con, fien.actor(), stands["fire"].check.ref, said, NOW)
        assert (noted.by, noted.person_ref) == ("Fien", fien.ref)
    assert len(seen(con, ref)["fire"].answers) == 1
    told = [each.key for each in letters.find(con) if each.template == "permit_check_answered"]
    con.rollback()
    assert len(told) == 1
    for act in (
        lambda: answer_check(con, fien.actor(), stands["noise"].check.ref, said, NOW),
        lambda: answer_check(con, fien.actor(), "CK-9999", said, NOW),
        lambda: waive_check(con, fien.actor(), stands["fire"].check.ref, "So.", NOW),
        lambda: approve_permit(con, fien.actor(), ref, NOW),
        lambda: name_reviewer(con, fien.actor(), "fire", "Bo", "bo@city.example", "en", NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    end_reviewer(con, SYSTEM, "fire", fien.ref, NOW)
    gone = people.get(con, fien.ref)
    con.rollback()
    with pytest.raises(NotAllowed):
        answer_check(con, gone.actor(), stands["fire"].check.ref, said, NOW)


def test_an_answer_on_terms_that_changed_meanwhile_is_not_taken(con: Connection, ref: str) -> None:
    fien, read = a_reviewer(con), matter_of(con, ref)
    check = seen(con, ref)["fire"].check
    propose_terms(con, SYSTEM, ref, {"hours": ()}, NOW)
    with pytest.raises(Conflict) as caught:
        answer_check(con, fien.actor(), check.ref, CheckAnswer(verdict="ok", sha256=read), NOW)
    assert caught.value.message == "check.other_terms"
    answer = CheckAnswer(verdict="objection", sha256=matter_of(con, ref))
    with pytest.raises(Invalid) as missing:
        answer_check(con, fien.actor(), check.ref, answer, NOW)
    assert missing.value.issues[0].message == "check.say_what"
    assert seen(con, ref)["fire"].answers == []


def test_what_waits_for_a_department_is_found_until_it_is_answered_or_over(con: Connection, ref: str) -> None:
    fien = a_reviewer(con)
    (waiting,) = checks.unanswered(con, ["fire"])
    assert [each.department for each in checks.unanswered(con)] == ["fire", "noise"]
    con.rollback()
    for _ in range(2):
        remind_department(con, SYSTEM, waiting.ref, NOW + timedelta(days=20))
    told = [each.to_ref for each in letters.find(con) if each.to_ref == fien.ref]
    con.rollback()
    assert len(told) == 1
    say(con, ref, "fire")
    assert checks.unanswered(con, ["fire"]) == []


def test_a_department_that_the_city_does_not_have_is_not_asked(con: Connection, ref: str) -> None:
    with pytest.raises(Conflict) as caught:
        ask_departments(con, SYSTEM, ref, NOW, ["water"])
    assert caught.value.message == "check.no_department"


def test_nobody_answers_for_the_city_on_a_request_of_their_own(con: Connection, ref: str) -> None:
    ada = name_reviewer(con, SYSTEM, "fire", "Ada", "ada@group.example", "en", NOW)
    check, actor = seen(con, ref)["fire"].check, people.get(con, ada.ref).actor()
    con.rollback()
    said = CheckAnswer(verdict="ok", sha256=matter_of(con, ref))
    with pytest.raises(NotAllowed):
        answer_check(con, actor, check.ref, said, NOW)
    setup.change_settings(con, SYSTEM, {"own_requests": "allowed"}, NOW)
    assert answer_check(con, actor, check.ref, said, NOW).by == "Ada"
