"""The office's rooms for spaces: the table, a space, its form, the queue of places."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.publication import Publisher
from tempuse.registry import adding, setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.settings import Settings
from tempuse.spaces import EDITABLE, SPACE_LIFECYCLE, Period, Space
from tempuse.store import published
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.store.events import of as events_of
from tempuse.vocabulary import AreaKind, Consent, Ownership, SpaceStatus
from tests.builders import a_district, a_place, a_space, an_outline
from tests.forms import form_of, send
from tests.office import PASSWORD, a_signed_in_client, post
from tests.services import Service
from web.office.spaces import fields, moves, visibility


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    return a_signed_in_client(app)


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    """A space with a value in every kind of field."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "national_crs": "EPSG:31370"}, now)
    space = a_space(
        address="2 Auction Quay", floor_area_m2=600.0, ceiling_height_cm=750, storey=0, power=True, heating=False,
        suitable_uses=("workshop", "event"), available_from=date(2027, 3, 1), shortest_term_days=60,
        longest_term_days=365, running_cost_month_cents=31050, parcel_refs=("A 12", "A 13"), rules="Quiet.\nNo fire.",
        owner_name="City of Rivermouth", internal_note="Ask the fire service.", checked_on=date(2026, 6, 12),
    )  # fmt: skip
    past = [Period(starts_on=date(2024, 5, 1), ends_on=date(2024, 9, 30), precision="month", title="Night market")]
    return spaces.add_space(con, SYSTEM, space, now, past=past)


def now_of(con: Connection, ref: str) -> Space:
    con.rollback()
    found = space_rows.get(con, ref)
    con.rollback()
    return found


# ---- the form there and back --------------------------------------------------------------------------------


def test_every_editable_field_stands_in_the_form(office: FlaskClient, hall: str) -> None:
    html = office.get(f"/office/spaces/{hall}/edit").text  # of boxes to tick a form sends only those that are
    missing = [name for name in EDITABLE if f'name="{name}"' not in html and name != "geometry"]
    assert missing == []


def test_a_form_that_is_sent_as_it_came_changes_nothing(con: Connection, office: FlaskClient, hall: str) -> None:
    before = now_of(con, hall)
    sent = send(office, f"/office/spaces/{hall}/edit", "seen", {})
    assert sent.status_code == 302
    assert now_of(con, hall) == before


CHANGES: list[tuple[str, Any, Any]] = [
    ("name", "Fish hall", "Fish hall"),
    ("name", "  ", None),
    ("floor_area_m2", "640", 640.0),
    ("floor_area_m2", "640,5", 640.5),
    ("floor_area_m2", "1 250", 1250.0),
    ("floor_area_m2", "", None),
    ("ceiling_height_cm", "3.2", 320),
    ("running_cost_month_cents", "1250,50", 125050),
    ("deposit_cents", "500", 50000),
    ("storey", "-1", -1),
    ("condition", "good", "good"),
    ("previous_use", "", None),
    ("power", "no", False),
    ("power", "", None),
    ("available_until", "2027-08-31", date(2027, 8, 31)),
    ("parcel_refs", "A 12; B 7", ("A 12", "B 7")),
    ("suitable_uses", ["shop", "event"], ("event", "shop")),
    ("rules", "One.\r\nTwo.", "One.\nTwo."),
    ("owner_do_not_contact", "yes", True),
    ("owner_email", "owner@example.org", "owner@example.org"),
    ("location_level", "cell", "cell"),
]


@pytest.mark.both_engines
def test_a_changed_field_is_saved_alone(con: Connection, office: FlaskClient, hall: str) -> None:
    for name, text, value in CHANGES:
        before = now_of(con, hall)
        sent = send(office, f"/office/spaces/{hall}/edit", "seen", {name: text})
        assert sent.status_code == 302, (name, text)
        after = now_of(con, hall)
        assert getattr(after, name) == value, (name, text)
        others = [each for each in EDITABLE if each != name and getattr(after, each) != getattr(before, each)]
        assert others == [], (name, text)


def test_a_stay_is_written_in_days_months_or_years(con: Connection, office: FlaskClient, hall: str) -> None:
    for number, unit, days in (("6", "month", 180), ("2", "year", 730), ("10", "day", 10), ("", "month", None)):
        changes = {"longest_term_days": number, "longest_term_days_unit": unit, "shortest_term_days": ""}
        assert send(office, f"/office/spaces/{hall}/edit", "seen", changes).status_code == 302
        assert now_of(con, hall).longest_term_days == days


def test_texts_and_values_are_the_same_there_and_back() -> None:
    space = a_space(
        floor_area_m2=1234567.25, plot_area_m2=0.5, ceiling_height_cm=275, cost_cents=1, deposit_cents=100_000,
        shortest_term_days=45, longest_term_days=3650, power=None, water=False, building_year=1931,
        geometry=an_outline(), suitable_uses=("shop",), consent_on=date(2026, 1, 2),
    )  # fmt: skip
    values, issues, _ = fields.values_of(fields.texts_of(space))
    assert issues == []
    for name, value in values.items():
        if name != "geometry":
            assert value == getattr(space, name), name
    assert values["geometry"].equals_exact(space.geometry, 1e-7)


