"""Asking within a permit: a mediator's contact fills a request in, or the office hands one over to a mediator."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.errors import Invalid, Issue
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.permits.heads import wrong_with_head
from tempuse.registry.permits.holding import allow, expect, holding
from tempuse.registry.permits.requesting import Requested, Requester, request_permit
from tempuse.standing import last_on
from tempuse.store import claims, permits
from tempuse.store.engine import Connection, writing
from tempuse.terms import Terms
from tempuse.vocabulary import Permission


def request_within(
    con: Connection, actor: Actor, head_ref: str, permit: Permit, terms: Terms, requester: Requester, now: datetime,
    form_token: str | None = None,
) -> Requested:  # fmt: skip
    """Take in a request for a part of what a permit has; its holder is the grantor, and decides.

    Args:
        con: an idle connection.
        actor: a contact of the head's holder, or the office.
        head_ref: the permit within which it is given.
        permit: what is asked for.
        terms: from when to when, and what else is asked.
        requester: who asks, and for whom.
        now: the instant.
        form_token: of the form that was sent.

    Raises:
        NotFound: there is no such head.
        NotAllowed: it is not theirs.
        Invalid: the head is not agreed, lets nobody else use it, or does not have what is asked for.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, head_ref)
    head = permits.get(con, head_ref)
    issues = wrong_with_head(con, head_ref) or _outside(con, head, permit, terms)
    con.rollback()
    if issues:
        raise Invalid("permit.invalid", issues)
    permit.head_ref, permit.grantor_ref = head_ref, head.holder_ref
    return request_permit(con, actor, permit, terms, requester, now, form_token)


def hand_to_head(con: Connection, actor: Actor, ref: str, head_ref: str, now: datetime) -> Permit:
    """Let the holder of a permit that has the space already decide about a request.

    Raises:
        Invalid: the head is not agreed, lets nobody else use it, or does not have what is asked for.
        WrongState: the request is decided.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "hand_to_head") as held:
        permit, head = held.permit, permits.get(con, head_ref)
        expect(permit, OPEN)
        if issues := wrong_with_head(con, head_ref) or _outside(con, head, permit, held.terms):
            raise Invalid("permit.invalid", issues)
        held.told["head_ref"] = [permit.head_ref, head_ref]
        permit.head_ref, permit.grantor_ref = head_ref, head.holder_ref
    return permit


def heads_for(con: Connection, ref: str) -> list[permits.Ruled]:
    """The permits within which a request could be given: they have its spaces in these days, and let others in."""
    permit, terms = permits.one_ruled(con, ref)
    if permit.head_ref:
        return []
    near = {*permit.space_refs, *claims.above(con, permit.space_refs)}
    return [
        each for each in permits.of_spaces(con, near, CLAIMING)
        if not wrong_with_head(con, each.permit.ref) and not _outside(con, each.permit, permit, terms)
    ]  # fmt: skip


def _outside(con: Connection, head: Permit, permit: Permit, terms: Terms) -> list[Issue]:
    """What a request asks for that the head does not have; a list, empty when nothing."""
    of_head = set(claims.closure(con, head.space_refs).values())
    its = permits.one_ruled(con, head.ref).terms
    last, issues = last_on(head, its), []
    for ref in permit.space_refs:
        if ref not in of_head:
            issues.append(Issue.of("space_refs", ref, "permit.space_outside_head", ref=ref, head=head.ref))
    if terms.starts_on and its.starts_on and terms.starts_on < its.starts_on:
        values = {"ref": head.ref, "day": its.starts_on}
        issues.append(Issue.of("starts_on", terms.starts_on.isoformat(), "permit.too_early", **values))
    if terms.ends_on and last and terms.ends_on > last:
        issues.append(Issue.of("ends_on", terms.ends_on.isoformat(), "permit.too_late", ref=head.ref, day=last))
    return issues
