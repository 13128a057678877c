"""The small map beside a long list: each number can be read and pressed, on a phone, too."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.store.engine import Connection
from tests.axe import Axe
from tests.browser import PHONE, WIDE, Visit
from tests.builders import a_place, a_space

pytestmark = pytest.mark.browser
ASKED = "/match?use=workshop&has=toilets"
# Where they lie: three at the same door, a street full of them, one far off.
PLACES = [*[(0.0, 0.0)] * 3, *[(0.0004 * n, 0.0001 * (n % 3)) for n in range(1, 12)], (0.03, 0.02)]


@pytest.fixture
def address(tmp_path: Path) -> str:
    """What a map draws of a list is the same on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def street(con: Connection, now: datetime) -> None:
    """Fifteen that fit or may, and two that nearly do."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    for number, (east, north) in enumerate([*PLACES, (0.0001, 0.0), (0.015, 0.01)]):
        toilets = False if number >= len(PLACES) else True if number % 2 else None
        space = a_space(name=f"House {number}", kind="unit", suitable_uses=("workshop",), toilets=toilets,
                        geometry=a_place(east, north))  # fmt: skip
        spaces.add_space(con, SYSTEM, space, now)


def marks_of(page: Page) -> list[dict[str, Any]]:
    """What is listed on the map: its box and the words that those hear who do not see it."""
    expect(page.locator(".mark.bunch .mark-button, .mark.listed .mark-button").first).to_be_visible()
    return page.evaluate(
        """[...document.querySelectorAll(".mark.bunch .mark-button, .mark.listed .mark-button")].map(each => {
            const box = each.getBoundingClientRect();
            return {said: each.getAttribute("aria-label"), x0: box.left, x1: box.right, y0: box.top, y1: box.bottom};
        })"""
    )


def numbers_in(marks: list[dict[str, Any]]) -> list[int]:
    parts = [each["said"].split(".")[0].removesuffix(" of the list") for each in marks]
    return sorted(int(number) for part in parts if part[:1].isdigit() for number in part.split(", "))


def meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["x0"] < other["x1"] and other["x0"] < one["x1"] and one["y0"] < other["y1"] and other["y0"] < one["y1"]
    )


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_no_mark_of_a_list_covers_another_and_each_number_is_there(visit: Visit, street: None, size: Any) -> None:
    page = visit(ASKED, size)
    marks = marks_of(page)
    assert numbers_in(marks) == list(range(1, len(PLACES) + 1))
    assert [(a["said"], b["said"]) for a, b in combinations(marks, 2) if meet(a, b)] == []
    assert Axe().look(page) == []


def test_numbers_that_stand_together_come_apart_by_a_press(visit: Visit, street: None) -> None:
    """A card rings the mark in which its number stands; those at one door lead to the first card."""
    page = visit(ASKED, PHONE)
    together = len(marks_of(page))
    for card in (0, 4, 9):
        page.locator(".match-card").nth(card).get_by_role("link").first.focus()
        expect(page.locator(".mark.is-chosen")).to_have_count(1)
    seen = []
    for _ in range(8):
        page.locator(".mark.bunch .mark-button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
        if page.evaluate("document.activeElement.closest('.match-card') !== null"):
            break
        seen.append(len(marks_of(page)))
    else:
        raise AssertionError(f"those at one door lead to no card: {seen}")
    assert seen
    assert together < len(PLACES)
