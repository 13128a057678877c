"""On a phone and wide: a street is typed, the list gets another order, signs filter, the whole town comes back."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.walks.test_map import settled, total_in_list, total_on_map

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, WIDE])


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now)


def search(page: Page, words: str) -> None:
    box = page.get_by_role("searchbox")
    box.click()
    box.fill(words)
    box.press("Enter")
    page.wait_for_timeout(300)
    settled(page)


def states(page: Page) -> list[str]:
    classes = page.locator(".rows .state").evaluate_all("all => all.map(each => each.className)")
    return [each.split()[-1] for each in classes]


def open_legend(page: Page, size: tuple[int, int]) -> None:
    if size == PHONE:
        page.get_by_role("button", name="What the signs say").click()


@SIZES
def test_a_street_is_typed_and_the_map_goes_there(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/?map=12/51.05/3.72", size=size)
    settled(page)
    search(page, "auction QUAY")
    expect(page.locator("h1")).to_have_text("1 space for “auction QUAY”")
    expect(page.locator(".rows > li")).to_have_count(1)
    # The only one is chosen on the map.
    expect(page.locator(".mark.is-chosen .mark-button")).to_have_attribute(
        "aria-label", re.compile("Fish auction hall")
    )
    assert "q=auction+QUAY" in page.url
    assert int(re.search(r"map=(\d+)", page.url)[1]) > 14
    # By its number, and by its district: below exact the name is nobody's, the district is everybody's.
    search(page, town.PLOT.lower())
    expect(page.locator("h1")).to_have_text(f"1 space for “{town.PLOT.lower()}”")
    search(page, "tannery")
    assert total_in_list(page) == total_on_map(page) > 3
    search(page, "marigold")
    expect(page.locator("h1")).to_have_text("No space fits yet")
    # What was asked can be taken back, step by step and at once.
    page.go_back()
    expect(page.locator("h1")).to_contain_text("“tannery”")
    expect(page.get_by_role("searchbox")).to_have_value("tannery")
    page.get_by_role("link", name="Clear filter").click()
    expect(page.locator("h1")).not_to_contain_text("tannery")
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert not scrolls_sideways(page)


def test_without_javascript_the_search_is_a_form(visit: Visit) -> None:
    page = visit("/?kind=building", javascript=False)
    page.get_by_role("searchbox").fill("auction")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("h1")).to_have_text("1 building for “auction”")
    page.get_by_label("Order of the list").select_option("large")
    page.locator(".list-order").get_by_role("button").click()
    assert "sort=large" in page.url
    assert "q=auction" in page.url


@SIZES
def test_free_ones_come_first_and_the_order_is_chosen(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/?map=12/51.05/3.72", size=size)
    settled(page)
    order = page.get_by_label("Order of the list")
    expect(order.locator("option:checked")).to_have_text("Free first, then nearest to the middle")
    page.get_by_role("link", name=re.compile(r"Show \d+ more")).click()
    expect(page.locator(".rows > li").nth(30)).to_be_visible()
    rank = ["free", "used", "shut"]
    assert states(page) == sorted(states(page), key=rank.index)
    assert set(states(page)) == set(rank)
    order.focus()
    order.select_option("large")
    settled(page)
    expect(page.locator(".row-meta").first).to_contain_text("1,248 m²")
    expect(order).to_be_focused()
    assert "sort=large" in page.url
    page.reload()
    settled(page)
    expect(order).to_have_value("large")
    expect(page.locator(".row-meta").first).to_contain_text("1,248 m²")
    page.go_back()
    expect(order).to_have_value("free")
    page.goto("/?sort=loveliest&map=12/51.05/3.72")
    settled(page)
    expect(order).to_have_value("free")  # and is never left empty


@SIZES
def test_the_signs_of_the_legend_filter(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size=size)
    settled(page)
    open_legend(page, size)
    used = page.locator(".legend").get_by_role("button", name=re.compile("^In temporary use"))
    number = int(used.locator(".number").inner_text())
    used.click()
    expect(used).to_have_attribute("aria-pressed", "true")
    settled(page)
    assert total_in_list(page) == total_on_map(page) == number
    assert set(states(page)) == {"used"}
    page.locator(".legend").get_by_role("button", name=re.compile("^Free now or soon")).click()
    settled(page)
    assert total_in_list(page) > number
    assert page.url.count("outlook=") == 2


@SIZES
def test_free_from_takes_any_day(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size=size)
    settled(page)
    if size == PHONE:
        page.get_by_role("button", name="Filter").click()
    else:
        page.locator("[data-key='words:free']").click()
    page.get_by_label("By this day").fill("2027-02-10")
    settled(page)
    if size == PHONE:
        page.locator(".filter-sheet-foot button").click()
        expect(page.get_by_role("button", name="Filter · 1")).to_be_visible()
    else:
        expect(page.get_by_role("button", name=re.compile("Free by 10 February"))).to_be_visible()
    assert "from=2027-02-10" in page.url
    # The hall is free from 1 March: not yet.
    assert page.locator(f'[data-ref="{town.HALL}"]').count() == 0
    page.get_by_role("link", name="Clear filter").click()
    expect(page.locator(f'[data-ref="{town.HALL}"]')).to_have_count(1)


@pytest.mark.parametrize("size", [SMALL, PHONE, WIDE])
def test_the_first_view_is_the_whole_town_and_one_press_brings_it_back(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size=size)
    settled(page)
    everywhere = total_in_list(page)
    # All that have a place: not the hidden one, nor the one that nobody placed, nor what is withheld or over.
    assert everywhere == total_on_map(page) == 9 + town.CROWD - 4
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(400)
        settled(page)
    assert total_in_list(page) < everywhere
    page.get_by_role("button", name="Show the whole town").click()
    page.wait_for_timeout(300)
    settled(page)
    assert total_in_list(page) == everywhere


@SIZES
def test_near_me_goes_to_where_one_stands(visit: Visit, size: tuple[int, int]) -> None:
    here = {"latitude": 51.0436, "longitude": 3.7240}
    page = visit(size=size, geolocation=here, permissions=["geolocation"])
    settled(page)
    page.get_by_role("button", name="Show where I am").click()
    expect(page.get_by_role("img", name="You are here")).to_be_visible()
    page.wait_for_timeout(300)
    settled(page)
    assert re.search(r"map=15/51\.043\d+/3\.72[34]", page.url)
    page.get_by_label("Order of the list").select_option("near")
    settled(page)
    expect(page.locator(".rows > li").first).to_have_attribute("data-ref", "SP-0014")


def test_a_device_that_does_not_tell_where_it_is_is_believed(visit: Visit) -> None:
    page = visit(permissions=[])
    settled(page)
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (found, lost) => lost({}); }")
    page.get_by_role("button", name="Show where I am").click()
    expect(page.locator(".map-words")).to_have_text("Your device does not tell where it is.")