MISFITS = [
    ("floor_area_m2", "1.250", "Dot or comma?"),
    ("floor_area_m2", "big", "Write a number"),
    ("floor_area_m2", "-5", "must lie between 0 and 10,000,000"),
    ("floor_area_m2", "640 m2 or so", "Write a number"),
    ("ceiling_height_cm", "900", "must lie between 0.5 and 200"),
    ("running_cost_month_cents", "1.005", "Dot or comma?"),
    ("deposit_cents", "1.0051", "two decimals"),
    ("storey", "1.5", "whole number"),
    ("building_year", "19", "must lie between 800 and 2,200"),
    ("available_until", "2027-02-01", "The end is before the start"),
    ("available_until", "soon", "Write the day like"),
    ("condition", "superb", "not one of the choices"),
    ("within_ref", "SP-0404", "no building of this reference"),
    ("owner_email", "owner.example.org", "has no @"),
    ("geometry", "behind the gasworks", "cannot read this as a place"),
    ("geometry", "48.85, 2.35", "lies outside Rivermouth"),
    ("geometry", "LINESTRING (3.7 51.05, 3.71 51.06)", "not a place"),
]


def test_what_does_not_fit_is_said_and_nothing_is_lost(con: Connection, office: FlaskClient, hall: str) -> None:
    before = now_of(con, hall)
    for name, text, said in MISFITS:
        sent = send(office, f"/office/spaces/{hall}/edit", "seen", {name: text, "description": "Typed with care."})
        assert sent.status_code == 422, (name, text)
        page = sent.text
        assert re.search(r"<title>\s*Error: ", page)
        assert said in page, (name, text)
        assert f'href="#{name}"' in page
        form = form_of(page, "seen")
        assert form[name] == text or name == "condition", "words stay; a choice that is none cannot"
        assert form["description"] == "Typed with care."
    assert now_of(con, hall) == before


@pytest.mark.both_engines
def test_a_place_may_be_written_in_national_coordinates_and_that_is_said(
    con: Connection, office: FlaskClient, hall: str
) -> None:
    sent = send(office, f"/office/spaces/{hall}/edit", "seen", {"geometry": "104800 193600"})
    assert sent.status_code == 302
    place = now_of(con, hall).geometry
    assert shapely.distance(place, shapely.Point(3.7197, 51.0505)) < 0.01
    assert "We read the numbers as national coordinates" in office.get(f"/office/spaces/{hall}").text


def test_the_map_reads_a_text_as_the_form_does(office: FlaskClient, hall: str) -> None:
    page = f"/office/spaces/{hall}/edit"
    good = post(office, "/office/spaces/place", {"text": "51.05, 3.72"}, page).json
    assert good == {"geometry": {"type": "Point", "coordinates": [3.72, 51.05]}, "wrong": False, "said": ""}
    bad = post(office, "/office/spaces/place", {"text": "nowhere"}, page).json
    assert bad["wrong"] is True
    assert "cannot read" in bad["said"]


def test_the_past_is_a_list_that_grows_and_shrinks_without_saving(
    con: Connection, office: FlaskClient, hall: str
) -> None:
    page = f"/office/spaces/{hall}/edit"
    grown = send(office, page, "seen", {"do": "add", "name": "Half typed"})
    form = form_of(grown.text, "seen")
    assert form["past-1-title"] == ""
    assert form["name"] == "Half typed"
    assert now_of(con, hall).name == "Fish auction hall"
    form |= {"past-1-title": "Boat school", "past-1-starts_on": "2025", "past-1-ends_on": "2026-10-31"}
    assert office.post(page, data=form).status_code == 302
    past = space_rows.periods_of(con, hall)
    con.rollback()
    assert [(p.title, p.starts_on, p.ends_on, p.precision) for p in past] == [
        ("Boat school", date(2025, 1, 1), date(2026, 10, 31), "year"),
        ("Night market", date(2024, 5, 1), date(2024, 9, 30), "month"),
    ]
    shrunk = send(office, page, "seen", {"do": "drop-0"})
    assert "past-1-title" not in form_of(shrunk.text, "seen")
    assert office.post(page, data=form_of(shrunk.text, "seen")).status_code == 302
    assert [period.title for period in space_rows.periods_of(con, hall)] == ["Night market"]


def test_a_wrong_day_in_the_past_is_said_beside_it(office: FlaskClient, hall: str) -> None:
    changes = {"past-0-starts_on": "May", "past-0-ends_on": "2023", "past-0-title": ""}
    sent = send(office, f"/office/spaces/{hall}/edit", "seen", changes)
    assert sent.status_code == 422
    assert 'href="#past-0-starts_on"' in sent.text
    assert 'href="#past-0-title"' in sent.text
    assert form_of(sent.text, "seen")["past-0-starts_on"] == "May"


# ---- two people at once -------------------------------------------------------------------------------------


