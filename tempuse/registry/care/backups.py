"""One archive of everything, and back again: the register, the accounts, the attachments, the key.

The archive always holds the register as a GeoPackage file, also when it lives in PostgreSQL; so a register
can move from a file to PostgreSQL and back. The live file itself is never opened but by SQLite: snapshots
are made by SQLite's backup API (architecture, decision 2).
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tempuse import __version__, files
from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Damaged, Invalid, NotFound, TempuseError, Unusable
from tempuse.registry import setup
from tempuse.registry.care import archives
from tempuse.registry.care.archives import ACCOUNTS, REGISTER, Manifest
from tempuse.store import copying, restoring, schema
from tempuse.store.common import renew_statistics
from tempuse.store.engine import Register, open_register, writing
from tempuse.store.engine.faults import translating_errors
from tempuse.store.engine.identity import check_alone
from tempuse.store.schema import blueprint

_SCRATCH = "tempuse-restore"


def backup(register: Register, target: Path, now: datetime, *, checked: bool = True) -> int:
    """Write one archive; its size in bytes.

    Args:
        register: an open register; others may go on writing meanwhile.
        target: where the archive goes; must not be there yet.
        now: the instant.
        checked: refuse a register of another version (``upgrade`` backs up those).

    Raises:
        Conflict: there is something at the target.
        Damaged: the register is damaged. What could be read is kept beside the target, under a name that says so: it
            may be all there is, but it must not pass for a good backup, nor push one out.
        Unusable: the disk is full, or a folder cannot be read or written; no half archive is left.
    """
    if target.exists():
        raise Conflict("backup.exists", path=str(target))
    with _saying(target.parent, register.home):
        files.make_folder(target.parent)
        with files.scratch(target.parent, "tempuse-backup") as folder:
            register.use_home()
            with register.connect() if checked else register.connect_unchecked() as con:
                version = copying.snapshot(con, folder / REGISTER)
            with translating_errors(str(register.home / ACCOUNTS)):
                copying.snapshot_accounts(register, folder / ACCOUNTS)
            damage = archives.damage_of(folder / REGISTER)
            half = folder / "archive.zip"
            archives.pack(half, folder, register.home, Manifest(str(version), now, __version__))
            # The archive holds personal data and the key: nobody else reads it.
            os.chmod(half, 0o600)
            files.sync(half)
            if damage:
                kept = target.with_name(f"{target.stem}.damaged{target.suffix}")
                half.replace(kept)
                raise Damaged("backup.of_damaged", path=register.address, kept=str(kept), detail=damage)
            half.rename(target)
            files.sync_folder(target.parent)
    return target.stat().st_size


def restore(register: Register, archive: Path, now: datetime) -> datetime:
    """Bring an archive back to where there is no register yet; the instant it was made.

    Everything is unpacked and looked at first. Then the home and the accounts are put in place, and the register last,
    in one step: until then there is no register, and what a killed restore has left is known and cleared by the next.

    Args:
        register: opened with ``create``: a path or URL without a register.
        archive: what ``backup`` wrote.
        now: the instant.

    Raises:
        NotFound: there is no such archive.
        Invalid: it is not one of ours, or damaged.
        Conflict: there is a register already, or what another has left, or TEMPUSE_HOME is in use.
        Unusable: it was made by a newer program, or the disk is full; nothing is left then.
    """
    if not archive.is_file():
        raise NotFound("file.missing", name=archive.name)
    where = register.path.parent if register.path else register.home
    with _saying(where, register.home):
        _check_free(register)
        with (
            _home(register.home),
            files.scratch(where, _SCRATCH) as folder,
            files.scratch(register.home, _SCRATCH) as home,
        ):
            about = archives.unpack(archive, folder, home)
            archives.put_letters_aside(home)
            _make_ready(folder, home, now)
            if register.path is not None:
                _put_file(register, register.path, folder, home)
            else:
                _put_into_database(register, folder, home, archive)
    return about.made_at


def half_of(path: Path) -> Path:
    """Where the register waits, proven, until the rest is in place; its last step is a rename from there."""
    return path.with_name(f".{path.name}.restoring")


def letters_aside(home: Path) -> list[Path]:
    """The letters that waited to be sent when a backup was made, and were not sent again after it was brought back."""
    return sorted((home / archives.ASIDE).glob("*"))


def _check_free(register: Register) -> None:
    """Look whether a register may be put there; what a killed restore has left is cleared.

    Raises:
        Conflict: it may not.
    """
    if register.path is not None:
        if register.path.exists() and register.path.stat().st_size:
            raise Conflict("register.exists", path=register.address)
        check_alone(register.path)
        if half_of(register.path).exists():
            _take_away(register.home)
            half_of(register.path).unlink()
    else:
        if _has_register(register):
            raise Conflict("register.exists", path=register.address)
        if restoring.is_half_done(register):
            _take_away(register.home)
            restoring.forget(register)
    if register.home.is_dir():
        files.clear(register.home, f".{_SCRATCH}-")
    if register.home.exists() and any(register.home.iterdir()):
        raise Conflict("backup.home_in_use", path=str(register.home))


def _make_ready(folder: Path, home: Path, now: datetime) -> None:
    """Bring what was unpacked to this program's version, in its folders: the register and the accounts."""
    ours = open_register(str(folder / REGISTER), home, create=True)
    try:
        with ours.connect_unchecked() as con:
            setup.upgrade_register(con, SYSTEM, now)
            with writing(con):  # of an earlier version of another engine come rows and indexes, and no triggers
                blueprint.mend(con)
            setup.become_another_register(con, home)
        if (folder / ACCOUNTS).exists():
            copying.bring_back_accounts(ours, folder / ACCOUNTS)
    finally:
        ours.close()


