"""Pictures in a real browser: chosen, described, found to show nobody, pulled into order; then everybody sees them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.axe import Axe
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.builders import a_district, a_space
from tests.io.test_plans import a_plan
from tests.office import PASSWORD, add_person

pytestmark = pytest.mark.browser
_LOADED = "() => [...document.images].filter(each => each.complete && each.naturalWidth).map(each => each.currentSrc)"


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    return spaces.add_space(con, SYSTEM, a_space(name="The Fish Hall", floor_area_m2=640.0), now)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    made = []
    for number, colour in enumerate(("#7a4a2b", "#3b6a8f", "#5f7a3a")):
        content = io.BytesIO()
        Image.new("RGB", (1200, 900), colour).save(content, "JPEG")
        made.append(tmp_path / f"{number}.jpg")
        made[-1].write_bytes(content.getvalue())
    return made


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_office_adds_pictures_and_everybody_sees_those_that_it_looked_at(
    app: Flask, visit: Visit, hall: str, photos: list[Path], size: tuple[int, int]
) -> None:
    axe = Axe()
    add_person(app)
    page = visit("/my/sign-in", size, forgive=("422",))
    page.get_by_label("E-mail").fill("ilse@rivermouth.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(page.url.partition("/office")[0] + f"/office/spaces/{hall}")
    page.get_by_role("link", name="Add pictures").click()
    page.get_by_label("Photos").set_input_files(photos)
    page.get_by_role("button", name="Add them").click()
    rows = page.locator(".picture-row")
    expect(rows).to_have_count(3)
    blue = str(rows.nth(1).get_attribute("data-name"))

    rows.nth(1).get_by_role("button", name="May be seen").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what it shows, for those who do not see it.")
    assert axe.look(page) == []
    row = page.locator(f"[data-name='{blue}']")
    row.get_by_label("What does it show?").fill("The hall from the quay")
    row.get_by_label("Who made it?").fill("Photo: Ilse Maes")
    row.get_by_role("button", name="May be seen").click()
    expect(row).to_contain_text("Everybody sees it")
    page.set_viewport_size({"width": size[0], "height": 4000})  # what is pulled does not scroll
    row.locator("img").drag_to(rows.nth(0).locator("img"))
    expect(rows.nth(0)).to_have_attribute("data-name", blue)
    rows.nth(1).get_by_role("button", name="Later").press("Enter")
    expect(rows.nth(0)).to_have_attribute("data-name", blue)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_label("Plan", exact=True).set_input_files(a_plan(photos[0].with_name("floor.pdf")))
    page.get_by_role("button", name="Add the plan").click()
    plan = page.locator(".plan-rows li")
    plan.get_by_label("Which plan is it?").fill("Ground floor")
    plan.get_by_role("button", name="May be seen").click()
    expect(plan).to_contain_text("Everybody sees it")
    _holds(axe, page)

    page.goto(page.url.partition("/office")[0] + f"/spaces/{hall}")
    expect(page.locator(".plans li")).to_contain_text("Ground floor PDF, 2 pages")
    expect(page.get_by_role("img", name="The hall from the quay")).to_be_visible()
    page.wait_for_function(f"({_LOADED})().some(each => each.includes('/pictures/') && each.endsWith('.webp'))")
    expect(page.locator(".space-pictures figure")).to_have_count(1)
    expect(page.locator("figcaption")).to_have_text("Photo: Ilse Maes")
    _holds(axe, page)
    page.goto(page.url.partition("/spaces")[0] + "/find")
    expect(page.locator(".row-picture img")).to_have_count(1)
    page.wait_for_function(f"({_LOADED})().some(each => each.includes('/pictures/'))")
    _holds(axe, page)


def _holds(axe: Axe, page: Page) -> None:
    assert axe.look(page) == [], page.url
    assert not scrolls_sideways(page), page.url
