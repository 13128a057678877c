"""The office sees who could use a space, tells a group of it, and what is looked for that nobody offers."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import letters
from tempuse.store.engine import Connection
from tempuse.wanted import Wanted
from tests.builders import a_space
from tests.needing import a_need, looking
from tests.office import a_signed_in_client, post
from tests.web.test_public_pages import text

pytestmark = pytest.mark.both_engines
REPAIR = Wanted(uses=("workshop",), area_least_m2=60, facilities=("power", "toilets"))


@pytest.fixture
def planner(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.fixture
def forge(con: Connection, now: datetime) -> str:
    """A space of which the toilets are not known, three groups that look, and a cellar for nobody."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    whole = {"kind": "unit", "suitable_uses": ("workshop",), "power": True}
    ref = add_space(con, SYSTEM, a_space(name="The forge", floor_area_m2=94.0, **whole), now)
    add_space(con, SYSTEM, a_space(name="The cellar", floor_area_m2=12.0, **whole), now)
    for title, wanted in (
        ("Repair café", REPAIR), ("Heated studio", Wanted(uses=("workshop",), facilities=("heating",))),
        ("A hangar", Wanted(uses=("workshop",), area_least_m2=5000)),
    ):  # fmt: skip
        email = f"{title.split()[0].lower()}@group.example".replace("é", "e")
        looking(con, now, a_need(wanted, title=title), group=title, email=email)
    return ref


def test_a_planner_sees_who_could_use_a_space_and_suggests_it_once(
    planner: FlaskClient, con: Connection, forge: str
) -> None:
    page = f"/office/spaces/{forge}/needs"
    said = text(planner.get(page))
    assert "Of 3 groups that look: 2 could use it, or are to be asked about." in said
    assert said.index("Repair café") < said.index("What would open it to more")
    assert "Toilets. Not known yet." in said
    assert "With another size: 1 more group could use it." in said
    assert f'href="{page}"' in planner.get(f"/office/spaces/{forge}").text
    need = "ND-0001"
    assert post(planner, f"{page}/{need}", {}, page=page).location.endswith(page)
    assert "The group was told of it already." in text(planner.get(page))
    told = [letter.refs for letter in letters.find(con) if letter.template == "need_proposed"]
    con.rollback()
    assert told == [{"need": need, "space": forge}]


def test_demand_stands_beside_supply_and_what_is_to_be_found_out_first(planner: FlaskClient, forge: str) -> None:
    said = text(planner.get("/office/demand"))
    assert "3 groups look for a space. 2 spaces can be had." in said
    assert "Toilets: not known, or not exactly, in 1 space; 1 group waits for that answer." in said
    assert "1 group finds nothing" in said
    assert "No space has: at least 5,000 m²." in said
    assert "Workshop 3 2 2" in said
    assert "No district named 3 2 2" in said
    assert "The cellar" not in said  # who needs no size could use it
    rows = planner.get("/office/demand.csv").text.splitlines()
    assert rows[0].lstrip("\ufeff") == "by,what,groups,spaces,groups_with_a_space"
    assert "use,Workshop,3,2,2" in rows


def test_without_groups_or_for_a_withheld_space_the_pages_say_so(
    planner: FlaskClient, con: Connection, now: datetime
) -> None:
    assert "Nobody looks for a space just now" in text(planner.get("/office/demand"))
    hidden = add_space(con, SYSTEM, a_space(name="The hidden", status="withheld"), now)
    said = text(planner.get(f"/office/spaces/{hidden}/needs"))
    assert "Nobody may ask for it just now." in said
    looking(con, now, a_need(Wanted(uses=("workshop",)), title="Anything"))
    assert "Anything" in text(planner.get(f"/office/spaces/{hidden}/needs"))
    assert planner.get("/office/spaces/SP-0999/needs").status_code == 404
