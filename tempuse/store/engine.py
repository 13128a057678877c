"""Opening a register: one GeoPackage file, or PostgreSQL with PostGIS, behind one code path.

The live file is opened by SQLite alone, through this one library. Any other ``open()`` of the file, its -wal
or -shm in this process, and any GDAL dataset on it, would drop this process's locks when closed (POSIX), and
another process could write in the middle of our transaction (architecture, decision 2).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError

from tempuse.errors import Conflict, NotFound, Unusable
from tempuse.store import filesystems, gpkg, schema

__all__ = ["Connection", "Register", "open_register", "reading", "writing"]

WAIT_SECONDS = 10.0


class Register:
    """An open register: where it is, its engine, its home folder.

    Attributes:
        address: the path or URL, without a password.
        path: the GeoPackage file, None on PostgreSQL.
        home: ``TEMPUSE_HOME``: secret key, accounts, attachments, task queue.
    """

    def __init__(self, address: str, engine: Engine, path: Path | None, home: Path, *, new: bool = False) -> None:
        self.address = address
        self.engine = engine
        self.path = path
        self.home = home
        self._known_good = new

    @property
    def is_file(self) -> bool:
        """Whether this is a GeoPackage file."""
        return self.path is not None

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """An idle connection; reading begins by itself, writing by ``writing``.

        Raises:
            Unusable: the register cannot be reached, is not ours, or of another version.
        """
        with self.connect_unchecked() as con:
            if not self._known_good:
                schema.check(con, self.address)
                con.rollback()
                self._known_good = True
            yield con

    @contextlib.contextmanager
    def connect_unchecked(self) -> Iterator[Connection]:
        """An idle connection to whatever is there: for making, upgrading and examining registers."""
        with told(self.address), self.engine.connect() as con:
            yield con

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def is_url(address: str) -> bool:
    """Whether the address names a PostgreSQL database rather than a file."""
    return address.startswith(("postgresql:", "postgresql+psycopg:", "postgres:"))


def open_register(address: str, home: Path | None = None, *, create: bool = False) -> Register:
    """Open a register by path or URL, without looking into it.

    Args:
        address: path of a GeoPackage, or ``postgresql://user@host/database?schema=name``.
        home: ``TEMPUSE_HOME``; by default a folder beside the register.
        create: a register will be made there; the file may be missing.

    Raises:
        NotFound: there is no such file.
        Unusable: the file lies where SQLite cannot work safely.
    """
    if is_url(address):
        url = _postgres_url(address)
        shown = url.render_as_string(hide_password=True)
        register = Register(shown, _postgres_engine(url), None, home or Path("tempuse.home").absolute(), new=create)
    else:
        path = Path(address).absolute()
        if not create and not path.exists():
            raise NotFound("register.missing", path=str(path))
        if path.is_dir():
            raise Unusable("register.is_folder", path=str(path))
        filesystems.check_local(path)
        folder = home or path.with_name(f"{path.name}.home")
        register = Register(str(path), _sqlite_engine(path), path, folder, new=create)
    return register


def _sqlite_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": WAIT_SECONDS}, pool_size=20
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        for pragma in (
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "cache_size = -65536",
            "mmap_size = 268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")
        gpkg.add_functions(connection)

    @event.listens_for(engine, "begin")
    def begin(con: Connection) -> None:
        con.exec_driver_sql("BEGIN IMMEDIATE" if con.info.get("writing") else "BEGIN")

    return engine


def _postgres_url(address: str) -> URL:
    return make_url(address.replace("postgres:", "postgresql:", 1)).set(drivername="postgresql+psycopg")


def _postgres_engine(url: URL) -> Engine:
    query = dict(url.query)
    schema = str(query.pop("schema", "public"))
    path = schema if schema == "public" else f"{schema},public"
    options = f"-csearch_path={path} -clock_timeout={int(WAIT_SECONDS)}s -ctimezone=UTC -cjit=off"
    engine = create_engine(
        url.set(query=query),
        connect_args={"options": options, "connect_timeout": 5},
        pool_size=20,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "connect")
    def remember(connection: Any, record: Any) -> None:
        record.info["schema"] = schema

    return engine


@contextlib.contextmanager
def writing(con: Connection) -> Iterator[Connection]:
    """One writing transaction: the lock is held before the first read, all is written or nothing.

    Args:
        con: an idle connection.

    Raises:
        Unusable: the register is locked, read-only, or its disk is full; nothing was written.
    """
    if con.in_transaction():
        raise RuntimeError("a use case needs an idle connection")
    con.info["writing"] = True
    try:
        with told(str(con.engine.url.render_as_string())), con.begin():
            con.info.pop("writing", None)
            yield con
            if con.dialect.name == "sqlite":
                con.exec_driver_sql("UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')")
    finally:
        con.info.pop("writing", None)


@contextlib.contextmanager
def reading(con: Connection) -> Iterator[Connection]:
    """One reading transaction: a snapshot that no writer disturbs, and that disturbs no writer."""
    if con.in_transaction():
        yield con
        return
    with told(str(con.engine.url.render_as_string())), con.begin():
        _one_snapshot(con)
        yield con


def begin_reading(con: Connection) -> None:
    """The same for an idle connection whose transaction somebody else ends."""
    with told(str(con.engine.url.render_as_string())):
        con.begin()
        _one_snapshot(con)


def _one_snapshot(con: Connection) -> None:
    if con.dialect.name == "postgresql":
        con.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def spare_memory(con: Connection) -> None:
    """For one long walk over the register: its file is read, not mapped, and little of it kept.

    Args:
        con: an idle connection, not used for anything else afterwards.
    """
    if con.dialect.name == "sqlite":
        for pragma in ("mmap_size = 0", "cache_size = -8192"):
            con.exec_driver_sql(f"PRAGMA {pragma}")
        con.rollback()


# What the drivers say, and the sentence it becomes. SQLite has no codes for these in Python 3.11's errors.
_SAID = (
    ("database is locked", "register.locked"),
    ("database table is locked", "register.locked"),
    ("lock timeout", "register.locked"),
    ("could not obtain lock", "register.locked"),
    ("readonly database", "register.read_only"),
    ("read-only", "register.read_only"),
    ("permission denied", "register.not_permitted"),
    ("database or disk is full", "register.disk_full"),
    ("No space left", "register.disk_full"),
    ("disk I/O error", "register.disk_error"),
    ("file is not a database", "register.not_ours"),
    ("malformed", "register.damaged"),
    ("unable to open database file", "register.cannot_open"),
    ("password authentication failed", "register.sign_in_refused"),
    ("does not exist", "register.not_there"),
    ("connection", "register.server_down"),
    ("server closed", "register.server_down"),
    ("could not translate host", "register.server_down"),
)


@contextlib.contextmanager
def told(address: str) -> Iterator[None]:
    """Turn what a driver says about the register's condition into an error with a sentence."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:  # the last two: loading passes SQLAlchemy by
        orig = error.orig if isinstance(error, DBAPIError) else error
        said = str(orig)
        if "UNIQUE constraint" in said or "duplicate key" in said:
            raise Conflict("register.there_already", detail=said.splitlines()[0]) from error
        operational = type(orig).__name__ in (
            "OperationalError",
            "DatabaseError",
            "LockNotAvailable",
        ) or (getattr(orig, "sqlstate", None) or "").startswith(("08", "28", "3D", "53", "55", "57", "25006", "42501"))
        message = next((message for words, message in _SAID if words in said), "")
        if operational and message:
            raise Unusable(message, path=address, detail=said.splitlines()[0]) from error
        raise
