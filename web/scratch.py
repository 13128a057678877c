"""Room for what is on its way: under TEMPUSE_HOME, for this user only, and nothing in it lasts.

Each process has a folder of its own, locked while the process lives; what a killed one left goes at the next start.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from web import database

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_DAY_SECONDS = 86_400  # where folders cannot be locked, one so old belongs to nobody
_mine: dict[Path, Path] = {}
_lock = threading.Lock()


def folder() -> Path:
    """This process's folder."""
    home = database.register().home / "passing"
    with _lock:
        mine = _mine.get(home)
        if mine is None or not mine.is_dir():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(home, wait=True):
                _clear(home)
                mine = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home))
                _hold(mine)
            _mine[home] = mine
        return mine


def new_folder() -> Path:
    """A new folder in it; whoever asks removes it."""
    return Path(tempfile.mkdtemp(dir=folder()))


def _clear(home: Path) -> None:
    for left in home.iterdir():
        with _locked(left) as is_free:
            if is_free:
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Whether the folder is ours while the block runs, because no process holds it."""
    if fcntl is None:
        yield path.stat().st_mtime < time.time() - _DAY_SECONDS
        return
    try:
        held = os.open(path, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(held)


def _hold(path: Path) -> None:
    """Hold a folder until this process ends, however it does."""
    if fcntl is not None:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX)
