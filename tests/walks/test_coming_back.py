"""On a phone and wide: menu, filter and sheet ask nothing; who comes back from a space is where they were."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, WIDE, Visit
from tests.walks.test_map import refs_in_list, settled, total_on_map

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, WIDE])


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now, crowd=70)


def asked(page: Page) -> list[str]:
    """From now on, the questions that the page asks."""
    found: list[str] = []
    page.on("request", lambda each: found.append(each.url) if re.search("/list|/map/view", each.url) else None)
    return found


def scrolled(page: Page) -> int:
    """How far down the list is."""
    return int(
        page.evaluate("""() => Math.max(...[".list-panel", ".list-body"].map(
        each => document.querySelector(each).scrollTop))""")
    )


def test_the_menu_lies_over_the_page_and_asks_nothing(visit: Visit) -> None:
    page = visit(size=PHONE)
    settled(page)
    heading, address = page.locator("h1").inner_text(), page.url
    frame = page.locator(".folium-map").bounding_box()
    questions = asked(page)
    menu = page.get_by_role("button", name="Menu")
    menu.click()
    expect(page.get_by_role("link", name="How it works")).to_be_visible()
    page.wait_for_timeout(400)
    assert page.locator(".folium-map").bounding_box() == frame
    assert page.locator("h1").inner_text() == heading
    assert page.url == address
    assert questions == []
    # What lies below cannot be reached by keyboard, and a press there closes the menu.
    assert page.evaluate("document.getElementById('main').inert")
    page.mouse.click(200, 800)
    expect(page.get_by_role("link", name="How it works")).to_be_hidden()
    assert not page.evaluate("document.getElementById('main').inert")
    menu.click()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    assert questions == []
    menu.click()
    page.get_by_role("link", name="How it works").click()
    expect(page.locator("h1")).to_have_text("How it works")


def test_a_menu_that_is_open_when_the_window_grows_leaves_nothing_behind(visit: Visit) -> None:
    page = visit("/how-it-works", size=PHONE)
    page.get_by_role("button", name="Menu").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("main")).not_to_have_attribute("inert", "")
    page.get_by_role("link", name="See what is free").click()
    settled(page)


@SIZES
def test_coming_back_brings_rows_scroll_sheet_and_focus(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/?map=12/51.06/3.72", size=size)
    settled(page)
    if size == PHONE:
        page.locator(".sheet-handle").press("Enter")
        page.wait_for_timeout(300)
    page.get_by_role("link", name=re.compile(r"Show \d+ more")).click()
    expect(page.locator(".rows > li").nth(45)).to_be_visible()
    refs = refs_in_list(page)
    assert len(refs) == 60
    page.locator(".row-link").nth(45).scroll_into_view_if_needed()
    far = scrolled(page)
    assert far > 2000
    for back in (page.go_back, page.get_by_role("link", name="Back to the map").click):
        page.locator(".row-link").nth(45).click()
        page.wait_for_url("**/spaces/SP-*")
        back()
        settled(page)
        expect(page.locator(".row-link").nth(45)).to_be_focused()
        assert refs_in_list(page) == refs
        assert abs(scrolled(page) - far) < 3
        expect(page.locator(".sheet-handle")).to_have_attribute("aria-expanded", str(size == PHONE).lower())


def test_the_filter_on_a_phone_keeps_its_promise(visit: Visit) -> None:
    page = visit(size=PHONE)
    settled(page)
    bar = page.locator(".filter-bar").bounding_box()
    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    for name in ("Water", "Building", "Power"):
        dialog.get_by_role("button", name=re.compile(f"^{name}")).click()
        expect(dialog.get_by_role("button", name=re.compile(f"^{name}"))).to_have_attribute("aria-pressed", "true")
    settled(page)
    show = dialog.locator(".filter-sheet-foot button")
    promised = show.inner_text().removeprefix("Show ")
    show.click()
    page.wait_for_timeout(400)
    settled(page)
    assert page.locator("h1").inner_text() == promised
    # However many are on, the bar is one line, and says how many.
    assert page.locator(".filter-bar").bounding_box() == bar
    expect(page.get_by_role("button", name="Filter")).to_have_text(re.compile("Filter · 3"))


def test_a_lower_sheet_shows_more_of_the_map_and_what_is_there(visit: Visit) -> None:
    page = visit("/?map=14/51.05/3.72", size=PHONE)
    settled(page)
    box = page.locator(".sheet-handle").bounding_box()
    page.mouse.move(box["x"] + 195, box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 195, 835, steps=5)
    page.mouse.up()
    page.wait_for_timeout(500)
    settled(page)
    assert total_on_map(page) == int(page.locator("h1").inner_text().split()[0])


def test_a_window_that_grows_shows_what_is_in_it(visit: Visit) -> None:
    page = visit("/?map=15/51.05/3.72", size=(900, 700))
    settled(page)
    before = total_on_map(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(600)
    settled(page)
    assert total_on_map(page) == int(page.locator("h1").inner_text().split()[0]) > before
    assert re.search(r"map=15/51\.0(5|4999)", page.url)
