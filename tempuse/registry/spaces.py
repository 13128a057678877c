"""Use cases of spaces: add, edit, place, move."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.access import Actor, check_allowed
from tempuse.areas import Locator
from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.registry.publishing import publish_spaces
from tempuse.spaces import EDITABLE, FIELDS, SPACE_LIFECYCLE, Period, Space, check_space
from tempuse.store import areas as area_rows
from tempuse.store import spaces
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.store.events import ref_of_form
from tempuse.vocabulary import Permission, PlacedBy


def add_space(
    con: Connection, actor: Actor, space: Space, now: datetime, *,
    past: Sequence[Period] = (), note: str | None = None, form_token: str | None = None,
) -> str:  # fmt: skip
    """Register a space; gives its ref. A form that is sent twice, known by its token, makes one space.

    Raises:
        Invalid: a value does not fit its field, or the place is none.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        return put_space(con, actor, space, now, past=past, note=note, form_token=form_token)


def put_space(
    con: Connection, actor: Actor, space: Space, now: datetime, *,
    past: Sequence[Period] = (), note: str | None = None, form_token: str | None = None,
) -> str:  # fmt: skip
    """Register a space within a transaction of another use case; gives its ref."""
    # The number comes first: on PostgreSQL its row is locked, so a second form waits and then sees the first.
    space.ref = next_refs(con, "space")[0]
    if form_token and (held := ref_of_form(con, "space", form_token)):
        return held
    space.created_at = space.updated_at = now
    if space.geometry is not None:
        space.placed_by = space.placed_by or PlacedBy.PLANNER.value
    settle(con, space)
    _check(con, space, EDITABLE)
    spaces.add(con, space)
    spaces.put_periods(con, space.ref, past)
    changes = {"form": form_token} if form_token else None
    add_event(con, actor, now, "space", space.ref, "add", status=space.status, changes=changes, note=note)
    publish_spaces(con, [space.ref], now)
    return space.ref


