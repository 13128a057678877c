"""The home page without a browser: what the server answers, on both engines."""

from __future__ import annotations

import re
from datetime import datetime

import orjson
import pytest
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.store.engine import Connection
from tests import town
from tests.builders import a_place, a_space

TOWN_BOX = "3.69,51.03,3.75,51.08"


@pytest.fixture
def people(con: Connection, client: FlaskClient, now: datetime) -> FlaskClient:
    """A visitor of the town."""
    town.build(con, now)
    con.rollback()
    return client


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def chips(answer) -> dict[str, tuple[str, str]]:
    """Each chip's state and words."""
    found = re.findall(
        r'value="([a-z]+:[^"]*)" data-key="[^"]*" aria-pressed="(\w+)">(.*?)</button>',
        answer.get_data(as_text=True),
        re.S,
    )
    return {key: (on, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words)).strip()) for key, on, words in found}


def test_the_heading_says_how_many_spaces_fit_and_how_many_are_free(people: FlaskClient) -> None:
    said = text(people.get("/?has=water"))
    assert "14 spaces with water" in said
    assert "8 are free now or soon." in said
    assert "Clear filter" in said


def test_a_chip_says_what_pressing_it_gives(people: FlaskClient) -> None:
    before = chips(people.get("/"))
    for key in ("kind:plot", "has:heating", "has:water", "use:workshop", "size:1", "free:now"):
        group, _, value = key.partition(":")
        promised = int(before[key][1].split()[-1])
        given = re.search(r"<h1[^>]*>(\d+)?", people.get(f"/list?{group}={value}").get_data(as_text=True))
        assert int(given[1] or 0) == promised, key


def test_a_pressed_chip_leads_to_the_address_it_means_and_keeps_the_rest(people: FlaskClient) -> None:
    answer = people.get("/?has=water&map=13/51.05/3.72&press=kind:plot")
    assert answer.status_code == 303
    assert answer.location == "/?kind=plot&has=water&map=13/51.05000/3.72000"
    back = people.get(answer.location + "&press=kind:plot")
    assert back.location == "/?has=water&map=13/51.05000/3.72000"


NONSENSE = (
    "press=has:moon", "press=x", "press=size:99", "has=moon", "map=nan/1/2", "map=1e400/1/2", "box=a,b", "page=999999",
    "size=x", "zoom=-1", "from=2026-13-01", "chosen=SP-9", "district=nowhere", "box=nan,nan,nan,nan",
)  # fmt: skip


def test_an_address_that_makes_no_sense_still_shows_a_page(people: FlaskClient) -> None:
    for nonsense in NONSENSE:
        for path in ("/", "/list", "/find", "/map/view", "/map/areas", "/map/open"):
            assert people.get(f"{path}?{nonsense}", follow_redirects=True).status_code == 200, (path, nonsense)


@pytest.mark.both_engines
def test_list_and_map_show_the_same_spaces(people: FlaskClient) -> None:
    for question in ("", "&has=water", "&kind=unit&outlook=free", "&use=workshop"):
        view = orjson.loads(people.get(f"/map/view?box={TOWN_BOX}&zoom=19{question}").data)
        listed: set[str] = set()
        page = 1
        while True:
            rows = re.findall(
                r'data-ref="(SP-\d+)"', people.get(f"/list?box={TOWN_BOX}&page={page}{question}").get_data(as_text=True)
            )
            if not rows:
                break
            listed |= set(rows)
            page += 1
        drawn = {space["ref"] for space in view["spaces"]}
        assert drawn == listed
        assert view["total"] == len(listed)


def test_the_list_begins_with_the_nearest_and_goes_on_page_by_page(people: FlaskClient) -> None:
    first = people.get("/list?map=14/51.05/3.72").get_data(as_text=True)
    rows = re.findall(r'data-ref="(SP-\d+)"', first)
    assert rows[0] == town.HALL
    assert len(rows) == 30
    assert "Show 5 more" in first
    second = people.get("/list?map=14/51.05/3.72&page=2").get_data(as_text=True)
    more = re.findall(r'data-ref="(SP-\d+)"', second)
    assert len(more) == 5
    assert not set(rows) & set(more)
    assert "Show" not in re.findall(r'class="list-foot".*', second, re.S)[0].split("list-files")[0]


def test_a_chosen_space_stands_in_the_first_page_and_never_twice(people: FlaskClient) -> None:
    last = re.findall(r'data-ref="(SP-\d+)"', people.get("/list?page=2").get_data(as_text=True))[-1]
    first = re.findall(r'data-ref="(SP-\d+)"', people.get(f"/list?chosen={last}").get_data(as_text=True))
    second = re.findall(r'data-ref="(SP-\d+)"', people.get(f"/list?chosen={last}&page=2").get_data(as_text=True))
    assert first[0] == last
    assert last not in second


