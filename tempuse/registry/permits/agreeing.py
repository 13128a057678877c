"""Terms are agreed: the grantor's word on them, versions that are proposed and adopted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tempuse.access import Actor
from tempuse.agreements import Assent, word_on
from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.fields import check_record
from tempuse.occurrences import check_occurrences, minute_of
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.members import put_member
from tempuse.registry.organisations import address_of
from tempuse.registry.people import known_person
from tempuse.registry.permits import claiming
from tempuse.registry.permits.deciding import decide
from tempuse.registry.permits.holding import (
    Held,
    allow,
    expect,
    holding,
    parties_told,
    tell_grantor,
    tell_office,
)
from tempuse.registry.permits.obstacles import needs_word, obstacles
from tempuse.registry.permits.signing import is_signed
from tempuse.registry.permits.subuses import settle_subuses
from tempuse.store import agreements, organisations, owner_changes, permits, spaces
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.terms import PROPOSABLE, Terms, check_terms, digest, with_values
from tempuse.vocabulary import AssentHow, DecisionKind, Permission, PermitStatus, Role

# ---- the grantor ----------------------------------------------------------------------------------------------


def name_grantor(con: Connection, actor: Actor, ref: str, grantor_ref: str | None, now: datetime) -> Permit:
    """Say who grants a permit: an organisation of the register, or (None) the city itself.

    What another grantor agreed to is theirs: the new one is asked anew.

    Raises:
        NotFound: there is no such organisation.
        Conflict: it is given within another permit, by whoever holds that.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "name_grantor") as held:
        if held.permit.head_ref is not None:
            raise Conflict("permit.given_by_head", ref=ref, head=held.permit.head_ref)
        if grantor_ref is not None:
            organisations.get(con, grantor_ref)
        held.told["grantor_ref"] = [held.permit.grantor_ref, grantor_ref]
        held.permit.grantor_ref = grantor_ref
        owner_changes.settle(con, ref, now)
    return held.permit


def ask_grantor(con: Connection, actor: Actor, ref: str, now: datetime) -> Permit:
    """Ask the grantor by letter for their word on the newest terms.

    Raises:
        Conflict: there is no grantor to ask.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "ask_grantor") as held:
        if held.permit.grantor_ref is None:
            raise Conflict("permit.no_grantor", ref=ref)
        _let_in(con, actor, held.permit.grantor_ref, now)
        version = permits.newest_terms(con, ref).version
        held.told["terms_version"] = [None, version]
        tell_grantor(con, held.permit, "permit_assent", now, f"{version} {held.today}")
    return held.permit


def _let_in(con: Connection, actor: Actor, organisation_ref: str, now: datetime) -> None:
    """Let whoever reads an organisation’s own mailbox answer for it, where it has no contact: a letter is the proof."""
    organisation = organisations.get(con, organisation_ref)
    if organisation.email and not any(each.person for each in address_of(con, organisation_ref)):
        person = known_person(con, organisation.name, organisation.email, organisation.language, now, by=actor)
        put_member(con, actor, organisation_ref, person, Role.CONTACT.value, now, confirmed=True)


def give_assent(
    con: Connection, actor: Actor, ref: str, now: datetime, *, says_yes: bool, sha256: str, because: str | None = None,
    how: AssentHow = AssentHow.SIGNED_IN, by: str | None = None, document: str | None = None,
) -> Permit:  # fmt: skip
    """The grantor's word on the newest terms. The same word twice is one.

    Args:
        con: an idle connection.
        actor: a contact or signatory of the grantor; or the office, for what came by letter.
        ref: which permit.
        now: the instant.
        says_yes: yes or no.
        sha256: of the terms that they saw (``terms.digest``).
        because: why; a no needs it.
        how: by which way it came.
        by: whose word it is, where the office writes it down.
        document: the scan of a letter, by its name among the attachments.

    Raises:
        Conflict: the terms are others by now.
        Invalid: a no has no reason.
        WrongState: it is not open to a word any more.
    """
    allow(con, actor, Permission.PERMIT_ASSENT, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, {*OPEN, *CLAIMING})
        terms = permits.newest_terms(con, ref)
        if sha256 != digest(terms, permit.space_refs, permit.holder_ref):
            raise Conflict("permit.other_terms", ref=ref)
        if not says_yes and not (because or "").strip():
            raise Invalid("permit.invalid", [Issue.of("because", "", "field.needed")])
        word = word_on(agreements.assents_of(con, ref), terms.version, sha256, permit.grantor_ref)
        if word is not None and word.says_yes == says_yes:
            return permit
        assent = Assent(
            permit_ref=ref, terms_version=terms.version, sha256=sha256, owner_ref=permit.grantor_ref,
            says_yes=says_yes, because=because or None, how=how.value, by=by or actor.name, at=now,
            document=document,
        )  # fmt: skip
        if issues := check_record(assent):
            raise Invalid("permit.invalid", issues)
        agreements.assent_rows.add(con, assent)
        add_event(con, actor, now, "permit", ref, "assent", status=permit.status, note=because,
                  changes={"says_yes": [None, says_yes], "terms_version": [None, terms.version]})  # fmt: skip
        tell_office(con, permit, "permit_assented", now, f"{terms.version} {says_yes}")
    return permit


# ---- other terms ----------------------------------------------------------------------------------------------


def propose_terms(con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime) -> Terms:
    """Propose other terms as a further version; until it is adopted, the one before rules.

    Before an approval the new version takes the place of the one under decision at once, and what was said of that
    one does not count for this. Afterwards it waits for assent, signatures and ``adopt_terms``; of two proposals the
    later one counts.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        changes: new values by field of ``Terms``; ``from_on`` is the first day on which they rule.
        now: the instant.

    Raises:
        Invalid: a value does not fit.
        WrongState: it is over.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    if unknown := set(changes) - set(PROPOSABLE):
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    with writing(con), holding(con, actor, ref, now, "propose_terms") as held:
        permit = held.permit
        expect(permit, {*OPEN, *CLAIMING})
        number = permits.next_version(con, ref)
        wanted = with_values(permits.newest_terms(con, ref), changes)
        new = replace(wanted, version=number, proposed_at=now, proposed_by=actor.name)
        if issues := check_terms(new) or check_occurrences(new):
            raise Invalid("permit.invalid", issues)
        permits.add_terms(con, new)
        held.told["terms_version"] = [permit.terms_version, new.version]
        if permit.status in OPEN:
            permit.terms_version = new.version
        else:
            parties_told(con, permit, "permit_proposed", now)
    return new


