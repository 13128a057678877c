"""A part of a space becomes a unit of its own: what somebody is to have alone must be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.permits import OPEN
from tempuse.registry.permits.holding import allow, expect, holding
from tempuse.registry.spaces import put_space
from tempuse.spaces import Space
from tempuse.store import permits, spaces
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, SpaceKind

# What a unit has from what it lies within.
_KEPT = (
    "status", "ownership", "owner_name", "owner_email", "owner_phone", "consent", "consent_on", "consent_how",
    "consent_by", "consent_document", "address", "postcode", "locality", "occupancy", "location_level", "owner_limit",
)  # fmt: skip


def make_unit(
    con: Connection, actor: Actor, within_ref: str, name: str, now: datetime, *, floor_area_m2: float | None = None,
    for_request: str | None = None,
) -> str:  # fmt: skip
    """Make a part of a space a unit; its ref. Whoever holds the whole holds the unit.

    Args:
        con: an idle connection.
        actor: the office.
        within_ref: the space that it is a part of.
        name: what the part is called.
        now: the instant.
        floor_area_m2: how large it is.
        for_request: a request for a part of the space, which asks for the unit from now on.

    Raises:
        NotFound: there is no such space or request.
        Invalid: it has no name, or the request is for another space.
        WrongState: the request is decided.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    if for_request:
        allow(con, actor, Permission.PERMIT_DECIDE, for_request)
    if not name.strip():
        raise Invalid("space.invalid", [Issue.of("name", "", "field.needed")])
    with writing(con):
        whole = spaces.lock(con, within_ref)
        values = {each: getattr(whole, each) for each in _KEPT}
        unit = Space(
            name=" ".join(name.split()), kind=SpaceKind.UNIT.value, within_ref=within_ref,
            floor_area_m2=floor_area_m2, **values,
        )  # fmt: skip
        ref = put_space(con, actor, unit, now)
        if for_request:
            _ask_for_unit(con, actor, for_request, within_ref, ref, now)
    return ref


def _ask_for_unit(con: Connection, actor: Actor, permit_ref: str, whole: str, unit: str, now: datetime) -> None:
    """Let a request ask for the unit: other terms, since what was said was said of the whole."""
    with holding(con, actor, permit_ref, now, "edit") as held:
        permit = held.permit
        expect(permit, OPEN)
        if whole not in permit.space_refs:
            raise Invalid("permit.invalid", [Issue.of("space_refs", whole, "permit.not_for_space", ref=whole)])
        refs = tuple(unit if each == whole else each for each in permit.space_refs)
        held.told["space_refs"] = [permit.space_refs, refs]
        permit.space_refs = refs
        version = permits.next_version(con, permit_ref)
        held.told["terms_version"] = [permit.terms_version, version]
        new = replace(held.terms, version=version, part=None, proposed_at=now, proposed_by=actor.name)
        permits.add_terms(con, new)
        permit.terms_version = version