@pytest.fixture
def rival(app: Flask) -> FlaskClient:
    return a_signed_in_client(app, "Bea Roos")


@pytest.mark.both_engines
def test_the_second_is_told_what_changed_and_nothing_is_overwritten(
    con: Connection, office: FlaskClient, rival: FlaskClient, hall: str
) -> None:
    page = f"/office/spaces/{hall}/edit"
    hers = form_of(rival.get(page).text, "seen")
    assert send(office, page, "seen", {"floor_area_m2": "640", "name": "Fish hall"}).status_code == 302
    told = rival.post(page, data={**hers, "floor_area_m2": "630", "description": "Bea’s words."})
    assert told.status_code == 409
    assert "Ilse Maes, 23 November, 09:30, set it to 640 m². You wrote 630 m²." in told.text
    assert "Ilse Maes, 23 November, 09:30, set it to Fish hall." in told.text
    assert (now_of(con, hall).floor_area_m2, now_of(con, hall).description) == (640.0, None)
    form = form_of(told.text, "seen")
    assert form["floor_area_m2"] == "630"
    assert form["description"] == "Bea’s words."
    assert form["name"] == "Fish hall"


@pytest.mark.both_engines
def test_one_press_saves_hers_on_top_and_keeps_what_only_the_other_touched(
    con: Connection, office: FlaskClient, rival: FlaskClient, hall: str
) -> None:
    page = f"/office/spaces/{hall}/edit"
    hers = form_of(rival.get(page).text, "seen")
    send(office, page, "seen", {"floor_area_m2": "640", "name": "Fish hall"})
    told = rival.post(page, data={**hers, "floor_area_m2": "630"})
    assert rival.post(page, data=form_of(told.text, "seen")).status_code == 302
    after = now_of(con, hall)
    assert (after.floor_area_m2, after.name) == (630.0, "Fish hall")


def test_who_looks_too_long_is_told_again(con: Connection, office: FlaskClient, rival: FlaskClient, hall: str) -> None:
    page = f"/office/spaces/{hall}/edit"
    hers = form_of(rival.get(page).text, "seen")
    send(office, page, "seen", {"floor_area_m2": "640"})
    told = rival.post(page, data={**hers, "floor_area_m2": "630"})
    send(office, page, "seen", {"floor_area_m2": "650"})
    again = rival.post(page, data=form_of(told.text, "seen"))
    assert again.status_code == 409
    assert "set it to 650 m². You wrote 630 m²." in again.text
    assert now_of(con, hall).floor_area_m2 == 650.0


@pytest.mark.both_engines
def test_a_rival_past_is_told_too(con: Connection, office: FlaskClient, rival: FlaskClient, hall: str) -> None:
    page = f"/office/spaces/{hall}/edit"
    hers = form_of(rival.get(page).text, "seen")
    send(office, page, "seen", {"past-0-title": "Day market"})
    told = rival.post(page, data={**hers, "past-0-title": "Flea market"})
    assert told.status_code == 409
    assert [period.title for period in space_rows.periods_of(con, hall)] == ["Day market"]
    con.rollback()
    assert form_of(told.text, "seen")["past-0-title"] == "Flea market"
    assert rival.post(page, data=form_of(told.text, "seen")).status_code == 302
    assert [period.title for period in space_rows.periods_of(con, hall)] == ["Flea market"]


@pytest.mark.both_engines
def test_a_form_sent_twice_is_saved_once(con: Connection, office: FlaskClient, hall: str) -> None:
    page = f"/office/spaces/{hall}/edit"
    form = {**form_of(office.get(page).text, "seen"), "floor_area_m2": "640", "past-0-title": "Day market"}
    assert [office.post(page, data=form).status_code for _ in range(3)] == [302, 302, 302]
    assert now_of(con, hall).revision == 2
    assert [event.what for event in events_of(con, hall)] == ["edit", "add"]


def test_a_session_that_ends_while_typing_loses_no_word(con: Connection, office: FlaskClient, hall: str) -> None:
    page = f"/office/spaces/{hall}/edit"
    form = {**form_of(office.get(page).text, "seen"), "description": "An hour’s work.", "floor_area_m2": "640"}
    office.delete_cookie("tempuse")
    signed_out = office.post(page, data=form, headers={"Origin": "http://localhost"})
    assert signed_out.status_code == 401
    assert "An hour’s work." not in now_of(con, hall).__repr__()
    entry = {**form_of(signed_out.text, "kept"), "email": "ilse@rivermouth.example", "password": PASSWORD}
    again = office.post("/my/sign-in", data=entry, headers={"Origin": "http://localhost"}, follow_redirects=True)
    assert "An hour’s work." in again.text
    assert '<blockquote class="kept">{' not in again.text, "only one’s own words are shown"
    sent = office.post(page, data=form_of(again.text, "seen"), headers={"Origin": "http://localhost"})
    assert sent.status_code == 302
    assert (now_of(con, hall).description, now_of(con, hall).floor_area_m2) == ("An hour’s work.", 640.0)


# ---- new ----------------------------------------------------------------------------------------------------


