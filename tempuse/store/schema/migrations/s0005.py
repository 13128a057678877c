"""0005, in parts: each says what it is for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations import (
    s0005_mandates,
    s0005_matches,
    s0005_needs,
    s0005_owner_words,
    s0005_owners,
    s0005_pictures,
    s0005_requests,
    s0005_search,
    s0005_spaces,
    s0005_watches,
)
from tempuse.store.schema.migrations.work import Progress


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it."""
    s0005_mandates.make(con, now, progress)
    s0005_spaces.make(con, now, progress)
    s0005_search.make(con, now, progress)
    s0005_requests.make(con, now, progress)
    s0005_needs.make(con, now, progress)
    s0005_watches.make(con, now, progress)
    s0005_owners.make(con, now, progress)
    s0005_owner_words.make(con, now, progress)
    s0005_matches.make(con, now, progress)
    s0005_pictures.make(con, now, progress)
