"""An owner in a real browser: what would be shown, an offer, and a word that hides a space at once."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store import reports as report_rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.axe import Axe
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_district, a_space
from tests.office import PASSWORD, add_person

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    bakery = a_space(
        name="Ann’s bakery", address="12 Ferry Street", kind="unit", ownership="private", consent="given",
        consent_on=now.date(), floor_area_m2=94.0, owner_name="Ann Baker",
    )  # fmt: skip
    return spaces.add_space(con, SYSTEM, bakery, now)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_an_owner_sees_what_would_be_shown_and_offers_a_space(
    app: Flask, visit: Visit, con: Connection, shop: str, size: tuple[int, int]
) -> None:
    page = visit("/how-it-works", size, forgive=("422",))
    page.get_by_role("link", name="See what is shown, and how precisely").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You own a place")
    levels = page.locator(".owner-level")
    expect(levels).to_have_count(4)
    expect(levels.nth(0)).to_contain_text("Ann’s bakery")
    for number in (1, 2, 3):
        expect(levels.nth(number).locator(".owner-card")).not_to_contain_text("Ann")
        expect(levels.nth(number).locator(".owner-card")).to_contain_text("50 to 100 m²")
    page.get_by_role("link", name="Offer my space").click()
    page.get_by_label("A shop, floor or room").check()
    page.get_by_label("Where is it?").fill("3 Rope Walk")
    page.get_by_label("How big is it?").fill("about the size of a tennis court")
    page.get_by_label("From which day can it be used?").fill("2027-03-01")
    page.get_by_label("A square of 500 metres").check()
    page.get_by_label("Your name, and for whom you speak").fill("Bo Mason, for Mason and Sons")
    page.get_by_label("Your e-mail").fill("bo@mason.example")
    page.get_by_role("button", name="Offer my space").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the size as a number of square metres")
    page.get_by_label("How big is it?").fill("260")
    page.get_by_role("button", name="Offer my space").click()
    expect(page.get_by_text("Nobody sees it until the city has looked")).to_be_visible()
    expect(page.get_by_text("Your number: RP-0001")).to_be_visible()
    assert not scrolls_sideways(page)
    con.rollback()
    held = report_rows.get(con, "RP-0001")
    con.rollback()
    assert (held.kind, held.area_m2, held.level, str(held.free_from)) == ("offer", 260.0, "cell", "2027-03-01")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_space_goes_at_its_owners_word_and_the_office_looks_afterwards(
    app: Flask, visit: Visit, con: Connection, shop: str, size: tuple[int, int]
) -> None:
    page = visit(f"/spaces/{shop}", size, forgive=("404",))
    page.get_by_role("link", name="I own it, or speak for the owner").click()
    page.get_by_label("Take it off").check()
    expect(page.get_by_label("A square of 500 metres")).to_be_hidden()
    page.get_by_label("Your name, and for whom you speak").fill("Ann Baker")
    page.get_by_label("Your e-mail").fill("ann@baker.example")
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is hidden")
    page.goto(f"/spaces/{shop}")
    expect(page.get_by_text("Ann’s bakery")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("heading", name=re.compile("No space"))).to_be_visible()

    person = add_person(app)
    page.goto("/my/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="The owner’s word: Ann’s bakery", exact=True).click()
    expect(page.get_by_text("Less of the space is seen since the moment it was sent")).to_be_visible()
    expect(page.get_by_text("In the register the owner is Ann Baker.")).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="It is the owner: do as they say").click()
    expect(page.get_by_text("Written down. It is shown as the owner said.")).to_be_visible()
    con.rollback()
    space = space_rows.get(con, shop)
    con.rollback()
    assert (space.consent, space.owner_limit) == ("objected", None)


def test_the_owners_pages_are_for_everybody(visit: Visit, shop: str) -> None:
    axe, page = Axe(), visit("/owner")
    for path in ("/owner", "/owner/offer", f"/owner/word?space={shop}", "/owner/sent?what=off&mail=1"):
        page.goto(path)
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)
            assert axe.look(page) == [], (path, size)


def test_an_owner_can_speak_without_a_script(visit: Visit, con: Connection, shop: str) -> None:
    page = visit(f"/owner/word?space={shop}", PHONE, javascript=False)
    page.get_by_label("Let less of it be shown").check()
    page.get_by_label("Only the district").check()
    page.get_by_label("Your name, and for whom you speak").fill("Ann Baker")
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Less of it is shown")
    page.goto(f"/spaces/{shop}")
    expect(page.get_by_role("heading", level=1)).to_have_text("A unit in Old Docks")
