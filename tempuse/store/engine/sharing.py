"""Who on the machine may read a register's file: its owner, and the group of GIS staff that the owner names.

The file holds private fields. SQLite gives the log files beside it (-wal, -shm) its mode but, unless root runs it, not
its group; so they follow here. Nothing is opened: modes and groups are set by name (architecture, decision 2).
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tempuse.errors import Unusable

try:
    import grp
except ImportError:  # Windows
    grp = None  # type: ignore[assignment]

_BESIDE = ("-wal", "-shm")


def make_private(path: Path) -> None:
    """Make the empty file of a new register with its mode, before SQLite does."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def follow(path: Path) -> None:
    """Let the log files beside a register belong to its group, with its mode."""
    if grp is None:
        return
    with contextlib.suppress(OSError):
        about = path.stat()
        for end in _BESIDE:
            side = path.with_name(path.name + end)
            with contextlib.suppress(FileNotFoundError):
                own = side.stat()
                if own.st_gid != about.st_gid:
                    os.chown(side, -1, about.st_gid)
                if own.st_mode & 0o777 != about.st_mode & 0o777:
                    os.chmod(side, about.st_mode & 0o777)


def share(path: Path, group: str) -> None:
    """Let a group read a register's file, and nobody else; only its owner can.

    Raises:
        Unusable: there is no such group, or this user is not in it.
    """
    if grp is None or not path.exists():
        return
    try:
        number = int(group) if group.isdecimal() else grp.getgrnam(group).gr_gid
    except KeyError as error:
        raise Unusable("register.no_group", group=group) from error
    about = path.stat()
    if about.st_uid != os.geteuid() and os.geteuid():
        return
    try:
        if about.st_gid != number:
            os.chown(path, -1, number)
        if about.st_mode & 0o777 != 0o640:
            os.chmod(path, 0o640)
    except OSError as error:
        raise Unusable("register.no_group", group=group) from error
    follow(path)
