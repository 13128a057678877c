"""What the open data say of themselves: fields in words, how many there are, a schema that our own files keep to."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from flask.testing import FlaskClient

from tempuse.io.write.columns import PUBLIC_COLUMNS
from tempuse.store.engine import Connection
from tempuse.wanted import Wanted
from tests import town
from tests.needing import a_need, shown


@pytest.fixture
def people(con: Connection, client: FlaskClient, now: datetime) -> FlaskClient:
    """A visitor of the town."""
    town.build(con, now)
    con.rollback()
    return client


def given(client: FlaskClient, address: str) -> bytes:
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return answer.get_data()


@pytest.mark.parametrize("name", PUBLIC_COLUMNS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_field_and_every_value_has_words(people: FlaskClient, name: str, language: str) -> None:
    page = people.get(f"/data/{name}", headers={"Accept-Language": language}).text
    rows = re.findall(r'<tr id="(\w+)">(.*?)</tr>', page, re.DOTALL)
    assert [row[0] for row in rows] == [column.name for column in PUBLIC_COLUMNS[name]]
    for column, (_, row) in zip(PUBLIC_COLUMNS[name], rows, strict=True):
        said = re.search(r"<td[^>]*><div>\s*([^<\n]+)", row)
        assert said, column.name
        assert said[1].strip(" .")
        assert re.findall(r"<li><code>(.*?)</code>", row) == [term.value for term in column.of or ()]
    if language == "nl":
        assert "Vloeroppervlakte" in page or name != "spaces"


def test_what_is_sent_of_a_need_is_told(people: FlaskClient) -> None:
    known = {column.name for column in PUBLIC_COLUMNS["needs"]}
    for feature in json.loads(given(people, "/needs.geojson"))["features"]:
        assert set(feature["properties"]) <= known


def fits(field: dict[str, Any], text: str) -> bool:
    """Whether a cell is what its field in the schema says."""
    limits = field.get("constraints", {})
    if text == "":
        return True
    match field["type"]:
        case "boolean":
            return text in (*field["trueValues"], *field["falseValues"])
        case "integer" | "number":
            value = int(text) if field["type"] == "integer" else float(text)
            return limits.get("minimum", value) <= value <= limits.get("maximum", value)
        case "date":
            return date.fromisoformat(text).isoformat() == text
        case "object":
            return isinstance(json.loads(text), (dict, list))
    if "pattern" in limits and not re.fullmatch(limits["pattern"], text):
        return False
    return text in limits.get("enum", [text])


@pytest.mark.parametrize("name", PUBLIC_COLUMNS)
def test_our_own_csv_keeps_to_its_schema(people: FlaskClient, name: str) -> None:
    schema = json.loads(given(people, f"/{name}.schema.json"))
    rows = list(csv.DictReader(io.StringIO(given(people, f"/{name}.csv").decode("utf-8-sig"))))
    fields = {field["name"]: field for field in schema["fields"]}
    assert len(fields) == len(schema["fields"])
    assert [*rows[0]] == [*fields] if rows else True
    assert [(column, row[column]) for row in rows for column in row if not fits(fields[column], row[column])] == []
    assert all(field.get("title") for column, field in fields.items() if column not in ("lon", "lat", "WKT"))


def test_what_groups_look_for_is_a_table_too_for_programs_and_for_people(
    con: Connection, client: FlaskClient, now: datetime
) -> None:
    asked = Wanted(uses=("workshop", "food"), area_least_m2=60, area_most_m2=120)
    need = a_need(asked, title="Room for a repair café", audience="public")
    ref = shown(con, now, need)
    (feature,) = json.loads(given(client, "/needs.geojson"))["features"]
    (row,) = csv.DictReader(io.StringIO(given(client, "/needs.csv").decode("utf-8-sig")))
    told = {name: "|".join(value) if isinstance(value, list) else str(value)
            for name, value in feature["properties"].items()}  # fmt: skip
    assert {name: text for name, text in row.items() if text} == told
    assert (row["ref"], row["title"], row["lon"], row["WKT"]) == (ref, "Room for a repair café", "", "")
    for language, heads in (("en", ["Reference", "Name"]), ("nl", ["Referentie", "Naam"])):
        book = openpyxl.load_workbook(io.BytesIO(given(client, f"/needs.xlsx?for=people&language={language}")))
        (first, values), (names, _) = ([*sheet.values] for sheet in book)
        assert [*first[:2]] == heads
        assert values[:2] == (ref, "Room for a repair café")
        assert "50–200" in values, values
        assert names[0] == "ref"
    assert "Werkplaats" in str(values)
    page = client.get("/data").text
    assert 'href="/needs.xlsx?for=people&amp;language=en"' in page
    assert "/needs.schema.json" in page


def test_a_schema_speaks_the_language_that_is_asked_for(people: FlaskClient) -> None:
    fields = json.loads(given(people, "/spaces.schema.json?language=nl"))["fields"]
    titles = {field["name"]: field.get("title") for field in fields}
    assert titles["floor_area_m2"] == "Vloeroppervlakte"
    assert next(field["unit"] for field in fields if field["name"] == "floor_area_m2") == "m2"


def test_the_page_says_how_many_and_its_example_gives_something(people: FlaskClient) -> None:
    page = html.unescape(people.get("/data").text)
    features = json.loads(given(people, "/spaces.geojson"))["features"]
    ended = sum(each["properties"]["status"] == "retired" for each in features)
    assert 0 < ended < len(features)
    assert f"<span>{len(features)}. {ended} of them " in page
    (example,) = re.findall(r'href="(/spaces\.geojson\?kind=[^"]+)"', page)
    assert json.loads(given(people, example))["features"]
    for address in re.findall(r'href="(/areas\.[^"]+)"', page):
        assert given(people, address)
    districts = json.loads(given(people, "/areas.geojson?kind=district"))["features"]
    assert {each["properties"]["kind"] for each in districts} == {"district"}


def test_an_empty_register_shows_no_example(client: FlaskClient) -> None:
    assert "An example" not in client.get("/data").text


def test_the_style_of_qgis_is_a_file(people: FlaskClient) -> None:
    for language, word in (("en", "Free now or soon"), ("nl", "Nu of binnenkort vrij")):
        root = ElementTree.fromstring(given(people, f"/spaces.qml?language={language}"))
        assert word in [rule.get("label") for rule in root.iter("rule")]
    assert b'href="/spaces.qml' in given(people, "/data")
