"""Another process that brings in a list: ``python -m tests.import_child WHAT REGISTER LIST``; prints one word a line.

``slow`` takes half a second for each batch of the merge; ``killed`` kills itself in the middle of it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tempuse.access import SYSTEM
from tempuse.errors import TempuseError
from tempuse.registry.importing import merging
from tempuse.registry.importing.opening import ImportRequest, open_import
from tempuse.registry.importing.prepare import prepare_import
from tempuse.store.engine import open_register

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def main(what: str, address: str, path: str) -> str:
    """Bring it in; how it ended."""
    register = open_register(address)

    def progress(stage: str, done: int, total: int | None) -> None:
        if stage != "merge":
            return
        print(f"merging {done}", flush=True)  # noqa: T201
        if what == "slow":
            time.sleep(0.5)
        elif what == "killed" and done >= 2000:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        with register.connect() as con, tempfile.TemporaryDirectory() as scratch:
            opened = open_import(con, ImportRequest(Path(path), within="BE"), Path(scratch))
            con.rollback()
            staging = prepare_import(con, SYSTEM, opened, NOW, Path(scratch) / "staging")
            if what == "memory":
                merging.merge_import(con, SYSTEM, staging, NOW)
                return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            print("prepared", flush=True)  # noqa: T201
            if what == "slow":
                sys.stdin.readline()
            merged = merging.merge_import(con, SYSTEM, staging, NOW, progress=progress)
    except TempuseError as error:
        return error.message
    return merged.ref


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201
