"""A stranger asks for a space, confirms by the link of a letter, and sees on a page of their own what becomes of it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.permits import Permit
from tempuse.registry import setup, spaces
from tempuse.registry.spaces import move_space
from tempuse.store import organisations, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import add_person, post

GOOD = {
    "title": "Repair café on Saturdays", "use": "workshop", "name": "Ada Mol", "email": "ada@group.example",
    "group": "Repair café", "starts_on": "2027-03-01", "ends_on": "2027-05-31",
    "private_text": "We bring our own tools.",
}  # fmt: skip


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(
        con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "spaces@rivermouth.example"}, now
    )
    return spaces.add_space(con, SYSTEM, a_space(
        name="The Fish Hall", available_from=date(2027, 2, 1), available_until=date(2028, 12, 31),
        longest_term_days=365, shortest_term_days=14,
    ), now)  # fmt: skip


def fill(client: FlaskClient, clock: Clock, ref: str, **changes: Any) -> Any:
    """Open the form, take a minute over it, send it."""
    form = form_of(client.get(f"/request?space={ref}").text, "form_token")
    clock.forward(minutes=1)
    return client.post("/request", data={**form, **GOOD, **changes}, headers={"Origin": "http://localhost"})


def kept(con: Connection) -> list[Permit]:
    con.rollback()
    found = permits.find(con)
    con.rollback()
    return found


def link_in(server: Server, number: int = -1) -> str:
    found = re.search(r"https://spaces\.example(/\S+)", server.letters[number].get_content())
    assert found, server.letters[number].get_content()
    return found[1]


def subjects(server: Server) -> list[tuple[str, str]]:
    return [(str(letter["To"]), str(letter["Subject"])) for letter in server.letters]


# ---- the way in ---------------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_group_asks_confirms_and_sees_its_own_page(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    assert f'href="/request?space={hall}"' in client.get(f"/spaces/{hall}").text
    sent = fill(client, clock, hall)
    assert sent.status_code == 302
    (draft,) = kept(con)
    assert (draft.status, draft.title, draft.use_categories) == ("draft", GOOD["title"], ("workshop",))
    thanks = client.get(sent.location).text
    assert draft.ref in thanks
    assert "only then does the city get your request" in thanks
    deliver(app)
    assert subjects(server) == [("ada@group.example", "Is this your request?")]
    link = link_in(server)
    for look in (client.get, client.head, client.get):
        assert look(link).status_code == 200
    assert kept(con)[0].status == "draft", "looking at a link does nothing"
    opened = post(client, link, {})
    assert (opened.status_code, opened.location) == (302, f"/my/permits/{draft.ref}")
    page = client.get(opened.location).text
    assert "The city has the request" in page
    assert "The city answers by 18 January" in page
    assert "The Fish Hall" in page
    assert "From 1 March 2027 to 31 May 2027" in page
    assert draft.ref in client.get("/my/").text
    held = kept(con)[0]
    assert (held.status, organisations.get(con, str(held.holder_ref)).name) == ("submitted", "Repair café")
    con.rollback()
    deliver(app)
    assert subjects(server)[1:] == [
        ("ada@group.example", f"We have your request {draft.ref}"),
        ("spaces@rivermouth.example", f"A request for a space: {draft.ref}"),
    ]


def test_a_link_pressed_twice_opens_the_page_and_an_hour_later_it_does_not(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    fill(app.test_client(), clock, hall)
    deliver(app)
    link = link_in(server)
    ref = kept(con)[0].ref
    for _ in range(2):
        assert post(app.test_client(), link, {}).location == f"/my/permits/{ref}"
    assert len(kept(con)) == 1
    clock.forward(hours=2)
    late = app.test_client()
    answer = post(late, link, {})
    assert answer.status_code == 410
    assert "You have confirmed this already" in answer.text
    assert late.get("/my/").status_code == 302


@pytest.mark.parametrize("secret", ["foreign", "x" * 32, "%3Cscript%3E"])
def test_a_link_that_is_none_of_ours_opens_nothing(client: FlaskClient, hall: str, secret: str) -> None:
    answer = post(client, f"/request/confirm/{secret}", {})
    assert answer.status_code == 410
    assert "This link does not work any more" in answer.text


def test_an_expired_link_sends_nothing(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    fill(client, clock, hall)
    deliver(app)
    clock.forward(days=15)
    assert post(client, link_in(server), {}).status_code == 410
    assert kept(con)[0].status == "draft"


def test_who_works_in_the_office_signs_in_behind_the_link(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    add_person(app, email="ada@group.example")
    fill(app.test_client(), clock, hall)
    deliver(app)
    answer = post(app.test_client(), link_in(server), {})
    assert answer.location.startswith("/my/sign-in?next=/my/permits/PM-")


def test_a_press_without_our_form_opens_nothing(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    fill(client, clock, hall)
    deliver(app)
    forged = app.test_client().post(link_in(server), headers={"Origin": "http://elsewhere.example"})
    assert forged.status_code == 400
    assert kept(con)[0].status == "draft"


# ---- what does not fit --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_on": "2027-02-01", "starts_on": "2027-03-01"}, "The last day is before the first."),
        ({"starts_on": "2027-01-01", "ends_on": "2027-03-01"}, "is free from 1 February"),
        ({"starts_on": "2028-12-01", "ends_on": "2029-01-31"}, "is there until 31 December 2028"),
        ({"ends_on": "2028-06-30"}, "at most: until 29 February 2028"),
        ({"ends_on": "2027-03-05"}, "at least: until 14 March"),
        ({"starts_on": "2026-11-01"}, "This day is over"),
        ({"starts_on": "31/02/2027"}, "day"),
        ({"email": "ada.group.example"}, "has no @"),
        ({"email": ""}, "This is needed."),
        ({"title": " "}, "This is needed."),
        ({"group": ""}, "This is needed."),
        ({"title": "x" * 201}, "longer than 200 characters"),
        ({"use": "casino"}, "This is not one of the choices."),
    ],
)
def test_what_does_not_fit_is_said_before_sending_and_every_word_stays(
    con: Connection, client: FlaskClient, clock: Clock, hall: str, changes: dict[str, str], said: str
) -> None:
    answer = fill(client, clock, hall, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    form = form_of(answer.text, "form_token")
    assert form["private_text"] == GOOD["private_text"]
    assert {name: form[name] for name in changes if name != "use"} == {n: v for n, v in changes.items() if n != "use"}
    assert kept(con) == []


def test_the_form_says_what_the_space_allows(client: FlaskClient, hall: str) -> None:
    page = client.get(f"/request?space={hall}").text
    for said in ("Free from 1 February", "There until 31 December 2028", "For 1 year at most", "For 2 weeks at least"):
        assert said in page


@pytest.mark.both_engines
def test_a_form_sent_twice_is_one_request_and_one_letter(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    form = {**form_of(client.get(f"/request?space={hall}").text, "form_token"), **GOOD}
    clock.forward(minutes=1)
    answers = [client.post("/request", data=form, headers={"Origin": "http://localhost"}) for _ in range(3)]
    assert {answer.location for answer in answers} == {f"/request/sent?number={kept(con)[0].ref}&mail=1"}
    assert len(kept(con)) == 1
    deliver(app)
    assert len(server.letters) == 1


def test_a_robot_and_whoever_is_too_fast_are_not_heard(
    con: Connection, client: FlaskClient, clock: Clock, hall: str
) -> None:
    assert fill(client, clock, hall, website="http://spam.example").status_code == 302
    form = {**form_of(client.get(f"/request?space={hall}").text, "form_token"), **GOOD}
    quick = client.post("/request", data=form, headers={"Origin": "http://localhost"})
    assert "Please press the button once more" in quick.text
    assert form_of(quick.text, "form_token")["title"] == GOOD["title"]
    assert kept(con) == []


def test_a_page_that_was_open_for_too_long_keeps_the_words(client: FlaskClient, app: Flask, hall: str) -> None:
    form = form_of(client.get(f"/request?space={hall}").text, "form_token")
    answer = app.test_client().post("/request", data={**form, **GOOD}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert GOOD["private_text"] in answer.text


# ---- which spaces -------------------------------------------------------------------------------------------


def test_nobody_learns_of_a_space_that_the_public_does_not_see(
    con: Connection, client: FlaskClient, clock: Clock, hall: str, now: datetime
) -> None:
    hidden = spaces.add_space(con, SYSTEM, a_space(status="recorded", name="Secret"), now)
    nowhere = client.get("/request?space=SP-9999")
    seen = client.get(f"/request?space={hidden}")
    assert (nowhere.status_code, seen.status_code) == (404, 404)
    assert nowhere.text.replace("SP-9999", "") == seen.text.replace(hidden, "") or "Secret" not in seen.text
    form = form_of(client.get(f"/request?space={hall}").text, "form_token")
    clock.forward(minutes=1)
    answer = client.post("/request", data={**form, **GOOD, "space": hidden}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 404
    assert kept(con) == []


def test_a_space_that_is_gone_cannot_be_asked_for(
    con: Connection, client: FlaskClient, hall: str, now: datetime
) -> None:
    move_space(con, SYSTEM, hall, "retire", now, retired_on=now.date())
    page = client.get(f"/request?space={hall}")
    assert "cannot be asked for now" in page.text
    assert "form_token" not in page.text


def test_several_spaces_are_asked_for_at_once(
    con: Connection, client: FlaskClient, clock: Clock, hall: str, now: datetime
) -> None:
    other = spaces.add_space(con, SYSTEM, a_space(name="The Net Loft"), now)
    form = form_of(client.get(f"/request?space={hall}&space={other}").text, "form_token")
    clock.forward(minutes=1)
    assert client.post("/request", data={**form, **GOOD}, headers={"Origin": "http://localhost"}).status_code == 302
    assert kept(con)[0].space_refs == (hall, other)


def test_a_coarse_space_is_asked_for_without_its_name(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, now: datetime
) -> None:
    ref = spaces.add_space(con, SYSTEM, a_space(name="Convent", address="1 Quiet Lane", location_level="cell"), now)
    fill(client, clock, ref)
    deliver(app)
    letter = server.letters[0].get_content()
    opened = post(client, link_in(server), {})
    page = client.get(opened.location).text
    for text in (letter, page, client.get(f"/request?space={ref}", follow_redirects=True).text):
        assert "Convent" not in text
        assert "Quiet Lane" not in text
        assert ref in text


# ---- kinds --------------------------------------------------------------------------------------------------

KINDS = (
    {"name": "use", "title": {"en": "Use a space"}},
    {"name": "event", "title": {"en": "An event"}, "lead": {"en": "A feast or a market."}, "decision_days": 20,
     "asks": ["hours", "persons", "noise", "insurance", "budget"]},
)  # fmt: skip


def test_a_kind_asks_for_more_and_is_chosen_first(
    con: Connection, client: FlaskClient, clock: Clock, hall: str, now: datetime
) -> None:
    setup.change_settings(con, SYSTEM, {"permit_kinds": json.dumps(KINDS)}, now)
    first = client.get(f"/request?space={hall}").text
    assert "A feast or a market." in first
    assert "form_token" not in first
    page = client.get(f"/request?kind=event&space={hall}").text
    form = form_of(page, "form_token")
    clock.forward(minutes=1)
    more = {
        "hours-0-weekdays": ["1", "3"], "hours-0-from_time": "19:00", "hours-0-until_time": "22:30", "persons": "40",
        "noise": "A choir", "insurance": "yes", "budget": "Nothing",
    }  # fmt: skip
    wrong = client.post(
        "/request", data={**form, **GOOD, **more, "hours-1-weekdays": ["0"], "persons": "many"},
        headers={"Origin": "http://localhost"},
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.text
    sent = client.post("/request", data={**form, **GOOD, **more}, headers={"Origin": "http://localhost"})
    assert sent.status_code == 302
    (permit,) = kept(con)
    (hours,) = permits.newest_terms(con, permit.ref).hours
    con.rollback()
    assert (hours.weekdays, hours.from_minute, hours.until_minute) == (0b1010, 19 * 60, 22 * 60 + 30)
    assert (permit.kind, permit.persons) == ("event", 40)
    assert permit.answers == {"noise": "A choir", "budget": "Nothing", "insurance": "yes"}
    assert permit.private_text == GOOD["private_text"]


def test_hours_without_a_weekday_are_said(
    con: Connection, client: FlaskClient, clock: Clock, hall: str, now: datetime
) -> None:
    setup.change_settings(con, SYSTEM, {"permit_kinds": json.dumps(KINDS[1:])}, now)
    answer = fill(client, clock, hall, **{"hours-0-from_time": "19:00", "hours-0-until_time": "22:00"})
    assert "Choose at least one weekday" in answer.text
    assert form_of(answer.text, "form_token")["hours-0-from_time"] == "19:00"


# ---- again --------------------------------------------------------------------------------------------------


def test_a_contact_asks_again_without_a_letter_for_one_of_their_groups(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    fill(client, clock, hall)
    deliver(app)
    post(client, link_in(server), {})
    asked = client.get(f"/request?space={hall}")
    assert (asked.status_code, asked.location) == (302, f"/my/request?space={hall}")
    form = form_of(client.get(asked.location).text, "form_token")
    assert "email" not in form
    sent = client.post(
        "/my/request", data={**form, **GOOD, "title": "A second time"}, headers={"Origin": "http://localhost"}
    )  # fmt: skip
    assert sent.status_code == 302
    again = kept(con)[1]
    assert (again.title, again.status, again.holder_ref) == ("A second time", "submitted", kept(con)[0].holder_ref)
    stolen = client.post(
        "/my/request", data={**form, **GOOD, "organisation": "OR-0404"}, headers={"Origin": "http://localhost"}
    )  # fmt: skip
    assert stolen.status_code == 422


def test_a_forgotten_link_is_sent_again_and_the_request_confirmed_on_the_page(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    fill(client, clock, hall)
    deliver(app)
    post(client, "/my/forgotten", {"email": "ada@group.example"})
    deliver(app)
    post(client, link_in(server), {})
    (draft,) = kept(con)
    assert "It is not sent yet" in client.get(f"/my/permits/{draft.ref}").text
    assert post(client, f"/my/permits/{draft.ref}/confirm", {}).status_code == 302
    assert kept(con)[0].status == "submitted"


def test_a_session_that_ended_while_typing_keeps_the_words(
    app: Flask, con: Connection, client: FlaskClient, clock: Clock, server: Server, hall: str
) -> None:
    fill(client, clock, hall)
    deliver(app)
    post(client, link_in(server), {})
    page = f"/my/permits/{kept(con)[0].ref}/edit"
    form = form_of(client.get(page).text, "title")
    clock.forward(hours=13)
    answer = client.post(
        page, data={**form, "purpose": "Words that stay here."}, headers={"Origin": "http://localhost"}
    )  # fmt: skip
    assert answer.status_code == 401
    assert "Words that stay here." in answer.text
    held = form_of(answer.text, "kept")
    post(client, "/my/forgotten", {"email": "ada@group.example"})
    deliver(app)
    post(client, link_in(server), {})
    back = client.post("/my/sign-in", data=held, headers={"Origin": "http://localhost"})
    again = form_of(back.text, "purpose")
    assert client.post(page, data=again, headers={"Origin": "http://localhost"}).status_code == 302
    assert kept(con)[0].purpose == "Words that stay here."
