"""Attachments: files kept under ``TEMPUSE_HOME/attachments`` by the hash of their content.

A name is the SHA-256 of the content in 64 hexadecimal digits and a suffix, so the same file is kept once, a name
never means anything else, and a name from outside can be checked before it touches the disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path
from typing import BinaryIO

from tempuse import files
from tempuse.errors import NotFound, Unusable

NAME = re.compile(r"([0-9a-f]{64})\.([a-z0-9]{1,8})")

# Whoever sent a file may still be about to write down that it is theirs.
_JUST_SENT_SECONDS = 86_400

# What the first bytes of an image say; a suffix proves nothing.
_IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
)


def image_suffix(content: bytes) -> str:
    """``png``, ``jpg`` or ``webp`` by the content's first bytes, empty for anything else."""
    return next((suffix for magic, suffix in _IMAGES if magic.match(content)), "")


def put(home: Path, content: bytes, suffix: str) -> str:
    """Keep a file; gives its name. Kept twice, it is there once.

    Raises:
        Unusable: the disk is full or may not be written.
    """
    name = f"{hashlib.sha256(content).hexdigest()}.{suffix}"
    path = _place(home, name)
    try:
        if path.exists():
            os.utime(path)  # who removes what nobody refers to leaves alone what was just sent
            return name
        files.make_folder(path.parent)
        files.write_whole(path, content)
    except OSError as error:
        raise Unusable("attachment.not_kept", detail=error.strerror or str(error)) from error
    return name


def get(home: Path, name: str) -> bytes:
    """The content of a file.

    Raises:
        NotFound: there is no such file.
    """
    with open_one(home, name) as file:
        return file.read()


def open_one(home: Path, name: str) -> BinaryIO:
    """A file, open to be read.

    Raises:
        NotFound: there is no such file.
    """
    try:
        return _place(home, name).open("rb")
    except (OSError, ValueError) as error:
        raise NotFound("attachment.not_found") from error


def path_of(home: Path, name: str) -> Path | None:
    """Where a file lies, for whoever can read a file by its path alone; None when there is none."""
    return path if NAME.fullmatch(name) and (path := _place(home, name)).is_file() else None


def fault(home: Path, name: str) -> str:
    """What is wrong with a file that somebody refers to: ``gone``, ``other``, or nothing."""
    try:
        with _place(home, name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return "gone"
    return "" if name.startswith(digest) else "other"


def names(home: Path) -> list[str]:
    """The names of all files that are kept."""
    return sorted(path.name for path in (home / "attachments").glob("??/*") if NAME.fullmatch(path.name))


def remove(home: Path, name: str) -> bool:
    """Remove a file that nobody refers to, unless it was sent within this day; whether it is gone.

    Raises:
        Unusable: it may not be removed.
    """
    path = _place(home, name)
    try:
        if time.time() - path.stat().st_mtime < _JUST_SENT_SECONDS:
            return False
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise Unusable("file.refused", path=str(path), detail=error.strerror or str(error)) from error
    return True


def _place(home: Path, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return home / "attachments" / name[:2] / name
