"""Use cases of mandates: give one, change it, take it back; and for which spaces a mediator has one today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.fields import fields_of
from tempuse.mandates import Mandate, Mandated, check_mandate
from tempuse.registry import attachments
from tempuse.registry.records import changing, differences
from tempuse.store import claims, forms, organisations, spaces
from tempuse.store import mandates as rows
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import OrganisationKind, Permission, Role

CHANGEABLE = frozenset(name for name, about in fields_of(Mandate).items() if not about.get("fixed"))
_ALLOWS = ("may_visit", "may_propose", "may_head")

attachments.USED_BY.append(rows.papers)


def give_mandate(
    con: Connection, actor: Actor, mandate: Mandate, now: datetime, form_token: str | None = None
) -> str:  # fmt: skip
    """Write down that a mediator may find users for some spaces; the mandate's ref.

    Args:
        con: an idle connection.
        actor: the office.
        mandate: whose, over what, from when until when, and what it allows.
        now: the instant.
        form_token: of the form that was sent; one that comes twice gives one mandate.

    Raises:
        NotFound: there is no such organisation.
        Conflict: the organisation is no mediator, or it ended.
        Invalid: something is missing or does not fit.
    """
    check_allowed(actor, Permission.ORGANISATION_EDIT)
    given = replace(mandate, space_refs=_once(mandate.space_refs), created_at=now, updated_at=now, revision=1,
                    ended_at=None)  # fmt: skip

    def give() -> str:
        _check(con, given)
        given.ref = next_refs(con, "mandate")[0]
        rows.add(con, given)
        told = differences(Mandate(ref=given.ref), given)
        add_event(con, actor, now, "mandate", given.ref, "give", changes=told)
        return given.ref

    with writing(con):
        return forms.once(con, "mandate", form_token, now, give)


def change_mandate(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, revision: int | None = None
) -> Mandate:
    """Change over what a mandate is, until when, or what it allows.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which mandate.
        changes: new values by field.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.

    Raises:
        NotFound: there is no such mandate, or no such field.
        Conflict: it was changed since, it was taken back, or the organisation is no mediator any more.
        Invalid: a value does not fit.
    """
    check_allowed(actor, Permission.ORGANISATION_EDIT)
    if unknown := set(changes) - CHANGEABLE:
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    with (
        writing(con),
        changing(con, actor, rows.rows, ref, now, "edit", revision=revision, wanted=changes) as change,
    ):
        if change.record.ended_at is not None:
            raise Conflict("mandate.ended", ref=ref)
        for name, value in changes.items():
            setattr(change.record, name, _once(value) if name == "space_refs" else value)
        _check(con, change.record)
    return change.record


def end_mandate(con: Connection, actor: Actor, ref: str, now: datetime, *, note: str | None = None) -> Mandate:
    """Take a mandate back: from this minute it allows nothing. What came of it stays. Done twice, it stays as it is.

    Raises:
        NotFound: there is no such mandate.
    """
    check_allowed(actor, Permission.ORGANISATION_EDIT)
    with writing(con), changing(con, actor, rows.rows, ref, now, "end", note=note) as change:
        if change.record.ended_at is None:
            change.record.ended_at = now
    return change.record


def _once(refs: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(refs))


def _check(con: Connection, mandate: Mandate) -> None:
    mediator = organisations.get(con, mandate.mediator_ref)
    if OrganisationKind.MEDIATOR not in mediator.kinds:
        raise Conflict("mandate.no_mediator", ref=mediator.ref)
    if mediator.retired_on is not None:
        raise Conflict("organisation.retired", ref=mediator.ref, day=mediator.retired_on)
    issues = check_mandate(mandate)
    lost = lost_spaces(con, mandate.space_refs)
    issues += [Issue.of("space_refs", ref, "space.not_found", ref=ref) for ref in lost]
    if issues:
        raise Invalid("mandate.invalid", issues)


def lost_spaces(con: Connection, space_refs: Collection[str]) -> list[str]:
    """Those of some refs that are no space of the register, whatever became of the others."""
    known = set(spaces.refs(con, spaces.SpaceFilter(refs=tuple(space_refs)))) if space_refs else ()
    return [ref for ref in space_refs if ref not in known]


# ---- what runs today ------------------------------------------------------------------------------------------


def mandated(con: Connection, space_refs: Collection[str], today: date, allows: str) -> Mandated:
    """Which mediators have mandates that run today over every one of these spaces; several may do it together.

    Args:
        con: any connection.
        space_refs: which spaces; a mandate over a building is one over what lies within it.
        today: the day it is in the city.
        allows: ``may_visit``, ``may_propose`` or ``may_head``.
    """
    assert allows in _ALLOWS
    running = [each for each in rows.running(con, today) if getattr(each, allows)]
    found: set[str] | None = None
    for ref in space_refs:
        near = {ref, *claims.above(con, [ref])} if running else set()
        over = {each.mediator_ref for each in running if near.intersection(each.space_refs)}
        found = over if found is None else found & over
    return Mandated(frozenset(found or ()))


def mandates_over(con: Connection, space_ref: str, today: date) -> list[Mandate]:
    """The mandates that run today over a space, or over what it lies within; the latest first."""
    near: set[str] = set()
    found = rows.running(con, today)
    if found:
        near = {space_ref, *claims.above(con, [space_ref])}
    return [each for each in found if near.intersection(each.space_refs)]


def mandates_of(con: Connection, actor: Actor, today: date) -> list[Mandate]:
    """The mandates that run today of the mediators that somebody is a contact of; the latest first."""
    check_allowed(actor, Permission.MY_READ)
    mine = [
        each.over.ref for each in actor.memberships
        if each.role == Role.CONTACT and each.over is not None and each.over.noun == organisations.NOUN
    ]  # fmt: skip
    return rows.of_mediators(con, today, mine) if mine else []
