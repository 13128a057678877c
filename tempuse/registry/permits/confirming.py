"""A request is confirmed by the link in a letter, or on paper, and goes to the office; or it is forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tempuse.access import PUBLIC, Actor, check_allowed
from tempuse.people import Person
from tempuse.permits import PERMIT_LIFECYCLE, Permit, values_for
from tempuse.registry import records
from tempuse.registry.erasing import ERASED
from tempuse.registry.members import group_of
from tempuse.registry.needs.keeping import blank_matches
from tempuse.registry.permits.holding import allow, expect, holding, tell_grantor, tell_holder, tell_office
from tempuse.registry.reports import fingerprint
from tempuse.store import matches, people, permits
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.terms import Terms
from tempuse.vocabulary import Permission, PermitStatus

# A request whose address nobody confirmed is forgotten after so long.
UNCONFIRMED = timedelta(days=14)


def expect_secret(con: Connection, actor: Actor, ref: str, secret: str) -> None:
    """Let whoever knows this secret confirm a request; the register keeps its fingerprint alone.

    Raises:
        NotFound: there is no such request.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        permit = permits.lock(con, ref)
        permit.confirm_token = fingerprint(secret)
        permits.save(con, permit)


class Confirmed(NamedTuple):
    """A request that somebody confirmed, and who that was."""

    permit: Permit
    person: Person


def confirm_request(con: Connection, actor: Actor, secret: str, now: datetime) -> Confirmed | None:
    """Take a request as its sender's: it goes to the office. None when none waits for this secret.

    Twice does no harm: who comes again gets the same answer, while the request is not forgotten.
    """
    check_allowed(actor, Permission.PERMIT_SEND)
    with writing(con):
        permit = permits.of_link(con, fingerprint(secret))
        if permit is None or permit.contact_ref is None:
            return None
        person = people.get(con, permit.contact_ref)
        if person.ended_at is not None or _is_too_old(permit, now):
            return None
        if permit.status == PermitStatus.DRAFT:
            terms = permits.terms_of(con, permit.ref, permit.terms_version)
            acting = replace(PUBLIC, name=person.name, person_ref=person.ref)
            permit.holder_ref = permit.holder_ref or group_of(
                con, acting, permit.holder_name or person.name, person, person.language, now
            )
            permit.confirmed_at = now
            submit(con, acting, permit, terms, now)
        return Confirmed(permit, people.get(con, permit.contact_ref))


def _is_too_old(permit: Permit, now: datetime) -> bool:
    """Whether nobody confirmed a request in time, though nobody has forgotten it yet."""
    waits = permit.status == PermitStatus.DRAFT
    return waits and permit.created_at is not None and permit.created_at + UNCONFIRMED <= now


def submit(con: Connection, actor: Actor, permit: Permit, terms: Terms, now: datetime) -> None:
    """Send a request in, within the transaction of a use case that asked: its events, and who is told."""
    details = values_for(permit, starts_on=terms.starts_on, ends_on=terms.ends_on)
    records.move(permit, PERMIT_LIFECYCLE, "submit", **details)
    permit.submitted_at = permit.updated_at = now
    permit.revision += 1
    permits.save(con, permit)
    add_event(con, actor, now, "permit", permit.ref, "submit", status=permit.status)
    tell_holder(con, permit, "permit_received", now, "submit")
    tell_office(con, permit, "permit_to_review", now, "submit")
    if permit.head_ref:  # whoever holds that decides
        tell_grantor(con, permit, "permit_to_review", now, "submit")


def submit_on_paper(con: Connection, actor: Actor, ref: str, now: datetime, *, note: str | None = None) -> Permit:
    """Send in a request that the office filled in for a group, whose yes it has on paper.

    Raises:
        WrongState: it was sent in already.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, {PermitStatus.DRAFT})
        if permit.holder_ref is None:
            person = people.get(con, permit.contact_ref) if permit.contact_ref else None
            called = permit.holder_name or (person.name if person else "")
            permit.holder_ref = group_of(con, actor, called, person, permit.language, now, confirmed=False)
        submit(con, actor, permit, permits.terms_of(con, ref, permit.terms_version), now)
        if note:
            add_event(con, actor, now, "permit", ref, "remark", note=note)
    return permit


def forget_unconfirmed(con: Connection, actor: Actor, now: datetime) -> int:
    """Withdraw the drafts that nobody confirmed in time, and blank who sent them; how many."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    refs = permits.unconfirmed_before(con, now - UNCONFIRMED)
    con.rollback()
    for ref in refs:
        with writing(con), holding(con, actor, ref, now, "withdraw") as held:
            held.permit.contact_ref = held.permit.holder_name = held.permit.confirm_token = None
            held.permit.private_text = held.permit.purpose = None
            held.permit.answers = {}
            blank_matches(con, matches.of_permit(con, ref), ERASED)
    return len(refs)
