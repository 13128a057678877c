"""Signatures: a row on the hash of the terms; a permit is signed when every party has signed the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tempuse.access import Actor
from tempuse.agreements import Signature, is_complete
from tempuse.errors import Conflict, Invalid, Issue, WrongState
from tempuse.fields import check_record
from tempuse.permits import CLAIMING, Permit
from tempuse.registry.permits.carrying import carry_over_if_renewal
from tempuse.registry.permits.holding import Held, allow, expect, holding, parties_told
from tempuse.store import agreements, permits
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.terms import digest
from tempuse.vocabulary import Party, Permission, PermitStatus, SignedHow


def sign_permit(
    con: Connection, actor: Actor, ref: str, now: datetime, signatures: Sequence[Signature], *, sha256: str
) -> Permit:
    """Sign the newest terms: for one party, or on paper for several at once. The same signature twice is one.

    When the last of those that the kind asks for is there, an approved permit is signed; a renewal takes over.

    Args:
        con: an idle connection.
        actor: who signs; or the office, for the city and for what was signed on paper.
        ref: which permit.
        now: the instant.
        signatures: with ``party``, ``name``, ``role_said``, ``how``, ``signed_on`` and ``document``.
        sha256: of the terms that they saw (``terms.digest``).

    Raises:
        Conflict: the terms are others by now, or somebody would sign for both sides.
        Invalid: a name is missing.
        WrongState: it is not to be signed, or not by them for this party.
    """
    allow(con, actor, Permission.PERMIT_SIGN, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, CLAIMING)
        if sha256 != digest(permits.newest_terms(con, ref), permit.space_refs, permit.holder_ref):
            raise Conflict("permit.other_terms", ref=ref)
        known = [each for each in agreements.signatures_of(con, ref) if each.sha256 == sha256]
        for each in signatures:
            _check(actor, permit, each, known)
            if each.party in {one.party for one in known}:
                continue
            # What the office writes down was signed by somebody else.
            signer = actor.person_ref if each.how == SignedHow.TYPED else None
            known.append(replace(each, permit_ref=ref, sha256=sha256, person_ref=signer, at=now))
            agreements.signature_rows.add(con, known[-1])
            add_event(con, actor, now, "permit", ref, "signature", status=permit.status,
                      changes={"party": [None, each.party], "name": [None, each.name]})  # fmt: skip
        _sign_if_complete(con, actor, permit, now)
        return permits.get(con, ref)


def _check(actor: Actor, permit: Permit, signature: Signature, known: Sequence[Signature]) -> None:
    """Nobody signs for both sides on this site, and only the office writes down what was signed on paper."""
    in_office = any(each.over is None for each in actor.memberships)
    if not in_office:
        theirs = permit.holder_ref if signature.party == Party.HOLDER else permit.grantor_ref
        if signature.how != SignedHow.TYPED or not any(
            each.over is not None and each.over.ref == theirs for each in actor.memberships
        ):
            raise WrongState("permit.not_your_signature", ref=permit.ref)
    for other in known:
        typed = SignedHow.TYPED in (signature.how, other.how) and actor.person_ref is not None
        if typed and other.party != signature.party and other.person_ref == actor.person_ref:
            raise Conflict("permit.signed_for_other", ref=permit.ref)
    issues = check_record(signature)
    if not signature.name.strip():
        issues.append(Issue.of("name", "", "field.needed"))
    if issues:
        raise Invalid("permit.invalid", issues)


def is_signed(con: Connection, held: Held) -> bool:
    """Whether every party that the kind asks for has signed the terms that are held."""
    return is_complete(agreements.signatures_of(con, held.permit.ref), held.sha256, held.kind.parties)


def _sign_if_complete(con: Connection, actor: Actor, permit: Permit, now: datetime) -> None:
    """Make the move when every party has signed the terms that rule."""
    if permit.status != PermitStatus.APPROVED:
        return
    settings = get_settings(con)
    ruling = Held(
        permit, permits.terms_of(con, permit.ref, permit.terms_version), settings, settings.today(now), {}
    )  # fmt: skip
    if not is_signed(con, ruling):
        return
    with holding(con, actor, permit.ref, now, "sign", signatures=True) as held:
        pass
    parties_told(con, held.permit, "permit_signed", now)
    carry_over_if_renewal(con, actor, held.permit, now)
