"""A walk over the map in a real browser: by mouse, by finger, by keyboard, light and dark."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, SMALL, Visit, scrolls_sideways

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now)


def settled(page: Page) -> None:
    """Wait until map and list have their answer."""
    expect(page.locator(".list-panel")).to_have_attribute("aria-busy", "false")


def zoom_in(page: Page) -> None:
    """Press the button, and wait until map and list have moved."""
    before = page.url
    page.get_by_role("button", name="Zoom in").click()
    expect(page).not_to_have_url(before)
    settled(page)


def total_in_list(page: Page) -> int:
    return int(re.match(r"\d+", page.locator("h1").inner_text())[0])


def total_on_map(page: Page) -> int:
    """What the marks on the map stand for: one each, and what clusters say."""
    names = page.locator(".mark-button").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    return sum(int(found[1]) if (found := re.match(r"(\d+) spaces:", name)) else 1 for name in names)


def refs_in_list(page: Page) -> list[str]:
    return page.locator(".rows > li").evaluate_all("all => all.map(each => each.dataset.ref)")


@pytest.mark.both_engines
def test_list_and_map_show_the_same_at_every_zoom(visit: Visit) -> None:
    page = visit()
    settled(page)
    for _ in range(4):
        assert total_on_map(page) == total_in_list(page)
        zoom_in(page)


def test_a_chip_filters_list_map_counts_and_address_and_back_undoes_it(visit: Visit) -> None:
    page = visit()
    settled(page)
    before = total_in_list(page)
    water = page.get_by_role("button", name=re.compile("^Water"))
    promised = int(water.inner_text().split()[-1])
    water.click()
    expect(page.locator("h1")).to_have_text(f"{promised} spaces with water")
    expect(water).to_have_attribute("aria-pressed", "true")
    expect(water).to_be_focused()
    assert total_on_map(page) == promised
    assert "has=water" in page.url
    assert "map=" in page.url
    assert page.title().startswith(f"{promised} spaces with water")
    page.go_back()
    expect(page.locator("h1")).to_have_text(f"{before} spaces")
    expect(water).to_have_attribute("aria-pressed", "false")
    page.go_forward()
    expect(page.locator("h1")).to_have_text(f"{promised} spaces with water")
    page.get_by_role("link", name="Clear filter").click()
    expect(page.locator("h1")).to_have_text(f"{before} spaces")
    expect(page.locator("h1")).to_be_focused()


def test_an_address_shared_shows_a_friend_the_same_view(visit: Visit) -> None:
    page = visit()
    settled(page)
    page.get_by_role("button", name=re.compile("^Plot")).click()
    zoom_in(page)
    friend = visit(page.url.split("/", 3)[3].join(("/", "")))
    settled(friend)
    assert refs_in_list(friend) == refs_in_list(page)
    assert friend.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_pointing_at_a_row_rings_its_mark_and_choosing_a_mark_finds_its_row(visit: Visit) -> None:
    page = visit("/?map=17/51.05/3.72")
    settled(page)
    page.locator(f'[data-ref="{town.HALL}"] a').hover()
    expect(page.locator(".mark.is-chosen .mark-button")).to_have_attribute(
        "aria-label", "Fish auction hall, building, Free from 1 March"
    )
    page.mouse.move(800, 700)
    expect(page.locator(".mark.is-chosen")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Fish auction hall")).click()
    expect(page.locator(f'[data-ref="{town.HALL}"]')).to_have_class("is-chosen")
    assert f"chosen={town.HALL}" in page.url
    page.reload()
    settled(page)
    expect(page.locator(".mark.is-chosen")).to_have_count(1)


def test_a_mark_whose_row_is_far_down_brings_its_row_to_the_top(visit: Visit) -> None:
    page = visit()
    settled(page)
    listed = set(refs_in_list(page))
    far = page.evaluate(
        """async (listed) => {
          const box = new URLSearchParams({box: "3.69,51.03,3.75,51.08", zoom: "15"});
          const answer = await (await fetch("/map/view?" + box)).json();
          return answer.spaces.map(each => [each.ref, each.x, each.y]).filter(each => !listed.includes(each[0]))[0];
        }""",
        list(listed),
    )
    assert far
    ref = far[0]
    page.goto(f"/?chosen={ref}")
    settled(page)
    assert refs_in_list(page)[0] == ref


def test_a_cluster_opens_when_it_is_pressed(visit: Visit) -> None:
    page = visit()
    settled(page)
    cluster = page.locator(".mark.cluster .mark-button").first
    name = cluster.get_attribute("aria-label")
    assert re.match(r"\d+ spaces: .*\. Show them\.", name)
    cluster.click()
    expect(page.locator(f'.mark-button[aria-label="{name}"]')).to_have_count(0)
    settled(page)
    assert total_on_map(page) == total_in_list(page)


def test_everything_can_be_done_by_keyboard(visit: Visit) -> None:
    page = visit()
    settled(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("button", name=re.compile("^Plot")).focus()
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_contain_text("plots")
    page.locator("[data-key='words:size']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "50 m²" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    assert page.locator("details.chip-list[open]").count() == 0
    expect(page.locator("[data-key='words:size']")).to_be_focused()
    page.locator(".folium-map").focus()
    zoom = int(re.search(r"map=(\d+)", page.url)[1])
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(f"map={zoom + 1}/"))
    settled(page)
    page.locator(".mark-button").first.focus()
    page.keyboard.press("Enter")
    settled(page)
    page.locator(".row-link").first.focus()
    expect(page.locator(".mark.is-chosen")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/spaces/SP-*")
    page.get_by_role("link", name="Back to the map").press("Enter")
    settled(page)
    assert "kind=plot" in page.url


def test_a_coarse_place_is_drawn_as_its_square_with_a_word_why(visit: Visit) -> None:
    page = visit("/?map=15/51.045/3.732")
    settled(page)
    expect(page.locator("path.cell")).to_have_count(1)
    page.get_by_role("button", name=re.compile("A workshop in Tannery")).click()
    expect(page.locator(".note")).to_have_text("Somewhere in this square. The owner shows only the area.")
    assert "Marigold" not in page.content()


def test_on_a_phone_the_list_is_a_sheet_and_the_filter_fills_the_screen(visit: Visit) -> None:
    page = visit(size=PHONE, has_touch=True)
    settled(page)
    sheet, handle = page.locator(".list-panel"), page.locator(".sheet-handle")
    half = sheet.bounding_box()["height"]
    assert page.locator(".folium-map").bounding_box()["height"] > 300
    handle.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert sheet.bounding_box()["height"] > half + 200
    expect(handle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 195, box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 195, 800, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert sheet.bounding_box()["height"] < 150

    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^Water")).click()
    show = dialog.get_by_role("button", name=re.compile(r"Show \d+ spaces with water"))
    expect(show).to_be_visible()
    show.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Filter")).to_be_focused()
    expect(page.get_by_role("button", name="Filter · 1")).to_be_visible()
    expect(page.locator(".filter-bar").get_by_role("button", name=re.compile("^Water"))).to_be_hidden()
    page.get_by_role("link", name="Clear filter").click()
    expect(page.locator("h1")).not_to_contain_text("water")


def test_show_more_adds_to_the_list_and_leaves_the_focus_on_what_is_new(visit: Visit) -> None:
    page = visit("/?map=12/51.05/3.72")
    settled(page)
    assert len(refs_in_list(page)) == 30
    page.get_by_role("link", name=re.compile(r"Show \d+ more")).click()
    expect(page.locator(".rows > li").nth(30)).to_be_visible()
    refs = refs_in_list(page)
    assert len(refs) == len(set(refs)) == total_in_list(page)
    assert page.evaluate("document.activeElement.closest('li').dataset.ref") == refs[30]


@pytest.mark.parametrize("dark", [False, True])
def test_the_colours_follow_the_system_on_page_and_map(visit: Visit, dark: bool) -> None:
    page = visit(dark=dark)
    settled(page)
    page.wait_for_timeout(300)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 29, 26)" if dark else "rgb(255, 255, 255)"
    )
    water = page.evaluate(
        """() => { const canvas = document.querySelector(".leaflet-background-pane canvas"), seen = {};
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          for (let i = 0; i < data.length; i += 4 * 97) seen[[data[i], data[i + 1], data[i + 2]].join()] = true;
          return Object.keys(seen); }"""
    )
    assert ("17,36,44" if dark else "198,218,224") in water
    page.emulate_media(color_scheme="light" if dark else "dark")
    page.wait_for_timeout(200)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != (
        "rgb(20, 29, 26)" if dark else "rgb(255, 255, 255)"
    )


def test_names_of_districts_stay_clear_of_marks_and_are_never_cut(visit: Visit) -> None:
    page = visit()
    settled(page)
    page.wait_for_timeout(400)
    names = page.locator(".place-name").all()
    assert names
    frame = page.locator(".folium-map").bounding_box()
    marks = [mark.bounding_box() for mark in page.locator(".mark").all()]
    for name in names:
        box = name.bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        for mark in marks:
            middle = (mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
            inside = box["x"] < middle[0] < box["x"] + box["width"] and box["y"] < middle[1] < box["y"] + box["height"]
            assert not inside, name.inner_text()


PATHS = (
    "/", "/?has=water", "/find", f"/spaces/{town.HALL}", f"/spaces/{town.FORGE}", f"/spaces/{town.RETIRED}",
    "/how-it-works", "/data", "/data/spaces", "/accessibility", "/privacy", "/remembered", "/where-it-worked",
)  # fmt: skip


def test_no_page_is_wider_than_its_window(visit: Visit) -> None:
    page = visit(size=SMALL)
    for path in PATHS:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for width, height in (PHONE, SMALL):
            assert not scrolls_sideways(page), (path, page.viewport_size)
            page.set_viewport_size({"width": width, "height": height})


def test_without_javascript_the_list_carries_everything(visit: Visit) -> None:
    page = visit(javascript=False)
    expect(page.locator(".map-panel")).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Water")).click()
    expect(page.locator("h1")).to_have_text("14 spaces with water")
    page.get_by_role("button", name=re.compile("^Water")).click()
    page.get_by_role("link", name=re.compile("Show 5 more")).click()
    assert len(refs_in_list(page)) == 5
    page.locator(".row-link").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name="Back to the map").click()
    assert "page=2" in page.url


def test_a_map_that_gets_no_answer_says_so(visit: Visit) -> None:
    page = visit(forgive=("Failed to load resource",))
    settled(page)
    page.route("**/map/view**", lambda route: route.fulfill(status=500, body=""))
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".map-words")).to_have_text("The map does not answer just now. Try again in a minute.")
