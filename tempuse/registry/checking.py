"""``tempuse check``: is the register what it says it is? Reads everything, changes nothing unless asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from tempuse import geometry
from tempuse.access import Actor, check_allowed
from tempuse.registry.publishing import decide_all, publisher
from tempuse.spaces import SPACE_LIFECYCLE, Space, check_space
from tempuse.store import areas, audit, buildings, published, spaces
from tempuse.store.common import add_event, current_seq
from tempuse.store.engine import Connection, reading, writing
from tempuse.vocabulary import Permission

MOST_EACH = 100
# A given plot area and the outline's own may differ by so much before one of them is likely wrong.
_AREA_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a message id and its values; ``grave`` when the public is concerned."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    grave: bool = True


def check_register(con: Connection, now: datetime, progress: Callable[[int], None] | None = None) -> list[Finding]:
    """Everything that is not as it should be; empty when all is well.

    Compares what is published with what publication decides, the R*Tree with the geometries, the events with
    the statuses, the values with the vocabulary, and looks whether areas and references are plausible.
    """
    with reading(con):
        found = [Finding("check.damaged", {"detail": each}) for each in audit.integrity(con)]
        found += [Finding("check.tree", {"table": name, "count": count}) for name, count in audit.tree_differences(con)]
        kept: dict[str, int] = {}
        for finding in _check_spaces(con, now, progress):
            kept[finding.message] = kept.get(finding.message, 0) + 1
            if kept[finding.message] <= MOST_EACH:
                found.append(finding)
        found += [
            Finding("check.more", {"count": count - MOST_EACH, "message": message}, False)
            for message, count in kept.items() if count > MOST_EACH
        ]  # fmt: skip
        found += [Finding("check.orphan", {"ref": ref, "table": name}) for name, ref in audit.orphans(con)]
        found += [Finding("check.counter", {"noun": noun}) for noun in audit.counters_behind(con)]
        return found


def mend_published(con: Connection, actor: Actor, now: datetime) -> int:
    """Decide anew for everything what the public sees; how many rows changed."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        changed = decide_all(con, now)
        changed += published.remove(con, "spaces", audit.published_strangers(con), current_seq(con))
        add_event(con, actor, now, "register", "register", "republish", changes={"changed": changed})
    return changed


def _check_spaces(con: Connection, now: datetime, progress: Callable[[int], None] | None) -> Iterator[Finding]:
    rule = publisher(con, now)
    known_areas = {area.ref for area in areas.find(con)}
    done = 0
    for batch in spaces.walk(con):
        refs = [space.ref for _, space in batch]
        past = spaces.periods_of_many(con, refs)
        within = buildings.of_units(con, (space for _, space in batch))
        expected = [
            (row_id, rule.publish(space, past.get(space.ref), within.get(space.within_ref or "")))
            for row_id, space in batch
        ]
        stale = audit.published_differing(con, refs, [row for _, row in expected if row is not None])
        yield from (Finding("check.published", {"ref": ref}) for ref in stale)
        statuses = audit.last_statuses(con, refs)
        for _, space in batch:
            if statuses.get(space.ref) != space.status:
                yield Finding(
                    "check.event", {"ref": space.ref, "status": space.status, "event": statuses.get(space.ref)}
                )
            yield from _check_one(space, known_areas)
        yield from _check_areas([space for _, space in batch if space.geometry is not None])
        done += len(batch)
        if progress:
            progress(done)
    yield from (Finding("check.published", {"ref": ref}) for ref in audit.published_strangers(con))


def _check_one(space: Space, known_areas: set[str]) -> Iterator[Finding]:
    for issue in check_space(space):
        values = {"ref": space.ref, "field": issue.field, "value": issue.value}
        yield Finding("check.value", values)
    if space.status not in SPACE_LIFECYCLE.statuses:
        yield Finding("check.value", {"ref": space.ref, "field": "status", "value": space.status})
    if space.district_ref and space.district_ref not in known_areas:
        yield Finding("check.district", {"ref": space.ref, "district": space.district_ref}, False)


def _check_areas(these: list[Space]) -> Iterator[Finding]:
    if not these:
        return
    measured = geometry.area_m2(np.array([space.geometry for space in these], object))
    for space, area in zip(these, measured.tolist(), strict=True):
        given = space.plot_area_m2
        if area <= 0 or given is None:
            continue
        values = {"ref": space.ref, "given": round(given), "measured": round(area)}
        if space.plot_area_measured and abs(given - area) > max(1.0, area * 0.01):
            yield Finding("check.measured", values)
        elif not given / _AREA_FACTOR <= area <= given * _AREA_FACTOR:
            yield Finding("check.area", values, False)