def adopt_terms(
    con: Connection,
    actor: Actor,
    ref: str,
    now: datetime,
    *,
    version: int,
    with_subuses: bool = False,
    because: str | None = None,
) -> Permit:
    """Let a proposed version rule from its day on: the days it needs are taken, those it does not are free.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        now: the instant.
        version: the newest one, as the actor saw it.
        with_subuses: what is given within it and would stick out ends with it.
        because: why; needed where something ends with it.

    Raises:
        Conflict: there is a newer proposal, or another permit has some of the days.
        Invalid: the grantor or a signature is missing, or something else stands in the way.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(con, actor, ref, now, "adopt", terms_version=version) as held:
            permit, before = held.permit, held.terms
            new = permits.newest_terms(con, ref)
            if new.version != version or version == permit.terms_version:
                raise Conflict("permit.other_terms", ref=ref)
            held.terms, permit.terms_version = new, version
            held.told["terms_version"] = [before.version, version]
            _note_city(con, actor, held, now)
            issues = obstacles(con, held)
            if permit.status != PermitStatus.APPROVED and not is_signed(con, held):
                issues.append(Issue.of("signatures", "", "permit.not_signed_again"))
            if issues:
                raise Invalid("permit.not_approvable", issues, ref=ref)
            claiming.take(con, permit, new, _from(new, before, held.today, permit))
            settle_subuses(con, actor, permit, now, because or "", with_subuses=with_subuses)
            decide(con, actor, held, DecisionKind.CHANGE, now, because)
        parties_told(con, permit, "permit_changed", now)
    return permit


def _from(new: Terms, before: Terms, today: date, permit: Permit) -> int:
    """The minute from which a change takes hold: what is past stays as it was."""
    if permit.status != PermitStatus.HANDED_OVER:
        return 0
    return minute_of(max(new.from_on or today, before.starts_on or today))


def _note_city(con: Connection, actor: Actor, held: Held, now: datetime) -> None:
    """For the city's own spaces the planner's press is the grantor's word."""
    if held.permit.head_ref or not needs_word([spaces.get(con, each) for each in held.permit.space_refs]):
        agreements.assent_rows.add(con, Assent(
            permit_ref=held.permit.ref, terms_version=held.terms.version, sha256=held.sha256,
            owner_ref=held.permit.grantor_ref, says_yes=True, how=AssentHow.SIGNED_IN.value, by=actor.name, at=now,
        ))  # fmt: skip
