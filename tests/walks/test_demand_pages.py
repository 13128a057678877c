"""The pages of who looks for a space, for the office and an owner: axe, every width, and the keyboard alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import PUBLIC, SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations, setup
from tempuse.registry.needs.counting import count_sought
from tempuse.registry.spaces import add_space
from tempuse.registry.watches import keeping
from tempuse.store import needs, people
from tempuse.store.engine import Connection, Register
from tempuse.wanted import Wanted
from tests.axe import Axe
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_place, a_space
from tests.needing import a_need, looking
from tests.office import PASSWORD, add_person
from tests.registry.needs.test_matches import asked
from web import create_app
from web.accounts import links

pytestmark = pytest.mark.browser
REPAIR = Wanted(uses=("workshop",), area_least_m2=60, facilities=("toilets",))
STUDIO, HANGAR = Wanted(uses=("studio",), facilities=("heating",)), Wanted(uses=("workshop",), area_least_m2=5000)


@pytest.fixture
def address(tmp_path: object) -> str:
    """What a page is drawn of is the same on both engines."""
    return f"{tmp_path}/register.gpkg"


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: now)


@pytest.fixture
def forge(con: Connection, now: datetime) -> str:
    """An owner's space of which the toilets are not known, four groups that look, one of them by letter, a request."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    whole = {"kind": "unit", "suitable_uses": ("workshop",), "power": True, "geometry": a_place(), "consent": "given",
             "ownership": "private", "owner_email": "olga@owner.example"}  # fmt: skip
    ref = add_space(con, SYSTEM, a_space(name="The forge", floor_area_m2=94.0, **whole), now)
    add_space(con, SYSTEM, a_space(name="The cellar", floor_area_m2=12.0, **whole), now)
    for title, wanted in (
        ("Repair shop", REPAIR), ("Bicycle kitchen", REPAIR), ("Heated studio", STUDIO), ("A hangar", HANGAR),
    ):  # fmt: skip
        looking(con, now, a_need(wanted, title=title), group=title, email=f"{title.split()[0].lower()}@group.example")
    sent = keeping.ask_to_hear(con, PUBLIC, REPAIR, "repair@group.example", "week", "en", now)
    keeping.expect_secret(con, SYSTEM, sent.watch.id, "s")
    keeping.confirm_watch(con, PUBLIC, "s", now)
    asked(con, now, ref)
    count_sought(con, SYSTEM, now)
    estates = organisations.add_organisation(con, SYSTEM, Organisation(name="Estates", kinds=("owner",)), now)
    olga = members.invite_member(con, SYSTEM, estates, "Olga", "olga@owner.example", "en", "contact", now)
    members.confirm_membership(con, olga.actor(), estates, now)
    return ref


def enter(page: Page, app: Flask, person: Person) -> None:
    """By the link of a letter."""
    with app.test_request_context():
        page.goto(links.entry_link(person, "").removeprefix("http://localhost"))
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url("**/my/")


def sign_in(page: Page, app: Flask, role: str) -> None:
    page.context.clear_cookies()
    page.goto("/my/sign-in")
    page.get_by_label("E-mail address").fill(add_person(app, f"{role.title()} Maes", role).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/**")


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Visit, app: Flask, con: Connection, forge: str
) -> None:  # fmt: skip
    page, axe, found = visit(f"/spaces/{forge}"), Axe(), []
    mine = needs.find(con)[0]
    repair, olga = people.get(con, str(mine.contact_ref)), people.by_email(con, "olga@owner.example")
    con.rollback()
    assert olga is not None

    def look(*paths: str) -> None:
        for path in paths:
            answer = page.goto(path)
            assert answer is not None, path
            assert answer.ok, path
            found.extend(f"{path}: {each}" for each in axe.look(page))
            for size in (SMALL, PHONE, WIDE):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                assert not scrolls_sideways(page), (path, size)

    look(f"/spaces/{forge}", "/needs")
    enter(page, app, repair)
    look("/my/", f"/my/needs/{mine.ref}")
    page.goto("/my/")
    page.locator(".queue-name[href^='/watch/']").click()
    expect(page.get_by_role("button", name="End these letters")).to_be_visible()
    page.context.clear_cookies()
    enter(page, app, olga)
    look(f"/my/spaces/{forge}/needs")
    sign_in(page, app, "administrator")
    look("/office/demand", f"/office/spaces/{forge}/needs", "/office/import/needs", "/office/settings/weights")
    look("/office/needs?show=all&sort=group&down=1", "/office/needs?q=nobody", "/office/permits/PM-0001")
    assert not found, "\n".join(found)


def test_the_offices_list_is_searched_and_sorted_by_keyboard_alone(visit: Visit, app: Flask, forge: str) -> None:
    page = visit("/my/sign-in", PHONE)
    sign_in(page, app, "planner")
    page.goto("/office/needs")
    keys = page.keyboard

    def reach(script: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            if page.evaluate(f"(here => {script})(document.activeElement)"):
                assert page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"no Tab leads to {script}")

    reach("here.id === 'q'")
    keys.type("bicycle")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("1 search with “bicycle”")
    page.goto("/office/needs")
    reach("here.tagName === 'SUMMARY'")
    keys.press("Enter")
    reach("here.name === 'sort'")
    keys.type("Gr")
    reach("here.name === 'down'")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**sort=group**")
    names = page.locator("tbody th a").all_inner_texts()
    assert names == ["Repair shop", "Heated studio", "Bicycle kitchen", "A hangar"]
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.get_by_role("columnheader", name="Group").get_by_role("link").focus()
    keys.press("Enter")
    expect(page.locator("tbody th a").first).to_have_text("A hangar")
    expect(page.get_by_role("columnheader", name="Group")).to_have_attribute("aria-sort", "ascending")
