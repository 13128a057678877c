"""Calendars: the end is the day after, times are those of the city's clock, private addresses end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.calendars import end_address, give_address
from tempuse.registry.organisations import edit_organisation, retire_organisation
from tempuse.registry.people import end_person
from tempuse.registry.permits.withdrawing import call_off_permit
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.terms import Hours
from tests.builders import a_place, a_space
from tests.office import a_signed_in_client, add_person
from tests.permitting import approved, running, terms
from web.site import calendar_links

DAYS = (date(2026, 11, 1), date(2027, 3, 31))


def events(answer: Any) -> list[Any]:
    """The events of a calendar, by their beginning."""
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == "text/calendar"
    body = answer.get_data()
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return sorted(icalendar.Calendar.from_ical(body).walk("VEVENT"), key=lambda each: each["dtstart"].to_ical())


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    return add_space(con, SYSTEM, a_space(), now)


def test_whole_days_end_on_the_day_after(client: FlaskClient, con: Connection, hall: str, now: datetime) -> None:
    ref = running(con, now, [hall], terms(*DAYS), on=now.date(), title="Märkt, open; daily")
    (event,) = events(client.get(f"/uses/{ref}.ics"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 11, 1), date(2027, 4, 1))
    assert event["summary"] == "Märkt, open; daily"
    assert event["location"] == "Fish auction hall"
    assert len(events(client.get("/uses.ics"))) == 1


def test_a_weekly_use_keeps_its_hour_when_the_clocks_change(
    client: FlaskClient, con: Connection, hall: str, now: datetime
) -> None:
    """Case 2, as a calendar."""
    setup.change_settings(con, SYSTEM, {"time_zone": "Europe/Brussels", "uses_public_from": "signed"}, now)
    hours = (Hours(weekdays=0b10, from_minute=1140, until_minute=1320),)
    asked = terms(date(2026, 11, 1), date(2027, 4, 6), hours=hours)
    ref = running(con, now, [hall], asked, on=now.date())
    answer = client.get(f"/uses/{ref}.ics")
    body = answer.get_data(as_text=True)
    assert "BEGIN:VTIMEZONE" in body
    late = [each for each in events(answer) if each["dtstart"].dt.date() >= date(2027, 3, 23)]
    assert [each["dtstart"].to_ical().decode() for each in late] == [
        "20270323T190000", "20270330T190000", "20270406T190000",
    ]  # fmt: skip
    assert {each["dtstart"].params["TZID"] for each in late} == {"Europe/Brussels"}
    assert [each["dtstart"].dt.utcoffset().seconds // 3600 for each in late] == [1, 2, 2]
    assert {each["dtend"].to_ical().decode()[-6:] for each in late} == {"220000"}
    assert len({str(each["uid"]) for each in events(answer)}) == len(events(answer))


def test_the_calendar_of_all_tells_only_what_everybody_reads(
    client: FlaskClient, con: Connection, hall: str, now: datetime
) -> None:
    running(con, now, [hall], terms(*DAYS), on=now.date(), title="Open market")
    coarse = add_space(con, SYSTEM, a_space(location_level="cell", geometry=a_place(0.01)), now)
    hidden = running(con, now, [coarse], terms(*DAYS), on=now.date(), title="Choir")
    assert [str(each["summary"]) for each in events(client.get("/uses.ics"))] == ["Open market"]
    assert client.get(f"/uses/{hidden}.ics").status_code == 404
    edit_space(con, SYSTEM, coarse, {"location_level": "exact"}, now)
    assert len(events(client.get("/uses.ics"))) == 2


def test_a_group_follows_its_permits_at_a_private_address(
    client: FlaskClient, app: Flask, con: Connection, hall: str, now: datetime
) -> None:
    ref = approved(con, now, [hall], terms(*DAYS), title="Choir")
    holder = str(permits.get(con, ref).holder_ref)
    con.rollback()
    number = give_address(con, SYSTEM, "organisation", holder, now)
    with app.test_request_context():
        first = calendar_links.address(holder, number)
    found = events(client.get(first))
    assert [str(each["summary"]) for each in found] == [f"Choir ({ref})", f"To be signed: Choir ({ref})"]
    assert client.get(first).headers["Cache-Control"] == "no-store"
    assert client.get(first[:-5] + "x.ics").status_code == 404
    second = give_address(con, SYSTEM, "organisation", holder, now)
    assert client.get(first).status_code == 404, "a new one ends the one before"
    with app.test_request_context():
        address = calendar_links.address(holder, second)
    assert client.get(address).status_code == 200
    end_address(con, SYSTEM, "organisation", holder, now)
    assert client.get(address).status_code == 404
    third = give_address(con, SYSTEM, "organisation", holder, now)
    assert client.get(address).status_code == 404, "an address that ended stays so"
    with app.test_request_context():
        address = calendar_links.address(holder, third)
    call_off_permit(con, SYSTEM, ref, now, "The choir has gone.")
    retire_organisation(con, SYSTEM, holder, now, on=now.date())
    assert client.get(address).status_code == 404


def test_the_office_follows_all_of_them_as_long_as_one_belongs_to_it(
    app: Flask, con: Connection, hall: str, now: datetime
) -> None:
    ref = running(con, now, [hall], terms(*DAYS), on=now.date(), title="Market")
    office = a_signed_in_client(app)
    assert str(events(office.get("/office/permits.ics"))[0]["summary"]).startswith("Market")
    assert len(events(office.get(f"/my/permits/{ref}.ics"))) == 2, "and the last day to ask for a renewal"
    page = office.get("/my/calendar").text
    assert "All permits, for the office" in page
    person = add_person(app, "Noor Peeters")
    number = give_address(con, person.actor(), "person", person.ref, now)
    with app.test_request_context():
        address = calendar_links.address(person.ref, number)
    stranger = app.test_client()
    assert stranger.get(address).status_code == 200
    end_person(con, SYSTEM, person.ref, now)
    assert stranger.get(address).status_code == 404
    assert stranger.get("/office/permits.ics").status_code == 302


def test_a_name_that_is_not_public_stays_out(client: FlaskClient, con: Connection, hall: str, now: datetime) -> None:
    ref = running(con, now, [hall], terms(*DAYS), on=now.date(), title="Market", group="Zq Choir")
    assert "Zq Choir" not in client.get("/uses.ics").get_data(as_text=True)
    holder = str(permits.get(con, ref).holder_ref)
    con.rollback()
    edit_organisation(con, SYSTEM, holder, {"name_public": True}, now)
    assert "Zq Choir" in client.get("/uses.ics").get_data(as_text=True)
