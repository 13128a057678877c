"""The demo's town, made once and copied for each test that looks at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tempuse.demo import make_demo
from tempuse.store.engine import Register, open_register
from tests.large import NOW
from tests.once import made_once


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file, one for all workers; nobody writes into it. Its pictures lie in ``demo.home`` beside it."""
    return made_once(tmp_path_factory, "demo", make)


def a_copy(demo_file: Path, folder: Path) -> Register:
    """The town with its pictures, open and to be changed, in a new folder."""
    shutil.copytree(demo_file.with_suffix(".home"), folder / "home")
    return opened(shutil.copyfile(demo_file, folder / "demo.gpkg"), folder / "home")


def opened(path: Path, home: Path) -> Register:
    """The town, open."""
    return open_register(str(path), home=home)


def make(path: Path, home: Path) -> None:
    """Make the demo's town as a closed file, its pictures in a home."""
    made = open_register(str(path), home=home, create=True)
    with made.connect() as con:
        make_demo(con, NOW, home)
    made.close()
