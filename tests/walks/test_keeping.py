"""On a phone and wide: a space is remembered without an account, an address is handed on, a list is printed whole."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tempuse.access import SYSTEM
from tempuse.registry import spaces
from tempuse.store.engine import Connection
from tests import town
from tests.axe import Axe
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.walks.test_map import settled, total_in_list

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, WIDE])


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now, crowd=70)


def on_paper(page: Page) -> list[str]:
    """The pages that come out of the printer, as text."""
    return [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]


@SIZES
def test_spaces_are_remembered_in_the_browser_alone(
    visit: Visit, con: Connection, now: datetime, size: tuple[int, int]
) -> None:
    page = visit(f"/spaces/{town.HALL}", size=size)
    remember = page.get_by_role("button", name="Remember")
    expect(page.get_by_role("link", name="Remembered spaces")).to_be_hidden()
    remember.click()
    expect(remember).to_have_attribute("aria-pressed", "true")
    page.goto(f"/spaces/{town.FORGE}")
    page.get_by_role("button", name="Remember").click()
    page.get_by_role("link", name="Remembered spaces 2").click()
    rows = page.locator(".rows > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Fish auction hall")
    assert Axe().look(page) == []
    assert not scrolls_sideways(page)
    assert page.context.cookies() == []
    # One that is not public any more is named by its number alone, and said to be gone.
    spaces.move_space(con, SYSTEM, town.HALL, "withhold", now)
    page.reload()
    expect(rows).to_have_count(1)
    gone = page.locator("[data-gone]")
    expect(gone).to_contain_text(f"{town.HALL} is not shown any more.")
    gone.get_by_role("button", name="Forget it").click()
    expect(gone).to_have_count(0)
    rows.first.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    page.goto(f"/spaces/{town.FORGE}")
    expect(page.get_by_role("button", name="Remember")).to_have_attribute("aria-pressed", "false")


def test_a_list_of_remembered_spaces_is_sent_to_a_friend(visit: Visit, site: str) -> None:
    page = visit(f"/spaces/{town.HALL}", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Remember").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/spaces/{town.HALL}"
    page.goto("/remembered")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    address = str(page.evaluate("navigator.clipboard.readText()"))
    assert address == f"{site}/remembered?spaces={town.HALL}"
    friend = visit(address.removeprefix(site))
    expect(friend.locator(".rows > li")).to_have_count(1)
    friend.get_by_role("button", name="Remember them, too").click()
    expect(friend.get_by_text("This list lies in your browser alone")).to_be_visible()
    expect(friend.locator(".rows > li")).to_have_count(1)


def test_without_javascript_no_button_is_dead_and_the_list_of_an_address_is_there(visit: Visit) -> None:
    page = visit(f"/remembered?spaces={town.HALL},SP-9999,nonsense", javascript=False)
    expect(page.locator(".rows > li")).to_have_count(1)
    expect(page.get_by_text("SP-9999 is not shown any more.")).to_be_visible()
    assert page.locator("button:visible").count() == 0
    page.goto(f"/spaces/{town.HALL}")
    assert page.locator("main button:visible").count() == 0


@SIZES
def test_the_list_goes_on_paper_whole(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/?map=12/51.06/3.72", size=size)
    settled(page)
    total = total_in_list(page)
    assert total > 60
    before = on_paper(page)
    assert f"These are 30 of {total} spaces." in " ".join(" ".join(before).split())
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.get_by_role("button", name="Print").click()
    expect(page.locator(".rows > li")).to_have_count(total)
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.printed")
    said = " ".join(on_paper(page))
    assert "These are" not in said
    for name in page.locator(".row-name").all_inner_texts():
        assert name in said
    assert "Filter" not in said
    # The other list, page by page, has all of them on one.
    page.goto("/find")
    page.get_by_role("link", name="All on one page, to print").click()
    everything = int(page.locator("#found").inner_text().split()[0])
    expect(page.locator(".rows > li")).to_have_count(everything)


def test_on_paper_the_map_shows_what_the_screen_shows(visit: Visit) -> None:
    page = visit(size=WIDE)
    settled(page)
    screen = page.locator(".folium-map").bounding_box()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    paper, panel = page.locator(".folium-map").bounding_box(), page.locator(".map-panel").bounding_box()
    legend = page.locator(".legend").bounding_box()
    assert paper["width"] <= 661
    assert abs(paper["width"] / paper["height"] - screen["width"] / screen["height"]) < 0.01
    assert paper["y"] + paper["height"] <= legend["y"] + 1
    assert legend["y"] + legend["height"] <= panel["y"] + panel["height"] + 1
    page.emulate_media(media="screen")
    assert page.locator(".folium-map").bounding_box() == screen


def test_a_space_on_paper_has_its_address_and_an_untorn_map(visit: Visit, site: str) -> None:
    page = visit(f"/spaces/{town.HALL}")
    said = on_paper(page)
    assert re.sub(r"\s", "", f"{town.HALL}·{site}/spaces/{town.HALL}") in re.sub(r"\s", "", said[0])
    page.emulate_media(media="print")
    assert page.locator(".small-map").evaluate("map => getComputedStyle(map).breakInside") == "avoid"
