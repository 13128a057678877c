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

from tempuse import __version__
from tempuse.cli.common import Context, now
from tempuse.errors import TempuseError
from tempuse.registry import clock
from tempuse.registry.checking import Finding
from tempuse.store import areas, people
from tempuse.store.common import get_settings
from tempuse.store.engine import Register
from web import assets, mail, words

_ENOUGH_MB = 500
_LATE_SECONDS = 600


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
        if not people.find(con):
            yield Finding("doctor.nobody", grave=False)


def _installation() -> Iterator[Finding]:
    if not assets.are_built():
        yield Finding("doctor.front_end")
    if not all((words.FOLDER / each / "LC_MESSAGES" / "messages.mo").exists() for each in words.NAMES if each != "en"):
        yield Finding("doctor.translations", grave=False)


def _home(register: Register) -> Iterator[Finding]:
    home = register.home
    for name, message in (("secret.key", "doctor.key_open"), ("accounts.sqlite", "doctor.accounts_open")):
        path = home / name
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and sys.platform != "win32":
            yield Finding(message, {"path": str(path)})
    folder = register.path.parent if register.path else home.parent
    if not _is_writable(folder):
        yield Finding("doctor.not_writable", {"path": str(folder)})
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < _ENOUGH_MB:
        yield Finding("doctor.disk_low", {"free": free, "path": str(folder)})
    letters = list((home / "mail").glob("*.eml")) if (home / "mail").is_dir() else []
    if letters:
        yield Finding("doctor.mail_waiting", {"count": len(letters), "path": str(home / "mail")}, False)
    yield from _letters(home / "mail")


def _letters(folder: Path) -> Iterator[Finding]:
    """Letters that the mail server would not take, and letters whose time has come that nobody sends."""
    failed = list((folder / "failed").glob("*.json"))
    if failed:
        yield Finding("doctor.mail_failed", {"count": len(failed), "path": str(folder / "failed")})
    waiting = [match for path in (folder / "outbox").glob("*.json") if (match := mail.LETTER.fullmatch(path.name))]
    if not waiting:
        return
    at, problem = mail.last_round(folder)
    late = now() - timedelta(seconds=_LATE_SECONDS)
    if at is not None and at > late:
        if problem:
            yield Finding("doctor.mail_away", {"count": len(waiting), "problem": problem})
        return
    if any(int(match[1]) < late.timestamp() for match in waiting):
        yield Finding("doctor.mail_stuck", {"count": len(waiting)})


def _is_writable(folder: Path) -> bool:
    probe = folder / ".tempuse-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
