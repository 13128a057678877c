"""Where a file is written: beside its place, and put there only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tempuse import files
from tempuse.errors import Invalid, NotFound, Unusable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SOME_BYTES = 4_000_000
_LOGS = ("-wal", "-shm", "-journal")
_PATIENCE_SECONDS = 2.0


def check_place(path: Path) -> Path:
    """The file that will be written, links followed.

    Raises:
        NotFound: its folder is not there.
        Invalid: it is a folder itself.
    """
    path = path.resolve()
    if path.is_dir():
        raise Invalid("export.is_folder", path=str(path))
    if not path.parent.is_dir():
        raise NotFound("export.folder_missing", folder=str(path.parent))
    return path


def check_writable(path: Path) -> None:
    """Return in silence when a file can be written there.

    Raises:
        NotFound: its folder is not there.
        Invalid: it is a folder itself.
        Unusable: the folder may not be written to, or the disk is full.
    """
    path = check_place(path)
    with translating_errors(path), files.scratch(path.parent, path.name[:40]) as scratch:
        (scratch / path.name).touch()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write in the place of this one, in a folder of our own beside it.

    At the end the file, and what else lies beside it in that folder, is put in place, one rename a file. When
    something goes wrong nothing is put in place. The folder is gone either way.

    Raises:
        NotFound: the folder is missing.
        Unusable: the folder may not be written to, the disk is full, or another program has the old file open.
    """
    path = check_place(path)
    with _alone(path):
        pass  # said now, rather than when all is written
    with translating_errors(path), files.scratch(path.parent, path.name[:40]) as scratch:
        try:
            yield scratch / path.name
            for made in sorted(each for each in scratch.iterdir() if each.is_file()):
                files.sync(made)
                with _alone(path.parent / made.name):
                    made.replace(path.parent / made.name)
        except OSError as error:
            if error.errno not in _NO_ROOM and _is_full(scratch):
                raise OSError(errno.ENOSPC, str(error)) from error
            raise


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold an SQLite file (a GeoPackage) that is to be replaced, so that no other program has it open meanwhile.

    What another one has written may still lie in a log beside the file. SQLite would take the log of the old file for
    the new one's, and both would be lost; so the log is folded in, or the old file stays.

    Raises:
        Unusable: another program has it open, or a log lies there that belongs to no file.
    """
    beside = [path.with_name(path.name + end) for end in _LOGS]
    if not _is_sqlite(path):
        if any(each.exists() for each in beside):
            raise Unusable("export.log_left", path=str(next(each for each in beside if each.exists())))
        yield
        return
    con = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        with contextlib.suppress(sqlite3.DatabaseError):
            con.execute("PRAGMA journal_mode = DELETE")
            con.execute("BEGIN EXCLUSIVE")
        # Damaged or read-only, it cannot be held; without a log beside it nobody loses anything by its replacement.
        if (not con.in_transaction and _is_locked(path)) or any(each.exists() for each in beside[:2]):
            raise Unusable("export.in_use", path=str(path))
        yield
    finally:
        con.close()


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _is_locked(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as con:
        try:
            con.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        except sqlite3.DatabaseError:
            return False
    return False


@contextlib.contextmanager
def translating_errors(path: Path) -> Iterator[None]:
    """Turn what the system or GDAL says about writing into an error with a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Unusable("export.disk_full", path=str(path)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Unusable("export.not_writable", folder=str(path.parent)) from error
        raise Unusable("export.failed", path=str(path), detail=error.strerror or str(error).split("\n")[0]) from error


def _is_full(folder: Path) -> bool:
    """Whether there is no room for as much again; GDAL and SQLite say only that writing failed."""
    size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) + _SOME_BYTES
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(probe.fileno(), 0, size)
            return False
    except OSError as error:
        return error.errno in _NO_ROOM
