"""One transaction of a register: who writes holds its one lock, who reads sees one state of it."""

from __future__ import annotations

import contextlib
import threading
import zlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.engine.base import RootTransaction

from tempuse.errors import Unusable
from tempuse.store import schema
from tempuse.store.engine.faults import translating_errors
from tempuse.store.engine.identity import check_still_there

WAIT_SECONDS = 10.0
# The first half of the key of a register's lock in PostgreSQL; the second half is its schema's.
_LOCK = 0x74656D70
_SNAPSHOTS = ("repeatable read", "serializable")


class Patience:
    """How long somebody waits for the register's lock, and how many of this process at once.

    Whoever comes when all places are taken is told so at once: where every thread of a server waited for one
    writer, nobody could read.
    """

    def __init__(self, seconds: float = WAIT_SECONDS, places: int | None = None) -> None:
        self.seconds = seconds
        self._places = None if places is None else threading.BoundedSemaphore(places)

    @contextlib.contextmanager
    def place(self, address: str) -> Iterator[None]:
        """A place among those who wait for the register's lock.

        Raises:
            Unusable: there is none left.
        """
        if self._places is None:
            yield
            return
        if not self._places.acquire(blocking=False):
            raise Unusable("register.locked", path=address)
        try:
            yield
        finally:
            self._places.release()


def _address(con: Connection) -> str:
    return con.engine.url.database or "" if con.dialect.name == "sqlite" else con.engine.url.render_as_string()


@contextlib.contextmanager
def writing(con: Connection) -> Iterator[Connection]:
    """One writing transaction: the lock is held before the first read, all is written or nothing.

    Args:
        con: an idle connection.

    Raises:
        Unusable: the register is locked, read-only, or its disk is full, or it was brought to another version
            meanwhile, or its file was moved; nothing was written.
    """
    if con.in_transaction():
        raise RuntimeError("a use case needs an idle connection")
    address = _address(con)
    options = con.get_execution_options()
    patience: Patience = options.get("patience") or Patience()
    with translating_errors(address):
        with patience.place(address):
            transaction = _begin_writing(con, patience.seconds)
        with transaction:
            check_still_there(con)
            if not options.get("any_version"):
                _check_version(con, address)
            yield con
            if con.dialect.name == "sqlite":
                con.exec_driver_sql("UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')")


def _begin_writing(con: Connection, seconds: float) -> RootTransaction:
    """Begin a transaction that holds the register's one lock; nobody else writes until it ends."""
    milliseconds = int(seconds * 1000)
    if con.dialect.name == "sqlite":
        driver: Any = con.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
    con.info["writing"] = True
    try:
        transaction = con.begin()
    finally:
        con.info.pop("writing", None)
    if con.dialect.name == "postgresql":
        try:
            con.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            # A statement of its own: what is read after it is read as the last writer left it.
            con.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK}, {_lock_of(con.info['schema'])})")
        except BaseException:
            transaction.rollback()
            raise
    return transaction


def _lock_of(name: str) -> int:
    number = zlib.crc32(name.encode())
    return number - (1 << 32) if number >= 1 << 31 else number


def _check_version(con: Connection, address: str) -> None:
    """The register may have been upgraded since it was opened; one that is being made has no version yet."""
    if schema.version_of(con) is not None:
        schema.check_version(con, address)


@contextlib.contextmanager
def reading(con: Connection) -> Iterator[Connection]:
    """One reading transaction: a snapshot that no writer disturbs, and that disturbs no writer.

    Args:
        con: an idle connection, or one within a snapshot that somebody else ends.

    Raises:
        RuntimeError: a transaction is open that sees what others write meanwhile.
    """
    if con.in_transaction():
        if not _is_snapshot(con):
            raise RuntimeError("a snapshot needs an idle connection")
        yield con
        return
    with translating_errors(_address(con)), con.begin():
        _one_snapshot(con)
        yield con


def begin_reading(con: Connection) -> None:
    """Begin to read on an idle connection, in a snapshot; somebody else ends the transaction."""
    with translating_errors(_address(con)):
        con.begin()
        _one_snapshot(con)


def _one_snapshot(con: Connection) -> None:
    if con.dialect.name == "postgresql":
        con.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _is_snapshot(con: Connection) -> bool:
    """Every transaction of SQLite is one; PostgreSQL is asked."""
    if con.dialect.name != "postgresql":
        return True
    return con.exec_driver_sql("SHOW transaction_isolation").scalar() in _SNAPSHOTS


def spare_memory(con: Connection) -> None:
    """For one long walk over the register: its file is read, not mapped, and little of it kept.

    Args:
        con: an idle connection, not used for anything else afterwards.
    """
    if con.dialect.name == "sqlite":
        for pragma in ("mmap_size = 0", "cache_size = -8192"):
            con.exec_driver_sql(f"PRAGMA {pragma}")
        con.rollback()
