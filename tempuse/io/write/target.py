"""Where a file is written: beside its place, and put there only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tempuse.errors import Invalid, NotFound, Unusable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SOME_BYTES = 4_000_000
_UNFINISHED = ".unfinished"
_DAY_SECONDS = 86_400


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


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write in the place of this one, in a folder of our own beside it.

    At the end the file, and what else lies beside it in that folder, is put in place, one rename a file. When
    something goes wrong nothing is put in place. The folder is gone either way.

    Raises:
        NotFound: the folder is missing.
        Unusable: the folder may not be written to, or the disk is full.
    """
    path = check_place(path)
    with told(path):
        start = f".{path.name[:40]}-"
        _clear(path.parent, start)
        scratch = Path(tempfile.mkdtemp(prefix=start, suffix=_UNFINISHED, dir=path.parent))
        try:
            yield scratch / path.name
            for made in sorted(each for each in scratch.iterdir() if each.is_file()):
                _to_disk(made)
                made.replace(path.parent / made.name)
        except OSError as error:
            if error.errno not in _NO_ROOM and _is_full(scratch):
                raise OSError(errno.ENOSPC, str(error)) from error
            raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _clear(folder: Path, start: str) -> None:
    """Remove what an export left that was killed: a day later, so that none at work is disturbed."""
    for left in folder.glob(f"{glob.escape(start)}*{_UNFINISHED}"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - _DAY_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _to_disk(path: Path) -> None:
    """Wait until the disk has it: a rename must not come before the bytes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
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
