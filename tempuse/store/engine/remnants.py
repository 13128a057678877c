"""Nothing stays in a file of what was deleted or changed in it: a purge must hold for the file's own bytes."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from sqlalchemy.engine import Connection


def overwrite_what_goes(con: Connection) -> None:
    """Let this connection overwrite with zeros what it deletes or changes in a file; PostgreSQL keeps its own rows."""
    if con.dialect.name == "sqlite":
        driver: Any = con.connection.driver_connection
        driver.execute("PRAGMA secure_delete = ON")


def leave_no_remnants(con: Connection, *, anew: bool) -> None:
    """Empty the log of a file, and write it anew without what was deleted or changed in it; others read on meanwhile.

    Where somebody writes or reads for too long, it is left for the next time.

    Args:
        con: an idle connection.
        anew: write the file anew, too.
    """
    if con.dialect.name == "sqlite":
        driver: Any = con.connection.driver_connection
        try:
            if anew:
                driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            logging.getLogger(__name__).warning("the file was not written anew: %s", error)
        con.rollback()
