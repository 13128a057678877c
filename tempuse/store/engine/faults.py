"""What a database's driver says about the register's condition, as an error with a sentence.

By code, never by words: PostgreSQL has SQLSTATEs, SQLite its result codes. Only where PostgreSQL lets nobody in
does libpq give no code. What the driver says of values is taken out: an error's text goes into logs.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tempuse.errors import Conflict, TempuseError, Unusable

# A change of one space takes about 100 KB of the write-ahead log.
LEAST_ROOM = 256 * 1024

_SQLITE = {
    sqlite3.SQLITE_BUSY: "register.locked",
    sqlite3.SQLITE_LOCKED: "register.locked",
    sqlite3.SQLITE_PROTOCOL: "register.locked",
    sqlite3.SQLITE_READONLY: "register.read_only",
    sqlite3.SQLITE_PERM: "register.not_permitted",
    sqlite3.SQLITE_AUTH: "register.not_permitted",
    sqlite3.SQLITE_FULL: "register.disk_full",
    sqlite3.SQLITE_IOERR: "register.disk_error",
    sqlite3.SQLITE_NOTADB: "register.not_ours",
    sqlite3.SQLITE_CORRUPT: "register.damaged",
    sqlite3.SQLITE_CANTOPEN: "register.cannot_open",
}
# These are also said where the disk is so full that not even the companion files can grow.
_PERHAPS_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
_UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID)

# PostgreSQL's driver is known by what its errors have, not by its classes: it takes a tenth of the time in which the
# program starts, and whose register is a file has no use for it. These are names that every driver has (PEP 249).
_BROKEN = {"OperationalError", "InterfaceError"}
# By the whole SQLSTATE, else by its class.
_SQLSTATES = {
    "25006": "register.read_only",
    "25P03": "register.server_down", "25P04": "register.took_too_long",
    "40001": "register.locked", "40P01": "register.locked", "55P03": "register.locked", "55006": "register.locked",
    "42501": "register.not_permitted", "42939": "register.not_permitted",
    "42P01": "register.not_there", "42703": "register.not_there", "42883": "register.not_there",
    "42704": "register.not_there", "3D000": "register.not_there", "3F000": "register.not_there",
    "57P04": "register.not_there",
    "53100": "register.disk_full", "58030": "register.disk_error",
    "57014": "register.took_too_long",
    "XX001": "register.damaged", "XX002": "register.damaged",
    "08": "register.server_down", "28": "register.sign_in_refused", "53": "register.server_down",
    "55": "register.not_permitted", "57": "register.server_down", "58": "register.disk_error",
}  # fmt: skip


def has_room(path: Path) -> bool:
    """Whether the disk that holds a path has room for a change or two."""
    try:
        return shutil.disk_usage(path.parent).free >= LEAST_ROOM
    except OSError:
        return False


def translated(error: BaseException, address: str, *, connecting: bool = False) -> TempuseError | None:
    """The error with a sentence that a driver's error means; None where it says nothing about the register.

    Args:
        error: of a driver, or SQLAlchemy's around it; the values that it quotes are taken out of it.
        address: of the register: its path, or its URL without a password.
        connecting: nobody was let in yet.
    """
    said = error.orig if isinstance(error, DBAPIError) else error
    if hasattr(said, "sqlstate"):
        return _of_postgres(said, address, connecting)
    if isinstance(said, sqlite3.Error):
        return _of_sqlite(said, address)
    return Unusable("register.locked", path=address) if isinstance(said, PoolTimeout) else None


def _of_sqlite(error: sqlite3.Error, address: str) -> TempuseError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _UNIQUE:
        return Conflict("register.there_already", detail=_detail(error))
    primary = code & 0xFF
    message = _SQLITE.get(primary)
    if primary in _PERHAPS_FULL and not has_room(Path(address)):
        message = "register.disk_full"
    # A statement that SQLite cannot prepare has one code, whether a table went away or we wrote nonsense.
    if primary == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column")):
        message = "register.damaged"
    return Unusable(message, path=address, detail=_detail(error)) if message else None


def _of_postgres(error: Any, address: str, connecting: bool) -> TempuseError | None:
    state = error.sqlstate or ""
    _without_values(error)
    detail = _detail(error)
    if state == "23505":
        return Conflict("register.there_already", detail=detail)
    message = _SQLSTATES.get(state) or _SQLSTATES.get(state[:2])
    if not state and connecting:
        message = "register.server_down"
        if "authentication failed" in detail or "pg_hba.conf" in detail:
            message = "register.sign_in_refused"
        elif detail.endswith("does not exist"):
            message = "register.not_there"
    elif not state and not _BROKEN.isdisjoint(each.__name__ for each in type(error).__mro__):
        message = "register.server_down"  # the line broke: there was nobody to give a code
    return Unusable(message, path=address, detail=detail) if message else None


def _detail(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


def _without_values(error: Any) -> None:
    """Leave of what PostgreSQL says only what names no value of a row: its further lines do, and class 22."""
    if not error.sqlstate:
        return
    first = _detail(error)
    error.args = (f"a value does not fit ({error.sqlstate})" if error.sqlstate.startswith("22") else first,)


def listen(engine: Engine, address: str) -> None:
    """From now on what this engine's driver says comes as an error with a sentence, whoever asked."""

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> Any:
        if context.is_pre_ping:
            return None  # the pool looks whether a line still holds, and makes a new one
        said = context.original_exception
        meant = translated(said, address, connecting=context.connection is None)
        if meant is None and context.sqlalchemy_exception is not None:
            # Made before the values were taken out.
            context.sqlalchemy_exception.args = (f"({type(said).__name__}) {said}",)
        return meant


@contextlib.contextmanager
def translating_errors(address: str) -> Iterator[None]:
    """Turn what a driver says about the register's condition into an error with a sentence.

    For what passes SQLAlchemy by: bulk loading, SQLite's own backups.

    Raises:
        Unusable: the register is away, locked, read-only, damaged, its disk is full.
        Conflict: a thing is there already.
    """
    try:
        yield
    except Exception as error:
        if (meant := translated(error, address)) is not None:
            raise meant from error
        raise
