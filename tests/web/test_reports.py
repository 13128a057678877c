"""The form to report and the queue where reports are judged: nothing is lost, nobody is named, nothing is published."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import reports as registry
from tempuse.registry import setup, spaces
from tempuse.reports import Report
from tempuse.store import reports as rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tests.builders import a_place, a_space, prove
from tests.forms import form_of
from tests.office import a_public_app, a_signed_in_client
from web import create_app

GOOD = {"address": "9 Quay Lane", "space_kind": "unit", "since": "Since spring", "text": "The baker left."}
MAIL = {"contact": "jo.vermeer@example.org", "contact_consent": "yes"}


@pytest.fixture
def clock(now: datetime) -> list[datetime]:
    """The instant it is; a test may turn it on."""
    return [now]


@pytest.fixture
def app(register: Register, clock: list[datetime]) -> Flask:
    return a_public_app(register, clock)


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return spaces.add_space(con, SYSTEM, a_space(address="2 Auction Quay"), now)


def fill(client: FlaskClient, clock: list[datetime], changes: dict[str, Any], page: str = "/report") -> Any:
    """Open the form, take a minute over it, send it."""
    form = form_of(client.get(page).text, "form_token")
    clock[0] += timedelta(minutes=1)
    return client.post("/report", data={**form, **changes}, headers={"Origin": "http://localhost"})


def letters(register: Register) -> list[Message]:
    return [message_from_bytes(path.read_bytes()) for path in sorted((register.home / "mail").glob("*.eml"))]


def body(letter: Message) -> str:
    return letter.get_payload(decode=True).decode()  # type: ignore[union-attr]


def kept(con: Connection) -> list[Report]:
    con.rollback()
    found = rows.find(con)
    con.rollback()
    return found


# ---- telling ------------------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_report_arrives_with_its_pin(con: Connection, client: FlaskClient, clock: list[datetime]) -> None:
    sent = fill(client, clock, {**GOOD, "pin": "51.05,3.72"})
    assert sent.status_code == 302
    (report,) = kept(con)
    assert (report.kind, report.space_kind, report.address, report.since, report.text, report.language) == (
        "vacant", "unit", "9 Quay Lane", "Since spring", "The baker left.", "en",
    )  # fmt: skip
    assert report.geometry.equals(a_place())
    assert report.contact is None
    thanks = client.get(sent.location).text
    assert "within ten working days" in thanks
    assert "letter" not in thanks
    assert space_rows.count(con, space_rows.SpaceFilter()) == 0, "a report never becomes a space by itself"


def test_the_form_says_what_is_missing_and_keeps_every_word(
    con: Connection, client: FlaskClient, clock: list[datetime]
) -> None:
    wrong = {**GOOD, "address": "", "contact": "jo.vermeer.example.org"}
    sent = fill(client, clock, wrong)
    assert sent.status_code == 422
    page = sent.text
    assert re.search(r"<title>\s*Error: Tell us about an empty place", page)
    assert "3 things to mend" in page
    assert 'href="#address"' in page
    assert "The e-mail address has no @. Write it like name@example.org." in page
    form = form_of(page, "form_token")
    assert {name: form[name] for name in wrong} == wrong
    assert kept(con) == []


def test_one_thing_to_mend_is_mended_and_sent(con: Connection, client: FlaskClient, clock: list[datetime]) -> None:
    sent = fill(client, clock, {**GOOD, **MAIL, "contact": "jo.vermeer.example.org"})
    assert "One thing to mend" in sent.text
    form = form_of(sent.text, "form_token")
    assert client.post("/report", data={**form, "contact": "jo.vermeer@example.org"}).status_code == 302
    assert [report.contact for report in kept(con)] == ["jo.vermeer@example.org"]


@pytest.mark.both_engines
def test_a_form_sent_twice_is_one_report_and_one_letter(
    con: Connection, register: Register, client: FlaskClient, clock: list[datetime]
) -> None:
    form = {**form_of(client.get("/report").text, "form_token"), **GOOD, **MAIL}
    clock[0] += timedelta(minutes=1)
    answers = [client.post("/report", data=form) for _ in range(3)]
    assert {answer.location for answer in answers} == {"/report/sent?mail=1"}
    assert len(kept(con)) == 1
    assert len(letters(register)) == 1


def test_a_robot_is_thanked_and_not_heard(con: Connection, client: FlaskClient, clock: list[datetime]) -> None:
    assert fill(client, clock, {**GOOD, "website": "http://spam.example"}).status_code == 302
    assert kept(con) == []


def test_whoever_is_faster_than_a_person_presses_once_more(con: Connection, client: FlaskClient) -> None:
    form = {**form_of(client.get("/report").text, "form_token"), **GOOD}
    quick = client.post("/report", data=form)
    assert quick.status_code == 422
    assert "Please press the button once more" in quick.text
    assert form_of(quick.text, "form_token")["text"] == GOOD["text"]
    assert kept(con) == []


@pytest.mark.parametrize("token", ["", "forged", "WyJhIiwiMjAyMCJd.x"])
def test_a_forged_form_is_not_taken(con: Connection, client: FlaskClient, clock: list[datetime], token: str) -> None:
    assert fill(client, clock, {**GOOD, "form_token": token}).status_code == 422
    assert kept(con) == []


@pytest.mark.both_engines
def test_too_many_from_one_address_wait_and_their_words_stay(register: Register, clock: list[datetime]) -> None:
    app = create_app(register, {"TESTING": True}, clock=lambda: clock[0])
    client = app.test_client()
    answers = [fill(client, clock, GOOD) for _ in range(7)]
    assert [answer.status_code for answer in answers[:6]] == [302] * 6
    assert answers[6].status_code in (422, 429)
    assert "That was often in a short time" in answers[6].text
    assert form_of(answers[6].text, "form_token")["text"] == GOOD["text"]


@pytest.mark.parametrize("pin", ["", "x", "91,3", "51,181", "51", "nan,nan", "inf,0", "51,3,4"])
def test_a_pin_that_is_none_is_no_place(con: Connection, client: FlaskClient, clock: list[datetime], pin: str) -> None:
    sent = fill(client, clock, {**GOOD, "address": "", "pin": pin})
    assert sent.status_code == 422
    assert "Put the pin on the place, or write the address." in sent.text


def test_markup_in_a_report_is_only_text(
    app: Flask, con: Connection, client: FlaskClient, clock: list[datetime]
) -> None:
    fill(client, clock, {**GOOD, "text": "<script>alert(1)</script>", "address": "<b>9</b>"})
    office = a_signed_in_client(app)
    for page in ("/office/reports", "/office/reports/RP-0001", "/office/waiting"):
        text = office.get(page).text
        assert "<script>alert" not in text
        assert "<b>9</b>" not in text


# ---- about a space ------------------------------------------------------------------------------------------


def test_a_report_starts_from_a_space_by_its_public_name(
    con: Connection, client: FlaskClient, clock: list[datetime], hall: str
) -> None:
    page = client.get(f"/report?space={hall}").text
    assert "Tell us about Fish auction hall" in page
    unsaid = fill(client, clock, {"text": "It is let."}, f"/report?space={hall}")
    assert "Choose what you want to tell us." in unsaid.text
    assert form_of(unsaid.text, "form_token")["text"] == "It is let."
    told = fill(client, clock, {"kind": "not_vacant", "text": "It is let."}, f"/report?space={hall}")
    assert told.status_code == 302
    (report,) = kept(con)
    assert (report.kind, report.space_ref) == ("not_vacant", hall)


def test_something_wrong_needs_words(client: FlaskClient, clock: list[datetime], hall: str) -> None:
    sent = fill(client, clock, {"kind": "wrong"}, f"/report?space={hall}")
    assert "Tell us what is wrong." in sent.text


def test_a_hidden_space_is_like_none(
    con: Connection, now: datetime, client: FlaskClient, hall: str, clock: list[datetime]
) -> None:
    hidden = spaces.add_space(con, SYSTEM, a_space(name="Secret cellar", status="withheld"), now)

    def page(ref: str) -> str:
        text = client.get(f"/report?space={ref}").text
        return re.sub(r'(csrf_token" value|form_token" value|nonce)="[^"]*"|(map|leaflet)_[0-9a-f]+', "", text)

    assert page(hidden) == page("SP-0404").replace("SP-0404", hidden)
    assert "Secret cellar" not in page(hidden)
    fill(client, clock, {**GOOD, "space": hidden})
    assert [report.space_ref for report in kept(con)] == [None]


# ---- the letter and its link --------------------------------------------------------------------------------


def link_of(letter: Message) -> str:
    found = re.search(r"https://spaces\.rivermouth\.example(/report/confirm/\S+)", body(letter))
    assert found
    return found[1]


def test_an_address_is_confirmed_by_a_press_not_by_opening_the_link(
    con: Connection, register: Register, client: FlaskClient, clock: list[datetime]
) -> None:
    sent = fill(client, clock, {**GOOD, **MAIL})
    assert "We have sent you a letter" in client.get(sent.location).text
    (letter,) = letters(register)
    assert letter["To"] == "jo.vermeer@example.org"
    assert "baker" not in body(letter), "nobody can send words of theirs to a stranger through us"
    link = link_of(letter)
    assert "Is this your e-mail address?" in client.get(link).text
    assert kept(con)[0].confirmed_at is None, "programs that open links confirm nothing"
    page = client.get(link).text
    done = client.post(link, data=form_of(page, "csrf_token"))
    assert "Thank you" in done.text
    assert kept(con)[0].confirmed_at == clock[0]


def test_a_link_that_is_not_ours_says_so(client: FlaskClient) -> None:
    page = client.get("/report/confirm/nonsense").text
    answer = client.post("/report/confirm/nonsense", data=form_of(page, "csrf_token"))
    assert answer.status_code == 410
    assert "does not work any more" in answer.text


# ---- judging ------------------------------------------------------------------------------------------------


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.fixture
def told(con: Connection, now: datetime, hall: str) -> str:
    """A report with a confirmed address of somebody who reads Dutch."""
    report = Report(
        geometry=a_place(0.0002), address="2 Auction Quay", text="Leeg sinds mei.", since="mei", language="nl",
        space_kind="building", contact="jo.vermeer@example.org", contact_consent=True,
    )  # fmt: skip
    sent = registry.send_report(con, PUBLIC, report, now)
    prove(con, sent.report.ref, now)
    return str(sent.report.ref)


def judge(office: FlaskClient, ref: str, **values: str) -> Any:
    form = form_of(office.get(f"/office/reports/{ref}").text, "answer")
    return office.post(f"/office/reports/{ref}", data={**form, **values})


@pytest.mark.both_engines
def test_the_queue_has_those_that_wait_with_their_day(office: FlaskClient, told: str) -> None:
    queue = office.get("/office/reports").text
    assert "1 report waits" in queue
    assert "Empty building, 2 Auction Quay" in queue
    assert "Answer by 7 December" in queue
    assert "No report has been judged yet" in office.get("/office/reports?show=judged").text


@pytest.mark.both_engines
def test_the_page_proposes_the_likely_space(office: FlaskClient, told: str, hall: str) -> None:
    page = office.get(f"/office/reports/{told}").text
    assert "Leeg sinds mei." in page
    assert f'value="join {hall}"' in page
    assert "Much the same words, 14 m from the pin" in page


@pytest.mark.both_engines
def test_a_house_next_door_is_near_but_not_the_same(
    con: Connection, now: datetime, office: FlaskClient, told: str
) -> None:
    next_door = spaces.add_space(
        con, SYSTEM, a_space(name=None, address="4 Auction Quay", geometry=a_place(0.0003)), now
    )
    page = office.get(f"/office/reports/{told}").text
    after = page[page.index(f"/office/spaces/{next_door}") :]
    assert after.index("7 m from the pin") < after.index("</li>")
    assert "Much the same" not in after[: after.index("</li>")]


def test_joining_tells_the_sender_in_their_language(
    con: Connection, register: Register, office: FlaskClient, told: str, hall: str
) -> None:
    answer = judge(office, told, do=f"join {hall}", answer="Dank u, we gaan kijken.")
    assert answer.status_code == 302
    (report,) = kept(con)
    assert (report.status, report.space_ref, report.judged_by) == ("joined", hall, "Ilse Maes")
    (letter,) = letters(register)
    assert (letter["To"], letter["Content-Language"]) == ("jo.vermeer@example.org", "nl")
    assert "Dank u, we gaan kijken." in body(letter)
    assert "The sender gets a letter" in office.get("/office/reports").text
    assert f"/office/reports/{told}" in office.get(f"/office/spaces/{hall}").text


def test_joining_by_a_written_ref(con: Connection, office: FlaskClient, told: str, hall: str) -> None:
    missing = judge(office, told, do="join", space_ref="", answer="Words that stay.")
    assert missing.status_code == 422
    assert "Write the reference of the space" in missing.text
    unknown = judge(office, told, do="join", space_ref="404", answer="Words that stay.")
    assert "There is no space SP-0404 in this register." in unknown.text
    assert form_of(unknown.text, "answer")["answer"] == "Words that stay."
    assert judge(office, told, do="join", space_ref="1").status_code == 302
    assert kept(con)[0].space_ref == hall


@pytest.mark.both_engines
def test_making_a_space_takes_what_the_judge_writes(con: Connection, office: FlaskClient, told: str) -> None:
    made = judge(office, told, do="make", name="Old forge", kind="unit", address="2B Auction Quay")
    assert made.location == "/office/spaces/SP-0002"
    space = space_rows.get(con, "SP-0002")
    assert (space.name, space.kind, space.address, space.status, space.source, space.occupancy) == (
        "Old forge", "unit", "2B Auction Quay", "reported", "citizen report", "vacant",
    )  # fmt: skip
    assert "Leeg" not in str(space)


def test_an_answer_needs_words_for_the_sender(office: FlaskClient, told: str) -> None:
    empty = judge(office, told, do="answer", answer=" ")
    assert empty.status_code == 422
    assert "This is needed." in empty.text
    assert judge(office, told, do="answer", answer="Het is verhuurd.").status_code == 302
    assert "Het is verhuurd." in office.get(f"/office/reports/{told}").text


def test_a_judgement_can_be_taken_back(con: Connection, office: FlaskClient, told: str, hall: str) -> None:
    judge(office, told, do=f"join {hall}")
    page = office.get(f"/office/reports/{told}").text
    office.post(f"/office/reports/{told}", data={**form_of(page, "csrf_token"), "do": "reopen"})
    assert kept(con)[0].status == "sent"


@pytest.mark.both_engines
def test_a_second_judge_is_told(app: Flask, office: FlaskClient, told: str, hall: str) -> None:
    other = a_signed_in_client(app, "Bea Roos")
    hers = form_of(other.get(f"/office/reports/{told}").text, "answer")
    mine = {**form_of(office.get(f"/office/reports/{told}").text, "answer"), "do": f"join {hall}"}
    first, second = (office.post(f"/office/reports/{told}", data=mine) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302), "the same form sent twice does no harm"
    late = other.post(f"/office/reports/{told}", data={**hers, "do": "make", "answer": "Typed with care."})
    assert late.status_code == 409
    assert "Somebody judged it before you" in late.text
    assert "Typed with care." in late.text


def test_nobody_is_written_to_who_did_not_confirm(
    con: Connection, register: Register, client: FlaskClient, clock: list[datetime], office: FlaskClient, hall: str
) -> None:
    fill(client, clock, {**GOOD, **MAIL})
    assert len(letters(register)) == 1
    judge(office, "RP-0001", do=f"join {hall}", answer="Thank you.")
    assert len(letters(register)) == 1
    page = office.get("/office/reports/RP-0001").text
    assert "jo.vermeer" not in page
    link = link_of(letters(register)[0])
    done = client.post(link, data=form_of(client.get(link).text, "csrf_token"))
    assert "We have looked already" in done.text
    answered = [letter for letter in letters(register) if "Thank you." in body(letter)]
    assert len(answered) == 1, "who confirms later still hears what came of it"


def test_an_address_that_was_removed_leaves_its_mark(
    con: Connection, now: datetime, office: FlaskClient, told: str
) -> None:
    registry.blank_contacts(con, SYSTEM, now + timedelta(days=400))
    page = office.get(f"/office/reports/{told}").text
    assert "It was removed on" in page
    assert "jo.vermeer" not in page


# ---- what must not be seen ----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_no_public_door_gives_anything_of_a_report_away(
    app: Flask, con: Connection, now: datetime, client: FlaskClient, office: FlaskClient, hall: str
) -> None:
    secrets = {name: f"Zq{name}Zq" for name in ("text", "since", "address", "answer")}
    for kind in ("vacant", "wrong", "not_vacant"):
        report = Report(
            kind=kind, space_ref=hall, geometry=a_place(0.0099123, 0.0088456), text=secrets["text"],
            since=secrets["since"], address=secrets["address"], contact="zqcontactzq@example.org", contact_consent=True,
        )  # fmt: skip
        sent = registry.send_report(con, PUBLIC, report, now)
        prove(con, sent.report.ref, now)
    judge(office, "RP-0001", do=f"join {hall}", answer=secrets["answer"])
    judge(office, "RP-0002", do="make", name="New shed", address="1 Shed Lane", answer=secrets["answer"])
    made = kept(con)[1].space_ref
    for move in ("verify", "offer"):
        spaces.move_space(con, SYSTEM, str(made), move, now)
    opened = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("static", "office.", "auth.", "security")):
            continue
        for ref in (hall, str(made)) if "ref" in rule.arguments else ("",):
            address = rule.rule.replace("<ref>", ref)
            if "<" in address:
                continue
            content = client.get(address, headers={"Accept-Encoding": "identity"}).get_data()
            opened += 1
            for secret in (*secrets.values(), "zqcontactzq", "RP-000", "Ilse", "citizen of"):
                assert secret.encode() not in content, (secret, address)
    assert opened > 10


@pytest.mark.both_engines
def test_no_event_and_no_space_holds_the_senders_address(
    con: Connection, office: FlaskClient, told: str, hall: str
) -> None:
    judge(office, told, do="make", name="Forge", address="2 Auction Quay")
    for page in (
        "/office/spaces/SP-0002",
        f"/office/spaces/{hall}",
        "/office/spaces",
        "/office/waiting",
        "/office/reports",
    ):
        assert "jo.vermeer" not in office.get(page).text, page


def test_the_letters_are_whole(register: Register, client: FlaskClient, clock: list[datetime], tmp_path: Path) -> None:
    fill(client, clock, {**GOOD, **MAIL})
    (letter,) = letters(register)
    assert letter["Subject"] == "Is this your e-mail address?"
    assert "{{" not in body(letter)
    assert body(letter).count("https://") == 1
