"""The report of an import in the browser: alike notices are one line, and what a press or a word can mend is mended."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client
from tests.web.test_office_import import as_csv, begin, checked, held, key_of, plain, press, send_columns


@pytest.fixture
def client(app: Flask, con: Connection, now: object) -> FlaskClient:
    """A planner who has just signed in, in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, now)  # type: ignore[arg-type]
    return a_signed_in_client(app)


def report(client: FlaskClient, key: str) -> str:
    return client.get(f"/office/import/{key}/check").text


def field_of(page: str, label: str) -> str:
    """The name of the field that stands behind a label."""
    found = re.search(rf'<label for="([^"]+)">{re.escape(label)}</label>', page)
    assert found, plain(page)
    return found[1]


def word(page: str, label: str, text: str) -> dict[str, str]:
    """What a browser sends when one field of the report was written in."""
    name = field_of(page, label)
    hidden = dict(re.findall(rf'<input type="hidden" name="({name}-[a-z]+)" value="([^"]*)">', page))
    return {name: text, **hidden}


def test_a_sign_before_decimals_is_said_by_one_press(client: FlaskClient, con: Connection) -> None:
    rows = [["Store", "1 Quay", "1.250 kg/m2", 51.05, 3.72], ["Shed", "2 Quay", "2.400 kg/m2", 51.06, 3.73]]
    key = checked(client, as_csv(rows, ["Name", "Address", "Floor load kg/m2", "Lat", "Lon"]), within="3,51,4,52")
    page = report(client, key)
    assert re.search(r'<button [^>]*name="decimal" value=",">“1.250 kg/m2” is 1,250<', page), plain(page)
    press(client, key, "mend", decimal=",")
    press(client, key, "merge")
    assert sorted(space.floor_load_kg_m2 for space in held(con).values()) == [1250, 2400]


def test_a_text_is_read_as_a_person_says_and_again_next_year(client: FlaskClient, con: Connection) -> None:
    head = ["Ref", "Name", "Vacant since", "Heating", "Lat", "Lon"]
    rows = [[f"A{i}", f"Store {i}", "31.02.2023", "partly", 51.05, 3.7 + i / 100] for i in range(1, 4)]
    key = checked(client, as_csv(rows, head))
    page = report(client, key)
    assert "3 rows Vacant since “31.02.2023”" in plain(page)
    assert "Rows 2, 3, 4: “31.02.2023”" in plain(page)
    said = word(page, "Instead of “31.02.2023”, read", "2023-02-28") | word(page, "“partly” means", "yes")
    press(client, key, "mend", **said)
    page = report(client, key)
    assert "We noticed nothing odd" in plain(page)
    assert 'value="2023-02-28"' in client.get(f"/office/import/{key}/columns").text  # where it can be taken back
    press(client, key, "merge")
    found = held(con)
    assert {(str(space.vacant_since), space.heating) for space in found.values()} == {("2023-02-28", True)}
    key = checked(client, as_csv(rows, head), again="vacant")
    assert "Everything in this list is in the register already" in plain(report(client, key))


def test_what_was_said_of_a_text_is_taken_back_at_the_columns(client: FlaskClient) -> None:
    key = checked(client, as_csv([["Store", "partly", 51.05, 3.72]], ["Name", "Heating", "Lat", "Lon"]))
    press(client, key, "mend", **word(report(client, key), "“partly” means", "yes"))
    page = client.get(f"/office/import/{key}/columns").text
    said = dict(re.findall(r'<input type="hidden" name="(word-0-[a-z]+)" value="([^"]*)">', page))
    send_columns(client, key, "check", **{"word-0": "", **said})
    assert "“partly” means" in plain(report(client, key))


