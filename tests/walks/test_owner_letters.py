"""A planner asks the owners of three spaces; one answers from a telephone, and the public's map follows."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests.axe import Axe
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_district, a_place, a_space
from tests.mailing import Server, deliver
from tests.office import PASSWORD, add_person, an_app_of_a_visit

pytestmark = pytest.mark.browser
ANN = {"ownership": "private_person", "owner_name": "Ann Baker", "owner_email": "ann@baker.example"}


@pytest.fixture
def app(register: Register, now: datetime, port: int) -> Flask:
    return an_app_of_a_visit(register, now, SMTP_URL=f"smtp://127.0.0.1:{port}", PUBLIC_URL="https://spaces.example")


@pytest.fixture
def three(con: Connection, now: datetime) -> list[str]:
    """Three shops, two of them Ann's, and one whose owner has no address."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    told = [("Ann’s bakery", ANN), ("Rope store", ANN), ("Forge", {**ANN, "owner_name": "Bo", "owner_email": None})]
    return [
        spaces.add_space(con, SYSTEM, a_space(
            name=name, address=f"{number + 1} Ferry Street", status="offered", floor_area_m2=94.0,
            geometry=a_place(0.001 * number), **owner,
        ), now)
        for number, (name, owner) in enumerate(told)
    ]  # fmt: skip


def sign_in(page: Page, app: Flask) -> None:
    person = add_person(app)
    page.goto("/my/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ask_all(page: Page, app: Flask) -> None:
    """From the first page of the office to letters on their way."""
    sign_in(page, app)
    page.get_by_role("link", name="Ask them by letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 owners to ask")
    page.get_by_role("button", name="Look at the letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 letters to owners")
    expect(page.get_by_text("As far as we know this is yours")).to_be_visible()
    page.get_by_role("button", name="Send 1, and make 1 to print").click()
    expect(page.get_by_text("1 letter is on its way.")).to_be_visible()


def link_in(server: Server) -> str:
    return re.search(r"(/owner/letter/[\w-]+)", server.letters[-1].get_content())[1]


def test_owners_are_asked_and_what_one_chooses_is_on_the_map(
    app: Flask, visit: Visit, con: Connection, server: Server, three: list[str]
) -> None:
    office = visit("/", WIDE)
    ask_all(office, app)
    deliver(app)
    phone = visit(link_in(server), PHONE, forgive=("404",))
    expect(phone.get_by_role("heading", level=1)).to_have_text("How may your 2 spaces be shown?")
    phone.get_by_text("What everybody would read of it").first.click()
    expect(phone.get_by_text("The owner shows only the district").first).to_be_visible()
    expect(phone.get_by_label("Only the district")).to_be_hidden()
    phone.get_by_label("Yes, it may be shown").check()
    phone.get_by_label("Only the district").check()
    phone.get_by_text("Not the same for all of them").click()
    phone.get_by_role("combobox", name="Rope store").select_option("The exact place")
    assert not scrolls_sideways(phone)
    phone.get_by_role("button", name="Tell the city").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you, the city has your answer")
    expect(phone.get_by_text("Rope store: The exact place")).to_be_visible()
    phone.goto("/list")
    expect(phone.get_by_text("Rope store")).to_be_visible()
    expect(phone.get_by_text("The owner shows only the district")).to_be_visible()
    expect(phone.get_by_text("Ann’s bakery")).to_have_count(0)
    expect(phone.get_by_text("Forge")).to_have_count(0)
    phone.goto(f"/spaces/{three[1]}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Rope store")

    office.goto("/office/owners")
    office.get_by_role("link", name="Ann Baker", exact=True).click()
    expect(office.get_by_text("The owner, by the link in a letter, answered")).to_be_visible()
    con.rollback()
    held = [space_rows.get(con, ref) for ref in three]
    con.rollback()
    assert [(each.consent, each.consent_how) for each in held] == [
        ("given", "link"),
        ("given", "link"),
        ("asked", None),
    ]


def test_an_owner_says_no_without_a_script(
    app: Flask, visit: Visit, con: Connection, server: Server, three: list[str]
) -> None:
    ask_all(visit("/", WIDE), app)
    deliver(app)
    phone = visit(link_in(server), PHONE, javascript=False, forgive=("404",))
    phone.get_by_label("Nobody but the city sees it").check()
    phone.get_by_role("button", name="Tell the city").click()
    expect(phone.get_by_text("It is not shown.").first).to_be_visible()
    con.rollback()
    assert [space_rows.get(con, ref).consent for ref in three] == ["objected", "objected", "asked"]
    con.rollback()


def test_the_pages_of_letters_are_for_everybody(app: Flask, visit: Visit, server: Server, three: list[str]) -> None:
    axe, office = Axe(), visit("/", WIDE)
    ask_all(office, app)
    deliver(app)
    link = link_in(server)
    anybody = visit(link, forgive=("410",))
    for page, path in (
        (anybody, link), (anybody, "/owner/letter/never-was"),
        (office, "/office/owners"), (office, "/office/owners/OL-0001"), (office, "/office/owners/OL-0002"),
    ):  # fmt: skip
        page.goto(path)
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)
            assert axe.look(page) == [], (path, size)
