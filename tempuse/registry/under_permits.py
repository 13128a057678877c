"""A space is changed while somebody holds it: what a change would break is refused, what it means is noted."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.errors import Conflict
from tempuse.permits import CLAIMING, OPEN
from tempuse.spaces import Space
from tempuse.store import claims, closures, owner_changes, permits
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection

# Who owns a space; another address of the same owner is no other owner.
_WHOSE = ("owner_name", "ownership")


def holders_of(con: Connection, ref: str, now: datetime, *, with_closures: bool = False) -> list[str]:
    """What holds a space today or later, or still has its keys."""
    held = claims.holders(con, ref, get_settings(con).today(now))
    return [each for each in held if with_closures or not each.startswith(closures.PREFIX)]


def broken_by(con: Connection, before: Space, space: Space, now: datetime) -> dict[str, list[str]]:
    """What a change of a space would break: by field, the permits that it would break; empty when nothing.

    A space stays within its building while somebody holds it, and is there for as long as it was promised.
    """
    found = {}
    if space.within_ref != before.within_ref:
        found["within_ref"] = holders_of(con, space.ref, now, with_closures=True)
    today = get_settings(con).today(now)
    if space.available_until is not None and space.available_until != before.available_until:
        found["available_until"] = claims.after(con, space.ref, space.available_until)
    if space.available_from is not None and space.available_from != before.available_from:
        found["available_from"] = claims.before(con, space.ref, space.available_from, today)
    return {name: refs for name, refs in found.items() if refs}


def check_change(con: Connection, before: Space, space: Space, now: datetime) -> None:
    """Return in silence when a change of a space breaks no permit.

    Raises:
        Conflict: it breaks some; ``refs`` says which.
    """
    for name, refs in broken_by(con, before, space, now).items():
        message = "space.moves_under_permits" if name == "within_ref" else "space.shorter_than_permits"
        raise Conflict(message, ref=space.ref, refs=", ".join(refs))


def note_owner(
    con: Connection, actor: Actor, before: Space, space: Space, now: datetime, note: str | None = None
) -> None:
    """Open a task of the office for each permit whose space got another owner; it goes on meanwhile."""
    if before.owner_name is None and before.ownership == space.ownership:
        return  # it was not known; now it is
    if any(getattr(before, name) != getattr(space, name) for name in _WHOSE):
        note_sale(con, actor, space.ref, now, note)


def note_sale(con: Connection, actor: Actor, space_ref: str, now: datetime, note: str | None = None) -> None:
    """The same, where it is known that it was sold; a task that is open already stays one."""
    known = {each.permit_ref for each in owner_changes.waiting(con) if each.space_ref == space_ref}
    # What is given within another permit is that one's holder's, whoever owns the space.
    new = [
        each.permit for each in live_on(con, space_ref) if each.permit.ref not in known and each.permit.head_ref is None
    ]  # fmt: skip
    owner_changes.note(con, [each.ref for each in new], space_ref, get_settings(con).today(now), now)
    for each in new:
        told = {"space_ref": [None, space_ref]}
        add_event(con, actor, now, "permit", each.ref, "owner_changed", status=each.status, changes=told, note=note)


def live_on(con: Connection, space_ref: str) -> list[permits.Ruled]:
    """The requests and decided permits for a space, for what lies within it, and for what it lies within."""
    near = {space_ref, *claims.closure(con, [space_ref]).values(), *claims.above(con, [space_ref])}
    return permits.of_spaces(con, near, (*OPEN, *CLAIMING))
