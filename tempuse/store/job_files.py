"""The folder of a job under ``TEMPUSE_HOME/staging``: its files, who is at it, how far they are, the wish to stop.

Whoever works on a job holds a lock on a file of its folder, which the system lets go when the process ends, however
that ends: so a job is done by one at a time, and one whose worker was killed is known at once. While an import is
merged nobody else can write to the register; what is said meanwhile is said here.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from tempuse import files

KEPT = timedelta(days=7)


class Stopped(Exception):
    """Somebody wants this work to end."""


class JobFiles:
    """The folder of one job; nothing from outside ever becomes a name there."""

    def __init__(self, home: Path, key: str) -> None:
        self.folder = home / "staging" / key

    def make(self) -> None:
        """Make the folder, for this user alone."""
        files.make_folder(self.folder)

    @contextlib.contextmanager
    def working(self) -> Iterator[bool]:
        """Work on the job; whether nobody else does."""
        if not self.folder.is_dir():
            yield False
            return
        lock = FileLock(self.folder / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def is_at_work(self) -> bool:
        """Whether somebody works on the job just now."""
        with self.working() as mine:
            return not mine and self.folder.is_dir()

    def tell(self, what: str, done: int, total: int | None, now: datetime) -> None:
        """Say how far the work is.

        Raises:
            Stopped: somebody wants it to end.
        """
        if self.is_stopped():
            raise Stopped
        told = {"what": what, "done": done, "total": total, "at": now.isoformat()}
        with contextlib.suppress(OSError):
            files.write_whole(self.folder / "progress", orjson.dumps(told))

    def progress(self) -> dict[str, Any]:
        """What was said last: what is done, how far it is, of how much, at which instant; empty before anything was."""
        try:
            told: dict[str, Any] = orjson.loads((self.folder / "progress").read_bytes())
        except (OSError, ValueError):
            return {}
        return {**told, "at": datetime.fromisoformat(told["at"])}

    def begin_anew(self) -> None:
        """Forget how far the work before was."""
        (self.folder / "progress").unlink(missing_ok=True)

    def stop(self) -> None:
        """Ask whoever works on it to end."""
        if self.folder.is_dir():
            (self.folder / "stop").touch()

    def is_stopped(self) -> bool:
        """Whether somebody asked for its end."""
        return (self.folder / "stop").exists()

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_strays(home: Path, keys: Collection[str], now: datetime) -> int:
    """Remove folders that no job has, and that nobody has touched for long; how many."""
    before, place = (now - KEPT).timestamp(), home / "staging"
    if not place.is_dir():
        return 0
    old = [
        path for path in place.iterdir()
        if path.is_dir() and path.name not in keys and path.stat().st_mtime < before
    ]  # fmt: skip
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    if not keys:
        (place / "drafts.sqlite").unlink(missing_ok=True)  # of the second version
    return len(old)
