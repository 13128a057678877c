"""The folder of a demo: its register, found again or made anew, and the sign-in that was made for it."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tempuse import files
from tempuse.demo.make import made_on, make_demo, make_large
from tempuse.errors import Conflict
from tempuse.store import schema
from tempuse.store.engine import Register, is_url, open_register

REGISTER = "demo.gpkg"
# Says that the folder is a demo's, and whether the demo was finished; holds the password, so nobody else reads it.
MARK = "demo.json"


@dataclass(frozen=True, slots=True)
class OpenedDemo:
    """An open demo register; ``is_new`` when it was made just now, ``made`` the day."""

    register: Register
    password: str
    made: date
    is_new: bool


def open_demo(
    where: str, home: Path | None, total: int, now: datetime, *, fresh: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> OpenedDemo:  # fmt: skip
    """The demo register in a folder, or in a PostgreSQL database; made when there is none.

    Args:
        where: a folder, or a database URL.
        home: where the secret key and the accounts are kept; by default beside the register.
        total: how many spaces a large one has; 0 for Rivermouth.
        now: the instant.
        fresh: make it anew even if there is one; only in a folder.
        progress: is called with the number of spaces of a large one written so far.

    Raises:
        Conflict: something else is there, or the demo register of another version.
    """
    folder = None if is_url(where) else Path(where).absolute()
    if folder is not None:
        _clear(folder, fresh)
    register = open_register(where if folder is None else str(folder / REGISTER), home, create=True)
    mark = (folder or register.home) / MARK
    made = _made(register)
    if made is None:
        password = secrets.token_urlsafe(9)
        _write(mark, {"finished": False})
        with register.connect() as con:
            if total:
                make_large(con, total, now, progress)
            else:
                make_demo(con, now, register.home)
        _write(mark, {"finished": True, "password": password, "spaces": total})
    elif _read(mark).get("spaces", total) != total:
        raise Conflict("demo.other", path=register.address)
    return OpenedDemo(register, str(_read(mark).get("password", "")), made or now.date(), made is None)


def _clear(folder: Path, fresh: bool) -> None:
    """Make the folder; take away a demo that is to be made anew, or whose making was interrupted. Nothing else."""
    if folder.exists() and not folder.is_dir():
        raise Conflict("demo.no_folder", path=str(folder))
    files.make_folder(folder)
    path, mark = folder / REGISTER, folder / MARK
    if path.exists() and not mark.exists():
        raise Conflict("demo.not_ours", path=str(path))
    if mark.exists() and (fresh or not _read(mark).get("finished")):
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        shutil.rmtree(path.with_name(f"{path.name}.home"), ignore_errors=True)
        mark.unlink()


def _made(register: Register) -> date | None:
    """When the demo register here was made; None where there is nothing yet."""
    if register.path is not None and not register.path.exists():
        return None
    with register.connect_unchecked() as con:
        version = schema.version_of(con)
        con.rollback()
        if version is None:
            return None
        schema.check(con, register.address)
        con.rollback()
        made = made_on(con)
    if made is None:
        raise Conflict("demo.other", path=register.address)
    return made


def _read(mark: Path) -> dict[str, Any]:
    """What stands in the mark; of one that a full disk has cut, nothing: then the demo was never finished."""
    try:
        held = json.loads(mark.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _write(mark: Path, content: dict[str, Any]) -> None:
    files.make_folder(mark.parent)
    files.write_whole(mark, json.dumps(content).encode())
