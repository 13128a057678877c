"""Where a form asks for a space, its name or street finds it: nobody knows numbers."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.io.ground.making import make_ground
from tempuse.registry import spaces
from tempuse.registry.ground import set_ground
from tempuse.store.engine import Connection, Register
from tests import extract
from tests.browser import Visit
from tests.builders import a_space
from tests.office import PASSWORD, a_signed_in_client, add_person, an_app_of_a_visit


@pytest.fixture
def app(register: Register, now: datetime, con: Connection) -> Flask:
    app = an_app_of_a_visit(register, now)
    for name, address in (("Tram depot", "1 Loop Road"), ("Ferry kiosk", "3 Gull Street"), ("Shed", "9 Gull Street")):
        spaces.add_space(con, SYSTEM, a_space(name=name, address=address), now)
    return app


@pytest.mark.both_engines
def test_spaces_are_proposed_by_name_street_and_number(app: Flask) -> None:
    office = a_signed_in_client(app)
    found = office.get("/office/find/spaces?q=gull+street&kept=SP-0001").text
    assert '<option value="SP-0001, SP-0002">Ferry kiosk. 3 Gull Street' in found
    assert found.count("<option") == 2
    assert '<option value="SP-0002">Ferry kiosk' in office.get("/office/find/spaces?q=2").text
    assert office.get("/office/find/spaces?q=").text.strip() == ""
    assert app.test_client().get("/office/find/spaces?q=gull").status_code in (302, 401)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/office/permits/new", "/office/spaces/SP-0002/edit"])
def test_what_is_typed_brings_proposals(app: Flask, visit: Visit, path: str) -> None:
    page = visit("/my/sign-in")
    page.get_by_label("E-mail address").fill(add_person(app).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/waiting")
    page.goto(path)
    field = page.locator("input[data-spaces]")
    expect(field).to_have_attribute("placeholder", "Name, street or reference")
    field.type("SP-0003, kiosk")
    proposed = page.locator(f"#{field.get_attribute('list')} option")
    expect(proposed).to_have_count(1)
    expect(proposed).to_have_attribute("value", "SP-0003, SP-0002")


@pytest.mark.browser
def test_an_address_that_is_typed_completes_itself_and_moves_the_pin(
    app: Flask, visit: Visit, con: Connection, now: datetime, tmp_path: Path
) -> None:
    ground = make_ground(extract.write(tmp_path / "town.osm"))
    set_ground(con, SYSTEM, app.extensions["tempuse.register"].home, ground, now)
    page = visit("/report")
    field = page.locator("input[data-addresses]")
    field.type("ferry street 3")
    proposed = page.locator(f"#{field.get_attribute('list')} option")
    expect(proposed).to_have_count(2)
    words = proposed.first.get_attribute("value")
    field.fill(str(words))
    expect(page.locator("#pin")).to_have_value(re.compile(r"^51\.050\d*,3\.714\d*$"))
