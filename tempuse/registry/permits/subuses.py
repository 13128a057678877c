"""A head permit loses days: what is given within it ends with it, in the same transaction, or it does not end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from tempuse.access import Actor
from tempuse.agreements import Handover
from tempuse.errors import Conflict
from tempuse.occurrences import day_of, minute_of
from tempuse.permits import Permit
from tempuse.registry.permits.holding import holding, parties_told
from tempuse.registry.permits.recording import decide
from tempuse.store import agreements, claims, covering, permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import DecisionKind, EarlyEnd, HandoverWay, PermitStatus


def settle_subuses(
    con: Connection, actor: Actor, head: Permit, now: datetime, because: str, *, with_subuses: bool,
    last: date | None = None, handover: Handover | None = None,
) -> list[str]:  # fmt: skip
    """End what is given within a head and sticks out of it, after the head's own claims were cut; which these were.

    Args:
        con: a connection within the writing transaction that cut them.
        actor: who acts on the head.
        head: the head.
        now: the instant.
        because: why the head lost days; it is why these end, too.
        with_subuses: somebody read which these are, and said that they end with it.
        last: the head's last day, for those whose keys are out; otherwise the day before they stick out.
        handover: the keys of the head came back: so do all others.

    Raises:
        Conflict: some stick out, and nobody said that they end with it; ``subuses`` says which.
    """
    out = covering.sticking_out(con, head.ref)
    if handover is not None:
        still = (permits.get(con, ref) for ref in covering.subuses_of(con, head.ref))
        out |= {each.ref: out.get(each.ref, 0) for each in still if each.status == PermitStatus.HANDED_OVER}
    if not out:
        return []
    refs = sorted(out)
    if not with_subuses:
        raise Conflict("permit.subuses_stick_out", ref=head.ref, refs=", ".join(refs), subuses=refs)
    for ref in refs:
        if permits.get(con, ref).status != PermitStatus.HANDED_OVER:
            _revoke(con, actor, ref, now, because)
        elif handover is not None:
            _hand_back(con, actor, ref, now, handover)
        else:
            _end(con, actor, ref, now, because, last or day_of(out[ref]) - timedelta(days=1))
    return refs


def _revoke(con: Connection, actor: Actor, ref: str, now: datetime, because: str) -> None:
    with holding(con, actor, ref, now, "revoke", note=because, because=because) as held:
        claims.cut(con, ref, 0)
        held.permit.ended_why = because
        decide(con, actor, held, DecisionKind.REVOKE, now, because)
    _tell(con, held.permit, "permit_revoked", now)


def _end(con: Connection, actor: Actor, ref: str, now: datetime, because: str, last: date) -> None:
    how = EarlyEnd.SPACE_GONE.value
    with holding(
        con, actor, ref, now, "end_early", note=because, ended_on=last, ended_how=how, because=because
    ) as held:
        permit = held.permit
        held.told["ended_on"] = [permit.ended_on, last]
        held.told["ended_how"] = [permit.ended_how, how]
        permit.ended_on, permit.ended_how, permit.ended_why = last, how, because
        claims.cut(con, ref, minute_of(last + timedelta(days=1)))
        decide(con, actor, held, DecisionKind.END_EARLY, now, because)
    _tell(con, held.permit, "permit_ended_early", now)


def _hand_back(con: Connection, actor: Actor, ref: str, now: datetime, handover: Handover) -> None:
    with holding(con, actor, ref, now, "hand_back", handover=handover) as held:
        permit = held.permit
        back = replace(handover, permit_ref=ref, way=HandoverWay.BACK.value, by=actor.name, at=now)
        agreements.handover_rows.add(con, back)
        assert handover.on is not None  # it was checked with the head's
        held.told["on"] = [None, handover.on]
        claims.cut(con, ref, minute_of(handover.on + timedelta(days=1)))
        if held.terms.ends_on and handover.on < (permit.ended_on or held.terms.ends_on):
            permit.ended_on = handover.on
    _tell(con, held.permit, "permit_handed_back", now)


def _tell(con: Connection, permit: Permit, template: str, now: datetime) -> None:
    parties_told(con, permit, template, now)
