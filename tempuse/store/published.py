"""The one table that every public door reads, and nothing else (architecture, decision 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.engine import Connection

from tempuse.geojson import Features
from tempuse.geometry import SEQUENCE_BITS, Floats, morton_keys
from tempuse.mapindex import ROW
from tempuse.publication import COLLECTIONS, QUERYABLES, Published
from tempuse.refs import number_of
from tempuse.store import raw
from tempuse.store.common import load
from tempuse.store.gpkg import load_rtree
from tempuse.store.records import walk as walk_rows
from tempuse.store.tables import ENDED, published, spaces, unpublished
from tempuse.store.types import gpkg_blobs, instant_text, wkb_of
from tempuse.vocabulary import OwnerLimit, SpaceStatus

_LOW = (1 << SEQUENCE_BITS) - 1
_EMPTY = tuple((each.name, each.empty) for each in QUERYABLES.values())
COLUMNS = ("lon", "lat", "next_change_at", *QUERYABLES)


def keys_for(lon: Floats, lat: Floats, refs: Iterable[str]) -> np.ndarray[Any, Any]:
    """Row keys: the Morton key of the place the public may know, with the number of the ref below it.

    A row without a place has NaN and the key of the world's north-west corner. Never the number of the office's row:
    that follows the order of the list it came in, and the order of what is public would tell of it.
    """
    known = np.isfinite(lon)
    base = np.zeros(len(lon), np.int64)
    base[known] = morton_keys(lon[known], lat[known])
    return base | (np.array([number_of(ref) for ref in refs], np.int64) & _LOW)


def _found_by(row: Published) -> tuple[Any, ...]:
    """The values of all queryables, in their order; empty where the row's collection has none of the name."""
    held = row.facts
    return tuple([held.get(name, empty) for name, empty in _EMPTY])


def _values(row: Published) -> dict[str, Any]:
    """The columns that tell what the public sees."""
    found = (row.lon, row.lat, row.next_change_at, *_found_by(row))
    return {"feature": row.feature, **dict(zip(COLUMNS, found, strict=True))}


def put(con: Connection, rows: Sequence[Published], seq: int) -> int:
    """Write what the public sees of these things; how many rows changed."""
    _keep_first_days(con, rows)
    held = held_of(con, rows[0].collection, [row.ref for row in rows]) if rows else {}
    changed = []
    for row in rows:
        before = held.get(row.ref)
        if before is None or is_other(row, before):
            values = {"collection": row.collection, "ref": row.ref, "geometry": row.geometry, **_values(row)}
            changed.append((values, before["key"] if before is not None else None))
    if not changed:
        return 0
    con.execute(delete(published).where(published.c.key.in_([old for _, old in changed if old is not None])))
    lon, lat = (np.array([values[name] for values, _ in changed], float) for name in ("lon", "lat"))
    keys = keys_for(lon, lat, [values["ref"] for values, _ in changed])
    taken = set(con.scalars(select(published.c.key).where(published.c.key.in_(keys.tolist()))))
    for (values, _), key in zip(changed, keys.tolist(), strict=True):
        while key in taken or (len(taken) and con.scalar(select(published.c.key).where(published.c.key == key))):
            key = key + 1 if key & _LOW < _LOW else key - _LOW
        taken.add(key)
        values.update(key=key, seq=seq)
    con.execute(insert(published), [values for values, _ in changed])
    return len(changed)


def _keep_first_days(con: Connection, rows: Sequence[Published]) -> None:
    """Let the records of spaces keep since when everybody sees them; those of a list have it when they are added."""
    by_day: dict[date, list[str]] = {}
    for row in rows:
        if row.seen_on is not None:
            by_day.setdefault(row.seen_on, []).append(row.ref)
    for day, these in by_day.items():
        for start in range(0, len(these), 500):
            some = spaces.c.ref.in_(these[start : start + 500])
            con.execute(update(spaces).where(some).values(shown_since=day))


