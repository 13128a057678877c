"""In a real browser, on a phone and wide: pages on which uses go on, lie within others, and spaces are kept free."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry.closing import close_space
from tempuse.registry.permits.renewing import renew_permit
from tempuse.registry.spaces import add_space
from tempuse.store import people
from tempuse.store.engine import Connection
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_space
from tests.office import PASSWORD, add_person
from tests.permitting import a_request, running, terms
from web.accounts import links

pytestmark = pytest.mark.browser
LONG = terms(date(2026, 11, 1), date(2028, 12, 31), sublet="yes")


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    return add_space(con, SYSTEM, a_space(name="The Grain Store"), now)


@pytest.fixture
def use(con: Connection, now: datetime, hall: str) -> str:
    return running(con, now, [hall], LONG, on=now.date(), group="Harbour rooms", email="mia@rooms.example", name="Mia")


def of(con: Connection, email: str) -> Person:
    found = people.by_email(con, email)
    con.rollback()
    assert found is not None
    return found


def fits(page: Page, *paths: str) -> None:
    """Each page is there, and keeps within every window."""
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        for size in (SMALL, PHONE, WIDE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mediator_goes_on_and_gives_a_part(
    visit: Visit, app: Flask, con: Connection, use: str, javascript: bool
) -> None:
    with app.test_request_context():
        link = links.entry_link(of(con, "mia@rooms.example"), "", f"/my/permits/{use}")
    page = visit(link, PHONE, javascript=javascript)
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("link", name="Write down a use within it").click()
    page.get_by_label("The Grain Store").check()
    page.get_by_label("What happens there?").fill("Weavers")
    page.get_by_label("What is it most of all?").select_option("workshop")
    page.get_by_label("From which day?").fill("2027-01-01")
    page.get_by_label("Until which day?").fill("2027-06-30")
    page.get_by_label("Name of the group").fill("Weavers")
    page.get_by_label("Name of the contact").fill("Wim")
    page.get_by_label("E-mail address of the contact").fill("wim@weavers.example")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".toast")).to_contain_text("The group gets a letter, and confirms it.")
    page.get_by_role("link", name="Go on after the end").click()
    page.get_by_label("Until which day?").fill("2029-12-31")
    page.get_by_role("button", name="Ask to go on").click()
    expect(page.locator(".toast")).to_contain_text("It was asked in time")


def test_their_pages_keep_within_the_window(visit: Visit, app: Flask, con: Connection, use: str) -> None:
    with app.test_request_context():
        link = links.entry_link(of(con, "mia@rooms.example"), "", f"/my/permits/{use}")
    page = visit(link, dark=True)
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url(f"**/my/permits/{use}")
    one = f"/my/permits/{use}"
    fits(page, one, f"{one}/renew", f"{one}/transfer", f"{one}/within", f"{one}/end")


def test_the_offices_pages_keep_within_the_window(
    visit: Visit, app: Flask, con: Connection, now: datetime, hall: str, use: str
) -> None:
    other = add_space(con, SYSTEM, a_space(name="The Net Loft"), now)
    close_space(con, SYSTEM, other, date(2027, 1, 1), date(2027, 1, 20), "The roof is mended.", now)
    asked = a_request(con, now, [hall], terms(date(2027, 1, 1), date(2027, 2, 28)), email="bo@choir.example")
    new = renew_permit(con, SYSTEM, use, {"ends_on": date(2029, 12, 31)}, now).permit.ref
    planner = add_person(app)
    page = visit("/my/sign-in")
    page.get_by_label("E-mail address").fill(planner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/**")
    fits(
        page, f"/office/permits/{new}", f"/office/permits/{use}/end", f"/office/permits/{asked}/give-to-holder",
        f"/office/spaces/{other}", f"/office/spaces/{other}/close", f"/office/spaces/{hall}/owner",
        "/office/timeline", "/office/timeline?as=table",
    )  # fmt: skip
