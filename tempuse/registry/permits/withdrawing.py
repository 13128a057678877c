"""A request is changed or taken back by whoever asked; what was approved is called off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tempuse.access import Actor
from tempuse.errors import Invalid, NotFound
from tempuse.occurrences import check_occurrences
from tempuse.permits import OPEN, Permit, check_permit
from tempuse.registry.permits import claiming
from tempuse.registry.permits.holding import allow, expect, holding, tell_grantor, tell_office
from tempuse.registry.permits.requesting import not_allowed_by_spaces
from tempuse.registry.permits.subuses import settle_subuses
from tempuse.store import permits
from tempuse.store.engine import Connection, writing
from tempuse.terms import PROPOSABLE, check_terms, with_values
from tempuse.vocabulary import Permission, PermitStatus


def edit_request(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, *, revision: int | None = None,
) -> Permit:  # fmt: skip
    """Change what is asked for, before it is decided: fields of the permit, and of the terms as a new version.

    Whatever was said of the version before (an assent, a department's answer) was said of that version.

    Args:
        con: an idle connection.
        actor: the group's contact, or the office.
        ref: which request.
        changes: new values by field, of ``Permit`` and of ``Terms``.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.

    Raises:
        WrongState: it is decided.
        Invalid: a value does not fit.
        Conflict: it was changed since.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)
    own = {"kind", "space_refs", "use_categories", "title", "purpose", "private_text", "persons"}
    if unknown := set(changes) - own - set(PROPOSABLE):
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    with writing(con), holding(con, actor, ref, now, "edit", revision=revision) as held:
        permit = held.permit
        expect(permit, {*OPEN, PermitStatus.DRAFT})
        for name in own & set(changes):
            if getattr(permit, name) != changes[name]:
                held.told[name] = [getattr(permit, name), changes[name]]
                setattr(permit, name, changes[name])
        new = with_values(held.terms, {name: changes[name] for name in set(PROPOSABLE) & set(changes)})
        issues = [*check_permit(permit), *check_terms(new)] or check_occurrences(new)
        if issues := issues or not_allowed_by_spaces(con, permit, new, now):
            raise Invalid("permit.invalid", issues)
        if new != held.terms or "space_refs" in held.told:
            new = replace(new, version=permits.next_version(con, ref), proposed_at=now, proposed_by=actor.name)
            held.told["terms_version"] = [permit.terms_version, new.version]
            permits.add_terms(con, new)
            permit.terms_version = new.version
    return permit


def withdraw_request(con: Connection, actor: Actor, ref: str, now: datetime, *, note: str | None = None) -> Permit:
    """Take a request back; it works whatever became of the space. Done twice, it stays as it is."""
    allow(con, actor, Permission.PERMIT_REQUEST, ref)
    with writing(con):
        if (before := permits.lock(con, ref)).status == PermitStatus.WITHDRAWN:
            return before
        with holding(con, actor, ref, now, "withdraw", note=note) as held:
            pass
        tell_office(con, held.permit, "permit_withdrawn", now)
    return held.permit


def call_off_permit(
    con: Connection, actor: Actor, ref: str, now: datetime, because: str, *, with_subuses: bool = False
) -> Permit:
    """Give up what was approved, before the keys: its days are free from this minute, and all are told.

    Raises:
        Conflict: others have parts of it, and nobody said that theirs are revoked as well.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)
    with writing(con):
        with holding(con, actor, ref, now, "call_off", note=because, because=because) as held:
            claiming.let_go(con, held.permit, held.terms)
            held.permit.ended_why = because
            settle_subuses(con, actor, held.permit, now, because, with_subuses=with_subuses)
        tell_office(con, held.permit, "permit_called_off", now)
        tell_grantor(con, held.permit, "permit_called_off", now)
    return held.permit