def load_new(con: Connection, rows: Sequence[Published], seq: int) -> int:
    """Write the public rows of things that were never published; how many.

    The fast way for many: plain values by ``common.load``, keys for all at once.
    """
    if not rows:
        return 0
    lon, lat = (np.array([getattr(row, name) for row in rows], float) for name in ("lon", "lat"))
    keys = _free_keys(con, keys_for(lon, lat, [row.ref for row in rows]).tolist())
    shapes = [row.geometry for row in rows]
    blobs = gpkg_blobs(shapes)
    made = (
        (key, seq, blob, row.collection, row.ref, row.feature, row.lon, row.lat, _instant(row), *_found_by(row))
        for key, blob, row in zip(keys, blobs, rows, strict=True)
    )
    load(con, published, ("key", "seq", "geometry", "collection", "ref", "feature", *COLUMNS), made)
    load_rtree(con, "published", keys, shapes)
    return len(rows)


def _instant(row: Published) -> str | None:
    return None if row.next_change_at is None else instant_text(row.next_change_at)


def _free_keys(con: Connection, keys: list[int]) -> list[int]:
    """These keys, each moved up to the next free one where it is taken."""
    taken: set[int] = set()
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        taken.update(con.scalars(select(published.c.key).where(published.c.key.in_(some))))
    for i, key in enumerate(keys):
        while key in taken or (key != keys[i] and con.scalar(select(published.c.key).where(published.c.key == key))):
            key += 1
        taken.add(key)
        keys[i] = key
    return keys


