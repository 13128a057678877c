"""Temporary uses for everybody: list, page, files, map layer; a space's page; and what troubles the neighbours."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.agreements import Afterlife
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.organisations import edit_organisation
from tempuse.registry.permits.showing import show_use
from tempuse.registry.permits.using import write_afterlife
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import permits
from tempuse.store import reports as report_rows
from tempuse.store.engine import Connection, Register
from tempuse.terms import Hours
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, an_outline
from tests.forms import form_of
from tests.office import a_signed_in_client
from tests.permitting import bring_back, running, terms
from web import create_app

DAYS = (date(2026, 11, 1), date(2027, 3, 31))


@pytest.fixture
def clock(now: datetime) -> list[datetime]:
    """The instant it is; a test may turn it on."""
    return [now]


@pytest.fixture
def app(register: Register, clock: list[datetime]) -> Flask:
    return create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: clock[0])


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    """A hall of the city, in a district."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    return add_space(con, SYSTEM, a_space(geometry=an_outline(), floor_area_m2=130.0), now)


@pytest.fixture
def use(con: Connection, hall: str, now: datetime) -> str:
    """A use that runs, of a group that everybody may name."""
    ref = running(con, now, [hall], terms(*DAYS, open_to_public=True), on=now.date(), title="Repair café")
    show_use(con, SYSTEM, ref, now, unlisted=False, location_level=None, purpose_released="Mending for all")
    holder = str(permits.get(con, ref).holder_ref)
    con.rollback()
    edit_organisation(con, SYSTEM, holder, {"name_public": True, "url": "https://repair.example"}, now)
    return ref


def said(answer: Any) -> str:
    """What a page says."""
    assert answer.status_code == 200, answer.status_code
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_list_has_what_runs_and_what_is_over(client: FlaskClient, con: Connection, use: str, now: datetime) -> None:
    page = said(client.get("/uses"))
    assert "1 use is running" in page
    assert "Running until 31 March 2027 Repair café" in page
    assert "0 uses are over" in said(client.get("/uses?show=ended"))
    bring_back(con, use, now, now.date())
    assert "0 uses are running" in said(client.get("/uses"))
    assert "1 use is over" in said(client.get("/uses?show=ended"))


def test_the_page_of_a_use_tells_its_story(
    client: FlaskClient, con: Connection, use: str, hall: str, now: datetime
) -> None:
    page = said(client.get(f"/uses/{use}"))
    for each in ("Running until 31 March 2027", "Repair café", "Mending for all", "1 November 2026 to 31 March 2027",
                 "Fish auction hall", "Old Docks", "Open to everybody Yes", "Tell us of noise"):  # fmt: skip
        assert each in page, each
    assert client.get(f"/uses/{use.lower()}").status_code == 301
    assert client.get("/uses/PM-0099").status_code == 404
    shed = add_space(con, SYSTEM, a_space(name="Boat shed", geometry=a_place(0.01)), now)
    bring_back(con, use, now, now.date())
    write_afterlife(con, SYSTEM, use, now, Afterlife(outcome="moved", moved_to_ref=shed))
    page = said(client.get(f"/uses/{use}"))
    for each in ("Over since 23 November 2026", "It goes on elsewhere.", "Boat shed"):
        assert each in page, each
    assert "Tell us of noise" not in page


def test_hours_are_told_in_words(client: FlaskClient, con: Connection, hall: str, now: datetime) -> None:
    rows = (
        Hours(weekdays=0b1010, from_minute=1140, until_minute=1320),
        Hours(weekdays=0b10_0000, from_minute=540, until_minute=720, nth_in_month=-1),
        Hours(weekdays=0b100_0000, from_minute=600, until_minute=1440, every_weeks=2),
    )
    ref = running(con, now, [hall], terms(*DAYS, hours=rows, except_on=(date(2026, 12, 24),)), on=now.date())
    page = said(client.get(f"/uses/{ref}"))
    for each in ("Tuesday and Thursday, 19:00 to 22:00.", "The last Saturday of each month, 09:00 to 12:00.",
                 "Sunday every two weeks, 10:00 to 24:00.", "Not on 24 December 2026."):  # fmt: skip
        assert each in page, each
    assert "In temporary use" not in said(client.get(f"/spaces/{hall}")), "its hours leave it free"


def test_a_use_of_which_little_may_be_known(
    client: FlaskClient, con: Connection, use: str, hall: str, now: datetime
) -> None:
    edit_space(con, SYSTEM, hall, {"location_level": "district"}, now)
    page = said(client.get(f"/uses/{use}"))
    assert "Workshop in Old Docks" in page
    assert "2026 to 2027" in page
    assert not any(each in page for each in ("Repair", "Mending", "March", "Fish auction"))
    assert client.get(f"/uses/{use}.ics").status_code == 404


