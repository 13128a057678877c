"""A new register's file, that is there whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tempuse.errors import Conflict
from tempuse.registry.care.backups import half_of
from tempuse.store.engine import Register
from tempuse.store.engine.identity import SIDE_FILES


@contextlib.contextmanager
def new(register: Register) -> Iterator[None]:
    """A stretch in which a register is made; when that fails, the file that was made for it is gone again.

    Raises:
        Conflict: a restore that was interrupted there waits to be done again.
    """
    path = register.path
    if path is None:
        yield
        return
    if half_of(path).exists():
        raise Conflict("restore.half", path=str(path))
    parts = [path.with_name(path.name + end) for end in ("", *SIDE_FILES)]
    # What lay there before is somebody else's, also where it is only what SQLite keeps beside a file.
    made = [] if path.exists() else [part for part in parts if not part.exists()]
    try:
        yield
    except Conflict:  # somebody else made one there meanwhile, and that is theirs
        register.close()
        raise
    except BaseException:
        register.close()
        for part in made:
            part.unlink(missing_ok=True)
        raise