def held_of(con: Connection, collection: str, refs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the public sees of these things of a collection, by ref; a value that cannot be read is None."""
    batch = raw.some(con, published, published.c.collection == collection, published.c.ref.in_(refs))
    unreadable = batch.bad_rows()
    return {row["ref"]: {**row, "is_whole": i not in unreadable} for i, row in enumerate(batch.rows())}


def is_other(row: Published, held: Mapping[str, Any]) -> bool:
    """Whether the public sees something else than it should: a value, the shape, or what cannot be read."""
    if not held["is_whole"] or any(held[name] != value for name, value in _values(row).items()):
        return True
    return bool(held["geometry"] != row.geometry)


def remove(con: Connection, collection: str, refs: Sequence[str], seq: int) -> int:
    """Take things out of the public's sight; how many were in it."""
    removed = 0
    for start in range(0, len(refs), 500):
        where = (published.c.collection == collection, published.c.ref.in_(refs[start : start + 500]))
        seen = list(con.scalars(select(published.c.ref).where(*where)))
        if seen:
            con.execute(delete(published).where(*where))
            tell_gone(con, collection, seen, seq)
            removed += len(seen)
    return removed


def tell_gone(con: Connection, collection: str, refs: Sequence[str], seq: int) -> None:
    """Let every reader forget these things, whether it has seen them or not."""
    if refs:
        con.execute(insert(unpublished), [{"seq": seq, "collection": collection, "ref": ref} for ref in refs])


def feature(con: Connection, collection: str, ref: str) -> str | None:
    """The GeoJSON text of one feature, None when the public sees no such thing."""
    query = select(published.c.feature).where(published.c.collection == collection, published.c.ref == ref)
    return con.scalar(query)


def features(con: Connection, keys: Sequence[int]) -> dict[int, str]:
    """The GeoJSON texts of these rows, by key."""
    found: dict[int, str] = {}
    for start in range(0, len(keys), 500):
        query = select(published.c.key, published.c.feature).where(published.c.key.in_(keys[start : start + 500]))
        found.update((row[0], row[1]) for row in con.execute(query))
    return found


def _is(collection: str) -> ColumnElement[bool]:
    """The condition on the collection where something else leads to the rows: their order, their last change.

    Nearly every row is a space. SQLite does not know, takes the index on the collection, and reads a million
    rows to find one, or sorts them anew for each batch; an expression is no index.
    """
    if collection == "spaces":
        return func.coalesce(published.c.collection, "") == collection
    return published.c.collection == collection


def walk(con: Connection, collection: str, batch: int = 2000) -> Iterator[Features]:
    """Every feature of a collection as text with its place, neighbours together, in batches."""
    is_wkb, place = con.dialect.name == "postgresql", raw.raw_column(con, published.c.geometry)
    query = select(published.c.key, published.c.feature, place).where(_is(collection))
    for rows in walk_rows(con, query, published.c.key, batch):
        _, texts, places = zip(*rows, strict=True)
        yield Features(texts, places if is_wkb else [blob and wkb_of(blob) for blob in places])


def areas(con: Connection) -> list[str]:
    """Every public area as GeoJSON text, in the order of refs."""
    query = select(published.c.feature).where(published.c.collection == "areas").order_by(published.c.ref)
    return list(con.scalars(query))


def areas_state(con: Connection) -> tuple[int, int]:
    """How many areas there are and the number of their last change: the same while no area changes."""
    query = select(func.count(), func.max(published.c.seq)).where(published.c.collection == "areas")
    number, last = con.execute(query).one()
    return int(number), int(last or 0)


def count(con: Connection, collection: str) -> int:
    """How many things of a collection the public sees."""
    query = select(func.count()).select_from(published).where(published.c.collection == collection)
    return int(con.scalar(query) or 0)


def count_ended(con: Connection) -> int:
    """How many spaces that the public can read of have ended; by an index that holds no others."""
    query = select(func.count()).select_from(published)
    return int(con.scalar(query.where(published.c.collection == "spaces", ENDED)) or 0)


def due(con: Connection, now: datetime, limit: int = 1000) -> dict[str, list[str]]:
    """By collection, the refs of things whose public row the calendar has changed; so many of each at most.

    The limit is each collection's own: one of which much is due keeps no other waiting.
    """
    found = {}
    for name in COLLECTIONS:
        # An expression is no index: the calendar's leads to the few rows that are due, whatever they are.
        mine = func.coalesce(published.c.collection, "") == name
        refs = con.scalars(select(published.c.ref).where(mine, published.c.next_change_at <= now).limit(limit)).all()
        if refs:
            found[name] = list(refs)
    return found


def unseen(con: Connection, statuses: Sequence[str], consent: str, last_day: date, limit: int = 1000) -> list[str]:
    """Refs of spaces in these statuses whose owner's word is at least so old, and that the public does not see."""
    shown = exists().where(published.c.collection == "spaces", published.c.ref == spaces.c.ref)
    query = select(spaces.c.ref).where(
        spaces.c.consent == consent,
        spaces.c.consent_on <= last_day,
        spaces.c.status.in_(statuses),
        spaces.c.owner_limit.is_distinct_from(OwnerLimit.OFF.value),
        ~shown,
    )
    return list(con.scalars(query.limit(limit)))


def refs(con: Connection, collection: str) -> list[str]:
    """The refs of everything that the public sees of a collection."""
    return list(con.scalars(select(published.c.ref).where(published.c.collection == collection)))


def index_rows(con: Connection, after: int = -1, batch: int = 50_000) -> Iterator[list[Any]]:
    """What the map index holds of each space in use, by key; only those changed ``after`` a change number.

    The changed ones come as they were changed: to ask for their order would make SQLite walk all keys.
    """
    query = select(*(published.c[name] for name in ROW)).where(_is("spaces"), published.c.status != SpaceStatus.RETIRED)
    query = query.where(published.c.seq > after) if after >= 0 else query.order_by(published.c.key)
    result = con.execute(query.execution_options(stream_results=True))
    while rows := result.fetchmany(batch):
        yield list(rows)


def index_rows_of(con: Connection, refs: Sequence[str]) -> list[Any]:
    """The same of these spaces, as far as the public sees them in use."""
    query = select(*(published.c[name] for name in ROW)).where(published.c.status != SpaceStatus.RETIRED)
    return list(con.execute(query.where(published.c.collection == "spaces", published.c.ref.in_(refs))))


def gone(con: Connection, after: int) -> list[str]:
    """Refs of spaces that left the public's sight, or were retired, after a change number."""
    left = select(unpublished.c.ref).where(unpublished.c.seq > after, unpublished.c.collection == "spaces")
    is_retired = published.c.status == SpaceStatus.RETIRED
    retired = select(published.c.ref).where(_is("spaces"), published.c.seq > after, is_retired)
    return list(con.scalars(left)) + list(con.scalars(retired))
