"""0006, its owners' words: by which way one came, who said it, and the paper of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    for name in ("consent_how", "consent_by", "consent_document"):
        add_column(con, "spaces", name, Text())
    where = "consent_document IS NOT NULL"
    con.execute(text(f"CREATE INDEX spaces_word_papers ON spaces (consent_document) WHERE {where}"))
