"""Whether a file is a register, found out without disturbing it.

Only SQLite, and only this process's one SQLite library, ever opens a register (architecture, decision 2).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from tempuse.store.engine import Register

_COMPANIONS = ("-wal", "-shm", "-journal")
_SQLITE_NOT_A_DATABASE = 26


def is_file_of(register: Register, path: Path) -> bool:
    """Whether this path is the open register, by whatever name, or one of the files that SQLite keeps beside it."""
    if register.path is None:
        return False
    own = [register.path, *(register.path.with_name(register.path.name + end) for end in _COMPANIONS)]
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
