"""Bringing in a list in the browser: four steps, nothing before the last press, nothing lost and nothing done twice."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tempuse.access import SYSTEM
from tempuse.io.crosswalk import read as read_crosswalk
from tempuse.registry import jobs, setup
from tempuse.registry import spaces as registry
from tempuse.spaces import Space
from tempuse.store import published, spaces
from tempuse.store.engine import Connection, Register, writing
from tempuse.store.tables import jobs as table
from tests.io import lists
from tests.office import a_signed_in_client, post, token_of
from web.office.imports import work

HEAD = ["Ref", "Name", "Address", "Lat", "Lon", "Floor area", "Heating"]


@pytest.fixture
def client(app: Flask, con: Connection, now: datetime) -> FlaskClient:
    """A planner who has just signed in, in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, now)
    return a_signed_in_client(app)


def a_row(i: int, **changes: Any) -> list[Any]:
    row = {"ref": f"A{i}", "name": f"Store {i}", "address": f"{i} Ferry Street", "lat": 51.05,
           "lon": round(3.7 + i * 0.01, 4), "area": 100 + i, "heating": "yes"}  # fmt: skip
    row.update(changes)
    return list(row.values())


def as_csv(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in [head, *rows])
    return text.encode()


def begin(client: FlaskClient, content: bytes, name: str = "vacant.csv", **values: Any) -> TestResponse:
    """Send the first form, in memory: Werkzeug's client leaves the file open that it makes of a large one."""
    form = {"file": (io.BytesIO(content), name), "status": "verified", "ownership": "",
            "kind": "building", "location_level": "", "profile": "", "again": "", **values}  # fmt: skip
    sent = {each: FileStorage(*value) if isinstance(value, tuple) else value for each, value in form.items()}
    boundary, body = encode_multipart({**sent, "csrf_token": token_of(client.get("/office/import").text)})
    said = {"content_type": f"multipart/form-data; boundary={boundary}", "headers": {"Origin": "http://localhost"}}
    return client.post("/office/import", data=body, **said)


def key_of(response: TestResponse) -> str:
    """The draft that an answer leads to."""
    assert response.status_code == 302, response.text
    found = re.search(r"/import/([0-9a-f]{32})", response.location)
    assert found, response.location
    return found[1]


def step_of(page: str) -> str:
    found = re.search(r'name="step" value="(\d+)"', page)
    assert found
    return found[1]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the columns' form, as it stands."""
    form = page[page.index('id="columns"') : page.index("</form>", page.index('id="columns"'))]
    found = {"columns": "1", "step": step_of(form)}
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, value)
    return found


def send_columns(client: FlaskClient, key: str, do: str, **changes: str) -> TestResponse:
    address = f"/office/import/{key}/columns"
    page = client.get(address).text
    values = {**fields_of(page), "csrf_token": token_of(page), "do": do, **changes}
    return client.post(address, data=values, headers={"Origin": "http://localhost"})


def checked(client: FlaskClient, content: bytes, name: str = "vacant.csv", **values: Any) -> str:
    """A list as far as the third step; the draft's key."""
    key = key_of(begin(client, content, name, **values))
    assert send_columns(client, key, "check").status_code == 302
    assert client.get(f"/office/import/{key}").location.endswith("/check")
    return key


def press(client: FlaskClient, key: str, what: str, **values: str) -> TestResponse:
    page = client.get(f"/office/import/{key}/check").text
    values = {"csrf_token": token_of(page), "step": step_of(page), **values}
    return client.post(f"/office/import/{key}/{what}", data=values, headers={"Origin": "http://localhost"})


def brought_in(client: FlaskClient, content: bytes, name: str = "vacant.csv", **values: Any) -> str:
    """A whole import; the page at its end."""
    key = checked(client, content, name, **values)
    assert press(client, key, "merge").status_code == 302
    done = client.get(f"/office/import/{key}")
    assert done.status_code == 302
    return client.get(done.location).text


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def held(con: Connection) -> dict[str, Space]:
    found = {space.source_ref or "": space for batch in spaces.walk(con) for _, space in batch}
    con.rollback()
    return found


