"""The office says what everybody reads of a use: nothing, less than its spaces show, its purpose in released words."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.errors import Invalid
from tempuse.fields import check_values
from tempuse.permits import Permit
from tempuse.registry.permits.holding import allow, holding
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission


def show_use(
    con: Connection, actor: Actor, ref: str, now: datetime, *, unlisted: bool, location_level: str | None,
    purpose_released: str | None, revision: int | None = None,
) -> Permit:  # fmt: skip
    """Say how a permit is shown to everybody, today or once it is a use. Its spaces may show less: that counts.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        now: the instant.
        unlisted: nobody reads anything of it.
        location_level: how precisely its place is shown at most; None for as precisely as its spaces.
        purpose_released: what everybody reads of what happens there.
        revision: what the actor saw; when the permit was changed since, nothing is written.

    Raises:
        Invalid: a value does not fit.
        Conflict: it was changed since.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    values = {"unlisted": unlisted, "location_level": location_level, "purpose_released": purpose_released}
    if issues := check_values(Permit, values):
        raise Invalid("permit.invalid", issues)
    with writing(con), holding(con, actor, ref, now, "show", revision=revision) as held:
        for name, value in values.items():
            before = getattr(held.permit, name)
            if before != value:
                held.told[name] = [before, value]
                setattr(held.permit, name, value)
    return held.permit
