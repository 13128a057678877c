"""Builders of permits for tests: a request that a group sent and confirmed, and how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Handover, Signature
from tempuse.permits import Permit
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.using import hand_back, hand_over
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.terms import Terms, digest


def terms(starts_on: date, ends_on: date, **values: Any) -> Terms:
    """Terms from a day to a day."""
    return Terms(starts_on=starts_on, ends_on=ends_on, **values)


def a_request(
    con: Connection, now: datetime, space_refs: Sequence[str], asked: Terms, *, group: str = "Repair café",
    email: str = "ada@group.example", name: str = "Ada", confirmed: bool = True, **values: Any,
) -> str:  # fmt: skip
    """The ref of a request that somebody sent, and confirmed by the link in their letter."""
    values = {"title": group, "use_categories": ("workshop",), **values}
    who = Requester(name=name, email=email, group=group)
    sent = request_permit(con, PUBLIC, Permit(space_refs=tuple(space_refs), **values), asked, who, now)
    if confirmed:
        expect_secret(con, SYSTEM, sent.permit.ref, f"secret of {sent.permit.ref}")
        assert confirm_request(con, PUBLIC, f"secret of {sent.permit.ref}", now) is not None
    return sent.permit.ref


def approved(con: Connection, now: datetime, space_refs: Sequence[str], asked: Terms, **values: Any) -> str:
    """The ref of an approved permit."""
    ref = a_request(con, now, space_refs, asked, **values)
    approve_permit(con, SYSTEM, ref, now)
    return ref


def sign_on_paper(con: Connection, ref: str, now: datetime) -> None:
    """Note both signatures on paper."""
    signatures = [
        Signature(party=party, name=name, how="paper", signed_on=now.date())
        for party, name in (("holder", "Ada"), ("grantor", "The mayor"))
    ]
    sign_permit(con, SYSTEM, ref, now, signatures, sha256=sha_of(con, ref))


def sha_of(con: Connection, ref: str) -> str:
    """What there is to sign under a permit."""
    permit, newest = permits.get(con, ref), permits.newest_terms(con, ref)
    con.rollback()
    return digest(newest, permit.space_refs, permit.holder_ref)


def signed(con: Connection, now: datetime, space_refs: Sequence[str], asked: Terms, **values: Any) -> str:
    """The ref of a signed permit."""
    ref = approved(con, now, space_refs, asked, **values)
    sign_on_paper(con, ref, now)
    return ref


def running(
    con: Connection, now: datetime, space_refs: Sequence[str], asked: Terms, *, on: date, **values: Any
) -> str:  # fmt: skip
    """The ref of a permit whose keys are out."""
    ref = signed(con, now, space_refs, asked, **values)
    hand_over(con, SYSTEM, ref, now, Handover(on=on, keys=({"label": "front door", "count": 2},)))
    return ref


def bring_back(con: Connection, ref: str, now: datetime, on: date) -> None:
    """Take the keys back."""
    hand_back(con, SYSTEM, ref, now, Handover(on=on))
