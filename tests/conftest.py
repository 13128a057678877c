"""Real engines, a real browser, real files. What is missing is skipped with its reason; CI makes that a failure."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from passlib.hash import sha256_crypt

import tests.all_drivers  # noqa: F401  (before tempuse)
from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.common import become_another
from tempuse.store.engine import Connection, Register, open_register, writing
from tests import compiled, postgres
from tests.browser import browser, page, site, visit  # noqa: F401  (fixtures for every test)
from tests.demos import demo_file  # noqa: F401  (the same)
from tests.engines import pytest_collection_modifyitems  # noqa: F401  (pytest's own)
from tests.garbage import pytest_collection_finish  # noqa: F401  (pytest's own)
from tests.in_memory import pytest_configure, pytest_unconfigure  # noqa: F401  (pytest's own)
from tests.large import large_file  # noqa: F401  (a fixture for every test)
from tests.mailing import clock, port, server  # noqa: F401  (fixtures for every test)
from tests.missing import missing, pytest_runtest_makereport  # noqa: F401  (pytest's own)
from tests.served import serve  # noqa: F401  (the same)
from tests.services import service  # noqa: F401  (the same)
from web import create_app
from web.accounts import auth

# Strong hashes are slow on purpose, and hundreds of tests sign in, or write letters with links.
sha256_crypt.default_rounds = sha256_crypt.min_rounds
auth.CONFIG["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {"argon2__time_cost": 1, "argon2__memory_cost": 64}

compiled.keep()

# Machines that run tests are busy: time is measured in benchmarks, never asserted.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as processors, two at least: many a test waits for a server, a browser, a child."""
    processors = os.cpu_count() or 1
    return processors + max(2, processors // 2)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str | None]:
    """A database with PostGIS for this session."""
    with postgres.cluster() as url:
        if url:
            with psycopg.connect(url, autocommit=True) as con:
                con.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        yield url


@pytest.fixture(params=["geopackage", "postgis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new register may be made, or is in PostgreSQL for whoever asks for ``register`` too.

    Each test that asks runs on both engines, a page by the rule of ``engines``.
    """
    if request.param == "geopackage":
        yield str(tmp_path / "register.gpkg")
        return
    url = request.getfixturevalue("postgres_url")
    if not url:
        missing("PostgreSQL with PostGIS is not installed")
    if "register" in request.fixturenames:
        place = postgres.a_copy(url, request.getfixturevalue("empty_database"))
    else:
        place = postgres.a_schema(url)
    with place as found:
        yield found


@pytest.fixture
def now() -> datetime:
    """Monday, 23 November 2026, in the morning."""
    return NOW


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file of an empty register, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    made = open_register(str(folder / "register.gpkg"), home=folder / "home", create=True)
    with made.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
    made.close()
    return folder / "register.gpkg"


@pytest.fixture(scope="session")
def empty_database(postgres_url: str) -> Iterator[str]:
    """The name of a database with an empty register that nobody is connected to, to be copied."""
    with postgres.to_be_copied(postgres_url) as (name, address), tempfile.TemporaryDirectory() as home:
        made = open_register(address, home=Path(home), create=True)
        with made.connect() as con:
            setup.create_register(con, SYSTEM, NOW)
        made.close()
        yield name


@pytest.fixture
def register(address: str, empty_file: Path, tmp_path: Path) -> Iterator[Register]:
    """An empty register on each engine: a copy, with an id of its own."""
    if "://" not in address:
        shutil.copyfile(empty_file, address)
    opened = open_register(address, home=tmp_path / "home")
    with opened.connect() as con, writing(con):
        become_another(con)
    yield opened
    opened.close()


@pytest.fixture
def con(register: Register) -> Iterator[Connection]:
    """An idle connection to the empty register."""
    with register.connect() as connection:
        yield connection


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    """The app on the empty register, at the instant ``now``."""
    return create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: now)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a browser."""
    return app.test_client()


@pytest.fixture
def shared() -> Path:
    """The folder of real registers beside the checkout."""
    if not SHARED.is_dir():
        missing("the real registers are not beside this checkout", may=True)
    return SHARED