def test_the_page_of_a_space_says_who_is_there_and_until_when(client: FlaskClient, use: str, hall: str) -> None:
    page = said(client.get(f"/spaces/{hall}"))
    for each in ("In temporary use until 31 March 2027", "It is free again from 1 April", "Used by: Repair café",
                 "Who is here and who was here", "1 November 2026 to 31 March 2027 Repair café"):  # fmt: skip
        assert each in page, each
    shown = client.get("/map/view?box=3.6,51.0,3.8,51.1&zoom=15").json
    assert shown["spaces"][0]["outlook"] == "used"
    assert client.get("/spaces.geojson?outlook=used").json["features"][0]["properties"]["used_by_ref"] == use
    assert client.get("/spaces.geojson?from=2027-03-31").json["features"] == []


def test_running_uses_are_a_layer_of_the_map(client: FlaskClient, con: Connection, use: str, now: datetime) -> None:
    found = client.get("/map/uses?box=3.6,51.0,3.8,51.1").json["features"]
    assert [each["properties"]["title"] for each in found] == ["Repair café"]
    assert client.get("/map/uses?box=4.6,51.0,4.8,51.1").json["features"] == []
    page = client.get("/").get_data(as_text=True)
    assert "data-uses" in page
    assert 'href="/uses"' in page


@pytest.mark.parametrize("name", ["geojson", "gpkg", "fgb", "shp.zip", "kml", "kmz", "csv", "xlsx", "ods"])
def test_uses_come_in_every_format(
    client: FlaskClient, con: Connection, use: str, hall: str, now: datetime, name: str
) -> None:
    points = [add_space(con, SYSTEM, a_space(geometry=a_place(0.01 * number)), now) for number in (1, 2)]
    running(con, now, points, terms(*DAYS), on=now.date(), title="Two stalls")
    coarse = add_space(con, SYSTEM, a_space(location_level="hidden"), now)
    running(con, now, [coarse], terms(*DAYS), on=now.date(), title="Never told")
    answer = client.get(f"/uses.{name}", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    body = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(each) for each in archive.namelist())
    body = body.replace(b"&#233;", "é".encode())  # XML may have it either way
    assert "Repair café".encode() in body
    assert b"Two stalls" in body
    assert b"Never told" not in body


def test_one_use_as_geojson(client: FlaskClient, use: str, hall: str) -> None:
    answer = client.get(f"/uses/{use}.geojson")
    assert answer.mimetype == "application/geo+json"
    feature = orjson.loads(answer.get_data())
    assert (feature["id"], feature["properties"]["space_refs"], feature["geometry"]["type"]) == (use, [hall], "Polygon")


# ---- what troubles the neighbours -----------------------------------------------------------------------------


def tell(client: FlaskClient, clock: list[datetime], page: str, **changes: str) -> Any:
    """Open the form, take a minute over it, send it."""
    form = form_of(client.get(page).text, "form_token")
    clock[0] += timedelta(minutes=1)
    return client.post("/report", data={**form, **changes}, headers={"Origin": "http://localhost"})


def test_noise_reaches_the_office_with_a_day_for_the_answer(
    client: FlaskClient, con: Connection, use: str, hall: str, clock: list[datetime]
) -> None:
    page = said(client.get(f"/report?use={use}"))
    assert "The group and the owner never hear who sent it." in page
    assert page.index("Call 112") < page.index("What do you want to tell us?")
    mail = {"contact": "jo.vermeer@example.org", "contact_consent": "yes"}
    sent = tell(client, clock, f"/report?use={use}", kind="nuisance", text="Drums until two", **mail)
    assert "You hear from us by 7 December 2026" in said(client.get(sent.headers["Location"]))
    (report,) = report_rows.of_uses(con, [use])
    con.rollback()
    assert (report.kind, report.use_ref, report.space_ref, report.text) == ("nuisance", use, hall, "Drums until two")
    for address in (f"/uses/{use}", f"/uses/{use}.geojson", f"/spaces/{hall}", "/uses.csv"):
        assert "Drums" not in client.get(address).get_data(as_text=True)


def test_trouble_without_a_word_is_sent_back(client: FlaskClient, use: str, clock: list[datetime]) -> None:
    answer = tell(client, clock, f"/report?use={use}", kind="nuisance", text="")
    assert answer.status_code == 422
    assert "Tell us what is wrong." in answer.text


def test_danger_comes_first(client: FlaskClient, app: Flask, use: str, hall: str, clock: list[datetime]) -> None:
    assert tell(client, clock, f"/report?space={hall}", kind="wrong", text="The name").status_code == 302
    sent = tell(client, clock, f"/report?use={use}", kind="danger", text="A beam hangs loose")
    page = said(client.get(sent.headers["Location"]))
    assert page.index("Call 112") < page.index("Thank you")
    queue = said(a_signed_in_client(app).get("/office/reports"))
    assert queue.index("Danger: ") < queue.index("Something is wrong")


def test_nobody_reports_a_use_that_is_not_public(client: FlaskClient, con: Connection, use: str, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"uses_public_from": "never"}, now)
    assert use not in said(client.get(f"/report?use={use}"))
    assert "Tell us about an empty place" in said(client.get(f"/report?use={use}"))
