"""The largest part of a check: every space with its past, its history, and what the public sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tempuse import geometry
from tempuse.fields import all_fit, empty_of, lists_of
from tempuse.publication import Publisher
from tempuse.publication.stretches import NOT_USED, Used
from tempuse.refs import PREFIXES
from tempuse.registry.care.findings import Finding, bad_values, unfit
from tempuse.registry.care.look import Look
from tempuse.registry.origins import Right
from tempuse.registry.strayed import Whereabouts
from tempuse.spaces import FIELDS, Period, Space, check_space
from tempuse.store import audit, pictures, raw, tables, uses
from tempuse.store.engine import Connection

# A given plot area and the outline's own may differ by so much before one of them is likely wrong.
_AREA_FACTOR = 3.0
_EMPTY = {name: empty() for name, empty in empty_of(Space).items() if FIELDS[name]["kind"] != "flag"}
# What a space cannot be without, because something decides by it.
_NEEDED = ("ref", "kind", "status", "occupancy", "ownership", "consent", "revision")
_REF = {noun: re.compile(f"{prefix}-[0-9]{{4,15}}") for noun, prefix in PREFIXES.items()}


def is_ref(noun: str, ref: Any) -> bool:
    """Whether this is how refs of a noun look."""
    return isinstance(ref, str) and bool(_REF[noun].fullmatch(ref))


@dataclass(frozen=True, slots=True)
class Some:
    """Some spaces: the rows, those that can be read whole by row number, the refs of those that cannot.

    A space with a period that cannot be read cannot be read whole.
    """

    batch: raw.Batch
    spaces: list[tuple[int, Space]]
    unreadable: list[str]
    past: dict[str, list[Period]]
    buildings: dict[str, Space]

    def right(self, con: Connection, rule: Publisher) -> tuple[Right, Sequence[str]]:
        """What the public should see of those that can be read, and the refs of the others.

        A space of which a use cannot be read cannot be read whole.
        """
        used, lost = _used(con, rule, self.spaces)
        seen = pictures.looked_at(con, [space.ref for _, space in self.spaces])
        rows = {
            space.ref: rule.publish(
                space, self.past.get(space.ref), self.buildings.get(space.within_ref or ""),
                used.get(space.ref, NOT_USED), seen.get(space.ref, ()),
            )
            for _, space in self.spaces if space.ref not in lost
        }  # fmt: skip
        return rows, [*self.unreadable, *lost]


def _used(con: Connection, rule: Publisher, spaces: Sequence[tuple[int, Space]]) -> tuple[dict[str, Used], list[str]]:
    """The use of these spaces, and the refs of those of which it cannot be read."""
    try:
        return uses.used_of(con, rule, spaces), []
    except (TypeError, ValueError, KeyError):
        if len(spaces) == 1:
            return {}, [spaces[0][1].ref]
    found: dict[str, Used] = {}
    lost: list[str] = []
    for half in (spaces[: len(spaces) // 2], spaces[len(spaces) // 2 :]):
        some, others = _used(con, rule, half)
        found.update(some)
        lost += others
    return found, lost


def right(con: Connection, look: Look) -> Iterator[tuple[Right, Sequence[str]]]:
    """What the public should see of every space, and the refs of those that cannot be read, in batches."""
    rule = look.rule()
    return (some.right(con, rule) for some in batches(con))


def batches(con: Connection) -> Iterator[Some]:
    """Every space, in batches."""
    for batch in raw.walk(con, tables.spaces):
        past, lost = _past(con, [ref for ref in batch.columns["ref"] if ref is not None])
        spaces = [(row_id, space) for row_id, space in _whole(batch) if space.ref not in lost]
        whole = {space.ref for _, space in spaces}
        unreadable = [ref for ref in batch.columns["ref"] if ref is not None and ref not in whole]
        within = {space.within_ref for _, space in spaces if space.within_ref}
        buildings = raw.some(con, tables.spaces, tables.spaces.c.ref.in_(within)) if within else None
        found = {space.ref: space for _, space in _whole(buildings)} if buildings else {}
        yield Some(batch, spaces, unreadable, past, found)


def _whole(batch: raw.Batch) -> list[tuple[int, Space]]:
    """The spaces of a batch that can be read whole, with their row numbers."""
    bad = batch.bad_rows() | {position for position, _ in _outside(batch)} | _without_needed(batch)
    rows = (row for position, row in enumerate(_filled(batch).rows()) if position not in bad)
    return [(row.pop("id"), Space(**row)) for row in rows]


def _without_needed(batch: raw.Batch) -> set[int]:
    return {
        position for name in _NEEDED if None in (column := batch.columns[name])
        for position, value in enumerate(column) if value is None
    }  # fmt: skip


def _filled(batch: raw.Batch) -> raw.Batch:
    """The batch with each list and map that is not there empty."""
    filled = {name: [empty if value is None else value for value in batch.columns[name]]
              for name, empty in _EMPTY.items()}  # fmt: skip
    return raw.Batch({**batch.columns, **filled}, batch.bad)


def _outside(batch: raw.Batch) -> list[tuple[int, str]]:
    """The values that are not in their field's list: position and field. Nothing can be decided by them."""
    found = []
    for name, allowed in lists_of(Space).items():
        column = batch.columns[name]
        is_list = FIELDS[name]["kind"] == "list"
        held = {each for values in column for each in values or ()} if is_list else set(column)
        if held - allowed:
            found += [
                (position, name) for position, value in enumerate(column)
                if (value is not None and not allowed.issuperset(value) if is_list else value not in allowed)
            ]  # fmt: skip
    return found


