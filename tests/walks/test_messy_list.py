"""What a planner has in her own Excel: forty rows with all that is usual, to a right register, in a browser.

Each click, choice and word is counted; what the register holds is compared with what the list says.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.spaces import Space
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tests.office import an_app_of_a_visit
from tests.walks.test_small_town import Hand
from tests.walks.test_small_town import hand as hand  # a fixture

pytestmark = pytest.mark.browser
STREETS = ("Hafenstraße", "Lange Gasse", "Am Markt", "Mühlenweg")
OWNERS = {"Stadt": "municipality", "privat": "private", "Kirche": "association", "Land": "public_body"}
HEAD = ["Lfd. Nr.", "Straße", "Nr.", "PLZ", "Ort", "Eigentümer", "Fläche", "Miete/Monat", "Leer seit", "Strom"]


@pytest.fixture
def app(register: Register, con: Connection, now: datetime) -> Flask:
    setup.change_settings(con, SYSTEM, {"country": "DE", "municipality": "Kiesberg"}, now)
    return an_app_of_a_visit(register, now)


def a_row(i: int) -> list[Any]:
    """One row as somebody typed it: thousands with a dot, days with dots, a range, a rent for each square metre."""
    size = "1.250 m²" if i <= 12 else "90-110 m²" if i == 13 else f"{60 + i} m²"
    rent = "€ 8,50/m²" if i == 14 else "2.000,50" if i == 15 else "350,00 €"
    since = "31.02.2023" if i in (5, 9, 21, 33) else "12.03.2021"
    power = "teils" if i in (3, 7, 30) else ("ja", "nein")[i % 2]
    number, owner = f"{i}a" if i % 5 == 0 else i, list(OWNERS)[i % 4]
    return [i, STREETS[i % 4], number, "12345", "Kiesberg", owner, size, rent, since, power]


def the_list(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Leerstand Kiesberg, Stand 1. März"])
    sheet.append([])
    sheet.append(HEAD)
    for i in range(1, 21):
        sheet.append(a_row(i))
    sheet.append(["", "Nordstadt"])
    for i in range(21, 41):
        sheet.append(a_row(i))
    sheet.append(["", "Summe", "", "", "", "", "17.345 m²"])
    book.save(path)
    return path


def the_addresses(path: Path) -> Path:
    lines = ["strasse,hausnr,plz,ort,lon,lat"]
    for i in range(1, 41):
        street = "Hafenstrasse" if i % 4 == 0 else "Langer Gasse" if i == 1 else STREETS[i % 4]
        number = f"{i}a" if i % 5 == 0 else i
        lines.append(f"{street},{number},12345,Kiesberg,{13.4 + i / 1000:.4f},{52.5 + i / 2000:.4f}")
    path.write_text("\n".join(lines))
    return path


def held(con: Connection) -> dict[str, Space]:
    con.rollback()
    found = {space.source_ref: space for batch in space_rows.walk(con) for _, space in batch}
    con.rollback()
    return found


def test_forty_messy_rows_become_a_right_register(hand: Hand, con: Connection, tmp_path: Path) -> None:
    page = hand.page
    hand.press("Import", "link")
    hand.send("The list", the_list(tmp_path / "Leerstand.xlsx"))
    hand.done += 1
    page.get_by_text("The list has addresses or parcels, but no coordinates").click()
    hand.send("A list of addresses with their places", the_addresses(tmp_path / "adressen.csv"))
    hand.press("Open the list")
    hand.press("Check the list")
    expect(page.get_by_text("Nothing is in the register yet.")).to_be_visible()
    lines = page.locator(".noticed-table tbody tr:not(.unfolded)")
    assert [line.split("\t")[0].strip() for line in lines.all_inner_texts()] == [
        "4", "4 rows", "16", "24", "45", "3", "3 rows", "17",
    ]  # fmt: skip
    hand.press("Take this address")
    expect(page.get_by_text("As you said: 1 proposed place is taken.")).to_be_visible()
    mend(hand, "Leer seit", "Instead of “31.02.2023”, read", "28.02.2023")
    mend(hand, "Fläche", "Instead of “90-110 m²”, read", "90 m²")
    hand.done += 1
    line(hand, "Strom").locator("summary").click()
    hand.choose("“teils” means", "yes")
    hand.press("Mend and check anew")
    expect(page.get_by_role("button", name="Bring in 40 spaces")).to_be_visible()
    assert page.get_by_text("“31.02.2023”").count() == 0
    hand.press("Bring in 40 spaces")
    expect(page.get_by_role("heading", level=1)).to_have_text("40 spaces came in")
    check(held(con))
    assert hand.done == 15


def line(hand: Hand, column: str) -> Locator:
    """What a line of the report unfolds into."""
    return hand.page.locator(".noticed-table tbody").filter(has_text=column).locator(".unfolded")


def mend(hand: Hand, column: str, label: str, text: str) -> None:
    hand.done += 1
    line(hand, column).locator("summary").click()
    hand.write(label, text)


def check(found: dict[str, Space]) -> None:
    """The register holds what the list says, and what was said of it."""
    assert set(found) == {str(i) for i in range(1, 41)}
    for i in range(1, 41):
        space, told = found[str(i)], a_row(i)
        assert space.address == f"{told[1]} {told[2]}"
        assert (space.postcode, space.locality) == ("12345", "Kiesberg")
        assert space.ownership == OWNERS[told[5]]
        assert space.floor_area_m2 == (1250 if i <= 12 else 90 if i == 13 else 60 + i)
        assert space.cost_cents == {14: 74 * 850, 15: 200050}.get(i, 35000)
        assert space.cost_period == "month"
        assert space.vacant_since == (date(2023, 2, 28) if i in (5, 9, 21, 33) else date(2021, 3, 12))
        assert space.power is (i in (3, 7, 30) or i % 2 == 0)
        assert space.geometry is not None
        assert (space.geometry.x, space.geometry.y) == pytest.approx((13.4 + i / 1000, 52.5 + i / 2000))


def test_two_columns_chosen_at_once_stay_both(hand: Hand, tmp_path: Path) -> None:
    page = hand.page
    hand.press("Import", "link")
    hand.send("The list", the_list(tmp_path / "Leerstand.xlsx"))
    hand.press("Open the list")
    with page.expect_response(lambda answer: "field-7=deposit_cents" in (answer.request.post_data or "")):
        page.evaluate(
            """() => [["field-0", "internal_note"], ["field-7", "deposit_cents"]].forEach(([id, value]) => {
              const select = document.getElementById(id);
              select.value = value;
              select.dispatchEvent(new Event("change", { bubbles: true }));
            })"""
        )
    for _ in range(2):
        expect(page.locator("#field-0")).to_have_value("internal_note")
        expect(page.locator("#field-7")).to_have_value("deposit_cents")
        page.reload()
