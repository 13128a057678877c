"""Use cases of areas: load a layer of districts, water or green."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from tempuse.access import Actor, check_allowed
from tempuse.areas import Area, Locator
from tempuse.geometry import anchors
from tempuse.registry.needs.districts import let_wait
from tempuse.registry.publishing import republish, republish_all
from tempuse.store import areas as area_rows
from tempuse.store import spaces
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import AreaKind, Permission


def load_areas(con: Connection, actor: Actor, kind: AreaKind, areas: Sequence[Area], now: datetime) -> dict[str, int]:
    """Make these the areas of this kind: the same code (or name) is updated, what is missing is retired.

    Every space's district is found anew where districts changed, and who looks for a space in one that is no more is
    asked to choose another. Gives the counts new, changed, retired.
    """
    check_allowed(actor, Permission.AREA_EDIT)
    counts = {"new": 0, "changed": 0, "retired": 0}
    with writing(con):
        held = {area.code or area.name or area.ref: area for area in area_rows.find(con, kind)}
        seen: set[str] = set()
        new = []
        for area in areas:
            known = held.get(area.code or area.name or "")
            area.kind = kind.value
            if known is None or known.ref in seen:
                new.append(area)
                continue
            area.ref = known.ref
            if (area.name, area.code) != (known.name, known.code) or not area.geometry.equals(known.geometry):
                area_rows.save(con, area)
                counts["changed"] += 1
            seen.add(area.ref)
        for area, ref in zip(new, next_refs(con, "area", len(new)) if new else [], strict=True):
            area.ref = ref
        area_rows.add_many(con, new)
        counts["new"] = len(new)
        gone: dict[str, str] = {}
        for known in held.values():
            if known.ref not in seen:
                known.retired_on = now.date()
                area_rows.save(con, known)
                gone[known.ref] = known.name or known.code or f"({known.ref})"
        counts["retired"] = len(gone)
        add_event(con, actor, now, "area", kind.value, "load", changes=dict(counts))
        republish(con, "areas", now)
        if kind is AreaKind.DISTRICT and gone:
            let_wait(con, actor, gone, now)
        if kind in (AreaKind.DISTRICT, AreaKind.MUNICIPALITY):
            locate_spaces(con)
            republish_all(con, now)
    return counts


def locate_spaces(con: Connection) -> int:
    """Write into each space the district it lies in; how many changed. Within a transaction."""
    locator = Locator(area_rows.districts(con))
    changed = 0
    for batch in spaces.walk(con, spaces.SpaceFilter(has_place=True)):
        lon, lat = anchors(np.array([space.geometry for _, space in batch], object))
        for (_, space), index in zip(batch, locator.indexes(lon, lat), strict=True):
            ref = locator.areas[index].ref if index >= 0 else None
            if ref != space.district_ref:
                spaces.set_district(con, space.ref, ref)
                changed += 1
    return changed
