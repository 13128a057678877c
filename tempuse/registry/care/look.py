"""What the parts of one check, and of one mending, share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tempuse.areas import Area
from tempuse.publication import Publisher
from tempuse.registry.care.findings import Finding
from tempuse.registry.origins import Right
from tempuse.settings import Settings
from tempuse.store import audit, published
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind


@dataclass(slots=True)
class Look:
    """What the parts of one check share.

    Attributes:
        now: the instant.
        settings: those that can be read; the others as they are by default.
        knows_the_rule: whether every setting that decides what the public sees could be read.
        areas: those that can be read, with their row numbers.
        trees: the R*Trees that were held against their tables, None for one that cannot be read.
    """

    now: datetime
    settings: Settings = field(default_factory=Settings)
    knows_the_rule: bool = True
    areas: list[tuple[int, Area]] = field(default_factory=list)
    trees: dict[str, audit.Tree | None] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day it is in the city."""
        return self.settings.today(self.now)

    def rule(self) -> Publisher:
        """The rule of publication."""
        in_force = [area for _, area in self.areas if area.retired_on is None]
        districts = [area for area in in_force if area.kind == AreaKind.DISTRICT]
        towns = [area for area in in_force if area.kind == AreaKind.MUNICIPALITY]
        return Publisher(self.settings, districts or towns, self.now)

    def compare(self, con: Connection, table: str, keys: Sequence[int], shapes: Sequence[Any]) -> None:
        """Hold some rows of a table against its R*Tree."""
        if con.dialect.name != "sqlite":
            return
        if table not in self.trees:
            self.trees[table] = None
            with contextlib.suppress(Exception):  # whatever a broken tree makes SQLite say
                self.trees[table] = audit.tree_of(con, table)
        if (tree := self.trees[table]) is not None:
            tree.compare(keys, shapes)

    def hold(
        self, con: Connection, collection: str, right: Right, unreadable: Sequence[str] = ()
    ) -> Iterator[Finding]:  # fmt: skip
        """Hold what the public sees of some things against what it should; nothing, of those that cannot be read."""
        refs = sorted({*right, *unreadable})
        held = published.held_of(con, collection, refs)
        rows = list(held.values())
        self.compare(con, "published", [row["key"] for row in rows], [row["geometry"] for row in rows])
        for ref in refs:
            row, should = held.get(ref), right.get(ref)
            if (row is None) != (should is None) or (row and should and published.is_other(should, row)):
                yield Finding("check.published", {"ref": ref})
