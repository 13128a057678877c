"""Adding many spaces at once: what an import and the demo share. All of them or none, one event each."""

from __future__ import annotations

import contextlib
import itertools
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid
from tempuse.fields import all_fit
from tempuse.refs import ref_of
from tempuse.registry.placing import settle_many
from tempuse.registry.publishing import decide, publish
from tempuse.spaces import Period, Space, check_space
from tempuse.store import buildings, claims, published, spaces
from tempuse.store.common import MANY, add_events, next_number, renew_statistics
from tempuse.store.engine import Connection, writing
from tempuse.store.gpkg import without_triggers
from tempuse.vocabulary import Permission

BATCH = 2000


class Adder:
    """Adds batches of new spaces within one writing transaction; memory holds one batch.

    Made once a transaction: the districts, settings and the number of the change are read at the start.
    Batches that come in the order of their places (``geometry.morton_keys``) are written fastest.

    A list's spaces are numbered at random (``shuffled``: how many will come). Lists are kept by street and house, so
    numbers in their order would tell between which neighbours a space lies whose place nobody may know.
    """

    def __init__(
        self, con: Connection, actor: Actor, now: datetime, *,
        what: str = "add", note: str | None = None, import_ref: str | None = None, shuffled: int = 0,
    ) -> None:  # fmt: skip
        self.con, self.actor, self.now = con, actor, now
        self._event: dict[str, Any] = {"note": note, "import_ref": import_ref}
        self._what = what
        self._rule, self._seq = decide(con, now)
        self._numbers = _numbers(con, shuffled, shuffled=True) if shuffled else iter(())
        self._waiting: list[str] = []
        self._awaited = buildings.awaited(con)
        self.added = 0
        self.shown = 0

    def add(self, batch: Sequence[Space], past: Sequence[Sequence[Period]] = ()) -> list[str]:
        """Number, place, check, insert and publish these spaces; gives their refs.

        Args:
            batch: new spaces; about 2,000 at a time are fastest. ``ref``, ``district_ref``, ``created_at``
                and ``updated_at`` are set here, the plot's area where none is given.
            past: the periods of each space, in the same order; may be left out.

        Raises:
            Invalid: a value does not fit its field, or a geometry is no place.
        """
        settle_many(batch, self._rule.locator)
        check_many(batch)
        numbers = list(itertools.islice(self._numbers, len(batch)))
        numbers += _numbers(self.con, len(batch) - len(numbers))
        refs = [ref_of("space", number) for number in numbers]
        for space, ref in zip(batch, refs, strict=True):
            space.ref = ref
            space.created_at = space.updated_at = self.now
            space.shown_since = self._rule.today if self._rule.decide(space).level is not None else None
        spaces.load_new(self.con, batch)
        spaces.load_periods(self.con, [(ref, period) for ref, own in zip(refs, past, strict=False) for period in own])
        # As they are read back, in the order of the store: what is published now is what a check finds later.
        periods = spaces.periods_of_many(self.con, refs) if any(past) else {}
        taken = claims.take_over(self.con, {space.ref: space.within_ref for space in batch if space.within_ref})
        done = [(space.ref, space.status) for space in batch]
        add_events(self.con, self.actor, self.now, "space", self._what, done, **self._event)
        within = buildings.of_units(self.con, batch)
        rows = (
            self._rule.publish(space, periods.get(space.ref), within.get(space.within_ref or "")) for space in batch
        )
        self.shown += published.load_new(self.con, [row for row in rows if row is not None], self._seq)
        self.added += len(batch)
        self._waiting += taken
        # Whose building comes later is remembered: PostgreSQL, which has counted nothing of what a transaction writes,
        # reads the whole table for each batch that asks which units it has (measured: five sixths of a large list).
        self._awaited.update(space.within_ref for space in batch if space.within_ref and space.within_ref not in within)
        if arrived := self._awaited.intersection(refs):
            self._waiting += set(buildings.units_within(self.con, arrived)).difference(refs)
            self._awaited -= arrived
        return refs

    def finish(self) -> None:
        """Publish anew the units that were there before their buildings, or that somebody holds with theirs."""
        if self._waiting:
            publish(self.con, "spaces", self._waiting, self.now)


def _numbers(con: Connection, count: int, *, shuffled: bool = False) -> Iterator[int]:
    """The next numbers of spaces, in order or in one that nobody can guess."""
    if not count:
        return iter(())
    first = next_number(con, "space", count)
    if not shuffled:
        return iter(range(first, first + count))
    order = np.argsort(np.frombuffer(secrets.token_bytes(8 * count), np.uint64))
    return (first + i for i in order.tolist())


@contextlib.contextmanager
def adding(con: Connection, actor: Actor, now: datetime, **event: Any) -> Iterator[Adder]:
    """A stretch of a writing transaction in which spaces are only added, and nothing else touches their tables.

    Takes the arguments of ``Adder``: ``with writing(con), adding(con, SYSTEM, now) as adder: adder.add(batch)``.
    """
    check_allowed(actor, Permission.SPACE_IMPORT)
    with without_triggers(con, "spaces", "published", "events"):
        adder = Adder(con, actor, now, **event)
        yield adder
    adder.finish()
    if adder.added > MANY:
        renew_statistics(con)


def add_spaces(con: Connection, actor: Actor, batches: Iterable[Sequence[Space]], now: datetime) -> list[str]:
    """Register many spaces in one transaction; gives their refs.

    Raises:
        Invalid: a value does not fit its field, or a geometry is no place; then nothing was written.
    """
    with writing(con), adding(con, actor, now) as adder:
        return [ref for batch in batches for ref in adder.add(batch)]


def check_many(batch: Sequence[Space]) -> None:
    """Look at every value of many spaces, column by column; ``check_space`` tells what it found.

    Raises:
        Invalid: with the issues of the first spaces that do not fit.
    """
    if all_fit(Space, batch):
        return
    issues = [issue for space in batch for issue in check_space(space)][:100]
    if issues:
        raise Invalid("space.invalid", issues, ref="")
