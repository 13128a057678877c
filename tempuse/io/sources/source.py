"""What every reader gives: a Source with its columns, and its rows one by one, still foreign."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tempuse.errors import Issue
from tempuse.texts import without_controls

# What a person names for all tables of a file that are alike.
ALL = "*"


@dataclass(slots=True)
class Row:
    """One row or feature of a sender's file.

    Attributes:
        line: as the sender counts it: rows of a sheet from 1 with everything above the header, features from 1.
        values: by the sender's column; text, numbers, booleans, days or None.
        geometry: a shapely geometry in the source's CRS, None where there is none.
        problem: message id of what was wrong with the row, empty when nothing was.
    """

    line: int
    values: dict[str, Any]
    geometry: Any = None
    problem: str = ""


@dataclass(slots=True)
class Source:
    """A file that was opened.

    Attributes:
        name: the file's name as the sender knows it.
        kind: as ``formats`` names it.
        layer: the layer or sheet that is read; ``ALL`` where several are read as one list.
        layers: all there are.
        alike: those that may be read, or are read, as one list; empty where there are none.
        apart: the column that keeps in which of them a row stood, empty where one is read.
        columns: the sender's columns in order.
        crs: the CRS that the file declares, None when it declares none.
        has_geometry: whether rows may carry one.
        count: about how many rows, to show how far one is; None where the format does not tell.
        issues: what was noticed about the file as a whole; more may come while it is read.
        let_go: called when nobody wants it any more.
    """

    name: str
    kind: str
    columns: list[str]
    read: Callable[[], Iterator[Row]]
    layer: str = ""
    layers: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    apart: str = ""
    crs: str | None = None
    has_geometry: bool = False
    count: int | None = None
    issues: list[Issue] = field(default_factory=list)
    let_go: Callable[[], None] | None = None
    _begun: list[Row] = field(default_factory=list)
    _rest: Iterator[Row] | None = None

    def rows(self) -> Iterator[Row]:
        """Every row, in the order of the file; may be asked for again."""
        begun, rest = self._begun, self._rest
        self._begun, self._rest = [], None
        return self.read() if rest is None else itertools.chain(begun, rest)

    def sample(self, most: int = 2000) -> list[Row]:
        """The first rows, to learn how the file writes numbers, days and places.

        They are kept for ``rows``: to open a large GeoJSON once more takes as long as to read half of it.
        """
        if self._rest is None:
            self._rest = self.read()
        self._begun += itertools.islice(self._rest, most - len(self._begun)) if most > len(self._begun) else ()
        return self._begun[:most]

    def close(self) -> None:
        """Let go of the sender's file; it may be read again."""
        rest, self._begun, self._rest = self._rest, [], None
        if rest is not None and hasattr(rest, "close"):
            rest.close()
        if self.let_go is not None:
            self.let_go()


def unique(names: list[str]) -> list[str]:
    """Column names without doubles: the second ``Name`` becomes ``Name (2)``; empty ones get their number."""
    seen: dict[str, int] = {}
    found = []
    for position, raw in enumerate(names, 1):
        name = " ".join(without_controls(str(raw)).replace("\ufeff", "").split()) or f"Column {position}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def quietly(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call GDAL without its warnings on the terminal: what matters of them, we find ourselves and say as an Issue."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **options)
