"""What lists of uses and lists of needs share: columns known by their names, and the cells of a row as texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tempuse.errors import Issue
from tempuse.folding import fold, fold_name
from tempuse.io import guard
from tempuse.io.crosswalk import Column, Crosswalk, load, read
from tempuse.io.sources.source import Row, Source
from tempuse.resources import path

# So many rows show how a column writes its days.
SAMPLE = 2000


def by_names(columns: Sequence[str], name: str, profile: str, targets: Collection[str]) -> Crosswalk:
    """What the columns of a list are, by a city's own crosswalk or by their names; each is taken for once.

    Args:
        columns: of the file.
        name: of the list of names that is shipped: ``uses``, ``needs``.
        profile: the path of the city's own; empty for that.
        targets: what a column may be.

    Raises:
        Invalid: the crosswalk does not fit.
    """
    if profile:
        known = load(profile, targets)
    else:
        known = read(path(f"crosswalks/{name}.csv").read_text(encoding="utf-8"), name, targets)
    named = {fold_name(each.theirs): each.field for each in known.columns}
    found = Crosswalk(name, values=known.values, about=known.about)
    taken: set[str] = set()
    for column in columns:
        target = named.get(fold_name(column), "")
        if target and target not in taken:
            taken.add(target)
            found.columns.append(Column(column, target, guessed=not profile))
    return found


class Cells:
    """The cells of a list's rows, by what its columns are.

    Attributes:
        by: the sender's columns by what they are to us.
    """

    def __init__(self, source: Source, crosswalk: Crosswalk) -> None:
        self.by = {column.field: column.theirs for column in crosswalk.columns if column.field}
        self._missing = {fold(each) for each in crosswalk.listed("missing")}
        self._columns = source.columns

    def text(self, row: Row, column: str) -> str:
        """What a cell says; empty where it says nothing, or that nothing is known."""
        value = row.values.get(column)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = guard.as_text(value).strip()
        return "" if fold(text) in self._missing else text

    def told(self, row: Row) -> dict[str, str]:
        """What a row says, by what its columns are."""
        return {target: self.text(row, theirs) for target, theirs in self.by.items()}

    def kept(self, row: Row, without: Collection[str] = ()) -> dict[str, str]:
        """What a row says by the sender's columns, without some of them."""
        told = ((guard.as_text(name), self.text(row, name)) for name in self._columns if name not in without)
        return {name: text for name, text in told if text}

    def issue(self, row: Row, target: str, value: str, message: str, done: str, **values: Any) -> Issue:
        """Something about a cell that somebody should look at."""
        return Issue(row.line, self.by.get(target, ""), value, message, done, values, grave=True)
