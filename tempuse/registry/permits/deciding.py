"""The office decides: takes a request up, approves, refuses, reconsiders, revokes."""

from __future__ import annotations

from datetime import datetime, timedelta

from tempuse.access import Actor
from tempuse.agreements import Assent
from tempuse.errors import Invalid
from tempuse.permits import Permit
from tempuse.registry.permits import claiming
from tempuse.registry.permits.checking import put_checks
from tempuse.registry.permits.heads import asks_city
from tempuse.registry.permits.holding import Held, allow, holding, parties_told, tell_holder
from tempuse.registry.permits.obstacles import needs_word, obstacles
from tempuse.registry.permits.recording import decide as decide
from tempuse.registry.permits.recording import snapshot as snapshot
from tempuse.registry.permits.subuses import settle_subuses
from tempuse.store import agreements, spaces
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import AssentHow, DecisionKind, Permission


def take_up_request(con: Connection, actor: Actor, ref: str, now: datetime, *, revision: int | None = None) -> Permit:
    """Begin to look at a request; whoever does is its handler. The departments that its kind names are asked."""
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "take_up", revision=revision) as held:
            held.permit.handler_ref = actor.person_ref
        put_checks(con, actor, held, now)
    return held.permit


def approve_permit(
    con: Connection, actor: Actor, ref: str, now: datetime, *, revision: int | None = None, note: str | None = None,
    agreed_by: str | None = None,
) -> Permit:  # fmt: skip
    """Approve a request: its days are taken, and both sides may sign.

    Args:
        con: an idle connection.
        actor: who decides.
        ref: which request.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.
        note: what the group reads beside the decision.
        agreed_by: who agreed for a private owner by letter; written down as their assent to these terms.

    Raises:
        WrongState: it is not under decision.
        Invalid: something stands in the way; ``issues`` has all of it.
        Conflict: another permit has some of the days; ``values["rivals"]`` says which; or it was changed since.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "approve", revision=revision, note=note) as held:
            permit, terms = held.permit, held.terms
            _note_assent(con, actor, held, now, agreed_by)
            if issues := [*obstacles(con, held), *asks_city(con, actor, permit)]:
                raise Invalid("permit.not_approvable", issues, ref=ref)
            claiming.take(con, permit, terms)
            permit.sign_by_on = held.today + timedelta(days=held.kind.sign_days)
            permit.handler_ref = permit.handler_ref or actor.person_ref
            decide(con, actor, held, DecisionKind.GRANT, now, note)
        parties_told(con, permit, "permit_approved", now)
    return permit


def _note_assent(con: Connection, actor: Actor, held: Held, now: datetime, agreed_by: str | None) -> None:
    """The press is the city's word on its own spaces, and a mediator's on theirs; for others a letter, where named."""
    own = held.permit.head_ref or not needs_word([spaces.get(con, each) for each in held.permit.space_refs])
    if own or agreed_by:
        agreements.assent_rows.add(con, Assent(
            permit_ref=held.permit.ref, terms_version=held.permit.terms_version, sha256=held.sha256,
            owner_ref=held.permit.grantor_ref, says_yes=True, by=agreed_by or actor.name, at=now,
            how=(AssentHow.LETTER if agreed_by else AssentHow.SIGNED_IN).value,
        ))  # fmt: skip


def refuse_request(
    con: Connection, actor: Actor, ref: str, now: datetime, because: str, *, revision: int | None = None
) -> Permit:
    """Say no to a request, with a reason that the group reads; it works whatever became of the space."""
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "refuse", revision=revision, note=because, because=because) as held:
            decide(con, actor, held, DecisionKind.REFUSE, now, because)
        tell_holder(con, held.permit, "permit_refused", now)
    return held.permit


def reconsider_permit(
    con: Connection, actor: Actor, ref: str, now: datetime, because: str, *, with_subuses: bool = False
) -> Permit:
    """Look anew at what was refused or approved: an objection, another view. An approval's days are free again.

    Raises:
        Conflict: others have parts of it, and nobody said that theirs are revoked as well.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "reconsider", note=because, because=because) as held:
            claiming.let_go(con, held.permit, held.terms)
            held.permit.sign_by_on = None
            settle_subuses(con, actor, held.permit, now, because, with_subuses=with_subuses)
        tell_holder(con, held.permit, "permit_reconsidered", now)
    return held.permit


def revoke_permit(
    con: Connection, actor: Actor, ref: str, now: datetime, because: str, *, with_subuses: bool = False
) -> Permit:
    """Take an approval back before the keys changed hands; its days are free from this minute.

    Raises:
        Conflict: others have parts of it, and nobody said that theirs are revoked as well.
    """
    allow(con, actor, Permission.PERMIT_REVOKE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "revoke", note=because, because=because) as held:
            claiming.let_go(con, held.permit, held.terms)
            held.permit.ended_why = because
            settle_subuses(con, actor, held.permit, now, because, with_subuses=with_subuses)
            decide(con, actor, held, DecisionKind.REVOKE, now, because)
        parties_told(con, held.permit, "permit_revoked", now)
    return held.permit


def assign_request(con: Connection, actor: Actor, ref: str, handler_ref: str | None, now: datetime) -> Permit:
    """Say who handles a permit; nobody where None is given."""
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "assign") as held:
        held.told["handler_ref"] = [held.permit.handler_ref, handler_ref]
        held.permit.handler_ref = handler_ref
    return held.permit
