"""A register of fifty thousand spaces: made once for all tests and workers, and copied by each who wants it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tempuse.demo.make import make_large
from tempuse.store.engine import open_register
from tests.once import made_once

TOTAL = 50_000
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file; nobody writes into it."""
    return made_once(tmp_path_factory, "large", _make)


def _make(path: Path, home: Path) -> None:
    made = open_register(str(path), home, create=True)
    with made.connect() as con:
        make_large(con, TOTAL, NOW)
    made.close()
