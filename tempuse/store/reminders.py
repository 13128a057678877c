"""Queries for reminders: which permits end soon, are to be renewed or signed, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from tempuse.permits import CLAIMING, OPEN
from tempuse.store.permit_tables import decisions, permits, terms
from tempuse.store.permits import Ruled, ruled
from tempuse.vocabulary import DecisionKind, PermitChange, PermitStatus

_RUNS = (permits.c.status == PermitStatus.HANDED_OVER.value, permits.c.continued_by_ref.is_(None))


def ending_by(con: Connection, last: date) -> list[Ruled]:
    """The permits whose keys are out and whose last day is not after a day."""
    return ruled(con, *_RUNS, or_(terms.c.ends_on <= last, permits.c.ended_on <= last))


def to_renew_on(con: Connection, day: date) -> list[Ruled]:
    """The permits for which a day is the last on which a renewal is asked in time."""
    rules = (terms.c.permit_ref == permits.c.ref) & (terms.c.version == permits.c.terms_version)
    asked = select(terms.c.renew_ask_days).join_from(permits, terms, rules).where(*_RUNS).distinct()
    found: list[Ruled] = []
    for days in con.scalars(asked).all():
        if days is not None:
            found += ruled(con, *_RUNS, terms.c.renew_ask_days == days, terms.c.ends_on == day + timedelta(days=days))
    return found


def to_sign_by(con: Connection, first: date, last: date) -> list[Ruled]:
    """The approved permits that are to be signed from a day to another."""
    return ruled(con, permits.c.status == PermitStatus.APPROVED.value, permits.c.sign_by_on.between(first, last))


def renewed(con: Connection, refs: Collection[str]) -> dict[str, str]:
    """Those of these permits for which a renewal is asked or agreed, each with where that stands."""
    live = (permits.c.change == PermitChange.RENEWAL.value, permits.c.status.in_([*OPEN, *CLAIMING]))
    query = select(permits.c.continues_ref, permits.c.status).where(*live)
    wanted = set(refs)
    return {row[0]: row[1] for row in con.execute(query) if row[0] in wanted}


def granted_on(con: Connection, ref: str) -> date | None:
    """The day on which a permit was granted last."""
    query = select(decisions.c.on).where(decisions.c.permit_ref == ref, decisions.c.kind == DecisionKind.GRANT.value)
    return con.scalar(query.order_by(decisions.c.id.desc()).limit(1))
