"""What ``tempuse doctor`` looks at: the installation, the register, its home."""

from __future__ import annotations

import contextlib
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tempuse import __version__, papers
from tempuse.cli.common import Context, now, unusable
from tempuse.errors import TempuseError
from tempuse.registry import clock
from tempuse.registry.care import archives, backups
from tempuse.registry.care.findings import Finding
from tempuse.registry.strayed import Whereabouts, strayed
from tempuse.store import areas, letters, people
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import LetterStatus
from web import config, spoken, task_file, tasks
from web.site import assets

_ENOUGH_MB = 500
_LATE_SECONDS = 600
# So many strayed spaces are looked at, and so many named.
_MOST_STRAYED, _MOST_NAMED = 1000, 5


def examine(context: Context) -> list[Finding]:
    """Everything worth a sentence; the first says what is installed."""
    about = {"version": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    found = [Finding("doctor.version", {**about, "address": context.address}, False)]
    found += _installation()
    try:
        with contextlib.closing(context.open()) as register:
            found += _register(register)
            found += _home(register)
    except TempuseError as error:
        found.append(Finding(error.message, error.values))
    except OSError as error:
        refused = unusable(error)
        found.append(Finding(refused.message, refused.values))
    return found


def _register(register: Register) -> Iterator[Finding]:
    register.use_home()
    with register.connect() as con:
        if (wrong := clock.examine(con, now())) is not None:
            yield Finding(*wrong)
        if not get_settings(con).municipality:
            yield Finding("doctor.no_municipality", grave=False)
        if not areas.find(con):
            yield Finding("doctor.no_areas", grave=False)
        if not people.find_office(con):
            yield Finding("doctor.nobody", grave=False)
        yield from _places(con)
        yield from _letters(con)


def _places(con: Connection) -> Iterator[Finding]:
    """Spaces that a list or an address has put outside the town."""
    town = Whereabouts(areas.find(con))
    refs = [space.ref for space in strayed(con, _MOST_STRAYED) if not town.is_elsewhere(space)]
    if refs:
        values = {"count": len(refs), "refs": ", ".join(refs[:_MOST_NAMED])}
        yield Finding("doctor.outside_town", values, False)


def _installation() -> Iterator[Finding]:
    if not assets.are_built():
        yield Finding("doctor.front_end")
    translated = (each for each in spoken.NAMES if each != "en")
    if not all((spoken.FOLDER / each / "LC_MESSAGES" / "messages.mo").exists() for each in translated):
        yield Finding("doctor.translations", grave=False)


def _home(register: Register) -> Iterator[Finding]:
    home = register.home
    yield from _readable_by_others(register)
    if (home / config.KEY).exists():
        try:
            config.secret_key(home)
        except TempuseError as error:
            yield Finding(error.message, error.values)
    folder = register.path.parent if register.path else home.parent
    for each in (folder, next(each for each in (home, *home.parents) if each.exists())):
        if not each.is_dir() or not _is_writable(each):
            yield Finding("doctor.not_writable", {"path": str(each)})
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _ENOUGH_MB:
        yield Finding("doctor.disk_low", {"free": free, "path": str(folder)})
    letters = list((home / "mail").glob("*.eml")) if (home / "mail").is_dir() else []
    if letters:
        yield Finding("doctor.mail_waiting", {"count": len(letters), "path": str(home / "mail")}, False)
    if aside := backups.letters_aside(home):
        yield Finding("doctor.mail_aside", {"count": len(aside), "path": str(aside[0].parent)}, False)
    yield from _tasks(home)
    yield from (Finding(fault.message, fault.values) for fault in papers.faults(home / papers.FOLDER, now()))


def _readable_by_others(register: Register) -> Iterator[Finding]:
    """Files and folders that whoever has an account on this machine can read, or the group where it should not."""
    if sys.platform == "win32":
        return
    home, group = register.home, stat.S_IRWXG
    for path, message, bits in (
        (home / config.KEY, "doctor.key_open", group | stat.S_IRWXO),
        (home / archives.ACCOUNTS, "doctor.accounts_open", group | stat.S_IRWXO),
        (home, "doctor.home_open", group | stat.S_IRWXO),
        (register.path, "doctor.register_open", stat.S_IRWXO),
    ):
        if path is not None and path.exists() and path.stat().st_mode & bits:
            yield Finding(message, {"path": str(path)}, message != "doctor.register_open")


def _tasks(home: Path) -> Iterator[Finding]:
    """The queue of tasks: damaged now, or once, and made anew."""
    path = home / tasks.FILE
    if path.exists() and (damage := archives.damage_of(path)):
        yield Finding("doctor.tasks_damaged", {"path": str(path), "detail": damage})
    for old in sorted(home.glob(f"{task_file.ASIDE}*.sqlite")):
        yield Finding("doctor.tasks_aside", {"path": str(old)}, False)


def _letters(con: Connection) -> Iterator[Finding]:
    """Letters that the mail server would not take, those that are held, and those that nobody sends in time."""
    tally, late = letters.tally(con), now() - timedelta(seconds=_LATE_SECONDS)
    if failed := tally.get(LetterStatus.FAILED):
        yield Finding("doctor.mail_failed", {"count": failed})
    if held := tally.get(LetterStatus.HELD):
        yield Finding("doctor.mail_held", {"count": held}, False)
    waiting = letters.waiting(con)
    if waiting.problem and waiting.tried_at and waiting.tried_at > late:
        yield Finding("doctor.mail_away", {"count": waiting.count, "problem": waiting.problem})
    elif waiting.due_at and waiting.due_at < late:
        yield Finding("doctor.mail_stuck", {"count": waiting.many})


def _is_writable(folder: Path) -> bool:
    probe = folder / ".tempuse-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
