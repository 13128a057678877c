"""The demo's town, made once and copied for each test that looks at it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tempuse.demo import make_demo
from tempuse.store.engine import open_register
from tests import postgres
from tests.large import NOW


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file, one for all workers; nobody writes into it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "demo.gpkg"
    with FileLock(folder / "demo.lock"):
        if not path.exists():
            _make(str(folder / "unfinished_demo.gpkg"), folder / "demo.home")
            (folder / "unfinished_demo.gpkg").rename(path)
    return path


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
