"""What the public sees, held against what it should see: every collection, by the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tempuse.publication import COLLECTIONS, publish_area
from tempuse.registry.care import check_spaces
from tempuse.registry.care.findings import Finding
from tempuse.registry.care.look import Look
from tempuse.registry.origins import ORIGINS, Right
from tempuse.store import audit, published, raw
from tempuse.store.engine import Connection

# What the public should see of some things, and the refs of those that cannot be read: nothing, of them.
Reading = Iterator[tuple[Right, Sequence[str]]]


def _areas(con: Connection, look: Look) -> Reading:
    yield {area.ref: publish_area(area) for _, area in look.areas}, ()


# Readers that let a damaged thing spoil no other; a collection without one is read as it is published.
_BY_VALUE: dict[str, Callable[[Connection, Look], Reading]] = {"spaces": check_spaces.right, "areas": _areas}


def right(con: Connection, look: Look, collection: str) -> Reading:
    """What the public should see of everything of a collection, in batches."""
    if reader := _BY_VALUE.get(collection):
        return reader(con, look)
    return ((rows, ()) for rows in ORIGINS[collection].every(con, look.rule()))


def check(con: Connection, look: Look, collection: str) -> Iterator[Finding]:
    """Everything of a collection of which the public sees something else than it should."""
    if COLLECTIONS[collection].has_rule and not look.knows_the_rule:
        return
    for rows, unreadable in right(con, look, collection):
        yield from look.hold(con, collection, rows, unreadable)


def strangers(con: Connection, look: Look) -> Iterator[Finding]:
    """What the public sees and the register does not have."""
    for collection, ref in audit.strangers(con):
        yield Finding("check.published", {"ref": raw.shown(ref)})
        rows = list(published.held_of(con, collection, [ref]).values())
        look.compare(con, "published", [row["key"] for row in rows], [row["geometry"] for row in rows])


def mend(con: Connection, look: Look, seq: int, *, tell_all: bool) -> int:
    """Decide anew for everything what the public sees; how much changed. Within a transaction.

    Args:
        con: a connection within a writing transaction.
        look: with the settings and the areas that can be read.
        seq: the number of the change.
        tell_all: let every reader forget whatever is not seen, for what was told of it is lost.
    """
    changed = 0
    for name in COLLECTIONS:
        for rows, unreadable in right(con, look, name):
            hidden = [ref for ref, row in rows.items() if row is None]
            changed += published.remove(con, name, [*hidden, *unreadable], seq)
            changed += published.put(con, [row for row in rows.values() if row is not None], seq)
    for name, ref in audit.strangers(con):
        changed += published.remove(con, name, [ref], seq)
    for name in COLLECTIONS if tell_all else ():
        unseen = audit.unseen_refs(con, name)
        published.tell_gone(con, name, unseen, seq)
        changed += len(unseen)
    return changed