def edit_space(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, *,
    revision: int | None = None, past: Sequence[Period] | None = None, note: str | None = None,
    placed_by: PlacedBy = PlacedBy.PLANNER,
) -> Space:  # fmt: skip
    """Change fields of a space.

    A field that came with an import is remembered as corrected by hand: no later import overwrites it.

    Args:
        con: an idle connection.
        actor: who changes it.
        ref: which space.
        changes: new values by field; ``geometry`` as a shapely geometry or None.
        now: the instant.
        revision: what the editor saw; when somebody changed the space since, nothing is written.
        past: the space's periods anew, None to leave them.
        note: why.
        placed_by: how a new place was found.

    Raises:
        Conflict: the space was changed since; ``values["theirs"]`` has the fields that differ from ``changes``.
        Invalid: a value does not fit its field.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    if unknown := set(changes) - set(EDITABLE):
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    with writing(con):
        space = spaces.lock(con, ref)
        if revision is not None and revision != space.revision:
            theirs = {name: getattr(space, name) for name in changes if not same(getattr(space, name), changes[name])}
            raise Conflict("space.changed_since", ref=ref, theirs=theirs, revision=space.revision)
        before = dataclasses.replace(space)
        for name, value in changes.items():
            setattr(space, name, value)
        if "geometry" in changes:
            space.placed_by = placed_by.value if space.geometry is not None else None
        settle(con, space, before)
        _check(con, space, tuple(changes))
        changed = differences(before, space)
        if past is not None and list(past) != spaces.periods_of(con, ref):
            changed["past"] = [len(spaces.periods_of(con, ref)), len(past)]
            spaces.put_periods(con, ref, past)
        if not changed:
            return space
        if space.source:
            by_hand = {name for name in changes if name in changed}
            # A place that was taken away again is no correction: the next import may bring one.
            unplaced = {"geometry"} if space.geometry is None else set()
            space.corrected_fields = tuple(sorted({*space.corrected_fields, *by_hand} - unplaced))
        _save(con, actor, space, now, "edit", changed, note)
    return space


def move_space(
    con: Connection, actor: Actor, ref: str, move: str, now: datetime, *,
    note: str | None = None, retired_on: date | None = None, revision: int | None = None,
) -> Space:  # fmt: skip
    """Make one move of SPACE_LIFECYCLE; ``retire`` needs ``retired_on``.

    Raises:
        WrongState: the move does not leave from the space's status.
    """
    return move_spaces(con, actor, [ref], move, now, note=note, retired_on=retired_on, revision=revision)[0]


def move_spaces(
    con: Connection, actor: Actor, refs: Sequence[str], move: str, now: datetime, *,
    note: str | None = None, retired_on: date | None = None, revision: int | None = None,
) -> list[Space]:  # fmt: skip
    """Make one move with several spaces: all of them or none."""
    check_allowed(actor, SPACE_LIFECYCLE.moves[move].permission)
    moved = []
    with writing(con):
        for ref in refs:
            space = spaces.lock(con, ref)
            if revision is not None and revision != space.revision:
                raise Conflict("space.changed_since", ref=ref, theirs={}, revision=space.revision)
            step = SPACE_LIFECYCLE.check(move, ref, space.status, retired_on=retired_on, note=note)
            before = space.status
            space.status = str(step.target.value if hasattr(step.target, "value") else step.target)
            space.retired_on = retired_on if move == "retire" else None
            space.retired_why = note if move == "retire" else None
            _save(con, actor, space, now, move, {"status": [before, space.status]}, note, publish=False)
            moved.append(space)
        publish_spaces(con, refs, now)
    return moved


def _save(
    con: Connection, actor: Actor, space: Space, now: datetime, what: str, changed: dict[str, Any],
    note: str | None, *, publish: bool = True,
) -> None:  # fmt: skip
    space.revision += 1
    space.updated_at = now
    spaces.save(con, space)
    add_event(con, actor, now, "space", space.ref, what, status=space.status, changes=changed, note=note)
    if publish:
        publish_spaces(con, [space.ref], now)


def settle(con: Connection, space: Space, before: Space | None = None) -> None:
    """Clean a changed geometry, measure the plot, find the district.

    Raises:
        Invalid: the geometry is no place.
    """
    if before is not None and before.geometry is space.geometry:
        _measure(space, before)
        return
    if space.geometry is None:
        space.district_ref = None
        return
    places, notes = geometry.clean(np.array([space.geometry], object))
    if places[0] is None:
        issue = Issue.of("geometry", space.geometry.geom_type, notes[0] or "geometry.no_place")
        raise Invalid("geometry.no_place", [issue])
    space.geometry = places[0]
    lon, lat = geometry.anchors(places)
    if not (-180 <= lon[0] <= 180 and -90 <= lat[0] <= 90):
        raise Invalid("geometry.not_on_earth", [Issue.of("geometry", f"{lon[0]}, {lat[0]}", "geometry.not_on_earth")])
    district = Locator(area_rows.districts(con)).locate(float(lon[0]), float(lat[0]))
    space.district_ref = district.ref if district else None
    _measure(space, before)


def _measure(space: Space, before: Space | None) -> None:
    """The plot's area from its outline, unless somebody gave one; marked as measured."""
    given = space.plot_area_m2 is not None and not space.plot_area_measured
    if before is not None and before.plot_area_m2 != space.plot_area_m2:
        given = space.plot_area_m2 is not None
    if given:
        space.plot_area_measured = False
        return
    area = float(geometry.area_m2(np.array([space.geometry], object))[0]) if space.geometry is not None else 0.0
    space.plot_area_m2 = round(area, 1) or None
    space.plot_area_measured = space.plot_area_m2 is not None


def _check(con: Connection, space: Space, names: Sequence[str]) -> None:
    issues = check_space(space, names)
    if space.within_ref and "within_ref" in names and not issues:
        spaces.get(con, space.within_ref)
    if issues:
        raise Invalid("space.invalid", issues, ref=space.ref)


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same fact; geometries within 1 cm."""
    if one is None or other is None or not hasattr(one, "geom_type"):
        return bool(one == other)
    return bool(shapely.equals_exact(one, other, tolerance=2 * 10**-geometry.DECIMALS, normalize=True))


def differences(before: Space, after: Space) -> dict[str, Any]:
    """What changed, by field: [before, after] as an event keeps it; geometries as WKT."""
    skip = ("revision", "updated_at", "created_at", "corrected_fields")
    return {
        name: [_told(getattr(before, name)), _told(getattr(after, name))]
        for name in FIELDS
        if name not in skip and not same(getattr(before, name), getattr(after, name))
    }


def _told(value: Any) -> Any:
    return shapely.to_wkt(value, rounding_precision=geometry.DECIMALS) if hasattr(value, "geom_type") else value
