"""A permit goes on: renewed by the same group, or taken over by another one. Both are new permits with their own terms.

Who asks in time goes before others who want the same days; who asks later asks like everybody. Which of them gets
the days a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tempuse.access import Actor
from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.occurrences import check_occurrences
from tempuse.permits import CLAIMING, OPEN, Permit, check_permit
from tempuse.registry.organisations import address_of
from tempuse.registry.people import known_person
from tempuse.registry.permits import claiming
from tempuse.registry.permits.confirming import submit
from tempuse.registry.permits.holding import allow, expect, tell_contact, tell_holder
from tempuse.registry.permits.obstacles import days_of_chain
from tempuse.registry.permits.requesting import Requester, not_allowed_by_spaces
from tempuse.settings import Settings
from tempuse.standing import last_on, standing
from tempuse.store import claims, forms, organisations, permits
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.terms import PROPOSABLE, Terms, check_terms, with_values
from tempuse.vocabulary import Permission, PermitChange, PermitStatus

_KEPT = (
    "kind", "space_refs", "use_categories", "title", "purpose", "persons", "grantor_ref", "head_ref",
    "location_level", "unlisted", "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preference:
    """Whether a renewal goes before others who want the same days.

    Attributes:
        in_time: it was asked on the last day for it or before.
        by_on: that last day.
    """

    in_time: bool
    by_on: date | None


class Renewed(NamedTuple):
    """A request to go on, and whether it was asked in time."""

    permit: Permit
    preference: Preference


def renew_permit(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, *,
    private_text: str | None = None, form_token: str | None = None,
) -> Renewed:  # fmt: skip
    """Ask to go on after the last day, on the same terms but for these. Asked late it is taken all the same.

    Args:
        con: an idle connection.
        actor: the group's contact, or the office.
        ref: the permit that is to go on.
        changes: new values by field of ``Terms``; ``ends_on`` is needed, ``starts_on`` is the day after the last one.
        now: the instant.
        private_text: what else the city should know.
        form_token: of the form that was sent.

    Raises:
        WrongState: it is not agreed, or it is over.
        Conflict: it goes on already, or is asked to.
        Invalid: a value does not fit, or is not what the spaces allow.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)

    def ask() -> str:
        earlier, its = _goes_on(con, ref)
        permit = _follow(con, earlier, PermitChange.RENEWAL)
        permit.holder_ref, permit.holder_name = earlier.holder_ref, earlier.holder_name
        permit.contact_ref, permit.private_text = earlier.contact_ref, private_text
        terms = _put(con, actor, permit, earlier, its, changes, now)
        submit(con, actor, permit, terms, now)
        if not preference(con, permit, get_settings(con)).in_time:
            tell_holder(con, permit, "permit_renewal_late", now, "late")
        return permit.ref

    with writing(con):
        new = permits.get(con, forms.once(con, "permit", form_token, now, ask))
        return Renewed(new, preference(con, new, get_settings(con)))


