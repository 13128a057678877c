"""The demo's town, made once and copied for each test that looks at it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tempuse.demo import make_demo
from tempuse.store.engine import open_register
from tests import postgres
from tests.large import NOW
from tests.once import made_once


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file, one for all workers; nobody writes into it."""
    return made_once(tmp_path_factory, "demo", lambda path, home: _make(str(path), home))


@pytest.fixture(scope="session")
def demo_database(postgres_url: str) -> Iterator[str]:
    """The name of a database with the town that nobody is connected to, to be copied."""
    with postgres.to_be_copied(postgres_url) as (name, address), tempfile.TemporaryDirectory() as home:
        _make(address, Path(home))
        yield name


def _make(address: str, home: Path) -> None:
    made = open_register(address, home=home, create=True)
    with made.connect() as con:
        make_demo(con, NOW)
    made.close()
