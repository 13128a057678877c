"""Queries that hold one table against another: for ``tempuse check``. None of them trusts a value."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Select, Table, func, select
from sqlalchemy.engine import Connection

from tempuse.publication import COLLECTIONS
from tempuse.refs import PREFIXES
from tempuse.store.permit_tables import permits
from tempuse.store.tables import (
    NOUNS,
    counters,
    events,
    imports,
    letters,
    memberships,
    organisations,
    people,
    periods,
    published,
    register_state,
    reports,
    spaces,
    unpublished,
)
from tempuse.vocabulary import LetterStatus

# Nouns of which every row has an event, and every event a row; a layer tells of its areas, a permit of its checks.
_WITH_EVENTS = tuple(noun for noun in NOUNS if noun not in ("area", "check"))
# Tables from which no row is ever taken.
_KEEPING = (*NOUNS.values(), memberships, events, unpublished)
_FEW = 1000


@contextlib.contextmanager
def apart(con: Connection) -> Iterator[None]:
    """A part of a check that may fail: on PostgreSQL the transaction goes on behind it."""
    with con.begin_nested() if con.dialect.name == "postgresql" else contextlib.nullcontext():
        yield


def integrity(con: Connection) -> list[str]:
    """What SQLite's own check finds wrong with the file; PostgreSQL checks itself."""
    if con.dialect.name != "sqlite":
        return []
    return [said for row in con.exec_driver_sql("PRAGMA quick_check(20)") if (said := str(row[0])) != "ok"]


# ---- the spatial index ----------------------------------------------------------------------------------

_TOLERANCE = 1e-5  # the tree keeps single precision, rounded outwards: about 1 m


@dataclass(slots=True)
class Tree:
    """The R*Tree of one table, and how many of the table's rows it holds otherwise than their geometry."""

    ids: np.ndarray[Any, np.dtype[np.int64]]
    boxes: np.ndarray[Any, np.dtype[np.float64]]  # west, south, east, north
    differing: int = 0
    met: int = field(default=0)

    def compare(self, keys: Sequence[int], shapes: Sequence[Any]) -> None:
        """Hold some rows of a table against its R*Tree; each row is asked once."""
        column = np.empty(len(shapes), object)
        column[:] = shapes
        placed = np.array([shape is not None for shape in shapes], bool)
        wanted, bounds = np.asarray(keys, np.int64)[placed], shapely.bounds(column[placed]).reshape(-1, 4)
        at = np.searchsorted(self.ids, wanted)
        known = at < len(self.ids)
        known[known] = self.ids[at[known]] == wanted[known]
        boxes, own = self.boxes[at[known]], bounds[known]
        holds = (boxes[:, :2] <= own[:, :2] + _TOLERANCE).all(1) & (boxes[:, 2:] >= own[:, 2:] - _TOLERANCE).all(1)
        tight = boxes[:, 2] - boxes[:, 0] <= own[:, 2] - own[:, 0] + 10 * _TOLERANCE
        self.differing += int((~known).sum() + (~(holds & tight)).sum())
        self.met += int(known.sum())

    @property
    def differences(self) -> int:
        """Missing, moved, and left over."""
        return self.differing + max(len(self.ids) - self.met, 0)


def tree_of(con: Connection, table: str) -> Tree:
    """The R*Tree of a table of the file, read whole.

    Raises:
        DBAPIError: it cannot be read.
    """
    rows = con.exec_driver_sql(f"SELECT id, minx, miny, maxx, maxy FROM rtree_{table}_geometry").all()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    boxes = np.array([row[1:] for row in rows], float).reshape(-1, 4)
    order = np.argsort(ids)
    return Tree(ids[order], boxes[order])


def tree_faults(con: Connection, table: str) -> list[str]:
    """What SQLite's own check of an R*Tree finds."""
    said = [str(row[0]) for row in con.exec_driver_sql(f"SELECT rtreecheck('rtree_{table}_geometry')")]
    return [line for each in said for line in each.splitlines() if line != "ok"]


# ---- references that lead nowhere -----------------------------------------------------------------------


def _refs(table: Table) -> Select[Any]:
    """Every ref of a noun; one that is NULL would make every ``not in`` unknown."""
    return select(table.c.ref).where(table.c.ref.is_not(None))


