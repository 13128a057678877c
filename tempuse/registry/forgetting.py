"""What somebody asked for or looked for is forgotten with them: drafts go, the rest bears their names no more.

The name under an agreement stays as it was signed, until what was agreed is over for as long as the city keeps it.
"""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.needs import NEED_LIFECYCLE, blank
from tempuse.permits import PERMIT_LIFECYCLE, Permit
from tempuse.registry import records
from tempuse.registry.erasing import ERASED
from tempuse.registry.needs.keeping import blank_matches
from tempuse.registry.records import changing
from tempuse.store import matches, needs, permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import NeedStatus, PermitStatus


def forget_requests(con: Connection, actor: Actor, person_ref: str, now: datetime) -> None:
    """Withdraw the drafts of a person who is forgotten, and take them off as the contact of everything else."""
    for permit in permits.of_contact(con, person_ref):
        is_draft = permit.status == PermitStatus.DRAFT
        what = "withdraw" if is_draft else "contact_gone"
        with changing(con, actor, permits.rows, permit.ref, now, what, only=("status",), always=True) as change:
            change.record.contact_ref = None
            if is_draft:
                records.move(change.record, PERMIT_LIFECYCLE, "withdraw")
                _blank(change.record)
                blank_matches(con, matches.of_permit(con, permit.ref), ERASED)


def forget_needs(con: Connection, actor: Actor, person_ref: str, now: datetime) -> None:
    """The same for what they wrote down that a group looks for."""
    for need in needs.of_contact(con, person_ref):
        is_draft = need.status == NeedStatus.DRAFT and need.initiative_ref is None
        what = "withdraw" if is_draft else "contact_gone"
        with changing(con, actor, needs.rows, need.ref, now, what, only=("status",), always=True) as change:
            held = change.record
            held.contact_ref = None if held.contact_ref == person_ref else held.contact_ref
            held.helper_ref = None if held.helper_ref == person_ref else held.helper_ref
            if is_draft:
                records.move(held, NEED_LIFECYCLE, "withdraw")
                blank(held)
                blank_matches(con, matches.of_need(con, need.ref), ERASED)


def _blank(draft: Permit) -> None:
    draft.confirm_token = draft.holder_name = draft.private_text = draft.purpose = draft.title = None
    draft.answers = {}
