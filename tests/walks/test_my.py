"""Walks of people from outside the office, in a real browser, by the links of their letters."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations
from tempuse.store import people
from tempuse.store.engine import Connection
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.office import PASSWORD, add_person
from web.accounts import links

pytestmark = pytest.mark.browser


@pytest.fixture
def choir(con: Connection, now: datetime) -> str:
    told = Organisation(
        name="Choir of the Docks", kinds=("initiative",), email="choir@example.org", informal=True,
        url="https://choir.example/who/we/are/and/where/we/sing/when/the/tide/is/low", phone="051 22 33 44",
    )  # fmt: skip
    return organisations.add_organisation(con, SYSTEM, told, now)


@pytest.fixture
def ada(con: Connection, now: datetime, choir: str) -> Person:
    """A contact without a password."""
    asked = members.invite_member(con, SYSTEM, choir, "Ada Mol", "ada@example.org", "en", "contact", now)
    members.confirm_membership(con, asked.actor(), choir, now)
    found = people.get(con, asked.ref)
    con.rollback()
    return found


def link(app: Flask, person: Person, to: str = "/my/") -> str:
    with app.test_request_context():
        return links.entry_link(person, "", to)


def enter(visit: Visit, app: Flask, person: Person, **options: object) -> Page:
    page = visit(link(app, person), **options)
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url("**/my/")
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_is_asked_says_yes_and_asks_others_on_a_phone(
    visit: Visit, app: Flask, con: Connection, now: datetime, choir: str, ada: Person, javascript: bool
) -> None:
    bob = members.invite_member(con, SYSTEM, choir, "Bob Ney", "bob@example.org", "en", "contact", now)
    page = visit(link(app, bob, f"/my/organisations/{choir}"), PHONE, javascript=javascript)
    expect(page.get_by_role("heading", level=1)).to_have_text("The page of Bob Ney")
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("button", name="Yes, I join").click()
    expect(page.locator(".toast")).to_contain_text("You are part of Choir of the Docks now")
    page.get_by_label("Name", exact=True).fill("Eve Pitt")
    page.get_by_label("E-mail address").fill("eve@example.org")
    page.get_by_label("Signatory").check()
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("Has not said yes yet")).to_be_visible()
    page.get_by_role("link", name=re.compile("Remove.*Ada Mol")).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".toast")).to_contain_text("Ada Mol has no part in it any more")
    assert not scrolls_sideways(page)


def test_nothing_of_ones_own_pages_scrolls_sideways(visit: Visit, app: Flask, choir: str, ada: Person) -> None:
    page = enter(visit, app, ada, size=SMALL)
    own = f"/my/organisations/{choir}"
    for path in ("/my/", "/my/account", "/my/forget", own, f"{own}/edit", f"{own}/leave"):
        page.goto(path)
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)


def test_the_offices_pages_of_organisations_keep_within_the_window(
    visit: Visit, app: Flask, choir: str, ada: Person
) -> None:
    planner = add_person(app)
    page = visit("/my/sign-in", SMALL)
    page.get_by_label("E-mail address").fill(planner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/**")
    one = f"/office/organisations/{choir}"
    for path in ("/office/organisations", "/office/organisations/new", one, f"{one}/edit", f"{one}/retire",
                 f"{one}/members/{ada.ref}"):  # fmt: skip
        page.goto(path)
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)
