"""Whether the register's file is still the one that was opened.

A file that was moved, deleted or replaced goes on being written by whoever has it open, and what they write is lost.
It is looked at by its name alone and never opened: closing it would let go of this process's locks (architecture,
decision 2).
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from tempuse.errors import Conflict, Unusable

# What SQLite keeps beside a file: changes that are not in it yet.
SIDE_FILES = ("-wal", "-shm", "-journal")

Mark = tuple[int, int]


# Somebody else who makes a register there at the same moment is done in less.
_MAKING_SECONDS = 2.0


def check_alone(path: Path) -> None:
    """Return in silence when nothing of an earlier register lies where one is to be made.

    Raises:
        Conflict: changes of another register lie there, which the new one would take for its own.
    """
    until = time.monotonic() + _MAKING_SECONDS
    while _is_empty(path) and (side := _side_of(path)) is not None:
        if time.monotonic() > until:
            raise Conflict("restore.side_file", path=str(side))
        time.sleep(0.02)


def _is_empty(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_size == 0
    return True


def _side_of(path: Path) -> Path | None:
    sides = (path.with_name(path.name + end) for end in SIDE_FILES)
    return next((side for side in sides if side.exists()), None)


def mark_of(path: Path) -> Mark | None:
    """By what the system knows a file, whatever its name; None where there is none."""
    with contextlib.suppress(OSError):
        about = path.stat()
        return about.st_dev, about.st_ino
    return None


class Identity:
    """The file of one register: which one it was when it was first opened, until all is closed."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._path = path
        self._new = new
        self._mark: Mark | None = None

    def forget(self) -> None:
        """Whatever stands there next is taken for the register: for when nobody has it open any more."""
        self._mark = None

    def watch(self, engine: Engine) -> None:
        """From now on each new connection of this engine is one to that file."""

        @event.listens_for(engine, "do_connect")
        def look(dialect: Any, record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
            here = mark_of(self._path)
            if self._mark is not None and here != self._mark:
                raise Unusable("register.moved", path=str(self._path))
            if self._new:
                check_alone(self._path)
            # SQLite would make a file that is missing; only a register that is to be made may be missing.
            mode = "rwc" if self._new and self._mark is None else "rw"
            arguments[0] = f"file:{quote(str(self._path))}?mode={mode}"
            options["uri"] = True

    def note(self, record: Any) -> None:
        """Remember which file a connection has opened, once it has."""
        self._mark = self._mark or mark_of(self._path)
        sides = (self._path.with_name(self._path.name + end) for end in ("-wal", "-shm"))
        record.info["opened"] = {self._path: self._mark, **{side: mark_of(side) for side in sides}}


def check_still_there(con: Connection) -> None:
    """Return in silence when what this connection has opened still lies where it lay; always on PostgreSQL.

    Raises:
        Unusable: it was moved, deleted or replaced, or what SQLite keeps beside it was.
    """
    opened: dict[Path, Mark | None] = con.info.get("opened", {})
    for place, mark in opened.items():
        here = mark_of(place)
        if mark is None:
            opened[place] = here  # what lies beside the file is made when it is first needed
        elif here != mark:
            raise Unusable("register.moved", path=str(place))
