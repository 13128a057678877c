"""Letters to owners at their doors: what goes to whom, the page behind the link, print, and who may do what."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.store import letters, owner_letters
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests import pdfs
from tests.builders import a_district, a_space
from tests.forms import form_of
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import a_signed_in_client, post
from tests.web.doors import doors as public_doors
from tests.web.doors import is_in, leaks
from tests.web.test_public_pages import text

ANN = {"ownership": "private_person", "owner_name": "Zqann Baker", "owner_email": "ann@zqbaker.example"}


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def town(con: Connection, now: datetime) -> list[str]:
    """Three shops: two of Ann's, and one of somebody without an address; a fourth's owner is unknown."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "languages": "en, nl"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    told = [("Bakery", ANN), ("Mill", ANN), ("Forge", {"owner_name": "Zqbo Mason"}), ("Loft", {})]
    return [
        add_space(con, SYSTEM, a_space(name=name, address=f"{name} Street 1", status="offered",
                                       **{"ownership": "company", **values}), now)
        for name, values in told
    ]  # fmt: skip


@pytest.fixture
def office(app: Flask, town: list[str]) -> FlaskClient:
    return a_signed_in_client(app)


def look(office: FlaskClient, **more: str) -> str:
    """The look ahead at every letter."""
    page = office.get("/office/owners").text
    owners = re.findall(r'name="owner" value="([^"]+)"', page)
    return post(office, "/office/owners/letters", {"owner": owners, **more}, page="/office/owners").text