def orphans(con: Connection) -> list[tuple[str, str]]:
    """References that lead nowhere: (what, ref)."""
    known = _refs(spaces)
    found: list[tuple[str, str]] = []
    for name, query in (
        ("within_ref", select(spaces.c.ref).where(spaces.c.within_ref.is_not(None), spaces.c.within_ref.not_in(known))),
        ("periods", select(periods.c.space_ref).where(periods.c.space_ref.not_in(known)).distinct()),
        ("person", select(memberships.c.person_ref).where(memberships.c.person_ref.not_in(_refs(people))).distinct()),
        (
            "organisation",
            select(memberships.c.over_ref)
            .where(memberships.c.over_noun == "organisation", memberships.c.over_ref.not_in(_refs(organisations)))
            .distinct(),
        ),
        (
            "guarantor_ref",
            select(organisations.c.ref).where(
                organisations.c.guarantor_ref.is_not(None), organisations.c.guarantor_ref.not_in(_refs(organisations))
            ),
        ),
        (
            "use_ref",
            select(reports.c.ref).where(reports.c.use_ref.is_not(None), reports.c.use_ref.not_in(_refs(permits))),
        ),
        ("space_ref", select(reports.c.ref).where(reports.c.space_ref.is_not(None), reports.c.space_ref.not_in(known))),
    ):
        found += [(name, str(ref)) for ref in con.scalars(query.limit(_FEW))]
    return found


def letters_to_nobody(con: Connection) -> list[tuple[str, str]]:
    """Letters that wait for a reader who is not there: (template, ref). Those to nobody from the beginning are not."""
    found: list[tuple[str, str]] = []
    for noun in ("person", "report", "organisation", "owner_letter"):
        waits = letters.c.status.in_((LetterStatus.WAITING.value, LetterStatus.HELD.value))
        lost = (letters.c.to_noun == noun, letters.c.to_ref != "", letters.c.to_ref.not_in(_refs(NOUNS[noun])))
        query = select(letters.c.template, letters.c.to_ref).where(waits, *lost)
        found += [(str(row[0]), str(row[1])) for row in con.execute(query.limit(_FEW))]
    return found


def without_row(con: Connection) -> list[tuple[str, str]]:
    """Things that have a history and are not there any more, though nothing is ever taken out: (noun, ref)."""
    found: list[tuple[str, str]] = []
    for noun in _WITH_EVENTS:
        gone = select(events.c.ref).where(events.c.noun == noun, events.c.ref.not_in(_refs(NOUNS[noun])))
        found += [(noun, str(ref)) for ref in con.scalars(gone.distinct().limit(_FEW))]
    lost = select(events.c.import_ref).where(
        events.c.import_ref.is_not(None), events.c.import_ref.not_in(select(imports.c.ref))
    )
    found += [("import", str(ref)) for ref in con.scalars(lost.distinct().limit(_FEW))]
    return sorted(set(found))


def without_event(con: Connection) -> list[tuple[str, str]]:
    """Things without any history: (noun, ref); spaces are looked at one by one (``histories``)."""
    found: list[tuple[str, str]] = []
    for noun in _WITH_EVENTS:
        if noun == "space":
            continue
        table = NOUNS[noun]
        told = select(events.c.ref).where(events.c.noun == noun)
        found += [(noun, str(ref)) for ref in con.scalars(select(table.c.ref).where(table.c.ref.not_in(told)))]
    return found


