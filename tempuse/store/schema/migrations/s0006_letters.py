"""0006, its letters: those about a permit are found by an index."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. What a letter is about stands packed beside it."""
    add_column(con, "letters", "permit_ref", Text())
    told = "json_extract(refs, '$.permit')" if con.dialect.name == "sqlite" else "CAST(refs AS json) ->> 'permit'"
    fill(con, "letters", "id", f"permit_ref = {told}", progress)
    con.exec_driver_sql("CREATE INDEX letters_permit ON letters (permit_ref)")
