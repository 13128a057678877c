"""A group in a real browser, on a phone: from a space's page by a letter to a page of its own, and a signature."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.permits import deciding
from tempuse.store import agreements, permits
from tempuse.store.engine import Connection, Register
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.permitting import a_request, terms

pytestmark = pytest.mark.browser


class _Ticking(Clock):
    """Goes on by some seconds with each look, as a person would take."""

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, _Ticking(clock.now), f"smtp://127.0.0.1:{port}")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    named = {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}
    setup.change_settings(con, SYSTEM, named, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(name="The Fish Hall", available_from=date(2027, 2, 1)), clock.now)


def fill_in(page: Page, start: str = "2027-03-01") -> None:
    page.get_by_label("What do you want to do there?").fill("Repair café on Saturdays")
    page.get_by_label("What is it most of all?").select_option("workshop")
    page.get_by_label("Your name").fill("Ada Mol")
    page.get_by_label("Your e-mail").fill("ada@group.example")
    page.get_by_label("Your group").fill("Repair café")
    page.get_by_label("From which day?").fill(start)
    page.get_by_label("Until which day?").fill("2027-05-31")
    page.get_by_label("Anything else?").fill("We bring our own tools.")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_group_asks_on_a_phone_and_signs(
    visit: Visit, app: Flask, con: Connection, server: Server, hall: str, javascript: bool
) -> None:
    page = visit(f"/spaces/{hall}", PHONE, javascript=javascript, forgive=("422",))
    page.locator(".bottom-bar").get_by_role("link", name="Ask for this space").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for The Fish Hall")
    expect(page.get_by_text("Free from 1 February")).to_be_visible()
    fill_in(page, "2027-01-01")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("alert")).to_contain_text("is free from 1 February")
    expect(page.get_by_label("Anything else?")).to_have_value("We bring our own tools.")
    page.get_by_label("From which day?").fill("2027-03-01")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")
    expect(page.get_by_text("PM-0001")).to_be_visible()
    deliver(app)
    link = re.search(r"https://spaces\.example(/request/confirm/\S+)", server.letters[0].get_content())
    assert link
    page.goto(link[1])
    page.get_by_role("button", name="Yes, send it to the city").click()
    page.wait_for_url("**/my/permits/PM-0001")
    expect(page.get_by_role("heading", level=1)).to_have_text("Repair café on Saturdays")
    expect(page.get_by_text("The city answers by 18 January")).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("What happens there?").fill("We mend what neighbours bring.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("We mend what neighbours bring.")).to_be_visible()

    deciding.approve_permit(con, SYSTEM, "PM-0001", app.extensions["tempuse.clock"]())
    page.reload()
    expect(page.get_by_text("It is approved. The days are kept free for it.")).to_be_visible()
    page.get_by_role("link", name="Sign", exact=True).click()
    expect(page.get_by_text("From 1 March 2027 to 31 May 2027, both days included.")).to_be_visible()
    page.get_by_label("I have read these terms, and sign them").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Ada Mol, for the group")).to_be_visible()
    assert [each.name for each in agreements.signatures_of(con, "PM-0001")] == ["Ada Mol"]
    con.rollback()
    assert permits.get(con, "PM-0001").status == "approved", "the other side has not signed yet"
    con.rollback()


def test_a_request_is_written_by_keyboard_alone(visit: Visit, con: Connection, hall: str) -> None:
    page = visit(f"/request?space={hall}")
    page.get_by_label("What do you want to do there?").focus()
    keys = page.keyboard
    for text in ("Repair café", "", "Ada", "ada@group.example", "Repair café"):
        keys.type(text)
        keys.press("Tab")
    fill_in(page)
    page.get_by_label("Anything else?").focus()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")


def test_no_page_of_a_request_scrolls_sideways(
    visit: Visit, app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], terms(date(2027, 5, 1), date(2027, 5, 31)))
    deciding.approve_permit(con, SYSTEM, ref, clock.now)
    deliver(app)
    text = next(each.get_content() for each in server.letters if str(each["Subject"]) == f"Approved: {ref}")
    link = re.search(r"https://spaces\.example(/my/enter/\S+)", text)
    assert link
    page = visit(link[1], SMALL)
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url(f"**/my/permits/{ref}")
    own = f"/my/permits/{ref}"
    for path in (own, f"{own}/sign", f"{own}/call-off", "/my/permits", "/my/", f"/my/request?space={hall}",
                 "/request/sent?number=PM-0001&mail=1", "/request/confirm/abc"):  # fmt: skip
        page.goto(path)
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)
