"""What somebody asked for is forgotten with them: drafts go, decided permits stay and bear their names no more.

The name under an agreement stays as it was signed, until what was agreed is over for as long as the city keeps it.
"""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.permits import PERMIT_LIFECYCLE, Permit
from tempuse.registry import records
from tempuse.registry.records import changing
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import PermitStatus


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


def _blank(draft: Permit) -> None:
    draft.confirm_token = draft.holder_name = draft.private_text = draft.purpose = draft.title = None
    draft.answers = {}
