"""What do you need: the form, the ranked list with its reasons, near misses, and the way to a request."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime

import orjson
import pytest
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import pictures
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space
from tests.registry.test_pictures import a_picture
from tests.web.test_public_pages import text

REPAIR = "use=workshop&m2=60-120&by=2027-03-01&for=6m&has=power&has=toilets&has=step_free_access"


def reasons_in(body: str) -> list[str]:
    """What is said of each criterion, with its bar."""
    return sorted(re.findall(r'<li class="reason">.*?</li>', body, re.DOTALL))


@pytest.fixture
def spaces(con: Connection, now: datetime) -> dict[str, str]:
    """Six spaces: one that fits, one of which something is not known, and four that miss."""
    whole = {
        "kind": "unit", "floor_area_m2": 94.0, "suitable_uses": ("workshop",), "power": True, "toilets": True,
        "step_free_access": True, "cost_model": "free",
    }  # fmt: skip
    wanted = {
        "fits": {}, "open": {"toilets": None}, "small": {"floor_area_m2": 48.0}, "bare": {"toilets": False},
        "steps": {"step_free_access": False}, "office": {"suitable_uses": ("office",), "excluded_uses": ("workshop",)},
    }  # fmt: skip
    made = {
        name: a_space(name=f"The {name}", geometry=a_place(0.001 * i), **{**whole, **other})
        for i, (name, other) in enumerate(wanted.items())
    }
    made["withheld"] = a_space(name="The withheld", status="withheld", **whole)
    return {name: add_space(con, SYSTEM, space, now) for name, space in made.items()}


def listed(client: FlaskClient, asked: str) -> list[str]:
    """The refs of the list, in order."""
    answer = client.get(f"/match?{asked}")
    assert answer.status_code == 200, answer.location
    return re.findall(r'class="match-card" id="(SP-\d+)"', answer.get_data(as_text=True))


def test_what_fits_comes_first_what_is_open_after_it_and_what_fails_a_must_not_at_all(
    client: FlaskClient, spaces: dict[str, str]
) -> None:
    assert listed(client, REPAIR) == [spaces["fits"], spaces["open"]]
    said = text(client.get(f"/match?{REPAIR}"))
    assert "Two spaces can work for you" in said
    assert "One fits; of one something is not known." in said
    assert "Six of seven fit. One is not known." in said
    assert "Toilets. Not known yet." in said
    assert "Ask the city about it: Toilets" in said


def test_near_misses_say_the_smallest_change_and_nobody_is_told_to_climb_steps(
    client: FlaskClient, spaces: dict[str, str]
) -> None:
    answer = client.get(f"/match?{REPAIR}")
    said = text(answer)
    assert re.search(r"It is 12 m² smaller than you asked\.\s+The small", said)
    assert re.search(r"If this is not a must: toilets\.\s+The bare", said)
    assert "The steps" not in said
    assert "not a must: no steps" not in said
    for address in re.findall(r'href="/match(\?[^"]+)">Ask like this', answer.get_data(as_text=True)):
        again = listed(client, address[1:].replace("&amp;", "&"))
        assert set(again) > {spaces["fits"], spaces["open"]}


def test_a_must_that_is_dropped_lists_as_many_more_as_was_promised(client: FlaskClient, spaces: dict[str, str]) -> None:
    body = client.get(f"/match?{REPAIR}").get_data(as_text=True)
    offered = re.findall(r'<li>[^<]+: <a href="/match(\?[^"]+)">(\d+) more</a>', body)
    assert offered
    before = len(listed(client, REPAIR))
    for address, promised in offered:
        assert len(listed(client, address[1:].replace("&amp;", "&"))) == before + int(promised)


def test_why_a_space_is_not_in_the_list_is_told(client: FlaskClient, spaces: dict[str, str]) -> None:
    said = text(client.get(f"/match/{spaces['steps']}?{REPAIR}"))
    assert "It is not in your list" in said
    assert "No steps. No." in said
    for ref in (spaces["withheld"], "SP-0999", "nonsense"):
        assert client.get(f"/match/{ref}?{REPAIR}").status_code == 404
    said = text(client.get(f"/match/{spaces['office']}?{REPAIR}"))
    assert "The owner does not want this here: workshop." in said


def test_each_space_by_itself_is_judged_as_in_the_list(client: FlaskClient, spaces: dict[str, str]) -> None:
    """Case 15: the list, its file and each space's own answer say the same of it."""
    asked = [REPAIR, "use=workshop", "m2=60-120&has=toilets&cost=150", "near=51.05,3.72&within=300&by=2027-01-01"]
    for question in asked:
        list_ = client.get(f"/match?{question}").text.partition('class="match-cards"')[2].partition("</ol>")[0]
        cards = {each[:7]: reasons_in(each) for each in list_.split('class="match-card" id="')[1:]}
        filed = orjson.loads(client.get(f"/match.geojson?{question}").data)
        assert [each["id"] for each in filed["features"]] == list(cards)
        for name, ref in spaces.items():
            answer = client.get(f"/match/{ref}?{question}")
            assert answer.status_code == (404 if name == "withheld" else 200)
            if ref in cards:
                assert reasons_in(answer.text) == cards[ref]
            assert ("It is not in your list" in answer.text) == (ref not in cards and name != "withheld")


