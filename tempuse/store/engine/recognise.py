"""Whether a file is a register, found out without disturbing it.

Only SQLite, and only this process's one SQLite library, ever opens a register (architecture, decision 2).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import Connection

from tempuse.store.engine.identity import SIDE_FILES

_SQLITE_NOT_A_DATABASE = 26


def file_of(con: Connection) -> Path | None:
    """The file of the register at the other end of a connection, None on PostgreSQL."""
    return Path(str(con.engine.url.database)) if con.dialect.name == "sqlite" else None


def is_file_of(register: Path | None, path: Path) -> bool:
    """Whether a path is the open register, by whatever name, or one of the files that SQLite keeps beside it.

    Args:
        register: the register's file, None where it is not one.
        path: what somebody named; nobody else may open it.
    """
    if register is None:
        return False
    path, own = path.resolve(), [register, *(register.with_name(register.name + end) for end in SIDE_FILES)]
    return any(
        path == each.resolve() or (path.exists() and each.exists() and os.path.samefile(path, each)) for each in own
    )


def is_register(path: Path) -> bool:
    """Whether this file is a register of tempuse; a database that cannot be looked into counts as one."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        con = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=2)
        try:
            found = con.execute("SELECT 1 FROM sqlite_master WHERE name = 'register_state'").fetchone()
        finally:
            con.close()
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) != _SQLITE_NOT_A_DATABASE
    return found is not None
