"""Files that take long to build, kept under ``TEMPUSE_HOME`` until the register changes; each is built once."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakValueDictionary

from tempuse import files
from tempuse.errors import Unusable
from tempuse.store.engine import Register

# Any filter has a file of its own: what nobody has asked for lately makes room.
MOST_FILES = 40
MOST_BYTES = 4_000_000_000
_RESTS_SECONDS = 60  # a file this young may be on its way to be sent
_DAY_SECONDS = 86_400
WAIT_SECONDS = 20.0


class Busy(Unusable):
    """The file is being made, or others are: come back in a minute."""

    def __init__(self) -> None:
        super().__init__("download.busy")


class _Lock:
    """A lock that can be held weakly."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


# Large files at once, and requests that wait for one: fewer than a server's threads, so that pages still answer.
_builders = threading.BoundedSemaphore(2)
_waiters = threading.BoundedSemaphore(3)
_locks: WeakValueDictionary[Path, _Lock] = WeakValueDictionary()
_locks_lock = threading.Lock()


def get(register: Register, state: str, key: str, suffix: str, build: Callable[[Path], object]) -> Path:
    """The file for this key, built by the first who asks; others who ask meanwhile wait for it.

    Args:
        register: whose home folder keeps it.
        state: which register it is and its last change; files of other states are forgotten.
        key: everything else that the content depends on.
        suffix: how the file's name ends.
        build: writes the file, whole or not at all.

    Raises:
        Busy: others are at work on this file, or on too many.
    """
    folder = files.make_folder(register.home / "cache")
    path = folder / f"{state}-{hashlib.sha256(key.encode()).hexdigest()[:32]}{suffix}"
    with _locks_lock:
        mine = _locks.setdefault(path, _Lock())
    with _pass(mine.lock):
        if path.exists():
            path.touch()
            return path
        with in_turn():
            build(path)
        _make_room(folder, path, f"{state}-")
    return path


def in_turn() -> contextlib.AbstractContextManager[None]:
    """A large file is made while the block runs; few at once are.

    Raises:
        Busy: so many are made and waited for already.
    """
    return _pass(_builders)


@contextlib.contextmanager
def _pass(gate: threading.Lock | threading.BoundedSemaphore) -> Iterator[None]:
    """Pass a gate one after the other; wait for it a while, when not too many wait already."""
    if not gate.acquire(blocking=False):
        if not _waiters.acquire(blocking=False):
            raise Busy
        try:
            if not gate.acquire(timeout=WAIT_SECONDS):
                raise Busy
        finally:
            _waiters.release()
    try:
        yield
    finally:
        gate.release()


def _make_room(folder: Path, keep: Path, state: str) -> None:
    """Forget earlier states, what was asked for longest ago beyond so many and so much, and what a crash left."""
    held, now = [], time.time()
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            about = path.stat()
            if path.is_file():
                held.append((about.st_mtime, about.st_size, path))
            elif about.st_mtime < now - _DAY_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
    total = 0
    for number, (asked, size, path) in enumerate(sorted(held, reverse=True), 1):
        total += size
        is_too_much = number > MOST_FILES or total > MOST_BYTES or not path.name.startswith(state)
        if is_too_much and path != keep and asked < now - _RESTS_SECONDS:
            with contextlib.suppress(OSError):
                path.unlink()