def transfer_permit(
    con: Connection, actor: Actor, ref: str, requester: Requester, changes: Mapping[str, Any], now: datetime, *,
    private_text: str | None = None, form_token: str | None = None,
) -> Permit:  # fmt: skip
    """Ask that another group takes a permit over; a draft until a contact of that group confirms it by their letter.

    Args:
        con: an idle connection.
        actor: the contact of the group that leaves, or the office.
        ref: the permit that is taken over.
        requester: the group that takes it over: by the ref of its organisation, or by a name and an address.
        changes: new values by field of ``Terms``; ``starts_on`` is the first day of the new group.
        now: the instant.
        private_text: what else the city should know.
        form_token: of the form that was sent.

    Raises:
        WrongState: it is not agreed, or it is over.
        Conflict: it goes on already, or is asked to; or the other group is the same.
        Invalid: a value does not fit, or nobody of the other group can be reached.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)

    def ask() -> str:
        earlier, its = _goes_on(con, ref)
        permit = _follow(con, earlier, PermitChange.TRANSFER)
        permit.private_text = private_text
        if requester.organisation_ref:
            _to_known(con, permit, requester.organisation_ref)
        elif not (requester.email and requester.group.strip()):
            missing = [name for name in ("group", "email") if not getattr(requester, name).strip()]
            raise Invalid("permit.invalid", [Issue.of(name, "", "field.needed") for name in missing])
        else:
            permit.holder_name = " ".join(requester.group.split())
            person = known_person(con, requester.name, requester.email, permit.language, now, by=actor)
            permit.contact_ref = person.ref
        if permit.holder_ref == earlier.holder_ref:
            raise Conflict("permit.same_holder", ref=ref)
        _put(con, actor, permit, earlier, its, changes, now)
        tell_contact(con, permit, "permit_confirm", now, "confirm")
        return permit.ref

    with writing(con):
        return permits.get(con, forms.once(con, "permit", form_token, now, ask))


def _to_known(con: Connection, permit: Permit, organisation_ref: str) -> None:
    organisation = organisations.get(con, organisation_ref)
    contacts = [each.person for each in address_of(con, organisation_ref) if each.person]
    if organisation.retired_on is not None or not contacts:
        raise Invalid(
            "permit.invalid", [Issue.of("organisation_ref", "", "permit.nobody_to_ask", ref=organisation_ref)]
        )
    permit.holder_ref, permit.holder_name = organisation_ref, organisation.name
    permit.contact_ref, permit.language = contacts[0].ref, contacts[0].language


def _goes_on(con: Connection, ref: str) -> permits.Ruled:
    """The permit that is to go on, held.

    Raises:
        WrongState: it is not agreed, or it is over.
        Conflict: it goes on already, or is asked to.
    """
    permits.lock(con, ref)
    found = permits.one_ruled(con, ref)
    expect(found.permit, CLAIMING)
    if going := going_on(con, ref):
        raise Conflict("permit.goes_on_already", ref=ref, by=", ".join(going))
    return found


def going_on(con: Connection, ref: str) -> list[str]:
    """The requests and permits in which a permit goes on, or is asked to."""
    return [each.ref for each in permits.going_on_from(con, ref) if each.status in (*OPEN, *CLAIMING)]


def _follow(con: Connection, earlier: Permit, change: PermitChange) -> Permit:
    permit = Permit(continues_ref=earlier.ref, change=change.value)
    for name in _KEPT:
        setattr(permit, name, getattr(earlier, name))
    if earlier.head_ref:  # what it lies within may have gone on, too
        permit.head_ref = permits.get(con, earlier.head_ref).continued_by_ref or earlier.head_ref
    return permit


def _put(
    con: Connection, actor: Actor, permit: Permit, earlier: Permit, its: Terms, changes: Mapping[str, Any],
    now: datetime,
) -> Terms:  # fmt: skip
    """Write the new permit and the first version of its terms."""
    if unknown := set(changes) - set(PROPOSABLE):
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    last = last_on(earlier, its)
    assert last is not None  # it was approved
    begins: dict[str, Any] = {"starts_on": last + timedelta(days=1), "ends_on": None, "from_on": None}
    terms = with_values(its, {
        "except_on": (), "extra_on": (), "conditions": tuple(replace(each, check_on=None) for each in its.conditions),
        **begins, **changes,
    })  # fmt: skip
    if issues := _wrong(con, permit, terms, its.starts_on, last, now):
        raise Invalid("permit.invalid", issues)
    permit.ref = next_refs(con, "permit")[0]
    permit.status, permit.terms_version = PermitStatus.DRAFT.value, 1
    permit.created_at = permit.updated_at = now
    terms = replace(terms, permit_ref=permit.ref, version=1, proposed_at=now, proposed_by=actor.name)
    permits.add(con, permit)
    permits.add_terms(con, terms)
    told = {"continues_ref": [None, earlier.ref], "change": [None, permit.change]}
    add_event(con, actor, now, "permit", permit.ref, "draft", status=permit.status, changes=told)
    return terms


def _wrong(
    con: Connection, permit: Permit, terms: Terms, began: date | None, last: date, now: datetime
) -> list[Issue]:  # fmt: skip
    issues = [*check_permit(permit), *check_terms(terms)] or check_occurrences(terms)
    if issues:
        return issues
    assert terms.starts_on is not None  # it was checked
    if terms.starts_on > (latest := last + timedelta(days=1)) or (began and terms.starts_on <= began):
        issues.append(Issue.of("starts_on", terms.starts_on.isoformat(), "permit.leaves_gap", day=latest))
    if terms.longest_total_days and (total := days_of_chain(con, permit, terms)) > terms.longest_total_days:
        nearest = (terms.ends_on or last) - timedelta(days=total - terms.longest_total_days)
        values = {"days": terms.longest_total_days, "total": total, "day": nearest}
        issues.append(Issue.of("ends_on", "", "permit.chain_too_long", **values))
    return issues or not_allowed_by_spaces(con, permit, terms, now)


# ---- who goes before others -----------------------------------------------------------------------------------


def preference(con: Connection, permit: Permit, settings: Settings) -> Preference:
    """Whether a permit is a renewal that was asked in time: by the city's day on which it was asked.

    What was ended early has no renewal that goes before others.
    """
    if permit.continues_ref is None or permit.change != PermitChange.RENEWAL or permit.submitted_at is None:
        return Preference(False, None)
    earlier, its = permits.one_ruled(con, permit.continues_ref)
    asked_on = settings.today(permit.submitted_at)
    by_on = standing(earlier, its, asked_on).ask_renewal_by_on
    return Preference(by_on is not None and earlier.ended_on is None and asked_on <= by_on, by_on)


def renewals_before(con: Connection, ref: str) -> list[str]:
    """The renewals under decision that were asked in time and want days that this request wants, too.

    For whoever decides: nothing is refused for it.
    """
    settings, (permit, terms) = get_settings(con), permits.one_ruled(con, ref)
    if preference(con, permit, settings).in_time:
        return []
    near = {*claims.closure(con, permit.space_refs).values(), *claims.above(con, permit.space_refs)}
    return [
        other.ref for other, its in permits.of_spaces(con, near, OPEN)
        if other.ref != ref and other.change == PermitChange.RENEWAL
        and preference(con, other, settings).in_time and claiming.would_meet(con, permit, terms, other, its)
    ]  # fmt: skip
