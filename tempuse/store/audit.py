"""Queries that hold one table against another: for ``tempuse check``."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from tempuse.publication import Published
from tempuse.store.common import PREFIXES
from tempuse.store.published import COLUMNS
from tempuse.store.tables import GEOMETRY_TABLES, areas, counters, events, imports, people, published, reports, spaces

_NOUNS = {"space": spaces, "area": areas, "report": reports, "person": people, "import": imports}


def integrity(con: Connection) -> list[str]:
    """What SQLite's own check finds wrong with the file; PostgreSQL checks itself."""
    if con.dialect.name != "sqlite":
        return []
    said = [str(row[0]) for row in con.exec_driver_sql("PRAGMA quick_check(20)")]
    for table in GEOMETRY_TABLES:
        said += [str(row[0]) for row in con.exec_driver_sql(f"SELECT rtreecheck('rtree_{table}_geometry')")]
    return [each for each in said if each != "ok"]


def tree_differences(con: Connection) -> list[tuple[str, int]]:
    """Per table, how many rows the R*Tree holds otherwise than their geometry: missing, left over, or moved."""
    if con.dialect.name != "sqlite":
        return []
    found = []
    for table, key in GEOMETRY_TABLES.items():
        tree = f"rtree_{table}_geometry"
        # The tree keeps single precision, rounded outwards; a hundred-thousandth of a degree is about 1 m.
        query = f"""
            SELECT (SELECT count(*) FROM "{table}" t LEFT JOIN {tree} r ON r.id = t.{key}
                    WHERE t.geometry NOT NULL AND (r.id IS NULL
                       OR r.minx > ST_MinX(t.geometry) + 1e-5 OR r.maxx < ST_MaxX(t.geometry) - 1e-5
                       OR r.miny > ST_MinY(t.geometry) + 1e-5 OR r.maxy < ST_MaxY(t.geometry) - 1e-5
                       OR r.maxx - r.minx > ST_MaxX(t.geometry) - ST_MinX(t.geometry) + 1e-4))
                 + (SELECT count(*) FROM {tree} WHERE id NOT IN
                    (SELECT {key} FROM "{table}" WHERE geometry NOT NULL))"""  # noqa: S608
        count = int(con.exec_driver_sql(query).scalar() or 0)
        if count:
            found.append((table, count))
    return found


def last_statuses(con: Connection, refs: Sequence[str]) -> dict[str, str]:
    """The status that each space's last event left it in."""
    last = (
        select(events.c.ref, func.max(events.c.id).label("id"))
        .where(events.c.ref.in_(refs), events.c.status.is_not(None))
        .group_by(events.c.ref)
        .subquery()
    )
    query = select(events.c.ref, events.c.status).join(last, events.c.id == last.c.id)
    return {row[0]: row[1] for row in con.execute(query)}


def published_differing(con: Connection, refs: Sequence[str], expected: Sequence[Published]) -> list[str]:
    """Which of these spaces the public sees otherwise than it should: missing, left over, or not the same."""
    query = select(published).where(published.c.collection == "spaces", published.c.ref.in_(refs))
    held = {row.ref: row._mapping for row in con.execute(query)}
    right = {row.ref: row for row in expected}
    wrong = [ref for ref in refs if (ref in held) != (ref in right)]
    for ref in held.keys() & right.keys():
        row, should = held[ref], right[ref]
        same_place = row["geometry"] == should.geometry if should.geometry is not None else row["geometry"] is None
        if not same_place or any(row[name] != getattr(should, name) for name in ("feature", *COLUMNS)):
            wrong.append(ref)
    return sorted(wrong)


def published_strangers(con: Connection) -> list[str]:
    """Refs that the public sees as spaces and that the register does not have."""
    known = select(spaces.c.ref)
    query = select(published.c.ref).where(published.c.collection == "spaces", published.c.ref.not_in(known))
    return list(con.scalars(query.limit(1000)))


def orphans(con: Connection) -> list[tuple[str, str]]:
    """References that lead nowhere: (what, ref)."""
    known = select(spaces.c.ref)
    found = [("within_ref", ref) for ref in con.scalars(
        select(spaces.c.ref).where(spaces.c.within_ref.is_not(None), spaces.c.within_ref.not_in(known)).limit(100)
    )]  # fmt: skip
    found += [("periods", str(row[0])) for row in con.execute(
        text("SELECT DISTINCT space_ref FROM periods WHERE space_ref NOT IN (SELECT ref FROM spaces) LIMIT 100")
    )]  # fmt: skip
    return found


def counters_behind(con: Connection) -> list[str]:
    """Nouns whose counter is lower than a number that is in use: the next ref would be given twice."""
    last = {row.noun: row.last for row in con.execute(select(counters.c.noun, counters.c.last))}
    behind = []
    for noun, table in _NOUNS.items():
        digits = func.substr(table.c.ref, len(PREFIXES[noun]) + 2)
        numbers = [int(each) for each in con.scalars(select(func.max(digits)).group_by(func.length(digits))) if each]
        if numbers and max(numbers) > last.get(noun, 0):
            behind.append(noun)
    return behind
