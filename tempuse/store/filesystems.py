"""Where a GeoPackage may live: on a disk of this machine. SQLite's WAL does not work on network shares."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tempuse.errors import Unusable

# As /proc/mounts names them.
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs", "glusterfs", "ceph", "lustre", "davfs",
    "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.davfs2", "fuse.glusterfs",
})  # fmt: skip


def filesystem_of(path: Path, mounts: str | None = None) -> str:
    """The kind of filesystem that holds a path, empty where this machine does not tell.

    Args:
        path: an absolute path; need not exist.
        mounts: text like /proc/mounts; read from there when not given.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text()
        except OSError:
            return "unc" if sys.platform == "win32" and str(path).startswith("\\\\") else ""
    where = os.path.realpath(path)
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def check_local(path: Path, mounts: str | None = None) -> None:
    """Return in silence when SQLite can work safely there.

    Raises:
        Unusable: the path lies on a network share.
    """
    kind = filesystem_of(path, mounts)
    if kind in NETWORK or kind == "unc":
        raise Unusable("register.network_share", path=str(path), filesystem=kind)