def test_spaces_without_a_place_are_named_below_the_map_list(people: FlaskClient) -> None:
    answer = people.get(f"/list?box={TOWN_BOX}&has=water")
    assert "1 more has no place on the map" in text(answer)
    link = re.search(r'href="(/find\?[^"]*place=none)"', answer.get_data(as_text=True))[1].replace("&amp;", "&")
    assert "Room without a place" in text(people.get(link))


def test_where_nothing_fits_the_page_says_what_nearly_does(people: FlaskClient) -> None:
    said = text(people.get("/?has=water,heating&kind=plot"))
    assert "No space fits yet" in said
    assert "do without heating" in said
    assert re.search(r"Show (these \d+|it)", said)


def test_where_nothing_is_in_view_the_page_points_elsewhere(people: FlaskClient) -> None:
    said = text(people.get("/list?box=10,10,11,11"))
    assert "do elsewhere on the map" in said


def test_an_empty_register_says_so(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "The register is empty so far" in text(answer)


def test_a_row_says_state_name_size_and_cost(people: FlaskClient) -> None:
    said = text(people.get("/list?outlook=free")) + text(people.get("/list?outlook=used"))
    assert "Free from 1 March Fish auction hall Building, 640 m², Tannery Running costs, about €310 a month" in said
    assert "In temporary use until 30 June Sailmaker’s loft" in said
    assert "By the Sea Scouts, since May" in said
    assert "A workshop in Tannery Unit, 50 to 100 m², Tannery The owner shows only the area" in said


@pytest.mark.both_engines
def test_nothing_that_is_withheld_is_in_any_answer(people: FlaskClient) -> None:
    for path in (
        "/",
        "/list",
        "/list?page=2",
        "/find",
        "/find?page=2",
        f"/map/view?box={TOWN_BOX}&zoom=18",
        "/map/areas",
    ):
        body = people.get(path).get_data(as_text=True)
        for secret in town.SECRETS:
            assert secret not in body, path


def test_downloads_ask_for_exactly_what_is_shown(people: FlaskClient) -> None:
    body = people.get(f"/list?box={TOWN_BOX}&has=water&kind=plot").get_data(as_text=True).replace("&amp;", "&")
    assert 'href="/spaces.geojson?kind=plot&has=water&box=3.690000,51.030000,3.750000,51.080000"' in body


def test_uses_that_are_not_chosen_keep_their_own_numbers(people: FlaskClient) -> None:
    found = chips(people.get("/?use=workshop"))
    assert found["use:workshop"] == ("true", "Workshop 2")
    assert found["use:garden"] == ("false", "Garden 1")


def test_a_filter_that_has_no_chip_shows_one_while_it_is_on(people: FlaskClient) -> None:
    ref = re.search(r'value="(AR-\d+)"[^>]*>Tannery', people.get("/find").get_data(as_text=True))[1]
    found = chips(people.get(f"/?district={ref}&from=2027-03-01&outlook=free&has=kitchen"))
    assert found["district:"][1].startswith("Tannery")
    assert found["from:"][1].startswith("Free by 1 March 2027")
    assert found["outlook:free"][0] == "true"
    assert found["has:kitchen"][0] == "true"
    assert people.get(f"/?district={ref}&press=district:").location == "/"


def test_a_citys_own_accent_colours_light_and_dark(con: Connection, people: FlaskClient, now: datetime) -> None:
    assert "prefers-color-scheme" not in people.get("/").get_data(as_text=True)
    setup.change_settings(con, SYSTEM, {"accent": "#7a1f5c"}, now)
    body = people.get("/").get_data(as_text=True)
    assert re.search(r'<style nonce="[^"]+">:root\{--accent:#7a1f5c;', body)
    assert "@media screen and (prefers-color-scheme:dark)" in body


@pytest.mark.both_engines
def test_the_map_and_the_list_take_in_a_change_at_once(con: Connection, people: FlaskClient, now: datetime) -> None:
    before = orjson.loads(people.get(f"/map/view?box={TOWN_BOX}&zoom=19").data)["total"]
    spaces.add_space(con, SYSTEM, a_space(name="New shed", geometry=a_place(0.0071, 0.0071)), now)
    assert orjson.loads(people.get(f"/map/view?box={TOWN_BOX}&zoom=19").data)["total"] == before + 1
    assert "New shed" in text(people.get("/list?map=16/51.0571/3.7271"))


def test_the_list_alone_opened_as_a_page_is_the_page(client: FlaskClient) -> None:
    opened = client.get("/list?use=workshop&box=1,2,3,4", headers={"Sec-Fetch-Dest": "document"})
    assert (opened.status_code, opened.location) == (302, "/?use=workshop&box=1,2,3,4")
    for answer in (opened, client.get("/list", headers={"Sec-Fetch-Dest": "empty"})):
        assert "Sec-Fetch-Dest" in answer.headers["Vary"]
