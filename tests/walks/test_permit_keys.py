"""A permit by keyboard alone: what is looked for is reached by Tab, and where one is can be seen all the way."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry.spaces import add_space
from tempuse.store import permits
from tempuse.store.engine import Connection
from tests.browser import Visit
from tests.builders import a_space
from tests.office import PASSWORD, add_person
from tests.permitting import a_request, approved, running, terms

pytestmark = pytest.mark.browser
# What has the focus: its words, and whether somebody can see that it is there; a bar shows it by its edge.
_HERE = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(done)), here = document.activeElement;
    let box = here.getBoundingClientRect(), still = 0;
    for (let frames = 0; still < 3 && frames < 120; frames += 1) {  // the page may be on its way to it
        await frame();
        const now = here.getBoundingClientRect();
        still = now.x === box.x && now.y === box.y ? still + 1 : 0;
        box = now;
    }
    const wide = value => parseFloat(value) >= 2;
    const within = (start, size, end) => Math.min(Math.max(start + size / 2, 1), end - 1);
    const bar = here.querySelector(".line-bar rect"), style = getComputedStyle(bar ?? here);
    const marked = bar ? wide(style.strokeWidth) : style.outlineStyle !== "none" && wide(style.outlineWidth);
    const at = document.elementFromPoint(within(box.x, box.width, innerWidth), within(box.y, box.height, innerHeight));
    const words = here.getAttribute("aria-label") ?? here.labels?.[0]?.innerText ?? here.innerText ?? "";
    return {words: words.trim().replace(/\\s+/g, " "), marked, free: here.contains(at) || at.contains(here)};
}"""


def go(page: Page, words: str, key: str = "Tab") -> None:
    """Press Tab until something has the focus whose words begin like this; it can be seen at each stop."""
    passed = []
    for _ in range(120):
        page.keyboard.press(key)
        here = page.evaluate(_HERE)
        passed.append(here["words"])
        assert here["marked"], (here, passed[-8:], page.url)
        assert here["free"], (here, passed[-8:], page.url)
        if here["words"].startswith(words):
            return
    raise AssertionError(f"{words} is not among {passed}")


def press(page: Page, words: str, url: str | re.Pattern[str] = "", *, back: bool = False) -> None:
    """Go there, or back there, and press Enter; where a page is named, it opens."""
    go(page, words, "Shift+Tab" if back else "Tab")
    page.keyboard.press("Enter")
    if url:
        page.wait_for_url(url)


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    return add_space(con, SYSTEM, a_space(name="Fish auction hall"), now)


@pytest.fixture
def desk(app: Flask, visit: Visit) -> Page:
    """The office's first page, entered by keyboard."""
    person = add_person(app)
    page = visit("/my/sign-in")
    go(page, "E-mail address")
    page.keyboard.type(person.email)
    go(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/waiting")
    return page


def status(con: Connection, ref: str) -> str:
    found = permits.get(con, ref).status
    con.rollback()
    return found


def test_a_request_is_approved(con: Connection, now: datetime, hall: str, desk: Page) -> None:
    ref = a_request(con, now, [hall], terms(now.date(), date(2027, 5, 31)))
    own = f"**/office/permits/{ref}"
    desk.reload()
    press(desk, "Skip to the content")
    press(desk, "Repair café", own)
    press(desk, "Approve", f"{own}/approve")
    go(desk, "A word to the group")
    desk.keyboard.type("Welcome.")
    press(desk, "Approve", own)
    assert status(con, ref) == "approved"


def test_the_timeline(con: Connection, now: datetime, hall: str, desk: Page) -> None:
    early = datetime.fromisoformat("2026-06-01T08:00:00+00:00")
    ref = running(con, early, [hall], terms(date(2026, 7, 1), date(2026, 12, 31)), on=date(2026, 6, 1))
    late = a_request(con, now, [hall], terms(date(2027, 11, 1), date(2027, 11, 30)), group="Choir")
    desk.goto("/office/timeline")
    press(desk, "In use today", "**/office/timeline?state=used**")
    go(desk, "Kind")
    desk.keyboard.type("Plot")
    press(desk, "Show", re.compile("kind=plot"))
    expect(desk.get_by_text("No space fits this filter.")).to_be_visible()
    press(desk, "See all spaces", "**/office/timeline")
    press(desk, "Half a year later", re.compile("from=2027-01"))
    go(desk, "Choir asks, 1 November 2027 to 30 November 2027, asked for")
    press(desk, "Show as a table", re.compile("as=table"), back=True)
    press(desk, "Choir", f"**/office/permits/{late}")
    desk.goto("/office/timeline")
    press(desk, "Repair café, 1 July 2026 to 31 December 2026, ends soon", f"**/office/permits/{ref}")


def test_both_sign_and_the_keys_change_hands(con: Connection, now: datetime, hall: str, desk: Page) -> None:
    ref = approved(con, now, [hall], terms(now.date(), date(2027, 5, 31)))
    own = f"**/office/permits/{ref}"
    desk.goto(f"/office/permits/{ref}")
    press(desk, "Write down the signatures", f"{own}/sign")
    press(desk, "Sign", own)
    assert status(con, ref) == "signed"
    press(desk, "Hand over the keys", f"{own}/hand-over")
    go(desk, "Which keys")
    desk.keyboard.type("front door")
    press(desk, "Hand over the keys", own)
    assert status(con, ref) == "handed_over"
