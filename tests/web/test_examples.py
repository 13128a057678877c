"""Documented cases of other towns: a kind of page of their own, nothing to ask for, and in nobody's day."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.registry import adding, setup
from tempuse.spaces import COUNTED, Period
from tempuse.store import space_lists
from tempuse.store.engine import Connection, writing
from tests import town
from tests.axe import Axe
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.builders import a_place, a_space
from tests.office import a_signed_in_client

BREMEN = shapely.Point(8.803, 53.089)
# The town ends with SP-0009.
CASE, STILL, COARSE, OFFERED, NEAR, UNSEEN = (f"SP-{n:04d}" for n in range(10, 16))


def a_case(**values: Any) -> Any:
    return a_space(**{
        "name": "Plantage 9, Bremen", "status": "verified", "ownership": "unknown", "consent": "given",
        "location_level": "exact", "geometry": BREMEN, "locality": "Bremen", "address": "Plantage 9",
        "cost_cents": 12300, "power": True, "source": "zzz-bremen.de; Weser-Kurier, 3 May 2012", **values,
    })  # fmt: skip


@pytest.fixture(autouse=True)
def _a_town(con: Connection, now: datetime) -> None:
    town.build(con, now, crowd=0)
    setup.change_settings(con, SYSTEM, {"publish_from": "verified"}, now)
    used = {"occupancy": "temporary_use", "precision": "year"}
    studios = [
        Period(starts_on=date(2010, 1, 1), ends_on=date(2011, 12, 31), title="About thirty studios", **used),
        Period(starts_on=date(2012, 1, 1), ends_on=date(2015, 12, 31), title="Three more years",
               what_came="The road was never built.", **used),
    ]  # fmt: skip
    with writing(con), adding.adding(con, SYSTEM, now) as adder:
        adder.add(
            [
                a_case(),
                a_case(name="Wurst Case, Bremen", occupancy="temporary_use"),
                a_case(name="Marigold case, Bremen", location_level="cell"),
                a_case(name="Offered far away", status="offered"),
                a_case(name="Just outside", geometry=a_place(0.2, 0.0), locality=None),
                a_case(name="Not public", consent="unasked", ownership="private_person"),
            ],
            [studios, [Period(starts_on=date(2015, 4, 1), title="Studios and workshops", **used)], [], [], [], []],
        )
    con.rollback()


def words_of(answer: Any) -> str:
    body = re.sub(r"<(script|style|title|svg)\b.*?</\1>", " ", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.both_engines
def test_an_example_tells_what_was_and_asks_for_nothing(client: FlaskClient) -> None:
    answer = client.get(f"/spaces/{CASE}")
    said = words_of(answer)
    for part in (
        "Example from another town",
        "People used it for a time from 2010 to 2015.",
        "The road was never built.",
    ):
        assert part in said
    for part in ("Ask for", "Ask about", "What it costs", "What is there", "You cannot use", "I own it", "not known"):
        assert part not in said
    assert f'href="/request?space={CASE}"' not in answer.text
    assert '<a href="https://zzz-bremen.de/" rel="external noopener">zzz-bremen.de</a>' in answer.text
    assert "<li>Weser-Kurier, 3 May 2012</li>" in answer.text
    assert "People have used it for a time since 2015." in words_of(client.get(f"/spaces/{STILL}"))


def test_what_is_offered_coarse_or_near_is_no_example(client: FlaskClient) -> None:
    for ref in (COARSE, OFFERED, NEAR):
        assert 'id="ask"' in client.get(f"/spaces/{ref}").text, ref
    assert client.get(f"/spaces/{UNSEEN}").status_code == 404


def test_examples_have_a_page_and_stand_in_no_list_of_the_town(client: FlaskClient) -> None:
    page = client.get("/where-it-worked")
    assert re.findall(r'href="/spaces/(SP-\d+)"', page.text) == [CASE, STILL]
    assert "Bremen: 2 examples" in page.text
    found = set(re.findall(r'data-ref="(SP-\d+)"', client.get("/find").text))
    assert {NEAR, town.HALL} <= found
    assert not {CASE, STILL} & found
    # Whoever looks there on the map finds them, and is told what they are.
    there = client.get("/list?box=8,53,9,54&zoom=8")
    assert "Example from another town" in there.text
    seen = client.get("/map/view?box=8,53,9,54&zoom=19").json["spaces"]
    assert {each["state"] for each in seen if each["ref"] == CASE} <= {"Example from another town"}
    for path in ("/how-it-works", "/data"):
        assert 'href="/where-it-worked"' in client.get(path).text


def test_a_town_without_examples_says_so(con: Connection, now: datetime, client: FlaskClient) -> None:
    with writing(con), adding.adding(con, SYSTEM, now) as adder:
        adder.add([a_case() for _ in range(500)], [[] for _ in range(500)])
    con.rollback()
    # So many far away: the boundary is wrong, or the town is not this one.
    assert "holds no examples" in client.get("/where-it-worked").text
    assert 'id="ask"' in client.get(f"/spaces/{CASE}").text


def test_nobody_is_sent_to_look_at_them_again(app: Flask, con: Connection) -> None:
    due = {each.ref for each in space_lists.longest_unchecked(con, date(2026, 1, 1), 100)}
    assert {CASE, STILL, NEAR} <= due
    others = space_lists.longest_unchecked(con, date(2026, 1, 1), 100, {CASE, STILL})
    assert {each.ref for each in others} == due - {CASE, STILL}
    assert space_lists.count_unchecked(con, date(2026, 1, 1), 1000, {CASE, STILL}) == len(due) - 2
    con.rollback()
    page = a_signed_in_client(app).get("/office/waiting").text
    assert "Sites to check again" in page
    assert f"/office/spaces/{NEAR}" in page
    assert not {f"/office/spaces/{ref}" for ref in (CASE, STILL)} & set(re.findall(r"/office/spaces/SP-[0-9]+", page))
    known = sum(each.count for each in space_lists.standing(con, date(2026, 11, 23)) if each.status in COUNTED)
    assert f"Of {known - 2} spaces" in page, "nor are they counted among the town's"


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_the_small_europe_leads_to_the_towns(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("/where-it-worked", size=size)
    page.get_by_role("link", name="Bremen: 2 examples").click()
    assert page.url.endswith("#town-1")
    expect(page.get_by_role("heading", name="Bremen")).to_be_in_viewport()
    axe = Axe()
    assert axe.look(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Plantage 9, Bremen").click()
    expect(page.locator("h1")).to_have_text("Plantage 9, Bremen")
    assert axe.look(page) == []
    assert not scrolls_sideways(page)
    assert page.locator(".bottom-bar").count() == 0
