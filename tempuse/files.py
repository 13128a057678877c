"""Files and folders of our own: written whole or not at all, for this user alone, and never left lying about.

What is made beside its place first and put there by a rename is either there with all its bytes or not there, whoever
pulls the plug. What a killed process leaves unfinished bears a suffix by which the next one knows it and clears it.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

UNFINISHED = ".unfinished"
_DAY_SECONDS = 86_400


def make_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, for this user alone; gives it back.

    ``Path.mkdir`` with ``parents`` gives its mode to the last one only.

    Raises:
        OSError: it cannot be made.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    if not path.is_dir():
        path.mkdir(mode=0o700)
    return path


def write_whole(path: Path, content: bytes, mode: int = 0o600, *, keep: bool = False) -> bool:
    """Write a file so that nobody ever sees a part of it; whether it was written.

    Args:
        path: where; its folder is there. A link is followed.
        content: all of it.
        mode: who may read it, whatever the umask says.
        keep: leave what is there already: of two who write at once, the first one's stays, and both find that.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    path = path.resolve()
    draft = path.with_name(f".{path.name[:100]}-{secrets.token_hex(6)}{UNFINISHED}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, mode)
        if keep:
            return _put_if_missing(draft, path)
        os.replace(draft, path)
        sync_folder(path.parent)
        return True
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _put_if_missing(draft: Path, path: Path) -> bool:
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a disk without links
        if path.exists():
            return False
        os.rename(draft, path)
    sync_folder(path.parent)
    return True


def sync(path: Path) -> None:
    """Wait until the disk has a file: a rename must not come before the bytes.

    Never of a live register: closing it would let go of this process's locks.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the disk has a folder's names, where the system can wait for that."""
    with contextlib.suppress(OSError):
        sync(path)


@contextlib.contextmanager
def scratch(folder: Path, what: str) -> Iterator[Path]:
    """A folder of our own within another, for this user alone, gone at the end.

    What others of the same ``what`` have left behind there is cleared first: each holds a lock on its folder as long
    as it lives, so what nobody holds is nobody's. Where there are no such locks it is left alone for a day.

    Raises:
        OSError: it cannot be made.
    """
    start = f".{what}-"
    clear(folder, start)
    path, held = _held_folder(folder, start)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if held is not None:
            os.close(held)


def scratch_for_life(folder: Path, what: str) -> Path:
    """The same until this process ends, however it does; the next one that asks there clears it.

    Raises:
        OSError: it cannot be made.
    """
    start = f".{what}-"
    clear(folder, start)
    return _held_folder(folder, start)[0]


def clear(folder: Path, start: str) -> None:
    """Remove what killed processes have left in a folder under names that begin so."""
    for left in folder.glob(f"{glob.escape(start)}*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if left.is_dir() and not left.is_symlink():
                _remove_unheld(left)
            elif left.lstat().st_mtime < time.time() - _DAY_SECONDS:
                left.unlink()


def clear_below(folder: Path) -> None:
    """The same for every folder below this one, whatever it was for; where there are no locks, files only: a folder of
    a process that lives long would look like one that was left.
    """
    for left in folder.rglob(f".*{UNFINISHED}"):
        if fcntl is None and left.is_dir():
            continue
        clear(left.parent, left.name.removesuffix(UNFINISHED))


def _held_folder(folder: Path, start: str) -> tuple[Path, int | None]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=start, suffix=UNFINISHED, dir=folder))
        if fcntl is None:
            return path, None
        try:
            held = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # somebody cleared it before it was held
            continue
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        if _is_the_same(os.fstat(held), path):
            return path, held
        os.close(held)


def _is_the_same(about: os.stat_result, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (about.st_dev, about.st_ino) == (there.st_dev, there.st_ino)


def _remove_unheld(path: Path) -> None:
    if fcntl is None:
        if path.stat().st_mtime < time.time() - _DAY_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
        return
    held = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(held)
