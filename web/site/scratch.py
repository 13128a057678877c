"""Room for what is on its way: under TEMPUSE_HOME, for this user only, and nothing in it lasts.

Each process has a folder of its own; what a killed one left goes at the next start.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from tempuse import files
from web import database

_mine: dict[Path, Path] = {}
_lock = threading.Lock()


def folder() -> Path:
    """This process's folder."""
    home = database.register().home / "passing"
    with _lock:
        mine = _mine.get(home)
        if mine is None or not mine.is_dir():
            mine = _mine[home] = files.scratch_for_life(files.make_folder(home), "passing")
        return mine


def new_folder() -> Path:
    """A new folder in the process's own; whoever asks removes it."""
    return Path(tempfile.mkdtemp(dir=folder()))