def test_a_new_space_is_reported_and_a_second_press_makes_no_second(con: Connection, office: FlaskClient) -> None:
    form = form_of(office.get("/office/spaces/new").text, "seen")
    form |= {"name": "Net loft", "kind": "unit", "floor_area_m2": "280", "geometry": "51.05, 3.72"}
    first, second = office.post("/office/spaces/new", data=form), office.post("/office/spaces/new", data=form)
    assert first.location == second.location == "/office/spaces/SP-0001"
    made = now_of(con, "SP-0001")
    assert (made.name, made.kind, made.status, made.floor_area_m2, made.placed_by) == (
        "Net loft", "unit", "reported", 280.0, "planner",
    )  # fmt: skip
    assert space_rows.count(con, space_rows.SpaceFilter()) == 1


def test_a_space_that_nobody_could_tell_from_others_is_not_made(con: Connection, office: FlaskClient) -> None:
    sent = send(office, "/office/spaces/new", "seen", {"description": "Somewhere."})
    assert sent.status_code == 422
    assert "Write a name or an address" in sent.text
    assert form_of(sent.text, "seen")["description"] == "Somewhere."


def test_a_unit_begins_with_what_is_known_of_its_building(con: Connection, office: FlaskClient, hall: str) -> None:
    form = form_of(office.get(f"/office/spaces/new?within={hall}").text, "seen")
    assert (form["kind"], form["within_ref"], form["address"]) == ("unit", hall, "2 Auction Quay")
    sent = office.post(f"/office/spaces/new?within={hall}", data={**form, "name": "Room 3"})
    ref = sent.location.rsplit("/", 1)[1]
    assert now_of(con, ref).within_ref == hall
    assert "Room 3" in office.get(f"/office/spaces/{hall}").text


# ---- a space's page -----------------------------------------------------------------------------------------


def test_the_page_tells_everything_and_a_short_ref_finds_it(office: FlaskClient, hall: str) -> None:
    page = office.get(f"/office/spaces/{hall}").text
    for told in (
        "City of Rivermouth",
        "Ask the fire service.",
        "7.5 m",
        "€310.50",
        "A 12, A 13",
        "Night market",
        "12 June",
    ):
        assert told in page
    assert office.get("/office/spaces/1").location == f"/office/spaces/{hall}"
    assert office.get("/office/spaces/SP-0404").status_code == 404


@pytest.mark.parametrize("status", list(SpaceStatus))
def test_no_button_leads_to_a_refusal(
    con: Connection, now: datetime, office: FlaskClient, hall: str, status: SpaceStatus
) -> None:
    space = now_of(con, hall)
    trails = {
        "offered": (), "verified": ("close",), "reported": ("close", "doubt"), "withheld": ("withhold",),
        "retired": ("retire",),
    }  # fmt: skip
    for move in trails[status]:
        spaces.move_space(con, SYSTEM, hall, move, now, retired_on=date(2026, 11, 1))
    space = now_of(con, hall)
    page = office.get(f"/office/spaces/{hall}").text
    drawn = set(re.findall(rf"/office/spaces/{hall}/move/(\w+)\"", page)) - {"one"}
    assert drawn == {move.name for move in SPACE_LIFECYCLE.open_to(space.status)}
    for move in drawn:
        address = f"/office/spaces/{hall}/move/{move}"
        answer = post(office, address, {"retired_on": "2026-11-02"}, f"/office/spaces/{hall}")
        assert answer.status_code == 302, move
        con.rollback()
        undo = re.search(r'name="done" value="([^"]+)"', office.get(f"/office/spaces/{hall}").text)
        if undo:
            post(office, "/office/spaces/undo", {"done": undo[1]}, f"/office/spaces/{hall}")
            assert now_of(con, hall).status == status.value, move
        else:
            spaces_restore(con, now, hall, trails[status])


def spaces_restore(con: Connection, now: datetime, ref: str, trail: tuple[str, ...]) -> None:
    """Bring a space back to where a trail from *offered* leads."""
    status = now_of(con, ref).status
    to_offered = {
        "reported": ("verify", "offer"), "verified": ("offer",), "withheld": ("release", "offer"),
        "retired": ("reinstate", "verify", "offer"), "offered": (),
    }  # fmt: skip
    for move in (*to_offered[status], *trail):
        spaces.move_space(con, SYSTEM, ref, move, now, retired_on=date(2026, 11, 1))


def test_retiring_asks_for_the_day(con: Connection, office: FlaskClient, hall: str) -> None:
    address = f"/office/spaces/{hall}/move/retire"
    assert "The public sees only that it ended" in office.get(address).text
    missing = post(office, address, {"retired_on": "", "note": "Sold"})
    assert missing.status_code == 422
    assert "Sold" in missing.text
    assert post(office, address, {"retired_on": "2026-11-20", "note": "Sold"}).status_code == 302
    after = now_of(con, hall)
    assert (after.status, after.retired_on, after.retired_why) == ("retired", date(2026, 11, 20), "Sold")
    assert "Sold" in office.get(f"/office/spaces/{hall}").text


