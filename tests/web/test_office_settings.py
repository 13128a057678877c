"""What administrators do: settings, the logo, people, areas."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.permit_kinds import CATALOGUES
from tempuse.registry import setup, spaces
from tempuse.registry.ground import NAMES as GROUND
from tempuse.settings import NAMES
from tempuse.store import areas as area_rows
from tempuse.store import people, published
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.events import of as events_of
from tests.builders import a_district, a_place, a_space
from tests.office import a_signed_in_client, post, sign_in, token_of
from web.office.settings import views
from web.office.settings.sections import SECTIONS
from web.site import logo

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return a_signed_in_client(app, "Adam Reed", "administrator")


def section(client: FlaskClient, key: str, values: dict[str, Any]) -> Any:
    """Change what is named and send the rest as the page has it, as a browser does."""
    page = client.get(f"/office/settings/{key}").text
    form = page[page.index("<main") :]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if not name or (kind and kind[1] == "file"):
            continue
        if kind and kind[1] in ("radio", "checkbox"):
            if " checked" in tag:
                sent.setdefault(name[1], []).append(value[1] if value else "")
        else:
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = body
    return client.post(f"/office/settings/{key}", data={**sent, **values}, headers={"Origin": "http://localhost"})


def test_every_setting_has_its_place_on_one_page() -> None:
    """Lists of kinds, departments and conditions have a page each, and the map's ground."""
    shown = [*CATALOGUES, *GROUND, *(name for each in SECTIONS for name in each.names)]
    assert sorted(shown) == sorted(NAMES)


def test_a_planner_changes_no_settings_and_no_people(app: Flask) -> None:
    client = a_signed_in_client(app)
    for address in ("/office/settings", "/office/settings/city", "/office/people", "/office/people/PE-0001"):
        assert client.get(address).status_code == 403
    assert ">Settings<" not in client.get("/my/account").text
    assert client.get("/office/areas").status_code == 200


def test_each_section_saved_as_it_is_changes_nothing(administrator: FlaskClient, con: Connection) -> None:
    before = get_settings(con)
    con.rollback()
    for each in SECTIONS:
        assert section(administrator, each.key, {}).status_code == 302, each.key
    assert get_settings(con) == before
    assert events_of(con, "settings") == []