def run_jobs(app: Flask) -> int:
    """What a worker would do now."""
    huey, done = app.extensions["tempuse.tasks"].huey, 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        done += 1
    return done


# ---- the way through ------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_list_goes_through_four_steps_and_nothing_is_written_before_the_last(
    client: FlaskClient, con: Connection
) -> None:
    page = client.get("/office/import").text
    assert "Nothing that is privately owned becomes public without the owner’s word." in plain(page)
    key = key_of(begin(client, as_csv([a_row(1), a_row(2), a_row(3, lat=None, lon=None)])))
    page = client.get(f"/office/import/{key}", follow_redirects=True).text
    words = plain(page)
    assert "About 3 rows in “vacant.csv”" in words
    assert "2 of the first 3 rows have a place." in words
    assert "Store 1" in words
    assert "guessed" in words
    assert held(con) == {}
    send_columns(client, key, "check")
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "3 rows from “vacant.csv”. Nothing is in the register yet." in words
    assert "2 new placed on the map" in words
    assert "1 without a place you show us where" in words
    assert "Bring in 3 spaces" in words
    assert held(con) == {}
    press(client, key, "merge")
    assert set(held(con)) == {"A1", "A2", "A3"}
    assert {space.status for space in held(con).values()} == {"verified"}
    done = client.get(f"/office/import/{key}")
    assert done.location.endswith("/office/imports/IM-0001?done=1")
    words = plain(client.get(done.location).text)
    assert "3 spaces came in" in words
    assert "Ilse Maes" in words
    assert "1 space waits for its place" in words


def test_what_was_chosen_holds_for_rows_that_do_not_say(client: FlaskClient, con: Connection) -> None:
    content = as_csv([[*a_row(1), ""], [*a_row(2), "municipality"]], [*HEAD, "Ownership"])
    page = brought_in(
        client, content, status="offered", ownership="private_person", kind="plot", agreed_on="2026-10-01",
        location_level="exact", licence="CC0", source="Winter list",
    )  # fmt: skip
    first, second = held(con)["A1"], held(con)["A2"]
    assert (first.ownership, first.kind, first.status) == ("private_person", "plot", "offered")
    assert (first.consent, str(first.consent_on), first.location_level) == ("given", "2026-10-01", "exact")
    assert (second.ownership, second.source, second.source_licence) == ("municipality", "Winter list", "CC0")
    assert published.count(con, "spaces") == 2
    assert "2 spaces: Public, with name, address and place, as far as they are known." in plain(page)


def test_spaces_that_somebody_has_just_looked_at_are_no_sites_to_check(client: FlaskClient, con: Connection) -> None:
    assert "When did you last look?" in plain(client.get("/office/import").text)
    content = as_csv([[*a_row(1), ""], [*a_row(2), "2021-05-04"]], [*HEAD, "Checked on"])
    brought_in(client, content, looked_on="2026-11-02")
    assert [str(held(con)[ref].checked_on) for ref in ("A1", "A2")] == ["2026-11-02", "2021-05-04"]
    waiting = plain(client.get("/office/waiting").text)
    assert "Nobody wrote down a visit" not in waiting
    assert "Last seen on 4 May 2021" in waiting


def test_the_end_says_exactly_why_nothing_is_public_yet(client: FlaskClient, con: Connection) -> None:
    rows = [[*a_row(1), "private"], [*a_row(2), "municipality"], [*a_row(3), "municipality"]]
    words = plain(brought_in(client, as_csv(rows, [*HEAD, "Ownership"])))
    assert "1 space: Not public: nobody has asked the owner yet." in words
    assert "2 spaces: Not public: it is not offered yet, and the city shows spaces only from then on." in words
    assert "3 spaces are verified, not offered" in words
    con.rollback()
    assert published.count(con, "spaces") == 0