def test_a_proposed_address_a_place_and_a_row_left_behind_are_one_press_each(
    client: FlaskClient, con: Connection
) -> None:
    addresses = as_csv([["Mill Lane 4", 3.72, 51.05], ["Quay 1", 3.73, 51.06]], ["Address", "Lon", "Lat"])
    rows = [
        ["Store", "Mil Lane 4", 80, 2],
        ["Shed", "Somewhere", 90, 3],
        ["Total", "", 170, ""],
        ["Hut", "Quay 1", 5, 1],
    ]
    key = checked(
        client, as_csv(rows, ["Name", "Address", "Area", "Storey"]), addresses=(io.BytesIO(addresses), "addresses.csv")
    )  # fmt: skip
    page = report(client, key)
    assert "Bring in 3 spaces" in plain(page)
    press(client, key, "mend", near="2")
    press(client, key, "mend", spaces="4")
    page = report(client, key)
    assert "Placed at Mill Lane 4, as was chosen." in plain(page)
    assert field_of(page, "Where row 3 is") == "place-3"
    answer = press(client, key, "mend", **{"place-3": "nowhere"})
    assert answer.status_code == 422
    press(client, key, "mend", **{"place-3": "51.07, 3.74"})
    page = report(client, key)
    assert (
        "As you said: 1 row is brought in that looked like none, 1 proposed place is taken and 1 row got its place."
        in plain(page)
    )
    press(client, key, "mend", by_hand="none")
    assert "Bring in 3 spaces" in plain(report(client, key))
    press(client, key, "mend", near="2", **{"place-3": "51.07, 3.74"})
    press(client, key, "merge")
    found = {space.name: space for space in held(con).values()}
    assert set(found) == {"Store", "Shed", "Hut"}
    places = {name: (space.geometry.x, space.geometry.y, space.placed_by) for name, space in found.items()}
    assert places["Store"] == (3.72, 51.05, "address")
    assert places["Shed"] == (3.74, 51.07, "planner")


def test_what_a_link_shows_of_a_map_is_taken_by_one_press(client: FlaskClient, con: Connection) -> None:
    link = "https://www.openstreetmap.org/#map=17/51.05/3.72"
    key = checked(client, as_csv([["Store", link], ["Shed", link.replace("3.72", "3.73")]], ["Name", "Google Maps"]))
    page = report(client, key)
    assert "It may be at 51.05, 3.72: one press under Places." in plain(page)
    assert "Place it there" in plain(page)
    press(client, key, "mend", near="2")
    assert "Placed at 51.05, 3.72, as was chosen." in plain(report(client, key))
    press(client, key, "merge")
    found = {space.name: space for space in held(con).values()}
    assert (found["Store"].geometry.x, found["Store"].placed_by) == (3.72, "planner")
    assert found["Shed"].geometry is None
    page = client.get(f"/office/places?only={found['Shed'].ref}").text
    assert "The list says about where it is: 51.05, 3.73" in plain(page)


def test_a_system_of_coordinates_that_fits_is_chosen_by_one_press(client: FlaskClient, con: Connection) -> None:
    rows = [["Store", 333500, 374000], ["Shed", 333900, 374300]]  # Belfast, or at sea near Liverpool
    key = checked(client, as_csv(rows, ["Name", "X", "Y"]), within="GB")
    page = report(client, key)
    assert "several answers fit" in plain(page)
    assert "EPSG:29903" in re.findall(r'name="crs" value="([^"]+)"', page)
    press(client, key, "mend", crs="EPSG:29903")
    assert "2 new" in plain(report(client, key))
    press(client, key, "merge")
    assert all(abs(space.geometry.y - 54.6) < 0.1 for space in held(con).values())


def test_the_report_that_stays_leads_from_each_row_to_its_space(client: FlaskClient, con: Connection) -> None:
    rows = [["A1", "Store", "1.2.3", "", ""], ["A2", "Shed", "1.2.4", 51.05, "no"], ["A3", "Hut", "9", 51.05, 3.72]]
    key = checked(client, as_csv(rows, ["Ref", "Name", "Area", "Lat", "Lon"]))
    press(client, key, "merge")
    found = held(con)
    page = client.get("/office/imports/IM-0001").text
    for ref in ("A1", "A2"):
        assert f'href="/office/spaces/{found[ref].ref}">' in page
    assert f'href="/office/places?only={found["A2"].ref}">Put it on the map</a>' in page
    assert "Mend and check anew" not in page


