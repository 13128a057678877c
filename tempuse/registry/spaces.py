"""Use cases of spaces: add, edit, place, move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.registry import records
from tempuse.registry.consents import HOW, settle_word
from tempuse.registry.placing import settle
from tempuse.registry.publishing import publish
from tempuse.registry.records import changing
from tempuse.registry.under_permits import check_change, holders_of, note_owner
from tempuse.spaces import EDITABLE, SPACE_LIFECYCLE, Period, Space, check_space
from tempuse.store import claims, forms, spaces
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, PlacedBy

# What the event of a move tells of: the rest of it stands in the event's own columns.
MOVED = ("status",)


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
        return forms.once(
            con, "space", form_token, now, lambda: put_space(con, actor, space, now, past=past, note=note)
        )


def put_space(
    con: Connection, actor: Actor, space: Space, now: datetime, *,
    past: Sequence[Period] = (), note: str | None = None,
) -> str:  # fmt: skip
    """Register a space within a transaction of another use case; gives its ref."""
    space.ref = next_refs(con, "space")[0]
    space.created_at = space.updated_at = now
    if space.geometry is not None:
        space.placed_by = space.placed_by or PlacedBy.PLANNER.value
    settle(con, space)
    _check(con, space, EDITABLE)
    spaces.add(con, space)
    if space.within_ref:  # whoever holds the building holds its rooms
        claims.take_over(con, {space.ref: space.within_ref})
    spaces.put_periods(con, space.ref, past)
    add_event(con, actor, now, "space", space.ref, "add", status=space.status, note=note)
    publish(con, "spaces", [space.ref], now)
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
        return put_changes(
            con, actor, ref, changes, now, revision=revision, past=past, note=note, placed_by=placed_by
        )  # fmt: skip


def put_changes(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, *,
    revision: int | None = None, past: Sequence[Period] | None = None, note: str | None = None,
    placed_by: PlacedBy = PlacedBy.PLANNER,
) -> Space:  # fmt: skip
    """The same within a transaction of another use case."""
    with changing(
        con, actor, spaces.rows, ref, now, "edit", revision=revision, wanted=changes, note=note
    ) as change:  # fmt: skip
        space, before = change.record, change.before
        for name, value in changes.items():
            setattr(space, name, value)
        if "geometry" in changes:
            space.placed_by = placed_by.value if space.geometry is not None else None
        settle(con, space, before)
        settle_word(before, space)
        _check(con, space, tuple(changes))
        check_change(con, before, space, now)
        note_owner(con, actor, before, space, now, note)
        if past is not None and list(past) != (held := spaces.periods_of(con, ref)):
            change.told["past"] = [len(held), len(past)]
            spaces.put_periods(con, ref, past)
        if space.source:
            by_hand = (set(changes) - set(HOW)) & set(change.differences())
            # A place that was taken away again is no correction: the next import may bring one.
            unplaced = {"geometry"} if space.geometry is None else set()
            space.corrected_fields = tuple(sorted({*space.corrected_fields, *by_hand} - unplaced))
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
            if move in ("retire", "withhold"):
                _check_free(con, ref, now)
            with changing(
                con, actor, spaces.rows, ref, now, move, revision=revision, only=MOVED, note=note, publish=False
            ) as change:
                records.move(change.record, SPACE_LIFECYCLE, move, retired_on=retired_on, note=note)
                change.record.retired_on = retired_on if move == "retire" else None
                change.record.retired_why = note if move == "retire" else None
            moved.append(change.record)
        publish(con, "spaces", refs, now)
    return moved


def _check_free(con: Connection, ref: str, now: datetime) -> None:
    """Return in silence when no permit holds the space today or later, or still has its keys.

    Raises:
        Conflict: one does; ``refs`` says which.
    """
    if held := holders_of(con, ref, now):
        raise Conflict("space.has_permits", ref=ref, refs=", ".join(held))


def _check(con: Connection, space: Space, names: Sequence[str]) -> None:
    issues = check_space(space, names)
    if space.within_ref and "within_ref" in names and not issues:
        spaces.get(con, space.within_ref)
        if space.ref in claims.above(con, [space.within_ref]):
            issues = [Issue.of("within_ref", space.within_ref, "space.within_circle", ref=space.ref)]
    if issues:
        raise Invalid("space.invalid", issues, ref=space.ref)
