"""Another process that upgrades a register and is killed: ``python -m tests.upgrade_child ADDRESS HOME STATEMENTS``.

It is killed before it sends that statement to the database; with 0 it ends by itself, and prints how many it sent.
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


def main(address: str, home: str, statements: str) -> int:
    """Upgrade; gives how many statements that took."""
    register = open_register(address, Path(home))
    sent = 0

    @event.listens_for(register.engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == int(statements):
            os.kill(os.getpid(), signal.SIGKILL)

    with register.connect_unchecked() as con:
        setup.upgrade_register(con, SYSTEM, datetime(2026, 11, 23, 12, tzinfo=UTC))
    return sent


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201