def _put_file(register: Register, path: Path, folder: Path, home: Path) -> None:
    register.close()  # it may have looked, and so made an empty file
    half = half_of(path)
    files.sync(folder / REGISTER)
    (folder / REGISTER).rename(half)
    try:
        _put_home(home, register.home)
        for unpacked in (folder, home):  # nobody would clear them after the last step
            shutil.rmtree(unpacked, ignore_errors=True)
        os.replace(half, path)
        files.sync_folder(path.parent)
    except BaseException:
        if half.exists():  # otherwise all of it is in place
            _take_away(register.home)
            half.unlink()
        raise


def _put_into_database(register: Register, folder: Path, home: Path, archive: Path) -> None:
    restoring.begin(register)
    try:
        (home / ACCOUNTS).unlink(missing_ok=True)  # they go into the database
        _put_home(home, register.home)
        if (folder / ACCOUNTS).exists():
            copying.bring_back_accounts(register, folder / ACCOUNTS)
        _copy(register, folder, archive)
    except BaseException:
        # Where the database does not answer any more, the next restore finds the half and clears it.
        with contextlib.suppress(TempuseError):
            if not _has_register(register):
                _take_away(register.home)
                restoring.forget(register)
        raise


def _copy(register: Register, folder: Path, archive: Path) -> None:
    """Every row into the database, in one transaction.

    Raises:
        Invalid: a row cannot be read.
    """
    ours = open_register(str(folder / REGISTER), folder, create=True)
    try:
        with ours.connect() as origin, register.connect_unchecked() as con, writing(con):
            schema.make_schema(con)
            copying.copy_all(origin, con)
            renew_statistics(con)
            restoring.end(con, register)
    except (TempuseError, OSError):
        raise
    except Exception as error:
        detail = str(error).split("\n")[0]
        raise Invalid("backup.damaged", path=str(archive), part=REGISTER, detail=detail) from error
    finally:
        ours.close()


def _put_home(home: Path, target: Path) -> None:
    for each in sorted(home.iterdir()):
        each.rename(target / each.name)
    files.sync_folder(target)


def _take_away(home: Path) -> None:
    """Remove from a home what a restore puts there, and nothing else."""
    for name in (*archives.KEPT, ACCOUNTS):
        path = home / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _home(home: Path) -> Iterator[None]:
    """A home to put things into; gone again, if it was made for that and stayed empty."""
    was_there = home.exists()
    files.make_folder(home)
    try:
        yield
    finally:
        if not was_there:
            with contextlib.suppress(OSError):
                home.rmdir()


def _has_register(register: Register) -> bool:
    with register.connect_unchecked() as con:
        return schema.version_of(con) is not None


@contextlib.contextmanager
def _saying(folder: Path, home: Path) -> Iterator[None]:
    """Turn what the system says into an error with a sentence, about the place that it speaks of."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unusable("register.disk_full", path=str(folder)) from error
        place = str(error.filename or folder)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and not Path(place).is_relative_to(home):
            raise Unusable("doctor.not_writable", path=str(folder)) from error
        raise Unusable("file.refused", path=place, detail=error.strerror or str(error)) from error