def test_the_history_is_told_in_words(con: Connection, now: datetime, office: FlaskClient, hall: str) -> None:
    send(office, f"/office/spaces/{hall}/edit", "seen", {"floor_area_m2": "640", "why": "Measured anew"})
    send(office, f"/office/spaces/{hall}/edit", "seen", {"geometry": "51.0501, 3.7202", "name": "Hall", "power": "no"})
    spaces.move_space(con, SYSTEM, hall, "withhold", now, note="Roof")
    page = office.get(f"/office/spaces/{hall}").text
    for told in (
        "Ilse Maes changed “floor area” from 600 m² to 640 m².", "<q>Measured anew</q>", "Ilse Maes changed 3 facts.",
        "moved it on the map", "changed “power” from yes to no", "changed “name” from Fish auction hall to Hall",
        "Command line withheld it.", "<q>Roof</q>",
    ):  # fmt: skip
        assert told in page or told.replace("Command", "The command") in page, told


@pytest.mark.parametrize("rule", ["consent", "objection"])
@pytest.mark.parametrize("publish_from", ["offered", "verified"])
def test_what_the_office_is_told_is_what_the_public_sees(
    app: Flask, now: datetime, rule: str, publish_from: str
) -> None:
    settings = Settings(private_rule=rule, publish_from=publish_from)
    publisher = Publisher(settings, [], now)
    days = (None, date(2026, 11, 1), date(2026, 10, 1))
    with app.test_request_context("/"):
        for status in SpaceStatus:
            for owner in (Ownership.MUNICIPALITY, Ownership.PRIVATE_PERSON, Ownership.UNKNOWN):
                for consent in Consent:
                    for told_on in days:
                        space = a_space(
                            status=status.value, ownership=owner.value, consent=consent.value, consent_on=told_on
                        )
                        said = visibility.sentences(publisher.decide(space), space)[0]
                        assert said.startswith("Not public: ") == (publisher.publish(space) is None), (space, said)


def test_an_objection_hides_at_once(con: Connection, now: datetime, office: FlaskClient) -> None:
    space = a_space(ownership="private_person", consent="given", consent_on=date(2026, 1, 1))
    ref = spaces.add_space(con, SYSTEM, space, now)
    assert published.feature(con, "spaces", ref) is not None
    con.rollback()
    page, address = f"/office/spaces/{ref}", f"/office/spaces/{ref}/consent"
    without_day = post(office, address, {"consent": "objected", "consent_on": ""}, page)
    assert without_day.status_code == 422
    assert "Write the day" in without_day.text
    future = post(office, address, {"consent": "objected", "consent_on": "2027-01-01"}, page)
    assert future.status_code == 422
    assert post(office, address, {"consent": "objected", "consent_on": "2026-11-20"}, page).status_code == 302
    assert published.feature(con, "spaces", ref) is None
    assert "Not public: the owner said no." in office.get(page).text


def test_a_visit_takes_a_space_from_those_to_check_again(con: Connection, now: datetime, office: FlaskClient) -> None:
    ref = spaces.add_space(con, SYSTEM, a_space(checked_on=date(2024, 5, 2)), now)
    assert "One thing waits for you" in office.get("/office/waiting").text
    page = f"/office/spaces/{ref}"
    assert "I was there today" in office.get(page).text
    assert post(office, f"{page}/checked", {"note": "With the fire service"}, page).status_code == 302
    assert now_of(con, ref).checked_on == date(2026, 11, 23)
    assert "I was there today" not in office.get(page).text
    assert "Nothing waits for you" in office.get("/office/waiting").text


# ---- the table ----------------------------------------------------------------------------------------------


@pytest.fixture
def many(con: Connection, now: datetime) -> list[str]:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    statuses = ("reported", "verified", "offered", "withheld")
    houses = [
        a_space(
            name=f"House {i:02d}", status=statuses[i % 4], kind=("building", "unit", "plot")[i % 3], source_ref=f"X{i}",
            floor_area_m2=float(i * 10) if i % 5 else None, geometry=a_place(i / 1e5) if i % 6 else None,
            ownership="municipality" if i % 2 else "company", source="Cadastre" if i % 3 else None,
        )
        for i in range(60)
    ]  # fmt: skip
    return adding.add_spaces(con, SYSTEM, [houses], now)


def rows(page: str) -> list[str]:
    return re.findall(r'name="ref" value="(SP-\d+)"', page)


