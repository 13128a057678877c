"""Pictures of spaces on pages: added and looked at by the office, seen by everybody, refused where they may not be."""

from __future__ import annotations

import io
import os
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tempuse.access import SYSTEM
from tempuse.registry import attachments as used
from tempuse.registry.reports import blank_contacts, judge_report
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import attachments, pictures, reports
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.office import a_signed_in_client, token_of
from web import create_app

MB = 1024 * 1024


def a_photo(colour: str = "red", size: tuple[int, int] = (1200, 900)) -> bytes:
    """A photo that tells who took it and where."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = "Ilse Maes"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 12.0)})
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.fixture
def ref(con: Connection, now: datetime) -> str:
    made = add_space(con, SYSTEM, a_space(name="The Fish Hall"), now)
    con.rollback()
    return made


@pytest.fixture
def ilse(app: Flask, ref: str) -> FlaskClient:
    return a_signed_in_client(app)


def send(client: FlaskClient, ref: str, *files: tuple[bytes, str]) -> Any:
    page = f"/office/spaces/{ref}/pictures"
    values = {
        "csrf_token": token_of(client.get(page).text),
        "pictures": [(io.BytesIO(content), name) for content, name in files],
    }
    answer = client.post(page, data=values, headers={"Origin": "http://localhost"}, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large one lies in a file
    return answer


def act(client: FlaskClient, ref: str, name: str, do: str, **values: str) -> Any:
    values = {"csrf_token": token_of(client.get(f"/office/spaces/{ref}/pictures").text), "do": do, **values}
    address = f"/office/spaces/{ref}/pictures/{name}"
    return client.post(address, data=values, headers={"Origin": "http://localhost"})


def named(con: Connection, ref: str) -> list[str]:
    found = [each.name for each in pictures.of_space(con, ref)]
    con.rollback()
    return found


def test_a_picture_is_added_described_looked_at_and_then_seen_by_everybody(
    app: Flask, ilse: FlaskClient, con: Connection, now: datetime, ref: str
) -> None:
    visitor = app.test_client()
    assert send(ilse, ref, (a_photo(), "hall.jpg"), (a_photo("blue", (300, 400)), "gate.png")).status_code == 302
    one, other = named(con, ref)
    assert visitor.get(f"/spaces/{ref}/pictures/{one}").status_code == 404
    assert "<picture>" not in visitor.get(f"/spaces/{ref}").text
    refused = act(ilse, ref, one, "show", alt="")
    assert refused.status_code == 422
    assert "Say what it shows, for those who do not see it." in refused.text
    assert act(ilse, ref, one, "show", alt="The hall from the quay", credit="Photo: I. Maes").status_code == 302

    page = visitor.get(f"/spaces/{ref}").text
    assert 'alt="The hall from the quay"' in page
    assert '<figcaption class="small soft">Photo: I. Maes</figcaption>' in page
    assert 'width="800" height="600"' in page
    assert other not in page
    assert f'<meta property="og:image" content="http://localhost/spaces/{ref}/pictures/{one}">' in page
    assert '<meta property="og:title" content="The Fish Hall">' in page
    assert "summary_large_image" in page
    for path in ("/find", "/"):
        card = visitor.get(path).text
        assert f"/spaces/{ref}/pictures/" in card, path
        assert 'loading="lazy"' in card, path
    shown = set(re.findall(rf"/spaces/{ref}/pictures/[0-9a-f]{{64}}\.(?:jpg|webp)", page))
    assert len(shown) == 6
    sizes = set()
    for address in shown:
        answer = visitor.get(address)
        image = Image.open(io.BytesIO(answer.data))
        sizes.add((image.format, image.size))
        assert answer.mimetype == f"image/{(image.format or '').lower()}"
        assert not any(secret in answer.data for secret in (b"Ilse", b"Exif", b"GPS"))
    assert sizes == {(kind, size) for kind in ("JPEG", "WEBP") for size in ((320, 240), (800, 600), (1200, 900))}

    edit_space(con, SYSTEM, ref, {"location_level": "cell"}, now)
    assert {visitor.get(address).status_code for address in shown} == {404}
    for path in (f"/spaces/{ref}", "/find", f"/spaces/{ref}.geojson", "/spaces.geojson", "/spaces.csv"):
        assert not re.search(r"pictures/[0-9a-f]|og:image|quay", visitor.get(path).text), path
    assert {ilse.get(f"/office{address}").status_code for address in shown} == {200}


def test_what_fits_is_added_whatever_is_wrong_with_the_others(ilse: FlaskClient, con: Connection, ref: str) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(bomb, "PNG")
    answer = send(
        ilse, ref, (a_photo(), "hall.jpg"), (b"A text.", "notes.jpg"), (bomb.getvalue(), "bomb.png"),
        (a_photo() + bytes(50 * MB), "large.jpg"), (b"", "empty.jpg"), (a_photo()[:-900], "cut.jpg"),
        (a_photo("blue"), "gate.jpg"),
    )  # fmt: skip
    assert answer.status_code == 422
    for said in (
        "notes.jpg is not a picture that we can show.", "bomb.png has more than 100 million pixels.",
        "large.jpg is larger than 15 MB.", "empty.jpg is empty.", "cut.jpg is damaged", "2 pictures are added",
    ):  # fmt: skip
        assert said in answer.text, said
    assert len(named(con, ref)) == 2
    assert send(ilse, ref).status_code == 422


def test_a_ninth_has_no_room_and_the_others_are_kept(ilse: FlaskClient, con: Connection, ref: str) -> None:
    files = [(a_photo(f"#0000{number}0", (60, 40)), f"{number}.jpg") for number in range(9)]
    answer = send(ilse, ref, *files)
    assert answer.status_code == 422
    assert f"{ref} has 8 pictures. Remove one before you add another." in answer.text
    assert len(named(con, ref)) == 8


def test_they_are_put_in_order_by_buttons_and_by_hand(ilse: FlaskClient, con: Connection, ref: str) -> None:
    send(ilse, ref, *[(a_photo(colour, (60, 40)), f"{colour}.jpg") for colour in ("red", "green", "blue")])
    red, green, blue = named(con, ref)
    act(ilse, ref, blue, "earlier")
    act(ilse, ref, red, "later")
    assert named(con, ref) == [blue, red, green]
    page = f"/office/spaces/{ref}/pictures"
    values = {"csrf_token": token_of(ilse.get(page).text), "order": f"{green} {red} {blue}"}
    ilse.post(f"/office/spaces/{ref}/picture-order", data=values, headers={"Origin": "http://localhost"})
    assert named(con, ref) == [green, red, blue]
    for _ in range(2):
        assert act(ilse, ref, red, "remove").status_code == 302
    assert named(con, ref) == [green, blue]
    assert act(ilse, ref, red, "show", alt="The hall").status_code == 404


def test_an_auditor_looks_and_nobody_else_comes_in(
    app: Flask, register: Register, ilse: FlaskClient, con: Connection, ref: str
) -> None:
    send(ilse, ref, (a_photo(), "hall.jpg"))
    (name,) = named(con, ref)
    auditor = a_signed_in_client(app, name="Ann Auditor", role="auditor")
    assert auditor.get(f"/office/spaces/{ref}/pictures/{name}").status_code == 200
    assert auditor.get(f"/office/spaces/{ref}/pictures").status_code == 403
    assert "Add, describe" not in auditor.get(f"/office/spaces/{ref}").text
    assert app.test_client().get(f"/office/spaces/{ref}/pictures/{name}").status_code in (302, 404)
    assert ilse.get(f"/office/spaces/{ref}/pictures/{name[::-1]}").status_code == 404


def told(client: FlaskClient, *files: tuple[bytes, str], **values: str) -> Any:
    form = form_of(client.get("/report").text, "form_token")
    sent = [(io.BytesIO(content), name) for content, name in files]
    answer = client.post("/report", data={**form, "address": "9 Quay Lane", "text": "The baker left.", **values,
        "photos": sent}, headers={"Origin": "http://localhost"}, content_type="multipart/form-data")  # fmt: skip
    answer.request.environ["wsgi.input"].close()
    return answer


def test_a_photo_of_a_citizen_is_the_offices_until_it_takes_it_over(
    app: Flask, ilse: FlaskClient, register: Register, con: Connection, now: datetime, ref: str
) -> None:
    app.config["REPORT_LEAST_SECONDS"] = 0
    visitor = app.test_client()
    wrong = told(visitor, (a_photo(), "yard.jpg"), (b"A text.", "notes.jpg"))
    assert wrong.status_code == 422
    assert "notes.jpg is not a picture that we can show." in wrong.text
    assert "The baker left." in wrong.text, "the words stay"
    assert told(visitor, *[(a_photo("red", (40, 30)), "a.jpg")] * 4).status_code == 422
    assert told(visitor, (a_photo(), "yard.jpg"), (a_photo("blue"), "gate.jpg")).status_code == 302
    (report,) = reports.find(con)
    con.rollback()
    assert len(report.photos) == 2
    address = f"/office/reports/{report.ref}/photos/{report.photos[0]}"
    assert visitor.get(address).status_code in (302, 404)
    photo = ilse.get(address)
    assert photo.mimetype == "image/jpeg"
    assert b"Ilse" not in photo.data
    assert "Add it to the space" not in ilse.get(f"/office/reports/{report.ref}").text, "it is about none yet"
    judge_report(con, SYSTEM, report.ref, "join", now, space_ref=ref)
    page = ilse.get(f"/office/reports/{report.ref}")
    assert "Add it to the space" in page.text
    values = {"csrf_token": token_of(page.text)}
    taken = ilse.post(address, data=values, headers={"Origin": "http://localhost"})
    assert taken.location.endswith(f"/office/spaces/{ref}/pictures")
    assert len(named(con, ref)) == 1
    assert "Pictures and plans to look at" in ilse.get("/office/waiting").text
    assert "<picture>" not in visitor.get(f"/spaces/{ref}").text

    assert set(report.photos) <= used.used(con)
    con.rollback()
    for path in (register.home / "attachments").glob("??/*"):
        os.utime(path, (1, 1))
    assert blank_contacts(con, SYSTEM, now + timedelta(days=400), register.home) == 1
    assert reports.get(con, report.ref).photos == ()
    assert report.photos[1] not in attachments.names(register.home)
    con.rollback()
    assert len(named(con, ref)) == 1, "what was taken over is the space's"


def test_photos_of_strangers_are_looked_at_only_so_often(register: Register, con: Connection, now: datetime) -> None:
    visitor = create_app(register, {"TESTING": True, "REPORT_LEAST_SECONDS": 0}, clock=lambda: now).test_client()
    for _ in range(10):
        assert "notes.jpg is not a picture" in told(visitor, *[(b"A text.", "notes.jpg")] * 3).text
    assert "Many photos came from here in a short time." in told(visitor, (b"A text.", "notes.jpg")).text
    assert told(visitor).status_code == 302
