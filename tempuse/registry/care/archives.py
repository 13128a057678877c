"""The archive of a backup: what is in it, and what is believed of one that somebody brings.

It is a ZIP with the register as a GeoPackage, the accounts, a manifest, and of the home what is KEPT, by name. An
archive comes from outside: nothing is unpacked but under the names that a backup gives, all into a folder of our own.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from tempuse import files
from tempuse.errors import Invalid, Unusable
from tempuse.store import schema
from tempuse.store.engine import homes

MANIFEST = "tempuse.json"
REGISTER = "register.gpkg"
ACCOUNTS = "accounts.sqlite"
# What of TEMPUSE_HOME goes along; the queue of tasks, staging, cache and backups can be made again.
KEPT = ("secret.key", homes.FILE, "attachments", "mail", "papers")
_FILES = ("secret.key", homes.FILE)
# Where the letters of an archive that were still to be sent are laid: most of them went out long ago.
ASIDE = Path("mail") / "aside"
_OUTBOX = Path("mail") / "outbox"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+ -]{0,199}")
_DEEPEST = 4
_NOT_A_ZIP = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest says: the schema's version, when and by which program the archive was made."""

    version: str
    made_at: datetime
    made_by: str


def pack(archive: Path, folder: Path, home: Path, about: Manifest) -> None:
    """Write the archive of a folder with the snapshots, and of a home.

    Raises:
        OSError: something cannot be read, or the disk is full.
    """
    told = {"version": about.version, "made_at": about.made_at.isoformat(), "made_by": about.made_by}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as out:
        out.writestr(MANIFEST, orjson.dumps(told, option=orjson.OPT_INDENT_2))
        for name in (REGISTER, ACCOUNTS):
            if (folder / name).exists():
                out.write(folder / name, name)
        for path in _kept(home):
            # A letter may be sent, and a draft of a file become the file, while we walk.
            with contextlib.suppress(FileNotFoundError):
                out.write(path, f"home/{path.relative_to(home).as_posix()}")


def _kept(home: Path) -> Iterator[Path]:
    for name in KEPT:
        place = home / name
        if place.is_file():
            yield place
        elif place.is_dir():
            for parent, folders, names in os.walk(place, onerror=_raise):
                folders.sort()
                paths = (Path(parent) / each for each in sorted(names) if not each.endswith(files.UNFINISHED))
                yield from (path for path in paths if path.is_file())


def _raise(error: OSError) -> None:
    raise error


def unpack(archive: Path, folder: Path, home: Path) -> Manifest:
    """Unpack the snapshots into one folder and what is kept of the home into another, and look whether they are whole.

    Raises:
        Invalid: this is not an archive of ours, or a damaged one.
        Unusable: a newer program made it.
        OSError: the disk is full.
    """
    try:
        with zipfile.ZipFile(archive) as content:
            about = _read_manifest(content.read(MANIFEST))
            for member in content.infolist():
                target = _place_of(member.filename, folder, home)
                if target is not None and not member.is_dir():
                    files.make_folder(target.parent)
                    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                    with content.open(member) as inside, os.fdopen(descriptor, "wb") as out:
                        shutil.copyfileobj(inside, out, 1 << 20)
    except (*_NOT_A_ZIP, FileExistsError) as error:
        raise Invalid("backup.not_ours", path=str(archive)) from error
    if not (folder / REGISTER).exists():
        raise Invalid("backup.not_ours", path=str(archive))
    if about.version > schema.newest():
        raise Unusable("backup.newer", path=str(archive), version=about.made_by)
    _check(archive, folder)
    return about


def _read_manifest(content: bytes) -> Manifest:
    held: Any = orjson.loads(content)
    if not isinstance(held, dict) or not isinstance(held.get("version"), str):
        raise ValueError("this is not a manifest of ours")
    made_at = datetime.fromisoformat(str(held["made_at"]))
    if made_at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return Manifest(held["version"], made_at, str(held.get("made_by", "")))


def _place_of(name: str, folder: Path, home: Path) -> Path | None:
    """Where a member goes; None for what no backup of ours has packed."""
    if name in (REGISTER, ACCOUNTS):
        return folder / name
    start, *parts = name.split("/")
    if start != "home" or not parts or len(parts) > _DEEPEST or parts[0] not in KEPT:
        return None
    if (len(parts) == 1) != (parts[0] in _FILES) or not all(_NAME.fullmatch(part) for part in parts):
        return None
    return home.joinpath(*parts)


def _check(archive: Path, folder: Path) -> None:
    for name, look in ((REGISTER, damage_of), (ACCOUNTS, _damage_of_accounts)):
        if (folder / name).exists() and (damage := look(folder / name)):
            raise Invalid("backup.damaged", path=str(archive), part=name, detail=damage)


def damage_of(path: Path) -> str:
    """What SQLite finds wrong with a file that nobody has open; empty when nothing is."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as con:
            said = [str(row[0]) for row in con.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == ["ok"] else said[0]


def _damage_of_accounts(path: Path) -> str:
    if damage := damage_of(path):
        return damage
    try:
        with contextlib.closing(sqlite3.connect(path)) as con:
            for person_ref, uniquifier, made_at in con.execute(
                "SELECT person_ref, fs_uniquifier, made_at FROM accounts"
            ):
                datetime.fromisoformat(made_at)
                if not isinstance(person_ref, str) or not isinstance(uniquifier, str):
                    raise ValueError(f"{person_ref!r} is not a person")
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        return str(error)
    return ""


def put_letters_aside(home: Path) -> int:
    """Lay the letters of an unpacked home that waited to be sent where nobody sends them; how many."""
    waiting = sorted((home / _OUTBOX).glob("*")) if (home / _OUTBOX).is_dir() else []
    for path in waiting:
        path.rename(files.make_folder(home / ASIDE) / path.name)
    return len(waiting)
