"""Keeping what the public sees true: the published row is written in the transaction of its noun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.publication import COLLECTIONS, Publisher
from tempuse.registry import clock
from tempuse.registry.origins import ORIGINS, Right
from tempuse.store import areas as area_rows
from tempuse.store import published, spaces
from tempuse.store.common import (
    MANY,
    add_event,
    clock_of,
    get_settings,
    next_seq,
    note_all_decided,
    note_decided,
    renew_statistics,
)
from tempuse.store.engine import Connection, writing
from tempuse.store.types import instant_text
from tempuse.vocabulary import Permission

# Told (what is done, rows done, rows in all) now and then.
Progress = Callable[[str, int, int], None]


def publisher(con: Connection, now: datetime) -> Publisher:
    """The rule of publication under the register's settings and districts."""
    return Publisher(get_settings(con), area_rows.StoredDistricts(con), now)


def decide(con: Connection, now: datetime) -> tuple[Publisher, int]:
    """The rule, and the number of the change, for a decision at this instant, which is noted. Within a transaction."""
    note_decided(con, now)
    return publisher(con, now), next_seq(con)


def publish(con: Connection, collection: str, refs: Sequence[str], now: datetime) -> int:
    """Bring the public rows of these things up to date, and of those that tell of them; how many changed.

    Within a transaction.
    """
    return publish_of(con, COLLECTIONS[collection].noun, refs, now)


def publish_of(con: Connection, noun: str, refs: Sequence[str], now: datetime) -> int:
    """Bring up to date every public row that tells of these things of a noun; how many changed.

    Within a transaction. A noun of which no row tells changes nothing.
    """
    telling = [name for name, each in COLLECTIONS.items() if noun == each.noun or noun in ORIGINS[name].tells_of]
    if not telling:
        return 0
    rule, seq = decide(con, now)
    changed = 0
    for name in telling:
        source, these = ORIGINS[name], list(refs) if COLLECTIONS[name].noun == noun else []
        these += source.tells_of[noun](con, refs) if noun in source.tells_of else []
        these = list(dict.fromkeys(these))
        batches = (these[start : start + spaces.BATCH] for start in range(0, len(these), spaces.BATCH))
        changed += sum(_write(con, name, dict.fromkeys(some) | source.some(con, rule, some), seq) for some in batches)
    return changed


def republish(con: Connection, collection: str, now: datetime, progress: Progress | None = None) -> int:
    """Decide anew for everything of a collection; how many rows changed. Within a transaction."""
    rule, seq = decide(con, now)
    source = ORIGINS[collection]
    changed, done, count = 0, 0, source.count(con) if progress else 0
    for right in source.every(con, rule):
        changed += _write(con, collection, right, seq)
        done += len(right)
        if progress:
            progress("published", done, max(done, count))
    if changed > MANY:
        renew_statistics(con)
    return changed


def republish_all(con: Connection, now: datetime) -> int:
    """Decide anew after a change of settings, districts or time zone. Within a transaction."""
    return sum(republish(con, each.name, now) for each in COLLECTIONS.values() if each.has_rule)


def decide_all(con: Connection, now: datetime, progress: Progress | None = None) -> int:
    """Decide anew for everything that is published, whatever was decided at a later instant. Within a transaction."""
    changed = sum(republish(con, name, now, progress) for name in COLLECTIONS)
    note_all_decided(con, now)
    return changed


def _write(con: Connection, collection: str, right: Right, seq: int) -> int:
    hidden = [ref for ref, row in right.items() if row is None]
    shown = [row for row in right.values() if row is not None]
    return published.remove(con, collection, hidden, seq) + published.put(con, shown, seq)


def due(con: Connection, now: datetime) -> dict[str, list[str]]:
    """By collection, the refs of things of which the calendar has changed what the public sees."""
    found = published.due(con, now)
    for name, source in ORIGINS.items():
        if refs := source.due(con, now):
            found[name] = [*found.get(name, ()), *refs]
    return found


def republish_due(con: Connection, actor: Actor, now: datetime, watch: clock.ClockWatch | None = None) -> int:
    """Publish what the calendar has changed: a release date, the end of a notice period; how many rows changed.

    Called every minute by ``serve`` and ``worker``. Late means still coarse or hidden, never too early: what was
    decided while the clock was ahead is taken back, and a clock that leaps is not believed.

    Args:
        con: an idle connection.
        actor: who does it.
        now: the instant.
        watch: what this process remembers of the clock; without one it is believed, as at a start.

    Raises:
        WrongState: the clock leapt ahead while this process ran, and nobody said that it is right.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    if clock.was_ahead(con, now):
        con.rollback()
        with writing(con):
            changed = _take_back(con, actor, now)
        if watch is not None:
            watch.forget()
        return changed
    con.rollback()
    if watch is not None:
        watch.check(con, now)
    if not due(con, now):
        con.rollback()
        return 0
    con.rollback()
    with writing(con):
        return sum(publish(con, name, refs, now) for name, refs in due(con, now).items())


def _take_back(con: Connection, actor: Actor, now: datetime) -> int:
    """Decide anew for everything, if nobody has meanwhile: the last decisions bear an instant that is still to come."""
    latest = clock_of(con).latest
    if latest is None or not clock.was_ahead(con, now):
        return 0
    changed = decide_all(con, now)
    changes = {"changed": changed, "clock": [instant_text(latest), instant_text(now)]}
    add_event(con, actor, now, "register", "register", "republish", changes=changes)
    return changed
