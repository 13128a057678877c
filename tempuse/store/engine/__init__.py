"""Opening a register: one GeoPackage file, or PostgreSQL with PostGIS, behind one code path.

The live file is opened by SQLite alone, through this one library. Any other ``open()`` of the file, its -wal
or -shm in this process, and any GDAL dataset on it, would drop this process's locks when closed (POSIX), and
another process could write in the middle of our transaction (architecture, decision 2).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from tempuse.errors import NotFound, TempuseError, Unusable
from tempuse.store import gpkg, schema
from tempuse.store.engine import faults, filesystems, homes, sharing
from tempuse.store.engine.identity import Identity, check_still_there
from tempuse.store.engine.transactions import Patience, begin_reading, reading, spare_memory, writing

__all__ = ["Connection", "Register", "begin_reading", "open_register", "reading", "spare_memory", "writing"]

# Whoever reads waits hardly ever: for a file that recovers, for a table that an administrator locked.
_READERS_WAIT = 3.0
_LARGEST_LOG = 64 * 1024 * 1024
# PostgreSQL cuts names at 63 bytes; the schema of the accounts has a longer name than the register's.
_LONGEST_SCHEMA = 50


class Register:
    """An open register: where it is, its engine, its home folder.

    Attributes:
        address: the path or URL, without a password.
        path: the GeoPackage file, None on PostgreSQL.
        patience: how long its writers wait for each other.
    """

    def __init__(
        self, address: str, engine: Engine, path: Path | None, home: Path | None, *,
        new: bool = False, identity: Identity | None = None,
    ) -> None:  # fmt: skip
        self.address = address
        self.engine = engine
        self.path = path
        self.patience = Patience()
        self._home = home
        self._uses_home = False
        self._identity = identity
        self._known_good = new

    @property
    def home(self) -> Path:
        """``TEMPUSE_HOME``: secret key, accounts, attachments, task queue.

        Raises:
            Unusable: nobody told where it is; beside a file it is known, beside a database it is not.
        """
        if self._home is None:
            raise Unusable("home.not_told", address=self.address)
        return self._home

    def use_home(self) -> None:
        """From now on a connection is had only where the home is the one that the register belongs to."""
        self._uses_home = True

    @property
    def is_file(self) -> bool:
        """Whether this is a GeoPackage file."""
        return self.path is not None

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """An idle connection; reading begins by itself, writing by ``writing``.

        Raises:
            Unusable: the register cannot be reached, is not ours, or of another version; its file is not the one any
                more that was opened; the home is another register's.
        """
        with self.connect_unchecked() as con:
            if not self._known_good:
                schema.check(con, self.address)
                con.rollback()
                self._known_good = True
            if self._uses_home:
                homes.check(con, self.address, self.home)
                self._uses_home = False
            yield con.execution_options(any_version=False)

    @contextlib.contextmanager
    def connect_unchecked(self) -> Iterator[Connection]:
        """An idle connection to whatever is there: for making, upgrading and examining registers."""
        with faults.translating_errors(self.address):
            con = self.engine.connect()
            try:
                check_still_there(con)
                yield con.execution_options(patience=self.patience, any_version=True)
            finally:
                # A line that broke cannot be given back; whoever used it has been told.
                with contextlib.suppress(TempuseError):
                    con.close()

    def check_writable(self, con: Connection) -> None:
        """Return in silence when a change could be written now, as far as can be seen without writing one.

        Raises:
            Unusable: the disk is full, or the register may only be read.
        """
        if self.path is None:
            if con.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
                raise Unusable("register.read_only", path=self.address)
        elif not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)):
            raise Unusable("register.read_only", path=self.address)
        elif not faults.has_room(self.path):
            raise Unusable("register.disk_full", path=self.address)

    def close(self) -> None:
        """Give back every connection; what is opened next may be another file."""
        self.engine.dispose()
        if self._identity is not None:
            self._identity.forget()


def is_url(address: str) -> bool:
    """Whether the address names a PostgreSQL database rather than a file."""
    return address.startswith(("postgresql:", "postgresql+psycopg:", "postgres:"))


def open_register(address: str, home: Path | None = None, *, create: bool = False) -> Register:
    """Open a register by path or URL, without looking into it.

    Args:
        address: path of a GeoPackage, or ``postgresql://user@host/database?schema=name``.
        home: ``TEMPUSE_HOME``; by default a folder beside the file, whatever link it is named by. Beside a database
            there is none: whoever needs it is told so.
        create: a register will be made there; the file may be missing.

    Raises:
        NotFound: there is no such file.
        Unusable: the file lies where SQLite cannot work safely, or the URL is none.
    """
    if home is not None:
        filesystems.check_local(home)  # accounts and tasks are SQLite's too
    if is_url(address):
        url = _postgres_url(address)
        name = _schema_of(address)
        shown = url.render_as_string(hide_password=True)
        register = Register(shown, _postgres_engine(url, name, shown), None, home, new=create)
    else:
        path = Path(address).resolve()
        if not create and not path.exists():
            raise NotFound("register.missing", path=str(path))
        if path.is_dir():
            raise Unusable("register.is_folder", path=str(path))
        filesystems.check_local(path)
        folder = home or _home_beside(Path(address).absolute(), path)
        identity = Identity(path, new=create)
        engine = _sqlite_engine(path, create, identity)
        register = Register(str(path), engine, path, folder, new=create, identity=identity)
    return register


def _home_beside(named: Path, path: Path) -> Path:
    """The home of a file, whatever link it is named by.

    Raises:
        Unusable: there is none, but one that an older version made beside the link.
    """
    home, other = path.with_name(f"{path.name}.home"), named.with_name(f"{named.name}.home")
    if other.is_dir() and not home.exists():
        raise Unusable("home.by_link", path=str(other), home=str(home))
    return home


def _sqlite_engine(path: Path, new: bool, identity: Identity) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _READERS_WAIT}, pool_size=20, max_overflow=60, hide_parameters=True,
    )  # fmt: skip
    faults.listen(engine, str(path))
    identity.watch(engine)  # first: nothing is made where another register's changes lie, or this one was

    @event.listens_for(engine, "do_connect")
    def make_private(*_: Any) -> None:
        if new:
            sharing.make_private(path)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if "register_state" in tables or (new and not tables):
            _log_ahead(connection)  # it stays in the file: somebody else's is left as it is
        for pragma in (
            "synchronous = FULL",  # what was acknowledged outlives a power cut; it costs a save 0 to 4 ms
            f"journal_size_limit = {_LARGEST_LOG}",
            "foreign_keys = ON",
            "cache_size = -65536",
            "mmap_size = 268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")
        gpkg.add_functions(connection)
        identity.note(record)
        sharing.follow(path)

    @event.listens_for(engine, "begin")
    def begin(con: Connection) -> None:
        con.exec_driver_sql("BEGIN IMMEDIATE" if con.info.get("writing") else "BEGIN")

    return engine


def _log_ahead(connection: Any) -> None:
    """Have a file written by its log (WAL), and take part in the log at once.

    SQLite waits for nobody where two change a new file to WAL together: the second is told so on the spot. And who
    changed it holds the log only from its next reading on: until then another who closes takes the log away.
    """
    until = time.monotonic() + _READERS_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _postgres_url(address: str) -> URL:
    try:
        url = make_url("postgresql:" + address.partition(":")[2])
    except (ArgumentError, ValueError) as error:
        raise Unusable("register.no_address") from error
    return url.set(drivername="postgresql+psycopg")


def _schema_of(address: str) -> str:
    """The schema that an address names; ``public`` where it names none.

    Raises:
        Unusable: no register can be in a schema of this name.
    """
    named = parse_qs(urlsplit(address).query, keep_blank_values=True).get("schema", ["public"])
    name = named[0]
    of_the_server = name.startswith("pg_") or name == "information_schema"
    if len(named) > 1 or not name or of_the_server or len(name.encode()) > _LONGEST_SCHEMA or not name.isprintable():
        raise Unusable("register.no_address")
    return name


def _postgres_engine(url: URL, name: str, shown: str) -> Engine:
    engine = create_engine(
        url.difference_update_query(["schema"]),
        connect_args={"options": "-ctimezone=UTC -cjit=off", "connect_timeout": 5},
        pool_size=20, max_overflow=60, pool_pre_ping=True, hide_parameters=True,
        # Every table is asked for in this schema by its name: the search path is for PostGIS.
        execution_options={"schema_translate_map": {None: name}},
    )  # fmt: skip
    faults.listen(engine, shown)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        record.info["schema"] = name
        connection.execute(f"SET lock_timeout = {int(_READERS_WAIT * 1000)}")
        schema.find_postgis(connection.execute, name)
        connection.commit()

    return engine
