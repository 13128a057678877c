"""Walks through the ways into the office, in a real browser: invited, signed in, interrupted, signed out."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.people import Person
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.office import PASSWORD, add_person

pytestmark = pytest.mark.browser
ADDRESS = "Quay House, room 3\n“The Old Docks”\n9000 Rivermouth <west>"


@pytest.fixture
def adam(app: Flask) -> Person:
    """The administrator."""
    return add_person(app, "Adam Reed", "administrator")


def fill_in(page: Page, person: Person, password: str = PASSWORD) -> None:
    """Sign in on the page that asks for it."""
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def enter(visit: Visit, person: Person, path: str = "/office/settings", **options: object) -> Page:
    page = visit(path, **options)
    fill_in(page, person)
    page.wait_for_url(f"**{path}")
    return page


def test_somebody_is_invited_by_a_link_signs_in_and_out(visit: Visit, adam: Person) -> None:
    page = enter(visit, adam, "/office/people")
    page.get_by_label("Name", exact=True).fill("Bea Smit")
    page.get_by_label("E-mail address").fill("bea@rivermouth.example")
    page.get_by_label("Show me a link").check()
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("The link").input_value()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    # Shown once: the page cannot be opened again.
    page.goto("/office/people")
    expect(page.get_by_role("link", name="Bea Smit")).to_be_visible()

    hers = visit("/", PHONE)
    hers.goto(link)
    expect(hers.get_by_role("heading", level=1)).to_have_text("Welcome, Bea Smit")
    hers.get_by_label("New password").fill("three blue whales")
    hers.get_by_label("The same once more").fill("three blue whales")
    hers.get_by_role("button", name="Set the password").click()
    hers.wait_for_url("**/office/**")
    expect(hers.locator(".toast")).to_contain_text("Your password is set, and you are signed in.")
    assert not scrolls_sideways(hers)
    hers.goto("/my/account")
    hers.get_by_role("button", name="Sign out").click()
    expect(hers.locator(".toast")).to_contain_text("You are signed out")
    hers.goto("/my/account")
    expect(hers.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_text_survives_a_session_that_ended_while_it_was_written(visit: Visit, adam: Person, con: Connection) -> None:
    page = enter(visit, adam, "/office/settings/contact", forgive=("401", "422"))
    page.get_by_label("Address", exact=True).fill(ADDRESS)
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
    expect(page.get_by_text("Sign in and your text is kept.")).to_be_visible()
    fill_in(page, adam, "a slip of the finger")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    fill_in(page, adam)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your text is still here")
    expect(page.locator("blockquote")).to_contain_text("“The Old Docks”")
    assert get_settings(con).contact_address == ""
    con.rollback()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/office/settings")
    assert get_settings(con).contact_address.replace("\r\n", "\n") == ADDRESS
    con.rollback()


def test_a_text_survives_signing_out_and_in_again_elsewhere(visit: Visit, adam: Person, con: Connection) -> None:
    page = enter(visit, adam, "/office/settings/contact", forgive=("400",))
    page.get_by_label("Address", exact=True).fill(ADDRESS)
    other = page.context.new_page()
    other.goto("/my/account")
    other.get_by_role("button", name="Sign out").click()
    other.goto("/office/settings")
    fill_in(other, adam)
    other.wait_for_url("**/office/settings")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your text is still here")
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/office/settings")
    assert get_settings(con).contact_address.replace("\r\n", "\n") == ADDRESS
    con.rollback()


def test_a_pale_colour_is_seen_and_mended_while_it_is_chosen(visit: Visit, adam: Person, con: Connection) -> None:
    page = enter(visit, adam, "/office/settings/look")
    field = page.locator("#accent")
    field.fill("#ffcc00")
    field.dispatch_event("input")
    expect(page.get_by_text("Text in this colour is hard to read.")).to_be_visible()
    expect(page.locator("input[type=color]")).to_have_value("#ffcc00")
    page.get_by_role("button", name="Take #").click()
    page.wait_for_url("**/office/settings")
    accent = get_settings(con).accent
    con.rollback()
    assert accent not in ("#ffcc00", "#0b5a4a")
    expect(page.get_by_text(accent)).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visit: Visit, adam: Person, tmp_path: Path) -> None:
    large = tmp_path / "districts.gpkg"
    with large.open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    page = enter(visit, adam, "/office/areas")
    page.locator("#files").set_input_files(large)
    expect(page.get_by_role("alert")).to_have_text("This is more than we can take at once: 200 MB.")
    assert page.locator("#files").input_value() == ""


def test_the_ways_in_work_without_scripts(visit: Visit, adam: Person) -> None:
    page = visit("/office/settings", javascript=False)
    fill_in(page, adam)
    page.wait_for_url("**/office/settings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


@pytest.mark.parametrize("path", ["/my/sign-in", "/my/forgotten", "/my/password/nonsense"])
def test_the_ways_in_fit_every_screen(visit: Visit, path: str) -> None:
    for size in (WIDE, PHONE, SMALL):
        for dark in (False, True):
            assert not scrolls_sideways(visit(path, size, dark=dark, forgive=("410",)))


@pytest.mark.parametrize(
    "path",
    [
        "/my/account", "/office/people", "/office/people/PE-0001", "/office/people/PE-0001/end", "/office/areas",
        "/office/settings", *(f"/office/settings/{key}" for key in ("city", "look", "publication", "map", "letters")),
    ],
)  # fmt: skip
def test_the_offices_own_pages_fit_every_screen(visit: Visit, adam: Person, path: str) -> None:
    page = enter(visit, adam, path)
    for width, height in (WIDE, PHONE, SMALL):
        page.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(page), (path, width)
