"""Registers of earlier versions, for the tests of upgrades."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tempuse.store.engine import Register
from tests import kept


@pytest.fixture(params=kept.EARLIER)
def version(request: pytest.FixtureRequest) -> str:
    """Each version before today's; of each a register is kept."""
    return str(request.param)


@pytest.fixture
def old(address: str, tmp_path: Path, version: str) -> Iterator[Register]:
    """The kept register of a version, on each engine."""
    opened = kept.put(address, tmp_path / "home", version)
    yield opened
    opened.close()