def test_a_picture_that_everybody_may_see_stands_on_its_card(
    client: FlaskClient, con: Connection, register: Register, spaces: dict[str, str], now: datetime
) -> None:
    picture = pictures.add_picture(con, SYSTEM, a_picture(register, spaces["fits"]), now)
    assert "match-picture" not in client.get(f"/match?{REPAIR}").text
    pictures.show_picture(con, SYSTEM, spaces["fits"], picture.name, "The yard", None, now)
    page = client.get(f"/match?{REPAIR}").text
    assert page.count("match-picture") == 1
    assert f'srcset="/spaces/{spaces["fits"]}' in page
    assert 'alt="The yard"' in client.get(f"/match/{spaces['fits']}?{REPAIR}").text
    assert "match-picture" not in client.get(f"/match/{spaces['open']}?{REPAIR}").text


def test_spaces_stand_side_by_side_and_what_differs_comes_first(client: FlaskClient, spaces: dict[str, str]) -> None:
    refs = "&".join(f"space={spaces[name]}" for name in ("fits", "open", "small"))
    rows = re.findall(r'<th scope="row">([^<]+)', client.get(f"/match/compare?{REPAIR}&{refs}").get_data(as_text=True))
    assert set(rows[:2]) == {"Toilets", "Size"}
    assert "None of these" in text(client.get("/match/compare?space=SP-9999"))
    assert "Cannot be asked for just now: SP-9999." in text(client.get(f"/match/compare?{refs}&space=SP-9999"))


def test_a_place_outside_the_town_is_said(client: FlaskClient, con: Connection, now: datetime) -> None:
    asked = "/match?use=workshop&within=2000&near="
    assert "lies outside" not in text(client.get(f"{asked}0,0"))
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    assert "The place that you chose lies outside the town" in text(client.get(f"{asked}0,0"))
    assert "lies outside" not in text(client.get(f"{asked}51.05,3.72"))


def test_the_form_keeps_what_was_asked_and_says_what_each_must_hides(
    client: FlaskClient, spaces: dict[str, str]
) -> None:
    body = client.get(f"/match?{REPAIR}&change=yes").get_data(as_text=True)
    assert re.search(r'value="workshop" id="use" checked', body)
    assert re.search(r'name="least"[^>]*value="60"', body)
    assert re.search(r'name="months"[^>]*value="6"', body)
    assert re.search(r"Size: 60 to 120 m²<span class=\"choice-hint\">hides 1", body)


def test_what_contradicts_itself_is_mended_before_anything_is_listed(client: FlaskClient) -> None:
    said = text(client.get("/match?m2=120-60&from=2027-03-01&by=2027-02-01"))
    assert "2 things to mend" in said
    assert "The most is less than the least." in said
    assert "The last day to begin is before the first." in said
    assert "is over" in text(client.get("/match?by=2020-01-01&use=workshop"))


def test_what_is_not_understood_is_said_above_a_list_that_is_wider(client: FlaskClient, spaces: dict[str, str]) -> None:
    said = text(client.get(f"/match?{REPAIR}&use=sculpture&has=gold"))
    assert "We do not understand “sculpture” for the use, and left it out." in said
    assert "We do not understand “gold” for what must be there, and left it out." in said
    in_dutch = text(client.get("/match?use=workshop&m2=big", headers={"Accept-Language": "nl"}))
    assert "We begrijpen “big” bij de grootte niet" in in_dutch


