"""The staging file of one import: what was read and checked, outside the register, until somebody confirms it.

A file of its own beside the register's home, so that reading a million rows holds no lock, and so that a
planner may look at the report, have lunch, and confirm. It holds plain JSON, never anything that could run; what it
means is this program's to know, so what another version has staged is begun again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tempuse import __version__, files
from tempuse.errors import Issue, NotFound

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE batches (seq INTEGER PRIMARY KEY, action TEXT, rows BLOB);
CREATE TABLE refs (source_ref TEXT PRIMARY KEY, line INTEGER, digest INTEGER) WITHOUT ROWID;
CREATE TABLE issues (id INTEGER PRIMARY KEY, row INTEGER, field TEXT, value TEXT, message TEXT, done TEXT,
  "values" TEXT, grave INTEGER);
CREATE INDEX issues_message ON issues (grave, message, done, field);
CREATE TABLE marks (id INTEGER PRIMARY KEY, line INTEGER, ref TEXT, lon REAL, lat REAL, name TEXT, address TEXT);
CREATE TABLE keys (seq INTEGER PRIMARY KEY, keys BLOB, ids BLOB, lon BLOB, lat BLOB, is_new BLOB);
CREATE TABLE vanished (ref TEXT PRIMARY KEY, source_ref TEXT, name TEXT) WITHOUT ROWID;
"""

_KEY_TYPES = (np.int64, np.int64, np.float64, np.float64, np.bool_)
# Who wrote a staging file or a sample, in which form: another one is not read.
WRITTEN_BY = f"{__version__} json-1"
# Of one kind of issue this many are kept one by one; the rest is counted.
KEPT_EACH = 1000


