"""A group in a real browser, on a phone: what it needs, what fits, a question, a letter of one more, a request."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store import reports
from tempuse.store.engine import Connection, Register
from tests.axe import Axe
from tests.browser import PHONE, SMALL, WIDE, Visit, scrolls_sideways
from tests.builders import a_place, a_space
from tests.mailing import Clock, Server, an_app, deliver

pytestmark = pytest.mark.browser
WHOLE = {
    "kind": "unit", "floor_area_m2": 140.0, "suitable_uses": ("workshop",), "power": True, "toilets": True,
    "step_free_access": True, "cost_model": "free",
}  # fmt: skip
ASKED = "use=workshop&m2=120-&from=2027-03-01&has=power&has=toilets&has=step_free_access"


class _Ticking(Clock):
    """Goes on by some seconds with each look, as a person would take."""

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return _Ticking(now)


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def town(con: Connection, clock: Clock) -> dict[str, str]:
    """A space that fits, one of which the toilets are not known, three that miss by one thing each."""
    named = {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}
    setup.change_settings(con, SYSTEM, named, clock.now)
    made = {
        "Old forge": {}, "Net loft": {"toilets": None}, "Boat shed": {"toilets": False}, "Tram depot": {"power": False},
        "Reading room": {"floor_area_m2": 100.0},
    }  # fmt: skip
    return {
        name: spaces.add_space(con, SYSTEM, a_space(name=name, geometry=a_place(0.002 * i), **{**WHOLE, **other}),
                               clock.now)
        for i, (name, other) in enumerate(made.items())
    }  # fmt: skip


def listed(page: Page) -> list[str]:
    return page.locator(".match-card h2").all_inner_texts()


def answer_five_questions(page: Page) -> None:
    page.get_by_label("Workshop", exact=True).check()
    page.get_by_label("At least", exact=True).fill("120")
    page.get_by_label("Not before").fill("2027-03-01")
    page.get_by_label("Anywhere").check()
    for each in ("Power", "Toilets", "No steps"):
        page.get_by_label(re.compile(f"^{each}")).first.check()
    page.get_by_role("button", name="Show what fits").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_repair_cafe_finds_its_space(
    visit: Visit, app: Flask, con: Connection, clock: Clock, server: Server, town: dict[str, str], javascript: bool
) -> None:
    page = visit("/match", PHONE, javascript=javascript)
    answer_five_questions(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two spaces can work for you")
    assert listed(page) == ["Old forge", "Net loft"]
    expect(page.get_by_text("workshop, at least 120 m²")).to_be_visible()
    expect(page.get_by_text("It is 20 m² smaller than you asked.")).to_be_visible()
    _drop_the_toilets(page)
    page.go_back()
    _ask_about_the_toilets(page, con)
    page.go_back()
    page.go_back()

    page.get_by_role("link", name="Tell me when one fits").click()
    expect(page.get_by_text("Two fit now.")).to_be_visible()
    page.get_by_label("Your e-mail").fill("ada@group.example")
    page.get_by_role("button", name="Tell me when one fits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    deliver(app)
    page.goto(re.search(r"https://spaces\.example(/watch/\S+)", server.letters[-1].get_content())[1])
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_text("We write when a space begins to fit")).to_be_visible()

    server.letters.clear()
    new = spaces.add_space(con, SYSTEM, a_space(name="Sail loft", geometry=a_place(0.02), **WHOLE), clock())
    for _ in range(2):
        sweep_watches(con, SYSTEM, clock())
        write_watch_letters(con, SYSTEM, clock())
        deliver(app)
    told = [each.get_content() for each in server.letters if each["To"] == "ada@group.example"]
    assert len(told) == 1
    assert "Sail loft" in told[0]
    page.goto(re.search(rf"https://spaces\.example(/spaces/{new}\S*)", told[0])[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Sail loft")
    page.goto(f"/match?{ASKED}")
    page.locator(f"#{new}").get_by_role("link", name="Ask for it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for Sail loft")
    expect(page.get_by_label("What is it most of all?")).to_have_value("workshop")
    expect(page.get_by_label("From which day?")).to_have_value("2027-03-01")
    expect(page.get_by_label("Anything else?")).to_have_value(re.compile("at least 120 m²"))


def _drop_the_toilets(page: Page) -> None:
    """What makes the list short promises so many more; and so many come."""
    line = page.locator(".shorter li", has_text="toilets")
    promised = int(re.search(r"(\d+) more", line.inner_text())[1])
    before = listed(page)
    line.get_by_role("link").click()
    expect(page.locator(".match-card")).to_have_count(len(before) + promised)
    assert set(listed(page)) == {*before, "Boat shed"}


def _ask_about_the_toilets(page: Page, con: Connection) -> None:
    page.locator(".match-card", has_text="Net loft").get_by_role("link", name="Toilets", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell us about Net loft")
    page.get_by_label("Your e-mail").fill("ada@group.example")
    page.get_by_label("You may write to me about this report").check()
    page.locator("#send").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Tell us about Net loft")
    sent = reports.find(con)
    con.rollback()
    assert [each.kind for each in sent] == ["question"]
    assert "oilets" in str(sent[0].text)


def test_the_form_is_filled_in_by_keyboard_alone(visit: Visit, town: dict[str, str]) -> None:
    page = visit("/match", PHONE)
    keys = page.keyboard

    def reach(name: str) -> None:
        for _ in range(80):
            keys.press("Tab")
            if page.evaluate("document.activeElement.id") == name:
                assert page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"no Tab leads to {name}")

    reach("use")
    keys.press("Space")
    reach("least")
    keys.type("120")
    reach("has-toilets")
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("can work for you")
    assert {"Old forge", "Net loft", "Tram depot"} == set(listed(page))


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Visit, app: Flask, server: Server, town: dict[str, str]
) -> None:
    page, axe, found = visit("/match", WIDE, forgive=("410", "422")), Axe(), []
    side = "&".join(f"space={ref}" for ref in list(town.values())[:3])
    pages = [
        "/match", f"/match?{ASKED}&change=yes", "/match?m2=120-60", f"/match?{ASKED}", "/match?use=sculpture&m2=9000-",
        f"/match/{town['Net loft']}?{ASKED}", f"/match/{town['Boat shed']}?{ASKED}", f"/match/compare?{ASKED}&{side}",
        f"/watch?{ASKED}", "/watch/sent", "/watch/no-such-secret",
    ]  # fmt: skip
    page.goto(f"/watch?{ASKED}")
    page.get_by_label("Your e-mail").fill("ada@group.example")
    page.locator("#send").click()
    deliver(app)
    link = re.search(r"https://spaces\.example(/watch/\S+)", server.letters[-1].get_content())[1]
    for path in [*pages, link]:
        page.goto(path)
        found += [f"{path}: {each}" for each in axe.look(page)]
        for size in (SMALL, PHONE, WIDE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (path, size)
    page.goto(link)
    page.get_by_role("button", name="Yes, write to me").click()
    found += [f"a confirmed watch: {each}" for each in axe.look(page)]
    page.goto(f"/watch?{ASKED}")
    page.locator("#send").click()
    found += [f"/watch, with faults: {each}" for each in axe.look(page)]
    assert not found, "\n".join(found)
