"""The register goes away, or cannot be written: everybody gets a clear page, and what was typed is on it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection as Line

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.store import spaces
from tempuse.store.engine import Register, open_register
from tempuse.store.events import of as events_of
from tests import postgres
from tests.builders import a_space
from tests.conftest import NOW
from tests.forms import form_of
from tests.missing import missing
from tests.office import a_signed_in_client, an_office
from web import create_app

pytestmark = pytest.mark.both_engines

FROM_US = {"Origin": "http://localhost"}
PUBLIC = (
    "/",
    "/find",
    "/map/view",
    "/list",
    "/spaces/SP-0001",
    "/report",
    "/data",
    "/spaces.geojson",
    "/my/sign-in",
)
OFFICE = ("/office/", "/office/spaces", "/office/spaces/SP-0001", "/office/spaces/SP-0001/edit", "/my/account")
SENTENCE = "The register cannot be reached just now. Try again in a few minutes."
WORDS = "The baker left in spring, the ovens are still there."


def an_app(register: Register) -> Flask:
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
        setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, NOW)
        add_space(con, SYSTEM, a_space(), NOW)
    return create_app(register, {"RATELIMIT_ENABLED": False, "REPORT_LEAST_SECONDS": 0}, clock=lambda: NOW)


@pytest.fixture(scope="module")
def own() -> Iterator[postgres.Cluster]:
    """A server that these tests may stop."""
    with postgres.own_cluster() as cluster:
        if cluster is None:
            missing("PostgreSQL with PostGIS is not installed")
        assert cluster is not None
        yield cluster


@pytest.fixture
def app(own: postgres.Cluster, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    name = f"t{abs(hash(request.node.name))}"
    register = open_register(f"{own.url}?schema={name}", tmp_path / "home", create=True)
    yield an_app(register)
    register.close()


def is_clear(answer: Any, said: str = SENTENCE) -> None:
    assert answer.status_code == 503, answer.text[:300]
    assert said in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_when_the_server_is_stopped_everybody_gets_the_page_and_when_it_is_back_all_goes_on(
    app: Flask, own: postgres.Cluster
) -> None:
    visitor, planner = app.test_client(), a_signed_in_client(app)
    report = form_of(visitor.get("/report").text, "form_token")
    edit = form_of(planner.get("/office/spaces/SP-0001/edit").text, "seen")
    own.stop()
    try:
        for path in PUBLIC:
            is_clear(visitor.get(path))
            is_clear(planner.get(path))
        for path in OFFICE:
            is_clear(planner.get(path))
        for client, path, form in (
            (visitor, "/report", {**report, "address": "9 Quay Lane", "text": WORDS}),
            (planner, "/office/spaces/SP-0001/edit", {**edit, "description": WORDS}),
        ):
            answer = client.post(path, data=form, headers=FROM_US)
            is_clear(answer)
            assert WORDS in answer.text
            assert "Send it again" in answer.text
        health = visitor.get("/health")
        assert (health.status_code, health.json["ok"]) == (503, False)
    finally:
        own.start()
    for path in (*PUBLIC, *OFFICE):
        assert planner.get(path).status_code in (200, 302), path
    assert visitor.get("/health").json["ok"] is True


@contextlib.contextmanager
def breaking(app: Flask, at: int) -> Iterator[list[int]]:
    """The line to the server breaks before so many statements of what comes now; how many came."""
    register: Register = app.extensions["tempuse.register"]
    count = [0]

    @event.listens_for(register.engine, "before_cursor_execute")
    def cut(con: Line, *_: Any) -> None:
        count[0] += 1
        if count[0] == at:
            driver: Any = con.connection.driver_connection
            url = register.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", (driver.info.backend_pid,))

    try:
        yield count
    finally:
        event.remove(register.engine, "before_cursor_execute", cut)


@pytest.mark.parametrize("path", ["/", "/list", "/spaces/SP-0001", "/office/spaces", "/office/spaces/SP-0001"])
def test_a_line_that_breaks_in_the_middle_of_a_page_is_never_a_fault_of_ours(app: Flask, path: str) -> None:
    client = a_signed_in_client(app)
    client.get(path)
    broken = 0
    for at in range(1, 40):
        with breaking(app, at) as count:
            answer = client.get(path)
        assert answer.status_code in (200, 503), (at, answer.text[:300])
        broken += answer.status_code == 503
        if count[0] < at:
            break
    assert broken > 1
    assert client.get(path).status_code == 200


def test_a_line_that_breaks_in_the_middle_of_a_save_saves_all_or_nothing(app: Flask) -> None:
    client, register = a_signed_in_client(app), app.extensions["tempuse.register"]
    path = "/office/spaces/SP-0001/edit"
    saved = 0
    for at in range(1, 60):
        form = form_of(client.get(path).text, "seen")
        with breaking(app, at) as count:
            answer = client.post(path, data={**form, "description": f"{WORDS} {at}"}, headers=FROM_US)
        assert answer.status_code in (302, 503), (at, answer.text[:300])
        saved += answer.status_code == 302
        if answer.status_code == 503:
            assert f"{WORDS} {at}" in answer.text
        with register.connect() as con:
            assert [each.what for each in events_of(con, "SP-0001")].count("edit") == saved
            assert (spaces.get(con, "SP-0001").description == f"{WORDS} {at}") == (answer.status_code == 302)
        if count[0] < at:
            break
    assert saved == 1


def test_a_schema_that_was_renamed_is_said(app: Flask) -> None:
    client, register = a_signed_in_client(app), app.extensions["tempuse.register"]
    with register.connect() as con:
        name = con.info["schema"]
        con.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{name}_away"')
        con.commit()
    for path in (*PUBLIC, *OFFICE):
        is_clear(client.get(path))
    assert client.get("/health").status_code == 503


# ---- on either engine --------------------------------------------------------------------------------------


@pytest.fixture
def either(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


def test_a_server_older_than_its_register_writes_nothing_and_says_so(either: Flask) -> None:
    client, register = a_signed_in_client(either), either.extensions["tempuse.register"]
    form = form_of(client.get("/office/spaces/SP-0001/edit").text, "seen")
    with register.connect_unchecked() as con:
        con.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        con.commit()
    answer = client.post("/office/spaces/SP-0001/edit", data={**form, "description": WORDS}, headers=FROM_US)
    is_clear(answer)
    assert WORDS in answer.text
    health = client.get("/health")
    assert (health.status_code, health.json["ok"]) == (503, False)
    with register.connect_unchecked() as con:
        assert spaces.get(con, "SP-0001").description is None


def test_a_full_disk_keeps_what_was_typed(tmp_path: Path) -> None:
    register = open_register(str(tmp_path / "register.gpkg"), tmp_path / "home", create=True)
    client = a_signed_in_client(an_app(register))
    form = form_of(client.get("/office/spaces/SP-0001/edit").text, "seen")
    visitor = client.application.test_client()
    report = form_of(visitor.get("/report").text, "form_token")

    @event.listens_for(register.engine, "checkout")
    def fill(connection: sqlite3.Connection, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    long = "x" * 90_000
    answer = client.post("/office/spaces/SP-0001/edit", data={**form, "description": long}, headers=FROM_US)
    is_clear(answer, "Nothing can be saved just now, and nothing was.")
    assert long in answer.text
    long = f"{WORDS} " * 70
    for _ in range(40):  # the last free bits of the last pages are taken first
        answer = visitor.post("/report", data={**report, "address": "9 Quay Lane", "text": long}, headers=FROM_US)
        if answer.status_code == 503:
            break
        report = form_of(visitor.get("/report").text, "form_token")
    is_clear(answer, "Nothing can be saved just now, and nothing was.")
    assert long.strip() in answer.text
    register.close()


def test_health_says_when_nothing_can_be_written(either: Flask) -> None:
    client, register = either.test_client(), either.extensions["tempuse.register"]
    assert client.get("/health").json["ok"] is True
    if register.is_file:
        register.path.chmod(0o444)
        if register.path.stat().st_uid == 0:
            pytest.skip("root may write to everything")
    else:
        with register.connect() as con:
            con.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            con.commit()
    health = client.get("/health")
    assert (health.status_code, health.json["ok"], health.json["writable"]) == (503, False, False)


def test_a_password_is_typed_again_and_not_carried(either: Flask, client: FlaskClient) -> None:
    client = either.test_client()
    form = form_of(client.get("/my/sign-in").text, "password")
    register = either.extensions["tempuse.register"]
    with register.connect_unchecked() as con:
        con.exec_driver_sql("ALTER TABLE people RENAME TO people_away")
        con.commit()
    sent = {**form, "email": "ilse@rivermouth.example", "password": "correct horse battery"}
    answer = client.post("/my/sign-in", data=sent, headers=FROM_US)
    is_clear(answer)
    assert "correct horse" not in answer.text
    assert "Send it again" not in answer.text
