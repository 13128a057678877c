"""A renewal goes on where its permit ends: the keys stay where they are."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.permits import Permit
from tempuse.registry.permits.holding import holding
from tempuse.registry.records import changing
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import PermitChange, PermitStatus


def carry_over_if_renewal(con: Connection, actor: Actor, permit: Permit, now: datetime) -> None:
    """Let a signed renewal take over from a permit whose keys are out, within the transaction of its last signature."""
    if permit.change != PermitChange.RENEWAL or permit.continues_ref is None:
        return
    if permits.get(con, permit.continues_ref).status != PermitStatus.HANDED_OVER:
        return
    with holding(con, actor, permit.ref, now, "carry_over"):
        pass
    with changing(
        con, actor, permits.rows, permit.continues_ref, now, "continue", only=("continued_by_ref",), publish=True
    ) as change:
        change.record.continued_by_ref = permit.ref


def carry_waiting(con: Connection, actor: Actor, permit: Permit, now: datetime) -> None:
    """Let a renewal that was signed before the keys of this permit went out take over from it."""
    for each in permits.going_on_from(con, permit.ref):
        if each.status == PermitStatus.SIGNED:
            carry_over_if_renewal(con, actor, each, now)


def chain_before(con: Connection, permit: Permit) -> list[Permit]:
    """The permits that a permit goes on from, the latest first; each once, should they run in a circle."""
    found: list[Permit] = []
    seen, before = {permit.ref}, permit.continues_ref
    while before and before not in seen:
        seen.add(before)
        found.append(permits.get(con, before))
        before = found[-1].continues_ref
    return found
