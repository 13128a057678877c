"""A PostgreSQL with PostGIS for the tests: the one that is named, or a cluster of our own on loopback."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests import in_memory


def binaries() -> Path | None:
    """The folder with initdb and postgres, None where there is none with PostGIS."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    candidates = [path.parent for path in found]
    if which := shutil.which("initdb"):
        candidates.append(Path(which).resolve().parent)
    for folder in candidates:
        version = folder.parent.name
        if list(Path("/usr/share/postgresql").glob(f"{version}/extension/postgis.control")) or _has_postgis(folder):
            return folder
    return None


def _has_postgis(folder: Path) -> bool:
    config = folder / "pg_config"
    if not config.exists():
        return False
    share = subprocess.run([config, "--sharedir"], capture_output=True, text=True, check=False).stdout.strip()
    return (Path(share) / "extension" / "postgis.control").exists()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Cluster:
    """A cluster of our own on loopback, that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        # PostgreSQL refuses to run as root; Debian's own user is there when its package is.
        self._prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        home = tempfile.mkdtemp(prefix="tempuse-pg-", dir=in_memory.MEMORY if in_memory.has_room() else None)
        self._folder, self._home, self._port = folder, Path(home), _free_port()
        self.url = f"postgresql://tempuse@127.0.0.1:{self._port}/postgres"
        if self._prefix:
            shutil.chown(self._home, "postgres")
        self._run(folder / "initdb", "-U", "tempuse", "-A", "trust", "--locale=C.UTF-8")
        self.start()

    def _run(self, program: Path, *arguments: str, check: bool = True) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        command: list[Any] = [*self._prefix, program, "-D", self._home / "data", *arguments]
        subprocess.run(command, check=check, **quiet)

    def start(self) -> None:
        """Let it answer."""
        where = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._home} -c fsync=off"
        self._run(self._folder / "pg_ctl", "-w", "-o", where, "start")

    def stop(self) -> None:
        """Let nobody reach it."""
        self._run(self._folder / "pg_ctl", "-m", "immediate", "stop", check=False)
        time.sleep(0.1)

    def forget(self) -> None:
        """Stop it and remove it."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster | None]:
    """A cluster of our own, None where PostgreSQL or PostGIS is missing."""
    folder = binaries()
    if folder is None:
        yield None
        return
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.forget()


_schemas = itertools.count(1)


@contextlib.contextmanager
def a_schema(url: str) -> Iterator[str]:
    """The address of a register in a schema of its own, of which nothing stays."""
    schema = f"t{os.getpid()}_{next(_schemas)}"
    yield f"{url}?schema={schema}"
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("SET client_min_messages = warning")
        for name in (schema, f"{schema}_accounts"):
            con.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


_COPIED = "register"  # the schema of a register that is copied with its database


@contextlib.contextmanager
def to_be_copied(url: str) -> Iterator[tuple[str, str]]:
    """The name of a new database with PostGIS, and the address of a register that may be made in it."""
    with _a_database(url, "template1") as (name, its):
        with psycopg.connect(its, autocommit=True) as con:
            con.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        yield name, f"{its}?schema={_COPIED}"


@contextlib.contextmanager
def a_copy(url: str, name: str) -> Iterator[str]:
    """The address of the register in a copy of a database: a fifth of the work of making its tables again."""
    with _a_database(url, name) as (_, its):
        yield f"{its}?schema={_COPIED}"


@contextlib.contextmanager
def _a_database(url: str, template: str) -> Iterator[tuple[str, str]]:
    name = f"t{os.getpid()}_{next(_schemas)}"
    with psycopg.connect(url, autocommit=True) as con:
        files = " STRATEGY FILE_COPY" if con.info.server_version >= 150_000 else ""  # before, there was no other way
        con.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{files}'.encode())
    yield name, f"{url.rpartition('/')[0]}/{name}"
    with psycopg.connect(url, autocommit=True) as con:
        con.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextlib.contextmanager
def cluster() -> Iterator[str | None]:
    """The URL of a database for tests, None where PostgreSQL or PostGIS is missing."""
    if named := os.environ.get("TEMPUSE_TEST_POSTGRES"):
        yield named
        return
    with own_cluster() as own:
        yield own.url if own else None
