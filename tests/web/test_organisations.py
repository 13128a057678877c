"""Organisations on the office's pages and on those of the people who belong to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations
from tempuse.store import organisations as rows
from tempuse.store import people
from tempuse.store.engine import Connection, Register
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import a_signed_in_client, post
from web.accounts import links


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Pages are drawn from what the store gave, alike on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def choir(con: Connection, clock: Clock) -> str:
    told = Organisation(name="Choir of the Docks", kinds=("initiative",), email="choir@example.org")
    return organisations.add_organisation(con, SYSTEM, told, clock.now)


def a_member(con: Connection, ref: str, clock: Clock, name: str = "Ada", part: str = "contact") -> Person:
    """Somebody who said yes."""
    asked = members.invite_member(con, SYSTEM, ref, name, f"{name.lower()}@example.org", "en", part, clock.now)
    members.confirm_membership(con, asked.actor(), ref, clock.now)
    found = people.get(con, asked.ref)
    con.rollback()
    return found


def entered(app: Flask, person: Person) -> FlaskClient:
    """A browser of somebody who came by the link of a letter."""
    client = app.test_client()
    with app.test_request_context():
        link = links.entry_link(person, "")
    assert post(client, link, {}).status_code == 302
    return client


def sees(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.text)


def test_the_office_writes_one_down_changes_it_and_lets_it_end(app: Flask, con: Connection) -> None:
    client = a_signed_in_client(app)
    assert "None is written down here yet" in sees(client, "/office/organisations")
    told: dict[str, Any] = {"name": "Parish of St Anne", "kinds": ["owner", "mediator"], "language": "en"}
    assert "https" in post(client, "/office/organisations/new", {**told, "url": "stanne"}).text
    made = post(client, "/office/organisations/new", {**told, "legal_form": "Foundation", "informal": ""})
    assert made.location == "/office/organisations/OR-0001"
    page = sees(client, made.location)
    assert all(word in page for word in ("Parish of St Anne", "Owner, Mediator", "Foundation", "wrote it down"))
    listed = sees(client, "/office/organisations?show=owner")
    assert all(word in listed for word in ("1 organisation", "Parish of St Anne", "no contact"))
    edit = "/office/organisations/OR-0001/edit"
    assert (
        post(
            client, edit, {**told, "name": "Parish", "kinds": ["owner"], "legal_form": "", "revision": "1"}
        ).status_code
        == 302
    )
    assert post(client, edit, {**told, "name": "Abbey", "revision": "1"}).status_code == 409
    found = rows.get(con, "OR-0001")
    assert (found.name, found.kinds, found.legal_form) == ("Parish", ("owner",), None)
    con.rollback()
    assert post(client, "/office/organisations/OR-0001/retire", {"on": "2026-11-01", "note": "Sold"}).status_code == 302
    assert "Sold" in sees(client, made.location)
    assert "Parish" in sees(client, "/office/organisations?show=ended")
    assert post(client, "/office/organisations/OR-0001/reinstate", {}, made.location).status_code == 302


def test_somebody_is_asked_by_letter_and_says_yes_on_their_page(
    register: Register, clock: Clock, port: int, server: Server, choir: str
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    office, page = a_signed_in_client(app), f"/office/organisations/{choir}"
    asked = {"name": "Ada Mol", "email": "ada@example.org", "part": "contact"}
    assert "e-mail" in post(office, f"{page}/members", {**asked, "email": "ada"}, page).text
    assert post(office, f"{page}/members", asked, page).status_code == 302
    assert "Has not said yes yet" in sees(office, page)
    deliver(app)
    letter = server.letters[-1]
    assert letter["Subject"] == "Will you join Choir of the Docks?"
    assert "Ilse Maes asks you" in letter.get_content()
    assert "Contact: Gets the letters" in letter.get_content()
    found = re.search(r"https://spaces.example(/my/enter/\S+)", letter.get_content())
    assert found
    client = app.test_client()
    opened = post(client, found[1], {})
    assert opened.location == f"/my/organisations/{choir}"
    assert "choir@example.org" not in sees(client, opened.location), "who was asked sees nothing of it yet"
    assert "You are asked to join" in sees(client, "/my/")
    assert post(client, f"{opened.location}/join", {}, opened.location).status_code == 302
    assert "choir@example.org" in sees(client, opened.location)
    assert "Ada Mol took up a part" in sees(office, page)
    assert "Contact: Ada Mol" in sees(office, page)


def test_who_says_no_is_asked_no_more_and_keeps_their_other_part(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    ada = a_member(con, choir, clock)
    members.invite_member(con, SYSTEM, choir, "Ada", ada.email, "en", "signatory", clock.now)
    client, page = entered(app, ada), f"/my/organisations/{choir}"
    assert "Will you join?" in sees(client, page)
    assert post(client, f"{page}/decline", {}, page).location == "/my/"
    assert "You are asked to join" not in sees(client, "/my/")
    assert "Will you join?" not in sees(client, page)


def test_a_letter_that_asks_is_not_sent_when_it_was_taken_back(
    register: Register, clock: Clock, port: int, server: Server, con: Connection, choir: str
) -> None:
    app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
    asked = members.invite_member(con, SYSTEM, choir, "Ada", "ada@example.org", "en", "contact", clock.now)
    members.end_membership(con, SYSTEM, choir, asked.ref, clock.now)
    deliver(app)
    assert server.letters == []


def test_a_contact_looks_after_the_organisation(app: Flask, con: Connection, clock: Clock, choir: str) -> None:
    ada, bob = a_member(con, choir, clock), a_member(con, choir, clock, "Bob", "member")
    client, page = entered(app, ada), f"/my/organisations/{choir}"
    own = {"name": "Choir", "name_public": "yes", "email": "choir@example.org", "phone": "051 22", "language": "en"}
    assert post(client, f"{page}/edit", {**own, "kinds": "owner", "informal": "yes"}).status_code == 302
    found = rows.get(con, choir)
    assert (found.shown_name, found.phone, found.kinds, found.informal) == ("Choir", "051 22", ("initiative",), False)
    con.rollback()
    looks = {"about": "We sing.", "themes": ["culture"], "serves": ["everybody"], "seen_by_owners": "yes"}
    assert post(client, f"{page}/edit", {**own, **looks, "private_text": "Two of us are deaf."}).status_code == 302
    found = rows.get(con, choir)
    assert (found.about, found.themes, found.serves, found.seen_by_owners) == (
        "We sing.", ("culture",), ("everybody",), True,
    )  # fmt: skip
    con.rollback()
    office = sees(a_signed_in_client(app), f"/office/organisations/{choir}")
    for said in ("We sing.", "Culture", "Everybody", "Two of us are deaf."):
        assert said in sees(client, page)
        assert said in office
    assert post(client, f"{page}/edit", {**own, "themes": ["sorcery"]}).status_code == 422
    eve = {"name": "Eve", "email": "eve@example.org", "part": "signatory"}
    assert post(client, f"{page}/members", eve, page).status_code == 302
    assert "already" in post(client, f"{page}/members", {**eve, "email": bob.email, "part": "member"}, page).text
    assert post(client, f"{page}/members/{bob.ref}", {}).status_code == 302
    assert "Bob" not in re.sub("Bob has no part", "", sees(client, page))


def test_a_member_sees_it_and_changes_nothing_and_a_stranger_does_not_learn_of_it(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    ada, bob = a_member(con, choir, clock), a_member(con, choir, clock, "Bob", "member")
    other = organisations.add_organisation(con, SYSTEM, Organisation(name="Other"), clock.now)
    zoe = a_member(con, other, clock, "Zoe")
    client, page = entered(app, bob), f"/my/organisations/{choir}"
    text = sees(client, page)
    assert "Ada" in text
    assert "ada@example.org" not in text
    assert not {"Change it", "Send the letter", "Remove"} & set(re.findall(r">([^<>]+)<", text))
    assert client.get(f"{page}/edit").status_code == 403
    assert client.get(f"{page}/members/{ada.ref}").status_code == 403
    assert post(client, f"{page}/members", {"name": "X"}, "/my/account").status_code == 403
    stranger = entered(app, zoe)
    for each in ("", "/edit", "/leave", f"/members/{ada.ref}"):
        assert stranger.get(page + each).status_code == 404
    assert stranger.get("/office/organisations").status_code == 403


def test_the_last_contact_leaves_and_the_office_has_a_task(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    ada = a_member(con, choir, clock)
    client, page = entered(app, ada), f"/my/organisations/{choir}"
    with app.test_request_context():
        link = links.entry_link(ada, "")
    office = a_signed_in_client(app)
    assert "Nobody to write to" not in sees(office, "/office/waiting")
    assert "Nobody else gets the letters" in sees(client, f"{page}/leave")
    assert post(client, f"{page}/leave", {}).location == "/"
    assert client.get("/my/").status_code == 302
    assert app.test_client().get(link).status_code == 410
    waiting = sees(office, "/office/waiting")
    assert "Nobody to write to" in waiting
    assert "Letters go to choir@example.org" in waiting


def test_who_is_removed_is_out_at_the_next_click(app: Flask, con: Connection, clock: Clock, choir: str) -> None:
    ada, bob = a_member(con, choir, clock), a_member(con, choir, clock, "Bob")
    client = entered(app, ada)
    office = a_signed_in_client(app)
    page = f"/office/organisations/{choir}/members/{ada.ref}"
    assert "Remove Ada from Choir of the Docks?" in sees(office, page)
    assert post(office, page, {}).status_code == 302
    assert client.get("/my/").status_code == 302
    assert post(office, page, {}, "/office/organisations").status_code == 404
    assert bob.name in sees(office, f"/office/organisations/{choir}")


def test_who_belongs_to_several_stays_where_they_are_when_they_leave_one(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    ada = a_member(con, choir, clock)
    other = organisations.add_organisation(con, SYSTEM, Organisation(name="Other"), clock.now)
    a_member(con, other, clock)
    client = entered(app, ada)
    assert post(client, f"/my/organisations/{choir}/leave", {}).location == "/my/"
    assert "Other" in sees(client, "/my/")


def test_an_auditor_reads_organisations_and_is_offered_no_button(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    a_member(con, choir, clock)
    auditor = a_signed_in_client(app, "Olga Rey", "auditor")
    for page in ("/office/organisations", f"/office/organisations/{choir}"):
        text = sees(auditor, page).partition("<main")[2]
        assert 'method="post"' not in text
        assert not re.findall(r'class="button[^"]*"[^>]*>(?!Open|Find)', text), page


def test_an_administrator_gives_a_link_and_erases_whoever_asks_for_it(
    app: Flask, con: Connection, clock: Clock, choir: str
) -> None:
    ada = a_member(con, choir, clock)
    office, page = a_signed_in_client(app, role="administrator"), f"/office/people/{ada.ref}"
    assert page in sees(office, f"/office/organisations/{choir}")
    assert "Does not work in the office" in sees(office, page)
    assert ada.email not in sees(office, "/office/people")
    assert post(office, page, {"name": "Ada M.", "email": ada.email, "language": "en"}).location == page
    shown = post(office, f"{page}/link", {"how": "print"}, page).text
    found = re.search(r'value="https://spaces.example(/my/enter/[^"]+)"', shown)
    assert found
    assert "The page of Ada M." in sees(app.test_client(), found[1])
    assert post(office, f"{page}/link", {"how": "mail"}, page).location == page
    home = app.extensions["tempuse.register"].home
    assert [each for each in home.rglob("*.eml") if ada.email in each.read_text()]
    assert "cannot be undone" in sees(office, f"{page}/forget")
    assert post(office, f"{page}/forget", {}).status_code == 302
    assert people.get(con, ada.ref).name == "…"
    con.rollback()
    assert not [each for each in home.rglob("*.eml") if ada.email in each.read_text()]
    assert app.test_client().get(found[1]).status_code == 410
    assert post(office, "/office/people/PE-0002/forget", {}).status_code == 409