def send(office: FlaskClient, **more: str) -> str:
    """All letters, as they are looked at."""
    form = form_of(look(office, **more), "go")
    answer = office.post("/office/owners/letters", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302, answer.text
    return office.get(answer.location).text


def link_in(server: Server, number: int = -1) -> str:
    return re.search(r"(/owner/letter/[\w-]+)", server.letters[number].get_content())[1]


def test_the_office_sees_what_goes_to_whom_and_what_cannot(
    office: FlaskClient, con: Connection, town: list[str]
) -> None:
    waiting = text(office.get("/office/waiting"))
    assert "Owners to ask" in waiting
    assert "Zqann Baker" in waiting
    page = look(office)
    assert "2 letters to owners" in page
    assert page.count("Zqann Baker") == 2, "at her letter, and in its text"
    assert "Bakery, Bakery Street 1, SP-0001" in page
    assert "printed, to be posted" in page
    assert "Send 1, and make 1 to print" in page
    listed = office.get("/office/owners").text
    assert "Nobody wrote down who the owner is." in listed
    assert letters.find(con) == []
    con.rollback()
    assert space_rows.get(con, town[0]).consent == "unasked"
    con.rollback()


def test_a_letter_goes_once_and_what_the_owner_chooses_is_seen_at_once(
    app: Flask, office: FlaskClient, client: FlaskClient, server: Server, con: Connection, town: list[str]
) -> None:
    said = send(office)
    assert "1 letter is on its way." in said
    assert "1 letter lies ready to be printed." in said
    deliver(app)
    (mail,) = server.letters
    assert mail["To"] == "ann@zqbaker.example"
    assert "Mill, Mill Street 1, SP-0002" in mail.get_content()
    link = link_in(server)
    for _ in range(2):  # as scanners of mail do
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert space_rows.get(con, town[0]).consent == "asked"
    con.rollback()
    assert "no-store" in client.get(link).headers["Cache-Control"]
    page = text(client.get(link))
    assert "How may your 2 spaces be shown?" in page
    assert "Bakery Street 1" in page
    assert "The owner shows only the district" in page
    assert "Zqann" not in page
    nothing = post(client, link, {}, page=link)
    assert "Choose what you say." in nothing.text
    form = form_of(client.get(link).text, "by")
    told = {**form, "answer": "yes", "level": "district", f"level-{town[1]}": "exact", "by": "Zqann"}
    done = client.post(link, data=told, headers={"Origin": "http://localhost"})
    assert done.status_code == 302, done.text
    assert text(client.get(f"/spaces/{town[1]}")).count("Mill") > 1
    assert "Bakery" not in client.get(f"/spaces/{town[0]}").text
    thanks = text(client.get(link))
    assert "Thank you, the city has your answer" in thanks
    assert "Mill: The exact place" in thanks
    twice = client.post(link, data={**form, "answer": "no"}, headers={"Origin": "http://localhost"})
    assert "Thank you" in twice.text
    assert space_rows.get(con, town[1]).consent == "given"
    con.rollback()
    assert "Zqann Baker" in office.get("/office/owners").text
    told = text(office.get("/office/owners/OL-0001"))
    assert "The owner, by the link in a letter, answered" in told
    assert "Ann" not in text(client.get("/list"))


def test_a_link_that_ended_or_never_was_says_so(
    app: Flask, office: FlaskClient, client: FlaskClient, server: Server, clock: Clock
) -> None:
    send(office)
    deliver(app)
    link = link_in(server)
    assert client.get("/owner/letter/never-was").status_code == 410
    clock.forward(days=91)
    assert client.get(link).status_code == 410
    assert post(client, link, {"answer": "yes"}, page="/owner/offer").status_code == 410
    office = a_signed_in_client(app, "Planner Two")
    assert "its link has ended" in office.get("/office/owners").text
    assert "Owners who have not answered" in office.get("/office/waiting").text
    post(office, "/office/owners/OL-0001/again", {}, page="/office/owners/OL-0001")
    deliver(app)
    assert link_in(server) == link
    assert client.get(link).status_code == 200


def test_printed_letters_have_a_page_and_a_link_each_and_are_posted(
    app: Flask, office: FlaskClient, client: FlaskClient, con: Connection, now: datetime
) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection"}, now)
    send(office, print="yes")
    pdf = office.get("/office/owners/letters.pdf")
    assert pdf.mimetype == "application/pdf"
    assert "no-store" in pdf.headers["Cache-Control"]
    written = pdfs.text(pdf.data)
    assert "Zqann Baker" in written
    assert "Dear Zqbo Mason," in written
    found = [re.sub(r"\s", "", each) for each in re.findall(r"/owner/letter/[\w\s-]{32}", written)]
    assert len(set(found)) == 2
    assert client.get(found[0]).status_code == 200
    page = office.get("/office/owners").text
    refs = re.findall(r'name="ref" value="(OL-\d+)"', page)
    post(office, "/office/owners/posted", {"ref": refs}, page="/office/owners")
    assert [owner_letters.get(con, ref).told_on for ref in refs] == [now.date()] * 2
    con.rollback()
    assert "Print them" not in office.get("/office/owners").text
    assert office.get("/office/owners/letters.pdf").status_code == 409


def test_what_changed_since_the_look_is_not_sent(
    office: FlaskClient, con: Connection, town: list[str], now: datetime
) -> None:
    from_before = form_of(look(office), "go")
    add_space(con, SYSTEM, a_space(name="New", status="offered", **ANN), now)
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    from_before["refs"] += " SP-0005"
    answer = office.post("/office/owners/letters", data=from_before, headers={"Origin": "http://localhost"})
    assert answer.status_code == 409
    assert letters.find(con) == []
    con.rollback()


def test_the_ticked_spaces_of_the_table_are_asked_about(office: FlaskClient, town: list[str]) -> None:
    ticked = {"ref": [town[0], town[3]], "asked": "status=offered"}
    page = text(post(office, "/office/owners/letters", ticked, page="/office/spaces"))
    assert "1 letter to an owner" in page
    assert "Nobody wrote down who the owner is." in page
    assert "Mill Street" not in page


def test_only_who_may_change_spaces_prints_or_sends_and_nobody_else_reads_of_owners(
    app: Flask, office: FlaskClient, town: list[str]
) -> None:
    send(office)
    auditor = a_signed_in_client(app, "Auditor", "auditor")
    page = auditor.get("/office/owners").text
    assert "Zqann Baker" in page
    assert "Print them" not in page
    assert auditor.get("/office/owners/letters.pdf").status_code == 403
    assert auditor.get("/office/owners/OL-0001").status_code == 200
    stranger = app.test_client()
    for door in ("/office/owners", "/office/owners/OL-0001", "/office/owners/letters.pdf"):
        assert stranger.get(door).status_code == 302


def test_no_public_door_tells_of_an_owner_or_their_letter(
    app: Flask, office: FlaskClient, client: FlaskClient, server: Server, con: Connection, town: list[str]
) -> None:
    send(office)
    deliver(app)
    link = link_in(server)
    told = {"answer": "yes", "level": "exact", "by": "Zqby Ann", "remark": "Zqremark"}
    post(client, link, told, page=link)
    secret = link.rpartition("/")[2]
    hidden = ["Zqann", "zqbaker", "Zqby", "Zqremark", "Zqbo", secret, "OL-0001"]
    assert leaks(app.test_client(), public_doors(app, town[:1]), hidden) == []
    assert is_in("Zqremark", office.get("/office/owners/OL-0001").data)