def test_what_the_columns_of_a_list_of_addresses_are_is_said_at_the_columns(
    client: FlaskClient, con: Connection
) -> None:
    addresses = as_csv([["Quay", 1, 51.05, 3.72], ["Quay", 2, 51.06, 3.73]], ["STR_A", "STR_B", "GEO_A", "GEO_B"])
    content = as_csv([["Store", "Quay 1"], ["Shed", "Quay 2"]], ["Name", "Address"])
    key = key_of(begin(client, content, addresses=(io.BytesIO(addresses), "addresses.csv")))
    send_columns(client, key, "check")
    page = client.get(f"/office/import/{key}", follow_redirects=True)
    assert page.status_code == 422
    assert "has no addresses with places" in plain(page.text)
    assert "What the columns of the list of addresses are" in plain(page.text)
    said = {"address-0": "street", "address-1": "house_number", "address-2": "lat", "address-3": "lon"}
    send_columns(client, key, "check", **said)
    assert "2 spaces were placed by their address." in plain(report(client, key))
    press(client, key, "merge")
    assert sorted(space.geometry.x for space in held(con).values()) == [3.72, 3.73]


@pytest.mark.parametrize("rows", ["9" * 5000, "9" * 400, "²", "٣", "-2", "2;3", "zzz", ",,,"])
def test_rows_that_there_are_not_are_passed_over(client: FlaskClient, con: Connection, rows: str) -> None:
    key = checked(client, as_csv([["Store", 51.05, 3.72]], ["Name", "Lat", "Lon"]))
    sent = press(client, key, "mend", spaces=rows, near=rows, **{f"place-{rows}": "51.06, 3.73"})
    assert sent.status_code == 302, sent.text
    press(client, key, "merge")
    assert len(held(con)) == 1


def test_a_mistyped_place_keeps_what_else_was_written(client: FlaskClient, con: Connection) -> None:
    rows = [["Store", "1 Quay", "31.02.2023", "partly", "", ""], ["Shed", "2 Quay", "2020-01-01", "yes", "here", "?"],
            ["Hall", "3 Quay", "2020-01-01", "yes", 51.05, 3.72]]  # fmt: skip
    key = checked(client, as_csv(rows, ["Name", "Address", "Vacant since", "Heating", "Lat", "Lon"]), within="BE")
    page = report(client, key)
    day, answer = word(page, "Instead of “31.02.2023”, read", "2023-02-28"), word(page, "“partly” means", "yes")
    refused = press(client, key, "mend", **day, **answer, **{"place-2": "51.06, 3.73", "place-3": "by the  bridge"})
    assert refused.status_code == 422
    shown = refused.text
    assert "what else you wrote still stands there" in plain(shown)
    assert re.search(r'name="word-\d+" value="2023-02-28"', shown)
    assert '<option value="yes" selected>' in shown
    assert re.search(r'name="place-3" value="by the  bridge" aria-invalid="true"', shown)
    assert "We cannot read this as a place." in plain(shown)
    assert not held(con)
    press(
        client,
        key,
        "mend",
        **day,
        **answer,
        **{"place-2": "51.06, 3.73", "place-3": "https://maps.google.com/?q=51.07,3.74"},
    )
    press(client, key, "merge")
    found = {space.name: space for space in held(con).values()}
    assert (found["Shed"].geometry.y, found["Store"].heating) == (51.07, True)
    assert str(found["Store"].vacant_since) == "2023-02-28"


def test_a_place_is_asked_again_on_the_page_where_it_was_mistyped(client: FlaskClient) -> None:
    rows = [[f"Store {i}", f"{i} Quay", "here", "?"] for i in range(1, 41)]
    key = checked(client, as_csv([*rows, ["Hall", "", 51.05, 3.72]], ["Name", "Address", "Lat", "Lon"]), within="BE")
    refused = press(client, key, "mend", kind="1", page="2", **{"place-40": "51.06; north", "place-39": "51.06, 3.73"})
    assert refused.status_code == 422
    assert 'name="place-40" value="51.06; north" aria-invalid="true"' in refused.text
    assert 'name="place-39" value="51.06, 3.73"' in refused.text
