"""Who asks with the tag of one register never hears of another that nothing changed, nor sees what was in the first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import backups
from tempuse.registry.spaces import add_space, move_space
from tempuse.store.common import current_seq, current_state
from tempuse.store.engine import Connection, Register, open_register
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space
from web import create_app

pytestmark = pytest.mark.both_engines

ADDRESSES = (
    "/spaces.geojson", "/spaces.gpkg", "/spaces.csv", "/spaces.geojson?kind=building", "/spaces.gpkg?kind=building",
    "/areas.geojson", "/map/areas?bbox=3.6,51,3.8,51.1&zoom=14",
)  # fmt: skip


@pytest.fixture
def kept(register: Register, con: Connection, tmp_path: Path, now: datetime) -> Path:
    """A backup of a register with a space and a district; two more things were done since."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    add_space(con, SYSTEM, a_space(name="In both"), now)
    backups.backup(register, tmp_path / "backup.zip", now)
    add_space(con, SYSTEM, a_space(name="Only in the first", geometry=a_place(0.001)), now)
    return tmp_path / "backup.zip"


def put_in_its_place(register: Register, address: str, archive: Path, folder: Path, now: datetime) -> Register:
    """The register of a backup where another one was, with as many changes; home beside."""
    if register.path is None:
        url, _, schema = address.partition("?schema=")
        with psycopg.connect(url, autocommit=True) as con:
            con.execute("SET client_min_messages = warning")
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')
            con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')
    else:
        address = str(folder / "again.gpkg")
    again = open_register(address, folder / "again-home", create=True)
    backups.restore(again, archive, now)
    with again.connect() as con:
        add_space(con, SYSTEM, a_space(name="Only in the second", geometry=a_place(0.002)), now)
    return again


def make_client(register: Register, now: datetime) -> FlaskClient:
    settings = {"TESTING": True, "RATELIMIT_ENABLED": False}
    return create_app(register, settings, clock=lambda: now).test_client()


def test_no_tag_of_one_register_is_one_of_another(
    register: Register, con: Connection, kept: Path, address: str, tmp_path: Path, now: datetime
) -> None:
    client = make_client(register, now)
    tags = {each: client.get(each, buffered=True).headers["ETag"] for each in ADDRESSES}
    for each, tag in tags.items():
        assert client.get(each, headers={"If-None-Match": tag}, buffered=True).status_code == 304
    seq = current_seq(con)
    con.rollback()
    again = put_in_its_place(register, address, kept, tmp_path, now)
    with again.connect() as second:
        assert current_seq(second) == seq  # so the number of the change tells nothing
    client = make_client(again, now)
    for each, tag in tags.items():
        answer = client.get(each, headers={"If-None-Match": tag}, buffered=True)
        assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True), each
    again.close()


def test_a_server_follows_a_register_that_is_put_in_the_place_of_its_own(
    register: Register, con: Connection, kept: Path, address: str, tmp_path: Path, now: datetime,
) -> None:  # fmt: skip
    """In a database; a file that is replaced is refused."""
    client = make_client(register, now)
    view = "/map/view?bbox=3.6,51,3.8,51.1&zoom=17"

    def names() -> str:
        said = [
            client.get(each, buffered=True).get_data(as_text=True)
            for each in ("/spaces.geojson?kind=building", "/list")
        ]
        return "".join(said) + client.get("/spaces.gpkg?kind=building", buffered=True).get_data().decode("latin-1")

    assert client.get(view).status_code == 200
    assert "Only in the first" in names()
    if register.is_file:
        return
    again = put_in_its_place(register, address, kept, tmp_path, now)
    shown = names()
    assert "Only in the first" not in shown
    assert "Only in the second" in shown
    with again.connect() as second:
        move_space(second, SYSTEM, "SP-0002", "withhold", now)
    assert "Only in the second" not in names()
    again.close()


def test_each_register_that_is_made_is_another(tmp_path: Path, now: datetime) -> None:
    ids = set()
    for name in ("one", "two"):
        register = open_register(str(tmp_path / f"{name}.gpkg"), create=True)
        with register.connect() as con:
            setup.create_register(con, SYSTEM, now)
            ids.add(current_state(con).register)
        register.close()
    assert len(ids) == 2
    assert all(len(each) == 16 for each in ids)
