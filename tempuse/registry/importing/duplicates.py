"""Likely duplicates: near each other, and of similar name or address. They are reported, never joined.

Two things that are alike have the same figures in their names ("Unit 1" and "Unit 2" are two things), and lie in
one cell of a grid or of the same grid shifted by half a cell. So rows are sorted by a key made of both, and only
neighbours of one key are looked at: a million rows take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from tempuse import geometry
from tempuse.errors import Issue
from tempuse.folding import fold
from tempuse.geometry import Box, Floats
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging

NEAR_M = 50.0
ALIKE = 90.0  # of 100, RapidFuzz's token_set_ratio
_CELL_DEGREES = 0.001  # about 111 m
_MOST_IN_CELL = 60
_FEW = 20_000
_AT_ONCE = 2_000_000  # keys that are sorted in memory together
_FIGURES = re.compile(r"\d+")

Keys = NDArray[np.int64]
Named = tuple[str | None, str | None]
Mark = tuple[int | None, str | None, str | None, str | None]  # line, ref, name, address


# So many, and so large a part of the new rows, are a list that is here already under another name.
_A_LIST, _MOST = 5, 0.8


class Likely:
    """Collects where things are and what they are called, then tells which pairs are likely one thing."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._marks = 0
        self._keys = 0
        self._new = 0
        self._like: dict[int, tuple[Mark, str]] = {}

    def add_rows(self, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """New rows of the file: (line, fields)."""
        self._new += len(rows)
        placed = [
            (line, None, fields["geometry"], fields.get("name"), fields.get("address"))
            for line, fields in rows
            if "geometry" in fields
        ]
        self._add(placed)

    def _add(self, placed: Sequence[tuple[int | None, str | None, Any, str | None, str | None]]) -> None:
        if not placed:
            return
        lon, lat = geometry.anchors(np.array([row[2] for row in placed], object))
        first = self._marks
        self._marks += len(placed)
        self._staging.add_marks(
            (first + i, row[0], row[1], x, y, row[3], row[4])
            for i, (row, x, y) in enumerate(zip(placed, lon.tolist(), lat.tolist(), strict=True))
        )
        ids, figures = [], []
        for i, row in enumerate(placed):
            for each in {_number_of(figures_of(text)) for text in row[3:5] if text}:
                ids.append(i)
                figures.append(each)
        if ids:
            at = np.array(ids)
            keys = np.concatenate([cell ^ np.array(figures, np.int64) for cell in _cells(lon[at], lat[at])])
            self._keys += len(keys)
            is_new = np.array([row[1] is None for row in placed])[at]
            times = len(keys) // len(at)
            columns = (at + first, lon[at], lat[at], is_new)
            self._staging.add_keys(keys, *(np.tile(column, times) for column in columns))

    def report(self, con: Connection, progress: Callable[[str, int, int | None], None] | None) -> int:
        """Report the new rows that are likely the same as another row or as a space; how many rows."""
        if not self._new:
            return 0
        self._add_neighbours(con)
        parts = self._keys // _AT_ONCE + 1
        for part in range(parts):
            for pairs in _near_pairs(*self._staging.keys(part, parts)):
                self._compare(pairs)
            if progress:
                progress("duplicates", part + 1, parts)
        here = sum(first[1] is not None for first, _ in self._like.values())
        if here >= _A_LIST and here >= _MOST * self._new:
            values = {"count": here, "of": self._new}
            whole = Issue(None, "", "", "duplicate.whole_list", "duplicate.list_not_joined", values, True)
            self._staging.add_issues([whole])
        self._staging.add_issues(self._issue(line, *self._like[line]) for line in sorted(self._like))
        return len(self._like)

    def _add_neighbours(self, con: Connection) -> None:
        """Put the register's own spaces among the marks: those around the new ones, or all where there are many."""
        if not spaces.any_placed(con):
            return
        if self._new <= _FEW:
            held: dict[str, tuple[Any, ...]] = {}
            for point in self._staging.points(_FEW):
                box = Box(point[1] - 0.001, point[2] - 0.0006, point[1] + 0.001, point[2] + 0.0006)
                held.update((row[0], row) for row in spaces.names_in(con, box))
            batches: Iterable[Sequence[tuple[Any, ...]]] = [list(held.values())]
        else:
            batches = spaces.walk_names(con)
        for batch in batches:
            self._add([(None, ref, shape, name, address) for ref, name, address, shape in batch])

    def _compare(self, pairs: NDArray[np.int64]) -> None:
        """Keep for each new row the space, or else the first row of the file, that it resembles."""
        marks = self._staging.marks(np.unique(pairs).tolist())
        for one, other in pairs.tolist():
            mark, earlier = marks[max(one, other)], marks[min(one, other)]
            # A new row of the file is always told about.
            first, second = (earlier, mark) if mark[0] is not None else (mark, earlier)
            line = second[0]
            if line is None:
                continue
            held = self._like.get(line)
            if (held is None or _rank(first) < _rank(held[0])) and are_alike(first[2:4], second[2:4]):
                self._like[line] = (first, second[2] or second[3] or "")

    @staticmethod
    def _issue(line: int, first: Mark, said: str) -> Issue:
        values = {"other": first[1] or "", "line": first[0] or 0, "name": first[2] or first[3] or ""}
        message = "duplicate.space" if first[1] else "duplicate.row"
        return Issue(line, "name", said, message, "duplicate.not_joined", values, True)


def _rank(mark: Mark) -> tuple[bool, int, str]:
    """Spaces of the register before rows of the file, earlier ones before later ones."""
    return mark[1] is None, len(mark[1] or ""), mark[1] or f"{mark[0]:012}"


def _cells(lon: Floats, lat: Floats) -> list[Keys]:
    """A number for the cell of each place in a grid, and in the grid shifted by half a cell east, north, and both.

    Cells are twice as wide as two things may lie apart: so a pair shares a cell of one of the four grids.
    """
    east = lon / _CELL_DEGREES * np.cos(np.radians(np.round(lat)))
    north = lat / _CELL_DEGREES
    found = []
    for number, (right, up) in enumerate(((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))):
        x, y = np.floor(east + right).astype(np.int64), np.floor(north + up).astype(np.int64)
        # Spread over all bits, so that combining it with the figures keeps unlike things apart.
        mixed = ((x << 24) + y + (number << 60)).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        found.append((mixed ^ (mixed >> np.uint64(29))).view(np.int64))
    return found


def _near_pairs(
    keys: Keys, ids: Keys, lon: Floats, lat: Floats, is_new: NDArray[np.bool_]
) -> Iterator[NDArray[np.int64]]:
    """Pairs of marks that share a key and lie near each other, one of them new."""
    order = np.argsort(keys, kind="stable")
    keys, ids, lon, lat, is_new = keys[order], ids[order], lon[order], lat[order], is_new[order]
    first_of = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[first_of, len(keys)])
    few = np.repeat(sizes <= _MOST_IN_CELL, sizes)
    for step in range(1, min(int(sizes.max(initial=1)), _MOST_IN_CELL)):
        at = np.flatnonzero((keys[step:] == keys[:-step]) & few[step:] & (is_new[step:] | is_new[:-step]))
        if not len(at):
            continue
        east = (lon[at + step] - lon[at]) * np.cos(np.radians(lat[at]))
        near = np.hypot(east, lat[at + step] - lat[at]) * 111_195 <= NEAR_M
        pairs = np.column_stack([ids[at[near]], ids[at[near] + step]])
        for start in range(0, len(pairs), 20_000):
            yield pairs[start : start + 20_000]


def _number_of(figures: tuple[str, ...]) -> int:
    """A number that equal figures share."""
    return crc32(" ".join(figures).encode())


def figures_of(text: str) -> tuple[str, ...]:
    """The numbers in a text, sorted."""
    return tuple(sorted(_FIGURES.findall(text)))


def are_alike(one: Named, other: Named) -> bool:
    """Whether two (name, address) tell of one thing: alike, and with the same figures in them.

    "Unit 1" and "Unit 2" of one address are two things; "Net loft" and "The net loft" are one.
    """
    if one[0] and other[0] and figures_of(one[0]) != figures_of(other[0]):
        return False
    return any(
        first and second and figures_of(first) == figures_of(second)
        and fuzz.token_set_ratio(fold(first), fold(second)) >= ALIKE
        for first in one
        for second in other
    )  # fmt: skip
