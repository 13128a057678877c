"""A town's whole first day, in a real browser: an Excel list of sixty addresses becomes a public map.

Each click, choice and file is counted as a person would make it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tests.browser import Visit, closer
from tests.office import PASSWORD, add_person

pytestmark = pytest.mark.browser
STREETS = ("Ferry Street", "Quay Lane", "Rope Walk", "Mill Road", "Hide Lane", "Bark Street")
ADDRESSES = [f"{number} {street}" for number in range(1, 11) for street in STREETS]


def the_list(path: Path) -> Path:
    """What a planner has: a title, a note, an empty line, then the header; no coordinates anywhere."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Winter"
    sheet.append(["Vacant buildings, winter 2026"])
    sheet.append(["Kept by the planning desk. Ask Ilse."])
    sheet.append([])
    sheet.append(["Nr", "Address", "Town", "Floor area (m²)", "Heating", "Vacant since"])
    for number, address in enumerate(ADDRESSES, 1):
        sheet.append([f"{number:03d}", address, "Rivermouth", 40 + number * 3, ("yes", "no", None)[number % 3], 2024])
    book.save(path)
    return path


def the_districts(path: Path) -> Path:
    names = ["Old Docks", "Tannery"]
    shapes = [shapely.box(3.70, 51.04, 3.72, 51.06), shapely.box(3.72, 51.04, 3.74, 51.06)]
    geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:4326").to_file(path, driver="GPKG")
    return path


def the_addresses(path: Path) -> Path:
    """The town's own list of addresses, with longitude and latitude."""
    lines = ["address,town,lon,lat"]
    lines += [f"{a},Rivermouth,{3.705 + 0.0005 * i:.4f},{51.045 + 0.0002 * i:.4f}" for i, a in enumerate(ADDRESSES)]
    path.write_text("\n".join(lines))
    return path


class Hand:
    """What a person's hand does on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.done = page, 0

    def press(self, name: str, role: Any = "button", **more: Any) -> None:
        self.done += 1
        self.page.get_by_role(role, name=name, **more).first.click()

    def choose(self, label: str, value: str) -> None:
        self.done += 1
        self.page.get_by_label(label).first.select_option(value)

    def write(self, label: str, text: str) -> None:
        self.done += 1
        self.page.get_by_label(label).first.fill(text)

    def send(self, label: str, path: Path) -> None:
        self.done += 1
        self.page.get_by_label(label).first.set_input_files(path)

    def point(self, selector: str, x: float, y: float) -> None:
        self.done += 1
        self.page.locator(selector).click(position={"x": x, "y": y})


@pytest.fixture
def hand(app: Flask, visit: Visit) -> Hand:
    person = add_person(app, "Ilse Maes")
    page = visit("/my/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/office/waiting"))
    return Hand(page)


def load_districts(hand: Hand, path: Path) -> None:
    """The ground of the map, and what tells where spaces must lie."""
    hand.press("Areas", "link")
    hand.send("File", path)
    hand.press("Look")
    hand.press("Load 2 areas")
    expect(hand.page.get_by_role("row", name=re.compile("District"))).to_contain_text("2")


def bring_in(hand: Hand, path: Path, addresses: Path | None = None) -> None:
    """The list, with nothing corrected: every column is guessed."""
    hand.press("Import", "link")
    hand.send("The list", path)
    if addresses:
        hand.done += 1
        hand.page.get_by_text("The list has addresses or parcels, but no coordinates").click()
        hand.send("A list of addresses with their places", addresses)
    hand.choose("Who owns the spaces", "municipality")
    hand.press("Open the list")
    expect(hand.page.get_by_text("About 60 rows")).to_be_visible()
    expect(hand.page.get_by_text("Names of the columns taken from row 4.")).to_be_visible()
    hand.press("Check the list")
    expect(hand.page.get_by_text("Nothing is in the register yet.")).to_be_visible()
    hand.press(re.compile("Bring in 60 spaces"))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("60 spaces came in")


def place_all(hand: Hand) -> None:
    """Sixty clicks on the map, in six rows of ten, as near as one sees a house."""
    hand.press("Put the 60 on the map", "link")
    panel = hand.page.locator(".panel-name")
    closer(hand.page, 354, 250)
    hand.done += 4
    for number, address in enumerate(ADDRESSES):
        expect(panel).to_have_text(address)
        hand.page.wait_for_timeout(350)  # nobody is quicker; two quick clicks are a double click
        hand.point(".place-map .leaflet-container", 300 + 12 * (number % 10), 200 + 20 * (number // 10))
    expect(panel).to_have_text("Every space has its place")


def offer_all(hand: Hand) -> None:
    """From where one stands: the end of the import, or of placing."""
    hand.press("Offer them")
    hand.press(re.compile("Offer 60 spaces"))


def check_public(hand: Hand, con: Connection) -> None:
    """What a neighbour sees, and what the register holds."""
    hand.page.goto("/")
    expect(hand.page.get_by_role("heading", name="60 spaces", exact=True)).to_be_visible()
    marks = hand.page.locator(".leaflet-marker-pane > *")
    expect(marks.first).to_be_visible()
    con.rollback()
    held = [space for batch in space_rows.walk(con) for _, space in batch]
    con.rollback()
    assert {space.address for space in held} == set(ADDRESSES)
    assert {space.source_ref for space in held} == {f"{number:03d}" for number in range(1, 61)}
    assert all(space.geometry is not None and space.status == "offered" and space.district_ref for space in held)


def test_sixty_addresses_in_excel_become_a_public_map(hand: Hand, con: Connection, tmp_path: Path) -> None:
    load_districts(hand, the_districts(tmp_path / "districts.gpkg"))
    bring_in(hand, the_list(tmp_path / "Leegstand winter.xlsx"))
    place_all(hand)
    offer_all(hand)
    check_public(hand, con)
    assert hand.done == 60 + 17


@pytest.mark.both_engines
def test_with_a_list_of_addresses_nothing_is_left_to_click(hand: Hand, con: Connection, tmp_path: Path) -> None:
    load_districts(hand, the_districts(tmp_path / "districts.gpkg"))
    bring_in(hand, the_list(tmp_path / "Leegstand winter.xlsx"), the_addresses(tmp_path / "addresses.csv"))
    offer_all(hand)
    check_public(hand, con)
    assert hand.done == 14
