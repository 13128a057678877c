"""A permit within a permit: whoever holds the head gives parts of it to others, never more than it has."""

from __future__ import annotations

from tempuse.access import Actor
from tempuse.errors import Issue
from tempuse.permits import CLAIMING, Permit
from tempuse.registry.permits.holding import Held
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import Sublet


def within_head(con: Connection, held: Held) -> list[Issue]:
    """Whether the head that a permit is asked within is agreed, and lets others use it."""
    return wrong_with_head(con, held.permit.head_ref) if held.permit.head_ref else []


def wrong_with_head(con: Connection, head_ref: str) -> list[Issue]:
    """Why nothing can be given within a permit; a list, empty when it can."""
    head, terms = permits.one_ruled(con, head_ref)
    if head.status not in CLAIMING or head.head_ref:
        return [Issue.of("head_ref", head_ref, "permit.head_not_agreed", ref=head_ref)]
    if terms.sublet == Sublet.NO:
        return [Issue.of("head_ref", head_ref, "permit.head_lets_nobody", ref=head_ref)]
    return []


def asks_city(con: Connection, actor: Actor, permit: Permit) -> list[Issue]:
    """Whether the head says that the city agrees to each use within it, and whoever decides is not of the office."""
    if permit.head_ref is None or any(each.over is None for each in actor.memberships):
        return []
    head, terms = permits.one_ruled(con, permit.head_ref)
    if terms.sublet == Sublet.WITH_CONSENT:
        return [Issue.of("head_ref", head.ref, "permit.head_asks_consent", ref=head.ref)]
    return []
