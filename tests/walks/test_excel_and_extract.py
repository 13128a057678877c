"""A town of only Excel and an OpenStreetMap extract: from nothing to a public map with streets, every action counted.

Each page is asked of this machine alone: a request to the outside fails the walk.
"""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import expect

from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tests import extract
from tests.browser import PHONE, Visit
from tests.office import PASSWORD, add_person
from tests.walks.test_small_town import Hand

pytestmark = pytest.mark.browser
ADDRESSES = ("1 Ferry Street", "Ferry Street 3", "Ferry Street 3a", "5, Ferry Street", "Quai de l’Été 12")


def the_list(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nr", "Address", "Floor area (m²)", "Heating"])
    for number, address in enumerate(ADDRESSES, 1):
        sheet.append([number, address, 60 + number, "yes"])
    book.save(path)
    return path


def test_a_list_and_an_extract_become_a_public_map_with_streets(
    app: Flask, visit: Visit, con: Connection, tmp_path: Path
) -> None:
    person = add_person(app, "Adam Reed", "administrator")
    page = visit("/my/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/office/waiting"))
    hand = Hand(page)

    hand.press("Settings", "link")
    hand.press("Give it some", "link")
    hand.send("File", extract.write(tmp_path / "town.osm"))
    hand.press("Make the map’s streets")
    expect(page.get_by_text("© OpenStreetMap contributors").first).to_be_visible()  # the map that has them now
    hand.press("Sign in", "link")  # who is signed in comes back to the office

    hand.press("Import", "link")
    hand.send("The list", the_list(tmp_path / "Leegstand.xlsx"))
    hand.choose("Who owns the spaces", "municipality")
    hand.press("Open the list")
    hand.press("Check the list")
    hand.press(re.compile("Bring in 5 spaces"))
    expect(page.get_by_role("heading", level=1)).to_have_text("5 spaces came in")
    hand.press("Offer them")
    hand.press(re.compile("Offer 5 spaces"))

    neighbour = visit("/?map=16/51.0505/3.7150", PHONE)
    with neighbour.expect_response(re.compile(r"/ground\.pmtiles")) as ground:
        neighbour.reload()
    assert ground.value.status in (200, 206)
    expect(neighbour.locator(".leaflet-marker-pane > *").first).to_be_visible()
    expect(neighbour.get_by_text("© OpenStreetMap contributors").first).to_be_visible()
    con.rollback()
    held = [space for batch in space_rows.walk(con) for _, space in batch]
    con.rollback()
    assert all(space.geometry is not None and space.placed_by == "openstreetmap" for space in held)
    assert hand.done == 13