@pytest.mark.both_engines
def test_the_table_turns_pages_and_sorts(office: FlaskClient, many: list[str]) -> None:
    first, second = office.get("/office/spaces").text, office.get("/office/spaces?page=2").text
    assert "60 spaces" in first
    assert (len(rows(first)), len(rows(second))) == (50, 10)
    assert rows(first) + rows(second) == many
    up = rows(office.get("/office/spaces?sort=size").text)
    down = rows(office.get("/office/spaces?sort=size&down=1").text)
    assert down[0] == many[59]
    assert up[0] == many[1]
    assert many[0] not in (up[0], down[0]), "spaces without a size come last"
    assert 'aria-sort="descending"' in office.get("/office/spaces?sort=size&down=1").text


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("status=reported", lambda i: i % 4 == 0),
        ("status=reported&status=offered", lambda i: i % 4 in (0, 2)),
        ("kind=plot", lambda i: i % 3 == 2),
        ("ownership=company", lambda i: i % 2 == 0),
        ("place=no", lambda i: i % 6 == 0),
        ("place=yes&source=Cadastre", lambda i: i % 6 and i % 3),
        ("district=AR-0001", lambda i: i % 6),
        ("q=house 07", lambda i: i == 7),
        ("q=X59", lambda i: i == 59),
        ("status=nonsense&sort=nonsense&page=x", lambda i: True),
    ],
)
def test_the_table_filters(office: FlaskClient, many: list[str], query: str, keeps: Any) -> None:
    expected = [ref for i, ref in enumerate(many) if keeps(i)]
    page = office.get(f"/office/spaces?{query}").text
    assert rows(page) == expected[:50]
    assert f"{len(expected)} space" in page


@pytest.mark.both_engines
def test_each_filter_says_what_it_would_give(office: FlaskClient, many: list[str]) -> None:
    page = office.get("/office/spaces?kind=plot").text
    assert 'Reported<span class="number">5</span>' in page
    assert "Company (10)" in page
    assert "Without a place (0)" in page
    assert "Unit (20)" in page


def test_an_empty_table_says_what_to_do(office: FlaskClient) -> None:
    assert "No space fits this filter" in office.get("/office/spaces").text


@pytest.mark.both_engines
def test_the_file_holds_what_the_filter_shows_with_the_offices_facts(
    con: Connection, now: datetime, office: FlaskClient, client: FlaskClient, many: list[str], tmp_path: Path
) -> None:
    spaces.edit_space(con, SYSTEM, many[1], {"internal_note": "For us alone"}, now)
    page = office.get("/office/spaces?status=verified&sort=name&down=1").text
    addresses = re.findall(r'href="(/office/spaces\.\w+\?[^"]*)" download', page)
    to_read = [address for address in addresses if address.endswith("for=people")]
    addresses = [address for address in addresses if address not in to_read]
    assert [address.split("?")[0].rpartition(".")[2] for address in addresses] == ["xlsx", "csv", "geojson", "gpkg"]
    read = [office.get(address.replace("&amp;", "&")).data for address in to_read]
    table, words = pandas.read_excel(io.BytesIO(read[0]), engine="openpyxl"), pandas.read_csv(io.BytesIO(read[1]))
    assert [set(each["Where it stands"]) for each in (table, words)] == [{"Verified"}, {"Verified"}]
    assert "For us alone" in set(words["Note for the office"])
    for address in addresses:
        answer = office.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert client.get(address).status_code == 302, "only for the office"
        path = tmp_path / ("spaces." + address.split("?")[0].rpartition(".")[2])
        path.write_bytes(answer.data)
        table = pandas.read_excel(path, engine="openpyxl") if path.suffix == ".xlsx" else None
        if path.suffix == ".csv":
            table = pandas.read_csv(path)
        found = table if table is not None else geopandas.read_file(path)
        assert len(found) == 15, path.suffix
        assert set(found["status"]) == {"verified"}
        assert "For us alone" in set(found["internal_note"])


# ---- many at once -------------------------------------------------------------------------------------------


def test_a_look_ahead_says_what_will_happen_and_to_how_many(
    con: Connection, office: FlaskClient, many: list[str]
) -> None:
    look = post(office, "/office/spaces/move", {"ref": many[:8], "move": "offer"}, "/office/spaces").text
    assert "Offer 2 spaces" in look
    assert "6 stay as they are" in look
    assert "House 00: Reported" in look
    assert "Not public: nobody has asked the owner yet." not in look
    assert now_of(con, many[1]).status == "verified", "nothing is done by looking"


@pytest.mark.both_engines
def test_many_are_moved_and_taken_back_together(con: Connection, office: FlaskClient, many: list[str]) -> None:
    look = post(office, "/office/spaces/move", {"ref": many[:8], "move": "offer"}, "/office/spaces")
    done = office.post("/office/spaces/move", data=form_of(look.text, "go"))
    assert done.status_code == 302
    assert [now_of(con, ref).status for ref in (many[1], many[5])] == ["offered", "offered"]
    assert now_of(con, many[0]).status == "reported"
    table = office.get("/office/spaces").text
    assert "2 spaces: offered." in table
    key = re.search(r'name="done" value="([^"]+)"', table)
    assert key
    post(office, "/office/spaces/undo", {"done": key[1]}, "/office/spaces")
    assert [now_of(con, ref).status for ref in (many[1], many[5])] == ["verified", "verified"]


@pytest.mark.both_engines
def test_all_that_the_filter_shows_can_be_moved(con: Connection, office: FlaskClient, many: list[str]) -> None:
    values = {"all": "yes", "asked": "status=reported", "move": "verify"}
    look = post(office, "/office/spaces/move", values, "/office/spaces?status=reported")
    assert "Verify 15 spaces" in look.text
    done = office.post("/office/spaces/move", data=form_of(look.text, "go")).location
    assert done.startswith("/office/spaces?done=verify")
    assert all(said in office.get(done).text for said in ("15 spaces", "Just those"))
    assert space_rows.count(con, space_rows.SpaceFilter(status=("reported",))) == 0