def test_they_can_be_offered_from_the_end(client: FlaskClient) -> None:
    rows = [[*a_row(1), "municipality"]]
    page = brought_in(client, as_csv(rows, [*HEAD, "Ownership"]))
    form = re.search(
        r'<form method="post" action="([^"]+)">(.*?)</form>', page[page.index("verified, not offered") :], re.DOTALL
    )
    assert form
    values = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[2].replace("&amp;", "&")))
    preview = client.post(form[1], data=values, headers={"Origin": "http://localhost"})
    assert preview.status_code == 200
    assert "Offer 1 space" in plain(preview.text)


# ---- columns --------------------------------------------------------------------------------------------


def test_a_column_is_taken_for_something_else_and_the_rows_show_it(client: FlaskClient, con: Connection) -> None:
    key = key_of(begin(client, as_csv([["Loft", "nice", "1 Quay Lane"]], ["Naam", "Vreemd", "Adres"])))
    answer = send_columns(client, key, "show", **{"field-1": "description"})
    assert answer.status_code == 302
    page = client.get(f"/office/import/{key}/columns").text
    assert "Description for everybody nice" in plain(page)
    send_columns(client, key, "check", **{"field-0": ""})
    press(client, key, "merge")
    (space,) = held(con).values()
    assert (space.name, space.description, space.address) == (None, "nice", "1 Quay Lane")
    assert space.source_fields == {"Naam": "Loft"}


def test_htmx_gets_the_page_anew_and_the_next_press_still_counts(client: FlaskClient) -> None:
    key = key_of(begin(client, as_csv([a_row(1)])))
    address = f"/office/import/{key}/columns"
    page = client.get(address).text
    values = {**fields_of(page), "csrf_token": token_of(page), "field-1": "description"}
    answer = client.post(address, data=values, headers={"Origin": "http://localhost", "HX-Request": "true"})
    assert (answer.status_code, step_of(answer.text)) == (200, step_of(page))
    assert 'value="description" selected' in answer.text
    assert (
        client.post(address, data={**values, "do": "check"}, headers={"Origin": "http://localhost"}).status_code == 302
    )
    assert client.get(f"/office/import/{key}").location.endswith("/check")


def test_a_word_that_nobody_knows_is_explained_once_for_all_rows(client: FlaskClient, con: Connection) -> None:
    rows = [a_row(i, heating="stove") for i in range(1, 4)]
    key = key_of(begin(client, as_csv(rows)))
    words = plain(client.get(f"/office/import/{key}/columns").text)
    assert "Words we do not know" in words
    assert "“stove”" in words
    send_columns(client, key, "show", **{"word-0": "yes"})
    page = client.get(f"/office/import/{key}/columns").text
    assert re.search(r'name="word-0">.*?value="yes" selected', page, re.DOTALL)  # and can be taken back
    send_columns(client, key, "check")
    assert "We noticed nothing odd" in plain(client.get(f"/office/import/{key}/check").text)
    press(client, key, "merge")
    assert {space.heating for space in held(con).values()} == {True}
    again = checked(client, as_csv(rows), again="vacant")
    assert "3 the same" in plain(client.get(f"/office/import/{again}/check").text)  # remembered for next time


def test_another_sheet_is_read_with_its_own_columns(client: FlaskClient, con: Connection, tmp_path: Path) -> None:
    sheets = {"Vacant": lists.table(), "Other": [["Titel", "Adres"], ["Shed", "2 Quay Lane"]]}
    content = lists.write_xlsx(tmp_path / "l.xlsx", sheets).read_bytes()
    key = key_of(begin(client, content, "list.xlsx"))
    assert "sheet “Vacant”" in plain(client.get(f"/office/import/{key}/columns").text)
    send_columns(client, key, "show", layer="Other")
    page = client.get(f"/office/import/{key}", follow_redirects=True).text
    assert "sheet “Other”" in plain(page)
    assert "2 Quay Lane" in plain(page)
    send_columns(client, key, "check")
    press(client, key, "merge")
    assert [space.address for space in held(con).values()] == ["2 Quay Lane"]


