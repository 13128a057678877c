"""Walks through the office in a real browser: add, edit, two at once, place by clicks, tell of a place and judge it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import spaces
from tempuse.store import reports as report_rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, SMALL, WIDE, Visit, closer, scrolls_sideways
from tests.builders import a_space
from tests.office import PASSWORD, add_person

pytestmark = pytest.mark.browser
REFUSED = ("status of 409", "status of 422")


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now, crowd=4)


@pytest.fixture
def enter(app: Flask, visit: Visit) -> Any:
    """Sign in as somebody and open a page of the office."""
    people: dict[str, str] = {}

    def open_office(path: str, name: str = "Ilse Maes", **how: Any) -> Page:
        if name not in people:
            people[name] = add_person(app, name).email
        page = visit("/my/sign-in", forgive=REFUSED, **how)
        page.get_by_label("E-mail address").fill(people[name])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/office/waiting"))
        if path != "/office/waiting":
            page.goto(path)
        return page

    return open_office


def space(con: Connection, ref: str) -> Any:
    con.rollback()
    found = space_rows.get(con, ref)
    con.rollback()
    return found


def middle_of(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_space_is_added_with_a_click_on_the_map_verified_and_offered(con: Connection, enter: Any) -> None:
    page = enter("/office/spaces/new")
    page.get_by_label("What do people call it?").fill("Net loft")
    page.get_by_label("Floor area").fill("280")
    page.get_by_label("Who owns it?").select_option("municipality")
    page.locator(".draw-map .leaflet-container").click(position={"x": 150, "y": 200})
    expect(page.get_by_role("status").filter(has_text="It counts when you save")).to_be_visible()
    expect(page.get_by_label("Place on the map")).to_have_value(re.compile(r"51\.\d+, 3\.\d+"))
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="Net loft", level=1)).to_be_visible()
    ref = page.url.rsplit("/", 1)[1]
    expect(page.get_by_text("nobody from the office has verified it yet")).to_be_visible()
    page.get_by_role("button", name="Verify").click()
    page.get_by_role("button", name="Offer", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Offered.")).to_be_visible()
    assert space(con, ref).status == "offered"
    assert space(con, ref).district_ref
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert space(con, ref).status == "verified"


def test_an_outline_is_drawn_changed_and_taken_off(con: Connection, enter: Any) -> None:
    page = enter(f"/office/spaces/{town.PLACELESS}/edit")
    page.get_by_role("button", name="Draw an outline").click()
    canvas = page.locator(".draw-map .leaflet-container")
    for x, y in ((100, 120), (240, 120), (240, 260), (100, 260), (100, 120)):
        canvas.click(position={"x": x, "y": y})
    field = page.get_by_label("Place on the map")
    expect(field).to_have_value(re.compile(r"^POLYGON \(\("))
    drawn = field.input_value()
    page.get_by_role("button", name="Move or change it").click()
    handle = page.locator(".marker-icon:not(.marker-icon-middle)").first
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 30, box["y"] - 20, steps=5)
    page.mouse.up()
    expect(field).not_to_have_value(drawn)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="Room without a place", level=1)).to_be_visible()
    made = space(con, town.PLACELESS)
    assert made.geometry.geom_type == "Polygon"
    assert made.placed_by == "planner"
    page.goto(f"/office/spaces/{town.PLACELESS}/edit")
    page.get_by_role("button", name="Take it off the map").click()
    expect(field).to_have_value("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("It has no place on the map yet.")).to_be_visible()
    assert space(con, town.PLACELESS).geometry is None


def test_a_pasted_place_is_drawn_and_a_wrong_one_is_said(enter: Any) -> None:
    page = enter(f"/office/spaces/{town.PLACELESS}/edit")
    field = page.get_by_label("Place on the map")
    field.fill("POINT (3.71 51.05)")
    field.press("Tab")
    expect(page.locator(".draw-map .pin-icon")).to_have_count(1)
    field.fill("somewhere")
    field.press("Tab")
    expect(page.get_by_role("status").filter(has_text="cannot read this as a place")).to_be_visible()
    expect(page.locator(".draw-map .pin-icon")).to_have_count(1)


def test_a_pin_is_dragged(con: Connection, enter: Any) -> None:
    page = enter(f"/office/spaces/{town.HALL}/edit")
    before = page.get_by_label("Place on the map").input_value()
    x, y = middle_of(page, ".draw-map .pin-icon")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=5)
    page.mouse.up()
    expect(page.get_by_label("Place on the map")).not_to_have_value(before)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fish auction hall")
    assert space(con, town.HALL).geometry.x > 3.72


def test_the_past_grows_in_place_and_the_rest_of_the_form_stays(con: Connection, enter: Any) -> None:
    page = enter(f"/office/spaces/{town.HALL}/edit")
    page.get_by_label("What do people call it?").fill("Half typed")
    page.evaluate("window.marked = true")
    page.get_by_role("button", name="Add an entry").click()
    expect(page.locator("#past-1-title")).to_be_focused()
    page.keyboard.type("Boat school")
    page.locator("#past-1-starts_on").fill("2025")
    page.get_by_role("button", name="Remove entry 1").click()
    expect(page.locator("#past-1-title")).to_have_count(0)
    expect(page.locator("#past-0-title")).to_have_value("Boat school")
    assert page.evaluate("window.marked"), "the page was not loaded anew"
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Half typed")
    expect(page.get_by_text("Boat school")).to_be_visible()
    con.rollback()
    assert [period.title for period in space_rows.periods_of(con, town.HALL)] == ["Boat school"]


def test_what_does_not_fit_takes_the_focus_and_leads_to_its_field(enter: Any) -> None:
    page = enter(f"/office/spaces/{town.HALL}/edit")
    page.get_by_label("Floor area").fill("1.250")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.locator(".mend")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Floor area")).to_be_focused()
    expect(page.get_by_label("Floor area")).to_have_value("1.250")


@pytest.mark.both_engines
def test_two_people_at_once(con: Connection, enter: Any) -> None:
    address = f"/office/spaces/{town.HALL}/edit"
    bea, ilse = enter(address, "Bea Roos"), enter(address)
    ilse.get_by_label("Floor area").fill("650")
    ilse.get_by_role("button", name="Save", exact=True).first.click()
    expect(ilse.get_by_text("Saved.")).to_be_visible()
    bea.get_by_label("Floor area").fill("630")
    bea.get_by_role("button", name="Save", exact=True).first.click()
    told = bea.locator(".rivals")
    expect(told).to_be_focused()
    expect(told).to_contain_text(re.compile(r"Ilse Maes, 23 November, 09:3\d, set it to 650 m². You wrote 630 m²\."))
    expect(bea.get_by_label("Floor area")).to_have_value("630")
    assert space(con, town.HALL).floor_area_m2 == 650
    bea.get_by_role("button", name="Save mine on top").click()
    expect(bea.get_by_text("Saved.")).to_be_visible()
    assert space(con, town.HALL).floor_area_m2 == 630


@pytest.fixture
def lost(con: Connection, now: datetime) -> list[str]:
    spaces.move_space(con, SYSTEM, town.PLACELESS, "retire", now, retired_on=now.date())
    return [
        spaces.add_space(con, SYSTEM, a_space(name=None, address=f"{i} Ferry Street", geometry=None), now)
        for i in range(1, 6)
    ]


def test_five_spaces_are_placed_by_five_clicks(con: Connection, enter: Any, lost: list[str]) -> None:
    page = enter("/office/places")
    closer(page, 390, 300)
    canvas = page.locator(".place-map .leaflet-container")
    view = page.evaluate("document.querySelector('.leaflet-map-pane').style.transform")
    for i in range(1, 6):
        expect(page.locator(".panel-name")).to_have_text(f"{i} Ferry Street")
        expect(page.locator(".place-panel")).to_contain_text(f"{i} of 5")
        page.wait_for_timeout(400)  # nobody finds the next house faster; quicker clicks are a double click
        canvas.click(position={"x": 300 + 30 * i, "y": 300})
    expect(page.locator(".panel-name")).to_have_text("Every space has its place")
    expect(page.locator(".placed-dot")).to_have_count(5)
    assert page.evaluate("document.querySelector('.leaflet-map-pane').style.transform") == view
    placed = [space(con, ref).geometry for ref in lost]
    assert all(place is not None for place in placed)
    assert [place.x for place in placed] == sorted(place.x for place in placed)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".panel-name")).to_have_text("5 Ferry Street")
    expect(page.locator(".placed-dot")).to_have_count(4)
    assert space(con, lost[4]).geometry is None


def test_a_double_click_places_one(con: Connection, enter: Any, lost: list[str]) -> None:
    page = enter("/office/places")
    closer(page, 390, 300)
    page.locator(".place-map .leaflet-container").dblclick(position={"x": 390, "y": 300})
    expect(page.locator(".panel-name")).to_have_text("2 Ferry Street")
    page.wait_for_timeout(500)
    assert space(con, lost[0]).geometry is not None
    assert space(con, lost[1]).geometry is None


def test_places_go_by_keyboard(con: Connection, enter: Any, lost: list[str]) -> None:
    page = enter("/office/places")
    page.get_by_label("Or write where it is").fill("51.05, 3.71")
    page.keyboard.press("Enter")
    expect(page.locator(".panel-name")).to_have_text("2 Ferry Street")
    expect(page.get_by_label("Or write where it is")).to_be_focused()
    page.keyboard.type("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We cannot read this as a place")).to_be_visible()
    expect(page.get_by_label("Or write where it is")).to_be_focused()
    expect(page.get_by_label("Or write where it is")).to_have_value("nowhere")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".panel-name")).to_have_text("3 Ferry Street")
    closer(page, 390, 300)
    page.locator(".place-map .leaflet-container").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel-name")).to_have_text("4 Ferry Street")
    page.locator(".place-map .leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Place it in the middle of the map").click()
    expect(page.locator(".panel-name")).to_have_text("5 Ferry Street")
    assert (space(con, lost[0]).geometry.x, space(con, lost[0]).geometry.y) == (3.71, 51.05)
    assert space(con, lost[1]).geometry is None
    assert space(con, lost[3]).geometry.x > space(con, lost[2]).geometry.x


def test_places_and_the_form_work_without_javascript(con: Connection, enter: Any, lost: list[str]) -> None:
    page = enter("/office/places", javascript=False)
    page.get_by_label("Or write where it is").fill("51.05, 3.71")
    page.get_by_role("button", name="Place it").click()
    expect(page.locator(".panel-name")).to_have_text("2 Ferry Street")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".panel-name")).to_have_text("1 Ferry Street")
    page.goto(f"/office/spaces/{lost[0]}/edit")
    page.get_by_label("Place on the map").fill("51.05, 3.71")
    page.get_by_role("button", name="Add an entry").click()
    page.get_by_label("Who or what").fill("Bike library")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("Bike library")).to_be_visible()
    assert space(con, lost[0]).geometry.x == 3.71


def test_a_neighbour_tells_of_a_place_and_the_office_makes_a_space_of_it(
    con: Connection, visit: Visit, enter: Any
) -> None:
    page = visit("/report", PHONE, forgive=REFUSED, has_touch=True)
    expect(page.get_by_text("The pin counts once you press on the map or move it.")).to_be_visible()
    page.get_by_label("Your e-mail", exact=True).fill("jo.vermeer.example.org")
    page.get_by_role("button", name="Send it to the city").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".mend")).to_be_focused()
    expect(page.locator(".mend")).to_contain_text("Put the pin on the place, or write the address.")
    x, y = middle_of(page, ".pin-map")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y - 20, steps=6)
    page.mouse.up()
    expect(page.get_by_text("The pin counts. Move the map to mend it.")).to_be_visible()
    page.get_by_label("A shop, floor or room").check()
    page.get_by_label("Since when, do you think?").fill("Since spring")
    page.get_by_label("Your e-mail", exact=True).fill("jo.vermeer@example.org")
    page.get_by_label("You may write to me about this report").check()
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    con.rollback()
    (report,) = report_rows.find(con)
    assert 3.69 < report.geometry.x < 3.76
    assert report.space_kind == "unit"

    office = enter("/office/waiting")
    office.get_by_role("link", name=re.compile("^Judge")).click()
    expect(office.get_by_text("Since spring")).to_be_visible()
    expect(office.locator(".small-map .pin-icon")).to_have_count(1)
    office.get_by_label("Name", exact=True).fill("Corner shop")
    office.get_by_role("button", name="Make a space of it").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Corner shop")
    expect(office.get_by_text("nobody from the office has verified it yet")).to_be_visible()
    made = space(con, office.url.rsplit("/", 1)[1])
    assert (made.kind, made.status, made.geometry.equals(report.geometry)) == ("unit", "reported", True)


def test_the_pin_goes_by_keyboard_and_can_be_given_up(con: Connection, visit: Visit) -> None:
    page = visit("/report")
    page.locator(".pin-map .leaflet-container").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("The pin counts. Move the map to mend it.")).to_be_visible()
    pin = page.locator("#pin").input_value()
    page.set_viewport_size({"width": 900, "height": 700})
    expect(page.locator("#pin")).to_have_value(pin)
    page.get_by_role("button", name="Do without the pin").click()
    expect(page.locator("#pin")).to_have_value("")
    expect(page.get_by_label("Where is it?")).to_be_focused()
    page.get_by_label("Where is it?").fill("9 Quay Lane")
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    con.rollback()
    assert report_rows.find(con)[0].geometry is None


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_press_on_the_map_says_where_it_is(con: Connection, visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/report", size)
    expect(page.get_by_text("Or write the address", exact=True)).to_be_visible()
    x, y = middle_of(page, ".pin-map")
    page.mouse.click(x + 60, y + 40)
    expect(page.get_by_text("The pin counts. Move the map to mend it.")).to_be_visible()
    pressed = page.locator("#pin").input_value()
    page.wait_for_timeout(600)  # the map goes there, and the pin stays on what was pressed
    stands = [float(part) for part in page.locator("#pin").input_value().split(",")]
    assert stands == pytest.approx([float(part) for part in pressed.split(",")], abs=1e-4)
    page.get_by_label("A shop, floor or room").check()
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    con.rollback()
    (report,) = report_rows.find(con)
    assert report.geometry is not None


def test_the_form_to_report_works_without_javascript(con: Connection, visit: Visit) -> None:
    page = visit("/report", javascript=False)
    expect(page.locator(".pin-map")).to_be_hidden()
    page.get_by_label("Where is it?").fill("9 Quay Lane")
    page.get_by_role("button", name="Send it to the city").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")


@pytest.mark.both_engines
def test_many_are_offered_and_taken_back(con: Connection, enter: Any) -> None:
    page = enter("/office/spaces?status=offered")
    page.get_by_label("Choose all on this page").check()
    page.get_by_label("With the chosen").select_option("close")
    page.get_by_role("button", name="Look what happens").click()
    button = page.get_by_role("button", name=re.compile(r"Take back \d+ offers"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Take back")
    button.click()
    expect(page.get_by_text(re.compile("no longer offered"))).to_be_visible()
    assert space(con, town.HALL).status == "verified"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert space(con, town.HALL).status == "offered"


PAGES = (
    "/office/waiting", "/office/spaces", f"/office/spaces/{town.HALL}", f"/office/spaces/{town.HALL}/edit",
    "/office/spaces/new", f"/office/spaces/{town.HALL}/move/retire", "/office/places", "/office/reports",
    "/office/find?q=house", "/report", f"/report?space={town.HALL}",
)  # fmt: skip


def test_nothing_scrolls_sideways_and_each_page_has_one_heading(enter: Any) -> None:
    page = enter("/office/waiting")
    for address in PAGES:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        for size in (WIDE, PHONE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (address, size)
            assert page.locator("main button.button:not(.outline, .danger):visible").count() <= 2, (address, size)
