"""What is made once for all workers of a run, and copied by each test that wants it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path, Path], object]) -> Path:
    """The closed file of a register that ``make`` made; nobody writes into it.

    Args:
        factory: this worker's.
        name: of the file, without its ending.
        make: given the file to be and a home.
    """
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path, unfinished = folder / f"{name}.gpkg", folder / f"unfinished-{name}.gpkg"
    with FileLock(folder / f"{name}.lock"):
        if not path.exists():
            make(unfinished, folder / f"{name}.home")
            unfinished.rename(path)
    return path
