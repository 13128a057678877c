"""A town with one person in its office: from a request to the keys in under twelve clicks; and by keyboard."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, permits
from tempuse.store.engine import Connection
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.builders import a_space
from tests.office import PASSWORD, add_person
from tests.permitting import a_request, approved, running, terms

pytestmark = pytest.mark.browser
SPRING = terms(date(2026, 11, 1), date(2027, 5, 31))


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    return add_space(con, SYSTEM, a_space(), now)


@pytest.fixture
def enter(app: Flask, hall: str, visit: Visit) -> Any:
    """Sign in as the one person of the office."""
    person = add_person(app, "Ilse Maes", "administrator")

    def open_office(path: str = "/office/waiting", **how: Any) -> Page:
        page = visit("/my/sign-in", **how)
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/office/waiting"))
        if path != "/office/waiting":
            page.goto(path)
        return page

    return open_office


class Clicks:
    """What the planner's hand does, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.done = page, 0

    def press(self, name: str | re.Pattern[str], role: Any = "button", *, exact: bool = False) -> None:
        self.done += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def write(self, label: str, text: str) -> None:
        self.done += 1
        self.page.get_by_label(label).first.fill(text)


@pytest.mark.parametrize("javascript", [pytest.param(True, marks=pytest.mark.both_engines), False])
def test_from_a_request_to_the_keys_in_under_twelve_clicks(
    con: Connection, enter: Any, hall: str, now: datetime, javascript: bool
) -> None:
    ref = a_request(con, now, [hall], SPRING)
    hand = Clicks(enter(javascript=javascript))
    hand.press(re.compile(r"^Look\b"), "link")
    hand.press("Approve …", "link")
    expect(hand.page.get_by_text("Its days are free, and nothing stands in the way.")).to_be_visible()
    hand.press("Approve")
    hand.press("Write down the signatures …", "link")
    hand.press("Sign", exact=True)
    hand.press("Hand over the keys …", "link")
    hand.write("Which keys", "front door")
    hand.press("Hand over the keys")
    expect(hand.page.locator(".state", has_text="In use until 31 May")).to_be_visible()
    assert hand.done < 12
    con.rollback()
    assert permits.get(con, ref).status == "handed_over"
    assert agreements.handovers_of(con, ref)[0].keys == ({"label": "front door", "count": 1},)
    con.rollback()
    hand.press("Take the keys back …", "link")
    hand.press("Take the keys back")
    hand.press("Write down what came of it …", "link")
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Write down what came of it")


def test_a_request_is_approved_by_keyboard(con: Connection, enter: Any, hall: str, now: datetime) -> None:
    ref = a_request(con, now, [hall], SPRING)
    page = enter(f"/office/permits/{ref}")
    page.get_by_role("link", name="Approve …").focus()
    page.keyboard.press("Enter")
    page.get_by_label("A word to the group").focus()
    page.keyboard.type("Welcome.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Approved. Its days are taken.")).to_be_visible()


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
def test_no_page_of_permits_is_wider_than_its_window(
    con: Connection, enter: Any, hall: str, now: datetime, size: tuple[int, int], dark: bool
) -> None:
    ref = running(con, now, [hall], SPRING, on=date(2026, 11, 20))
    other = add_space(con, SYSTEM, a_space(name="Shop"), now)
    asked = a_request(con, now, [other], SPRING, group="Choir", email="bo@choir.example")
    approved(con, now, [other], terms(date(2027, 6, 1), date(2027, 6, 30)), group="Circus", email="c@circus.example")
    page = enter("/office/permits", size=size, dark=dark)
    for path in (
        "/office/permits", "/office/permits?show=all", "/office/permits/new", f"/office/permits/{ref}",
        f"/office/permits/{ref}/hand-back", f"/office/permits/{asked}", f"/office/permits/{asked}/approve",
        f"/office/permits/{asked}/terms", "/office/settings/catalogues/permit_kinds",
        "/office/settings/catalogues/permit_kinds/new", f"/office/spaces/{hall}",
    ):  # fmt: skip
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert not scrolls_sideways(page), path
