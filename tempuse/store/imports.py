"""Queries for imports: their records, and what the register already has of a source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from tempuse.imports import Import
from tempuse.store.purging import PURGE
from tempuse.store.records import Records, walk
from tempuse.store.tables import events, imports, spaces
from tempuse.vocabulary import SpaceStatus

BATCH = 5000
# What a list of uses has as its profile, and one of needs.
USES, NEEDS = "uses", "needs"


rows = Records(imports, Import, "import")
get, add = rows.get, rows.add


def find(con: Connection, limit: int = 50) -> list[Any]:
    """The last imports, the latest first, without their issues."""
    columns = [imports.c[name] for name in ("ref", "at", "actor", "source", "file_name", "profile", "counts")]
    return list(con.execute(select(*columns).order_by(imports.c.id.desc()).limit(limit)))


def lists_of(con: Connection, profile: str, before: datetime) -> list[str]:
    """The refs of the lists of a profile that came in up to an instant and were not purged, the oldest first."""
    c = imports.c
    purged = select(events.c.id).where(events.c.noun == "import", events.c.ref == c.ref, events.c.what == PURGE)
    query = select(c.ref).where(c.profile == profile, c.at <= before, ~purged.exists())
    return list(con.scalars(query.order_by(c.id)))


def put_issues(con: Connection, ref: str, issues: str) -> None:
    """Keep other issues of an import."""
    con.execute(update(imports).where(imports.c.ref == ref).values(issues=issues))


def is_of(con: Connection, ref: str, at: datetime) -> bool:
    """Whether the import of this ref was made at this instant."""
    query = select(imports.c.id).where(imports.c.ref == ref, imports.c.at == at)
    return con.execute(query).first() is not None


def last_crosswalk(con: Connection, source: str) -> str | None:
    """The crosswalk that the last import of a source used, so that next year's list needs no second guess."""
    query = select(imports.c.crosswalk).where(imports.c.source == source).order_by(imports.c.id.desc())
    return con.scalar(query.limit(1))


def count_of(con: Connection, source: str) -> int:
    """How many spaces the register has from a source."""
    return int(con.scalar(select(func.count()).select_from(spaces).where(spaces.c.source == source)) or 0)


def names_of(con: Connection, source: str) -> Iterator[list[Any]]:
    """The spaces of a source that are not retired, as (ref, source_ref, name), batch by batch."""
    query = select(
        spaces.c.id, spaces.c.ref, spaces.c.source_ref, func.coalesce(spaces.c.name, spaces.c.address, "")
    ).where(spaces.c.source == source, spaces.c.status != SpaceStatus.RETIRED)
    for batch in walk(con, query, spaces.c.id, BATCH):
        yield [(row[1], row[2] or "", row[3]) for row in batch]


def revisions(con: Connection, refs: list[str]) -> dict[str, int]:
    """The revision of each of these spaces."""
    found: dict[str, int] = {}
    for start in range(0, len(refs), BATCH):
        query = select(spaces.c.ref, spaces.c.revision).where(spaces.c.ref.in_(refs[start : start + BATCH]))
        found.update((row[0], row[1]) for row in con.execute(query))
    return found
