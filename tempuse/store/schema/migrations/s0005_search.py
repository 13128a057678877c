"""0005, how people find: by words, and what lies within a building."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Both columns follow from what is published, which is decided anew after the last step."""
    add_column(con, "published", "words", Text())
    add_column(con, "published", "within_ref", Text())
    con.execute(text("CREATE INDEX permits_named ON permits (title, holder_name, ref)"))
    if con.dialect.name == "sqlite":
        con.execute(text("CREATE INDEX spaces_named ON spaces (name, address, source_ref, ref)"))
