"""What was written in a long form and left is offered again, in this tab alone; who wrote it is not kept."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.store import reports as report_rows
from tempuse.store.engine import Connection
from tests.axe import Axe
from tests.browser import PHONE, Visit, scrolls_sideways
from tests.builders import a_space
from tests.forms import form_of

BEGUN = "You had begun to fill this in, and left."


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": "city@rivermouth.example"}, now)
    return spaces.add_space(con, SYSTEM, a_space(name="Fish hall"), now)


@pytest.mark.browser
def test_an_offer_that_was_left_is_taken_up_again(app: Flask, visit: Visit, con: Connection, hall: str) -> None:
    page, axe = visit("/owner/offer", PHONE), Axe()
    expect(page.get_by_text(BEGUN)).to_be_hidden()
    page.get_by_label("A shop, floor or room").check()
    page.get_by_label("Where is it?").fill("3 Rope Walk")
    page.get_by_label("What should we know?").fill("The stair is steep.")
    page.get_by_label("Your name, and for whom you speak").fill("Ann Baker")
    page.get_by_role("link", name="What is shown, and how precisely").click()
    page.wait_for_url("**/owner")
    page.go_back()
    page.reload()  # as if it had been opened anew
    expect(page.get_by_text(BEGUN)).to_be_visible()
    assert axe.look(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_label("Where is it?")).to_have_value("3 Rope Walk")
    expect(page.get_by_label("A shop, floor or room")).to_be_checked()
    expect(page.get_by_label("What should we know?")).to_have_value("The stair is steep.")
    expect(page.get_by_label("Your name, and for whom you speak")).to_have_value("")
    expect(page.get_by_text(BEGUN)).to_be_hidden()
    assert "Ann" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_label("Only the district").check()
    page.get_by_label("Your name, and for whom you speak").fill("Ann Baker")
    page.get_by_label("Your e-mail").fill("ann@baker.example")
    page.get_by_role("button", name="Offer my space").click()
    page.wait_for_url("**/owner/sent**")
    (sent,) = report_rows.find(con)
    assert (sent.address, sent.text) == ("3 Rope Walk", "The stair is steep.")
    page.goto(page.url.partition("/owner")[0] + "/owner/offer")
    expect(page.get_by_text(BEGUN)).to_be_hidden()
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/report", {"text": "The baker left."}), ("/owner/offer", {"text": "The baker left."}),
        ("/owner/word?space=SP-0001", {"text": "The baker left."}), ("/needs/new", {"purpose": "The baker left."}),
        ("/request?space=SP-0001&kind=use", {"private_text": "The baker left."}),
    ],
)  # fmt: skip
def test_taking_up_sends_nothing_and_finds_nothing_wrong(
    app: Flask, con: Connection, hall: str, path: str, typed: dict[str, str]
) -> None:
    visitor = app.test_client()
    page = visitor.get(path).text
    assert "data-draft=" in page
    again = visitor.post(
        path, data={**form_of(page, "form_token"), **typed, "do": "take"}, headers={"Origin": "http://localhost"}
    )  # fmt: skip
    assert again.status_code == 200
    assert "The baker left." in again.text
    assert "data-typed" in again.text
    assert "error-summary" not in again.text
    assert report_rows.find(con) == []
