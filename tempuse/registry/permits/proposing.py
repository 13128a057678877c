"""A mediator asks for spaces of its mandate: for a group, or to hold them itself and give parts of them to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.errors import NotAllowed
from tempuse.permits import Permit
from tempuse.registry.mandates import mandated
from tempuse.registry.permits.requesting import Requested, Requester, request_permit
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.terms import Terms
from tempuse.vocabulary import Permission, Sublet


def propose_request(
    con: Connection, actor: Actor, permit: Permit, terms: Terms, requester: Requester, now: datetime,
    form_token: str | None, may_write: Callable[[str], bool],
) -> Requested:  # fmt: skip
    """Fill in a request for a group, on spaces of a mandate; a draft until the group confirms it by its letter.

    Args:
        con: an idle connection.
        actor: a contact of the mediator, or the office.
        permit: what is asked for.
        terms: from when to when, and what else is asked.
        requester: the group, by its name and the address of its contact.
        now: the instant.
        form_token: of the form that was sent; None where none was.
        may_write: asked once, with the address of a new request, whether a letter may go there.

    Raises:
        NotAllowed: no mandate of theirs that allows it runs over every one of the spaces.
        Invalid: something is missing, or does not fit, or is not what the spaces allow.
    """
    _allow(con, actor, permit, now, "may_propose")
    return request_permit(con, actor, permit, terms, replace(requester, organisation_ref=None), now, form_token,
                          may_write)  # fmt: skip


def propose_head(
    con: Connection, actor: Actor, permit: Permit, terms: Terms, mediator_ref: str, now: datetime,
    form_token: str | None = None,
) -> Requested:  # fmt: skip
    """Ask for spaces of a mandate for the mediator itself, which is to give parts of them to others.

    Args:
        con: an idle connection.
        actor: a contact of the mediator.
        permit: what is asked for.
        terms: from when to when; letting others use it is always asked.
        mediator_ref: which of their organisations is to hold it.
        now: the instant.
        form_token: of the form that was sent; None where none was.

    Raises:
        NotAllowed: no mandate of that mediator that allows it runs over every one of the spaces, or they are no contact
            of it.
        Invalid: something is missing, or does not fit, or is not what the spaces allow.
    """
    _allow(con, actor, permit, now, "may_head", mediator_ref)
    asked = replace(terms, sublet=Sublet.YES.value)
    return request_permit(con, actor, permit, asked, Requester(organisation_ref=mediator_ref), now, form_token)


def _allow(
    con: Connection, actor: Actor, permit: Permit, now: datetime, allows: str, mediator_ref: str | None = None
) -> None:  # fmt: skip
    """Return in silence if an actor may ask for these spaces. Afterwards the connection is idle."""
    found = mandated(con, permit.space_refs, get_settings(con).today(now), allows)
    con.rollback()
    check_allowed(actor, Permission.PERMIT_PROPOSE, found)
    if mediator_ref is not None and mediator_ref not in found.mediator_refs:
        raise NotAllowed("actor.not_allowed", name=actor.name, permission=Permission.PERMIT_PROPOSE.value)