class Staging:
    """One staging file."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open a staging file, or make it.

        Raises:
            NotFound: it is not there (any more), or another version of the program wrote it.
        """
        if not create and not path.exists():
            raise NotFound("import.gone")
        if create:
            files.make_folder(path.parent)
            path.unlink(missing_ok=True)
        self.path = path
        self._con = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._counted: dict[tuple[str, str, str], int] = {}
        if create:
            # Nothing here outlives a crash, and need not.
            self._con.execute("PRAGMA journal_mode = OFF")
            self._con.execute("PRAGMA synchronous = OFF")
            self._con.executescript(_TABLES)
            self.put("written_by", WRITTEN_BY)
        elif not self._is_ours():
            self._con.close()
            raise NotFound("import.other_version")
        self._con.execute("PRAGMA cache_size = -32768")

    def _is_ours(self) -> bool:
        try:
            return bool(self.get("written_by") == WRITTEN_BY)
        except (sqlite3.DatabaseError, orjson.JSONDecodeError):
            return False

    def close(self) -> None:
        """Close the staging file; it stays."""
        self._con.close()

    def discard(self) -> None:
        """Close the staging file and remove it."""
        self.close()
        self.path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Write what comes in one go, which is many times faster than one by one."""
        self._con.execute("BEGIN")
        yield
        self._con.execute("COMMIT")

    def put(self, name: str, value: Any) -> None:
        """Keep something about the import."""
        self._con.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, orjson.dumps(value).decode()))

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Something about the import."""
        row = self._con.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return otherwise if row is None else orjson.loads(row[0])

    def add_batch(self, action: str, rows: Sequence[Any]) -> None:
        """Keep rows for one action of the merge (new, changed, retired), as plain values (``registry/incoming.py``)."""
        if rows:
            self._con.execute("INSERT INTO batches (action, rows) VALUES (?, ?)", (action, _json(rows)))

    def batches(self, action: str) -> Iterator[list[Any]]:
        """The rows of one action, batch by batch."""
        seqs = [row[0] for row in self._con.execute("SELECT seq FROM batches WHERE action = ? ORDER BY seq", (action,))]
        for seq in seqs:
            (blob,) = self._con.execute("SELECT rows FROM batches WHERE seq = ?", (seq,)).fetchone()
            yield orjson.loads(blob)

    def claim_refs(self, rows: Sequence[tuple[str, int, int]]) -> dict[int, tuple[int, int]]:
        """Claim source references (reference, line, digest of the row) for their rows.

        Gives the rows, by position, whose reference an earlier row has: the line and digest of that row.
        """
        before = self._con.total_changes
        self._con.executemany("INSERT OR IGNORE INTO refs VALUES (?, ?, ?)", rows)
        if self._con.total_changes - before == len(rows):
            return {}
        taken: dict[int, tuple[int, int]] = {}
        for position, (source_ref, line, _) in enumerate(rows):
            query = "SELECT line, digest FROM refs WHERE source_ref = ?"
            first = self._con.execute(query, (source_ref,)).fetchone()
            if first[0] != line:
                taken[position] = (int(first[0]), int(first[1]))
        return taken

    def has_ref(self, source_ref: str) -> bool:
        """Whether a row of the file has this reference."""
        return self._con.execute("SELECT 1 FROM refs WHERE source_ref = ?", (source_ref,)).fetchone() is not None

    def add_issues(self, issues: Iterable[Issue]) -> None:
        """Keep issues; of many alike only the first thousand one by one."""
        rows = []
        for issue in issues:
            kind = (issue.field, issue.message, issue.done)
            self._counted[kind] = self._counted.get(kind, 0) + 1
            if self._counted[kind] <= KEPT_EACH:
                values = orjson.dumps(issue.values, default=str).decode()
                rows.append((issue.row, issue.field, issue.value, issue.message, issue.done, values, int(issue.grave)))
        self._con.executemany(
            'INSERT INTO issues (row, field, value, message, done, "values", grave) VALUES (?, ?, ?, ?, ?, ?, ?)', rows
        )

    def more_issues(self) -> list[tuple[str, str, str, int]]:
        """Of which kinds (field, message, done) more came than were kept, and how many more."""
        return [(*kind, count - KEPT_EACH) for kind, count in self._counted.items() if count > KEPT_EACH]

    def issue_count(self) -> int:
        """How many issues came, kept or counted."""
        return sum(self._counted.values())

    def issues(self, limit: int = -1, offset: int = 0) -> list[Issue]:
        """The issues that were kept: what a person should look at first, then by row."""
        query = 'SELECT row, field, value, message, done, "values", grave FROM issues'
        rows = self._con.execute(f"{query} ORDER BY grave DESC, row, id LIMIT ? OFFSET ?", (limit, offset))
        return [_issue(row) for row in rows]

    def kinds(self) -> list[tuple[str, str, str, int, bool]]:
        """The kinds of issues, what a person should look at first.

        Each with its field, message and done, how many were kept, and whether all of them are about one value.
        """
        query = (
            "SELECT field, message, done, count(*), min(value) = max(value) FROM issues"
            " GROUP BY grave, field, message, done ORDER BY grave DESC, min(coalesce(row, 0)), min(id)"
        )
        return [(*row[:4], bool(row[4])) for row in self._con.execute(query)]

    def issues_of(self, kind: tuple[str, str, str], limit: int = -1, offset: int = 0) -> list[Issue]:
        """The issues of one kind (field, message, done), by row."""
        query = (
            'SELECT row, field, value, message, done, "values", grave FROM issues'
            " WHERE field = ? AND message = ? AND done = ? ORDER BY row, id LIMIT ? OFFSET ?"
        )
        return [_issue(row) for row in self._con.execute(query, (*kind, limit, offset))]

    def add_marks(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep where things are, and what they are called: (id, line, ref, lon, lat, name, address)."""
        self._con.executemany("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def marks(self, ids: Sequence[int]) -> dict[int, tuple[int | None, str | None, str | None, str | None]]:
        """What some marks of likely doubles are: (line, ref, name, address) by their id."""
        found: dict[int, tuple[int | None, str | None, str | None, str | None]] = {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            query = f"SELECT id, line, ref, name, address FROM marks WHERE id IN ({','.join('?' * len(some))})"  # noqa: S608
            found.update((row[0], row[1:]) for row in self._con.execute(query, some))
        return found

    def add_keys(self, *columns: NDArray[Any]) -> None:
        """Keep keys of marks: the keys, their marks' ids, lon, lat, and whether the mark is a new row."""
        blobs = [column.astype(kind).tobytes() for column, kind in zip(columns, _KEY_TYPES, strict=True)]
        self._con.execute("INSERT INTO keys (keys, ids, lon, lat, is_new) VALUES (?, ?, ?, ?, ?)", blobs)

    def keys(self, part: int, parts: int) -> list[NDArray[Any]]:
        """One of so many parts of the keys, which no key straddles; columns as ``add_keys`` took them."""
        columns: list[list[NDArray[Any]]] = [[] for _ in _KEY_TYPES]
        for blobs in self._con.execute("SELECT keys, ids, lon, lat, is_new FROM keys ORDER BY seq"):
            arrays: list[NDArray[Any]] = [
                np.frombuffer(blob, kind) for blob, kind in zip(blobs, _KEY_TYPES, strict=True)
            ]
            wanted = arrays[0] % parts == part
            for column, array in zip(columns, arrays, strict=True):
                column.append(array[wanted])
        return [
            np.concatenate(column) if column else np.empty(0, kind)
            for column, kind in zip(columns, _KEY_TYPES, strict=True)
        ]

    def points(self, limit: int = 5000) -> list[tuple[int, float, float, bool]]:
        """Where the new rows lie: line, lon, lat, and whether a person should look."""
        return [
            (row[0], row[1], row[2], bool(row[3]))
            for row in self._con.execute(
                "SELECT line, lon, lat, EXISTS (SELECT 1 FROM issues WHERE issues.row = marks.line AND grave)"
                " FROM marks WHERE ref IS NULL LIMIT ?",
                (limit,),
            )
        ]

    def add_vanished(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Keep what the sender's list has no more: (ref, source_ref, name)."""
        self._con.executemany("INSERT INTO vanished VALUES (?, ?, ?)", rows)

    def vanished(self, limit: int = -1) -> list[tuple[str, str, str]]:
        """What the sender's list has no more."""
        rows = self._con.execute(
            "SELECT ref, source_ref, name FROM vanished ORDER BY source_ref, ref LIMIT ?", (limit,)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def _json(rows: Sequence[Any]) -> bytes:
    return orjson.dumps(rows, option=orjson.OPT_SERIALIZE_NUMPY)


def _issue(row: tuple[Any, ...]) -> Issue:
    line, field, value, message, done, values, grave = row
    return Issue(line, field, value, message, done, orjson.loads(values), bool(grave))