def test_a_change_between_looking_and_pressing_is_shown_again(
    con: Connection, now: datetime, office: FlaskClient, many: list[str]
) -> None:
    look = post(office, "/office/spaces/move", {"ref": many[:8], "move": "offer"}, "/office/spaces")
    spaces.move_space(con, SYSTEM, many[1], "withhold", now)
    again = office.post("/office/spaces/move", data=form_of(look.text, "go"))
    assert again.status_code == 409
    assert "Somebody changed one of them meanwhile" in again.text
    assert "Offer 1 space" in again.text
    assert now_of(con, many[5]).status == "verified"


def test_retiring_many_asks_for_the_day(con: Connection, office: FlaskClient, many: list[str]) -> None:
    look = post(office, "/office/spaces/move", {"ref": many[:3], "move": "retire"}, "/office/spaces")
    form = form_of(look.text, "go")
    bad = office.post("/office/spaces/move", data={**form, "retired_on": "yesterday"})
    assert bad.status_code == 422
    done = office.post("/office/spaces/move", data={**form, "retired_on": "2026-11-01", "note": "Demolished"})
    assert done.status_code == 302
    assert {now_of(con, ref).retired_why for ref in many[:3]} == {"Demolished"}


def test_nothing_chosen_is_said(office: FlaskClient, many: list[str]) -> None:
    assert post(office, "/office/spaces/move", {"move": "offer"}, "/office/spaces").status_code == 302
    assert "Tick the spaces first." in office.get("/office/spaces").text
    post(office, "/office/spaces/move", {"ref": many[:1], "move": ""}, "/office/spaces")
    assert "Choose what to do with them." in office.get("/office/spaces").text


def test_a_way_back_leads_to_where_it_came_from() -> None:
    assert moves.way_back("offer", "verified") == "close"
    assert moves.way_back("retire", "reported") == "reinstate"
    assert moves.way_back("retire", "offered") is None
    assert moves.way_back("withhold", "offered") is None
    assert moves.way_back("reinstate", "retired") is None, "retiring asks for a day"


# ---- found ----------------------------------------------------------------------------------------------------


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("text", "to"),
    [("SP-0001", "SP-0001"), ("sp1", "SP-0001"), ("1", "SP-0001"), ("Fish", "SP-0001"), ("auction quay", "SP-0001")],
)
def test_a_space_is_found_by_ref_name_and_address(office: FlaskClient, hall: str, text: str, to: str) -> None:
    assert office.get("/office/find", query_string={"q": text}).location == f"/office/spaces/{to}"


def test_several_are_listed_and_none_is_said(office: FlaskClient, many: list[str]) -> None:
    assert "House 01" in office.get("/office/find?q=house").text
    assert "No space with “100 %_”" in office.get("/office/find", query_string={"q": "100 %_"}).text


# ---- placing ------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(con: Connection, now: datetime) -> list[str]:
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [a_district("Rivermouth")], now)
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "national_crs": "EPSG:31370"}, now)
    return [
        spaces.add_space(con, SYSTEM, a_space(
            name=None, address=f"{i} Ferry Street", geometry=None, source="Winter list", source_ref=str(i),
            source_fields={"Opmerking": f"Row {i}"},
        ), now)
        for i in range(4)
    ]  # fmt: skip


@pytest.mark.both_engines
def test_each_placed_space_brings_the_next(con: Connection, office: FlaskClient, lost: list[str]) -> None:
    page = office.get("/office/places").text
    assert "1 of 4" in page
    assert "0 Ferry Street" in page
    assert "Row 0" in page
    sent = office.post(f"/office/places/{lost[0]}", data={**form_of(page, "place"), "place": "51.05, 3.72"})
    assert sent.status_code == 302
    following = office.get(sent.location).text
    assert "2 of 4" in following
    assert "1 Ferry Street" in following
    placed = now_of(con, lost[0])
    assert (placed.placed_by, placed.geometry.x, placed.district_ref) == ("planner", 3.72, "AR-0001")
    assert "Placed: 0 Ferry Street." in following


def test_the_last_place_can_be_taken_back(con: Connection, office: FlaskClient, lost: list[str]) -> None:
    page = office.get("/office/places").text
    sent = office.post(f"/office/places/{lost[0]}", data={**form_of(page, "place"), "place": "51.05, 3.72"})
    following = office.get(sent.location).text
    undone = office.post(f"/office/places/{lost[0]}", data={**form_of(following, "last_revision"), "do": "undo"})
    again = office.get(undone.location).text
    assert "0 Ferry Street" in again
    assert "1 of 4" in again
    assert now_of(con, lost[0]).geometry is None
    assert "geometry" not in now_of(con, lost[0]).corrected_fields, "a later import may bring a place"


