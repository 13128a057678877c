"""The counters of the limits where several processes serve one register: a small file that they share.

It holds what ``limits.blurred`` has made of visitors, for as long as a limit lasts and a day at most; no backup takes
it along. One process keeps the same in its memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from limits.storage import Storage

FILE = "limits.sqlite"
_WAIT_SECONDS = 5.0


class SharedCounters(Storage):
    """Counters in a file of SQLite: each count is one statement, so that none is lost between processes."""

    STORAGE_SCHEME = ["tempuse+file"]  # noqa: RUF012  (as the library wants it)

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = uri.partition("://")[2]
        with self._open() as con:
            con.execute("CREATE TABLE IF NOT EXISTS counters (key TEXT PRIMARY KEY, hits INTEGER, ends_at REAL)")

    @classmethod
    def uri(cls, home: Path) -> str:
        """What RATELIMIT_STORAGE_URI says for the counters of a home."""
        return f"{cls.STORAGE_SCHEME[0]}://{home / FILE}"

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one question; none is kept, so that none is carried into a forked process."""
        with contextlib.closing(sqlite3.connect(self._path, _WAIT_SECONDS, isolation_level=None)) as con:
            con.execute("PRAGMA synchronous = OFF")  # what a power cut takes are counters
            yield con

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; gives how many there are until the limit's time is over."""
        now = time.time()
        with self._open() as con:
            con.execute("DELETE FROM counters WHERE ends_at <= ?", (now,))
            held = con.execute(
                "INSERT INTO counters VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET hits = hits + excluded.hits "
                "RETURNING hits",
                (key, amount, now + expiry),
            ).fetchall()
        return int(held[0][0])

    def get(self, key: str) -> int:
        """How many were counted."""
        return int(self._look(key)[0])

    def get_expiry(self, key: str) -> float:
        """When they are forgotten."""
        return float(self._look(key)[1])

    def _look(self, key: str) -> tuple[int, float]:
        now = time.time()
        with self._open() as con:
            found = con.execute("SELECT hits, ends_at FROM counters WHERE key = ? AND ends_at > ?", (key, now))
            return found.fetchone() or (0, now)

    def check(self) -> bool:
        """Whether one could count."""
        with contextlib.suppress(sqlite3.Error), self._open() as con:
            con.execute("SELECT 1 FROM counters LIMIT 1")
            return True
        return False

    def reset(self) -> int:
        """Forget all; gives how many that were."""
        with self._open() as con:
            return con.execute("DELETE FROM counters").rowcount

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._open() as con:
            con.execute("DELETE FROM counters WHERE key = ?", (key,))
