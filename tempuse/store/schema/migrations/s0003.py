"""0003, in parts: each says what it is for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations import s0003_forms, s0003_jobs, s0003_letters, s0003_memberships, s0003_publication
from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    s0003_memberships.make(con, now, progress)
    s0003_forms.make(con, now, progress)
    s0003_publication.make(con, now, progress)
    s0003_letters.make(con, now, progress)
    s0003_jobs.make(con, now, progress)
