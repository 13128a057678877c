"""Asking for a space: a request is sent, its address confirmed, changed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tempuse.access import Actor, check_allowed
from tempuse.durations import least_days, most_days
from tempuse.errors import Invalid, Issue
from tempuse.occurrences import check_occurrences
from tempuse.permit_kinds import kind_named
from tempuse.permits import Permit, check_permit
from tempuse.registry.needs.keeping import keep_requested
from tempuse.registry.people import known_person
from tempuse.registry.permits.confirming import submit
from tempuse.registry.permits.holding import tell_holder
from tempuse.registry.permits.terms_of_kind import begin_with
from tempuse.store import forms, permits, spaces
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.terms import Terms, check_terms
from tempuse.vocabulary import Permission, PermitStatus, SpaceStatus
from tempuse.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks: a person by name and address, for a group that calls itself so.

    ``organisation_ref`` is set where a contact of a known organisation asks, signed in.
    """

    name: str = ""
    email: str = ""
    group: str = ""
    informal: bool = False
    organisation_ref: str | None = None


class Requested(NamedTuple):
    """What became of a request that was sent; ``told`` says whether a letter to confirm it was written."""

    permit: Permit
    told: bool


def _everybody(address: str) -> bool:
    return True


def request_permit(
    con: Connection, actor: Actor, permit: Permit, terms: Terms, requester: Requester, now: datetime,
    form_token: str | None = None, may_write: Callable[[str], bool] = _everybody, wanted: Wanted | None = None,
) -> Requested:  # fmt: skip
    """Take in a request for spaces. The same form sent twice is one request.

    From a stranger it is a draft until the address is confirmed, by the link in a letter. A contact of a known
    organisation who is signed in asks at once. What the office fills in for a group the group confirms by its letter,
    or on paper.

    Args:
        con: an idle connection.
        actor: who asks.
        permit: what is asked for, by the fields that a form has.
        terms: from when to when, and what else is asked.
        requester: who asks, and for whom.
        now: the instant.
        form_token: of the form that was sent; None where none was.
        may_write: asked once, with the address of a new request, whether a letter may go there.
        wanted: the question with which they found the spaces, where they did: how well these fit it is kept.

    Raises:
        Invalid: something is missing, or does not fit, or is not what the space allows.
        NotFound: there is no such space.
        NotAllowed: they ask for an organisation that is not theirs.
    """
    check_allowed(actor, Permission.PERMIT_SEND)
    if requester.organisation_ref:
        check_allowed(actor, Permission.PERMIT_REQUEST, Permit(holder_ref=requester.organisation_ref))
    told = False

    def take() -> str:
        nonlocal told
        settings = get_settings(con)
        kind = kind_named(settings.permit_kinds, permit.kind)
        asked = begin_with(con, kind, permit.space_refs, terms, permit.language)
        _check(con, actor, permit, asked, requester, now)
        permit.ref = next_refs(con, "permit")[0]
        permit.status, permit.terms_version = PermitStatus.DRAFT.value, 1
        permit.created_at = permit.updated_at = now
        permit.holder_name = " ".join(requester.group.split()) or None
        permit.location_level, permit.unlisted = kind.location_level, kind.unlisted
        by_office = actor.person_ref is not None and not requester.organisation_ref
        if by_office:
            permit.helper_ref = actor.person_ref
        if requester.organisation_ref:
            permit.holder_ref, permit.contact_ref = requester.organisation_ref, actor.person_ref
        else:
            permit.contact_ref = _contact(con, actor, permit, requester, now)
        asked = replace(asked, permit_ref=permit.ref, version=1, proposed_at=now, proposed_by=actor.name)
        permits.add(con, permit)
        permits.add_terms(con, asked)
        add_event(con, actor, now, "permit", permit.ref, "draft", status=permit.status)
        if wanted is not None:
            group = requester.organisation_ref
            keep_requested(con, actor, permit.space_refs, wanted, now, permit_ref=permit.ref, initiative_ref=group)
        if requester.organisation_ref:
            submit(con, actor, permit, asked, now)
        elif requester.email and may_write(requester.email):
            told = True
            tell_holder(con, permit, "permit_confirm", now, "confirm")
        return permit.ref

    with writing(con):
        ref = forms.once(con, "permit", form_token, now, take)
        if permit.ref == ref:
            return Requested(permit, told)
        held = permits.get(con, ref)
        return Requested(held, held.status == PermitStatus.DRAFT)


def _contact(con: Connection, actor: Actor, permit: Permit, requester: Requester, now: datetime) -> str | None:
    """The person who asks; None where the office asks for a group that has no address."""
    if not requester.email:
        return None
    return known_person(con, requester.name, requester.email, permit.language, now, by=actor).ref


def _check(
    con: Connection, actor: Actor, permit: Permit, terms: Terms, requester: Requester, now: datetime
) -> None:  # fmt: skip
    issues = [*check_permit(permit), *check_terms(terms)]
    issues = issues or check_occurrences(terms)
    if not requester.organisation_ref:
        if not requester.group.strip():
            issues.append(Issue.of("group", "", "permit.no_group"))
        # The office may write a request down for somebody who has no address; a stranger confirms theirs.
        if not requester.email and not (actor.memberships and requester.name):
            issues.append(Issue.of("email", "", "field.needed"))
    if not issues:
        issues = not_allowed_by_spaces(con, permit, terms, now)
    if issues:
        raise Invalid("permit.invalid", issues)


def not_allowed_by_spaces(con: Connection, permit: Permit, terms: Terms, now: datetime) -> list[Issue]:
    """What the spaces do not allow of a request, each with the nearest that they do; a list, empty when all is well.

    Raises:
        NotFound: there is no such space.
    """
    today, issues = get_settings(con).today(now), []
    assert terms.starts_on is not None  # the terms were checked
    assert terms.ends_on is not None
    if terms.ends_on < today:
        issues.append(Issue.of("ends_on", terms.ends_on.isoformat(), "permit.all_past"))
    for ref in permit.space_refs:
        space = spaces.get(con, ref)
        if space.status in (SpaceStatus.RETIRED, SpaceStatus.WITHHELD):
            issues.append(Issue.of("space_refs", ref, "permit.space_gone", ref=ref, status=SpaceStatus(space.status)))
        if space.available_from and terms.starts_on < space.available_from:
            values = {"ref": ref, "day": space.available_from}
            issues.append(Issue.of("starts_on", terms.starts_on.isoformat(), "permit.too_early", **values))
        if space.available_until and terms.ends_on > space.available_until:
            values = {"ref": ref, "day": space.available_until}
            issues.append(Issue.of("ends_on", terms.ends_on.isoformat(), "permit.too_late", **values))
        for days, limit, message, is_wrong in (
            (space.longest_term_days, most_days, "permit.too_long", int.__gt__),
            (space.shortest_term_days, least_days, "permit.too_short", int.__lt__),
        ):
            if days and is_wrong(terms.days, limit(days)):
                until = terms.starts_on + timedelta(days=limit(days) - 1)
                issues.append(Issue.of("ends_on", terms.ends_on.isoformat(), message, ref=ref, days=days, day=until))
    return issues