def test_the_columns_go_out_as_a_file_and_come_back(client: FlaskClient) -> None:
    content = as_csv([["Loft", "1 Quay Lane"]], ["Titel", "Wo"])
    key = key_of(begin(client, content))
    taken = client.get(f"/office/import/{key}/columns.csv")
    assert taken.headers["Content-Disposition"] == "attachment; filename=columns.csv"
    text = taken.data.decode("utf-8-sig").replace("column,Wo,,", "column,Wo,address,")
    assert read_crosswalk(text, "mine").column_for("address") == "Wo"
    page = client.get(f"/office/import/{key}/columns").text
    values = {
        "csrf_token": token_of(page),
        "step": step_of(page),
        "do": "load",
        "crosswalk": (io.BytesIO(text.encode()), "c.csv"),
    }
    answer = client.post(f"/office/import/{key}/columns", data=values, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302
    assert 'value="address" selected' in client.get(f"/office/import/{key}/columns").text
    values = {**values, "crosswalk": (io.BytesIO(b"Naam,Adres\n1,2\n"), "c.csv")}
    answer = client.post(f"/office/import/{key}/columns", data=values, headers={"Origin": "http://localhost"})
    assert answer.status_code == 422
    assert "is not a list of columns" in plain(answer.text)


def test_coordinates_that_nobody_declared_are_said_and_mended_at_the_columns(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    setup.change_settings(con, SYSTEM, {"country": ""}, now)
    rows = [["Loft", 104637, 193985], ["Shed", 104700, 194000]]
    key = key_of(begin(client, as_csv(rows, ["Name", "X", "Y"])))
    words = plain(client.get(f"/office/import/{key}/columns").text)
    assert "The file does not say what its coordinates are. Say it with" in words
    assert send_columns(client, key, "show", crs="EPSG:77777").status_code == 422
    send_columns(client, key, "show", crs="EPSG:31370", within="BE")
    assert "Each of the first 2 rows has a place." in plain(client.get(f"/office/import/{key}/columns").text)


# ---- the check ------------------------------------------------------------------------------------------


def test_what_was_noticed_is_told_grave_things_first_and_goes_out_as_a_file(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    registry.add_space(con, SYSTEM, Space(name="Fish hall", geometry=lists.shapely.Point(3.72, 51.05)), now)
    rows = [
        a_row(1, lat=3.7155, lon=51.0525), a_row(2, name="The fish hall", lon=3.7201), a_row(3, area="1.25.5"),
        a_row(4, heating="partly"), ["A5", None, None, None, None, 3, "yes"],
    ]  # fmt: skip
    key = checked(client, as_csv(rows))
    page = client.get(f"/office/import/{key}/check").text
    words = plain(page)
    assert "5 things we noticed" in words
    said = [
        "Very near and much like SP-0001",
        "Dot or comma?",
        "What it tells is neither a name nor an address nor a place.",
        "were swapped",
        "Not yes, no or unknown.",
    ]
    places = [words.index(each) for each in said]
    assert places == sorted(places)
    assert 'href="/office/spaces/SP-0001"' in page
    assert f'href="/office/import/{key}/columns#column-6">What this column means' in page
    assert "“partly” means" in words
    sent = client.get(f"/office/import/{key}/noticed.csv")
    assert sent.data.decode("utf-8-sig").splitlines()[0] == "Row,Column,It says,What is wrong,What we did"
    assert len(sent.data.decode().splitlines()) == 6


def test_many_alike_stand_as_one_line_and_can_be_seen_one_by_one(client: FlaskClient) -> None:
    key = checked(client, as_csv([a_row(i, heating="partly") for i in range(1, 41)]))
    page = client.get(f"/office/import/{key}/check").text
    assert "40 things we noticed" in plain(page)
    assert "40 rows" in plain(page)
    address = re.search(r'href="(/office/import/[0-9a-f]+/noticed\?kind=\d+)"', page)
    assert address
    first = client.get(address[1])
    assert "Page 1 of 2" in plain(first.text)
    assert plain(client.get(f"{address[1]}&page=2").text).count("“partly” means") == 15


def test_the_change_of_each_space_can_be_seen_field_by_field(client: FlaskClient) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = checked(client, as_csv([a_row(1, area=777, heating="no"), a_row(2)]), again="vacant")
    page = client.get(f"/office/import/{key}/check").text
    assert "1 changed see what" in plain(page)
    words = plain(client.get(f"/office/import/{key}/changed").text)
    assert "Store 1" in words
    assert "Floor area 101 m² 777 m²" in words
    assert "Heating yes no" in words


@pytest.mark.both_engines
def test_what_vanished_is_listed_and_retired_only_when_ticked(client: FlaskClient, con: Connection) -> None:
    brought_in(client, as_csv([a_row(1), a_row(2)]))
    key = checked(client, as_csv([a_row(1)]), again="vacant")
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "1 space is not in the list any more" in words
    assert "Store 2" in words
    answer = press(client, key, "merge", retire="yes", retire_on="soon")
    assert answer.status_code == 422
    assert "Write the day on which the missing spaces ended" in plain(answer.text)
    press(client, key, "merge", retire="yes", retire_on="2026-11-01")
    assert (held(con)["A2"].status, str(held(con)["A2"].retired_on)) == ("retired", "2026-11-01")
    assert "1 space was retired." in plain(client.get("/office/imports/IM-0002").text)


def test_a_list_that_says_nothing_new_says_so(client: FlaskClient) -> None:
    brought_in(client, as_csv([a_row(1)]))
    key = checked(client, as_csv([a_row(1)]), again="vacant")
    assert "Everything in this list is in the register already" in plain(client.get(f"/office/import/{key}/check").text)


# ---- twice, together, later -----------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_press_that_is_sent_twice_does_its_work_once(client: FlaskClient, con: Connection) -> None:
    key = checked(client, as_csv([a_row(1)]))
    page = client.get(f"/office/import/{key}/check").text
    values = {"csrf_token": token_of(page), "step": step_of(page)}
    for _ in range(2):
        assert (
            client.post(f"/office/import/{key}/merge", data=values, headers={"Origin": "http://localhost"}).status_code
            == 302
        )
    assert len(held(con)) == 1


def test_every_press_needs_the_token_against_forged_requests(client: FlaskClient, con: Connection) -> None:
    key = checked(client, as_csv([a_row(1)]))
    page = client.get(f"/office/import/{key}/check").text
    for what in ("merge", "stop", "again", "retry", "columns"):
        answer = client.post(f"/office/import/{key}/{what}", data={"step": step_of(page)})
        assert answer.status_code == 400
    assert client.get(f"/office/import/{key}/check").status_code == 200
    assert held(con) == {}


@pytest.mark.both_engines
def test_two_planners_import_at_once_and_the_second_compares_anew_with_one_press(
    app: Flask, client: FlaskClient, con: Connection
) -> None:
    other = a_signed_in_client(app, "Wim Baert")
    mine = checked(client, as_csv([a_row(1), a_row(2)]), source="list")
    theirs = checked(other, as_csv([a_row(1), a_row(2, heating="no")]), source="list")
    press(client, mine, "merge")
    press(other, theirs, "merge")
    answer = other.get(f"/office/import/{theirs}", follow_redirects=True)
    assert answer.status_code == 409
    assert "Somebody else brought in “list” while you were looking" in plain(answer.text)
    assert "Compare anew" in plain(answer.text)
    press(other, theirs, "again")
    words = plain(other.get(f"/office/import/{theirs}", follow_redirects=True).text)
    assert "1 changed" in words
    press(other, theirs, "merge")
    assert (len(held(con)), held(con)["A2"].heating) == (2, False)


@pytest.mark.both_engines
def test_a_space_that_was_edited_meanwhile_is_not_overwritten(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    brought_in(client, as_csv([a_row(1)]))
    key = checked(client, as_csv([a_row(1, heating="no")]), again="vacant")
    ref = held(con)["A1"].ref
    registry.edit_space(con, SYSTEM, ref, {"name": "Mine"}, now)
    press(client, key, "merge")
    answer = client.get(f"/office/import/{key}", follow_redirects=True)
    assert f"Somebody changed {ref} while you were looking." in plain(answer.text)
    assert held(con)["A1"].heating is True


def test_an_import_waits_for_its_planner_and_for_nobody_else(app: Flask, client: FlaskClient) -> None:
    key = checked(client, as_csv([a_row(1)]), name="winter.csv")
    words = plain(client.get("/office/import").text)
    assert "winter.csv" in words
    assert "waits for you to bring it in" in words
    other = a_signed_in_client(app, "Wim Baert")
    assert "winter.csv" not in plain(other.get("/office/import").text)
    for what in ("", "/columns", "/check", "/changed", "/noticed.csv", "/columns.csv"):
        assert other.get(f"/office/import/{key}{what}").status_code == 404
    assert app.test_client().get(f"/office/import/{key}/check").status_code == 302  # to the way in


def test_stopping_throws_everything_away(client: FlaskClient, register: Register, con: Connection) -> None:
    key = checked(client, as_csv([a_row(1)]))
    assert press(client, key, "stop").status_code == 302
    assert client.get(f"/office/import/{key}").status_code == 404
    assert list((register.home / "staging").iterdir()) == []
    assert held(con) == {}


def test_what_nobody_comes_back_for_is_forgotten_after_a_week(
    client: FlaskClient, register: Register, now: datetime
) -> None:
    key = key_of(begin(client, as_csv([a_row(1)])))
    with register.connect() as con:
        assert jobs.forget_old_jobs(con, SYSTEM, register.home, now + timedelta(days=6)) == 0
        assert jobs.get_job(con, key).state == "columns"
        con.rollback()
        jobs.forget_old_jobs(con, SYSTEM, register.home, now + timedelta(days=8))
    assert client.get(f"/office/import/{key}").status_code == 404


# ---- large lists ----------------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_large_list_is_worked_on_behind_the_pages(
    app: Flask, client: FlaskClient, con: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BIG_ROWS", 2)
    monkeypatch.setattr(work, "BIG_BYTES", 10)
    key = key_of(begin(client, as_csv([a_row(i) for i in range(1, 6)])))
    page = client.get(f"/office/import/{key}").text
    assert "Opening the file" in plain(page)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 1s"' in page
    assert run_jobs(app) == 1
    asked = client.get(f"/office/import/{key}", headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"].endswith("/columns")
    send_columns(client, key, "check")
    assert "Reading the list and comparing it with the register" in plain(client.get(f"/office/import/{key}").text)
    assert "is being checked" in plain(client.get("/office/import").text)
    assert run_jobs(app) == 1
    press(client, key, "merge")
    assert held(con) == {}
    assert "Bringing the spaces in" in plain(client.get(f"/office/import/{key}").text)
    assert run_jobs(app) == 1
    assert len(held(con)) == 5
    assert client.get(f"/office/import/{key}").location.endswith("/office/imports/IM-0001?done=1")


@pytest.mark.both_engines
def test_work_that_was_stopped_or_begun_again_leaves_no_trace(
    app: Flask, client: FlaskClient, con: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BIG_BYTES", 10)
    key = key_of(begin(client, as_csv([a_row(1)])))
    client.post(f"/office/import/{key}/stop", data={"csrf_token": token_of(client.get("/office/import").text)},
                headers={"Origin": "http://localhost"})  # fmt: skip
    assert run_jobs(app) == 1  # finds nothing to do
    key = key_of(begin(client, as_csv([a_row(1)])))
    run_jobs(app)
    send_columns(client, key, "check")
    page = client.get(f"/office/import/{key}").text
    with writing(con):
        con.execute(table.update().values(moved_at=now - timedelta(minutes=10)))
    page = client.get(f"/office/import/{key}").text
    assert "It has not moved for a while." in plain(page)
    values = {"csrf_token": token_of(page), "step": step_of(page)}
    client.post(f"/office/import/{key}/retry", data=values, headers={"Origin": "http://localhost"})
    assert run_jobs(app) == 2  # the second of them finds nothing left to do
    assert client.get(f"/office/import/{key}").location.endswith("/check")


def test_a_fault_of_ours_is_said_and_the_draft_stays(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(begin(client, as_csv([a_row(1)])))
    monkeypatch.setattr(work, "prepare_import", lambda *_: 1 / 0)
    send_columns(client, key, "check")
    answer = client.get(f"/office/import/{key}", follow_redirects=True)
    assert answer.status_code == 422
    assert "Something went wrong on our side while we worked on this list." in plain(answer.text)


# ---- bad input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"", "list.csv is empty."),
        ("list.csv", b"Name,Address\n", "list.csv has names of columns but no rows."),
        ("list.xlsx", b"%PDF-1.7", "list.xlsx is written as PDF"),
        ("list.csv", b"<!doctype html><p>Sign in", "is written as HTML"),
        ("list.xlsx", b"PK\x03\x04 cut short", "is damaged and cannot be read"),
        ("list.gpkg", b"SQLite format 3\x00" + bytes(84), "is damaged and cannot be read"),
        ("list.zip", None, "There is nothing in list.zip that we can read."),
        ("list.dat", bytes(range(256)) * 20, "of a kind that we cannot read"),
        ("../../../etc/list.csv", b"", "list.csv is empty."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_on_the_form_and_what_was_written_stays(
    client: FlaskClient, register: Register, con: Connection, name: str, content: bytes | None, said: str
) -> None:
    if content is None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("readme.doc", "hello")
        content = packed.getvalue()
    answer = begin(client, content, name, source="Winter list", licence="CC0")
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert 'value="Winter list"' in answer.text
    assert 'value="CC0"' in answer.text
    assert list((register.home / "staging").iterdir()) == []
    assert held(con) == {}


def test_the_form_says_what_is_missing_or_does_not_fit(client: FlaskClient) -> None:
    answer = post(client, "/office/import", {"status": "verified", "ownership": "", "kind": "building", "again": "",
                                             "location_level": "", "profile": ""})  # fmt: skip
    assert answer.status_code == 422
    assert "Choose a file." in plain(answer.text)
    for values, said in (
        ({"crs": "EPSG:99999"}, "not a coordinate reference system that we know"),
        ({"within": "Atlantis"}, "neither a country we know"),
        ({"agreed_on": "yesterday"}, "Write a day, like 2027-03-01."),
        ({"agreed_on": "2027-03-01"}, "This day is still to come."),
        ({"looked_on": "2027-03-01"}, "This day is still to come."),
        ({"status": "retired"}, "This is not one of the choices."),
    ):
        answer = begin(client, as_csv([a_row(1)]), **values)
        assert answer.status_code == 422, values
        assert said in plain(answer.text)


def test_a_list_of_a_name_that_is_there_already_is_asked_about(client: FlaskClient) -> None:
    brought_in(client, as_csv([a_row(1)]), source="Winter list")
    answer = begin(client, as_csv([a_row(1)]), source="Winter list")
    assert answer.status_code == 422
    assert "You have a list of this name." in plain(answer.text)


def test_a_list_of_which_no_column_is_known_leads_back_to_its_columns(client: FlaskClient) -> None:
    key = key_of(begin(client, as_csv([["a", "b"]], ["Qwertz", "Uiop"])))
    send_columns(client, key, "check")
    answer = client.get(f"/office/import/{key}", follow_redirects=True)
    assert answer.status_code == 422
    assert "Say which is the name or the address." in plain(answer.text)
    send_columns(client, key, "check", **{"field-0": "name"})
    assert client.get(f"/office/import/{key}").location.endswith("/check")


def test_a_profile_without_its_columns_is_said(client: FlaskClient) -> None:
    answer = begin(client, as_csv([a_row(1)]), profile="england-brownfield")
    assert answer.status_code == 422
    assert "The profile england-brownfield needs columns that this file does not have" in plain(answer.text)


def test_two_gigabytes_are_refused_with_a_sentence_before_they_are_read(client: FlaskClient) -> None:
    page = client.get("/office/import").text
    assert 'data-most="209715200"' in page  # the browser says it before sending
    assert "This file is larger than 200 MB." in page
    headers = {"Origin": "http://localhost", "Content-Type": "multipart/form-data; boundary=x"}
    said = {"CONTENT_LENGTH": str(2 * 2**30)}
    answer = client.post("/office/import", data=b"--x", headers=headers, environ_overrides=said)
    assert answer.status_code == 413
    assert "This is more than we can take at once: 200 MB." in answer.text


def test_the_registers_own_file_is_no_list(
    client: FlaskClient, register: Register, tmp_path: Path, con: Connection
) -> None:
    if register.path is None:
        return
    con.connection.driver_connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.gpkg"),))  # type: ignore[union-attr]
    con.rollback()
    answer = begin(client, (tmp_path / "copy.gpkg").read_bytes(), "register.gpkg")
    assert answer.status_code == 422
    assert "register.gpkg is a register of its own, not a list." in plain(answer.text)


# ---- more files, and what stays -------------------------------------------------------------------------


def test_a_shapefile_may_come_as_its_files(client: FlaskClient, tmp_path: Path) -> None:
    folder = lists.write_shapefile(tmp_path / "shape")
    page = client.get("/office/import").text
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in folder.iterdir()]
    form = {"csrf_token": token_of(page), "file": files, "status": "verified", "ownership": "", "kind": "building",
            "location_level": "", "profile": "", "again": ""}  # fmt: skip
    answer = client.post(
        "/office/import", data=form, headers={"Origin": "http://localhost"}, content_type="multipart/form-data"
    )
    assert "Each of the first 4 rows has a place." in plain(client.get(f"/office/import/{key_of(answer)}/columns").text)
    form["file"] = [(io.BytesIO(b"a,b\n1,2"), "one.csv"), (io.BytesIO(b"a,b\n1,2"), "two.csv")]
    answer = client.post(
        "/office/import", data=form, headers={"Origin": "http://localhost"}, content_type="multipart/form-data"
    )
    assert "These files do not belong together." in plain(answer.text)


def test_addresses_give_their_places(client: FlaskClient, con: Connection) -> None:
    addresses = as_csv([["1 Quay Lane", 3.72, 51.05]], ["Address", "Lon", "Lat"])
    content = as_csv([["1 Quay Lane"], ["2 Quay Lane"]], ["Address"])
    key = checked(client, content, addresses=(io.BytesIO(addresses), "addresses.csv"))
    words = plain(client.get(f"/office/import/{key}/check").text)
    assert "1 new" in words
    assert "Not in the address list." in words
    press(client, key, "merge")
    assert sorted(str(space.placed_by) for space in held(con).values()) == ["None", "address"]


def test_earlier_imports_are_found_again_with_their_reports(client: FlaskClient) -> None:
    assert "Nothing yet." in plain(client.get("/office/imports").text)
    brought_in(client, as_csv([a_row(i, heating="partly") for i in range(1, 9)]), name="winter.csv")
    words = plain(client.get("/office/imports").text)
    assert "winter.csv" in words
    page = client.get("/office/imports/IM-0001").text
    assert "8 spaces came in" in plain(page)
    assert "8 rows" in plain(page)
    assert len(client.get("/office/imports/IM-0001/noticed.csv").data.decode().splitlines()) == 9
    assert b"column,Heating,heating" in client.get("/office/imports/IM-0001/columns.csv").data
    assert client.get("/office/imports/IM-0099").status_code == 404
    assert 'value="winter" selected' in client.get("/office/import?again=winter").text