def test_answers_are_kept_by_nobody_and_told_to_no_other_site(client: FlaskClient, spaces: dict[str, str]) -> None:
    for path in ("/match", f"/match?{REPAIR}", f"/match/{spaces['fits']}?{REPAIR}", f"/match.geojson?{REPAIR}"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-cache", path
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_list_as_geojson_has_the_same_spaces_in_the_same_order(client: FlaskClient, spaces: dict[str, str]) -> None:
    found = orjson.loads(client.get(f"/match.geojson?{REPAIR}").data)
    told = [(each["id"], each["properties"]["match_number"], each["properties"]["match_tier"])
            for each in found["features"]]  # fmt: skip
    assert told == [(spaces["fits"], 1, "fits"), (spaces["open"], 2, "ask")]
    published = orjson.loads(client.get(f"/spaces/{spaces['fits']}.geojson").data)
    properties = found["features"][0]["properties"]
    assert {name: properties[name] for name in published["properties"]} == published["properties"]


def test_a_request_begins_with_what_was_asked(client: FlaskClient, spaces: dict[str, str]) -> None:
    body = client.get(f"/match?{REPAIR}").get_data(as_text=True)
    link = re.search(rf'href="(/request\?space={spaces["fits"]}[^"]*)"', body)[1].replace("&amp;", "&")
    form = client.get(link).get_data(as_text=True)
    assert re.search(r'name="starts_on"[^>]*value="2027-03-01"', form) or 'value="2027-03-01"' in form
    assert 'value="2027-08-31"' in form
    assert re.search(r'<option[^>]*selected[^>]*value="workshop"|value="workshop"[^>]*selected', form)
    assert "workshop, 60 to 120 m²" in form


def test_the_filter_of_the_map_leads_to_a_ranked_list(client: FlaskClient, spaces: dict[str, str]) -> None:
    body = client.get("/?kind=unit&size=1&has=power&use=workshop").get_data(as_text=True)
    link = re.search(r'href="(/match\?[^"]+)">Rank these for me', body)[1].replace("&amp;", "&")
    assert link == "/match?use=workshop&kind=unit&m2=50-100&has=power"
    assert spaces["fits"] in listed(client, link.partition("?")[2])


def test_an_answer_that_becomes_known_moves_the_space(
    client: FlaskClient, con: Connection, spaces: dict[str, str], now: datetime
) -> None:
    edit_space(con, SYSTEM, spaces["open"], {"toilets": True}, now)
    assert set(listed(client, REPAIR)) == {spaces["fits"], spaces["open"]}
    assert "Two fit." in text(client.get(f"/match?{REPAIR}"))
    edit_space(con, SYSTEM, spaces["open"], {"toilets": False}, now)
    assert listed(client, REPAIR) == [spaces["fits"]]


def test_a_question_is_a_feed_of_what_fits_and_names_nothing_that_does_not(
    client: FlaskClient, spaces: dict[str, str]
) -> None:
    answer = client.get(f"/match.atom?{REPAIR}")
    feed = ElementTree.fromstring(answer.data)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = {entry.findtext(f"{atom}title"): entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")}
    assert set(entries) == {"The fits", "The open"}
    assert len(set(entries.values())) == 2
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/match.atom?{REPAIR}", headers=tag).status_code == 304
    assert not list(ElementTree.fromstring(client.get("/match.atom").data).iter(f"{atom}entry"))


def test_an_address_of_five_hundred_parts_is_answered_in_a_few_sentences(
    client: FlaskClient, spaces: dict[str, str]
) -> None:
    strange = "&".join(f"part{i}={i}" for i in range(500))
    page = client.get(f"/match?use=workshop&has=moat,drawbridge&{strange}").text
    said = re.findall(r"We do not (?:know|understand)[^<]+", html.unescape(page))
    assert len(said) == 2, said
    assert "“moat”, “drawbridge” for what must be there" in said[0]
    assert "what 118 parts of this address ask, and left them out: “part0”, “part1”, " in said[1]
    assert "“part4 …”." in said[1]
    assert "This address asks more than 120 things." in page
    form = html.unescape(client.get(f"/match?{strange}").text)
    assert len(re.findall(r"We do not know", form)) == 1
