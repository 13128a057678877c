"""Where a GeoPackage may live: on a disk of this machine. SQLite's WAL needs memory that all its users share."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from tempuse.errors import Unusable

# As /proc/mounts names them. What is not known is refused: a register that breaks after months is worse than a
# question before the first space.
LOCAL = frozenset({
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "reiser4", "nilfs2", "bcachefs", "ubifs",
    "jffs2", "yaffs2", "hfs", "hfsplus", "apfs", "ufs", "minix", "udf", "vfat", "msdos", "exfat", "ntfs", "ntfs3",
    "tmpfs", "ramfs", "rootfs", "overlay", "overlayfs", "aufs", "unionfs", "ecryptfs", "squashfs", "erofs", "iso9660",
    "fuseblk", "fuse.ntfs-3g", "fuse.ntfs", "fuse.exfat", "fuse.fuse-overlayfs", "fuse.ext2", "fuse.fuse-ext2",
    "fuse.mergerfs", "fuse.bindfs", "fuse.encfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.lxcfs", "fuse.zfs",
})  # fmt: skip


def filesystem_of(path: Path, mounts: str | None = None) -> str:
    """The kind of filesystem that holds a path, empty where this machine does not tell.

    Args:
        path: an absolute path; need not exist.
        mounts: text like /proc/mounts; read from there when not given.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(errors="replace")
        except OSError:
            return "unc" if sys.platform == "win32" and str(path).startswith("\\\\") else ""
    where = os.path.realpath(path)
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        point = _plain(parts[1])
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _plain(point: str) -> str:
    """A mount point as the kernel writes it there: blanks, tabs, line ends and backslashes as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)


def check_local(path: Path, mounts: str | None = None) -> None:
    """Return in silence when SQLite can work safely there.

    Raises:
        Unusable: the path lies on a network share, in a folder shared with a host, or on what nobody knows.
    """
    kind = filesystem_of(path, mounts)
    if kind and kind not in LOCAL:
        raise Unusable("register.network_share", path=str(path), filesystem=kind)
