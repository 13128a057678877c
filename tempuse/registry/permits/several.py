"""The same act on several permits: reminded, given to another handler, ended with the space that they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tempuse.access import Actor, check_allowed
from tempuse.errors import NotAllowed, TempuseError
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.permits.deciding import assign_request, refuse_request, revoke_permit
from tempuse.registry.permits.holding import allow, expect, holding, tell_holder
from tempuse.registry.permits.using import end_early
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import EarlyEnd, Permission, PermitStatus

# The act by which a permit ends with its space, by where it stands; from elsewhere nothing is to be ended.
ENDS_BY = {
    **dict.fromkeys(OPEN, "refuse"),
    PermitStatus.APPROVED.value: "revoke",
    PermitStatus.SIGNED.value: "revoke",
    PermitStatus.HANDED_OVER.value: "end_early",
}
# Where there is something to remind the group of.
REMINDABLE = (PermitStatus.DRAFT.value, PermitStatus.INFORMATION_REQUESTED.value, *CLAIMING)


class DoneTo(NamedTuple):
    """What became of one of several; ``error`` is why nothing was done with it."""

    ref: str
    error: TempuseError | None


def _each(refs: Iterable[str], act: Callable[[str], object]) -> list[DoneTo]:
    """Each for itself: what cannot be done with one keeps none of the others."""
    found = []
    for ref in refs:
        try:
            act(ref)
            found.append(DoneTo(ref, None))
        except NotAllowed:
            raise
        except TempuseError as error:
            found.append(DoneTo(ref, error))
    return found


def remind_holder(con: Connection, actor: Actor, ref: str, now: datetime) -> Permit:
    """Remind the group by letter of what it has to do next; one letter a day, however often it is pressed.

    Raises:
        WrongState: there is nothing for the group to do.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "remind") as held:
        expect(held.permit, REMINDABLE)
        tell_holder(con, held.permit, "permit_reminder", now, f"{held.permit.status} {held.today}")
    return held.permit


def remind_several(con: Connection, actor: Actor, refs: Sequence[str], now: datetime) -> list[DoneTo]:
    """Remind the groups of several permits."""
    check_allowed(actor, Permission.PERMIT_DECIDE)
    return _each(refs, lambda ref: remind_holder(con, actor, ref, now))


def assign_several(
    con: Connection, actor: Actor, refs: Sequence[str], handler_ref: str | None, now: datetime
) -> list[DoneTo]:
    """Let somebody else handle several permits."""
    check_allowed(actor, Permission.PERMIT_DECIDE)
    return _each(refs, lambda ref: assign_request(con, actor, ref, handler_ref, now))


def end_with_space(
    con: Connection, actor: Actor, standing: Mapping[str, str], on: date, because: str, now: datetime
) -> list[DoneTo]:
    """End permits because their space is no longer there: requests are refused, agreements revoked, uses ended.

    Args:
        con: an idle connection.
        actor: the office.
        standing: where each permit stood when somebody looked, by its ref; one that was moved since is left alone.
        on: the last day of those that are in use.
        because: why; the groups read it.
        now: the instant.
    """
    check_allowed(actor, Permission.PERMIT_DECIDE)

    def end(ref: str) -> object:
        act = ENDS_BY.get(standing[ref])
        if act == "refuse":
            return refuse_request(con, actor, ref, now, because)
        if act == "revoke":
            return revoke_permit(con, actor, ref, now, because)
        return end_early(con, actor, ref, now, ended_on=on, ended_how=EarlyEnd.SPACE_GONE.value, because=because)

    return _each(standing, end)