@pytest.mark.both_engines
def test_a_setting_is_changed_once_however_often_it_is_sent(administrator: FlaskClient, con: Connection) -> None:
    values = {
        "municipality": "Rivermouth",
        "time_zone": "Europe/Helsinki",
        "languages": ["nl", "en"],
        "first_language": "nl",
    }
    for _ in range(2):
        assert section(administrator, "city", values).status_code == 302
    held = get_settings(con)
    assert (held.municipality, held.time_zone, held.languages) == ("Rivermouth", "Europe/Helsinki", ("nl", "en"))
    events = events_of(con, "settings")
    assert len(events) == 1
    assert events[0].actor == "Adam Reed"
    assert "Rivermouth" in administrator.get("/office/settings").text


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("city", {"country": "Belgium"}, "not one of the choices"),
        ("city", {"languages": []}, "Choose from the languages"),
        ("city", {"time_zone": "Mars/Olympus"}, "not one of the choices"),
        ("look", {"accent": "green"}, "like #0b5a4a"),
        ("look", {"accent": "#ffcc00"}, "hard to read"),
        ("contact", {"contact_email": "nobody"}, "not an e-mail address"),
        ("contact", {"contact_address": "x" * 1001}, "longer than 1,000"),
        ("map", {"tile_url": "tiles"}, "{z}, {x} and {y}"),
        ("map", {"national_crs": "EPSG:0"}, "coordinate reference system"),
        ("letters", {"report_answer_days": "soon"}, "not a whole number"),
        ("letters", {"report_answer_days": "0"}, "between 1 and 365"),
        ("letters", {"report_contact_days": "5000"}, "between 1 and 3650"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_words_that_were_typed(
    administrator: FlaskClient, con: Connection, key: str, values: dict[str, str], said: str
) -> None:
    page = section(administrator, key, values)
    assert page.status_code == 422
    assert said in page.text
    assert "<title>Error: " in page.text
    for value in values.values():
        assert not value or value in page.text or key == "city"
    assert events_of(con, "settings") == []


def test_a_pale_accent_comes_with_one_that_can_be_read(administrator: FlaskClient, con: Connection) -> None:
    page = section(administrator, "look", {"accent": "#ffcc00"})
    better = re.search(r'name="take" value="(#[0-9a-f]{6})"', page.text)
    assert better
    assert section(administrator, "look", {"accent": "#ffcc00", "take": better[1]}).status_code == 302
    assert get_settings(con).accent == better[1]
    assert "hard to read" in administrator.get("/office/settings/accent?accent=%23ffcc00").text
    assert "hard to read" not in administrator.get(f"/office/settings/accent?accent=%23{better[1][1:]}").text
    assert "Write the colour" in administrator.get("/office/settings/accent?accent=<script>").text


def test_a_logo_is_kept_by_its_content_and_shown_to_everybody(
    administrator: FlaskClient, client: FlaskClient, con: Connection
) -> None:
    assert section(administrator, "look", {"logo": (io.BytesIO(PNG), "arms.svg")}).status_code == 302
    address = get_settings(con).logo
    con.rollback()
    answer = client.get(address)
    assert answer.data == PNG
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert f'src="{address}"' in client.get("/").text
    assert client.get("/logo/" + "0" * 64 + ".png").status_code == 404
    assert client.get("/logo/..%2f..%2fsecret.key").status_code == 404
    # Saved without a file it stays; with the tick it goes, and its address with it.
    section(administrator, "look", {})
    assert get_settings(con).logo == address
    con.rollback()
    section(administrator, "look", {"no_logo": "y"})
    assert get_settings(con).logo == ""
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Save the logo as PNG"),
        (b"GIF89a", "not a PNG, JPEG or WebP"),
        (PNG + b"x" * 1000, "larger than 1 MB"),
    ],
)
def test_a_logo_of_another_kind_is_refused(
    administrator: FlaskClient, con: Connection, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logo, "LARGEST", 1000)  # so that the test's client needs no file on the disk
    page = section(administrator, "look", {"logo": (io.BytesIO(content), "logo.png")})
    assert page.status_code == 422
    assert said in page.text
    assert get_settings(con).logo == ""


@pytest.mark.both_engines
def test_what_a_policy_would_do_is_told_before_it_is_done(
    administrator: FlaskClient, con: Connection, now: datetime
) -> None:
    for i, (status, ownership, consent) in enumerate((
        ("offered", "municipality", None), ("verified", "municipality", None), ("verified", "municipality", None),
        ("offered", "company", "given"), ("reported", "municipality", None),
    )):  # fmt: skip
        space = a_space(
            name=f"Space {i}", status=status, ownership=ownership, geometry=a_place(i / 1000), consent=consent
        )
        spaces.add_space(con, SYSTEM, space, now)
    assert published.count(con, "spaces") == 2
    con.rollback()
    page = section(administrator, "publication", {"publish_from": "verified", "private_level": "hidden"})
    assert page.status_code == 200
    assert "2 spaces will become public" in page.text
    assert "less precisely where 1 space lies" in page.text
    assert "For 2 spaces nothing changes" in page.text
    assert get_settings(con).publish_from == "offered"
    con.rollback()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert administrator.post("/office/settings/publication", data=sent).status_code == 302
    assert get_settings(con).publish_from == "verified"
    assert published.count(con, "spaces") == 4
    con.rollback()
    page = section(administrator, "publication", {"publish_from": "offered"})
    assert "2 spaces will no longer be public" in page.text
    # What changes nothing for anybody is not asked.
    assert section(administrator, "publication", {"objection_days": "60"}).status_code == 302


