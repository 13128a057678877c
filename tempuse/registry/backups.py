"""One archive of everything, and back again: the register, the accounts, the attachments, the key.

The archive always holds the register as a GeoPackage file, also when it lives in PostgreSQL; so a register
can move from a file to PostgreSQL and back. The live file itself is never opened but by SQLite: snapshots
are made by SQLite's backup API (architecture, decision 2).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from tempuse import __version__
from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Invalid, NotFound, TempuseError, Unusable
from tempuse.registry import setup
from tempuse.store import copying, schema
from tempuse.store.engine import Register, open_register, writing

MANIFEST = "tempuse.json"
REGISTER = "register.gpkg"
ACCOUNTS = "accounts.sqlite"
# What of TEMPUSE_HOME goes along; staging, cache and backups can be made again.
KEPT = ("secret.key", "attachments", "mail")


def backup(register: Register, target: Path, now: datetime, *, checked: bool = True) -> int:
    """Write one archive; its size in bytes.

    Args:
        register: an open register; others may go on writing meanwhile.
        target: where the archive goes; must not be there yet.
        now: the instant.
        checked: refuse a register of another version (``upgrade`` backs up those).

    Raises:
        Conflict: there is something at the target.
        Unusable: the disk is full, or the folder cannot be written to; no half archive is left.
    """
    if target.exists():
        raise Conflict("backup.exists", path=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            folder = Path(scratch)
            with register.connect() if checked else register.connect_unchecked() as con:
                version = schema.version_of(con)
                copying.snapshot(con, folder / REGISTER)
            copying.snapshot_accounts(register, folder / ACCOUNTS)
            about = {"version": version, "made_at": now.isoformat(), "made_by": __version__}
            half = folder / "archive.zip"
            _pack(half, folder, register.home, about)
            # The archive holds personal data and the key: nobody else reads it.
            os.chmod(half, 0o600)
            half.rename(target)
    except OSError as error:
        raise _told(error, target) from error
    return target.stat().st_size


def _pack(archive: Path, folder: Path, home: Path, about: dict[str, Any]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as out:
        out.writestr(MANIFEST, orjson.dumps(about, option=orjson.OPT_INDENT_2))
        for name in (REGISTER, ACCOUNTS):
            if (folder / name).exists():
                out.write(folder / name, name)
        for name in KEPT:
            place = home / name
            for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
                if path.is_file():
                    out.write(path, f"home/{path.relative_to(home)}")


def restore(register: Register, archive: Path, now: datetime) -> datetime:
    """Bring an archive back to where there is no register yet; the instant it was made.

    Args:
        register: opened with ``create``: a path or URL without a register.
        archive: what ``backup`` wrote.
        now: the instant.

    Raises:
        NotFound: there is no such archive.
        Invalid: it is not one of ours.
        Conflict: there is a register already, or TEMPUSE_HOME is in use.
        Unusable: it was made by a newer program, or the disk is full; nothing is left then.
    """
    if not archive.is_file():
        raise NotFound("file.missing", name=archive.name)
    if (register.path and register.path.exists()) or (not register.is_file and _has_register(register)):
        raise Conflict("register.exists", path=register.address)
    if register.home.exists() and any(register.home.iterdir()):
        raise Conflict("backup.home_in_use", path=str(register.home))
    where = register.path.parent if register.path else Path(tempfile.gettempdir())
    try:
        with tempfile.TemporaryDirectory(dir=where) as scratch:
            folder = Path(scratch)
            about = _unpack(archive, folder)
            _bring_back(register, folder, now)
    except OSError as error:
        _forget(register)
        raise _told(error, register.home) from error
    except TempuseError:
        _forget(register)
        raise
    return datetime.fromisoformat(about["made_at"])


def _bring_back(register: Register, folder: Path, now: datetime) -> None:
    old = open_register(str(folder / REGISTER), folder / "home-of-old", create=True)
    with old.connect_unchecked() as con:
        setup.upgrade_register(con, SYSTEM, now)
    try:
        if register.path is not None:
            with old.connect() as con:
                copying.snapshot(con, register.path)
        else:
            with old.connect() as origin, register.connect_unchecked() as con, writing(con):
                schema.make_schema(con)
                copying.copy_all(origin, con)
    finally:
        old.close()
    home = folder / "home"
    register.home.mkdir(parents=True, exist_ok=True)
    if home.is_dir():
        shutil.copytree(home, register.home, dirs_exist_ok=True)
        key = register.home / "secret.key"
        if key.exists():
            os.chmod(key, 0o600)
    if (folder / ACCOUNTS).exists():
        copying.bring_back_accounts(register, folder / ACCOUNTS)


def _forget(register: Register) -> None:
    """Leave nothing behind of a restore that failed."""
    register.close()
    if register.path is not None:
        for end in ("", "-wal", "-shm"):
            register.path.with_name(register.path.name + end).unlink(missing_ok=True)
    shutil.rmtree(register.home, ignore_errors=True)


def _unpack(archive: Path, folder: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(archive) as content:
            about: dict[str, Any] = orjson.loads(content.read(MANIFEST))
            for member in content.infolist():
                target = (folder / member.filename).resolve()
                if target.is_relative_to(folder.resolve()):
                    content.extract(member, folder)
    except (zipfile.BadZipFile, KeyError, orjson.JSONDecodeError) as error:
        raise Invalid("backup.not_ours", path=str(archive)) from error
    if not (folder / REGISTER).exists():
        raise Invalid("backup.not_ours", path=str(archive))
    if about.get("version", "") > schema.newest():
        raise Unusable("backup.newer", path=str(archive), version=about.get("made_by", ""))
    return about


def _has_register(register: Register) -> bool:
    with register.connect_unchecked() as con:
        return schema.version_of(con) is not None


def _told(error: OSError, path: Path) -> Unusable:
    message = "register.disk_full" if error.errno == 28 else "doctor.not_writable"
    return Unusable(message, path=str(path.parent))
