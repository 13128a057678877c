"""A register of a hundred thousand spaces: made once for all tests and workers, and copied by each who wants it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from tempuse.demo.make import make_large
from tempuse.store.engine import open_register

TOTAL = 100_000
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file; nobody writes into it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "large.gpkg"
    with FileLock(folder / "large.lock"):
        if not path.exists():
            made = open_register(str(folder / "unfinished.gpkg"), folder / "large.home", create=True)
            with made.connect() as con:
                make_large(con, TOTAL, NOW)
            made.close()
            (folder / "unfinished.gpkg").rename(path)
    return path