@pytest.mark.both_engines
def test_a_large_register_is_published_anew_by_the_worker(
    app: Flask, administrator: FlaskClient, con: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    spaces.add_space(con, SYSTEM, a_space(status="verified"), now)
    page = section(administrator, "publication", {"publish_from": "verified"})
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert administrator.post("/office/settings/publication", data=sent).status_code == 302
    assert get_settings(con).publish_from == "offered"
    con.rollback()
    huey = app.extensions["tempuse.tasks"].huey
    huey.execute(huey.dequeue())
    huey.storage.close()
    assert get_settings(con).publish_from == "verified"
    assert published.count(con, "spaces") == 1
    assert events_of(con, "settings")[0].actor == "Adam Reed"


# ---- people ------------------------------------------------------------------------------------------------


NEW = {"name": "Bea Smit", "email": "bea@rivermouth.example", "role": "planner", "language": "en", "how": "print"}


def test_an_administrator_invites_somebody_with_a_link_shown_once(
    app: Flask, administrator: FlaskClient, client: FlaskClient, con: Connection
) -> None:
    page = post(administrator, "/office/people", NEW)
    link = re.search(r'value="http://localhost(/my/password/[^"]+)"', page.text)
    assert link
    post(client, link[1], {"password": "three blue whales", "again": "three blue whales"})
    assert client.get("/office/waiting").status_code == 200, "she is in"
    (bea,) = (person for person in people.find(con) if person.name == "Bea Smit")
    con.rollback()
    assert sign_in(app.test_client(), bea, "three blue whales").status_code == 302
    again = post(administrator, "/office/people", NEW)
    assert again.status_code == 422
    assert "belongs to Bea Smit already" in again.text
    assert 'value="Bea Smit"' in again.text


def test_an_invitation_by_mail_is_a_file_where_no_mail_server_is_set(app: Flask, administrator: FlaskClient) -> None:
    assert "No mail server is set" in administrator.get("/office/people").text
    assert post(administrator, "/office/people", {**NEW, "how": "mail"}).location == "/office/people"
    (letter,) = (app.extensions["tempuse.register"].home / "mail").glob("*.eml")
    assert "Adam Reed invites you" in letter.read_text()
    assert "works once, for 14 days" in letter.read_text()


def test_an_administrator_changes_ends_and_brings_back(administrator: FlaskClient, app: Flask, con: Connection) -> None:
    bea = a_signed_in_client(app, "Bea Smit")
    values = {"name": "Bea S.", "email": "bea@rivermouth.example", "role": "administrator", "language": "nl"}
    assert post(administrator, "/office/people/PE-0002", values).status_code == 302
    assert bea.get("/office/people").status_code == 200
    assert "cannot sign in any more" in administrator.get("/office/people/PE-0002/end").text
    assert post(administrator, "/office/people/PE-0002/end", {}).status_code == 302
    assert bea.get("/office/people").status_code == 302
    page = administrator.get("/office/people/PE-0002")
    assert "Bring back" in page.text
    token = token_of(page.text)
    assert administrator.post("/office/people/PE-0002/bring-back", data={"csrf_token": token}).status_code == 302
    # The old password went with the account.
    assert sign_in(app.test_client(), people.get(con, "PE-0002")).status_code == 422


def test_the_last_administrator_cannot_step_down_by_a_form(administrator: FlaskClient, con: Connection) -> None:
    page = post(administrator, "/office/people/PE-0001/end", {})
    assert page.status_code == 409
    assert "the last administrator" in page.text
    values = {"name": "Adam Reed", "email": "adam@rivermouth.example", "role": "planner", "language": "en"}
    page = post(administrator, "/office/people/PE-0001", values)
    assert page.status_code == 422
    assert "the last administrator" in page.text
    assert people.get(con, "PE-0001").role == "administrator"


def test_a_person_who_is_not_there_is_told(administrator: FlaskClient) -> None:
    assert administrator.get("/office/people/PE-0099").status_code == 404


# ---- areas ---------------------------------------------------------------------------------------------------


def a_layer(names: list[str], *, key: str = "wijknaam") -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {key: name, "code": name[:2]},
            "geometry": shapely.geometry.mapping(a_district(name, west=3.70 + i / 20).geometry),
        }
        for i, name in enumerate(names)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(client: FlaskClient, content: bytes, name: str, kind: str = "district") -> Any:
    return post(client, "/office/areas", {"kind": kind, "files": (io.BytesIO(content), name)})


