"""A condition that a department asked for becomes one of the terms."""

from __future__ import annotations

from datetime import date, datetime

from tempuse.access import Actor
from tempuse.checks import check_text
from tempuse.errors import Invalid
from tempuse.registry.permits.agreeing import propose_terms
from tempuse.registry.permits.holding import allow
from tempuse.store import checks, permits
from tempuse.store.engine import Connection
from tempuse.terms import Terms, TermsCondition
from tempuse.vocabulary import Permission


def take_condition(
    con: Connection, actor: Actor, check_ref: str, text: str, now: datetime, *, because: str | None = None,
    check_on: date | None = None,
) -> Terms:  # fmt: skip
    """Propose the newest terms with one more condition, which says from which department's answer it follows.

    Nobody is asked again for it: what departments look at is the same (``checks.matter``).

    Args:
        con: an idle connection.
        actor: the office.
        check_ref: whose answer it follows.
        text: what the holder has to keep to.
        now: the instant.
        because: why.
        check_on: the day on which the office looks whether it is kept.

    Raises:
        Invalid: the condition says nothing.
        WrongState: the permit is over.
    """
    found = checks.find_one(con, check_ref)
    ref = found.permit_ref if found else ""
    con.rollback()
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    if issues := check_text("text", text):
        raise Invalid("permit.invalid", issues)
    before = permits.newest_terms(con, ref).conditions
    con.rollback()
    condition = TermsCondition(text=text.strip(), because=because or None, from_check_ref=check_ref, check_on=check_on)
    return propose_terms(con, actor, ref, {"conditions": (*before, condition)}, now)
