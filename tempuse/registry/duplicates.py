"""Likely duplicates: near each other, and of similar name or address. They are reported, never joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import numpy as np
from rapidfuzz import fuzz

from tempuse import geometry
from tempuse.errors import Issue
from tempuse.geometry import Box, Floats
from tempuse.io.fold import fold
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tempuse.store.staging import Staging

NEAR_M = 50.0
ALIKE = 90.0  # of 100, RapidFuzz's token_set_ratio
_CELL_DEGREES = 0.001  # about 111 m north to south: a pair within 50 m shares a cell, or a shifted one
_MOST_IN_CELL = 60
_FEW = 20_000

Mark = tuple[int | None, str | None, float, float, str | None, str | None]


def cells(lon: Floats, lat: Floats) -> tuple[Any, Any]:
    """The cell of each place in a grid, and in the grid shifted by half a cell both ways."""

    def numbered(shift: float) -> Any:
        x = np.floor(lon / _CELL_DEGREES + shift).astype(np.int64)
        y = np.floor(lat / _CELL_DEGREES + shift).astype(np.int64)
        return (x << 24) + y

    return numbered(0.0), numbered(0.5)


def report(con: Connection, staging: Staging, new: int, progress: Callable[[str, int, int | None], None] | None) -> int:
    """Report the new rows that are likely the same as another row or as a space; how many."""
    if not new:
        return 0
    found: set[tuple[int | None, Any]] = set()
    if spaces.count(con, spaces.SpaceFilter(has_place=True)):
        _add_neighbours(con, staging, new)
    for column in ("cell", "shifted"):
        for _, group in groupby(staging.marks_by(column), key=lambda mark: mark[0]):
            these = [mark[1:] for mark in group]
            if 1 < len(these) <= _MOST_IN_CELL:
                staging.add_issues(_pairs(these, found))
        if progress:
            progress("duplicates", new, new)
    return len(found)


def _add_neighbours(con: Connection, staging: Staging, new: int) -> None:
    """Put the register's own spaces among the marks: those around the new ones, or all where there are many."""
    if new <= _FEW:
        held: dict[str, tuple[Any, ...]] = {}
        for point in staging.points(_FEW):
            box = Box(point[1] - 0.001, point[2] - 0.0006, point[1] + 0.001, point[2] + 0.0006)
            held.update((row[0], row) for row in spaces.names_in(con, box))
        _add(staging, held.values())
    else:
        for batch in spaces.walk(con, spaces.SpaceFilter(has_place=True)):
            rows = [(space.ref, space.name, space.address, space.geometry) for _, space in batch]
            _add(staging, rows)


def _add(staging: Staging, rows: Iterable[tuple[Any, ...]]) -> None:
    held = list(rows)
    if held:
        lon, lat = geometry.anchors(np.array([row[3] for row in held], object))
        first, second = cells(lon, lat)
        staging.add_marks(
            (int(a), int(b), None, row[0], x, y, row[1], row[2])
            for row, x, y, a, b in zip(held, lon.tolist(), lat.tolist(), first, second, strict=True)
        )


def _pairs(marks: list[Mark], found: set[tuple[int | None, Any]]) -> Iterator[Issue]:
    """One issue for each new row that resembles an earlier row or a space near it."""
    for i, mark in enumerate(marks):
        for other in marks[:i]:
            # A new row of the file is always told about; two spaces of the register are not our matter here.
            first, second = (other, mark) if mark[0] is not None else (mark, other)
            if second[0] is None or not _is_near(first, second) or not are_alike(first[4:], second[4:]):
                continue
            pair = (second[0], first[1] or first[0])
            if pair not in found:
                found.add(pair)
                values = {"other": first[1] or "", "line": first[0] or 0, "name": first[4] or first[5] or ""}
                message = "duplicate.space" if first[1] else "duplicate.row"
                said = second[4] or second[5] or ""
                yield Issue(second[0], "name", said, message, "duplicate.not_joined", values, True)


def _is_near(one: Mark, other: Mark) -> bool:
    return bool(geometry.distance_m(np.array([one[2]]), np.array([one[3]]), (other[2], other[3]))[0] <= NEAR_M)


def are_alike(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether two (name, address) tell of one thing: alike, and with the same figures in them.

    "Unit 1" and "Unit 2" of one address are two things; "Net loft" and "The net loft" are one.
    """
    names = [(first, second) for first in one for second in other if first and second]
    return any(
        _figures(first) == _figures(second) and fuzz.token_set_ratio(fold(first), fold(second)) >= ALIKE
        for first, second in names
    ) and not (one[0] and other[0] and _figures(one[0]) != _figures(other[0]))


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))
