"""Another process at the same register: ``python -m tests.store_child WHAT ADDRESS [ARGUMENT]``; prints one word."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, datetime

from tempuse.access import SYSTEM
from tempuse.errors import TempuseError
from tempuse.registry.spaces import move_space
from tempuse.store.engine import open_register


def main(what: str, address: str, *rest: str) -> str:
    """Do one thing and say how it ended."""
    if what == "lock":
        con = sqlite3.connect(address, timeout=0, isolation_level=None)
        try:
            con.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return "refused"
        con.execute("ROLLBACK")
        return "got it"
    register = open_register(address)
    try:
        with register.connect() as con:
            sys.stdin.readline()  # all at once, when the test says so
            move_space(con, SYSTEM, rest[0], what, datetime.now(UTC))
    except TempuseError as error:
        return error.message
    return "done"


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201
