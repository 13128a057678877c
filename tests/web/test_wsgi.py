"""The app under gunicorn, waitress and ``flask run``: what ``tempuse serve`` answers, they answer too."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry import spaces as cases
from tempuse.store import reports
from tempuse.store.engine import Register, open_register
from tests import town
from tests.builders import a_space
from tests.conftest import NOW
from tests.forms import form_of
from tests.office import PASSWORD, add_person
from tests.once import made_once
from tests.wsgi import SERVERS, Visitor, a_port, begun, serving
from web import create_app
from web.public.downloads import SPACES
from web.site.incoming import FORM_LIMIT

BOX = "box=3.6,51.0,3.8,51.1&zoom=13"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: what the engines do is tested where it is done."""
    return str(tmp_path / "register.gpkg")


def _make(path: Path, home: Path) -> None:
    made = open_register(str(path), home=home, create=True)
    with made.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
        town.build(con, NOW)
    made.close()


@pytest.fixture
def register(address: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """The small town: a copy."""
    shutil.copyfile(made_once(tmp_path_factory, "small-town", _make), address)
    with contextlib.closing(open_register(address, home=tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
def around(register: Register, address: str) -> dict[str, str]:
    """The environment of a server of the small town."""
    return {"TEMPUSE_REGISTER": address, "TEMPUSE_HOME": str(register.home)}


@pytest.fixture(params=SERVERS)
def visitor(request: pytest.FixtureRequest, around: dict[str, str], tmp_path: Path) -> Iterator[Visitor]:
    with serving(request.param, tmp_path / "log.txt", **around) as begun:
        yield begun


def test_a_whole_visit_goes_as_under_our_own_server(visitor: Visitor, app: Flask, register: Register) -> None:
    pages(visitor)
    downloads(visitor, app)
    reports_something(visitor, register)
    works_in_the_office(visitor, app)
    holds_no_more_than_a_form_may(visitor)


def pages(visitor: Visitor) -> None:
    assert "Rivermouth" in visitor.get("/").text
    assert visitor.get(f"/spaces/{town.HALL}").status == 200
    assert visitor.get("/nowhere").status == 404
    assert visitor.get("/health").status == 200
    seen = json.loads(visitor.get(f"/map/view?{BOX}").body)
    assert seen["total"] > 10
    background = visitor.get(f"/map/areas?{BOX}")
    assert json.loads(background.body)["features"]
    assert visitor.get(f"/map/areas?{BOX}", **{"If-None-Match": background.headers["ETag"]}).status == 304


def downloads(visitor: Visitor, app: Flask) -> None:
    """Each is byte for byte what our own app gives of the same state, whole and in part."""
    today = create_app(app.extensions["tempuse.register"], {"TESTING": True})
    for name in (*(f"spaces.{kind}" for kind in SPACES), "areas.geojson"):
        for _ in range(3):  # what has changed between the two is asked for again
            got, ours = visitor.get(f"/{name}"), today.test_client().get(f"/{name}")
            if got.headers["ETag"] == ours.headers["ETag"]:
                break
        assert (got.status, got.headers["ETag"]) == (200, ours.headers["ETag"]), name
        assert got.body == ours.data, name
        assert visitor.get(f"/{name}", **{"If-None-Match": got.headers["ETag"]}).status == 304
    part = visitor.get("/spaces.gpkg", Range="bytes=0-15")
    assert (part.status, part.body) == (206, b"SQLite format 3\0")
    squeezed = visitor.get("/areas.geojson", **{"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"


def reports_something(visitor: Visitor, register: Register) -> None:
    values = form_of(visitor.get("/report").text, "form_token")
    said = {**values, "address": "9 Quay Lane", "space_kind": "unit", "text": "The baker left."}
    body = "&".join(f"{name}={value}" for name, value in said.items()).replace(" ", "+").encode()
    time.sleep(3.2)  # nobody fills in the form faster
    assert "Thank you" in visitor.post("/report", body).text
    with register.connect() as con:
        assert [each.text for each in reports.find(con)] == ["The baker left."]


def works_in_the_office(visitor: Visitor, app: Flask) -> None:
    """Signs in, sends a list, and reads what it is taken for."""
    person = add_person(app)
    assert visitor.send("/my/sign-in", "password", {"email": person.email, "password": PASSWORD}).status == 200
    assert "Ilse Maes" in visitor.get("/office/spaces").text
    values = form_of(visitor.get("/office/import").text, "status")
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in values.items()]
    parts.append(
        '--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\nname,lat,lon\nMill,51.05,3.71'
    )
    body = "\r\n".join([*parts, "--x--\r\n"]).encode()
    assert "Mill" in visitor.post("/office/import", body, "multipart/form-data; boundary=x").text


def holds_no_more_than_a_form_may(visitor: Visitor) -> None:
    said = visitor.send_much("/request", FORM_LIMIT + 1)
    assert said.startswith(("HTTP/1.1 413 ", "HTTP/1.0 413 "))
    assert "more than we can take at once: 6 MB" in said


def test_several_processes_are_one_server(
    around: dict[str, str], app: Flask, register: Register, tmp_path: Path, now: datetime
) -> None:
    with serving("gunicorn", tmp_path / "log.txt", **around) as visitor:
        many_at_once_see_one_state(visitor)
        each_process_follows_the_register(visitor, register, now)
        guesses_are_counted_by_all_processes_together(visitor, app)


def many_at_once_see_one_state(visitor: Visitor) -> None:
    got: list[bytes] = []
    crowd = [threading.Thread(target=lambda: got.append(visitor.get("/spaces.geojson").body)) for _ in range(12)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert len(got) == 12
    assert len(set(got)) == 1


def each_process_follows_the_register(visitor: Visitor, register: Register, now: datetime) -> None:
    before = {json.loads(visitor.get(f"/map/view?{BOX}").body)["total"] for _ in range(20)}
    with register.connect() as con:
        cases.add_space(con, SYSTEM, a_space(name="New Mill"), now)
    after = {json.loads(visitor.get(f"/map/view?{BOX}").body)["total"] for _ in range(20)}
    assert len(before) == 1
    assert after == {before.pop() + 1}


def guesses_are_counted_by_all_processes_together(visitor: Visitor, app: Flask) -> None:
    wrong = {"email": add_person(app).email, "password": "wrong"}
    answers = [visitor.send("/my/sign-in", "password", wrong) for _ in range(12)]
    assert [answer.status for answer in answers].count(429) == 2


@pytest.mark.parametrize("server", [name for name in SERVERS if name != "gunicorn, forked"])
def test_a_register_that_is_not_there_is_said_in_a_sentence(server: str, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with a_port() as port:
        process = begun(server, port, log, TEMPUSE_REGISTER=str(tmp_path / "none.gpkg"))
        assert process.wait(60) != 0
    said = log.read_text()
    assert f"There is no register at {tmp_path / 'none.gpkg'}." in said
    assert "tempuse" not in said.partition("Traceback")[2]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TEMPUSE_REGISTER", "postgresql://localhost/x?schema=pg_x", "not the address of a register"),
        ("TEMPUSE_PROXY", "yes", "TEMPUSE_PROXY is “yes”, and should be the number of proxies in front, like 1."),
        ("TEMPUSE_HOME", "/dev/null/home", "/dev/null/home"),
    ],
)
def test_a_variable_that_fits_nothing_is_said_in_a_sentence(
    name: str, value: str, said: str, around: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for each, held in {**around, name: value}.items():
        monkeypatch.setenv(each, held)
    with pytest.raises(SystemExit):
        create_app()
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
