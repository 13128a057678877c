"""Another process that upgrades a register and is killed: ``python -m tests.upgrade_child ADDRESS HOME``.

For each number that it reads it splits off a process of its own, which is killed before it sends that statement to the
database (with 0 it ends by itself), and prints how that one ended. It has read all modules already, and so a death
costs no second.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.engine import open_register


def upgrade(address: str, home: str, statements: int) -> None:
    """Upgrade, or die on the way."""
    register = open_register(address, Path(home))
    sent = 0

    @event.listens_for(register.engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    with register.connect_unchecked() as con:
        setup.upgrade_register(con, SYSTEM, datetime(2026, 11, 23, 12, tzinfo=UTC))


def main(address: str, home: str) -> None:
    """Until nobody asks for more."""
    for line in sys.stdin:
        number = os.fork()
        if not number:
            upgrade(address, home, int(line))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
