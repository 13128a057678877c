"""Where the tests' files lie: in memory where there is room, for nearly every test waits for a disk to have written.

``--basetemp`` names another place. What a test that failed left there goes with the run; named so, it stays.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30  # bytes
_OURS = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the place, once for all workers."""
    if hasattr(config, "workerinput") or config.option.basetemp or not has_room():
        return
    config.stash[_OURS] = MEMORY / f"tempuse-tests-{os.getpid()}"
    config.option.basetemp = str(config.stash[_OURS])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    if (ours := config.stash.get(_OURS, None)) is not None:
        shutil.rmtree(ours, ignore_errors=True)


def has_room() -> bool:
    """Whether there is memory to keep files in."""
    try:
        about = os.statvfs(MEMORY)
        free = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return False
    return about.f_bavail * about.f_frsize > ROOM and int(free.split()[1]) * 1024 > ROOM
