"""Questions, departments and neighbours on the pages: the office, a reviewer, the group and a neighbour."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry import setup
from tempuse.registry.permits.deciding import take_up_request
from tempuse.registry.permits.reminding import remind_due
from tempuse.registry.permits.reviewing import name_reviewer
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import checks, people, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import a_signed_in_client, post, sign_in
from tests.permitting import a_request, bring_back, running, terms
from web.accounts import links

SPRING = terms(date(2026, 12, 1), date(2027, 5, 31))
DEPARTMENTS = [{"name": "noise", "title": {"en": "Noise", "nl": "Geluid"}, "answer_days": 10}]
KIND = {"name": "use", "title": {"en": "Use"}, "departments": ["noise"], "notice_days": 14}


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    made = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    made.config["REPORT_LEAST_SECONDS"] = 0
    return made


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    changes = {
        "municipality": "Rivermouth", "contact_email": "office@city.example", "languages": "en,nl",
        "departments": json.dumps(DEPARTMENTS), "permit_kinds": json.dumps([KIND]),
    }  # fmt: skip
    setup.change_settings(con, SYSTEM, changes, clock.now)
    return add_space(con, SYSTEM, a_space(status="offered", location_level="exact"), clock.now)


@pytest.fixture
def ref(con: Connection, hall: str, clock: Clock) -> str:
    name_reviewer(con, SYSTEM, "noise", "Fien", "fien@city.example", "en", clock.now)
    made = a_request(con, clock.now, [hall], SPRING, title="Repair café")
    take_up_request(con, SYSTEM, made, clock.now)
    return made


@pytest.fixture
def ilse(app: Flask, ref: str) -> FlaskClient:
    return a_signed_in_client(app)


def person(con: Connection, email: str) -> Person:
    found = people.by_email(con, email)
    con.rollback()
    assert found is not None
    return found


def entered(app: Flask, who: Person) -> FlaskClient:
    client = app.test_client()
    with app.test_request_context():
        link = links.entry_link(who, "")
    assert post(client, link, {}).status_code == 302
    return client


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    """Open the page of an act, fill in its form, send it."""
    form = form_of(client.get(address).text, "csrf_token")
    return client.post(address, data={**form, **changes}, headers={"Origin": "http://localhost"})


def letters_to(server: Server, address: str) -> list[tuple[str, str]]:
    return [(each["Subject"], each.get_content()) for each in server.letters if address in each["To"]]


def the_check(con: Connection, ref: str) -> str:
    found = checks.checks_of(con, ref)[0].ref
    con.rollback()
    return found


@pytest.mark.both_engines
def test_a_reviewer_answers_by_the_link_of_the_letter(
    app: Flask, con: Connection, ref: str, ilse: FlaskClient, server: Server
) -> None:
    deliver(app)
    (asked,) = letters_to(server, "fien@city.example")
    assert asked[0] == f"What does Noise say? {ref}"
    assert "Please answer by 3 December." in asked[1]
    found = re.search(r"https://spaces.example(/my/enter/\S+)", asked[1])
    assert found
    fien = app.test_client()
    page = post(fien, found[1], {}).location
    assert page == f"/my/checks/{the_check(con, ref)}"
    assert "To answer for your department" in fien.get("/my/").text
    shown = fien.get(page).text
    assert all(word in shown for word in ("Repair café", "From 1 December 2026 to 31 May 2027", "No objection"))
    assert "Choose an answer." in send(fien, page).text
    assert "Write what stands in the way" in send(fien, page, verdict="objection").text
    said = {"verdict": "ok_with_conditions", "text": "Windows shut after nine.", "office_text": "They are nice."}
    assert send(fien, page, **said).status_code == 302
    assert "To answer for your department" not in fien.get("/my/").text
    office = ilse.get(f"/office/permits/{ref}").text
    assert all(
        word in office for word in ("Windows shut after nine.", "They are nice.", "No objection, with conditions")
    )
    deliver(app)
    assert letters_to(server, "office@city.example")[-1][0] == f"A department answered: {ref}"
    # What the group reads is that somebody answered.
    ada = entered(app, person(con, "ada@group.example"))
    theirs = ada.get(f"/my/permits/{ref}").text
    assert "A department answered." in theirs
    assert not any(word in theirs for word in ("Windows", "They are nice", "Fien"))
    assert ada.get(page).status_code == 404
    # The condition becomes one of the terms, and the department is not asked again.
    check = the_check(con, ref)
    assert send(ilse, f"/office/permits/{ref}/checks/{check}/condition").status_code == 302
    assert permits.newest_terms(con, ref).conditions[0].from_check_ref == check
    con.rollback()
    assert "Noise has not answered" not in ilse.get(f"/office/permits/{ref}").text


def test_the_office_asks_the_group_which_answers_on_its_page(
    app: Flask, con: Connection, ref: str, ilse: FlaskClient, server: Server, clock: Clock
) -> None:
    asked = send(ilse, f"/office/permits/{ref}/ask", question="How loud is it?", due_on="2026-11-30")
    assert asked.status_code == 302
    office = ilse.get(f"/office/permits/{ref}").text
    assert all(word in office for word in ("How loud is it?", "Question asked", "A question waits for its answer"))
    deliver(app)
    (letter,) = [each for each in letters_to(server, "ada@group.example") if "question" in each[0]]
    assert all(word in letter[1] for word in ("How loud is it?", "30 November", "stands still"))
    ada = entered(app, person(con, "ada@group.example"))
    assert "Answer the question" in ada.get("/my/").text
    page = f"/my/permits/{ref}/answer"
    assert "This is needed." in send(ada, page, answer=" ").text
    assert send(ada, page, answer="Not loud.").status_code == 302
    assert "Not loud." in ilse.get(f"/office/permits/{ref}").text
    assert permits.get(con, ref).status == "under_review"
    con.rollback()
    deliver(app)
    subjects = [subject for subject, _ in letters_to(server, "office@city.example")]
    assert subjects.count(f"A question is answered: {ref}") == 1
    # Another one nobody answers: it waits in the office, with two ways out, and its letter is dropped when taken back.
    send(ilse, f"/office/permits/{ref}/ask", question="Who has the key?", due_on="2026-11-30", stops_clock="")
    clock.forward(days=8)
    sign_in(ilse, person(con, "ilse@rivermouth.example"))
    waiting = ilse.get("/office/waiting").text
    late = ("Questions without an answer", "Who has the key?", "Was due on 30 November")
    assert [word for word in late if word not in waiting] == []
    press = f"/office/permits/{ref}/asks/2"
    assert post(ilse, f"{press}/remind", {}, f"/office/permits/{ref}").status_code == 302
    assert post(ilse, f"{press}/withdraw", {}, f"/office/permits/{ref}").status_code == 302
    before = len(letters_to(server, "ada@group.example"))
    deliver(app)
    assert len(letters_to(server, "ada@group.example")) == before
    assert "Questions without an answer" not in ilse.get("/office/waiting").text


def test_what_was_said_by_telephone_is_written_down(con: Connection, ref: str, ilse: FlaskClient) -> None:
    send(ilse, f"/office/permits/{ref}/ask", question="How loud is it?", due_on="2026-11-30")
    told = {"by": "Ada, by telephone", "answer": "Not loud."}
    assert send(ilse, f"/office/permits/{ref}/asks/1/answer", **told).status_code == 302
    check = the_check(con, ref)
    said = {"by": "Mr Claes, by telephone", "verdict": "objection", "text": "Too loud."}
    assert send(ilse, f"/office/permits/{ref}/checks/{check}/answer", **said).status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert all(word in page for word in ("Ada, by telephone", "Mr Claes, by telephone", "Noise objects."))
    because = {"because": "The mayor decides so."}
    assert send(ilse, f"/office/permits/{ref}/checks/{check}/waive", **because).status_code == 302
    page = ilse.get(f"/office/permits/{ref}").text
    assert "Noise objects." not in page
    assert "The mayor decides so." in page


def a_notice(ilse: FlaskClient, ref: str) -> str:
    """The path of the page of a notice that was opened."""
    days = {"opens_on": "2026-11-24", "closes_on": "2026-12-07", "text": "Evenings with music until ten."}
    assert send(ilse, f"/office/permits/{ref}/notice", **days).status_code == 302
    found = re.search(r'https://spaces.example(/notices/[^"]+)', ilse.get(f"/office/permits/{ref}").text)
    assert found
    return found[1]


@pytest.mark.both_engines
def test_a_neighbour_comments_and_reads_the_answer(
    app: Flask, con: Connection, ref: str, ilse: FlaskClient, server: Server, clock: Clock
) -> None:
    address = a_notice(ilse, ref)
    sheet = ilse.get(f"/office/permits/{ref}/notices/1/sheet").text
    assert all(word in sheet for word in (address, "7 December 2026", "Evenings with music until ten."))
    neighbour = app.test_client()
    page = neighbour.get(address).text
    assert all(word in page for word in ("Repair café", "Evenings with music until ten.", "to 7 December 2026"))
    assert not any(word in page for word in ("Ada", "ada@group.example", "Noise"))
    assert "This is needed." in send(neighbour, address, text="").text
    wrote = {"text": "My father at number 9 is ill. No drums.", "name": "Bo", "contact": "bo@home.example"}
    form = form_of(neighbour.get(address).text, "csrf_token")
    for _ in range(2):
        sent = neighbour.post(address, data={**form, **wrote}, headers={"Origin": "http://localhost"})
        assert sent.status_code == 302
    assert len(checks.comments_of(con, ref)) == 1
    con.rollback()
    assert "Comments to answer" in ilse.get("/office/waiting").text
    deliver(app)
    assert f"A neighbour commented: {ref}" in [subject for subject, _ in letters_to(server, "office@city.example")]
    answer = {"answer": "There are none.", "released_text": "No drums."}
    assert send(ilse, f"/office/permits/{ref}/comments/1", **answer).status_code == 302
    page = neighbour.get(address).text
    assert all(word in page for word in ("No drums.", "There are none."))
    assert "number 9" not in page
    assert "Comments to answer" not in ilse.get("/office/waiting").text
    clock.forward(days=15)
    assert "it is marked as late" in neighbour.get(address).text
    send(neighbour, address, text="Too late?")
    assert "It came after the last day" in neighbour.get(address).text
    assert checks.comments_of(con, ref)[1].late
    con.rollback()


def test_a_robot_a_guess_and_a_hidden_space_learn_nothing(
    app: Flask, con: Connection, ref: str, ilse: FlaskClient, hall: str, clock: Clock
) -> None:
    address = a_notice(ilse, ref)
    stranger = app.test_client()
    assert stranger.get("/notices/guessed").status_code == 404
    assert send(stranger, address, text="Buy pills", website="x").status_code == 302
    assert checks.comments_of(con, ref) == []
    con.rollback()
    edit_space(con, SYSTEM, hall, {"location_level": "cell"}, clock.now)
    shown = stranger.get(address).text
    assert "Evenings with music until ten." in shown
    assert hall in shown
    assert not any(word in shown for word in ("Repair café", "31 May 2027"))
    move_space(con, SYSTEM, hall, "withhold", clock.now, note="A shelter")
    shown = stranger.get(address).text
    assert not any(word in shown for word in ("Repair café", "31 May 2027", hall))


def test_departments_have_people_whom_an_administrator_names(app: Flask, con: Connection, ref: str) -> None:
    boss = a_signed_in_client(app, "Ada Vos", "administrator")
    assert "Who answers for the departments" in boss.get("/office/people").text
    assert "Fien" in boss.get("/office/departments").text
    new = {"department": "noise", "name": "Gert", "email": "gert@city.example"}
    assert "e-mail" in post(boss, "/office/departments", {**new, "email": "gert"}).text.lower()
    assert post(boss, "/office/departments", new).status_code == 302
    gert = person(con, "gert@city.example")
    client = entered(app, gert)
    check = f"/my/checks/{the_check(con, ref)}"
    assert client.get(check).status_code == 200
    gone = f"/office/departments/noise/reviewers/{gert.ref}/end"
    assert post(boss, gone, {}, "/office/departments").status_code == 302
    assert client.get(check).status_code == 302  # their session is over


def test_reminders_come_once_and_what_is_over_is_not_sent(
    app: Flask, con: Connection, hall: str, server: Server, clock: Clock
) -> None:
    setup.change_settings(con, SYSTEM, {"permit_kinds": "[]"}, clock.now)
    ref = running(con, clock.now, [hall], SPRING, on=clock.now.date())
    deliver(app)
    server.letters.clear()
    clock.now = clock.now.replace(year=2027, month=5, day=1)
    for _ in range(2):
        remind_due(con, SYSTEM, clock.now)
        deliver(app)
    ((subject, said),) = letters_to(server, "ada@group.example")
    assert subject == f"It ends in 30 days: {ref}"
    assert "31 May" in said
    clock.forward(days=24)
    remind_due(con, SYSTEM, clock.now)
    bring_back(con, ref, clock.now, clock.now.date() - timedelta(days=1))
    deliver(app)
    assert [subject for subject, _ in letters_to(server, "ada@group.example")][1:] == [f"The keys are back: {ref}"]
