"""The demo's town, made once and copied for each test that looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tempuse.demo import make_demo
from tempuse.store.engine import open_register
from tests.large import NOW
from tests.once import made_once


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file, one for all workers; nobody writes into it."""
    return made_once(tmp_path_factory, "demo", _make)


def _make(path: Path, home: Path) -> None:
    made = open_register(str(path), home=home, create=True)
    with made.connect() as con:
        make_demo(con, NOW)
    made.close()