def histories(con: Connection, noun: str, refs: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """By ref, how many events each thing has, and the status that the last of them left it in."""
    query = (
        select(events.c.ref, func.count().label("count"), func.max(events.c.id).label("id"))
        .where(events.c.ref.in_(refs), events.c.noun == noun)
        .group_by(events.c.ref)
        .subquery()
    )
    last = select(query.c.ref, query.c.count, events.c.status).join(query, events.c.id == query.c.id)
    return {row[0]: (int(row[1]), row[2]) for row in con.execute(last)}


def doubles(con: Connection) -> list[tuple[str, str, int]]:
    """What the register has more than once of one list: (source, source_ref, how often)."""
    query = (
        select(spaces.c.source, spaces.c.source_ref, func.count())
        .where(spaces.c.source.is_not(None), spaces.c.source_ref.is_not(None))
        .group_by(spaces.c.source, spaces.c.source_ref)
        .having(func.count() > 1)
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in con.execute(query.limit(_FEW))]


def same_refs(con: Connection) -> list[tuple[str, str]]:
    """Refs that two things of a noun bear: (noun, ref)."""
    found = []
    for noun, table in NOUNS.items():
        query = select(table.c.ref).group_by(table.c.ref).having(func.count() > 1).limit(_FEW)
        found += [(noun, str(ref)) for ref in con.scalars(query)]
    return found


# ---- counters -------------------------------------------------------------------------------------------


def counters_behind(con: Connection) -> dict[str, int]:
    """Nouns whose counter is lower than a number in use, with that number: the next ref would be given twice."""
    last: dict[str, int] = {}
    for row in con.execute(select(counters.c.noun, counters.c.last)):
        last[row.noun] = max(last.get(row.noun, 0), row.last if isinstance(row.last, int) else -1)
    behind = {}
    for noun, table in NOUNS.items():
        highest = _highest(con, table, PREFIXES[noun])
        if noun not in last or highest > last[noun]:
            behind[noun] = highest
    return behind


def _highest(con: Connection, table: Table, prefix: str) -> int:
    """The highest number in use; numbers of one length sort as texts do."""
    digits = func.substr(table.c.ref, len(prefix) + 2)
    given = con.scalars(select(func.max(digits)).group_by(func.length(digits)))
    numbers = [int(each) for each in given if isinstance(each, str) and re.fullmatch(r"[0-9]{1,15}", each)]
    return max(numbers, default=0)


def states(con: Connection) -> list[Any]:
    """The numbers of the last change that the register says: one, if all is well."""
    return list(con.scalars(select(register_state.c.seq).order_by(register_state.c.id)))


def highest_seq(con: Connection) -> int:
    """The highest number of a change that a public row bears."""
    found = [con.scalar(select(func.max(table.c.seq))) for table in (published, unpublished)]
    return max((each for each in found if isinstance(each, int)), default=0)


def rows_gone(con: Connection) -> list[str]:
    """Tables of the file whose last rows are not there any more, though no row is ever taken from them."""
    if con.dialect.name != "sqlite":
        return []
    given = {row[0]: row[1] for row in con.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}
    found = []
    for table in _KEEPING:
        last = con.scalar(select(func.max(table.c.id))) or 0
        if isinstance(held := given.get(table.name, 0), int) and held > last:
            found.append(table.name)
    return found


# ---- what the public sees -------------------------------------------------------------------------------


def strangers(con: Connection) -> list[tuple[str, str]]:
    """What the public sees and the register does not have: (collection, ref)."""
    found = []
    for name, collection in COLLECTIONS.items():
        known = _refs(NOUNS[collection.noun])
        query = select(published.c.ref).where(published.c.collection == name, published.c.ref.not_in(known))
        found += [(name, str(ref)) for ref in con.scalars(query)]
    others = select(published.c.collection, published.c.ref).where(published.c.collection.not_in(list(COLLECTIONS)))
    return found + [(str(row[0]), str(row[1])) for row in con.execute(others)]


def unseen_refs(con: Connection, collection: str) -> list[str]:
    """The things of a collection that the public does not see."""
    table = NOUNS[COLLECTIONS[collection].noun]
    shown = select(published.c.ref).where(published.c.collection == collection)
    return [str(ref) for ref in con.scalars(_refs(table).where(table.c.ref.not_in(shown)))]


def set_state(con: Connection, seq: int) -> None:
    """Make the register say one number of the last change. Within a transaction."""
    first = con.scalar(select(func.min(register_state.c.id)))
    if first is None:
        con.execute(register_state.insert(), [{"seq": seq}])
        return
    con.execute(register_state.delete().where(register_state.c.id != first))
    con.execute(register_state.update().values(seq=seq))


def set_counter(con: Connection, noun: str, last: int) -> None:
    """Let the numbering of a noun go on behind this number. Within a transaction."""
    con.execute(counters.delete().where(counters.c.noun == noun))
    con.execute(counters.insert(), [{"noun": noun, "last": last}])
