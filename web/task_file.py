"""The file of the queue: its jobs are plain JSON, and one that is damaged is moved aside and made anew.

A job is no more than a name among ours with plain values, so whoever can write the file can call what the program
calls, and nothing else. What must not be lost is written down elsewhere before (letters, imports): a queue can be
made anew, and better so than that no letter goes out any more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from huey.registry import Message
from huey.storage import SqliteStorage

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
ASIDE = "tasks.damaged-"


class Plain:
    """Huey's serializer: a message as JSON, never as a pickle."""

    def serialize(self, message: Message) -> bytes:
        """A message; its arguments are plain values, and nothing of ours uses more of huey than these."""
        plain = {"id": message.id, "name": message.name, "args": message.args, "kwargs": message.kwargs}
        return orjson.dumps(plain)

    def deserialize(self, content: bytes) -> Message:
        """The message again.

        Raises:
            ValueError: it is none; huey says so in the log and goes on.
        """
        try:
            held = orjson.loads(bytes(content))
            return Message(
                str(held["id"]), str(held["name"]), retries=0, retry_delay=0, args=tuple(held["args"]),
                kwargs={str(name): value for name, value in held["kwargs"].items()},
            )  # fmt: skip
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("this is not a job of ours") from error


class Storage(SqliteStorage):  # type: ignore[misc]
    """Huey's file, for this user alone; damaged, it is moved aside, once, by whichever process sees it first."""

    def __init__(self, name: str, *, log: logging.Logger, **options: Any) -> None:
        self._log = log
        self._inode = 0
        super().__init__(name, **options)

    def _create_connection(self) -> sqlite3.Connection:
        path = Path(self.filename)
        is_new = not path.exists()
        if is_new:
            # Made with its mode before SQLite opens it; never opened by us again.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        self._inode = path.stat().st_ino
        con: sqlite3.Connection = super()._create_connection()
        for statement in self.ddl if is_new else ():
            con.execute(statement)
        return con

    @contextlib.contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[sqlite3.Cursor]:
        """A cursor on a file that is in order."""
        self._look()
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                self._move_aside(error)
            raise

    def initialize_schema(self) -> None:
        """Make the tables that are missing, in a new file where the old one is damaged."""
        try:
            with super().db(close=True) as cursor:
                said = [row[0] for row in cursor.execute("PRAGMA quick_check(1)")]
            if said != ["ok"]:
                raise sqlite3.DatabaseError(f"malformed: {said[0]}")
            super().initialize_schema()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._move_aside(error)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Put a job into the file; into a new one, where the file turns out to be damaged."""
        try:
            super().enqueue(data, priority)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            super().enqueue(data, priority)

    def _look(self) -> None:
        """Let go of a file that another process has moved aside."""
        if self._conn is None:
            return
        try:
            is_there = Path(self.filename).stat().st_ino == self._inode
        except FileNotFoundError:
            is_there = False
        if not is_there:
            self.close()

    def _move_aside(self, error: sqlite3.DatabaseError) -> None:
        path = Path(self.filename)
        with contextlib.suppress(sqlite3.Error):
            self.close()
        self._conn = None
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_ino != self._inode:
                return
            aside = path.with_name(f"{ASIDE}{time.strftime('%Y%m%d-%H%M%S')}-{self._inode}.sqlite")
            os.rename(path, aside)
            for end in ("-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.rename(f"{path}{end}", f"{aside}{end}")
            self._log.error("the queue of tasks is damaged (%s): it lies in %s, and a new one was begun", error, aside)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether SQLite says that a file is damaged, rather than locked, full or out of reach.

    Huey's own statements fit its tables: one that cannot be prepared (the plain SQLITE_ERROR) misses its table.
    """
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