def _past(con: Connection, refs: Sequence[str]) -> tuple[dict[str, list[Period]], set[str]]:
    """The past of these spaces in the order of the store; and whose past cannot be read."""
    batch = raw.some(con, tables.periods, tables.periods.c.space_ref.in_(refs))
    bad = batch.bad_rows()
    unreadable = {batch.columns["space_ref"][position] for position in bad}
    rows = [row for position, row in enumerate(batch.rows()) if position not in bad]
    # The latest first, what has no day last, as the store reads them on either engine.
    rows.sort(key=lambda row: row["id"])
    rows.sort(key=lambda row: row["starts_on"].toordinal() if row["starts_on"] else 0, reverse=True)
    past: dict[str, list[Period]] = {}
    for row in rows:
        row.pop("id")
        past.setdefault(row.pop("space_ref"), []).append(Period(**row))
    return past, unreadable


def check(con: Connection, look: Look, progress: Callable[[int], None] | None = None) -> Iterator[Finding]:
    """Everything about spaces that is not as it should be."""
    rule, done = look.rule(), 0
    known_areas = {area.ref for _, area in look.areas}
    town = Whereabouts([area for _, area in look.areas if area.retired_on is None])
    for some in batches(con):
        batch = some.batch
        yield from bad_values(batch)
        yield from (unfit(batch.columns["ref"][at], name, batch.columns[name][at]) for at, name in _outside(batch))
        yield from _rows(con, batch, look)
        these = [space for _, space in some.spaces]
        if not all_fit(Space, these) or any(space.within_ref == space.ref for space in these):
            yield from (unfit(space.ref, each.field, each.value) for space in these for each in check_space(space))
        yield from (
            Finding("check.district", {"ref": space.ref, "district": space.district_ref}, False)
            for space in these if space.district_ref and space.district_ref not in known_areas
        )  # fmt: skip
        yield from (
            Finding("check.outside_town", {"ref": space.ref}, False)
            for space in town.outside(these) if not town.is_elsewhere(space)
        )  # fmt: skip
        yield from (Finding("check.in_water", {"ref": space.ref}, False) for space in town.in_water(these))
        yield from _areas([space for space in these if space.geometry is not None])
        if look.knows_the_rule:
            yield from look.hold(con, "spaces", *some.right(con, rule))
        done += len(these)
        if progress:
            progress(done)


def _rows(con: Connection, batch: raw.Batch, look: Look) -> Iterator[Finding]:
    """What can be said of a row without reading all of it: its ref, its status, its history, its place in the tree."""
    columns = batch.columns
    told = audit.histories(con, "space", [ref for ref in columns["ref"] if ref is not None])
    unread = {(bad.position, bad.name) for bad in batch.bad}
    for position, (ref, status, revision) in enumerate(
        zip(columns["ref"], columns["status"], columns["revision"], strict=True)
    ):
        if not is_ref("space", ref):
            yield unfit(ref, "ref", ref)
        for name in _NEEDED:
            if columns[name][position] is None and (position, name) not in unread and name != "ref":
                yield unfit(ref, name, "")
        count, last = told.get(ref, (0, None))
        if last != status and status is not None:
            yield Finding("check.event", {"ref": ref, "status": status, "event": raw.shown(last)})
        if revision is not None and count != revision:
            yield Finding("check.history", {"ref": ref, "revision": revision, "count": count})
    look.compare(con, "spaces", columns["id"], columns["geometry"])


def _areas(these: list[Space]) -> Iterator[Finding]:
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
