"""Changing one record: it is locked, held against what somebody saw, written with its event, and published."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import shapely

from tempuse import geometry
from tempuse.access import Actor
from tempuse.errors import Conflict
from tempuse.fields import fields_of
from tempuse.lifecycle import Lifecycle
from tempuse.registry import publishing
from tempuse.store.common import add_event
from tempuse.store.engine import Connection
from tempuse.store.records import Records

T = TypeVar("T")
# What is kept about a record and is no fact of it: no event tells of it.
_BESIDE = frozenset({"revision", "updated_at", "created_at", "corrected_fields"})


@dataclass(slots=True)
class Change(Generic[T]):
    """One record that is being changed.

    Attributes:
        record: the record; whoever changes it writes into this one.
        before: as it was.
        told: what the event says besides the fields: [before, after] by name.
    """

    record: T
    before: T
    told: dict[str, Any] = field(default_factory=dict)

    def differences(self) -> dict[str, Any]:
        """What changed so far, by field."""
        return differences(self.before, self.record)


@contextlib.contextmanager
def changing(
    con: Connection, actor: Actor, records: Records[T], ref: str, now: datetime, what: str, *,
    revision: int | None = None, wanted: Mapping[str, Any] | None = None, only: Collection[str] | None = None,
    note: str | None = None, import_ref: str | None = None, always: bool = False, publish: bool = True,
) -> Iterator[Change[T]]:  # fmt: skip
    """Hold a record while it is changed; then write it with its event, and what the public sees of it.

    Where nothing changed nothing is written. Within a writing transaction.

    Args:
        con: the connection.
        actor: who changes it.
        records: where it lies.
        ref: which record.
        now: the instant.
        what: the event's word: a move, or ``edit``.
        revision: what somebody saw; when the record was changed since, nothing is written.
        wanted: what that somebody wants: the conflict tells which of these differ.
        only: the fields that the event tells of, None for all that changed.
        note: why.
        import_ref: the import that brought it.
        always: write it, and its event, though nothing changed that the event tells of.
        publish: False where the caller publishes many together.

    Raises:
        NotFound: there is no such record.
        Conflict: it was changed since; ``values["theirs"]`` has the fields that differ from ``wanted``.
    """
    record: Any = records.lock(con, ref)
    if revision is not None and revision != record.revision:
        theirs = {name: getattr(record, name) for name, value in (wanted or {}).items()
                  if not same(getattr(record, name), value)}  # fmt: skip
        raise Conflict(f"{records.called}.changed_since", ref=ref, theirs=theirs, revision=record.revision)
    change = Change(record, dataclasses.replace(record))
    yield change
    changed = change.differences()
    if only is not None:
        changed = {name: pair for name, pair in changed.items() if name in only}
    changed |= change.told
    if not changed and not always:
        return
    if "revision" in records.names:
        record.revision += 1
        record.updated_at = now
    records.save(con, record)
    add_event(
        con, actor, now, records.called, ref, what, status=getattr(record, "status", None),
        changes=changed or None, note=note, import_ref=import_ref,
    )  # fmt: skip
    if publish:
        publishing.publish_of(con, records.called, [ref], now)


def move(record: Any, lifecycle: Lifecycle, name: str, **details: Any) -> None:
    """Make one move of a lifecycle with a record that is being changed.

    Raises:
        WrongState: the move does not leave from the record's status.
        Invalid: a detail that the move needs is missing.
    """
    target = lifecycle.check(name, record.ref, record.status, **details).target
    if target:
        record.status = target


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same fact; geometries within 1 cm."""
    if one is None or other is None or not hasattr(one, "geom_type"):
        return bool(one == other)
    return bool(shapely.equals_exact(one, other, tolerance=2 * 10**-geometry.DECIMALS, normalize=True))


def differences(before: Any, after: Any) -> dict[str, Any]:
    """What changed of a record, by field: [before, after] as an event keeps it; geometries as WKT."""
    return {
        name: [_kept(getattr(before, name)), _kept(getattr(after, name))]
        for name in fields_of(type(after))
        if name not in _BESIDE and not same(getattr(before, name), getattr(after, name))
    }


def _kept(value: Any) -> Any:
    return shapely.to_wkt(value, rounding_precision=geometry.DECIMALS) if hasattr(value, "geom_type") else value