@pytest.mark.both_engines
def test_a_layer_is_looked_at_and_loaded(app: Flask, con: Connection) -> None:
    client = a_signed_in_client(app)
    answer = upload(client, a_layer(["Old Docks", "Northgate"]), "wijken.geojson")
    assert answer.status_code == 302
    look = client.get(answer.location)
    assert "2 areas from “wijken.geojson”" in look.text
    assert "Old Docks</text>" in look.text
    assert "2 areas are new" in look.text
    assert area_rows.find(con) == []
    con.rollback()
    other = client.get(answer.location + "&layer=&name_column=code&code_column=&crs=")
    assert "Old Docks</text>" not in other.text
    assert ">Ol</text>" in other.text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', look.text))
    path = answer.location.split("?")[0]
    assert client.post(path, data={**form, "source": "City, 2026"}).status_code == 302
    assert [(area.name, area.code, area.source) for area in area_rows.find(con)] == [
        ("Old Docks", "Ol", "City, 2026"), ("Northgate", "No", "City, 2026"),
    ]  # fmt: skip
    con.rollback()
    # Sent twice: the file is gone, nothing happens.
    assert client.post(path, data=form).status_code == 404
    again = client.get(upload(client, a_layer(["Old Docks"]), "wijken.geojson").location)
    assert "1 area is in the register already" in again.text
    assert "1 area of the register is not in the file and is retired" in again.text


def test_a_shapefile_may_come_as_its_files(app: Flask, shared: Path) -> None:
    found = sorted(path for path in shared.rglob("*.shp") if path.with_suffix(".dbf").exists())
    if not found:
        pytest.skip("no Shapefile beside this checkout")
    client = a_signed_in_client(app)
    parts = [
        path for path in found[0].parent.glob(found[0].stem + ".*") if path.suffix in (".shp", ".shx", ".dbf", ".prj")
    ]
    page = client.get("/office/areas")
    values = {"csrf_token": token_of(page.text), "kind": "district",
              "files": [(io.BytesIO(path.read_bytes()), path.name) for path in parts]}  # fmt: skip
    assert client.post("/office/areas", data=values).status_code == 302


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"", "empty.geojson", "empty"), (b"nonsense", "x.gpkg", "x.gpkg"), (b"PK\x03\x04", "x.zip", "x.zip")],
)
def test_a_file_that_is_not_a_layer_is_told(app: Flask, content: bytes, name: str, said: str) -> None:
    page = upload(a_signed_in_client(app), content, name, "water")
    assert page.status_code == 422
    assert said in page.text
    assert 'value="water" id="kind-water" checked' in page.text


def test_the_letters_of_a_layer_can_be_told(app: Flask) -> None:
    client = a_signed_in_client(app)
    layer = json.loads(a_layer(["Şişli"]))
    content = json.dumps(layer, ensure_ascii=False).encode("cp1254")
    location = upload(client, content, "wijken.geojson").location
    read = client.get(f"{location}&layer=&name_column=wijknaam&code_column=&crs=&encoding=cp1254")
    assert ">Şişli</text>" in read.text
    wrong = client.get(f"{location}&layer=&name_column=wijknaam&code_column=&crs=&encoding=klingon")
    assert wrong.status_code == 422
    assert "not written in klingon" in wrong.text


def test_no_file_and_a_layer_without_areas_are_told(app: Flask) -> None:
    client = a_signed_in_client(app)
    assert "Choose a file" in post(client, "/office/areas", {"kind": "district"}).text
    point = {"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "Point", "coordinates": [3, 51]}}
    points = json.dumps({"type": "FeatureCollection", "features": [point]}).encode()
    page = client.get(upload(client, points, "points.geojson").location)
    assert page.status_code == 422
    assert client.get("/office/areas/" + "0" * 32).status_code == 404
    assert client.get("/office/areas/..").status_code == 404


@pytest.mark.both_engines
def test_settings_changed_elsewhere_are_seen(administrator: FlaskClient, con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"municipality": "Elsewhere"}, now)
    assert "Elsewhere" in administrator.get("/office/settings").text