def test_skipping_and_ending_bring_the_next_and_the_end_says_what_is_left(
    con: Connection, office: FlaskClient, lost: list[str]
) -> None:
    address, ref = "/office/places", lost[0]
    for ref, does in zip(lost, ("skip", "retire", "skip", "skip"), strict=True):
        page = office.get(address).text
        sent = office.post(f"/office/places/{ref}", data={**form_of(page, "place"), "do": does, "note": "Gone"})
        address = sent.location
    end = office.get(address).text
    assert "That was the end of the list" in end
    assert "3 still wait" in end
    retired = now_of(con, lost[1])
    assert (retired.status, retired.retired_why, retired.retired_on) == ("retired", "Gone", date(2026, 11, 23))


@pytest.mark.parametrize("text", ["", "nowhere", "48.85, 2.35"])
def test_a_place_that_is_none_is_said_and_the_text_stays(
    con: Connection, office: FlaskClient, lost: list[str], text: str
) -> None:
    page = office.get("/office/places").text
    sent = office.post(f"/office/places/{lost[0]}", data={**form_of(page, "place"), "place": text})
    assert sent.status_code == 422
    assert form_of(sent.text, "place")["place"] == text
    assert now_of(con, lost[0]).geometry is None


def test_placing_twice_does_no_harm(con: Connection, office: FlaskClient, lost: list[str]) -> None:
    form = {**form_of(office.get("/office/places").text, "place"), "place": "51.05, 3.72"}
    assert [office.post(f"/office/places/{lost[0]}", data=form).status_code for _ in range(2)] == [302, 302]
    assert now_of(con, lost[0]).revision == 2


@pytest.mark.both_engines
def test_whoever_is_slower_does_not_move_what_was_placed(
    con: Connection, office: FlaskClient, rival: FlaskClient, lost: list[str]
) -> None:
    hers = {**form_of(rival.get("/office/places").text, "place"), "place": "51.06, 3.73"}
    form = {**form_of(office.get("/office/places").text, "place"), "place": "51.05, 3.72"}
    office.post(f"/office/places/{lost[0]}", data=form)
    assert rival.post(f"/office/places/{lost[0]}", data=hers).status_code == 302
    assert now_of(con, lost[0]).geometry.x == 3.72


def test_no_service_is_offered_when_none_is_set(office: FlaskClient, lost: list[str]) -> None:
    assert "Find the address" not in office.get("/office/places").text


def test_a_service_that_does_not_answer_is_a_sentence(
    con: Connection, now: datetime, office: FlaskClient, lost: list[str]
) -> None:
    setup.change_settings(con, SYSTEM, {"geocoder": "photon", "geocoder_url": "http://127.0.0.1:9"}, now)
    page = office.get("/office/places").text
    assert "Find the address" in page
    sent = office.post(f"/office/places/{lost[0]}", data={**form_of(page, "place"), "do": "find"})
    assert sent.status_code == 422
    assert "The address service does not answer just now" in sent.text


def test_a_service_proposes_and_the_planner_decides(
    con: Connection,
    now: datetime,
    office: FlaskClient,
    lost: list[str],
    service: str,
) -> None:
    setup.change_settings(con, SYSTEM, {"geocoder": "nominatim", "geocoder_url": service}, now)
    page = office.get("/office/places").text
    proposed = office.post(f"/office/places/{lost[0]}", data={**form_of(page, "place"), "do": "find"})
    assert "9, Quay Lane, Old Docks, Rivermouth" in proposed.text
    assert now_of(con, lost[0]).geometry is None
    taken = office.post(f"/office/places/{lost[0]}", data={**form_of(proposed.text, "place"), "do": "take"})
    assert taken.status_code == 302
    placed = now_of(con, lost[0])
    assert (placed.geometry.x, placed.geometry.y, placed.placed_by) == (3.7301, 51.0512, "geocoder")
    assert Service.asked[0]["q"] == "0 Ferry Street, Rivermouth"


@pytest.mark.both_engines
def test_every_space_has_its_place(office: FlaskClient, hall: str) -> None:
    assert "Every space has its place" in office.get("/office/places").text
    assert office.get(f"/office/places?only={hall}").location == f"/office/spaces/{hall}"


# ---- who may come in ----------------------------------------------------------------------------------------


DOORS = (
    "/office/waiting", "/office/spaces", "/office/spaces/SP-0001", "/office/spaces/SP-0001/edit", "/office/spaces/new",
    "/office/places", "/office/reports", "/office/reports/RP-0001", "/office/find?q=hall",
)  # fmt: skip


def test_nobody_comes_in_without_signing_in(client: FlaskClient, hall: str) -> None:
    for address in DOORS:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert "/my/sign-in" in answer.location


def test_nothing_is_changed_without_signing_in(con: Connection, client: FlaskClient, hall: str) -> None:
    for address in (f"/office/spaces/{hall}/move/withhold", f"/office/spaces/{hall}/edit", "/office/spaces/new"):
        assert client.post(address, data={"name": "Mine"}).status_code in (400, 401, 403)
    assert now_of(con, hall).status == "offered"
