"""What one had begun to write is not lost, and what can be done with the chosen is in sight."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import spaces
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.builders import several_spaces
from tests.office import PASSWORD, add_person, an_app_of_a_visit

pytestmark = pytest.mark.browser
EDIT = "/office/spaces/SP-0001/edit"


@pytest.fixture
def app(register: Register, now: datetime, con: Connection) -> Flask:
    for space in several_spaces():
        spaces.add_space(con, SYSTEM, space, now)
    return an_app_of_a_visit(register, now)


def enter(app: Flask, visit: Visit, path: str, **how: object) -> Page:
    page = visit("/my/sign-in", **how)  # type: ignore[arg-type]
    page.get_by_label("E-mail address").fill(add_person(app).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/waiting")
    page.goto(path)
    return page


def test_a_form_that_was_left_is_taken_up_again(app: Flask, con: Connection, visit: Visit) -> None:
    page = enter(app, visit, EDIT)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.get_by_label("What do people call it?").fill("Half a name")
    page.get_by_role("button", name="Add an entry").click()
    page.locator("[name$='-title']").fill("A choir")
    page.get_by_role("link", name="Back to the space").click()
    page.wait_for_url("**/office/spaces/SP-0001")
    assert asked == ["beforeunload"]
    page.goto(EDIT)
    expect(page.get_by_text("You had begun to change this, and left.")).to_be_visible()
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_label("What do people call it?")).to_have_value("Half a name")
    expect(page.locator("[name$='-title']")).to_have_value("A choir")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/office/spaces/SP-0001")
    con.rollback()
    assert space_rows.get(con, "SP-0001").name == "Half a name"
    page.goto(EDIT)
    expect(page.get_by_text("You had begun to change this, and left.")).to_be_hidden()
    page.get_by_label("What do people call it?").fill("Not meant")
    page.get_by_role("link", name="Stop without saving").click()
    page.wait_for_url("**/office/spaces/SP-0001")
    page.goto(EDIT)
    expect(page.get_by_text("You had begun to change this, and left.")).to_be_hidden()
    assert asked == ["beforeunload"], "whoever says so is not asked"


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_what_can_be_done_with_the_chosen_is_in_sight(app: Flask, visit: Visit, size: tuple[int, int]) -> None:
    page = enter(app, visit, "/office/spaces", size=size)
    expect(page.locator(".bulk-said")).to_be_hidden()
    page.locator('input[name="ref"]').first.check()
    expect(page.get_by_role("status").filter(has_text="1 of")).to_have_text(f"1 of {len(several_spaces())} chosen")
    page.evaluate("window.scrollTo(0, 0)")
    if size is PHONE:
        hidden = page.evaluate("document.querySelector('.bulk').offsetHeight / innerHeight")
        assert hidden < 0.15, "what is ticked stays in sight"
        page.get_by_role("button", name="What to do").click()
    expect(page.get_by_role("button", name="Look what happens")).to_be_in_viewport()
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator('input[name="ref"]:checked')).to_have_count(0)
    expect(page.locator(".bulk-said")).to_be_hidden()
