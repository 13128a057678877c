"""The owner's door: an objection hides in every public door, an offer waits, and nothing of an owner gets out."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup, spaces
from tempuse.registry.areas import load_areas
from tempuse.store import reports as rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, prove
from tests.forms import form_of
from tests.office import a_public_app, a_signed_in_client, post
from tests.web.doors import doors, leaks
from tests.web.test_space_pictures import a_photo
from web import create_app
from web.site import limits

ANN = {"sender_name": "Ann Baker", "contact": "ann@baker.example"}
OFFER = {
    **ANN, "space_kind": "unit", "address": "3 Rope Walk", "area_m2": "260", "free_from": "2027-03-01", "level": "cell",
}  # fmt: skip


@pytest.fixture
def clock(now: datetime) -> list[datetime]:
    return [now]


@pytest.fixture
def app(register: Register, clock: list[datetime]) -> Flask:
    return a_public_app(register, clock)


@pytest.fixture
def shop(con: Connection, now: datetime) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    spaces.add_space(con, SYSTEM, a_space(name="Net loft", geometry=a_place(0.002)), now)
    return spaces.add_space(con, SYSTEM, a_space(
        name="Zanzibar bakery", address="12 Zanzibar Street", ownership="private", consent="given",
        consent_on=now.date(), location_level="exact",
    ), now)  # fmt: skip


def say(client: FlaskClient, clock: list[datetime], door: str, **values: Any) -> Any:
    """Open a form of owners, take a minute over it, send it."""
    form = form_of(client.get(door).text, "form_token")
    clock[0] += timedelta(minutes=1)
    return client.post(door, data={**form, **values}, headers={"Origin": "http://localhost"})


@pytest.mark.both_engines
def test_an_objection_hides_the_space_in_every_public_door(
    app: Flask, con: Connection, client: FlaskClient, clock: list[datetime], shop: str
) -> None:
    hidden, its = ["Zanzibar"], doors(app, [shop])
    others = doors(app, ["SP-0001"])
    assert leaks(client, [f"/spaces/{shop}", "/list"], hidden), "it was seen before"
    sent = say(client, clock, f"/owner/word?space={shop}", wish="off", **ANN)
    assert sent.location.startswith("/owner/sent?what=off")
    assert leaks(client, others, [*hidden, shop]) == []
    assert leaks(client, [each for each in its if each not in others], hidden) == []
    assert client.get(f"/spaces/{shop}").status_code == 404
    assert client.get(f"/owner/word?space={shop}").location == "/owner", "nobody hears that there is something"


def test_less_is_seen_at_once_in_every_public_door(
    app: Flask, client: FlaskClient, clock: list[datetime], shop: str
) -> None:
    say(client, clock, f"/owner/word?space={shop}", wish="less", level="district", **ANN)
    assert leaks(client, doors(app, [shop]), ["Zanzibar", "Ann Baker", "baker.example"]) == []
    assert client.get(f"/spaces/{shop}").status_code == 200


def test_words_that_hide_are_bounded_for_everybody_together(
    register: Register, con: Connection, clock: list[datetime], shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HIDING", limits.parse("1 per hour"))
    client = create_app(register, {"TESTING": True}, clock=lambda: clock[0]).test_client()
    say(client, clock, f"/owner/word?space={shop}", wish="off", **ANN)
    second = say(client, clock, "/owner/word?space=SP-0001", wish="off", **ANN)
    assert "Please call or write" in second.text
    assert form_of(second.text, "form_token")["sender_name"] == "Ann Baker"
    assert space_rows.get(con, "SP-0001").owner_limit is None
    con.rollback()


def test_a_form_sent_twice_is_one_word(con: Connection, client: FlaskClient, clock: list[datetime], shop: str) -> None:
    address = f"/owner/word?space={shop}"
    form = {**form_of(client.get(address).text, "form_token"), "wish": "show", "level": "exact", **ANN}
    clock[0] += timedelta(minutes=1)
    assert {client.post(address, data=form).status_code for _ in range(2)} == {302}
    assert len(rows.find(con)) == 1
    con.rollback()


@pytest.mark.parametrize("door", ["/owner/offer", "/owner/word?space=SP-0002"])
def test_a_robot_is_thanked_and_not_heard(
    con: Connection, client: FlaskClient, clock: list[datetime], shop: str, door: str
) -> None:
    assert say(client, clock, door, website="http://spam.example", wish="off", **ANN).status_code == 302
    assert rows.find(con) == []
    con.rollback()


def test_an_offer_keeps_its_words_until_it_is_whole(client: FlaskClient, clock: list[datetime], shop: str) -> None:
    wrong = say(client, clock, "/owner/offer", **{**OFFER, "area_m2": "large", "contact": ""})
    assert wrong.status_code == 422
    assert "Write the size as a number of square metres" in wrong.text
    assert form_of(wrong.text, "form_token")["address"] == "3 Rope Walk"
    assert "This is needed." in say(client, clock, "/owner/offer", **{**OFFER, "contact": ""}).text


def test_the_office_makes_a_space_of_an_offer(
    app: Flask, con: Connection, client: FlaskClient, clock: list[datetime], shop: str
) -> None:
    say(client, clock, "/owner/offer", **OFFER)
    prove(con, "RP-0001", clock[0])
    office = a_signed_in_client(app)
    assert "Offered by its owner: 3 Rope Walk" in office.get("/office/reports").text
    page = "/office/reports/RP-0001"
    assert "260 m²" in office.get(page).text
    made = post(office, page, {"do": "make", "kind": "unit", "name": "", "address": "3 Rope Walk"}, page=page)
    held = space_rows.get(con, made.location.rpartition("/")[2])
    con.rollback()
    assert (held.floor_area_m2, str(held.available_from), held.location_level) == (260.0, "2027-03-01", "cell")
    assert (held.ownership, held.owner_name, held.owner_email) == ("private", "Ann Baker", "ann@baker.example")
    assert (held.consent, held.status, held.occupancy) == ("given", "reported", "vacant")


def test_an_offer_brings_photos_that_the_office_takes_over(
    app: Flask, con: Connection, client: FlaskClient, clock: list[datetime], shop: str
) -> None:
    photos = [(io.BytesIO(a_photo(colour)), f"{colour}.jpg") for colour in ("red", "blue")]
    wrong = say(client, clock, "/owner/offer", **OFFER, photos=[(io.BytesIO(b"A text."), "notes.jpg")])
    assert wrong.status_code == 422
    assert "notes.jpg is not a picture that we can show." in wrong.text
    assert form_of(wrong.text, "form_token")["address"] == "3 Rope Walk"
    assert say(client, clock, "/owner/offer", **OFFER, photos=photos).status_code == 302
    (offer,) = rows.find(con)
    con.rollback()
    assert len(offer.photos) == 2
    office, page = a_signed_in_client(app), f"/office/reports/{offer.ref}"
    photo = office.get(f"{page}/photos/{offer.photos[0]}")
    assert photo.mimetype == "image/jpeg"
    assert b"Ilse" not in photo.data
    assert "Add it to the space" not in office.get(page).text, "there is none yet"
    made = post(office, page, {"do": "make", "kind": "unit", "name": "", "address": "3 Rope Walk"}, page=page)
    assert "Add it to the space" in office.get(page).text
    taken = post(office, f"{page}/photos/{offer.photos[0]}", {}, page=page)
    assert taken.location == f"{made.location}/pictures"


def test_the_office_reads_what_waits_and_puts_it_back(
    app: Flask, con: Connection, client: FlaskClient, clock: list[datetime], shop: str
) -> None:
    say(client, clock, f"/owner/word?space={shop}", wish="off", **ANN)
    office = a_signed_in_client(app)
    assert "nobody has looked at it yet" in office.get(f"/office/spaces/{shop}").text
    assert "less of it is seen until you judge" in office.get("/office/reports").text
    page = "/office/reports/RP-0001"
    post(office, page, {"do": "answer", "answer": "We know the owner, and it was not her."}, page=page)
    assert client.get(f"/spaces/{shop}").status_code == 200
