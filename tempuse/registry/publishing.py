"""Keeping what the public sees true: the published row is written in the transaction of its noun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.publication import Publisher, publish_area
from tempuse.registry import clock
from tempuse.spaces import Space
from tempuse.store import areas as area_rows
from tempuse.store import buildings, published, spaces
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
from tempuse.vocabulary import Consent, Permission, SpaceStatus


def publisher(con: Connection, now: datetime) -> Publisher:
    """The rule of publication under the register's settings and districts."""
    return Publisher(get_settings(con), area_rows.districts(con), now)


def decide(con: Connection, now: datetime) -> tuple[Publisher, int]:
    """The rule, and the number of the change, for a decision at this instant, which is noted. Within a transaction."""
    note_decided(con, now)
    return publisher(con, now), next_seq(con)


def publish_spaces(con: Connection, refs: Sequence[str], now: datetime) -> int:
    """Bring the published rows of these spaces up to date; how many changed. Within a transaction.

    The rows of the units within them as well: a unit names its building only while the public knows its place.
    """
    rule, seq = decide(con, now)
    refs = list(dict.fromkeys([*refs, *buildings.units_within(con, refs)]))
    batches = (refs[start : start + spaces.BATCH] for start in range(0, len(refs), spaces.BATCH))
    return sum(_publish(con, spaces.numbered(con, batch), rule, seq) for batch in batches)


def republish_all(con: Connection, now: datetime, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Decide anew for every space: after a change of settings, districts or time zone. Within a transaction."""
    rule, seq = decide(con, now)
    changed, done, count = 0, 0, spaces.count(con, spaces.SpaceFilter()) if progress else 0
    for batch in spaces.walk(con):
        changed += _publish(con, batch, rule, seq)
        done += len(batch)
        if progress:
            progress("published", done, count)
    if changed > MANY:
        renew_statistics(con)
    return changed


def _publish(con: Connection, batch: list[tuple[int, Space]], rule: Publisher, seq: int) -> int:
    past = spaces.periods_of_many(con, [space.ref for _, space in batch])
    within = buildings.of_units(con, (space for _, space in batch))
    rows = [
        (space.ref, rule.publish(space, past.get(space.ref), within.get(space.within_ref or ""))) for _, space in batch
    ]
    hidden = [ref for ref, row in rows if row is None]
    shown = [row for _, row in rows if row is not None]
    return published.remove(con, "spaces", hidden, seq) + published.put(con, shown, seq)


def publish_areas(con: Connection) -> int:
    """Bring the published rows of all areas up to date. Within a transaction."""
    seq = next_seq(con)
    current = area_rows.numbered(con)
    gone = set(published.refs(con, "areas")) - {area.ref for _, area in current}
    rows = [publish_area(area) for _, area in current]
    return published.put(con, rows, seq) + published.remove(con, "areas", sorted(gone), seq)


def decide_all(con: Connection, now: datetime, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Decide anew for everything, areas too, whatever was decided at a later instant. Within a transaction."""
    changed = publish_areas(con) + republish_all(con, now, progress)
    note_all_decided(con, now)
    return changed


def republish_due(con: Connection, actor: Actor, now: datetime, watch: clock.Watch | None = None) -> int:
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
    if not _due(con, now):
        con.rollback()
        return 0
    con.rollback()
    with writing(con):
        return publish_spaces(con, _due(con, now), now)


def _take_back(con: Connection, actor: Actor, now: datetime) -> int:
    """Decide anew for everything, if nobody has meanwhile: the last decisions bear an instant that is still to come."""
    latest = clock_of(con).latest
    if latest is None or not clock.was_ahead(con, now):
        return 0
    changed = decide_all(con, now)
    changes = {"changed": changed, "clock": [instant_text(latest), instant_text(now)]}
    add_event(con, actor, now, "register", "register", "republish", changes=changes)
    return changed


def _due(con: Connection, now: datetime) -> list[str]:
    settings = get_settings(con)
    due = published.due(con, now)
    if settings.private_rule == "objection":
        last_day = settings.today(now) - timedelta(days=settings.objection_days)
        both = settings.publish_from == SpaceStatus.VERIFIED
        statuses = [SpaceStatus.OFFERED, SpaceStatus.VERIFIED] if both else [SpaceStatus.OFFERED]
        due += published.unseen(con, statuses, Consent.NOTIFIED, last_day)
    return due
