"""A space gets another owner: what runs there goes on, and the office says who grants it from now on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.permits import Permit
from tempuse.registry.consents import of_new_owner
from tempuse.registry.permits.holding import allow, holding
from tempuse.registry.spaces import put_changes
from tempuse.registry.under_permits import live_on, note_sale
from tempuse.spaces import Space
from tempuse.store import claims, organisations, owner_changes, permits, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission


def change_owner(
    con: Connection, actor: Actor, space_ref: str, owner: Mapping[str, Any], grantor_ref: str | None, now: datetime, *,
    revision: int | None = None, note: str | None = None,
) -> Space:  # fmt: skip
    """Write down that a space got another owner. It is always possible, whatever runs there, and ends nothing.

    From now on the new owner's organisation grants what is asked and agreed for the space: the old one's contacts
    read and do nothing any more, and its word on terms that nobody decided about does not count. Each permit is a
    task of the office, which reads what was agreed for a sale (``on_sale``). Nor is the old owner's word on publishing
    the new one's: nobody has asked them, and what is seen of the space follows at once (``consents.of_new_owner``).

    Args:
        con: an idle connection.
        actor: the office.
        space_ref: which space.
        owner: what the space says of its owner, new values by field of ``Space``.
        grantor_ref: the new owner's organisation, None for the city.
        now: the instant.
        revision: what they saw of the space.
        note: why.

    Raises:
        NotFound: there is no such space or organisation.
        Conflict: the space was changed since.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        if grantor_ref is not None:
            organisations.get(con, grantor_ref)
        known = spaces.lock(con, space_ref)
        fresh = of_new_owner(known, str(owner.get("ownership", known.ownership)), get_settings(con))
        space = put_changes(con, actor, space_ref, {**fresh, **owner}, now, revision=revision, note=note)
        note_sale(con, actor, space_ref, now, note)
        sold = {space_ref, *claims.closure(con, [space_ref]).values()}
        for permit, _ in live_on(con, space_ref):
            # What is given within another permit is that one's holder's; what reaches beyond has two owners now.
            if permit.head_ref is None and sold.issuperset(permit.space_refs) and permit.grantor_ref != grantor_ref:
                with holding(con, actor, permit.ref, now, "name_grantor", note=note) as held:
                    held.told["grantor_ref"] = [held.permit.grantor_ref, grantor_ref]
                    held.permit.grantor_ref = grantor_ref
    return space


def settle_owner_change(con: Connection, actor: Actor, ref: str, now: datetime, *, note: str | None = None) -> Permit:
    """Write down that the office has looked at what a sale means for a permit: it goes on as it is.

    Whoever names another grantor, or ends the permit, has settled it, too.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        if owner_changes.settle(con, ref, now):
            with holding(con, actor, ref, now, "owner_settled", note=note) as held:
                return held.permit
        return permits.get(con, ref)
