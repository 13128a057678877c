"""The office's list of what groups look for: searched, sorted, in parts; and who hears of what begins to fit."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC, SYSTEM
from tempuse.needs import Need
from tempuse.registry.needs.changing import move_need
from tempuse.registry.watches import keeping
from tempuse.store import people
from tempuse.store.engine import Connection, Register
from tempuse.wanted import Wanted
from tests.needing import ASKED, a_need, drafted, looking
from tests.office import a_signed_in_client, an_office
from tests.web.test_my_permits import entered
from tests.web.test_public_pages import text

pytestmark = pytest.mark.both_engines


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


@pytest.fixture
def planner(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.fixture
def town(con: Connection, now: datetime) -> dict[str, str]:
    """Four groups: one that found a space, one that nobody confirmed."""

    def one(title: str, group: str, days: int, **more: str) -> tuple[datetime, Need, dict[str, str]]:
        who = {"group": group, "email": f"{group[:3].lower()}@groups.example", "name": "Ada"}
        return now - timedelta(days=days), a_need(ASKED, title=title, **{"purpose": "We meet.", **more}), who

    made = {}
    for name, (at, need, who) in {
        "choir": one("100 % of a hall_", "Old Harbour choir", 5, near_label="The old ferry"),
        "repair": one("A place to mend", "Repair café", 20, purpose="We mend radios."),
        "bees": one("a plot for bees", "Bee line", 60),
    }.items():
        made[name] = looking(con, at, need, **who)
    move_need(con, SYSTEM, made["bees"], "fulfil", now, met_how="elsewhere")
    at, need, who = one("Wool", "Knitters", 1)
    made["draft"] = drafted(con, at, need, **who)
    return made


def listed(client: FlaskClient, asked: str = "") -> list[str]:
    """The refs of the list, in order."""
    answer = client.get(f"/office/needs{asked}")
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><span><a href="/office/needs/(ND-\d+)"', answer.text)


def test_each_part_is_sorted_by_a_press_and_the_newest_come_first(planner: FlaskClient, town: dict[str, str]) -> None:
    choir, repair, bees, draft = (town[name] for name in ("choir", "repair", "bees", "draft"))
    assert listed(planner) == [repair, choir]
    assert listed(planner, "?show=all") == [draft, bees, repair, choir]
    assert listed(planner, "?show=all&sort=title") == [choir, repair, bees, draft]
    assert listed(planner, "?show=all&sort=title&down=1") == [draft, bees, repair, choir]
    assert listed(planner, "?show=all&sort=group") == [bees, draft, choir, repair], "whether it was confirmed or not"
    assert listed(planner, "?show=all&sort=opened_on") == [bees, repair, choir, draft]
    assert listed(planner, "?show=all&sort=opened_on&down=1") == [choir, repair, bees, draft], "no day comes last"
    assert listed(planner, "?show=nothing&sort=nothing&page=9") == [repair, choir]
    page = planner.get("/office/needs?show=all&sort=title").text
    assert '<th scope="col" aria-sort="ascending"><a href="/office/needs?show=all&amp;sort=title&amp;down=1">' in page


def test_words_are_looked_for_in_every_part_in_titles_groups_places_and_purposes(
    planner: FlaskClient, town: dict[str, str]
) -> None:
    for words, found in {
        "MEND": ["repair"], "choir": ["choir"], "ferry": ["choir"], "bee": ["bees"], "radios": ["repair"],
        "knitters": ["draft"], "nd-0001": ["choir"], "100 %": ["choir"], "hall_": ["choir"], "l_h": [], "nobody": [],
    }.items():  # fmt: skip
        wanted = {town[each] for each in found}
        assert set(listed(planner, f"?q={words.replace('%', '%25')}")) == wanted, words
    said = text(planner.get("/office/needs?q=mend"))
    assert "1 search with “mend”" in said
    assert "Nothing stands here. Without filter" in text(planner.get("/office/needs?q=nobody"))
    assert listed(planner, "?show=met&q=mend") == []


def test_the_office_reads_how_many_hear_of_what_begins_to_fit_and_what_is_wrong(
    planner: FlaskClient, con: Connection, now: datetime
) -> None:
    assert "letters tell of" not in text(planner.get("/office/needs"))
    for number in range(3):
        wanted = Wanted(uses=("workshop",), area_least_m2=60 + number)
        sent = keeping.ask_to_hear(con, PUBLIC, wanted, f"jo{number}@example.org", "day", "en", now)
        keeping.expect_secret(con, SYSTEM, sent.watch.id, f"s{number}")
        if number < 2:
            keeping.confirm_watch(con, PUBLIC, f"s{number}", now)
    said = text(planner.get("/office/needs"))
    assert "letters tell of what begins to fit" in said
    assert "address is not confirmed yet" in said


def test_ones_own_page_shows_of_what_letters_tell_and_leads_to_it(
    app: Flask, con: Connection, now: datetime, town: dict[str, str]
) -> None:
    person = people.by_email(con, "rep@groups.example")
    con.rollback()
    assert person is not None
    mine = entered(app, person)
    need = f"/my/needs/{town['repair']}"
    assert "Tell me when one fits" in text(mine.get(need))
    for secret, email in (("mine", person.email), ("theirs", "x@y.org")):
        sent = keeping.ask_to_hear(con, PUBLIC, ASKED, email, "week", "en", now)
        keeping.expect_secret(con, SYSTEM, sent.watch.id, secret)
        assert "Each week" not in text(mine.get("/my/")), "nobody confirmed it"
        keeping.confirm_watch(con, PUBLIC, secret, now)
        if secret == "mine":
            page = mine.get("/my/").text
            (link,) = re.findall(r'class="queue-name" href="(/watch/[\w-]+)"', page)
            assert page.count("A letter comes when a space begins to fit") == 1
            assert "A place to mend" in page
            assert "until 22 May 2027" in page
            assert link in mine.get(need).text
            assert "End these letters" in text(mine.get(link))
            keeping.end_watch(con, PUBLIC, link.rpartition("/")[2], now)
            assert "A letter comes when" not in text(mine.get("/my/"))
            assert "Tell me when one fits" in text(mine.get(need))
