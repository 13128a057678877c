"""0005, how the public finds: by words, and what lies within a building."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. Both follow from what is published, which is decided anew after the last step."""
    add_column(con, "published", "words", Text())
    add_column(con, "published", "within_ref", Text())
